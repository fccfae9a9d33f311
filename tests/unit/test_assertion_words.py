"""Words that speak of the patient, where no name of a concept helps: 枯叶症, 泽兰灌洗 and 青壳散 are made up."""

from __future__ import annotations

import pytest

from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.reading import read

AWAY = """
滤泡抽吸家属未同意，改日再谈。|滤泡抽吸
建议蜂窝织排置，夫妇考虑后谢绝。|蜂窝织
青壳散暂不用，先观察。|青壳散
未行泽兰灌洗。|泽兰灌洗
泽兰灌洗因费用问题未做。|泽兰灌洗
父亲有枯叶症，已去世。|枯叶症
其兄亦患枯叶症。|枯叶症
枯叶症依据不足。|枯叶症
不像枯叶症。|枯叶症
枯叶症已可除外。|枯叶症
邻床枯叶症，本人仅陪护。|枯叶症
若再加重则泽兰灌洗。|泽兰灌洗
泽兰灌洗无指征。|泽兰灌洗
不考虑枯叶症，按感冒处理。|枯叶症
查枯叶症抗体阴性。|枯叶症
没有用过青壳散。|青壳散
从未得过枯叶症。|枯叶症
"""
KEPT = """
确诊枯叶症三年，否认外伤。|枯叶症
枯叶症十年，未规律复诊。|枯叶症
昨行泽兰灌洗，过程顺利，无出血。|泽兰灌洗
口服青壳散后好转，未再发作。|青壳散
因枯叶症入院，家属陪同。|枯叶症
泽兰灌洗第三次，耐受好。|泽兰灌洗
青壳散用了两周，不能耐受而停。|青壳散
枯叶症，复查未见缩小。|枯叶症
术中见枯叶症样改变，未累及周围。|枯叶症
"""
# Known failures: (still there, taken away though it is the patient's).
STAYS = ["拒绝泽兰灌洗，要求出院。|泽兰灌洗", "青壳散禁用。|青壳散"]
LOST = ["枯叶症无明显诱因加重。|枯叶症", "母亲代诉：患儿枯叶症两年。|枯叶症", "泽兰灌洗后无不适。|泽兰灌洗"]


def _left(text: str) -> str:
    spoken = read(CleanText.from_shelf(text), "", Lexicon.load()).spoken
    assert len(spoken) == len(text)
    assert all(left in (" ", char) for left, char in zip(spoken, text, strict=True))
    return spoken


@pytest.mark.parametrize("line", AWAY.split())
def test_what_is_not_the_patients_own_is_no_word_of_his(line: str) -> None:
    text, word = line.split("|")
    assert word not in _left(text)


@pytest.mark.parametrize("line", KEPT.split())
def test_what_he_has_stays_among_words_of_denial(line: str) -> None:
    text, word = line.split("|")
    assert word in _left(text)


def test_known_failures_stay_known() -> None:
    assert [line for line in STAYS if line.split("|")[1] in _left(line.split("|")[0])] == STAYS
    assert [line for line in LOST if line.split("|")[1] not in _left(line.split("|")[0])] == LOST
