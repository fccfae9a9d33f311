"""Small-cell rules: the same everywhere, and no way back to the exact count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.disclosure import lost, published, share, shown_of, shows_cards


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


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 4), st.integers(0, 4))
def test_what_fell_away_tells_no_more_than_the_counts_beside_it(first: int, second: int, up: int, down: int) -> None:
    """Two worlds that publish the same two counts publish the same loss and the same share."""
    other, another = first + up, max(0, second - down)
    if published(first) == published(other) and published(second) == published(another):
        assert lost(published(first), published(second)) == lost(published(other), published(another))
        assert share(published(second), published(first)) == share(published(another), published(other))


@pytest.mark.parametrize(
    ("before", "after", "fell"),
    [
        ("~120", "~40", "~80"),
        ("~120", "~115", "<10"),
        ("~120", "~120", "<10"),
        ("~120", "<10", "~115"),
        ("~10", "<10", "<10"),
        ("<10", "<10", "<10"),
    ],
)
def test_what_fell_away(before: str, after: str, fell: str) -> None:
    assert lost(before, after) == fell


def test_a_share_is_told_of_published_counts_only() -> None:
    assert share("~115", "~120") == 96
    assert share("~120", "~120") == 100
    assert share("<10", "~120") is None
    assert share("<10", "<10") is None
