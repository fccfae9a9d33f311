"""Kinds of a disease told by what sets them apart alone, behind its name ("糖尿病，是1型而非2型"). Invented."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

DENIED = """
糖尿病，C肽低，考虑是1型而非2型 | 2型糖尿病
糖尿病，抗体阴性，是2型不是1型 | 1型糖尿病
糖尿病起病急，GAD阳性，不考虑2型 | 2型糖尿病
糖尿病，肥胖，不支持1型 | 1型糖尿病
糖尿病（Ⅱ型，非Ⅰ型） | 1型糖尿病
消瘦、糖尿病，排除2型 | 2型糖尿病
脑膜炎，脑脊液糖正常，不支持细菌性 | 细菌性脑膜炎
小儿脑膜炎，病毒性，而非细菌性 | 细菌性脑膜炎
脑膜炎，隐球菌阴性，不考虑隐球菌性 | 隐球菌性脑膜炎
胰腺炎，病程3天，是急性而不是慢性 | 慢性胰腺炎
肝炎，HBV阴性，不像自身免疫性 | 自身免疫性肝炎
关节炎，皮肤无鳞屑，非银屑病性 | 银屑病关节炎
便秘型肠易激，贫血，为失血性而非再生障碍性 | 再生障碍性贫血
贫血，叶酸正常，除外巨幼细胞性 | 巨幼细胞性贫血
贫血，铁蛋白高，非缺铁性 | 缺铁性贫血
心肌病，室壁不厚，排除肥厚型 | 肥厚型心肌病
心肌病，无心腔扩大，不是扩张型 | 扩张型心肌病
脑卒中，CT无高密度，是缺血性而非出血性 | 出血性脑卒中
痴呆，阶梯样下降，不支持阿尔茨海默型 | 阿尔茨海默病
休克，皮试阴性，非过敏性 | 过敏性休克
休克，心超正常，不考虑心源性 | 心源性休克
"""
STATED = """
糖尿病，考虑是1型而非2型 | 1型糖尿病
糖尿病，为2型不是1型 | 2型糖尿病
脑膜炎，考虑病毒性，而非细菌性 | 病毒性脑膜炎
贫血，诊断再生障碍性而非巨幼细胞性 | 再生障碍性贫血
休克，系心源性而不是感染性 | 心源性休克
"""
SILENT = [
    "糖尿病10年，瓣膜病变为退行性而非风湿性",
    "血型为A型而非B型，糖尿病",
    "高血压，疼痛为阵发性而非持续性",
    "1型糖尿病，2型呼吸衰竭",
]


def _rows(table: str) -> list[tuple[str, str]]:
    return [(text, name) for text, name in (line.split(" | ") for line in table.strip().splitlines())]


def _said(text: str, name: str) -> set[Assertion]:
    lexicon = Lexicon.load()
    (concept,) = lexicon.lookup(name)
    return {one.assertion for one in annotate(CleanText.certified(text), "", lexicon) if one.concept == concept.id}


@pytest.mark.parametrize(("text", "name"), _rows(DENIED))
def test_a_kind_that_it_is_not_is_denied(text: str, name: str) -> None:
    assert _said(text, name) == {Assertion.NEGATED}


@pytest.mark.parametrize(("text", "name"), _rows(STATED))
def test_the_kind_that_it_is_instead_is_held(text: str, name: str) -> None:
    assert _said(text, name) == {Assertion.PRESENT}


@pytest.mark.parametrize("text", SILENT)
def test_other_words_of_kind_name_no_disease(text: str) -> None:
    assert not [one for one in annotate(CleanText.certified(text), "", Lexicon.load()) if ":kind" in one.rule]
