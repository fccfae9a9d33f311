"""What the search page says it understood: the concept in the reader's language, a limit or a time as it was asked."""

from __future__ import annotations

import pytest

from portal.ui.concepts import understood_name
from portal.ui.texts import texts
from semantic.concepts import Lexicon

ANEMIA = Lexicon.load().lookup("贫血")[0]


@pytest.mark.parametrize("said", [ANEMIA.zh, ANEMIA.en])
def test_a_name_is_shown_in_the_readers_language(said: str) -> None:
    assert understood_name(texts("zh"), ANEMIA.id, said) == ANEMIA.zh
    assert understood_name(texts("en"), ANEMIA.id, said) == ANEMIA.en


@pytest.mark.parametrize("said", ["血红蛋白低于110g/L", "anaemia for more than a year"])
def test_what_was_asked_of_it_is_shown_as_it_was_asked(said: str) -> None:
    assert understood_name(texts("zh"), ANEMIA.id, said) == understood_name(texts("en"), ANEMIA.id, said) == said


def test_a_concept_of_another_lexicon_keeps_what_was_said() -> None:
    assert understood_name(texts("en"), "no-such-concept", "名") == "名"
