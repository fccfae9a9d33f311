"""Dates as records write them, to `datetime.date`. Two-digit years are not guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

_FULL: Final = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})\s*(?:年|[-/.．－—])\s*([01]?[0-9])\s*(?:月|[-/.．－—])\s*([0-3]?[0-9])\s*(?:日|号)?"
)
_TIGHT: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_MONTH: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*(?:年|[-/.])\s*([01]?[0-9])\s*月?(?![0-9])")


def first_date(text: str) -> date | None:
    """The first full date in the text (2024-03-19, 2021/04/10, 2023年7月7日, 20240319); None without one."""
    flat = unicodedata.normalize("NFKC", text)
    for pattern in (_FULL, _TIGHT):
        for match in pattern.finditer(flat):
            found = _made(match[1], match[2], match[3])
            if found is not None:
                return found
    return None


def first_month(text: str) -> date | None:
    """The first day of the first year and month in the text, for birth dates known no closer."""
    match = _MONTH.search(unicodedata.normalize("NFKC", text))
    return _made(match[1], match[2], "1") if match else None


def _made(year: str, month: str, day: str) -> date | None:
    # OCR may glue the hour to the day ("02-0315:26"): two digits are the day, the rest is not.
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def years_between(birth: date, on: date) -> int:
    """Whole years, never below 0."""
    return max(0, on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))
