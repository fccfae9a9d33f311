"""Samples to train the sequence tagger: frames filled with invented values, and documents in which authors marked what
points to somebody; joined or cut, damaged as scans and typists do."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from deid.folding import fold
from deid.grammar import Grammar
from deid.invented import Invented
from deid.likeness import surname_of
from deid.lists import lines_of
from deid.marked import Marked
from deid.tags import ENTITIES, Kind

_SLOT: Final = re.compile(r"\{([A-Za-z]+)\}")
_KINDS: Final = {
    "P": Kind.PERSON, "S": Kind.PERSON, "G": Kind.PERSON, "N": Kind.PERSON, "E": Kind.PERSON, "L": Kind.PERSON,
    "A": Kind.ADDRESS, "H": Kind.ORGANISATION, "W": Kind.ORGANISATION,
}  # fmt: skip
_SYMBOLS: Final = {"M": "M0", "I": "ID"}
_LABEL: Final = re.compile(r"[\u4e00-\u9fff ]{2,8}[::]\s*$")
_LONGEST: Final = 220
_CROSSED: Final = 0.4  # share of frames that go on as another one does
# File -> how often each of its frames is filled: those that hold a slot, those that do not.
_ROUNDS: Final = {
    "frames/narrative.txt": (10, 2),
    "frames/stories.txt": (10, 2),
    "frames/forms.txt": (10, 2),
    "frames/places.txt": (6, 3),
    "sentences_with_names.txt": (12, 2),
    "frames/plain_narrative.txt": (6, 4),
    "frames/plain_stories.txt": (6, 4),
    "frames/plain_forms.txt": (6, 4),
    "frames/plain_clinical.txt": (3, 2),
    "frames/misleading.txt": (60, 4),
    "sentences_without_names.txt": (24, 4),
}


SOURCES: Final = tuple(_ROUNDS)
_END: Final = re.compile(r"[。;;]|\n")  # where a document may be cut: at lines, and in a long one after sentences
_LONG: Final = 60
_SHORTEST_PIECE, _RANGE = 60, 160  # characters of a document that are learnt at once, and how many more there may be
_EXCHANGED: Final = {Kind.PERSON: 0.5, Kind.ADDRESS: 0.3, Kind.ORGANISATION: 0.3}  # share of values that become others

_Piece = tuple[str, Kind | None]


@dataclass(frozen=True, slots=True)
class Sample:
    """A folded text and its spans (start, end, kind); `alone`: to be learnt without its surroundings."""

    text: str
    spans: tuple[tuple[int, int, Kind], ...]
    alone: bool


@cache
def _lookalikes() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in lines_of("lookalikes.txt"):
        pairs[pair[0]], pairs[pair[1]] = pair[1], pair[0]
    return pairs


def _cut(frame: str, rng: random.Random) -> tuple[str, str]:
    """A frame in two at any place outside its slots."""
    at = int(rng.random() * (len(frame) + 1))
    for slot in _SLOT.finditer(frame):
        if slot.start() < at < slot.end():
            at = slot.end()
    return frame[:at], frame[at:]


def _in_lines(document: Marked) -> list[list[_Piece]]:
    """A document cut at lines, long ones at sentences too, never inside a value."""
    lines: list[list[_Piece]] = [[]]
    last = 0
    for span in document.spans:
        _cut_up(document.text[last : span.start], lines)
        kind = Kind(ENTITIES.index(span.entity)) if span.entity in ENTITIES else None
        lines[-1].append((document.text[span.start : span.end], kind))
        last = span.end
    _cut_up(document.text[last:], lines)
    return [line for line in lines if line]


def _cut_up(text: str, lines: list[list[_Piece]]) -> None:
    """Add what stands between two values to the last of the lines, and begin new ones where it ends."""
    last = 0
    for end in _END.finditer(text):
        lines[-1].append((text[last : end.end()], None))
        last = end.end()
        if end[0] == "\n" or sum(len(piece) for piece, _ in lines[-1]) > _LONG:
            lines.append([])
    if text[last:]:
        lines[-1].append((text[last:], None))


class Samples:
    """Draws samples from one seed."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._values = Invented(self._rng)
        self._words = Grammar(seed)

    def draw(self, rounds: int = 1) -> Iterator[Sample]:
        """All frames, each filled its number of rounds times `rounds`, in chance order, joined by twos and threes."""
        order = [
            frame
            for name, (filled, whole) in _ROUNDS.items()
            for frame in lines_of(name)
            for _ in range(rounds * (filled if _SLOT.search(frame) else whole))
        ]
        self._rng.shuffle(order)
        order = [self._crossed(frame, order) if self._rng.random() < _CROSSED else frame for frame in order]
        at = 0
        while at < len(order):
            size = 1 + int(self._rng.random() * 3.2)
            sample = self._joined(order[at : at + size])
            at += size
            if sample is not None:
                yield sample

    def marked(self, documents: Iterable[Marked], rounds: int) -> Iterator[Sample]:
        """Documents in pieces of some lines, `rounds` times, cut elsewhere and with other names each time."""
        cut = [_in_lines(document) for document in documents]
        for _ in range(rounds):
            for lines in cut:
                yield from self._in_pieces(lines)

    def _in_pieces(self, lines: Iterable[Sequence[_Piece]]) -> Iterator[Sample]:
        pieces: list[_Piece] = []
        size = self._size()
        for line in lines:
            pieces += [self._exchanged(*piece) for piece in line]
            if sum(len(text) for text, _ in pieces) > size:
                yield from self._maybe_damaged(pieces)
                pieces, size = [], self._size()
        if pieces:
            yield from self._maybe_damaged(pieces)

    def _size(self) -> int:
        return _SHORTEST_PIECE + int(self._rng.random() * _RANGE)

    def _maybe_damaged(self, pieces: Sequence[_Piece]) -> Iterator[Sample]:
        sample = self._sample(self._damaged(pieces) if self._rng.random() < 0.15 else pieces)
        if sample is not None:
            yield sample

    def _exchanged(self, value: str, kind: Kind | None) -> _Piece:
        """A value of a document, or an invented one in its place: names in full, addresses, hospitals."""
        if kind is None or self._rng.random() >= _EXCHANGED[kind]:
            return value, kind
        if kind is Kind.PERSON:
            full = 3 <= len(value) <= 4 and surname_of(value, rare=True)
            return (self._values.value("P") if full else value), kind
        if kind is Kind.ORGANISATION and "医院" not in value:
            return value, kind
        return self._values.value("A" if kind is Kind.ADDRESS else "H"), kind

    def _crossed(self, frame: str, others: Sequence[str]) -> str:
        """The frame up to a slot, and another from there on: what stands around a name must not be learnt whole."""
        other = others[int(self._rng.random() * len(others))]
        mine = list(_SLOT.finditer(frame))
        if not mine:
            return _cut(frame, self._rng)[0] + _cut(other, self._rng)[1]
        here = mine[int(self._rng.random() * len(mine))]
        alike = [slot for slot in _SLOT.finditer(other) if _KINDS.get(slot[1]) is _KINDS.get(here[1])]
        if not alike:
            return frame
        there = alike[int(self._rng.random() * len(alike))]
        return frame[: here.end()] + other[there.end() :]

    def _joined(self, frames: Sequence[str]) -> Sample | None:
        """Some frames in a row as one text; None when folding would move its places."""
        pieces: list[_Piece] = []
        for frame in frames:
            if pieces:
                pieces.append((self._between(pieces[-1][0]), None))
            pieces += self._filled(frame.replace("⏎", "\n"))
            if sum(len(text) for text, _ in pieces) > _LONGEST:
                break
        if self._rng.random() < 0.2:
            pieces = self._damaged(pieces)
        if self._rng.random() < 0.12:
            pieces = [
                (text if kind else re.sub("[,。;:、,;:]", " " if self._rng.random() < 0.5 else "", text), kind)
                for text, kind in pieces
            ]
        return self._sample(pieces)

    def _between(self, before: str) -> str:
        chance = self._rng.random()
        if chance < 0.25 or not before.endswith(("。", "\n", ";", "!")):
            return "\n" if chance < 0.5 else " " if chance < 0.6 else "。"
        return ""

    def _filled(self, frame: str) -> list[_Piece]:
        pieces: list[_Piece] = []
        bare = self._rng.random() < 0.08
        at = 0
        for match in _SLOT.finditer(frame):
            before = frame[at : match.start()]
            pieces += [(_LABEL.sub("", before) if bare else before, None)]
            pieces += [(self._values.value("c"), None)] if self._rng.random() < 0.03 else []
            pieces += [self._slot(match[1])]
            pieces += [(self._values.value("c"), None)] if self._rng.random() < 0.06 else []
            at = match.end()
        return [*pieces, (frame[at:], None)]

    def _slot(self, slot: str) -> _Piece:
        if len(slot) == 1 and slot.islower():
            return self._words.word(slot), None
        value = self._values.value(_SYMBOLS.get(slot, slot))
        if slot == "P" and len(value) in (2, 3) and self._rng.random() < 0.03:
            value = (" " * (1 + int(self._rng.random() * 2))).join(value)
        return value, _KINDS.get(slot)

    def _damaged(self, pieces: Sequence[_Piece]) -> list[_Piece]:
        return [("".join(self._noisy(text, kind)), kind) for text, kind in pieces]

    def _noisy(self, text: str, kind: Kind | None) -> Iterator[str]:
        """Misread, split and lost characters; names are split more often, as in columns of forms."""
        split = 0.06 if kind is Kind.PERSON else 0.02
        for at, char in enumerate(text):
            chance = self._rng.random()
            if chance < 0.05:
                yield _lookalikes().get(char, char)
            elif chance < 0.05 + split and not char.isspace() and not (kind is not None and at == len(text) - 1):
                gap = self._rng.random()
                wide = "    " if kind is None else "  "  # no value goes on over the gap between two columns
                yield char + (" " if gap < 0.6 else "  " if gap < 0.7 else wide if gap < 0.8 else "\n")
            elif not (chance > 0.98 and char in ",。、:;:,"):
                yield char

    def _sample(self, pieces: Sequence[_Piece]) -> Sample | None:
        text, spans = "", []
        for piece, kind in pieces:
            if kind is not None and piece:
                spans.append((len(text), len(text) + len(piece), kind))
            text += piece
        folded = fold(text).text
        if len(folded) != len(text):
            return None
        return Sample(folded, tuple(spans), self._rng.random() < 0.35)
