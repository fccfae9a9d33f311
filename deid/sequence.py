"""The sequence tagger: a weight table in integers scores the tags of every character, the best spans are chosen."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from deid.signals import EDGE, ROWS, signals
from deid.spans import made
from deid.tags import OUTSIDE, SPANS, TAGS, WHOLE, WIDTH, Kind, closes, opens
from records.paths import data_dir

Ints = npt.NDArray[np.int64]

HIDDEN: Final = "\x1a"  # what a slot is made of before recognizers read the text; no span may touch it
_BARS: Final = re.compile(rf"{HIDDEN}{HIDDEN}*|    +|\n\n+")  # slots, and gaps between the columns of a form
_PIECE: Final = 4096
_OVERLAP: Final = 64  # also the longest span that is believed
_BARRED: Final = 15_000
_TOGETHER: Final = 16384  # characters read at once, where texts are shorter
_BETWEEN: Final = "\x00" * EDGE  # as there is around a text alone
_WALL: Final = 1 << 30  # against a span over two texts: more than all the characters of a piece can be worth
_BYTES: Final = 16  # of a row in memory
_FIRST, _MIDDLE, _LAST = (np.array([tags[at] for tags in SPANS]) for at in range(3))
_PERSON: Final = Kind.PERSON  # it takes long to look up
_KINDS: Final = (*Kind, _PERSON)  # of the rows of candidates: the last one holds names of one character
_DOUBTED: Final = -1200  # what is worth less is no name, whatever speaks for it
_EACH, _LIKELY = -800, -400  # what each place of a repeated name must be worth, and the best of them
_NAME: Final = 4  # characters of a name that is believed for standing twice
_TWICE: Final = 100  # what it is worth then, each time
_PLACE: Final = 15  # bits that hold a place of a piece
_MASK: Final = (1 << _PLACE) - 1


class TaggedSpan(NamedTuple):
    """A span of the tagger, and how much its tags are better than nothing there."""

    start: int
    end: int
    kind: Kind
    score: int


class Reading(NamedTuple):
    """Spans in order, not overlapping; and where stretches begin and end that would be names if more spoke for them,
    with what they are worth (<= 0)."""

    found: list[TaggedSpan]
    doubted: dict[tuple[int, int], int]


class _Piece(NamedTuple):
    """A piece of a text among others: where it begins there, and how far from its place in the text that is.

    The spans that begin in the `_PIECE` characters from `at` on are its own.
    """

    text: int
    at: int
    start: int
    shift: int


_Found = tuple[int, int, int, int]  # where it begins, its last character, its row among the kinds, what it is worth


class Sequence:
    """`table`: int8, ROWS rows of features and TAGS rows of what follows what, WIDTH columns."""

    def __init__(self, table: npt.NDArray[np.int8]) -> None:
        # Rows as two large numbers are gathered three times as quickly as rows of small ones.
        rows = np.zeros((ROWS, _BYTES), dtype=np.int8)
        rows[:, :WIDTH] = table[:ROWS]
        self._rows = rows.view(np.uint64)
        self._bias, self._short = _settled(table[ROWS : ROWS + TAGS, :TAGS].astype(np.int64))

    @classmethod
    @cache
    def load(cls) -> Sequence:
        """The shipped model."""
        return cls.read(data_dir() / "deid" / "tagger.npy")

    @classmethod
    def read(cls, path: Path) -> Sequence:
        """A model file written by `deid.train`."""
        return cls(np.load(path, allow_pickle=False))

    def spans(self, text: str) -> list[TaggedSpan]:
        """Spans in order, not overlapping."""
        return self.read_all([text])[0].found

    def read_all(self, texts: list[str]) -> list[Reading]:
        """The spans of each text, and names that all but were; short texts are read side by side."""
        readings = [Reading([], {}) for _ in texts]
        for pieces, joined in _side_by_side(texts):
            stops = [*(piece.start for piece in pieces[1:]), len(joined) + 1]
            chosen, faint = self._piece(joined, pieces)
            stop, coming = 0, zip(stops, pieces, strict=True)
            for start, last, kind, score in chosen:
                while last >= stop:
                    stop, (text, at, _, shift) = next(coming)
                    kept = readings[text].found
                begin = start + shift
                if at <= begin < at + _PIECE and (not kept or begin >= kept[-1].end):
                    kept.append(made(TaggedSpan, (begin, last + 1 + shift, _KINDS[kind], score)))
            texts_of, ats, _, shifts = np.array(pieces).T[:, np.searchsorted(stops, faint[1])]
            faint[:2] += shifts
            own = (faint[0] >= ats) & (faint[0] < ats + _PIECE)
            for text, begin, end, score in zip(texts_of[own].tolist(), *faint[:, own].tolist(), strict=True):
                readings[text].doubted[begin, end] = score
        return [
            Reading(_with_repeated(found, doubted, text), doubted) if doubted else Reading(found, doubted)
            for (found, doubted), text in zip(readings, texts, strict=True)
        ]

    def _piece(self, text: str, pieces: list[_Piece]) -> tuple[list[_Found], Ints]:
        """What is found in pieces side by side, and names that all but were: rows of where they begin, where they end,
        and what they are worth."""
        sums = np.zeros((len(text), _BYTES), dtype=np.int16)
        for rows in signals(text):  # each is summed up while it is in the processor's cache
            sums += self._rows.take(rows, axis=0, mode="clip").view(np.int8)
        gains = np.ascontiguousarray(sums[:, :TAGS].T).astype(np.int64)
        gains += self._bias
        gains -= gains[OUTSIDE].copy()
        for barred in _BARS.finditer(text):
            gains[:, barred.start() : barred.end()] = -_BARRED
        for piece in pieces[1:]:
            gains[:, piece.start - EDGE : piece.start] = -_WALL
        starts, worth = self._candidates(gains)
        likely = worth > 0
        likely[:, 1:] &= (starts[:, 1:] > starts[:, :-1]) | (worth[:, 1:] > worth[:, :-1])  # no longer one for less
        ends, kinds = np.nonzero(likely.T)
        chosen = _chosen(starts[kinds, ends].tolist(), ends.tolist(), kinds.tolist(), worth[kinds, ends].tolist())
        names, begins = worth[Kind.PERSON], starts[Kind.PERSON]
        faint = np.flatnonzero((names > _DOUBTED) & (names <= 0))
        faint = faint[faint - begins[faint] < _NAME]
        doubted = np.stack((begins[faint], faint + 1, names[faint]))
        return [span for span in chosen if span[1] - span[0] < _OVERLAP], doubted

    def _candidates(self, gains: Ints) -> tuple[Ints, Ints]:
        """For each kind (and one for names of one character) and each place, the best span that ends there.

        Where they start and what they are worth: their first, middle and last tags against nothing there.
        Where a span best begins is a running maximum.
        """
        size = gains.shape[1]
        first, last = gains[_FIRST], gains[_LAST]
        worth = np.empty((len(_KINDS), size), dtype=np.int64)
        starts = np.empty((len(_KINDS), size), dtype=np.int64)
        places = np.arange(size)
        worth[-1], worth[:, 0] = gains[WHOLE], -_BARRED
        worth[-1, 0] = gains[WHOLE, 0]
        starts[-1], starts[:-1, 1:] = places, places[:-1]
        if size > 1:
            np.add(first[:, :-1], last[:, 1:], out=worth[:-1, 1:])
            worth[:-1, 1:] += self._short
        if size > 2:
            run = gains[_MIDDLE].cumsum(axis=1)
            begun = np.maximum.accumulate(((first - run) << _PLACE) | places, axis=1)[:, :-2]
            longer = last[:, 2:] + run[:, 1:-1] + (begun >> _PLACE)
            better = longer > worth[:-1, 2:]
            np.copyto(worth[:-1, 2:], longer, where=better)
            np.copyto(starts[:-1, 2:], begun & _MASK, where=better)
        return starts, worth


def _side_by_side(texts: list[str]) -> Iterator[tuple[list[_Piece], str]]:
    """The texts, long ones in pieces, as many as may be read together; and these joined with a wall between them."""
    pieces: list[_Piece] = []
    bodies: list[str] = []
    length = 0
    for number, text in enumerate(texts):
        for at in range(0, len(text), _PIECE):
            start = max(0, at - _OVERLAP)
            body = text[start : at + _PIECE + _OVERLAP]
            if bodies and length + len(body) > _TOGETHER:
                yield pieces, _BETWEEN.join(bodies)
                pieces, bodies, length = [], [], 0
            pieces.append(_Piece(number, at, length, start - length))
            bodies.append(body)
            length += len(body) + EDGE
    if bodies:
        yield pieces, _BETWEEN.join(bodies)


def _with_repeated(found: list[TaggedSpan], doubted: Mapping[tuple[int, int], int], text: str) -> list[TaggedSpan]:
    """Also names that stand twice where one could: each place alone says too little, together they say enough."""
    best: dict[str, int] = {}
    believed: set[str] = set()
    names = [((start, end), score) for start, end, kind, score in found if kind is _PERSON]
    names += doubted.items()
    for (start, end), score in names:
        if score > _EACH and 1 < end - start <= _NAME:
            name = text[start:end]
            before = best.get(name)
            if before is not None and max(before, score) > _LIKELY:
                believed.add(name)
            best[name] = score if before is None else max(before, score)
    if not believed:
        return found
    out = {(span.start, span.end): span for span in found}
    taken = {place: span for span in found for place in range(span.start, span.end)}
    for (start, end), score in names:
        if score < _TWICE and text[start:end] in believed:
            there = {taken[place] for place in range(start, end) if place in taken}
            if all(start <= other.start and other.end <= end for other in there):
                for other in there:
                    out.pop((other.start, other.end), None)
                out[start, end] = TaggedSpan(start, end, _PERSON, _TWICE)
    return sorted(out.values())


def _settled(follow: Ints) -> tuple[Ints, Ints]:
    """What may follow what, told by a bonus for each tag (a column), and by one for spans of two characters.

    The rest, what one span changes for the next one right after it, is left out.
    """
    base = follow[OUTSIDE, OUTSIDE]
    into, out = np.zeros(TAGS, dtype=np.int64), np.zeros(TAGS, dtype=np.int64)
    for tag in range(TAGS):
        if opens(tag):
            into[tag] = follow[OUTSIDE, tag] - base
        elif tag != OUTSIDE:
            into[tag] = follow[tag - 1 if closes(tag) else tag, tag] - base
        if closes(tag):
            out[tag] = follow[tag, OUTSIDE] - base
    return (into + out)[:, None], (follow[_FIRST, _LAST] - base - into[_LAST])[:, None]


def _chosen(starts: list[int], lasts: list[int], kinds: list[int], worths: list[int]) -> list[_Found]:
    """Those without overlaps that are worth most together."""
    ends, sums, path = [0], [0], [-1]
    best = 0
    most: dict[int, int] = {}  # of those that begin at a place and end sooner: no longer one is better for less
    for number, (start, worth) in enumerate(zip(starts, worths, strict=True)):
        if most.get(start, 0) >= worth:
            continue
        most[start] = worth
        value = sums[bisect_right(ends, start) - 1] + worth
        if value > best:
            best = value
            ends.append(lasts[number] + 1)
            sums.append(value)
            path.append(number)
    out: list[_Found] = []
    at = len(ends) - 1
    while at > 0:
        number = path[at]
        out.append((starts[number], lasts[number], kinds[number], worths[number]))
        at = bisect_right(ends, starts[number], 0, at) - 1
    return out[::-1]
