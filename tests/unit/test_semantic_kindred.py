"""Kindred words: the other words of a group that a question names, how the file is checked, and what they do."""

from __future__ import annotations

from typing import Any

import pytest

from records.errors import BadInput
from semantic.grams import query_terms, weighed
from semantic.kindred import Kindred, kindred
from semantic.ranking import ranking

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
]


@pytest.mark.parametrize(("question", "word"), PAIRS)
def test_the_other_words_of_a_group_stand_beside_the_one_asked(question: str, word: str) -> None:
    assert word in [each for words in kindred().beside(question).values() for each in words]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("肚子疼怎么治", "肚子疼"),  # what the question says itself
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
def test_no_word_of_another_group_comes_along(question: str, word: str) -> None:
    assert word not in [each for words in kindred().beside(question).values() for each in words]


def test_every_kind_of_the_file_has_its_weight() -> None:
    found = kindred()
    kinds = {kind for question, _ in PAIRS for kind in found.beside(question)}
    assert kinds == set(ranking().kindred)
    assert 200 <= len(found) <= 500


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
    found = Kindred({"ask": ["治 疗 医"], "who": ["孩子 小儿"]}).beside("治" * 50_000 + "孩子")
    assert found == {"ask": ("疗", "医"), "who": ("小儿",)}


def test_of_kindred_words_pairs_count_and_never_what_the_question_says() -> None:
    terms, weights = weighed("肚子疼", (), [("腹痛\n肚子痛", 0.5)])
    found = dict(zip(terms.tolist(), weights.tolist(), strict=True))
    own = set(query_terms("肚子疼")[0].tolist())
    assert {term for term, weight in found.items() if weight == 1.0} == own
    added = set(found) - own
    assert len(added) == len({"腹痛", "子痛"})
    assert {found[term] for term in added} == {0.5}
