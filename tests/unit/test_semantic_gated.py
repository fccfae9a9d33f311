"""Patterns held back by the words they need: the same matches, and really held back."""

from __future__ import annotations

import json
import random

import pytest

from records.paths import data_dir
from semantic.assertion_cues import load_cues
from semantic.gated import Gated
from semantic.lexicon_fold import flatten

CUES = load_cues()
ALL = [*(one.regex for one in (*CUES.patterns.all, *CUES.silent.all)), *CUES.unspoken, *(one for _, one in CUES.short)]


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("待排", [("待排",)]),
        ("(?P<scope>[^,]{2,9}?)(?:已排除|除外)史?", [("已排除", "除外")]),
        ("(?:a|b)c?", [("a", "b")]),
        ("[0-9]+岁", [("岁",)]),
        ("[^a]b*", []),
        ("(?:a|b?)c", [("c",)]),
        ("(?=待)排", [("待",), ("排",)]),
        ("(?:ab){2}c", [("ababc",)]),
        ("(?i)ct", []),
    ],
)
def test_what_a_pattern_needs(pattern: str, needs: list[tuple[str, ...]]) -> None:
    assert sorted(Gated.of(pattern).needs) == sorted(needs)


def test_the_shipped_patterns_find_what_they_found() -> None:
    draw = random.Random(4)
    words = sorted({word for one in ALL for need in one.needs for word in need})
    signs = [*",。;、?() 0", "肺炎", "ct", "mr", "父", "\n", "母"]
    texts = ["".join(draw.choices([*words, *signs * 9], k=draw.randint(0, 20))) for _ in range(600)]
    found = 0
    for text in [*texts, "肺炎已排除", "父有高血压", "考虑肺癌?待查", "结核不考虑,送检", ""]:
        for one in ALL:
            plain = [match.span() for match in one.regex.finditer(text)]
            assert [match.span() for match in one.finditer(text)] == plain
            found += len(plain)
    assert found > 500


def test_nearly_all_shipped_patterns_need_something() -> None:
    assert sum(bool(one.needs) for one in ALL) >= 0.9 * len(ALL)


def test_no_pattern_that_matches_is_left_out() -> None:
    lines = (data_dir() / "assertion" / "examples.jsonl").read_text(encoding="utf-8").splitlines()[::20]
    for text in (flatten(json.loads(line)["text"]) for line in lines):
        may = [*CUES.patterns.gates.may(text)]
        assert may == sorted(may)
        assert {at for at, one in enumerate(CUES.patterns.all) if any(one.regex.finditer(text))} <= set(may)
        assert len(may) < len(CUES.patterns.all) / 2
