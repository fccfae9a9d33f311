"""What people type and what rows hold, at random: only our own errors are raised, what is kept is kept exactly."""

from __future__ import annotations

import csv
import io
import json
import tomllib

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals import bundle, drafts, toml_text
from approvals.chain import CLEAN_KEYS, WITHHELD, safe
from approvals.coarsen import coarsen
from approvals.egress import Finding, check, groups, people_in, shipped
from records.errors import BadInput
from tests.approvals_world import keypair

QUICK = settings(max_examples=60, deadline=None)
TEXT = st.text(max_size=30)
TOML_VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | TEXT.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT.filter(str.isprintable), inner, max_size=3),
    max_leaves=8,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["D01", "D02"]),
            "department": st.sampled_from(["内科", "外科", "", None]),
            "year": st.sampled_from([2023, 2024, None]),
            "sex": st.sampled_from(["M", "F", ""]),
            "age": st.none() | st.integers(0, 90),
            "text": st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        }
    ),
    max_size=60,
).map(lambda rows: [{"record": f"R{number:020x}", **row} for number, row in enumerate(rows)])
COLUMNS = ("record", "type", "department", "year", "sex", "age", "text")


@QUICK
@given(st.text(max_size=300))
def test_any_text_is_a_draft_with_a_list_or_bad_input(text: str) -> None:
    try:
        draft = drafts.parse(text)
    except BadInput:
        return
    assert draft.missing


@QUICK
@given(st.dictionaries(st.sampled_from(sorted(drafts.FIELDS)), TOML_VALUES))
def test_any_values_in_the_fields_are_named_not_raised(table: dict[str, object]) -> None:
    draft = drafts.parse(toml_text.dumps(table))
    assert draft.missing
    assert all(item.remedy for item in draft.missing)


@QUICK
@given(st.dictionaries(TEXT.filter(str.isprintable), TOML_VALUES, max_size=5))
def test_toml_comes_back_as_it_went(table: dict[str, object]) -> None:
    assert tomllib.loads(toml_text.dumps(table)) == table


@QUICK
@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_chinese_and_no_long_number_gets_into_the_register(value: object) -> None:
    def look(kept: object, key: str = "") -> None:
        if isinstance(kept, dict):
            for name, item in kept.items():
                look(name)
                look(item, name)
        elif isinstance(kept, list):
            for item in kept:
                look(item, key)
        elif isinstance(kept, str) and key not in CLEAN_KEYS:
            assert kept == WITHHELD or kept.isascii()

    look(safe(value))


@QUICK
@given(ROWS)
def test_coarsened_rows_keep_every_record_and_text_and_have_no_more_small_groups(rows: list[dict[str, object]]) -> None:
    policy = shipped()
    coarse, changed = coarsen(rows)
    assert [(row["record"], row["text"]) for row in coarse] == [(row["record"], row["text"]) for row in rows]
    assert coarsen(rows) == (coarse, changed)
    for before, after in zip(rows, coarse, strict=True):
        assert all(after[name] in (before[name], None) for name in ("type", "department", "year", "sex"))

    def small(some: list[dict[str, object]]) -> int:
        found = groups(some, policy.quasi_identifiers)  # type: ignore[arg-type]
        return sum(people_in(some, members) < policy.small_cell for members in found)  # type: ignore[arg-type]

    remaining = [
        members
        for members in groups(coarse, policy.quasi_identifiers)
        if people_in(coarse, members) < policy.small_cell
    ]
    assert len(remaining) <= 1, "only the rows that nothing is left of may still be few"
    assert all(
        coarse[index][name] in (None, "")
        for members in remaining
        for index in members
        for name in policy.coarsen_order
        if name in coarse[index]
    )
    assert small(coarse) <= max(1, small(rows))


@QUICK
@given(ROWS)
def test_every_format_gives_the_rows_back(rows: list[dict[str, object]]) -> None:
    facts = bundle.Facts("L1", "G1", "Q1", "c", 1, "t")
    files = bundle.build(rows, COLUMNS, facts, public_key=keypair()[1], sign=lambda _: b"s")
    assert [json.loads(line) for line in files["data.jsonl"].splitlines()] == rows
    assert pq.read_table(io.BytesIO(files["data.parquet"])).to_pylist() == rows
    table = list(csv.DictReader(io.StringIO(files["data.csv"].decode("utf-8-sig"), newline="")))
    for row, line in zip(rows, table, strict=True):
        text = str(row["text"])
        assert line["text"] in (text, "'" + text)


@QUICK
@given(ROWS, st.sets(st.sampled_from(COLUMNS)))
def test_findings_never_quote_a_cell(rows: list[dict[str, object]], granted: set[str]) -> None:
    marked = [{**row, "text": "标记七七" + str(row["text"])} for row in rows]
    findings: tuple[Finding, ...] = check(
        marked, granted, scan=lambda text: {"X"} if "标记" in text else (), known=lambda _: ()
    )  # type: ignore[arg-type]
    assert "标记七七" not in str(findings)
    assert any(finding.code == "identifier_left" for finding in findings) == bool(rows)
