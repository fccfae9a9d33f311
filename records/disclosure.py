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


def shows_cards(count: int) -> bool:
    """Whether discovery cards may be shown for a result of this size."""
    return count >= THRESHOLD
