"""Slots: numbering across sections, dates from the anchor, forged brackets made harmless."""

from __future__ import annotations

import re
from datetime import date

import pytest

from deid.api import Deidentifier, Known, Numbering
from deid.calendar import read
from records.entities import Entity
from records.texts import IdentifiedText

DEID = Deidentifier.load()
ANCHOR = date(2023, 3, 1)


def _clean(text: str, numbering: Numbering | None = None) -> str:
    return DEID.deidentify(IdentifiedText(text), anchor=ANCHOR, numbering=numbering).text.value


def test_the_same_value_is_the_same_slot_in_all_sections() -> None:
    numbering = Numbering()
    first = _clean("记录者：钱多多。电话：13800138000", numbering)
    second = _clean("电话：138 0013 8000。审核者：夏天", numbering)
    assert first == "记录者：〔医师#1〕。电话：〔电话#1〕"
    assert second == "电话：〔电话#1〕。审核者：〔医师#2〕"


def test_several_texts_at_once_are_as_one_after_the_other() -> None:
    texts = [IdentifiedText(f"患者：{name}。电话：138001380{at:02}") for at, name in enumerate(["钱多多", "夏天"] * 40)]
    texts[7:7] = [IdentifiedText(""), IdentifiedText("无特殊"), IdentifiedText("\ud800 2023年3月5日")]
    texts.append(IdentifiedText("无特殊。" * 30_000 + "患者：钱多多"))
    known = [Known(Entity.PERSON, IdentifiedText("夏天"))]
    cases = [(text, known if at % 3 else []) for at, text in enumerate(texts)]
    assert DEID.spans_of(cases) == [DEID.spans(text, values) for text, values in cases]
    together, apart = Numbering(), Numbering()
    done = DEID.deidentify_all(texts, known, ANCHOR, together)
    assert [one.text.value for one in done] == [
        DEID.deidentify(text, known, ANCHOR, apart).text.value for text in texts
    ]
    assert list(together.found) == list(apart.found)
    assert DEID.deidentify_all([]) == []


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("2023年3月5日", "〔日期+4〕"),
        ("2023-02-26", "〔日期-3〕"),
        ("2023年4月", "〔日期+31~月〕"),
        ("2020年", "〔日期-1155~年〕"),
        ("农历八月十五", "〔日期?〕"),
        ("二〇二三年三月十一日", "〔日期+10〕"),
        ("2023年3月5日14:30", "〔日期+4〕"),
    ],
)
def test_dates_become_days_from_the_anchor(text: str, slot: str) -> None:
    assert _clean(f"于{text}入院") == f"于{slot}入院"


def test_a_day_without_a_year_takes_that_of_the_date_before() -> None:
    assert _clean("2022年12月30日入院，12月31日手术") == "〔日期-61〕入院，〔日期-60〕手术"


def test_brackets_in_the_source_cannot_forge_a_slot() -> None:
    assert _clean("旧文〔患者#9〕如此") == "旧文[患者#9]如此"


def test_without_an_anchor_no_date_is_told() -> None:
    assert DEID.deidentify(IdentifiedText("于2023年3月5日入院")).text.value == "于〔日期?〕入院"


@pytest.mark.parametrize(
    ("text", "day", "unit"),
    [
        ("20230618", date(2023, 6, 18), ""),
        ("5 Mar 2021", date(2021, 3, 5), ""),
        ("2O23年O3月l5日", date(2023, 3, 15), ""),
        ("98年5月", date(1998, 5, 1), "月"),
        ("12/31/2020", date(2020, 12, 31), ""),
    ],
)
def test_calendar_reads_forms(text: str, day: date, unit: str) -> None:
    assert read(text, None) == (day, unit)


def test_calendar_never_guesses_an_impossible_day() -> None:
    assert read("2023年2月30日", None) is None


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("审核医师：钱多多、夏天", "医师 医师"),
        ("麻醉医师签名：钱多多", "医师"),
        ("主任：钱多多。家属：夏天", "医师 亲属"),
        ("记录者: 钱多多  联系人：夏天", "医师 亲属"),
    ],
)
def test_whoever_a_label_of_the_staff_stands_before_works_there(text: str, slots: str) -> None:
    found = re.findall("〔(.{2})#", DEID.deidentify(IdentifiedText(text)).text.value)
    assert found == slots.split()
