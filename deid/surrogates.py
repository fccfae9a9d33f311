"""The reserved grammar of surrogates: what stands in rendered text where a person, number or date stood.

    患者KTRB48MZBC   kind + four consonants, two digits 2-9, four consonants: no real name or number looks like it
    ≈2023-03-05      a shifted date; ≈2023-03 and ≈2023 where only that much was known
    ≥90岁            an age of 90 or more
    〔患者〕          a kind alone
    〔杭州市〕         a city or province that enough patients of the project share (deid.places)
Keyed by project, so that two projects never share one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from records.seal import hmac_sm3
from records.slots import SlotKind

_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
_DIGITS: Final = "23456789"
_PLACES: Final = (_LETTERS,) * 4 + (_DIGITS,) * 2 + (_LETTERS,) * 4
_KINDS: Final = "|".join(kind.value for kind in SlotKind)
_CODE: Final = f"[{_LETTERS}]{{4}}[{_DIGITS}]{{2}}[{_LETTERS}]{{4}}"
SURROGATE: Final = re.compile(
    rf"(?:{_KINDS}){_CODE}(?![0-9A-Za-z])|≈\d{{4}}(?:-\d\d(?:-\d\d)?)?(?!\d)|〔(?:{_KINDS})〕"
    rf"|第[+\-]\d{{1,6}}(?:天|月|年)|≥90岁"
)
LONGEST_SHIFT_WEEKS: Final = 26


def code(project_key: bytes, kind: SlotKind, token: str) -> str:
    """The surrogate of one person or thing in one project."""
    number = int.from_bytes(hmac_sm3(project_key, f"surrogate/{kind.value}/{token}".encode()), "big")
    out = []
    for alphabet in _PLACES:
        number, place = divmod(number, len(alphabet))
        out.append(alphabet[place])
    return kind.value + "".join(out)


def shift(project_key: bytes, patient: str) -> timedelta:
    """The hidden shift of one patient's dates in one project: 1 to 26 whole weeks, either way."""
    number = int.from_bytes(hmac_sm3(project_key, f"shift/{patient}".encode())[:8], "big")
    weeks = number % (2 * LONGEST_SHIFT_WEEKS) - LONGEST_SHIFT_WEEKS
    return timedelta(weeks=weeks if weeks < 0 else weeks + 1)


def shifted(day: date, unit: str) -> str:
    """A date in the reserved form, as exact as it was known."""
    return "≈" + (day.isoformat() if not unit else day.isoformat()[:7] if unit == "月" else day.isoformat()[:4])
