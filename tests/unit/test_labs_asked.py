"""Limits of values in questions and criteria, and the names under which an edition keeps values."""

from __future__ import annotations

import math

import pytest

from semantic.lab_values import Bounds, is_value, kept_as
from semantic.labs import load_labs
from semantic.labs_asked import criterion, limits_in
from semantic.lexicon_fold import fold

# what is written | test | low | high | ends that count | nearest finding (- for none)
LIMITS = """
eGFR < 45 | egfr | -inf | 45 | | egfr-low
eGFR < 60 ml/min/1.73m2 | egfr | -inf | 60 | | egfr-low
HbA1c≥9% | hba1c | 9 | inf | low | hba1c-high
糖化血红蛋白不低于9% | hba1c | 9 | inf | low | hba1c-high
HbA1c<7% | hba1c | -inf | 7 | | -
血钾高于 5.5 mmol/L | potassium | 5.5 | inf | | hyperkalemia
血红蛋白60以下 | hemoglobin | -inf | 60 | high | severe-anemia
haemoglobin between 60 and 90 g/L | hemoglobin | 60 | 90 | low high | anemia
Hb 60-90 | hemoglobin | 60 | 90 | low high | anemia
血红蛋白在6到9g/dl之间 | hemoglobin | 60 | 90 | low high | anemia
血肌酐超过5mg/dl | creatinine | 442 | inf | | severe-azotemia
PLT掉到20以下 | platelet | -inf | 20 | high | severe-thrombocytopenia
血小板少于2万 | platelet | -inf | 20 | | severe-thrombocytopenia
potassium of 6.5 or more | potassium | 6.5 | inf | low | severe-hyperkalemia
ejection fraction of 35% or less | lvef | -inf | 35 | high | reduced-lvef
neutrophil count below 0.5 ×10^9/L | neutrophil-count | -inf | 0.5 | | leukopenia
中性粒细胞绝对值不足0.5 | neutrophil-count | -inf | 0.5 | | leukopenia
收缩压≥180mmHg | systolic | 180 | inf | low | blood-pressure-high
体温39度以上 | temperature | 39 | inf | low | fever
NIHSS 15分以上 | nihss | 15 | inf | low | signs-of-stroke
FSH at least 40 | fsh | 40 | inf | low | -
骨密度T值小于负2.5 | t-score | -inf | -2.5 | | osteoporosis
左室射血分数（LVEF）不到 40% | lvef | -inf | 40 | | reduced-lvef
low platelet count (below 100) | platelet | -inf | 100 | | thrombocytopenia
AMH<1.1 | amh | -inf | 1.1 | | diminished-ovarian-reserve
血红蛋白 70 g/L 以下 | hemoglobin | -inf | 70 | high | severe-anemia
hemoglobin less than 8 | hemoglobin | -inf | 80 | | severe-anemia
WBC>12000 | wbc | 12 | inf | | leukocytosis
血压高于180/110 | systolic | 180 | inf | | blood-pressure-high
BP of 140/90 or more | systolic | 140 | inf | low | blood-pressure-high
blood pressure below 90/60 | systolic | -inf | 90 | | hypotension
BP > 180mmHg/110mmHg | systolic | 180 | inf | | blood-pressure-high
总胆汁酸>40 | bile-acid | 40 | inf | | -
血压>160 | systolic | 160 | inf | | blood-pressure-high
CRP no more than 10 | crp | -inf | 10 | high | -
"""
TABLE = [[cell.strip() for cell in line.split("|")] for line in LIMITS.strip().splitlines()]


@pytest.mark.parametrize(("words", "test", "low", "high", "ends", "finding"), TABLE, ids=[row[0] for row in TABLE])
def test_a_limit_is_read(words: str, test: str, low: str, high: str, ends: str, finding: str) -> None:
    (found,) = limits_in(load_labs(), fold(words))
    bounds = found.bounds
    assert bounds.tests[0] == test
    assert (bounds.low, bounds.high) == pytest.approx((float(low), float(high)))
    assert " ".join(name for name, there in (("low", bounds.low_in), ("high", bounds.high_in)) if there) == ends
    assert (found.nearest or "-") == finding


@pytest.mark.parametrize(
    "words",
    [
        "血钾升高",
        "eGFR",
        "糖尿病 < 60",
        "anaemia in women over 60",
        "肌酐复查",
        "血压180/110",
        "Hb 90-60",
        "血压>100",
        "肌酐>180/110",
    ],
)
def test_what_is_no_limit_is_none(words: str) -> None:
    assert list(limits_in(load_labs(), fold(words))) == []


def test_findings_beyond_the_limit_imply_it() -> None:
    (found,) = limits_in(load_labs(), fold("血钾 > 5.5"))
    assert found.implying == ("hyperkalemia", "severe-hyperkalemia")
    (found,) = limits_in(load_labs(), fold("血钾 > 6"))
    assert (found.implying, found.short) == (("severe-hyperkalemia",), "hyperkalemia")
    (found,) = limits_in(load_labs(), fold("Hb 60-90"))
    assert found.implying == ()


def test_a_criterion_is_a_limit_and_nothing_else() -> None:
    found = criterion(load_labs(), "eGFR < 42")
    assert found is not None
    assert found.bounds == Bounds(("egfr",), high=42)
    assert criterion(load_labs(), "血钾 > 5.5").bounds.contrary[0] == "hypokalemia"  # type: ignore[union-attr]
    for words in ("糖尿病 < 60", "eGFR", "低 eGFR < 42", "eGFR < 42 的患者"):
        assert criterion(load_labs(), words) is None


