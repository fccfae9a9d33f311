"""A segment: an immutable batch of records in two parts, `index` (no narrative) and `text`. Bytes in, bytes out."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from records.ids import PatientToken, PersonToken, RecordId
from records.mentions import Assertion, Mention
from records.shelf import Section, ShelfRecord, ShelfRow
from records.texts import CleanText
from semantic.assertion_words import DENYING, OTHERS, denying, spoken
from semantic.concepts import Lexicon
from semantic.container import pack, unpack
from semantic.dense import DenseSegment, Vectors, build_vectors
from semantic.encoder import Encoder
from semantic.grams import UNSAID, Numbers, sense
from semantic.lab_values import is_value
from semantic.lexical import Postings, build_postings
from semantic.passages import Passage, passages_of, section_kinds
from semantic.reading import read_all
from semantic.roll import Roll, row_keys
from semantic.turns import Turns

ASSERTIONS: Final = tuple(Assertion)
SURE: Final = 4  # how likely a mention is the patient's own is kept in so many steps, 0 the least
CODES: Final = len(ASSERTIONS), SURE, len(section_kinds())  # what a mention's code is made of
NO_DAY: Final = -(2**31)
_PLACES: Final = b'"places":'
ROWS: Final = pa.schema(
    [
        ("record", pa.string()),
        ("patient", pa.string()),
        ("record_type", pa.string()),
        ("department", pa.string()),
        ("year", pa.int16()),
        ("quarter", pa.int8()),
        ("sex", pa.string()),
        ("age", pa.int16()),
        ("day", pa.int32()),
    ]
)
_Placed = tuple[str, int, int, int, int]  # a mention's concept, passage, place in ASSERTIONS, day, step of SURE


@dataclass(frozen=True, slots=True)
class MentionTable:
    """Mentions by concept, measured values among them (lab_values.py): `concepts` ascending; `starts` int64 [c+1] into
    the others; `passage` int32, `assertion` uint8 (place in ASSERTIONS), `sure` uint8 (below SURE) and `day` int32
    (days from the patient's anchor, NO_DAY unknown) [m]."""

    concepts: tuple[str, ...]
    starts: npt.NDArray[np.int64]
    passage: npt.NDArray[np.int32]
    assertion: npt.NDArray[np.uint8]
    sure: npt.NDArray[np.uint8]
    day: npt.NDArray[np.int32]

    def of(self, concept: str) -> slice:
        """Where the concept's mentions lie; an empty slice when the segment has none."""
        at = bisect_left(self.concepts, concept)
        if at >= len(self.concepts) or self.concepts[at] != concept:
            return slice(0, 0)
        return slice(int(self.starts[at]), int(self.starts[at + 1]))


class Segment:
    """The index part, opened. Arrays are views of the opened bytes and are never written to."""

    def __init__(self, data: bytes, name: str) -> None:
        parts = unpack(data)
        self.name = name
        self.rows: pa.Table = pa.ipc.open_file(pa.BufferReader(parts["rows"])).read_all()
        self.roll = Roll(self.rows.column("record"), parts["row_keys"])
        self.passage_record: npt.NDArray[np.int32] = parts["passage_record"]
        self.passage_kind: npt.NDArray[np.uint8] = parts["passage_kind"]
        self.passage_denying: npt.NDArray[np.uint8] = parts["passage_denying"]
        self.postings = Postings(*(parts[f"lex_{field}"] for field in ("terms", "starts", "docs", "codes", "lengths")))
        self.mentions = MentionTable(
            tuple(json.loads(parts["concepts"])),
            *(parts[f"mention_{field}"] for field in ("starts", "passage", "assertion", "sure", "day")),
        )
        self.vectors = Vectors(parts["vec_codes"], parts["vec_passage"], parts["vec_starts"])
        self._dense: DenseSegment | None = None
        self._coded: dict[str, tuple[tuple[str, ...], npt.NDArray[np.int32]]] = {}
        self._replaced: dict[str, npt.NDArray[np.int64]] = {}
        self.record_first = np.searchsorted(self.passage_record, np.arange(self.records + 1)).astype(np.int64)

    @cached_property
    def mention_slices(self) -> dict[str, slice]:
        """Where the mentions of each concept lie."""
        starts = self.mentions.starts.tolist()
        return {concept: slice(*starts[at : at + 2]) for at, concept in enumerate(self.mentions.concepts)}

    @cached_property
    def mention_places(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]:
        """For each mention its record, and a code of CODES: its place in ASSERTIONS, how sure it is, its section."""
        table = self.mentions
        code = np.ravel_multi_index((table.assertion, table.sure, self.passage_kind.take(table.passage)), CODES)
        return self.passage_record.take(table.passage), code.astype(np.uint16)

    @cached_property
    def passage_weight(self) -> npt.NDArray[np.float32]:
        """float32 [passages]: what words in a passage weigh by its section."""
        weights = np.sqrt(np.array([kind.weight for kind in section_kinds()], dtype=np.float32))
        return weights.take(self.passage_kind)

    @cached_property
    def denying(self) -> npt.NDArray[np.float32]:
        """float32 [records]: how much of a record denies something, in [0, 1]."""
        told = np.bincount(self.passage_record, self.passage_denying, minlength=self.records)
        passages = np.maximum(np.diff(self.record_first), 1)
        share: npt.NDArray[np.float32] = (told / (passages * DENYING)).astype(np.float32)
        return share

    @cached_property
    def turns(self) -> Turns:
        """Where the passages of each record lie."""
        return Turns.of(np.diff(self.record_first))

    def coded(self, column: str) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
        """The values of a column as text, "" for unknown, and for each record which of them it has."""
        if column not in self._coded:
            encoded = self.rows.column(column).combine_chunks().dictionary_encode(null_encoding="encode")
            values = tuple("" if value is None else str(value) for value in encoded.dictionary.to_pylist())
            self._coded[column] = values, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        return self._coded[column]

    def replaced_by(self, later: Segment) -> npt.NDArray[np.int64]:
        """The places of records that a later segment holds anew; worked out once for each pair."""
        if later.name not in self._replaced:
            self._replaced[later.name] = self.roll.held_by(later.roll)
        return self._replaced[later.name]

    @property
    def records(self) -> int:
        """How many records stand in it."""
        return len(self.roll)

    @property
    def passages(self) -> int:
        """How many passages stand in it."""
        return len(self.passage_record)

    def dense(self, centroids: npt.NDArray[np.float32]) -> DenseSegment:
        """The nearest-passage index under its encoder's centroids; built once, from authenticated bytes only."""
        if self._dense is None:
            self._dense = DenseSegment(self.vectors, centroids)
        return self._dense

    @property
    def centroids(self) -> npt.NDArray[np.float32] | None:
        """What the nearest-passage index was built under, once it is."""
        return None if self._dense is None else self._dense.centroids

    def warm(self, columns: Sequence[str]) -> None:
        """Work out what is otherwise worked out at the first question, value codes of these columns included."""
        _ = self.mention_places, self.mention_slices, self.passage_weight, self.turns, self.denying
        for column in columns:
            self.coded(column)


def build_index(records: Sequence[ShelfRecord], encoder: Encoder, lexicon: Lexicon) -> bytes:
    """The index part of a segment: rows, mentions, vectors and postings; not one sentence of a record."""
    passages: list[Passage] = []
    owner: list[int] = []
    tables: list[_Placed] = []
    words: list[str] = []
    owned = [list(passages_of(record)) for record in records]
    sections = [
        (record.sections[section].text, record.sections[section].heading)
        for record, mine in zip(records, owned, strict=True)
        for section in _by_section(mine)
    ]
    said = read_all(sections, lexicon)
    for number, mine in enumerate(owned):
        for section, (first, part) in _by_section(mine).items():
            mentions = next(said)
            base = len(passages) + first
            tables += [_placed(one, base, part) for one in mentions]
            here = [one for one in mine if one.section == section]
            words += [f"{one.heading} {spoken(one.text.value, mentions, one.start)}" for one in here]
        passages += mine
        owner += [number] * len(mine)
    postings = build_postings([f"{one.heading} {one.text.value}" for one in passages], words, _senses(tables))
    vectors = build_vectors(encoder.encode([one.strip() for one in words]), encoder.centroids)
    parts: dict[str, Any] = {
        "rows": _rows(records),
        "row_keys": row_keys(record.row.record for record in records),
        "passage_record": np.array(owner, dtype=np.int32),
        "passage_kind": np.array([one.kind for one in passages], dtype=np.uint8),
        "passage_denying": np.array([denying(one.text.value) for one in passages], dtype=np.uint8),
        **{f"lex_{field}": getattr(postings, field) for field in ("terms", "starts", "docs", "codes", "lengths")},
        **_mention_parts(tables),
        **{f"vec_{field}": getattr(vectors, field) for field in ("codes", "passage", "starts")},
    }
    return pack(parts)


def _by_section(passages: Sequence[Passage]) -> dict[int, tuple[int, list[int]]]:
    """Section -> (which passage of its record is its first, start offset of each of its passages)."""
    found: dict[int, tuple[int, list[int]]] = {}
    for index, passage in enumerate(passages):
        found.setdefault(passage.section, (index, []))[1].append(passage.start)
    return found


def _placed(mention: Mention, base: int, starts: Sequence[int]) -> _Placed:
    inside = max(0, sum(start <= mention.start for start in starts) - 1)
    day = NO_DAY if mention.day is None else mention.day
    sure = max(round(mention.sure * SURE), 1) - 1
    return mention.concept, base + inside, ASSERTIONS.index(mention.assertion), day, sure


def _senses(tables: Sequence[_Placed]) -> tuple[Numbers, npt.NDArray[np.int32]]:
    """The concepts that are mentioned, as terms, with repeats, and the passage of each; marked as unsaid where they are
    denied, or told of a relative."""
    named = [one for one in tables if not is_value(one[0])]
    terms = np.array([sense(concept) for concept, *_ in named], dtype=np.uint64)
    unsaid = np.array([ASSERTIONS[said] in OTHERS for _, _, said, *_ in named], dtype=bool)
    return np.where(unsaid, terms | UNSAID, terms), np.array([passage for _, passage, *_ in named], dtype=np.int32)


def _mention_parts(tables: list[_Placed]) -> dict[str, Any]:
    surest = {one[:-1]: one[-1] for one in sorted(tables)}
    ordered = sorted(surest)
    concepts = sorted({one[0] for one in ordered})
    starts = np.searchsorted(np.array([one[0] for one in ordered], dtype=np.str_), np.array(concepts, dtype=np.str_))
    return {
        "concepts": json.dumps(concepts).encode(),
        "mention_starts": np.append(starts, len(ordered)).astype(np.int64),
        "mention_passage": np.array([one[1] for one in ordered], dtype=np.int32),
        "mention_assertion": np.array([one[2] for one in ordered], dtype=np.uint8),
        "mention_day": np.array([one[3] for one in ordered], dtype=np.int32),
        "mention_sure": np.array([surest[one] for one in ordered], dtype=np.uint8),
    }


def _rows(records: Sequence[ShelfRecord]) -> bytes:
    columns = {field: [getattr(one.row, field) for one in records] for field in ROWS.names}
    table = pa.table(columns, schema=ROWS)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, ROWS) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def build_text(records: Sequence[ShelfRecord]) -> bytes:
    """The text part: one JSON line per record, and a table of where each begins."""
    lines = [json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":")).encode() for record in records]
    starts = np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64)
    ids = json.dumps([record.row.record for record in records]).encode()
    return pack({"ids": ids, "starts": starts, "lines": b"".join(lines)})


