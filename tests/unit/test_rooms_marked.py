"""Marked words are found however they are set, never across a slot, and Latin ones only where they stand alone."""

from __future__ import annotations

import pytest

from records.errors import BadInput
from rooms.marked import LONGEST, Marked
from tests.semantic_shelf import record


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("张守仁", "查房见张守仁医嘱", ["张守仁"]),
        ("张守仁", "张 守　仁，张·守仁", ["张 守　仁", "张·守仁"]),
        ("１３９０００", "电话139-000转", ["139-000"]),
        ("Ma Ling", "见MA  LING签", ["MA  LING"]),
        ("139000", "编号1139000与1390007", []),
        ("Ling", "Darling, ling.", ["ling"]),
        ("张守仁", "张〔医师#1〕守仁", []),
        ("张守仁", "张\n守仁", ["张\n守仁"]),
        ("患者", "〔患者#1〕入院", []),
        ("守守", "守守守", ["守守", "守守"]),
        ("张守仁", "", []),
    ],
)
def test_where_words_stand(words: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in Marked.typed(words).places(text)] == found


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "leak_words_missing"),
        (" \u3000\n", "leak_words_missing"),
        ("张", "leak_words_short"),
        ("A12", "leak_words_short"),
        ("字" * (LONGEST + 1), "leak_words_long"),
        ("\ud800" * 9, "leak_words_missing"),
    ],
)
def test_what_is_no_mark_is_said_in_one_sentence(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        Marked.typed(typed)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_the_sentence_is_the_one_they_stand_in() -> None:
    shelved = record(1, ("主诉", "多饮。"), ("诊疗经过", "入院。〔日期+3〕张守仁查房；继续治疗。"))
    assert Marked.typed("张守仁").sentence(shelved) == "〔日期+3〕张守仁查房；"
    assert Marked.typed("李守仁").sentence(shelved) is None
    assert not Marked.typed("李守仁").stand_in(shelved)


def test_a_mark_hides_its_words() -> None:
    assert "张守仁" not in repr(Marked.typed("张守仁"))
