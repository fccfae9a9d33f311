"""What every match of a pattern holds, as the pattern itself says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.patterns import begins_text, needs, rarest
from tests.drawn import drawn

_PATTERNS = [
    r"(?:小名|都[叫喊]|(?<!药)名叫)(?:是|为)?[:“]?(?P<name>[一-龥]{2,3}?)(?=[,。]|$)",
    r"(?:[京沪]{2}|绕城)(?:高速公路|高速|线(?=K\d))(?:[一-龥]{2}段)?",
    r"[“「](?=[一-龥]{2,4}[”」](?:上班|工作))(?P<n>[^”」]{2,9})|公众号\s?[:为]?(?<=号.)x?",
    r"(?:某某?|[×*]{1,2}(?=[,。])|[xX]{2})",
    r"a{0,2}(?:bc?){2}|(?=d)[de]f+g|(?:h|(?P<i>i))(?(i)j|k)l",
    r"\d{2,3}团(?:场|[一二\d]{1,3}连|(?=职工|人))",
]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("待排", {"待排"}),
        ("(?P<scope>[^,]{2,9}?)(?:已排除|除外)史?", {"已排除", "除外"}),
        ("[都就][叫喊]", {"都叫", "都喊", "就叫", "就喊"}),
        ("(?:京藏|[一-龥]沪)线(?=K\\d)", {"线K"}),
        ("(?:京藏|[一-龥]沪)线(?=K\\d)", {"京藏", "沪"}),
        ("[一二]{1,3}师", {"一师", "二师"}),
        ("住\\s?院号?", {"院"}),
        ("高速公路|高速", {"高速"}),
        ("[×*]{1,2}", {"×", "*"}),
        ("(?<=[区科])加", {"加"}),
    ],
)
def test_words_that_a_pattern_needs(pattern: str, words: set[str]) -> None:
    assert words in needs(pattern)


def test_the_rarest_are_long_or_signs_and_few() -> None:
    sets = [frozenset(words.split()) for words in ("史 家", "☑", "否认 没有", "否认 没有 不是")]
    assert rarest(sets) == {"否认", "没有"}
    assert rarest(sets[:2]) == {"☑"}


@pytest.mark.parametrize("pattern", ["[^a]b*", "(?:a|b?)c?", "(?i)ct", "[0-9]+", "a|[0-9]"])
def test_some_need_nothing(pattern: str) -> None:
    assert needs(pattern) == []


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_every_text_that_matches_holds_what_is_needed(pattern: str) -> None:
    texts = list(drawn(pattern, 300))
    assert len(texts) > 100
    assert all(any(word in text for word in need) for text in texts for need in needs(pattern))


@pytest.mark.parametrize("pattern", _PATTERNS)
@given(
    text=st.text(
        alphabet="小名都叫喊药名京沪绕城高速线K1“」上班公众号:某×*,。xXabcdefghijkl团场连职工人一二", max_size=14
    )
)
def test_so_does_any_other(pattern: str, text: str) -> None:
    if re.search(pattern, text):
        assert all(any(word in text for word in need) for need in needs(pattern))


def test_what_begins_where_a_text_begins() -> None:
    assert begins_text("^(?:父|母)")
    assert not any(map(begins_text, ["^父|母", "父^", "(?i)^父"]))
