"""The grammar the tagger learns from: invented names in clinical frames, ordinary words as hard negatives."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Final

from deid.lists import given, given_pairs, lines_of, medical_words, single_surnames, surnames, words

_SLOT: Final = re.compile(r"\{([A-Za-z])\}")


@cache
def _fillers() -> dict[str, list[str]]:
    """Slot letter -> what may fill it: titles, relatives, body parts, wards, drug syllables, everyday surnames."""
    rows = (line.split("\t") for line in lines_of("frame_words.txt"))
    return {slot: list(words) if slot in "bs" else words.split() for slot, words in rows}


@cache
def _pools() -> dict[str, tuple[list[str], list[int]]]:
    chars = given()
    family = sorted(surnames())
    pairs = sorted(given_pairs())
    return {
        "surname": (family, [max(3, int(surnames()[s] ** 0.85)) for s in family]),
        "pair": (pairs, [1] * len(pairs)),
        "first": (sorted(chars), [chars[c][0] + 1 for c in sorted(chars)]),
        "second": (sorted(chars), [chars[c][1] + 1 for c in sorted(chars)]),
        "alone": (sorted(chars), [chars[c][2] + 1 for c in sorted(chars)]),
        "word": _named_like_words(),
        "m": (sorted(medical_words()), [1] * len(medical_words())),
        "w": (sorted(words()), [1] * len(words())),
        "c": (sorted(lines_of("common_words.txt")), [1] * len(lines_of("common_words.txt"))),
    }


def _named_like_words() -> tuple[list[str], list[int]]:
    """Words that are names as well (高峰, 白雪): people are called so, and the tagger must follow the context."""
    chars = given()
    found = sorted(
        w
        for w in words()
        if len(w) in (2, 3) and w[0] in single_surnames() and surnames()[w[0]] >= 100 and all(c in chars for c in w[1:])
    )
    return found, [surnames()[w[0]] for w in found]


def _rounds(frame: str, rounds: int) -> int:
    """Frames of ordinary words are worth many fillings, sentences without slots only a few."""
    return rounds * 4 if "{c}" in frame or "{w}" in frame else rounds // 2 if "{" in frame else max(2, rounds // 12)


class Grammar:
    """Draws names and sentences from one seed; the same seed gives the same text on any machine."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._cumulative: dict[str, list[int]] = {}
        for key, (_, weights) in _pools().items():
            total, row = 0, []
            for weight in weights:
                total += weight
                row.append(total)
            self._cumulative[key] = row

    def draw(self, pool: str) -> str:
        """One entry of a pool by its weight."""
        row = self._cumulative[pool]
        return self._random.choices(_pools()[pool][0], cum_weights=row)[0]

    def name(self) -> str:
        """One invented name: mostly three characters, some two, some that are words."""
        kind = self._random.random()
        if kind < 0.03:
            return self.draw("word")
        surname = self.draw("surname")
        if kind < 0.22:
            return surname + self.draw("alone")
        if kind < 0.62:
            return surname + self.draw("pair")
        return surname + self.draw("first") + self.draw("second")

    def fill(self, frame: str) -> tuple[str, list[tuple[int, int]]]:
        """The frame with its slots filled, and where its names stand."""
        pieces: list[str] = []
        spans: list[tuple[int, int]] = []
        length = at = 0
        for match in _SLOT.finditer(frame):
            pieces.append(frame[at : match.start()])
            length += match.start() - at
            value = self.name() if match[1] == "P" else self.word(match[1])
            if match[1] == "P":
                spans.append((length, length + len(value)))
            pieces.append(value)
            length += len(value)
            at = match.end()
        pieces.append(frame[at:])
        return "".join(pieces), spans

    def word(self, slot: str) -> str:
        """What fills a slot that is no name."""
        if slot == "n":
            return str(self._random.randrange(1, 90))
        if slot in "mwc":
            return self.draw(slot)
        if slot == "s":
            return self._random.choice(_fillers()["s"])
        if slot == "x":
            return self._random.choice(self.draw("c"))
        if slot == "b":
            return self._brand()
        return self._random.choice(_fillers()[slot])

    def _brand(self) -> str:
        """An invented drug name that begins like a name does."""
        middle = self._random.choice(_fillers()["b"]) if self._random.random() < 0.5 else ""
        return self.draw("surname")[0] + middle + self._random.choice(_fillers()["b"])

    def sentences(self, rounds: int) -> list[tuple[str, list[tuple[int, int]]]]:
        """`rounds` fillings of each frame, shuffled; frames without names are drawn half as often."""
        named = lines_of("sentences_with_names.txt")
        plain = lines_of("sentences_without_names.txt")
        out = [self.fill(frame) for frame in named for _ in range(rounds * 3 if "{c}" in frame else rounds)]
        out += [self.fill(frame) for frame in plain for _ in range(_rounds(frame, rounds))]
        self._random.shuffle(out)
        return out
