"""The words of a section that speak of its patient: what it denies, or tells of relatives, is left out of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from records.mentions import Assertion, Mention
from semantic.assertion_cues import load_cues
from semantic.assertion_judge import Judge, Line, features
from semantic.lexicon_fold import flatten

Span = tuple[int, int]
_CLAUSE: Final = re.compile("[^,。;，；\n]+")  # whoever has it, the clause speaks of him
_OTHER: Final = (Assertion.NEGATED, Assertion.FAMILY)
_BREATH: Final = re.compile("[^,，。;；!?！？\n]+")
# Characters that tie words together and seldom stand in a name; a piece between them may be one.
_TIES: Final = (
    "的了在其及与和或但仍尚暂已未不无没否均皆亦也可拟予因为曾请先再由从至被把给让使又并且即就才都过着需须要应该等这那"
    "此本有是能会到以若如将嘱诉称示见查做行用"
)
_PIECE: Final = re.compile(rf"[^\W\d_{_TIES}]{{2,}}")
_TELLS: Final = re.compile(
    "[未没无不否非勿莫免除排缺拒停弃父母兄弟姐妹夫妻祖叔伯舅姨姑邻疑待拟或恐虑难鉴若如再防警避约择备建阴]"
)
_BEHIND: Final = 6  # characters of the next breath that may still tell of this one


def spoken(text: str, heading: str, mentions: Sequence[Mention], judge: Judge) -> str:
    """`text` of a section with blanks for what its `mentions` or a denial of unknown words take away. As long as
    before."""
    spans = [(one.start, one.end) for one in mentions if one.assertion is Assertion.NEGATED]
    told = [one.start for one in mentions if one.assertion is Assertion.FAMILY]
    spans += [
        clause.span() for clause in _CLAUSE.finditer(text) if any(clause.start() <= at < clause.end() for at in told)
    ]
    spans += [found.span("scope") for pattern in load_cues().unspoken for found in pattern.finditer(text)]
    spans += _unowned(text, heading, [(one.start, one.end) for one in mentions], judge)
    pieces = list(text)
    for low, high in spans:
        pieces[low:high] = " " * (high - low)
    for one in mentions:  # one that holds is never taken away with the words around it
        if one.assertion not in _OTHER:
            pieces[one.start : one.end] = text[one.start : one.end]
    return "".join(pieces)


def _unowned(text: str, heading: str, known: Sequence[Span], judge: Judge) -> Iterator[Span]:
    """Words that name nothing known and are hardly the patient's own ("全肺灌洗" in "全肺灌洗家属未同意")."""
    flat, plain = flatten(text), flatten(heading)
    for breath in _BREATH.finditer(flat):
        if _TELLS.search(flat, breath.start(), breath.end() + _BEHIND):
            for piece in _PIECE.finditer(flat, *breath.span()):
                start, end = piece.span()
                if any(low < end and start < high for low, high in known):
                    continue
                line = Line.of(flat, [*known, (start, end)])
                if judge.verdict(features(line, start, plain, "")):
                    yield start, end
