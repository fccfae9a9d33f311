"""Kindred words: the groups that a text names, how the file is checked, and how they are looked up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from records.errors import BadInput
from semantic.grams import terms_of
from semantic.kindred import Kindred, kindred
from semantic.lexical import Bm25, LexicalRules, Part, build_postings

PAIRS = [
    ("肚子疼怎么治", "腹痛"),
    ("腹痛", "肚子疼"),
    ("孩子拉肚子", "腹泻"),
    ("孩子拉肚子", "患儿"),
    ("睡不着", "失眠"),
    ("喘不上气", "呼吸困难"),
    ("浑身没劲", "乏力"),
    ("老是打嗝", "嗳气"),
    ("嗓子疼", "咽痛"),
    ("得了病能活多久", "预后"),
    ("会不会遗传给孩子", "遗传性"),
    ("要花多少钱", "费用"),
    ("怀上了还能吃药吗", "妊娠"),
    ("坐月子能洗头吗", "产后"),
    ("做b超要空腹吗", "超声"),
    ("能不能喝酒", "饮酒"),
    ("为什么掉头发", "脱发"),
    ("例假不来", "月经"),
    ("挂水好还是吃药好", "输液"),
    ("打预防针以后发烧", "接种"),
    ("打预防针以后发烧", "发热"),
    ("夜里腿抽筋", "痉挛"),
    ("多久能痊愈", "治愈"),
    ("宝宝不爱吃奶", "哺乳"),
    ("吃哪种水果好", "猕猴桃"),
    ("能不能吃粗粮", "燕麦"),
    ("络活喜可以停吗", "降压药"),
    ("胃药吃哪种", "铝碳酸镁"),
    ("打干扰素有用吗", "抗病毒"),
    ("和丈夫一块吃药", "联合"),
    ("肋下疼", "右上腹"),
    ("耽搁治疗会怎样", "延误"),
    ("会不会一辈子吃药", "终身"),
    ("脑科好还是骨科好", "神经内科"),
    ("我弟弟也有", "家属"),
]


def shared(one: str, other: str) -> bool:
    """Whether two texts name one group."""
    return bool(np.intersect1d(kindred().senses([one])[0], kindred().senses([other])[0]).size)


@pytest.mark.parametrize(("question", "word"), PAIRS)
def test_the_words_of_a_group_are_one_term(question: str, word: str) -> None:
    assert shared(question, word)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("睡眠不足", "入睡"),  # the longer word is meant
        ("大腿根疼", "小腿"),
        ("牙龈出血", "渗血"),
        ("胃镜要做多久", "胃痛"),
        ("戒酒以后", "白酒"),
        ("产后妇女", "剖宫产"),
        ("阑尾炎", "炎症"),
        ("", "腹痛"),
    ],
)
def test_no_word_of_another_group_is_named(question: str, word: str) -> None:
    assert not shared(question, word)


def test_the_file_has_several_hundred_groups() -> None:
    assert 200 <= len(kindred()) <= 700


@pytest.mark.parametrize(
    "table",
    [
        {"ask": "治疗 疗法"},
        {"ask": [["治疗", "疗法"]]},
        {"ask": ["治疗"]},
        {"ask": ["治疗 疗法", "治法 疗法"]},
        {"ask": ["治疗 疗法", ""]},
        {"ask": ["治疗 治疗"]},
        {"ask": ["核磁 MRI"]},
        {"ask": ["核磁 mri"]},
        {"ask": ["核磁 ＣＴ检查"]},
        {"ask": ["治疗 这个病到底应该怎么治才好"]},
    ],
)
def test_a_line_that_is_no_group_is_refused_in_one_sentence(table: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"^data/search/words\.toml, 'ask': [^\n]+\.$"):
        Kindred(table)


def test_a_long_question_is_read_once_through() -> None:
    terms, owners = Kindred({"ask": ["治 疗 医"], "who": ["孩子 小儿"]}).senses(["小儿", "治" * 50_000 + "孩子"])
    assert len(set(terms.tolist())) == 2
    assert np.bincount(owners).tolist() == [1, 50_001]
    assert terms[0] == terms[-1]


def test_a_group_is_found_by_any_of_its_words_makes_no_passage_longer_and_may_be_denied() -> None:
    texts, spoken = ["患儿腹痛", "无腹痛，有咳嗽", "患儿咳嗽"], ["患儿腹痛", "无  ，有咳嗽", "患儿咳嗽"]
    postings = build_postings(texts, spoken)
    assert postings.lengths.tolist() == np.bincount(terms_of(texts)[1]).tolist()
    terms, _ = kindred().senses(["肚子疼"])
    rules = LexicalRules(1.2, 0.75, 1.0)
    for unsaid, expected in ((0.0, [True, False, False]), (1.0, [True, True, False])):
        found = Bm25([Part.of(postings, None)], terms, np.ones(len(terms)), rules, unsaid=unsaid).score(0)
        assert (found.scores > 0).tolist() == expected
        assert not found.cover.any()
