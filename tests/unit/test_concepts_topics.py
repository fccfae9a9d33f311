"""Topics of rarer chapters: each name is its own concept, and the wider question reaches it."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.ids import ConceptId
from semantic.concepts import Lexicon
from semantic.lexicon_relations import Edge

# "name = concept < the wide one that takes it in" a line
TOPICS = (Path(__file__).parents[1] / "questions" / "topics.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", [line for line in TOPICS if line and not line.startswith("#")])
def test_a_topic_is_a_concept_of_its_own_under_the_wide_one(line: str) -> None:
    name, _, rest = line.partition(" = ")
    concept, _, wide = rest.partition(" < ")
    lexicon = Lexicon.load()
    assert [str(each.id) for each in lexicon.lookup(name)] == [concept]
    assert not wide or ConceptId(wide) in lexicon.relations.closure(ConceptId(concept), Edge.PARENT)


@pytest.mark.parametrize("question", ["patients who don't eat", "feet that won't heal", "was seen after house fires"])
def test_an_english_word_is_no_short_name(question: str) -> None:
    short = {"dysthyroid-optic-neuropathy", "walled-off-necrosis", "new-onset-refractory-status-epilepticus"}
    assert not short & {str(each.concept) for each in Lexicon.load().find(question, question=True)}
