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
未足月胎膜早破=pprom<prom 肾血管性高血压=renovascular-hypertension<secondary-hypertension 狗咬伤=dog-bite<animal-bite
上尿路结石=upper-urinary-stone<urolithiasis 原发性醛固酮增多症=primary-aldosteronism<secondary-hypertension
中枢神经系统脱髓鞘病=cns-demyelination<demyelinating-disease 肾结石=kidney-stone<upper-urinary-stone
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


def test_what_is_acquired_is_not_inherited() -> None:
    assert ConceptId("genetic-disease") not in Lexicon.load().relations.closure(
        ConceptId("acquired-hemophilia"), Edge.PARENT
    )


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("铺路石影，PAP待排，灌洗送检", "pulmonary-alveolar-proteinosis"),
        ("月经稀发，AMH 0.6，不够早衰", "premature-ovarian-failure"),
        ("孕30周肤痒，暂不符合淤胆", "icp"),
        ("28+5周破水，期待", "signs-of-pprom"),
        ("校正33w，早产视网膜病待筛", "rop"),
        ("约明日促宫颈引产", "labour-induction"),
        ("气促，射血分数保留型", "hfpef"),
        ("孕30周，阴道流液", "signs-of-pprom"),
    ],
)
def test_short_names_are_read_by_what_stands_near(text: str, concept: str) -> None:
    assert concept in {str(each.concept) for each in Lexicon.load().find(text)}


@pytest.mark.parametrize("text", ["孕39周破水", "血钾2.6，肾素、醛固酮均高", "无肛裂，无肛瘘", "儿童早衰症", "PAP涂片"])
def test_what_looks_like_them_is_none_of_them(text: str) -> None:
    wrong = {"signs-of-pprom", "signs-of-primary-aldosteronism", "signs-of-anorectal-malformation"}
    wrong |= {"premature-ovarian-failure", "pulmonary-alveolar-proteinosis"}
    assert not wrong & {str(each.concept) for each in Lexicon.load().find(text)}


def test_a_transplant_of_stool_is_a_treatment() -> None:
    assert [str(each.concept) for each in Lexicon.load().find("FMT两次")] == ["fecal-transplant"]


def test_a_block_of_a_nerve_is_none_of_the_heart() -> None:
    assert [str(each.concept) for each in Lexicon.load().find("尺神经传导阻滞")] == ["nerve-conduction-block"]
