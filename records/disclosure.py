"""Small-cell rules: what a count becomes before anyone outside a grant sees it. The same everywhere."""

from __future__ import annotations

from typing import Final

THRESHOLD: Final = 10
ROUND_TO: Final = 5


def published(count: int) -> str:
    """ "<10" below the threshold (zero included), else "~n" rounded to the nearest 5."""
    if count < THRESHOLD:
        return f"<{THRESHOLD}"
    return f"~{(count + ROUND_TO // 2) // ROUND_TO * ROUND_TO}"


def shown_of(length: int) -> int:
    """How many of so many cards may be shown: a multiple of 5, since counting cards must tell no more than a count."""
    return length // ROUND_TO * ROUND_TO


def looked_for(cards: int) -> int:
    """How many hits to look for when so many cards are asked: enough to show them all after some have been held back,
    so that asking for one card more or less never tells how many there are."""
    return (-(-cards // ROUND_TO) + 1) * ROUND_TO


def shows_cards(count: int) -> bool:
    """Whether discovery cards may be shown for a result of this size."""
    return count >= THRESHOLD


def size(shown: str) -> int:
    """The number of a published count, 0 for a suppressed one."""
    return 0 if shown.startswith("<") else int(shown.removeprefix("~"))


def lost(before: str, after: str) -> str:
    """How many fell away between two published counts, published. Worked out from those two alone, so that it tells
    nothing that they do not; a suppressed count stands for the middle of what it hides."""
    return published(size(before) - (size(after) or ROUND_TO if size(before) else 0))


def share(part: str, whole: str) -> int | None:
    """A published part of a published whole in percent, from those two alone; None where one is suppressed."""
    return min(100, round(100 * size(part) / size(whole))) if size(part) and size(whole) else None
