"""Small charts as HTML bars that carry their number in words. They draw published counts only, so a bar is never finer
than the text beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an attrition in published counts: what is left, and what fell away since the step before."""

    name: str
    left: str
    fine: str = ""
    lost: str = ""


def funnel(title: str, steps: Sequence[Step], unit: str) -> str:
    """Attrition (队列筛选): each bar against the first; what a step took away stands hatched behind what is left."""
    longest = max((_length(step.left) for step in steps), default=1) or 1
    rows, before = "", 0.0
    for step in steps:
        left = 100 * _length(step.left) / longest
        gone = max(0.0, before - left)
        before = left
        hidden = " hidden-count" if step.left.startswith("<") else ""
        fell = f'<span class="fell">↓ {escape(step.lost)}</span>' if step.lost else '<span class="fell"></span>'
        rows += (
            f'<div class="bar"><span class="name" title="{escape(step.name)}">{escape(step.name)}</span>{fell}'
            f'<span class="track"><span class="fill{hidden}" style="width:{max(1.5, left):.1f}%"></span>'
            f'<span class="gone" style="width:{gone:.1f}%"></span></span>'
            f'<span class="count">{escape(step.left)} {escape(unit)}<small>{escape(step.fine)}</small></span></div>'
        )
    return f'<figure class="bars funnel"><figcaption>{escape(title)}</figcaption>{rows}</figure>'


def shares(title: str, parts: Sequence[tuple[str, str, int | None]]) -> str:
    """Completeness: (name, published count, percent or None where it is suppressed), in the order given."""
    rows = ""
    for name, count, percent in parts:
        hidden = "" if percent is not None else " hidden-count"
        shown = count if percent is None else f"{count} · {percent}%"
        rows += (
            f'<div class="bar"><span class="name" title="{escape(name)}">{escape(name)}</span><span class="track">'
            f'<span class="fill{hidden}" style="width:{max(1.5, float(percent or 0)):.1f}%"></span></span>'
            f'<span class="count">{escape(shown)}</span></div>'
        )
    return f'<figure class="bars shares"><figcaption>{escape(title)}</figcaption>{rows}</figure>'


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