def test_a_pressure_is_beyond_a_limit_in_either_number() -> None:
    found = criterion(load_labs(), "血压≥180/110mmHg")
    assert found is not None
    names = sorted(
        [kept_as("systolic", 178), kept_as("diastolic", 112), kept_as("systolic", 182), kept_as("diastolic", 90)]
    )
    within, outside = found.bounds.among(names)
    assert set(within) == {"=systolic:182", "=diastolic:112"} and set(outside) == {"=systolic:178", "=diastolic:90"}


@pytest.mark.parametrize(
    ("words", "tests", "implying"),
    [
        ("HbA1c > 9 % or eGFR < 30", ["hba1c", "egfr"], ()),
        (
            "血糖>20、血钾>6或血钠<120",
            ["random-glucose", "potassium", "sodium"],
            ("severe-hyperkalemia", "severe-hyponatremia"),
        ),
        ("收缩压≥180和/或舒张压≥110", ["systolic", "diastolic"], ()),
        ("血钾<2.5或>6.5", ["potassium", "potassium"], ("severe-hyperkalemia", "severe-hypokalemia")),
    ],
)
def test_limits_may_be_joined(words: str, tests: list[str], implying: tuple[str, ...]) -> None:
    (found,) = limits_in(load_labs(), fold(words))
    assert [one.tests[0] for one in (found.bounds, *found.bounds.also)] == tests
    assert set(found.implying) == set(implying) and found.short is None and not found.bounds.contrary
    assert criterion(load_labs(), words) == found


def test_of_joined_limits_values_elsewhere_tell_nothing() -> None:
    found = criterion(load_labs(), "HbA1c > 9 % or eGFR < 30")
    assert found is not None
    within, outside = found.bounds.among(sorted([kept_as("hba1c", 9.5), kept_as("egfr", 20), kept_as("egfr", 80)]))
    assert set(within) == {"=hba1c:9.5", "=egfr:20"} and outside == ()


@pytest.mark.parametrize("words", ["HbA1c > 9 % and eGFR < 30", "HbA1c > 9 % or 糖尿病", "HbA1c > 9 %, eGFR < 30"])
def test_what_is_not_joined_is_no_criterion(words: str) -> None:
    assert criterion(load_labs(), words) is None


def test_bounds_choose_among_the_names_of_values() -> None:
    names = sorted(
        [*(kept_as("albumin", value) for value in (28.04, 30, 31, 4.5)), kept_as("alb", 1), "albumin-low", "zoster"]
    )
    assert [name for name in names if is_value(name)] == names[:5]
    within, outside = Bounds(("albumin",), low=4.5, high=30, high_in=True).among(names)
    assert set(within) == {"=albumin:28.04", "=albumin:30"}
    assert set(outside) == {"=albumin:31", "=albumin:4.5"}
    assert Bounds(("ldl",)).among(names) == ((), ())
    assert math.isinf(Bounds(("ldl",)).high)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("BP 180/110mmHg", [("systolic", 180), ("diastolic", 110)]),
        ("糖化血红蛋白由9.5降至6.9%", [("hba1c", 6.9)]),
        ("血钾波动于5.8-6.5", [("potassium", 5.8), ("potassium", 6.5)]),
        ("板19", [("platelet", 19)]),
        ("中性粒细胞2.6", [("neutrophil-count", 2.6)]),
        ("中性粒细胞0.85", []),
        ("中性粒细胞 85%", [("neutrophil", 85)]),
        ("TnT 0.42(参考<0.014)", [("troponin-t", 420)]),
        ("Cr 2.0 mg/dl", [("creatinine", 176.8)]),
        ("HBsAg(+)", []),
        ("eGFR>90", [("egfr", 90.9)]),
        ("糖化<7%", [("hba1c", 6.93)]),
        ("目标INR 2.5", []),
        ("若血糖<3.9mmol/L及时处理", []),
        ("transfuse if Hb < 70", []),
        ("体温>38.5℃时口服布洛芬", []),
        ("维持SpO2 90%以上", []),
    ],
)
def test_the_values_of_a_text(text: str, values: list[tuple[str, float]]) -> None:
    found = [value for each in load_labs().readings(fold(text)) for value in each.values]
    assert [name for name, _ in found] == [name for name, _ in values]
    assert [value for _, value in found] == pytest.approx([value for _, value in values])


def test_a_value_below_a_limit_shows_nothing_beyond_it() -> None:
    (reading,) = load_labs().readings(fold("糖化<7%"))
    assert reading.finding is None
    (reading,) = load_labs().readings(fold("HbA1c>9%"))
    assert reading.finding == "hba1c-high"


@pytest.mark.parametrize("hours", range(1, 24))
def test_ends_hold_to_the_figures_that_are_kept(hours: int) -> None:
    name = kept_as("since/stroke", hours / 24)
    assert Bounds(("since/stroke",), high=hours / 24, high_in=True).among([name])[0] == (name,)
    assert Bounds(("since/stroke",), low=hours / 24, low_in=True).among([name])[0] == (name,)
    assert Bounds(("since/stroke",), low=hours / 24).among([name])[1] == (name,)


@pytest.mark.parametrize(
    "text", ["eGFR" + " " * 1900 + "x", "血钾" + "is " * 600, "血钾(" * 400, "血钾" + "降到" * 900]
)
def test_a_long_question_is_read_once(text: str) -> None:
    """Tried in every way it can be taken apart it would not be read in a lifetime."""
    assert list(limits_in(load_labs(), fold(text))) == []
