"""Whether somebody whom only the tagger finds is somebody: a linear model, learnt from documents by many authors.

The tagger knows a name by its characters and its neighbours. The judge looks once more, with the whole document in
sight. Its weights are in data/deid/names.tsv, written by `lantai deid train`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Final, NamedTuple

from deid.document import Document
from deid.likeness import right_edge, surname_of
from deid.lists import common_words, given, given_pairs, medical_words, surnames, words
from deid.recognizers.person_title import TITLE
from deid.spans import Finding, Tier
from records.entities import Entity
from records.paths import data_dir
from records.regression import packed, read, shares

WAYS: Final = 2  # nobody, somebody
LEAST: Final = 0.5  # how likely somebody must be
_STEPS: Final = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45)  # of what the tagger is worth
_CROWD: Final = (3, 8, 16, 30)  # ... and of how many identifiers the document has
_LENGTH: Final = 5  # longer names are alike
_OFTEN: Final = 3
_ZEROES: Final = repeat(0)
_PERSON, _MODEL = Entity.PERSON, Tier.MODEL  # they take long to look up


class Doubt(NamedTuple):
    """A name by the tagger alone, and what is seen of it."""

    finding: Finding
    seen: list[str]


class NameJudge:
    """`weights`: feature -> what speaks for nobody and for somebody, in hundredths."""

    def __init__(self, weights: Mapping[str, Sequence[int]]) -> None:
        self._packed = {name: packed(row) for name, row in weights.items()}

    @classmethod
    @cache
    def load(cls, path: Path | None = None) -> NameJudge:
        """The shipped weights, or those of another file. BadInput names the line that cannot be read."""
        return cls(read(path or data_dir() / "deid" / "names.tsv", WAYS))

    def kept(self, doc: Document, found: list[Finding]) -> list[Finding]:
        """The findings of a document without the names that are hardly anybody's."""
        vain = {each.finding for each in doubts(doc, found) if self.share(each.seen) < LEAST}
        return [one for one in found if one not in vain] if vain else found

    def share(self, seen: Sequence[str]) -> float:
        """How likely it is somebody."""
        return shares(sum(map(self._packed.get, set(seen), _ZEROES)), WAYS)[1]


def doubts(doc: Document, found: Sequence[Finding]) -> Iterator[Doubt]:
    """The names of a document that no rule finds."""
    text = doc.text
    people = [one for one in found if one.entity is _PERSON]
    unsure = [one for one in people if one.tier is _MODEL]
    if not unsure:
        return
    sure = {"".join(text[one.start : one.end].split()) for one in people if one.tier is not _MODEL}
    said = "\n".join(sorted(sure))
    crowd = f"*{sum(len(found) > step for step in _CROWD)}{'damaged' if doc.closed else ''}"
    of_values: dict[str, list[str]] = {}  # what is seen of a value wherever it stands
    for one in unsure:
        value = text[one.start : one.end]
        seen = of_values.get(value)
        if seen is None:
            name = "".join(value.split())
            seen = [crowd, f"x{min(text.count(value), _OFTEN)}", *_named(name)]
            if name in said:
                seen.append("in")
            if not sure.isdisjoint(name[at:end] for end in range(2, len(name) + 1) for at in range(end - 1)):
                seen.append("holds")
            of_values[value] = seen
        yield Doubt(one, [*seen, *_WORTH[sum(one.score > step for step in _STEPS)], *_edges(text, one.start, one.end)])


_WORTH: Final = tuple((f"={worth}", *(f">{step}" for step in range(worth))) for worth in range(len(_STEPS) + 1))


def _named(name: str) -> Iterator[str]:
    """What is seen of the name itself."""
    size = min(len(name), _LENGTH)
    yield f"#{size}"
    if not "\u4e00" <= name[0] <= "\u9fff":
        yield "latin"
        return
    known, usual = words(), given()
    whole = name in known
    family = "usual" if surname_of(name, rare=False) else "rare" if surname_of(name, rare=True) else "none"
    yield f"f{family}{size}{whole:d}"
    yield f"F{sum(surnames().get(name[0], 0) > step for step in _FAMES)}"
    yield f"0{name[0]}"
    yield f"-{name[-1]}"
    yield f"g{size}{sum(char in usual for char in name)}"
    yield f"w{whole:d}{name in medical_words():d}{name in common_words():d}"
    if size == 2:
        yield f"p2{name in given_pairs():d}{whole:d}"
    elif size > 2:
        yield f"p{name[1:] in given_pairs():d}{name[:2] in known:d}{name[-2:] in known:d}"


_FAMES: Final = (0, 10, 100, 1000)


def _edges(text: str, start: int, end: int) -> Iterator[str]:
    """What stands beside the name, and which words run over its edges."""
    left, right = text[start - 1 : start] if start else "", text[end : end + 1]
    yield f"l{_kind(left)}"
    yield f"r{_kind(right)}"
    yield f"L{left}"
    yield f"R{right}"
    yield f"e{right_edge(text, end)}"
    if TITLE.match(text, end):
        yield "title"
    known = words()
    before, after = max(0, start - 1), end + 1
    over_left = text[before : start + 1] in known, text[max(0, start - 2) : start + 1] in known
    over_right = text[end - 1 : after] in known, text[end - 2 : after] in known or text[end - 1 : end + 2] in known
    yield f"o{over_left[0]:d}{over_left[1]:d}"
    yield f"O{over_right[0]:d}{over_right[1]:d}"
    yield f"n{text[max(0, start - 2) : start] in known:d}{text[end : end + 2] in known:d}"


def _kind(char: str) -> str:
    if not char or char == "\n":
        return "edge"
    if "\u4e00" <= char <= "\u9fff":
        return "han"
    return "latin" if char.isalpha() else "figure" if char.isdigit() else "blank" if char.isspace() else "mark"
