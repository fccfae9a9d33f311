"""Every question of docs/how-to/search.md is read as it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.query import understand

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "search.md"
LINES = [line for line in HOW_TO.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in LINES[1:]]


def test_there_are_examples() -> None:
    assert len(ROWS) > 10


@pytest.mark.parametrize(("text", "wished", "unwished", "note"), ROWS, ids=[row[0] for row in ROWS])
def test_an_example_is_read_as_it_says(text: str, wished: str, unwished: str, note: str) -> None:
    question = understand(CleanText.certified(text), Lexicon.load(), (), date(2026, 1, 1))
    assert [one for ask in question.wished for one in (ask.wish.concept, *ask.others)] == wished.replace(
        ",", " "
    ).split()
    assert [ask.wish.concept for ask in question.unwished] == unwished.replace(",", " ").split()
    bounded = [ask for ask in question.asks if ask.bounds]
    assert bool(bounded) is any(word in note for word in ("values", "range", "tests", "lasted", "ago"))
    assert question.soft.is_empty() is ("narrow" not in note)
