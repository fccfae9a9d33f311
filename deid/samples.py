"""Samples to train the sequence tagger: frames filled with invented values, joined, damaged as scans and typists do."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from deid.folding import fold
from deid.grammar import Grammar
from deid.invented import Invented
from deid.lists import lines_of
from deid.tags import Kind

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
        pieces: list[tuple[str, Kind | None]] = []
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

    def _filled(self, frame: str) -> list[tuple[str, Kind | None]]:
        pieces: list[tuple[str, Kind | None]] = []
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

    def _slot(self, slot: str) -> tuple[str, Kind | None]:
        if len(slot) == 1 and slot.islower():
            return self._words.word(slot), None
        value = self._values.value(_SYMBOLS.get(slot, slot))
        if slot == "P" and len(value) in (2, 3) and self._rng.random() < 0.03:
            value = (" " * (1 + int(self._rng.random() * 2))).join(value)
        return value, _KINDS.get(slot)

    def _damaged(self, pieces: Sequence[tuple[str, Kind | None]]) -> list[tuple[str, Kind | None]]:
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

    def _sample(self, pieces: Sequence[tuple[str, Kind | None]]) -> Sample | None:
        text, spans = "", []
        for piece, kind in pieces:
            if kind is not None and piece:
                spans.append((len(text), len(text) + len(piece), kind))
            text += piece
        folded = fold(text).text
        if len(folded) != len(text):
            return None
        return Sample(folded, tuple(spans), self._rng.random() < 0.35)
