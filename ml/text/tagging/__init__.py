"""The parts of the tagger of personal data: labels, words and their features, network, decoding, training."""
