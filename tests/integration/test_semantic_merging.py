"""Joining segments beside readers and writers: what is joined when, who waits, and what is open meanwhile."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from records.errors import IntegrityFailure
from semantic import merge
from semantic.concepts import Lexicon
from semantic.edition import Edition, Shelf, ShelfKeys
from semantic.encoder import open_encoder
from semantic.manifest import SegmentEntry
from semantic.merge import due
from semantic.segment import Segment
from semantic.segment_store import SegmentStore
from tests.semantic_shelf import KEYS, record, shelf_with


def grown(count: int, above: int, size: int = 500) -> tuple[list[int], int]:
    """Sizes after so many batches of `size`, and how many passages were written again on the way."""
    sizes: list[int] = []
    written = 0
    for _ in range(count):
        sizes.append(size)
        while (run := due(sizes, above)) is not None:
            written += sum(sizes[run])
            sizes[run] = [sum(sizes[run])]
    return sizes, written


def test_segments_stay_few_and_passages_are_seldom_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, written = grown(400, 4)
    assert len(sizes) <= 5
    assert sum(sizes) == 200_000
    assert written <= 10 * 200_000
    monkeypatch.setattr(merge, "MERGE_PASSAGES", 10_000)
    sizes, _ = grown(400, 4)
    assert max(sizes) <= 10_000
    assert len(sizes) <= 40
    assert due([250_000, 250_000], 1) is None
    assert due([300_000, 10], 1) is None
    assert due([10, 10, 300_000], 2) is None


def names(edition: Edition) -> list[str]:
    return sorted(edition.records)


def four(tmp_path: Path) -> Shelf:
    return shelf_with(tmp_path, *([record(at, ("诊断", "肺炎"))] for at in range(4)))


def test_readers_go_on_with_what_a_joined_segment_was_made_of(tmp_path: Path) -> None:
    shelf = four(tmp_path)
    front = Shelf.open(tmp_path / "shelf", ShelfKeys(KEYS.index, None))
    before = front.edition()
    assert shelf.merge(above=1)
    assert len(shelf.manifest().segments) == 1
    meanwhile = front.edition()
    assert set(meanwhile.segments) <= {*before.segments, *meanwhile.segments[:1]}
    assert names(meanwhile) == names(before)
    for thread in threading.enumerate():
        if thread.name == "shelf-open":
            thread.join()
    after = front.edition()
    assert [one.name for one in after.segments] == [one.id for one in shelf.manifest().segments]
    assert names(after) == names(before)


def test_readers_do_not_wait_where_what_they_never_opened_was_joined_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = four(tmp_path)
    front = Shelf.open(tmp_path / "shelf", ShelfKeys(KEYS.index, None))
    front.edition()
    may_open, opened_by = threading.Event(), list[str]()
    opening = SegmentStore.index

    def slowly(self: SegmentStore, entry: SegmentEntry) -> Segment:
        if entry.joined and threading.current_thread().name == "shelf-open":
            assert may_open.wait(20)
        elif entry.joined and threading.current_thread() is not threading.main_thread():
            opened_by.append(threading.current_thread().name)
        return opening(self, entry)

    monkeypatch.setattr(SegmentStore, "index", slowly)
    for at in range(4, 7):
        shelf.merge(above=1)
        first = front.edition()
        shelf.publish([record(at, ("诊断", "肺炎")), record(0, ("诊断", f"胃炎{at}"))], open_encoder(), Lexicon.load())
        assert names(front.edition()) == names(shelf.edition())
    shelf.merge(above=1)
    last = front.edition()
    assert names(last) == names(shelf.edition())
    assert len(first.segments) > 1 < len(last.segments)
    assert not opened_by
    may_open.set()
    for thread in threading.enumerate():
        if thread.name == "shelf-open":
            thread.join()
    assert names(front.edition()) == names(last)
    assert [one.name for one in front.edition().segments] == [one.id for one in shelf.manifest().segments]


def test_a_damaged_joined_segment_is_reported(tmp_path: Path) -> None:
    shelf = four(tmp_path)
    front = Shelf.open(tmp_path / "shelf", ShelfKeys(KEYS.index, None))
    front.edition()
    shelf.merge(above=1)
    file = tmp_path / "shelf" / "segments" / f"{shelf.manifest().segments[0].id}.index"
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    front.edition()
    for thread in threading.enumerate():
        if thread.name == "shelf-open":
            thread.join()
    with pytest.raises(IntegrityFailure):
        front.edition()


def test_publishing_goes_on_during_a_merge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = four(tmp_path)
    joining, published = threading.Event(), threading.Event()
    joined = Shelf._joined

    def slowly(self: Shelf, *given: object) -> object:
        joining.set()
        assert published.wait(20)
        return joined(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Shelf, "_joined", slowly)
    thread = shelf.merge_later(above=2)
    assert thread is not None
    assert joining.wait(20)
    shelf.publish([record(0, ("诊断", "胃炎")), record(9, ("诊断", "胃炎"))], open_encoder(), Lexicon.load())
    shelf.withhold([record(1, ("", "")).row.record])
    published.set()
    thread.join()
    assert len(shelf.manifest().segments) == 2
    assert [name[-1] for name in names(shelf.edition())] == ["0", "2", "3", "9"]
    assert shelf.read(None, record(0, ("", "")).row.record).sections[0].text.value == "胃炎"
    assert not shelf.verify()


def test_a_merge_beside_readers_gives_way_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, seen = four(tmp_path), list[int]()
    monkeypatch.setattr(shelf, "merge", lambda above: seen.extend((above, own_priority())))
    merging = shelf.merge_later(above=1)
    assert merging is not None
    merging.join(10)
    assert seen == [1, max(5, own_priority())]


def own_priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
