"""Identifiers known beforehand (patient, relatives, staff, numbers), in any width and spacing.

Names may have one misread character; record numbers must be exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from deid.document import Document
from deid.folding import fold
from deid.lists import lines_of, single_surnames
from deid.spans import Finding, Tier
from records.entities import Entity

_GAP: Final = r"[\s·・\-_.,:;()]{0,3}"
_LATIN_GAP: Final = r"[\s,.·\-]{0,3}"
_TIGHT: Final = frozenset({Entity.MEDICAL_ID, Entity.OTHER_ID})
_SPLIT: Final = re.compile(r"(\s+)")


@lru_cache(maxsize=1)
def _similar() -> dict[str, str]:
    table: dict[str, set[str]] = {}
    for group in lines_of("lookalikes.txt"):
        for char in group:
            table.setdefault(char, set()).update(group)
    return {char: "".join(sorted(group)) for char, group in table.items()}


def _flat(value: str) -> str:
    return re.sub(r"[\s·・\-_.,:;()]+", "", fold(value).text)


def pattern_of(entity: Entity, value: str) -> re.Pattern[str] | None:
    """What one known value may look like; None when the value is too short to be looked for."""
    flat = _flat(value)
    if entity is Entity.PERSON:
        return _person(value, flat)
    if len(flat) < (3 if entity in _TIGHT else 4):
        return None
    body = (
        _GAP.join(re.escape(c) for c in flat)
        if entity not in _TIGHT
        else r"[ \-]{0,2}".join(re.escape(c) for c in flat)
    )
    left = r"(?<![0-9A-Za-z])" if flat[0].isascii() else ""
    right = r"(?![0-9A-Za-z])" if flat[-1].isascii() else ""
    flags = re.IGNORECASE if flat.isascii() else 0
    return re.compile(left + body + right, flags)


def _person(value: str, flat: str) -> re.Pattern[str] | None:
    if len(flat) < 2:
        return None
    if flat.isascii():
        parts = [re.escape(p) for p in re.split(r"[^A-Za-z]+", fold(value).text) if p]
        return re.compile(f"(?<![A-Za-z]){_LATIN_GAP.join(parts)}(?![A-Za-z])", re.IGNORECASE) if parts else None
    forms = [_GAP.join(map(re.escape, flat))]
    if len(flat) >= 3:
        for place, char in enumerate(flat):
            near = _similar().get(char, char)
            if len(near) > 1:
                chars = [re.escape(c) for c in flat]
                chars[place] = f"[{near}]"
                forms.append(_GAP.join(chars))
            wild = [re.escape(c) for c in flat]
            wild[place] = r"[\u4e00-\u9fff×*某OXx□?]"
            if place == 0:
                wild[0] = f"[{''.join(sorted(single_surnames()))}×*某OXx□?]"
            if len(flat) >= 4 or place < 2:
                forms.append("".join(wild))
    elif len(flat) == 2:
        for place, char in enumerate(flat):
            near = _similar().get(char, char)
            if len(near) > 1:
                chars = [re.escape(c) for c in flat]
                chars[place] = f"[{near}]"
                forms.append("".join(chars))
    return re.compile("|".join(forms))


class KnownValues:
    """Looks for the values it was made with; whole-text scans with one pattern a value, linear in the text."""

    name = "known"

    def __init__(self, known: Sequence[tuple[Entity, str]]) -> None:
        self.entity = Entity.PERSON
        self._patterns = [(entity, pattern) for entity, value in known if (pattern := pattern_of(entity, value))]

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        return [
            Finding(*match.span(), entity, "known.value", 1.0, "known beforehand", Tier.KNOWN)
            for entity, pattern in self._patterns
            for match in pattern.finditer(text)
            if match.end() > match.start()
        ]
