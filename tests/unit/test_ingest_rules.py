"""Rule checks on recognised lines."""

from __future__ import annotations

import pytest

from ingest.ocr.engine import OcrLine
from ingest.ocr.rules import check, reflagged, repaired, simplified

REPAIRS = [
    ("空腹血糖16.59mmo1/L", "空腹血糖16.59mmol/L"),
    ("Cr 460.8μmo1/L", "Cr 460.8μmol/L"),
    ("8.0  umol/L", "8.0  μmol/L"),
    ("出血约30m1，未输血", "出血约30ml，未输血"),
    ("G1asgow昏迷评分13分", "Glasgow昏迷评分13分"),
    ("Hem-o-1ok夹闭", "Hem-o-lok夹闭"),
    ("Sp02 93%", "SpO2 93%"),
    ("穿刺建立C02气腹", "穿刺建立CO2气腹"),
    ("尿酮体（一）。", "尿酮体（－）。"),
    ("T37.6C，", "T37.6℃，"),
    ("√4～√6导联", "V4～V6导联"),
    ("压低0.10m√，", "压低0.10mV，"),
    ("古下腹压痛", "右下腹压痛"),
    ("病理诊断号：一", "病理诊断号：—"),
    ("1.04〜1.55", "1.04～1.55"),
]
UNTOUCHED = [
    "（一）一般情况：神志清。",
    "糖化血红蛋白 HbA1c 7.1%",
    "CA125 35U/ml，CA199 21U/ml",
    "10年前行胆囊切除术（具体不详）",
    "L1椎体压缩性骨折，予B1、B12营养神经",
    "吸氧2L/min，SpO2 98%",
    "古稀之年",
]


@pytest.mark.parametrize(("read", "meant"), REPAIRS)
def test_misread_units_and_look_alikes_are_put_right(read: str, meant: str) -> None:
    assert repaired(read) == meant


@pytest.mark.parametrize("text", UNTOUCHED)
def test_right_text_is_left_alone(text: str) -> None:
    assert repaired(text) == text


def test_repairing_twice_changes_nothing_more() -> None:
    for read, _ in REPAIRS:
        assert repaired(repaired(read)) == repaired(read)


def test_stray_variants_are_simplified_but_a_page_in_them_is_not() -> None:
    page = ["患者神志清楚，精神可，饮食睡眠可，二便正常，体重无明显变化。" * 3, "皮溫升高，性別男"]
    assert simplified(page)[1] == "皮温升高，性别男"
    other = ["門診病歷：頭暈、聽力減退"]
    assert simplified(other) == other


FLAGS = [
    ("肌酐  168  ↓  μmol/L  57-97", "value", "肌酐  168  ↑  μmol/L  57-97", "flag_recomputed"),
    ("肌酐  168  ↑  μmol/L  57-97", "value", "肌酐  168  ↑  μmol/L  57-97", ""),
    ("肌酐  168  μmol/L  57-97", "value", "肌酐  168  ↑  μmol/L  57-97", "flag_recomputed"),
    ("肌酐  168  μmol/L  57-97", "end", "肌酐  168  μmol/L  57-97  ↑", "flag_recomputed"),
    ("肌酐  168  μmol/L  57-97", "", "肌酐  168  μmol/L  57-97", ""),
    ("肌酐  80  ↑  μmol/L  57-97", "value", "肌酐  80  ↑  μmol/L  57-97", "flag_unexplained"),
    ("血红蛋白  98↑  g/L  115～150", "value", "血红蛋白  98↓  g/L  115～150", "flag_recomputed"),
    ("滤过率  51  mL/min  ≥90  ↑", "end", "滤过率  51  mL/min  ≥90  ↓", "flag_recomputed"),
    ("尿蛋白  <0.05  g/L  0-0.15", "value", "尿蛋白  <0.05  g/L  0-0.15", ""),
    (
        "1  HDL-C  高密度脂蛋白  1.41  mmol/L  1.04～1.55",
        "value",
        "1  HDL-C  高密度脂蛋白  1.41  mmol/L  1.04～1.55",
        "",
    ),
    ("入院日期：2023-01-02  出院日期：2023-01-09", "value", "入院日期：2023-01-02  出院日期：2023-01-09", ""),
]


@pytest.mark.parametrize(("row", "arrows", "expected", "doubt"), FLAGS)
def test_flags_follow_value_and_range(row: str, arrows: str, expected: str, doubt: str) -> None:
    assert reflagged(row, arrows) == (expected, doubt)  # type: ignore[arg-type]


def test_low_confidence_and_odd_numbers_are_doubted() -> None:
    lines = [OcrLine("血压 12O/80mmHg", 0.99, (0, 0, 9, 9)), OcrLine("一切正常", 0.80, (0, 10, 9, 19))]
    assert [item.doubts for item in check(lines)] == [("odd_number",), ("low_confidence",)]


def test_a_line_shows_no_text_in_its_repr() -> None:
    assert "张三" not in repr(OcrLine("姓名：张三", 0.9, (0, 0, 1, 1)))
