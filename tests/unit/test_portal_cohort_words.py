"""A cohort in words: one sentence per step, in both languages, of any definition."""

from __future__ import annotations

import random

import pytest

from portal.ui.cohort_words import steps_in_words
from portal.ui.texts import LANGUAGES, texts
from semantic.cohort_definition import CohortDefinition
from tests.properties.test_semantic_cohort_oracle import definition

FULL = """
[who]
sex = "F"
age_min = 40
department = ["内分泌科"]
since = 2022

[start]
concept = "糖尿病"

[[include]]
concept = "eGFR < 60"
to_day = 730

[[include]]
at_least = 2
of = ["高血压", { concept = "糖尿病", reach = "complications" }, "冠心病"]

[[exclude]]
concept = "肺癌"
says = ["family"]
before = "糖尿病"
within_days = 30
"""


def test_everything_is_said_in_chinese_and_in_english() -> None:
    one = CohortDefinition.parse(FULL)
    zh, en = (steps_in_words(texts(language), one) for language in ("zh", "en"))
    assert zh[1:4] == [
        "人群与时间：内分泌科 且 女 且 40–… 岁 且 2022–… 年",
        "起始事件：首次糖尿病（第 0 天）",
        "具有 eGFR < 60 ，首次在起始事件第 … 至 730 天",
    ]
    assert zh[4] == "具有 至少 2 项：高血压 或 糖尿病（其并发症） 或 冠状动脉粥样硬化性心脏病"
    assert zh[5] == "排除 肺癌 ［家族史］ ，首次在首次糖尿病之前 0–30 天"
    assert en[2] == "Start event: first diabetes mellitus (day 0)"
    assert "at least 2 of: hypertension or diabetes mellitus" in en[4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_one_sentence_for_each_step_of_any_definition(language: str) -> None:
    rng = random.Random(7)
    for _ in range(200):
        one = definition(rng)
        steps = steps_in_words(texts(language), one)
        expected = 1 + (one.who != type(one.who)()) + (one.start is not None) + len(one.include) + len(one.exclude)
        assert len(steps) == expected
        assert all(step.strip() and "{" not in step for step in steps)
