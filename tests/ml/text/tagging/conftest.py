"""An encoder of the same build as the packaged one, so small that it is trained in a second."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from ml.text.encoder import default_folder
from ml.text.tagger import Tagger
from ml.text.tagging.encoders import empty_encoder
from ml.text.tagging.labels import ENTITIES, count_labels
from ml.text.tagging.network import TaggerNetwork
from ml.text.tagging.words import WordReader

TINY = {
    "model_type": "bert",
    "vocab_size": 30522,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 512,
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small have nothing to share between threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def reader() -> WordReader:
    return WordReader((default_folder() / "tokenizer.json").read_text(encoding="utf-8"))


@pytest.fixture
def tagger(reader: WordReader) -> Tagger:
    """Untrained: it finds nonsense, but always the same."""
    torch.manual_seed(1)
    network = TaggerNetwork(empty_encoder(TINY), count_labels(ENTITIES))
    return Tagger(network, reader, entities=ENTITIES, window=48, overlap=12, training={"seed": 1})


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder such as sentence-transformers saves, with the tiny encoder."""
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(2)
    empty_encoder(TINY).save_pretrained(str(folder))
    (folder / "modules.json").write_text(json.dumps([]), encoding="utf-8")
    (folder / "tokenizer.json").write_bytes((default_folder() / "tokenizer.json").read_bytes())
    return folder
