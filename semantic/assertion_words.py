"""The words of a passage that speak of its patient: what it denies, or tells of relatives, is left out of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from records.mentions import Assertion, Mention
from semantic.assertion_cues import load_cues
from semantic.assertion_judge import LEAST

_CLAUSE: Final = re.compile("[^,。;，；\n]+")  # whoever has it, the clause speaks of him
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
