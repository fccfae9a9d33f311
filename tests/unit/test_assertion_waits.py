"""Diagnoses that are only leant to while their own test is still to come, questions that a record asks, and treatments
that hang on something; with sentences that only look like them. Invented; rules alone."""

from __future__ import annotations

import time

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

OPEN = """
消瘦手抖，甲亢可能性大，甲功明早抽 | 甲亢
高度怀疑淋巴瘤，PET约在周五 | 淋巴瘤
可能是痛风，尿酸没出 | 痛风
考虑肺栓塞，CTPA排队中 | 肺栓塞
拟诊多发性骨髓瘤，待骨穿 | 多发性骨髓瘤
像川崎病，明天查心超 | 川崎病
初步想到脑炎，腰穿下午 | 脑炎
面痛半年，三叉神经痛可能性大但磁共振未做 | 三叉神经痛
宫外孕得防着，48小时复查HCG | 宫外孕
不知道是不是阿尔茨海默病，量表约了 | 阿尔茨海默病
算不算癫痫还要看脑电 | 癫痫
皮疹像二期梅毒，血清学明日出 | 二期梅毒
心尖杂音，二尖瓣脱垂也许，心超未做 | 二尖瓣脱垂
估计痛风，尿酸没回 | 痛风
多半是支原体肺炎，核酸还没出 | 支原体肺炎
"""
LATER = """
要不要上胰岛素看空腹血糖 | 胰岛素
EGFR突变的话上奥希替尼 | 奥希替尼
若无效改用环孢素 | 环孢素
剖宫产定在38周 | 剖宫产
奥希替尼申请援助中 | 奥希替尼
起搏器定于下周二 | 起搏器
两药无效，考虑氯氮平，先查血常规 | 氯氮平
左耳极重度聋，考虑人工耳蜗 | 人工耳蜗
肠造口可能要做，术中定 | 肠造口
MTX效差，拟加抗肿瘤坏死因子生物制剂 | 生物制剂
"""
OWN = """
考虑肺炎，头孢曲松抗感染，明日复查胸片 | 肺炎
VAP可能性大，已留痰送培养，升级美罗培南 | VAP
考虑急性胰腺炎，禁食补液，明晨复查淀粉酶 | 急性胰腺炎
入院时否认，反复追问才说出吃过氯氮平一年多 | 氯氮平
肺癌确诊，PET约在周五 | 肺癌
估计痛风，秋水仙碱用上，次日缓解 | 痛风
考虑铂类毒性所致末梢神经炎 | 铂类
考虑胺碘酮所致，停药 | 胺碘酮
糖尿病多年，约了眼底照相 | 糖尿病
胰岛素用了三年，约在下周复诊 | 胰岛素
"""


def _rows(table: str) -> list[list[str]]:
    return [line.split(" | ") for line in table.strip().splitlines()]


def _said(text: str, words: str) -> set[Assertion]:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    return {one.assertion for one in mentions if one.words in words or words in one.words}


@pytest.mark.parametrize(("text", "words"), _rows(OPEN))
def test_what_waits_for_its_test_is_possible(text: str, words: str) -> None:
    assert _said(text, words) == {Assertion.POSSIBLE}


@pytest.mark.parametrize(("text", "words"), _rows(LATER))
def test_what_hangs_on_something_is_planned(text: str, words: str) -> None:
    assert _said(text, words) == {Assertion.PLANNED}


@pytest.mark.parametrize(("text", "words"), _rows(OWN))
def test_what_is_treated_or_told_is_his(text: str, words: str) -> None:
    assert _said(text, words) and _said(text, words) <= {Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE}


@pytest.mark.parametrize("row", ["可能痛风,ct未做", "痛风可能性大,ct未做", "考虑痛风,但尿酸未查"])
def test_a_long_row_of_untested_diagnoses_is_read_in_linear_time(row: str) -> None:
    lexicon = Lexicon.load()
    took = []
    for size in (4_000, 32_000):
        text = CleanText.certified(row * (size // len(row)))
        least = float("inf")
        for _ in range(3):  # a collection of garbage may fall into one of them
            began = time.process_time()
            annotate(text, "", lexicon)
            least = min(least, time.process_time() - began)
        took.append(least)
    assert took[1] < 24 * max(took[0], 0.05)
