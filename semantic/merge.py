"""Segments joined into one, minus the rows that no longer count. Works on opened arrays; encodes nothing anew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from records.ids import RecordId
from semantic.container import pack
from semantic.manifest import SegmentEntry
from semantic.segment import ROWS, Segment

Mask = npt.NDArray[np.bool_]
MERGE_PASSAGES: Final = 250_000  # a joined segment stays below this
SMALL: Final = 4096  # segments below this are joined whatever their sizes


def due(sizes: Sequence[int], above: int) -> slice | None:
    """Which neighbours to join next, of segments with so many passages, when more than `above` of them are not large:
    from the newest on, each older one that those behind it outweigh. So a passage is written again only when its
    segment doubles, and a large segment is left alone. None when nothing is to be joined."""
    crowded = sum(size < MERGE_PASSAGES // 2 for size in sizes) > above
    for end in range(len(sizes), 1, -1) if crowded else ():
        start, total = end - 1, sizes[end - 1]
        while start and sizes[start - 1] <= max(total, SMALL) and total + sizes[start - 1] <= MERGE_PASSAGES:
            start -= 1
            total += sizes[start]
        if end - start > 1:
            return slice(start, end)
    return None


def groups(entries: Sequence[SegmentEntry]) -> list[list[SegmentEntry]]:
    """Neighbours that together stay below MERGE_PASSAGES; order is kept, since a later segment wins over an earlier."""
    groups: list[list[SegmentEntry]] = []
    size = 0
    for entry in entries:
        if groups and size + entry.passages <= MERGE_PASSAGES:
            groups[-1].append(entry)
            size += entry.passages
        else:
            groups.append([entry])
            size = entry.passages
    return groups


def combine_index(segments: Sequence[Segment], keep: Sequence[Mask]) -> bytes:
    """One index part with the kept records (bool [records] per segment), in the order given."""
    places = [_Places(segment, mask) for segment, mask in zip(segments, keep, strict=True)]
    base = 0
    record_base = 0
    for place in places:
        place.base, place.record_base = base, record_base
        base += place.passages
        record_base += int(place.keep.sum())
    parts: dict[str, Any] = {
        "rows": _rows(places),
        "row_keys": np.concatenate([place.segment.roll.keys[place.keep] for place in places]),
        "passage_record": np.concatenate([place.records() for place in places]),
        "passage_kind": np.concatenate([place.segment.passage_kind[place.kept] for place in places]),
        "passage_denying": np.concatenate([place.segment.passage_denying[place.kept] for place in places]),
        **_postings(places),
        **_mentions(places),
        **_vectors(places),
    }
    return pack(parts)


def combine_text(lines: Mapping[RecordId, bytes]) -> bytes:
    """One text part from record lines, in the order given."""
    sizes = np.array([len(line) for line in lines.values()], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return pack({"ids": json.dumps(list(lines)).encode(), "starts": starts, "lines": b"".join(lines.values())})


class _Places:
    """Where the kept passages and records of one segment go."""

    def __init__(self, segment: Segment, keep: Mask) -> None:
        self.segment = segment
        self.keep = keep
        self.kept: Mask = keep[segment.passage_record]
        self.new: npt.NDArray[np.int32] = (np.cumsum(self.kept) - 1).astype(np.int32)
        self.passages = int(self.kept.sum())
        self.base = 0
        self.record_base = 0

    def records(self) -> npt.NDArray[np.int32]:
        renumbered = np.cumsum(self.keep) - 1 + self.record_base
        return renumbered[self.segment.passage_record[self.kept]].astype(np.int32)


def _rows(places: Sequence[_Places]) -> bytes:
    table = pa.concat_tables([place.segment.rows.filter(pa.array(place.keep)) for place in places]).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, ROWS) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _postings(places: Sequence[_Places]) -> dict[str, Any]:
    terms = np.unique(np.concatenate([place.segment.postings.terms for place in places]))
    columns: list[tuple[Any, Any, Any]] = []
    for place in places:
        postings = place.segment.postings
        chosen = place.kept[postings.docs]
        owner = np.repeat(np.searchsorted(terms, postings.terms), np.diff(postings.starts))[chosen]
        columns.append((owner, place.new[postings.docs[chosen]] + place.base, postings.codes[chosen]))
    owner, docs, codes = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = np.argsort(owner, kind="stable")  # segments come in passage order, so docs stay ascending within a term
    owner = owner[order]
    used, first = np.unique(owner, return_index=True)
    return {
        "lex_terms": terms[used],
        "lex_starts": np.append(first, len(owner)).astype(np.int64),
        "lex_docs": docs[order].astype(np.int32),
        "lex_codes": codes[order],
        "lex_lengths": np.concatenate([place.segment.postings.lengths[place.kept] for place in places]),
    }


def _mentions(places: Sequence[_Places]) -> dict[str, Any]:
    columns: list[tuple[Any, ...]] = []
    for place in places:
        table = place.segment.mentions
        names = np.repeat(np.array(table.concepts, dtype=np.str_), np.diff(table.starts))
        chosen = place.kept[table.passage] if len(table.passage) else np.zeros(0, dtype=bool)
        moved = place.new[table.passage[chosen]] + place.base
        columns.append((names[chosen], moved, table.assertion[chosen], table.day[chosen], table.sure[chosen]))
    names, passage, assertion, day, sure = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = np.argsort(names, kind="stable")
    concepts, first = np.unique(names[order], return_index=True)
    return {
        "concepts": json.dumps(concepts.tolist()).encode(),
        "mention_starts": np.append(first, len(names)).astype(np.int64),
        "mention_passage": passage[order].astype(np.int32),
        "mention_assertion": assertion[order],
        "mention_day": day[order],
        "mention_sure": sure[order],
    }


def _vectors(places: Sequence[_Places]) -> dict[str, Any]:
    lists = len(places[0].segment.vectors.starts) - 1
    codes, passage, owner = [], [], []
    for place in places:
        vectors = place.segment.vectors
        chosen = place.kept[vectors.passage]
        codes.append(vectors.codes[chosen])
        passage.append(place.new[vectors.passage[chosen]] + place.base)
        owner.append(np.repeat(np.arange(lists), np.diff(vectors.starts))[chosen])
    order = np.argsort(np.concatenate(owner), kind="stable")
    starts = np.searchsorted(np.concatenate(owner)[order], np.arange(lists + 1))
    return {
        "vec_codes": np.concatenate(codes)[order],
        "vec_passage": np.concatenate(passage)[order].astype(np.int32),
        "vec_starts": starts.astype(np.int64),
    }
