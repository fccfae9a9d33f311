"""Half a character (a lone surrogate) stops neither the reading of a record nor the index it stands in."""

from __future__ import annotations

from pathlib import Path

from records.ids import RecordId
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.reading import read
from tests.semantic_shelf import record, shelf_with

TEXT = "患者高血压\ud800，\udfff糖尿病。"


def test_a_record_with_half_characters_is_read_and_shelved(tmp_path: Path) -> None:
    text = CleanText.from_shelf(TEXT)
    assert len(text) == len(TEXT)
    assert [each.words for each in read(text, "", Lexicon.load())] == ["高血压", "糖尿病"]
    shelf = shelf_with(tmp_path, [record(1, ("诊断", TEXT))])
    kept = shelf.read(None, RecordId(f"R{1:020d}")).sections[0].text
    assert kept == text
