"""A concept's card tells names, codes and relations in both directions."""

from __future__ import annotations

import json

from semantic.concepts import Lexicon
from semantic.lexicon_card import cards


def test_a_card_tells_everything_and_is_json() -> None:
    (card,) = cards(Lexicon.load(), "糖尿病足")
    assert card["en"] == "diabetic foot"
    assert "糖足" in card["synonyms"]
    assert "E11.5" in card["icd10"]
    assert {"id": "diabetes-mellitus", "zh": "糖尿病", "en": "diabetes mellitus"} in card["relations"]["cause"]
    assert any(each["id"] == "gangrene" for each in card["relations"]["finding"])
    json.dumps(card)


def test_no_card_for_unknown_words() -> None:
    assert cards(Lexicon.load(), "没有这样的词语") == []
