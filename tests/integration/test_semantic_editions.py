"""Editions: atomic, idempotent, authenticated, and with nothing in the clear."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from records.errors import BadInput, IntegrityFailure, Unavailable
from records.ids import EditionNumber, RecordId
from records.texts import CleanText
from semantic import manifest as manifest_file
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import open_encoder
from semantic.rows import Scope
from semantic.search import Filters, SearchEngine
from tests.semantic_shelf import KEYS, record, shelf_with

ONE = record(1, ("出院诊断", "2型糖尿病"), ("诊疗经过", "标记语句甲乙丙丁"))
TWO = record(2, ("出院诊断", "急性阑尾炎"))
THREE = record(3, ("出院诊断", "高血压病"))


def names(shelf: Shelf, number: int | None = None) -> set[str]:
    edition = shelf.edition(None if number is None else EditionNumber(number))
    return {name[-1] for name in edition.records}


def test_publishing_moves_on_only_when_something_changes(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE, TWO])
    assert shelf.current() == 1
    assert shelf.publish([ONE], open_encoder(), Lexicon.load()) == 1
    assert shelf.publish([THREE], open_encoder(), Lexicon.load()) == 2
    assert names(shelf) == {"1", "2", "3"}
    assert names(shelf, 1) == {"1", "2"}
    assert shelf.read(None, ONE.row.record) == ONE


def test_a_record_in_other_words_replaces_the_old_row(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE, TWO])
    changed = replace(ONE, row=replace(ONE.row, year=2020))
    assert shelf.publish([changed], open_encoder(), Lexicon.load()) == 2
    edition = shelf.edition()
    assert len(edition.records) == 2
    assert edition.rows.facets(np.flatnonzero(edition.live))["year"] == {"2020": 1, "2024": 1}
    assert shelf.read(None, ONE.row.record).row.year == 2020
    assert shelf.read(EditionNumber(1), ONE.row.record).row.year == 2024


def test_a_withdrawn_record_leaves_every_edition_and_never_returns(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE, TWO], [THREE])
    shelf.publish([], open_encoder(), Lexicon.load(), withdrawn=[ONE.row.record])
    assert names(shelf, 1) == {"2"}
    shelf.publish([ONE], open_encoder(), Lexicon.load())
    assert names(shelf) == {"2", "3"}
    assert shelf.edition(EditionNumber(1)).withdrawn == 1
    with pytest.raises(BadInput):
        shelf.read(EditionNumber(1), ONE.row.record)


def test_a_purge_removes_the_bytes_from_every_kept_edition(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE, TWO], [THREE])
    before = {path.name for path in (tmp_path / "shelf" / "segments").iterdir()}
    shelf.purge([ONE.row.record])
    after = {path.name for path in (tmp_path / "shelf" / "segments").iterdir()}
    assert names(shelf, 1) == {"2"}
    assert names(shelf) == {"2", "3"}
    assert len(before - after) == 2
    assert shelf.verify() == []
    assert shelf.read(EditionNumber(1), TWO.row.record) == TWO


def test_the_front_searches_without_the_narrative_key(tmp_path: Path) -> None:
    shelf_with(tmp_path, [ONE, TWO])
    front = Shelf.open(tmp_path / "shelf", ShelfKeys(KEYS.index, None))
    engine = SearchEngine(front.edition(), open_encoder(), Lexicon.load())
    assert engine.search(CleanText.from_shelf("糖尿病"), Scope(), Filters()).total == 1
    with pytest.raises(Unavailable):
        front.read(None, ONE.row.record)
    with pytest.raises(Unavailable):
        front.publish([THREE], open_encoder(), Lexicon.load())


def test_a_wrong_key_opens_nothing(tmp_path: Path) -> None:
    shelf_with(tmp_path, [ONE])
    with pytest.raises(IntegrityFailure):
        Shelf.open(tmp_path / "shelf", ShelfKeys(b"x" * 16, None)).edition()


def test_nothing_lies_in_the_clear_and_only_the_owner_reads(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE, TWO], [THREE])
    shelf.merge(above=1)
    SearchEngine(shelf.edition(), open_encoder(), Lexicon.load())
    files = [path for path in (tmp_path / "shelf").rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        data = path.read_bytes()
        for word in ("标记语句", "糖尿病", "阑尾", "内分泌科", "diabetes", "appendicitis", "P0000000000"):
            assert word.encode() not in data
            assert word.encode("utf-16-le") not in data
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((tmp_path / "shelf").stat().st_mode) == 0o700


def test_merging_changes_no_answer_and_no_number(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE], [TWO], [THREE], [replace(ONE, row=replace(ONE.row, year=2019))])
    question = CleanText.from_shelf("糖尿病")
    apart = SearchEngine(shelf.edition(), open_encoder(), Lexicon.load()).search(question, Scope(), Filters())
    number = shelf.current()
    assert shelf.merge(above=2)
    assert shelf.current() == number
    assert len(shelf.edition().segments) == 1
    joined = SearchEngine(shelf.edition(), open_encoder(), Lexicon.load()).search(question, Scope(), Filters())
    assert joined == apart
    assert shelf.verify() == []
    assert shelf.read(None, ONE.row.record).row.year == 2019
    assert names(shelf, 1) == {"1"}


def test_pruning_keeps_named_editions(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE], [TWO], [THREE])
    shelf.prune([EditionNumber(1)])
    assert shelf.kept() == (1, 3)
    assert names(shelf, 1) == {"1"}
    with pytest.raises(BadInput):
        shelf.edition(EditionNumber(2))


def test_another_encoder_embeds_the_shelf_anew(tmp_path: Path) -> None:
    class Other:
        id = "other-encoder"
        dim = open_encoder().dim
        centroids = open_encoder().centroids
        encode = staticmethod(open_encoder().encode)

    shelf = shelf_with(tmp_path, [ONE], [TWO])
    shelf.publish([THREE], Other(), Lexicon.load())
    assert shelf.manifest().encoder == "other-encoder"
    assert names(shelf) == {"1", "2", "3"}
    assert shelf.manifest(EditionNumber(1)).encoder == open_encoder().id
    question = CleanText.from_shelf("糖尿病")
    for number in (None, EditionNumber(1)):
        engine = SearchEngine(shelf.edition(number), open_encoder(), Lexicon.load())
        assert engine.search(question, Scope(), Filters()).hits[0].record == ONE.row.record


def test_publishing_nothing_refreshes_a_shelf_of_another_encoder(tmp_path: Path) -> None:
    class Other:
        id = "other-encoder"
        dim = open_encoder().dim
        centroids = open_encoder().centroids
        encode = staticmethod(open_encoder().encode)

    shelf = shelf_with(tmp_path, [ONE], [TWO])
    assert shelf.publish([], Other(), Lexicon.load()) == 3
    assert shelf.publish([], Other(), Lexicon.load()) == 3
    assert names(shelf) == {"1", "2"}


@pytest.mark.parametrize("step", range(1, 9))
def test_a_crash_at_any_write_leaves_a_shelf_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    shelf = shelf_with(tmp_path, [ONE])
    calls = {"n": 0}
    real_replace, real_fsync = Path.replace, os.fsync

    def count() -> None:
        calls["n"] += 1
        if calls["n"] == step:
            raise KeyboardInterrupt

    def stop_replace(self: Path, target: Path) -> Path:
        count()
        return real_replace(self, target)

    def stop_fsync(handle: int) -> None:
        count()
        real_fsync(handle)

    monkeypatch.setattr(Path, "replace", stop_replace)
    monkeypatch.setattr(manifest_file.os, "fsync", stop_fsync)
    with pytest.raises(KeyboardInterrupt):
        shelf.publish([TWO], open_encoder(), Lexicon.load())
    monkeypatch.undo()
    again = Shelf.open(tmp_path / "shelf", KEYS)
    assert again.verify() == []
    assert names(again) in ({"1"}, {"1", "2"})
    again.publish([ONE, TWO], open_encoder(), Lexicon.load())
    assert names(again) == {"1", "2"}
    again.prune([])
    assert len(list((tmp_path / "shelf" / "segments").iterdir())) == 2 * len(again.manifest().segments)


def test_one_flipped_byte_is_named(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE], [TWO])
    assert shelf.verify() == []
    for path in sorted((tmp_path / "shelf").rglob("*")):
        if not path.is_file() or path.name == "LOCK":
            continue
        good = path.read_bytes()
        for place in (0, len(good) // 2, len(good) - 1):
            bad = bytearray(good)
            bad[place] ^= 1
            path.write_bytes(bytes(bad))
            problems = Shelf(tmp_path / "shelf", KEYS).verify()
            assert any(path.name in problem["file"] for problem in problems), (path.name, place)
            assert all(set(problem) == {"file", "id", "problem"} for problem in problems)
        path.write_bytes(good)


def test_swapped_and_missing_files_are_named(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE], [TWO])
    first, second = (entry.id for entry in shelf.manifest().segments)
    folder = tmp_path / "shelf" / "segments"
    (folder / f"{first}.index").write_bytes((folder / f"{second}.index").read_bytes())
    (folder / f"{second}.text").unlink()
    assert [problem["id"] for problem in Shelf(tmp_path / "shelf", KEYS).verify()] == [first, second]


def test_unknown_editions_and_records_are_refused(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE])
    with pytest.raises(BadInput):
        shelf.edition(EditionNumber(9))
    with pytest.raises(BadInput):
        shelf.read(None, RecordId("R9"))


def test_the_empty_shelf_answers(tmp_path: Path) -> None:
    shelf = Shelf.open(tmp_path / "shelf", KEYS)
    engine = SearchEngine(shelf.edition(), open_encoder(), Lexicon.load())
    assert engine.search(CleanText.from_shelf("糖尿病"), Scope(), Filters()).hits == ()


def test_a_lost_pointer_is_damage_and_no_new_shelf(tmp_path: Path) -> None:
    shelf_with(tmp_path, [ONE])
    (tmp_path / "shelf" / "CURRENT").unlink()
    shelf = Shelf.open(tmp_path / "shelf", KEYS)
    with pytest.raises(IntegrityFailure):
        shelf.edition()
    assert [problem["file"] for problem in shelf.verify()] == ["CURRENT"]


def test_readers_and_a_merge_do_not_wait_for_each_other(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [ONE], [TWO], [THREE])
    assert shelf.merge_later(above=12) is None
    before = shelf.edition()
    thread = shelf.merge_later(above=1)
    assert thread is not None
    while thread.is_alive():
        assert names(shelf) == {"1", "2", "3"}
    thread.join()
    assert len(shelf.edition().segments) == 1
    engine = SearchEngine(before, open_encoder(), Lexicon.load())
    assert engine.search(CleanText.from_shelf("糖尿病"), Scope(), Filters()).total == 1
