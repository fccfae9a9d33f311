"""The shipped model is what the recipe makes, bit for bit."""

from __future__ import annotations

from pathlib import Path

from deid.train import train
from records.paths import data_dir


def test_training_again_gives_the_shipped_file(tmp_path: Path) -> None:
    assert train(tmp_path / "tagger.tsv").read_bytes() == (data_dir() / "deid" / "tagger.tsv").read_bytes()
