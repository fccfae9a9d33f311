"""What dates of many writings say, what is no day beside them, and that many are read in linear time."""

from __future__ import annotations

import time
from datetime import date

import pytest

from deid.api import Deidentifier
from deid.calendar import read
from deid.recognizers.tagged import Tagged
from deid.registry import recognizers
from records.entities import Entity
from records.texts import IdentifiedText
from tests.unit.test_deid_recognizers import unmark

RULES = Deidentifier([r for r in recognizers() if not isinstance(r, Tagged) and not r.name.startswith("person")])


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("03/12-03/15", date(2026, 3, 12)),
        ("10.12-10.15", date(2026, 10, 12)),
        ("2023", date(2023, 1, 1)),
        ("11月3曰", date(2026, 11, 3)),
    ],
)
def test_the_first_day_of_a_range_and_a_year_are_read(value: str, day: date) -> None:
    reading = read(value, date(2026, 11, 1))
    assert reading is not None
    assert reading.day == day


@pytest.mark.parametrize("value", ["’08.7", "0317夜11点", "大年初三"])
def test_what_names_no_day_for_sure_is_not_read(value: str) -> None:
    assert read(value, date(2026, 11, 1)) is None


def test_what_a_ward_beside_it_leaves_of_a_day_in_words_is_masked() -> None:
    spans = Deidentifier.load().spans(IdentifiedText("初九夜里外二区11床换药"))
    assert {0, 1, 2} <= {at for span in spans if span.entity is Entity.DATE for at in range(span.start, span.end)}


@pytest.mark.parametrize("piece", ["3.1", "2023年", "初九", "①27日 6.1 ", "11,O1 ", "_3_月", "今年", "五一"])
def test_many_of_them_are_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    RULES.spans(IdentifiedText(piece * 500))
    once = time.process_time() - started
    started = time.process_time()
    RULES.spans(IdentifiedText(piece * 2000))
    assert time.process_time() - started < 12 * once + 1


@pytest.mark.parametrize(
    "text",
    [
        "06-24 20:00　⟦3-22床⟧牟国庆家属吸烟", "06-24 20:00 ⟦3-22床⟧ 王伟诉痛",
        "6-23 查房 ⟦2-05床⟧李梅", "07:30 ⟦4-12床⟧ 周敏 测温",
        "3-14\n⟦1-08床⟧ 赵强 转出", "2-3 14:00 ⟦5-16床⟧，孙丽 外出", "10-08 ⟦6-21床⟧吴刚 欠费",
    ],
)  # fmt: skip
def test_a_bed_with_its_ward_is_no_day(text: str) -> None:
    value, wanted = unmark(text)
    spans = RULES.spans(IdentifiedText(value))
    ((start, end),) = wanted
    assert [span.entity for span in spans if span.start <= start and end <= span.end] == [Entity.MEDICAL_ID]


@pytest.mark.parametrize("text", ["3-22 床旁超声", "6-18 床边胸片"])
def test_a_day_before_an_examination_at_the_bed_is_one(text: str) -> None:
    assert not [span for span in RULES.spans(IdentifiedText(text)) if span.entity is Entity.MEDICAL_ID]
