"""Months with days by the others of their line and by what pictures show; rows of values, ratios and ranges stay."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier
from records.entities import Entity
from records.texts import IdentifiedText

DEIDENTIFIER = Deidentifier.load()


def days(text: str) -> set[int]:
    """The places of the characters inside dates."""
    spans = DEIDENTIFIER.spans(IdentifiedText(text))
    return {place for span in spans if span.entity is Entity.DATE for place in range(span.start, span.end)}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("伤口换药 4.6/4.9/4.13，5.2拆线。", ["4.6", "4.9", "4.13", "5.2"]),
        ("血透日期：6.1 6.3 6.5 6.8，干体重61kg", ["6.1", "6.3", "6.5", "6.8"]),
        ("哌拉西林 4.5g q8h（8.7~8.12），后停用。", ["8.7", "8.12"]),
        ("8.11洁治，8.25龈下刮治左侧，9.4刮治右侧，PD 4-6mm", ["8.11", "8.25", "9.4"]),
        ("狂犬苗 0天5.1、3天5.4、7天5.8、14天5.15、28天5.29", ["5.1", "5.4", "5.8", "5.15", "5.29"]),
        ("排班：7.9A 7.10P 7.11N 7.12休", ["7.9", "7.10", "7.11", "7.12"]),
        ("9.6量表：HAMD 22分；9.20复评 12分", ["9.6", "9.20"]),
        ("6.24骨穿；6.26流式回报；6.29开始VA方案", ["6.24", "6.26", "6.29"]),
        ("右颈内CVC，5.28置入，6.6拔除", ["5.28", "6.6"]),
        ("复查胸部CT5.7示双肺炎症较4.28吸收", ["5.7", "4.28"]),
        ("头颅MRI 10.12提示脑桥异常信号", ["10.12"]),
        ("眼内注药：第1针11.5，第2针12.3，第3针1.7。", ["11.5", "12.3", "1.7"]),
        ("手术日4.9，肠道准备已做", ["4.9"]),
        ("胰岛素笔 开启日期4.7　有效至5.5", ["4.7", "5.5"]),
        ("月经6.20来潮，D3查激素", ["6.20"]),
        ("病理回报（7.26）：浸润性导管癌Ⅱ级", ["7.26"]),
        ("小林，5.19的病程还没写", ["5.19"]),
        ("定于9月26日下午两点讨论", ["9月26日下午两点"]),
        ("4.18拟行射频，术前禁食", ["4.18"]),
        ("输液登记 2.3、2.5、2.11、2.19 均无反应", ["2.3", "2.5", "2.11", "2.19"]),
    ],
)
def test_days_by_their_line_and_pictures(text: str, values: list[str]) -> None:
    found, at = days(text), 0
    for value in values:
        at = text.index(value, at)
        assert set(range(at, at + len(value))) <= found, value
        at += len(value)


@pytest.mark.parametrize(
    "text",
    [
        "甲功：FT3 4.12，FT4 11.8，TSH 8.31↑，TPOAb >600",
        "血钾 3.2、3.5、3.8，补钾后复查4.1",
        "WBC 3.2→4.5→5.11×10^9/L",
        "CA125 12.5，CA199 9.14，CEA 2.3",
        "乳酸 7.8、5.12、3.4、2.1，逐渐下降",
        "肌酐较3.5升高，血糖较7.12下降",
        "K 3.5 Na 138 Ca 2.11 P 1.2",
        "瞳孔3.5mm，左3.12mm",
        "INR 1.8～2.12，华法林2.5mg",
        "pH 7.3，BE 2.11，Lac 3.4",
        "体温36.5，血糖6.1、7.12、8.3mmol/L",
        "LDL 2.3，HDL 1.12，TG 3.4",
        "第1针0.5ml，第2针0.5ml",
        "参考范围 3.5-5.5，1.8~2.6",
        "裂孔直径4.5mm，囊肿2.3cm×1.12cm",
        "C3 1.12，C4 0.25，IL-6 3.5",
        "Apgar 9-10-10，脐动脉pH 7.25",
        "滴速2.5，调至3.12 ml/h",
        "评分3.5，平均4.11",
        "胆红素 5.8、7.12、9.3（mg/dl）",
    ],
)
def test_rows_of_values_stay(text: str) -> None:
    assert not days(text)
