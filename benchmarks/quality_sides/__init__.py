"""The table of the quality benchmark, and each side's way to measure the same rules on it."""
