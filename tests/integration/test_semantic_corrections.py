"""Records taken off the shelf for a leak: withheld and corrected in every edition, and the old text is kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from records.errors import BadInput
from records.ids import EditionNumber
from records.shelf import Section, ShelfRecord
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.edition import Shelf
from semantic.encoder import open_encoder
from semantic.manifest import read_manifest, write_current, write_manifest
from tests.semantic_shelf import KEYS, record, shelf_with

ONE = record(1, ("诊疗经过", "查房见张守仁医嘱同前"))
TWO = record(2, ("出院诊断", "急性阑尾炎"))
THREE = record(3, ("诊疗经过", "张守仁会诊后转科"))


def names(shelf: Shelf, number: int | None = None) -> set[str]:
    return {name[-1] for name in shelf.edition(None if number is None else EditionNumber(number)).records}


def clean(old: ShelfRecord, text: str) -> ShelfRecord:
    return replace(old, sections=(Section(old.sections[0].heading, CleanText.from_shelf(text)),))


def named(one: ShelfRecord) -> bool:
    return any("张守仁" in part.text.value for part in one.sections)


def test_what_is_withheld_is_gone_from_every_edition_for_another_process_and_comes_back(tmp_path: Path) -> None:
    shelf, elsewhere = shelf_with(tmp_path, [ONE, TWO], [THREE]), Shelf.open(tmp_path / "shelf", KEYS)
    assert names(elsewhere, 1) == {"1", "2"}
    number = shelf.withhold([ONE.row.record])
    assert number == 3
    assert shelf.withhold([ONE.row.record]) == number, "the same again changes nothing"
    for reader in (shelf, elsewhere):
        assert (names(reader), names(reader, 1)) == ({"2", "3"}, {"2"})
        assert reader.edition(EditionNumber(1)).withdrawn == 1
        with pytest.raises(BadInput):
            reader.read(EditionNumber(1), ONE.row.record)
    shelf.publish([record(4, ("出院诊断", "高血压病"))], open_encoder(), Lexicon.load())
    assert names(elsewhere) == {"2", "3", "4"}, "a later publish does not let it back"
    shelf.withhold([])
    assert (names(elsewhere), names(elsewhere, 1)) == ({"1", "2", "3", "4"}, {"1", "2"})


def test_a_merge_keeps_what_is_withheld(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE], [TWO], [THREE])
    shelf.withhold([ONE.row.record])
    assert shelf.merge(above=1)
    assert names(shelf) == {"2", "3"}
    shelf.withhold([])
    assert names(shelf) == {"1", "2", "3"}
    assert shelf.read(None, ONE.row.record) == ONE


def test_a_name_is_sought_in_every_kept_text_even_a_superseded_one(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE, TWO], [THREE])
    shelf.publish([clean(THREE, "会诊后转科")], open_encoder(), Lexicon.load())
    shelf.withhold([ONE.row.record])
    assert shelf.seek(named) == {ONE.row.record, THREE.row.record}


def test_a_correction_stands_in_every_edition_and_the_old_bytes_are_gone(tmp_path: Path) -> None:
    shelf, elsewhere = shelf_with(tmp_path, [ONE, TWO], [THREE]), Shelf.open(tmp_path / "shelf", KEYS)
    files = {path.name for path in (tmp_path / "shelf" / "segments").iterdir()}
    shelf.withhold([ONE.row.record, THREE.row.record])
    fixed = [clean(ONE, "查房见〔医师#1〕医嘱同前"), clean(THREE, "〔医师#1〕会诊后转科")]
    shelf.correct(fixed, open_encoder(), Lexicon.load())
    assert (names(elsewhere), names(elsewhere, 1)) == ({"2"}, {"2"}), "withheld until the ledger says so"
    shelf.withhold([])
    assert (names(elsewhere), names(elsewhere, 1), names(elsewhere, 2)) == (
        {"1", "2", "3"},
        {"1", "2"},
        {"1", "2", "3"},
    )
    assert elsewhere.read(EditionNumber(1), ONE.row.record) == fixed[0]
    assert elsewhere.read(EditionNumber(2), THREE.row.record) == fixed[1]
    assert shelf.seek(named) == frozenset()
    assert not files & {path.name for path in (tmp_path / "shelf" / "segments").iterdir()}
    assert shelf.verify() == []
    with pytest.raises(BadInput):
        elsewhere.read(EditionNumber(1), THREE.row.record)


def test_an_edition_of_another_lexicon_loses_the_record_instead(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE, TWO])
    key = shelf._key
    for number in (0, 1):
        old = read_manifest(tmp_path / "shelf", EditionNumber(number), key)
        write_manifest(tmp_path / "shelf", replace(old, lexicon="another"), key)
    write_current(tmp_path / "shelf", EditionNumber(1), key)
    shelf.correct([clean(ONE, "医嘱同前")], open_encoder(), Lexicon.load())
    assert (names(shelf), names(shelf, 1)) == ({"1", "2"}, {"2"})
    assert shelf.read(None, ONE.row.record).sections[0].text.value == "医嘱同前"
