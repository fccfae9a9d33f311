"""Looking a concept up by whatever is typed of it, and laboratory limits by their words."""

from __future__ import annotations

import pytest

from semantic.concepts import Lexicon, Relation
from semantic.lexicon_browse import browse

LEXICON = Lexicon.load()


@pytest.mark.parametrize("words", ["糖尿病足", "diabetic foot", " Diabetic  FOOT ", "糖足", "diabetic-foot"])
def test_any_name_leads_to_the_concept(words: str) -> None:
    named, near = browse(LEXICON, words)
    assert [each.id for each in named] == ["diabetic-foot"]
    assert "diabetic-foot" not in {each.id for each in near}


def test_the_beginning_of_a_name_and_of_a_code_come_near() -> None:
    assert "diabetic-foot" in {each.id for each in browse(LEXICON, "糖尿病", most=200)[1]}
    coded = browse(LEXICON, "E11", most=200)
    assert "diabetic-foot" in {each.id for part in coded for each in part}
    assert all(any(code.startswith("E11") for code in each.icd10) for each in coded[1] if "E11" not in str(each.names))


def test_a_question_leads_to_what_it_is_about() -> None:
    assert "diabetes-mellitus" in {each.id for each in browse(LEXICON, "糖尿病的并发症有哪些")[0]}


@pytest.mark.parametrize("words", ["", "   ", "没有这样的词语"])
def test_nothing_is_nothing(words: str) -> None:
    assert browse(LEXICON, words) == ((), ())


def test_patterns_of_signs_are_no_concepts_to_look_up() -> None:
    for words in ("征象", "糖尿病", "高钾血症"):
        for part in browse(LEXICON, words, most=500):
            assert not any(each.targets(Relation.SIGN_OF) for each in part)
