"""The words of a passage that speak of its patient: what it denies, or tells of relatives, is left out of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from records.mentions import Assertion, Mention
from semantic.assertion_cues import load_cues
from semantic.assertion_judge import LEAST

_CLAUSE: Final = re.compile("[^,。;，；\n]+")  # whoever has it, the clause speaks of him
_DENIES: Final = re.compile(
    r"[未没]|无(?![力菌痛精脑创名机水])|非(?!小细胞|st|霍奇金|甾体|典型|酒精|特异|洛地平|那雄|布司|诺贝特|结核|淋巴|瓣膜)"
    r"|否(?!则)|免(?!疫)|拒|不(?![全足良稳孕宁典适育耐自同规安])"
    r"|阴(?![道囊茎唇部虚阳])|正常|排除|除外|n['’]t\b|ruled out"
    r"|\b(?:no|not|without|never|negative|den(?:y|ies|ied)|normal|excluded?)\b",
    re.IGNORECASE,
)
_PIECE: Final = re.compile("[^,，.。;；、!！?？\n]+")
DENYING: Final = 4  # what clauses deny is kept in so many steps
_MUCH: Final = 4  # one clause in so many that denies something is as much as all
OTHERS: Final = (Assertion.NEGATED, Assertion.FAMILY)


def _denied(one: Mention) -> bool:
    """Whether a mention is denied, or names a test that was done and is in order ("血氨不高")."""
    return one.assertion is Assertion.NEGATED or (one.assertion is Assertion.PRESENT and one.sure < LEAST)


def spoken(text: str, mentions: Sequence[Mention], start: int = 0) -> str:
    """`text`, which begins at `start` of its section, with blanks for what `mentions` (offsets of the section) or a
    denial of unknown words take away. As long as before."""
    spans = [(one.start - start, one.end - start) for one in mentions if _denied(one)]
    told = [one.start - start for one in mentions if one.assertion is Assertion.FAMILY]
    spans += [
        clause.span() for clause in _CLAUSE.finditer(text) if any(clause.start() <= at < clause.end() for at in told)
    ]
    spans += [found.span("scope") for pattern in load_cues().unspoken for found in pattern.finditer(text)]
    kept = [one for one in mentions if one.assertion is not Assertion.FAMILY and not _denied(one)]
    pieces = list(text)
    for low, high in spans:
        low, high = max(low, 0), min(high, len(pieces))
        if low < high:
            pieces[low:high] = " " * (high - low)
    for one in kept:  # a mention that holds is never taken away with the words around it
        low, high = max(one.start - start, 0), min(one.end - start, len(text))
        if low < high:
            pieces[low:high] = text[low:high]
    return "".join(pieces)


def denying(text: str) -> int:
    """How much of a text denies something, whatever it is: 0 nothing, DENYING a quarter of its clauses or more."""
    clauses = _PIECE.findall(text)
    share = sum(_DENIES.search(clause) is not None for clause in clauses) / max(len(clauses), 1)
    return round(min(1.0, _MUCH * share) * DENYING)
