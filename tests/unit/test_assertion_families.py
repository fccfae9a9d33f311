"""Families of clinical phrases around a disease, each with several diseases: denied, of a relative, or in doubt."""

from __future__ import annotations

import pytest

from records.ids import ConceptId
from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

DISEASES = {"冠心病": "coronary-heart-disease", "肺栓塞": "pulmonary-embolism", "类风湿关节炎": "rheumatoid-arthritis"}
DENIED = (
    "无{d}依据|{d}证据不足|{d}可以排除|{d}不成立|与{d}不符|并非{d}|非{d}所致|{d}诊断依据不足|{d}暂不考虑|{d}可能性极低|未达{d}诊断标准|"
    "尚不足以诊断{d}|{d}未证实|曾疑{d}，已排除|疑似{d}，现已排除|不能诊断{d}|未查出{d}|{d}无依据|不属于{d}|称不上{d}|未罹患{d}|"
    "不认为是{d}|误诊为{d}|不同于{d}|假性{d}|检查正常，排除{d}|家属否认{d}"
)
FAMILY = (
    "父{d}|母{d}；本人体检正常|母亲因{d}去世|大伯{d}|二姨{d}|表哥{d}|家兄{d}|老伴{d}|家里老人{d}|家族{d}史|孪生哥哥{d}"
)
POSSIBLE = (
    "{d}待排|{d}性质不明|{d}尚未明确|{d}与其他难分|{d}待回报|{d}诊断待定|担心{d}|怕得{d}|要求筛查{d}|{d}筛查|{d}高危人群|{d}宣教|{d}样表现|"
    "按{d}治疗无效|咨询{d}|{d}的危险因素|将来{d}"
)


def said(text: str, disease: str) -> set[Assertion]:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    return {each.assertion for each in mentions if each.concept == ConceptId(DISEASES[disease])}


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [(phrase, Assertion.NEGATED) for phrase in DENIED.split("|")]
    + [(phrase, Assertion.FAMILY) for phrase in FAMILY.split("|")]
    + [(phrase, Assertion.POSSIBLE) for phrase in POSSIBLE.split("|")],
)
def test_a_phrase_means_the_same_for_every_disease(phrase: str, expected: Assertion) -> None:
    for disease in DISEASES:
        assert said(phrase.format(d=disease) + "。", disease) == {expected}, disease


def test_a_sign_of_what_is_denied_by_name_is_denied_too() -> None:
    mentions = annotate(CleanText.certified("静止性震颤、面具脸，服药所致，排除帕金森病。"), "", Lexicon.load())
    signs = {each.assertion for each in mentions if each.concept == ConceptId("signs-of-parkinson-disease")}
    assert signs == {Assertion.NEGATED}
