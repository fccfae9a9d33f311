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


# the name of a group = members that a question for it must reach
GROUPS = """
parasitic infection=malaria schistosomiasis echinococcosis|变态反应=allergic-rhinitis urticaria anaphylaxis
systemic vasculitis=takayasu-arteritis|autoimmune thyroid disease=graves-disease hashimoto-thyroiditis
obstetric haemorrhage=placental-abruption postpartum-hemorrhage|遗传性出血病=hemophilia von-willebrand
solid organ transplant recipients=kidney-transplantation|免疫病=sle|老年病=frailty|electrolyte disorder=hypokalemia
间质性肺病=pneumoconiosis sarcoidosis immune-pneumonitis|blood cancer=multiple-myeloma|CTD=sle
软组织感染=necrotizing-fasciitis|重症药疹=sjs-ten dress agep|生物制剂=rituximab biologic-anti-tnf
机会性感染=pneumocystis-pneumonia|呼吸道病毒感染=influenza covid-19|疫苗可预防疾病=measles pertussis
"""


@pytest.mark.parametrize("line", [each.strip() for each in GROUPS.strip().replace("|", "\n").splitlines()])
def test_a_group_is_understood_whole_and_reaches_its_members(line: str) -> None:
    name, _, members = line.partition("=")
    lexicon = Lexicon.load()
    (wish,) = lexicon.ask(name)
    assert (wish.start, wish.end) == (0, len(name))
    assert set(members.split()) <= set(map(str, lexicon.reach(wish)))
