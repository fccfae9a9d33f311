"""Small-cell rules: the same everywhere, and no way back to the exact count."""

from __future__ import annotations

import pytest

from records.disclosure import published, shown_of, shows_cards


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "<10"), (1, "<10"), (9, "<10"), (10, "~10"), (12, "~10"), (13, "~15"), (117, "~115"), (118, "~120")],
)
def test_counts_as_published(count: int, shown: str) -> None:
    assert published(count) == shown


def test_every_published_count_stands_for_several() -> None:
    groups: dict[str, int] = {}
    for count in range(1000):
        groups[published(count)] = groups.get(published(count), 0) + 1
    assert min(size for shown, size in groups.items() if shown not in ("~10", "~1000")) >= 5


def test_counting_cards_tells_no_more_than_a_count() -> None:
    assert [shown_of(length) for length in (10, 11, 14, 15, 200)] == [10, 10, 10, 15, 200]
    assert not shows_cards(9)
    assert shows_cards(10)
