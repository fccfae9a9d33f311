"""Names with a denial between their halves, and devices that are there, whatever is denied of them."""

from __future__ import annotations

import pytest

from records.ids import ConceptId
from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_judge import Judge
from semantic.concepts import Lexicon


def said(text: str) -> dict[str, Assertion]:
    return {each.concept: each.assertion for each in annotate(CleanText.from_shelf(text), "", Lexicon.load())}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("听力没下降", "hearing-loss"),
        ("胎膜未破，无宫缩", "prom"),
        ("吻合口无漏", "anastomotic-leak"),
        ("耳石未脱落", "bppv"),
        ("卵巢未衰", "premature-ovarian-failure"),
        ("假体没松", "prosthesis-loosening"),
        ("支架均未见再狭窄", "stent-restenosis"),
        ("肾盂未积水", "hydronephrosis"),
        ("二尖瓣没有脱垂", "mitral-valve-prolapse"),
        ("双肺未见结节", "pulmonary-nodule"),
        ("关节从没疼过", "joint-pain"),
        ("糖尿病无肾病", "diabetic-nephropathy"),
        ("尿酸不高", "hyperuricemia"),
        ("左侧肿瘤；瓣周未见明显漏", "paravalvular-leak"),
        ("子宫未切除", "hysterectomy"),
    ],
)
def test_what_its_halves_name_is_denied(text: str, concept: str) -> None:
    assert said(text).get(ConceptId(concept)) is Assertion.NEGATED


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("卵圆孔未闭", "patent-foramen-ovale"),
        ("动脉导管未闭", "pda"),
        ("营养不良", "malnutrition"),
        ("输卵管妊娠未破", "ectopic-pregnancy"),
        ("糖尿病未治疗", "diabetes-mellitus"),
    ],
)
def test_a_denial_in_a_name_or_of_something_else_denies_none(text: str, concept: str) -> None:
    assert said(text).get(ConceptId(concept)) is Assertion.PRESENT


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("腔内无异常回声", "endometriosis"),
        ("脊髓无病灶", "spinal-cord-disease"),
        ("汉坦抗体未检出", "checkup"),
        ("骨痂未生长", "fracture"),
        ("甲状腺，无结节", "thyroid-nodule"),
    ],
)
def test_pieces_of_other_words_and_other_clauses_are_no_halves(text: str, concept: str) -> None:
    assert ConceptId(concept) not in said(text)


@pytest.mark.parametrize(
    ("text", "concept", "assertion"),
    [
        ("DBS电池快没电", "dbs", Assertion.PRESENT),
        ("封堵器无残余分流", "septal-occlusion", Assertion.PRESENT),
        ("起搏器没问题", "pacemaker", Assertion.PRESENT),
        ("双J管无移位", "ureteral-stent", Assertion.PRESENT),
        ("未植入起搏器", "pacemaker", Assertion.NEGATED),
        ("没插尿管", "catheterization-urinary", Assertion.NEGATED),
    ],
)
def test_what_is_said_of_a_device_speaks_of_one_that_is_there(text: str, concept: str, assertion: Assertion) -> None:
    read = annotate(CleanText.from_shelf(text), "", Lexicon.load(), judge=Judge.load())
    assert {each.assertion for each in read if each.concept == concept} == {assertion}
