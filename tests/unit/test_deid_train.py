"""The shipped models are what the recipe makes: the judges bit for bit, of the tagger a short run and its sources."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from deid.day_train import train_days
from deid.name_train import train_names
from deid.number_train import train_numbers
from deid.sequence import Sequence
from deid.train import short, sources
from records.paths import data_dir

FOLDER = data_dir() / "deid"
AGAIN = "run `lantai deid train` (some fifteen minutes) and commit its files"
AGAIN_MARKED = "a rule has changed: run `lantai deid train --marked` (half a minute) and commit names.tsv and days.tsv"


def test_training_the_judge_of_numbers_again_gives_the_shipped_file(tmp_path: Path) -> None:
    assert train_numbers(tmp_path / "numbers.tsv").read_bytes() == (FOLDER / "numbers.tsv").read_bytes()


def test_training_the_judge_of_days_again_gives_the_shipped_file(tmp_path: Path) -> None:
    assert train_days(tmp_path / "days.tsv").read_bytes() == (FOLDER / "days.tsv").read_bytes(), AGAIN_MARKED


def test_training_the_judge_of_names_again_gives_the_shipped_file(tmp_path: Path) -> None:
    assert train_names(tmp_path / "names.tsv").read_bytes() == (FOLDER / "names.tsv").read_bytes(), AGAIN_MARKED


def test_the_tagger_is_made_from_the_lists_and_frames_as_they_stand() -> None:
    facts = json.loads((FOLDER / "tagger.json").read_text(encoding="utf-8"))
    table = np.load(FOLDER / "tagger.npy", allow_pickle=False)
    assert facts["sources"] == sources(), AGAIN
    assert facts["model"] == hashlib.sha256(table.tobytes()).hexdigest(), AGAIN


def test_a_short_training_gives_the_same_weights_everywhere() -> None:
    facts = json.loads((FOLDER / "tagger.json").read_text(encoding="utf-8"))
    assert facts["short"] == short(), AGAIN


def test_the_tagger_is_small_and_finds_what_no_rule_announces() -> None:
    assert (FOLDER / "tagger.npy").stat().st_size < 7 << 20
    text = "昨晚刘雨桐说胸口发闷，今早已转到潇湘湖康复医院。"
    found = [text[span.start : span.end] for span in Sequence.load().spans(text)]
    assert found == ["刘雨桐", "潇湘湖康复医院"]
