"""How long something lasts or how long ago it was, in records and in questions."""

from __future__ import annotations

import math

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon
from semantic.elapsed import ONSET, elapsed
from semantic.elapsed_asked import lasting
from semantic.lexicon_fold import flatten

LEXICON = Lexicon.load()

# text | words of the mention (- for none, * for the beginning of all) | days
TOLD = """
2型糖尿病3年 | 2型糖尿病 | 1095
高血压病史20余年 | 高血压病 | 7446
10年糖尿病史 | 糖尿病 | 3650
糖尿病，病史12年 | 糖尿病 | 4380
前壁心肌梗死已四年 | 前壁心肌梗死 | 1460
脑梗死第5天入院 | 脑梗死 | 5
八年前剖宫产，本次39周自然发动 | 剖宫产 | 2920
3天前突发心肌梗死 | 心肌梗死 | 3
肾移植术后一年半 | 肾移植术 | 547.5
左侧偏瘫2h到院 | 偏瘫 | 0.083
发病2小时，右侧无力 | * | 0.083
戒酒三个月 | 戒酒 | 90
糖尿病史三四年 | 糖尿病 | 1277
高血压七八年 | 高血压 | 2737
先天性心脏病术后32周 | 先天性心脏病 | 224
15-year history of hypertension | hypertension | 5475
MI 5 years ago | MI | 1825
asthma for ten years | asthma | 3650
糖尿病，每3月复查 | - |
2周后复查肺炎 | - |
哮喘3岁起病 | - |
2020年3月诊断糖尿病 | - |
化疗3周期 | - |
呕吐，4h后视力降 | - |
孕32周妊娠期糖尿病 | - |
肺炎，3天后再复查 | - |
孕38+2周妊娠期糖尿病 | - |
早产儿32周 | - |
先兆子痫32周 | - |
糖尿病足3天换药一次 | - |
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TOLD.strip().splitlines()]


@pytest.mark.parametrize(("text", "words", "days"), ROWS, ids=[row[0] for row in ROWS])
def test_a_time_belongs_to_what_it_stands_beside(text: str, words: str, days: str) -> None:
    mentions = annotate(CleanText.from_shelf(text), "", LEXICON)
    found = list(elapsed(flatten(text), mentions))
    if words == "-":
        assert found == []
        return
    if words == "*":
        assert [name for name, *_ in found] == [ONSET]
    else:
        assert {owner.words for _, owner, _ in found if owner} == {words}
    assert [value for *_, value in found] == pytest.approx([float(days)] * len(found), rel=0.01)


def test_a_time_is_said_as_its_mention_is() -> None:
    text = CleanText.from_shelf("父亲患糖尿病20年。本人高血压3年")
    kept = {m.concept: m.assertion for m in annotate(text, "", LEXICON, values=True) if m.concept.startswith("=since/")}
    assert kept == {
        "=since/diabetes-mellitus:7300": Assertion.FAMILY,
        "=since/hypertension:1095": Assertion.PRESENT,
    }


# question | words of the wish | low | high | ends that count | whether it counts from the beginning of an illness
ASKED = """
糖尿病病史十年以上 | 糖尿病 | 3650 | inf | low |
患银屑病十年以上 | 银屑病 | 3650 | inf | low |
Diabetes known for ten years or longer | Diabetes | 3650 | inf | low |
高血压超过10年 | 高血压 | 3650 | inf | |
发病4.5小时以内就诊的脑梗死 | 脑梗死 | -inf | 0.1875 | high | began
stroke seen within 4.5 hours of onset | stroke | -inf | 0.1875 | high | began
myocardial infarction more than five years ago | myocardial infarction | 1825 | inf | |
epilepsy for at least two years | epilepsy | 730 | inf | low |
切脾已满五年以上 | 切脾 | 1825 | inf | low |
最近半年内剖宫产的产妇 | 剖宫产 | -inf | 182.5 | high |
近两周内刚发生心肌梗死的病人 | 心肌梗死 | -inf | 14 | high |
化疗不满一年的淋巴瘤 | 化疗 | -inf | 365 | high |
72小时内的脑梗死 | 脑梗死 | -inf | 3 | high |
AKI within 7 days of cardiac surgery | cardiac surgery | -inf | 7 | high |
"""
QUESTIONS = [[cell.strip() for cell in line.split("|")] for line in ASKED.strip().splitlines()]


@pytest.mark.parametrize(("text", "words", "low", "high", "ends", "began"), QUESTIONS, ids=[q[0] for q in QUESTIONS])
def test_a_time_with_a_limit_is_asked(text: str, words: str, low: str, high: str, ends: str, began: str) -> None:
    (time,) = lasting(flatten(text), LEXICON.ask(text), LEXICON)
    bounds = time.bounds
    assert time.wish.words == words
    assert (bounds.low, bounds.high) == pytest.approx((float(low), float(high)))
    assert " ".join(name for name, there in (("low", bounds.low_in), ("high", bounds.high_in)) if there) == ends
    assert time.began is bool(began)
    assert math.isinf(bounds.low) is not math.isinf(bounds.high)


NO_TIMES = (
    "近3年的糖尿病患者|孕32周以前出生的早产儿|手术后一周内出现谵妄|anaemia in women over 60|HbA1c above 9%|糖尿病3年|"
    "diabetes below 40|孕周小于34周的早产|早产(小于34周)|asthma within the last 3 years|"
    "leak within thirty days of an operation|十年以上"
)


@pytest.mark.parametrize("text", NO_TIMES.split("|"))
def test_what_limits_no_time_of_a_wish_is_none(text: str) -> None:
    assert list(lasting(flatten(text), LEXICON.ask(text), LEXICON)) == []


def test_a_long_question_is_read_once() -> None:
    """Tried in every way it can be taken apart it would not be read in a lifetime."""
    text = "糖尿病" + "刚" * 900 + "x三年以上"
    assert len(list(lasting(flatten(text), LEXICON.ask(text), LEXICON))) == 1
    assert list(elapsed(f"糖尿病 3{' ' * 4000}x", [])) == []
