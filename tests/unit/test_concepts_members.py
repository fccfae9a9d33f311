"""What a wide concept's name once stood for: members with concepts of their own, found by the wide question still."""

from __future__ import annotations

import pytest

from records.ids import ConceptId
from semantic.concepts import Lexicon
from semantic.lexicon_relations import Edge

# a name = its concept < the wide one that takes it in
MEMBERS = """
AVSD=avsd<congenital-heart-disease 主肺动脉窗=aortopulmonary-window<congenital-heart-disease
失血性休克=hemorrhagic-shock<hypovolemic-shock 药物性心肌病=drug-cardiotoxicity<cardiovascular-disease
短QT综合征=short-qt<inherited-arrhythmia 普通变异型免疫缺陷=cvid<inborn-immunity-error
Darier病=darier-disease<skin-disease Sweet综合征=sweet-syndrome<skin-disease Krabbe病=krabbe-disease<leukodystrophy
抗合成酶综合征=antisynthetase-syndrome<inflammatory-myopathy 大骨节病=kashin-beck<endemic-disease
藏毛窦=pilonidal-sinus<anal-disease 外展神经麻痹=abducens-palsy<oculomotor-palsy 迷路炎=labyrinthitis<ear-disease
胆道出血=hemobilia<biliary-disease 骨样骨瘤=osteoid-osteoma<bone-tumor
多灶性运动神经病=multifocal-motor-neuropathy<peripheral-neuropathy 食管憩室=esophageal-diverticulum<esophageal-disease
膈肌麻痹=diaphragm-paralysis<diaphragm-disease 社交焦虑障碍=social-anxiety<phobia
Caroli病=caroli-disease<choledochal-cyst 传导阻滞=conduction-block<bradyarrhythmia
窦房传导阻滞=sinoatrial-block<conduction-block 房室传导阻滞=av-block<conduction-block
病毒性心肌炎=viral-myocarditis<infectious-disease 红眼病=infectious-conjunctivitis<communicable-disease
乙脑=japanese-encephalitis<infectious-disease
"""
# An inflammation of an organ is an infection only where it is one.
NO_INFECTION = (
    "autoimmune-encephalitis nmdar-encephalitis allergic-conjunctivitis interstitial-cystitis hemorrhagic-cystitis "
)
NO_INFECTION += "immune-myocarditis eosinophilic-gastroenteritis"


@pytest.mark.parametrize("line", MEMBERS.split())
def test_a_member_is_a_concept_of_its_own_and_a_kind_of_the_wide_one(line: str) -> None:
    name, _, rest = line.partition("=")
    concept, _, wide = rest.partition("<")
    lexicon = Lexicon.load()
    assert [str(each.id) for each in lexicon.lookup(name)] == [concept]
    assert ConceptId(wide) in lexicon.relations.closure(ConceptId(concept), Edge.PARENT)


@pytest.mark.parametrize("concept", NO_INFECTION.split())
def test_an_inflammation_need_be_no_infection(concept: str) -> None:
    assert ConceptId("infectious-disease") not in Lexicon.load().relations.closure(ConceptId(concept), Edge.PARENT)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("脑炎", "encephalitis autoimmune-encephalitis herpes-encephalitis"),
        ("传导阻滞", "av-block bundle-branch-block sinoatrial-block"),
        ("心肌炎", "viral-myocarditis immune-myocarditis"),
        ("复杂先天性心脏病", "avsd tapvc"),
    ],
)
def test_a_question_for_the_wide_one_reaches_all_its_kinds(question: str, kinds: str) -> None:
    lexicon = Lexicon.load()
    reached = {str(each) for wish in lexicon.ask(question) for each in lexicon.reach(wish)}
    assert set(kinds.split()) <= reached


def test_a_transplant_of_stool_is_a_treatment() -> None:
    assert [str(each.concept) for each in Lexicon.load().find("FMT两次")] == ["fecal-transplant"]


def test_a_block_of_a_nerve_is_none_of_the_heart() -> None:
    assert [str(each.concept) for each in Lexicon.load().find("尺神经传导阻滞")] == ["nerve-conduction-block"]