def read_text(data: bytes) -> dict[RecordId, bytes]:
    """Record id -> its line, of an opened text part."""
    parts = unpack(data)
    ids, starts, lines = json.loads(parts["ids"]), parts["starts"], parts["lines"]
    return {RecordId(name): lines[starts[at] : starts[at + 1]] for at, name in enumerate(ids)}


def parse_record(line: bytes) -> ShelfRecord:
    """The record a line of the text part holds."""
    plain = json.loads(line)
    row = plain["row"]
    row["record"], row["patient"] = RecordId(row["record"]), PatientToken(row["patient"])
    return ShelfRecord(
        ShelfRow(**row),
        tuple(Section(heading, CleanText.from_shelf(text)) for heading, text in plain["sections"]),
        tuple((label, PersonToken(token)) for label, token in plain["people"]),
        tuple((label, place) for label, place in plain.get("places", ())),
    )


def home_of(line: bytes) -> tuple[PatientToken, frozenset[str]] | None:
    """Whose record a line holds, and the cities and provinces its addresses lie in; None where it has none."""
    if _PLACES not in line:
        return None
    plain = json.loads(line)
    return PatientToken(plain["row"]["patient"]), frozenset(place for _, place in plain.get("places", ()))


def record_line(record: ShelfRecord) -> bytes:
    """The line of a record: equal lines mean equal records."""
    return json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":")).encode()


def _plain(record: ShelfRecord) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "row": {field: getattr(record.row, field) for field in ROWS.names},
        "sections": [[section.heading, section.text.value] for section in record.sections],
        "people": [[label, token] for label, token in record.people],
    }
    return {**plain, "places": [list(one) for one in record.places]} if record.places else plain
