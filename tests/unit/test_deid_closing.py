"""Values that damage tore apart are read across the gaps; whole texts are left as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.api import Deidentifier
from deid.closing import close, damaged
from records.texts import IdentifiedText

_TORN = "转 院小结\n姓 名 郭 素芬 于O3月l5日由⟦{}⟧转来，予服 务台登记。既往史: 高血 压l0年，吸 烟2O年。\n"
_VALUES = (
    "成都市 第三人民 医院",
    "湛江市 急救医疗 指挥 中心",
    "枣阳市 第一人民医\n院",
    "喀什地区传 染病 医院",
    "绿园区 春城社 区卫生服 务中心",
)


@pytest.mark.parametrize("value", _VALUES)
def test_an_institution_torn_by_gaps_is_covered_whole(value: str) -> None:
    text = _TORN.format(value)
    assert damaged(text)
    start = text.index("⟦") + 1
    text = text.replace("⟦", "").replace("⟧", "")
    start -= 1
    masked = {
        place for span in Deidentifier.load().spans(IdentifiedText(text)) for place in range(span.start, span.end)
    }
    assert {place for place in range(start, start + len(value)) if not text[place].isspace()} <= masked


def test_a_line_set_with_a_blank_after_each_character_is_read_as_one() -> None:
    text = "潍 坊 渤 海 心 血 管 病 医 院\nC T 检 查 报 告 单 首 页\n临 床 诊 断 待 查 胸 痛\n"
    masked = {
        place for span in Deidentifier.load().spans(IdentifiedText(text)) for place in range(span.start, span.end)
    }
    assert {place for place in range(text.index("\n")) if not text[place].isspace()} <= masked


def test_a_heading_before_an_institution_stays() -> None:
    text = "血液透析治疗记录单 建昌县人民医院\n姓 名 郭 素芬 入 院O3月l5日，服 务台登 记，高血 压l0年，吸 烟2O年。\n"
    masked = {
        place for span in Deidentifier.load().spans(IdentifiedText(text)) for place in range(span.start, span.end)
    }
    assert masked.isdisjoint(range(len("血液透析治疗记录单")))
    assert set(range(text.index("建"), text.index("\n"))) <= masked


@pytest.mark.parametrize("number", ["l38l9652 2\n40", "l 5O 44O1 99 38", "139797O8\n831"])
def test_a_telephone_torn_by_gaps_is_covered_whole(number: str) -> None:
    text = f"出 院后随访。O8月2l日复 查，住院 天数l2天，家属 联系电话{number}\n医 师签名 秦 光 灿\n"
    start = text.index(number)
    masked = {
        place for span in Deidentifier.load().spans(IdentifiedText(text)) for place in range(span.start, span.end)
    }
    assert {place for place in range(start, start + len(number)) if not text[place].isspace()} <= masked


@pytest.mark.parametrize(
    "text",
    [
        "姓 名 王 五  性 别 男  年 龄 46岁",
        "出 院 记 录\n患者因反复咳嗽3天入院，查体：T 36.8℃，P 80次/分。",
        "WBC 6.1 N 70 L 20 Hb 120 PLT 210\nALT 23 AST 30 Cr 66",
        "",
    ],
)
def test_a_whole_text_stays_open(text: str) -> None:
    assert close(text) is None


@given(st.text(alphabet="医院社区服务 \n0OolI:.-9王", max_size=80))
def test_every_character_of_the_closed_text_knows_its_place(text: str) -> None:
    closed = close(text)
    if closed is not None:
        for place, char in enumerate(closed.text):
            start, end = closed.span(place, place + 1)
            assert text[start:end] == char
        assert set(text) - set(closed.text) <= {" ", "\n"}
