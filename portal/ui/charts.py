"""Small charts as HTML bars that carry their number in words. They draw published counts only, so a bar is never finer
than the text beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

_NUMBER: Final = re.compile(r"[0-9]+")
_MOST: Final = 12


def size(published: object) -> int:
    """How long a bar to draw for "<10", "~120" or 37."""
    found = _NUMBER.search(str(published))
    return int(found[0]) if found else 0


def bars(title: str, counts: Mapping[str, object], names: Mapping[str, str] | None = None) -> str:
    """Horizontal bars, longest first, at most 12; a suppressed count is hatched."""
    ordered = sorted(counts.items(), key=lambda item: (-_length(item[1]), item[0]))[:_MOST]
    longest = max((_length(value) for _, value in ordered), default=1) or 1
    rows = "".join(_bar((names or {}).get(name, name), value, longest) for name, value in ordered)
    return f'<figure class="bars"><figcaption>{escape(title)}</figcaption>{rows}</figure>'


def funnel(title: str, steps: Sequence[tuple[str, object, object]], unit: str) -> str:
    """Attrition: (step, patients, records) in order, each bar against the first."""
    longest = max((_length(patients) for _, patients, _ in steps), default=1) or 1
    rows = "".join(_bar(step, patients, longest, f" {unit}") for step, patients, _ in steps)
    return f'<figure class="bars funnel"><figcaption>{escape(title)}</figcaption>{rows}</figure>'


def _length(published: object) -> float:
    return size(published) / 2 if str(published).startswith("<") else float(size(published))


def _bar(name: str, value: object, longest: float, unit: str = "") -> str:
    width = max(1.5, 100 * _length(value) / longest)
    hidden = " hidden-count" if str(value).startswith("<") else ""
    return (
        f'<div class="bar"><span class="name" title="{escape(name)}">{escape(name)}</span>'
        f'<span class="track"><span class="fill{hidden}" style="width:{width:.1f}%"></span></span>'
        f'<span class="count">{escape(str(value))}{escape(unit)}</span></div>'
    )
