"""The egress check finds what it should and where, never quotes it, and passes nothing that it could not check."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from typing import Any

import pytest

from approvals import egress
from approvals.coarsen import coarse_columns, coarsen
from approvals.egress import check, checked, is_formula, shipped
from records.paths import policies_dir
from tests.approvals_world import sample_rows

GRANTED = ("record", "type", "department", "year", "sex", "age", "text")


def _none(_: str) -> Collection[str]:
    return ()


def _codes(rows: list[dict[str, Any]], granted: Collection[str] = GRANTED, **scans: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in check(rows, granted, scan=scans.get("scan", _none), known=scans.get("known", _none)):
        found.setdefault(finding.code, []).append(finding.where)
        assert finding.remedy
        assert finding.blocking == (shipped().severity[finding.code] == "blocking")
    return found


def test_clean_rows_in_one_large_group_have_no_findings() -> None:
    assert _codes(sample_rows()) == {}


def test_an_identifier_is_named_by_row_and_column_and_never_quoted() -> None:
    rows = sample_rows()
    rows[3]["text"] = "患者张三昨日入院"
    for option, code in (("scan", "identifier_left"), ("known", "known_identifier")):
        scans = {"scan": _none, "known": _none, option: lambda text: {"PERSON"} if "张三" in text else ()}
        findings = check(rows, GRANTED, **scans)
        assert [(finding.code, finding.where) for finding in findings] == [(code, f"row 4 ({rows[3]['record']}), text")]
        assert "张三" not in str(findings)
        assert findings[0].blocking


def test_identifiers_are_sought_in_every_column_and_in_long_numbers() -> None:
    def scan(text: str) -> Collection[str]:
        return {"PHONE"} if "13800138000" in text else ()

    rows = sample_rows()
    rows[0]["department"] = "内科13800138000"
    rows[1]["year"] = 13800138000
    assert _codes(rows, scan=scan)["identifier_left"] == [
        f"row 1 ({rows[0]['record']}), department",
        f"row 2 ({rows[1]['record']}), year",
    ]


def test_our_own_pseudonyms_are_not_taken_for_numbers_but_are_compared_with_known_ones() -> None:
    rows = sample_rows()
    everything = {"scan": lambda text: {"ACCOUNT"} if text.startswith("ra") else ()}
    assert "identifier_left" not in _codes(rows, **everything)
    for forged in ("ra 13800138000", "ra13800138000", "RA" + "1" * 18, "ra" + "b" * 16):
        rows[0]["record"] = forged
        assert "identifier_left" in _codes(rows, scan=lambda text: {"ACCOUNT"} if text.lower().startswith("ra") else ())
    assert "known_identifier" in _codes(
        sample_rows(), known=lambda text: {"MEDICAL_ID"} if text.startswith("ra") else ()
    )


def test_what_cannot_be_checked_may_not_leave() -> None:
    def breaks(_: str) -> Collection[str]:
        raise RuntimeError

    found = _codes(sample_rows(2), scan=breaks)
    assert found["check_failed"]
    for odd in (b"bytes", ["a"], {"a": 1}, True, float("nan"), object()):
        assert "odd_value" in _codes(sample_rows(12, sex=odd))


def test_columns_not_granted_and_columns_that_sound_like_people_block() -> None:
    found = _codes(sample_rows(quarter=2))
    assert found == {"variable_not_granted": ["column 8"]}
    for name in ("Patient Name", "patient-name", "姓名", "住院号", " DOB "):
        assert "suspicious_column" in _codes(sample_rows(**{name: "x"}))
    assert "age_band" not in str(_codes(sample_rows(age_band="50-59")))  # coarser than the age that was granted
    assert "张三" not in str(_codes(sample_rows(张三="x")))


def test_free_text_needs_the_variable_text() -> None:
    without = tuple(name for name in GRANTED if name != "text")
    prose = "血糖控制可。" * 30
    assert "free_text_not_granted" in _codes(sample_rows(text=prose), granted=without)
    assert "free_text_not_granted" in _codes(sample_rows(department=prose))
    assert "free_text_not_granted" in _codes(sample_rows(department="a\nb"))
    assert _codes(sample_rows(text=prose + "\n" + prose)) == {}


def test_sizes_are_limited() -> None:
    assert "no_rows" in _codes([])
    assert "too_many_rows" in _codes(sample_rows(5001))
    assert "cell_too_long" in _codes(sample_rows(text="字" * 20_001))


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        *((cell, True) for cell in ("=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", "  =1", "＝1", "|calc", "\u3000=1")),
        *((cell, False) for cell in ("-5", "+3.5", "正常", "", "a=1")),
    ],
)
def test_formulas(cell: str, formula: bool) -> None:
    assert is_formula(cell) is formula
    assert ("formula_cell" in _codes(sample_rows(text=cell))) is formula


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (7, "small_count"),
        ("3", "small_count"),
        (23, "unrounded_count"),
        (25, None),
        (0, None),
        ("<10", None),
        ("~120", None),
    ],
)
def test_counts_are_rounded_and_never_small(value: object, code: str | None) -> None:
    found = _codes(sample_rows(人数=value)).keys() - {"variable_not_granted"}
    assert found == ({code} if code else set())


def test_a_small_group_is_named_once_with_its_size() -> None:
    rows = sample_rows(20) + [{**row, "record": f"S{number}"} for number, row in enumerate(sample_rows(3, sex="M"))]
    assert _codes(rows)["small_cell"] == [
        "type+department+year+sex+age_band: a group of 3 rows beginning at row 21 (S0)"
    ]
    assert not any(finding.blocking for finding in check(rows, GRANTED, scan=_none, known=_none))


def test_groups_count_patients_where_they_are_known() -> None:
    rows = [{**row, "patient": "Pab"} for row in sample_rows(20)]
    assert "small_cell" in _codes(rows, granted=(*GRANTED, "patient"))


def test_ages_in_one_band_are_one_group() -> None:
    rows = [{**row, "age": 50 + number % 10} for number, row in enumerate(sample_rows(20))]
    assert _codes(rows) == {}
    assert [egress.age_band(age) for age in (0, 9, 10, 89, 90, 104)] == ["0-9", "0-9", "10-19", "80-89", "90+", "90+"]


def test_many_places_are_counted_not_listed() -> None:
    found = _codes(sample_rows(200, text="=1"))["formula_cell"]
    assert len(found) == 51
    assert found[-1] == "and 150 more places"


def test_each_short_value_is_looked_at_once() -> None:
    asked: list[str] = []
    check(sample_rows(500), GRANTED, scan=lambda text: asked.append(text) or (), known=_none)  # type: ignore[func-returns-value]
    assert len(asked) < 10


def test_blocking_findings_come_first() -> None:
    findings = check(sample_rows(5, quarter=1), GRANTED, scan=_none, known=_none)
    assert [finding.blocking for finding in findings] == [True, False]


def _raw() -> dict[str, Any]:
    return tomllib.loads((policies_dir() / "egress.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", sorted(egress.BLOCKING_ALWAYS))
def test_the_policy_cannot_soften_what_must_block(code: str) -> None:
    raw = _raw()
    raw["severity"][code] = "advisory"
    with pytest.raises(ValueError, match="soft"):
        checked(raw)


@pytest.mark.parametrize(
    ("key", "value"),
    [("severity", {}), ("remedy", {}), ("small_cell", 1), ("round_to", 1), ("max_rows", 0), ("coarsen_order", ["sex"])],
)
def test_an_incomplete_policy_does_not_load(key: str, value: object) -> None:
    with pytest.raises((ValueError, KeyError)):
        checked(_raw() | {key: value})


def test_coarsening_makes_small_groups_large_and_leaves_large_ones_alone() -> None:
    rows = sample_rows(20) + [
        {**row, "record": f"S{number}", "department": f"科{number}", "quarter": 2}
        for number, row in enumerate(sample_rows(12))
    ]
    coarse, changed = coarsen(rows)
    assert changed == 12
    assert [row["department"] for row in coarse] == ["内分泌科"] * 20 + [None] * 12
    assert {row["age_band"] for row in coarse} == {"50-59"}
    assert not any("age" in row for row in coarse)
    assert [row["text"] for row in coarse] == [row["text"] for row in rows]
    names = coarse_columns([*GRANTED, "quarter"])
    assert names == ["record", "type", "department", "year", "quarter", "sex", "age_band", "text"]
    assert "small_cell" not in _codes(coarse, granted=[*GRANTED, "quarter"])


def test_the_year_takes_its_quarter_with_it() -> None:
    rows = [{"record": f"R{n}", "type": "D02", "year": 2020 + n, "quarter": 1} for n in range(12)]
    coarse, _ = coarsen(rows)
    assert {(row["year"], row["quarter"], row["type"]) for row in coarse} == {(None, None, "D02")}
