"""Cohorts on a small shelf, and every example of the how-to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from records.errors import BadInput
from records.ids import RecordId
from records.texts import CleanText
from semantic.cohort import CohortDefinition, CohortResult, Criterion, evaluate, from_search, holding
from semantic.cohort_feasibility import Known, feasibility
from semantic.concepts import Lexicon
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine
from semantic.snapshot import Edition
from tests.semantic_shelf import record, shelf_with

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "cohorts.md"
RECORDS = [
    record(1, ("诊断", "2型糖尿病"), patient=1, day=0),
    record(2, ("诊断", "2型糖尿病 糖尿病肾病"), patient=1, day=400),
    record(3, ("诊断", "糖尿病 高血压"), patient=2, day=0, sex="M"),
    record(4, ("诊断", "糖尿病肾病"), patient=2, day=900, sex="M"),
    record(5, ("诊断", "高血压"), patient=3, day=0, department="心内科"),
    record(6, ("既往史", "否认糖尿病"), ("诊断", "高血压 糖尿病视网膜病变待排"), patient=4, day=0),
    record(7, ("家族史", "母亲患糖尿病"), ("诊断", "肺炎"), patient=5, day=0, age=None, year=None),
]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return shelf_with(tmp_path_factory.mktemp("cohort"), RECORDS[:3], RECORDS[3:]).edition()


def run(edition: Edition, toml: str, scope: Scope | None = None) -> CohortResult:
    return evaluate(CohortDefinition.parse(toml), edition, Lexicon.load(), scope or Scope())


def names(result: CohortResult) -> set[str]:
    return {name[-1] for name in result.records}


def test_records_that_hold_the_concept(edition: Edition) -> None:
    result = run(edition, '[[include]]\nconcept = "糖尿病"')
    assert names(result) == {"1", "2", "3", "4"}
    assert result.patients == 2
    assert result.attrition[0] == ("all", 5, 7)
    assert result.attrition[-1] == ("include 1: 糖尿病", 2, 4)


def test_reach_says_and_exclude(edition: Edition) -> None:
    assert names(run(edition, '[[include]]\nconcept = "糖尿病"\nreach = "complications"')) == {"2", "4"}
    assert names(run(edition, '[[include]]\nconcept = "糖尿病"\nsays = ["family"]')) == {"7"}
    assert names(run(edition, '[[include]]\nconcept = "糖尿病"\nsays = ["negated"]')) == {"6"}
    both = '[[include]]\nconcept = "糖尿病"\n[[exclude]]\nconcept = "糖尿病肾病"'
    assert names(run(edition, both)) == {"1", "3"}
    assert names(run(edition, 'unit = "patient"\n' + both)) == set()


def test_groups(edition: Edition) -> None:
    assert names(run(edition, '[[include]]\nall = ["糖尿病", "高血压"]')) == {"3"}
    assert names(run(edition, 'unit = "patient"\n[[include]]\nall = ["糖尿病", "高血压"]')) == {"3", "4"}
    assert names(run(edition, '[[include]]\nany = ["糖尿病", "高血压"]')) == {"1", "2", "3", "4", "5", "6"}
    assert names(run(edition, '[[include]]\nat_least = 2\nof = ["糖尿病", "高血压", "肺炎"]')) == {"3"}


def test_counts_and_time(edition: Edition) -> None:
    twice = '[[include]]\nconcept = "糖尿病"\ntimes = 2\n'
    assert names(run(edition, twice)) == {"1", "2", "3", "4"}
    later = 'unit = "patient"\n[[include]]\nconcept = "糖尿病肾病"\nafter = "糖尿病"\nwithin_days = {n}'
    assert names(run(edition, later.replace("{n}", "730"))) == {"1", "2"}
    assert names(run(edition, later.replace("{n}", "900"))) == {"1", "2", "3", "4"}
    assert names(run(edition, later.replace("{n}", "399"))) == set()


def test_who_and_scope(edition: Edition) -> None:
    assert names(run(edition, '[who]\nsex = "M"')) == {"3", "4"}
    assert names(run(edition, '[who]\ndepartment = "心内科"')) == {"5"}
    assert names(run(edition, "[who]\nsince = 2000")) == {"1", "2", "3", "4", "5", "6"}
    result = run(edition, '[[include]]\nconcept = "糖尿病"', Scope(records=frozenset({RecordId(f"R{2:020d}")})))
    assert names(result) == {"2"}
    assert result.attrition[0] == ("all", 1, 1)


def test_records_outside_the_scope_change_nothing_that_is_counted(tmp_path: Path) -> None:
    scope = Scope(departments=frozenset({"内分泌科"}))
    mine = [record(at, ("诊断", text), patient=at // 2, day=at) for at, text in enumerate(["糖尿病", "高血压"] * 6)]
    hidden = [
        record(50 + at, ("诊断", "糖尿病 高血压 肺炎"), department="肾内科", sex="M", patient=at, year=2010, day=at)
        for at in range(12)
    ]
    told = []
    for folder, batches in (("without", [mine]), ("beside", [mine, hidden]), ("before", [hidden, mine])):
        edition = shelf_with(tmp_path / folder, *batches).edition()
        result = run(edition, 'unit = "patient"\n[[include]]\nconcept = "糖尿病"\nbefore = "高血压"', scope)
        alone = [holding(edition, Lexicon.load(), scope, Criterion(name)) for name in ("糖尿病", "肺炎")]
        known = feasibility(result, Lexicon.load(), ["age", "高血压", "肺炎", "text"])
        told.append((result.records, result.patients, result.attrition, alone, known, edition.rows.usual(scope, 10)))
    assert told[0] == told[1] == told[2]
    assert told[0][3] == [(6, 6), (0, 0)]
    assert told[0][5]["department"] == ("内分泌科",)


def test_an_unknown_concept_is_named(edition: Edition) -> None:
    with pytest.raises(BadInput, match="没有这个病"):
        run(edition, '[[include]]\nconcept = "没有这个病"')


def test_a_search_becomes_the_cohort_of_its_matches(edition: Edition) -> None:
    engine = SearchEngine(edition, open_encoder(), Lexicon.load())
    for question in ("糖尿病并发症", "糖尿病", "无高血压的糖尿病", "女性糖尿病患者"):
        found = engine.search(CleanText.from_shelf(question), Scope(), Filters(since=2020))
        definition = from_search(found.understood, Filters(since=2020))
        result = evaluate(CohortDefinition.parse(definition.to_toml()), edition, Lexicon.load(), Scope())
        assert {hit.record for hit in found.hits if hit.matched} >= result.records
        assert len(result.records) <= found.total


def test_feasibility_counts_known_values(edition: Edition) -> None:
    everything = run(edition, "[who]\nage_min = 0\n")
    assert feasibility(everything, Lexicon.load(), ["age"]) == (Known("age", 6, 4),)
    diabetic = run(edition, '[[include]]\nconcept = "糖尿病"')
    found = feasibility(diabetic, Lexicon.load(), ["sex", "type", "text", "concepts", "高血压", "肺炎"])
    assert [(one.records, one.patients) for one in found] == [(4, 2), (4, 2), (4, 2), (4, 2), (1, 1), (0, 0)]
    denied = run(edition, '[[include]]\nconcept = "高血压"')
    assert feasibility(denied, Lexicon.load(), ["糖尿病"])[0] == Known("糖尿病", 2, 2), "a denial is known too"
    with pytest.raises(BadInput, match="没有这个变量"):
        feasibility(everything, Lexicon.load(), ["没有这个变量"])


def test_every_example_of_the_how_to_runs(edition: Edition) -> None:
    examples = re.findall(r"```toml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) >= 6
    for example in examples:
        run(edition, example)


def test_the_first_value_within_two_years_after_a_diagnosis(tmp_path: Path) -> None:
    records = [
        record(1, ("诊断", "2型糖尿病"), patient=1, day=100),
        record(2, ("检验", "eGFR 50 ml/min/1.73m2"), patient=1, day=500),
        record(3, ("检验", "eGFR 55 ml/min/1.73m2"), patient=2, day=0),  # low before the diagnosis: not the first
        record(4, ("诊断", "2型糖尿病"), ("检验", "eGFR 50 ml/min/1.73m2"), patient=2, day=200),
        record(5, ("诊断", "2型糖尿病"), patient=3, day=0),
        record(6, ("检验", "eGFR 48 ml/min/1.73m2"), patient=3, day=800),
        record(7, ("检验", "eGFR 90 ml/min/1.73m2"), ("诊断", "2型糖尿病"), patient=4, day=0),
    ]
    edition = shelf_with(tmp_path, records).edition()
    first = '[[include]]\nconcept = "eGFR < 60"\nafter = "糖尿病"\nwithin_days = 730\n'
    assert names(run(edition, first)) == {"1", "2"}
    assert names(run(edition, first + 'which = "any"')) == {"1", "2", "3", "4"}
    assert names(run(edition, first.replace("within", "at_least"))) == {"5", "6"}
    assert names(run(edition, '[[include]]\nconcept = "eGFR < 60"\nbefore = "糖尿病"\nat_least_days = 1')) == {"3", "4"}
    start = '[start]\nconcept = "糖尿病"\n[[include]]\nconcept = "eGFR < 60"\nfrom_day = 0\nto_day = 730'
    found = run(edition, start)
    assert names(found) == {"1", "2"}
    assert [step for step, _, _ in found.attrition] == ["all", "start: 糖尿病", "include 1: eGFR < 60"]
    assert [people for _, people, _ in found.attrition] == [4, 4, 1]
    assert names(run(edition, '[[include]]\nconcept = "eGFR < 50"')) == {"6"}
    assert names(run(edition, '[[include]]\nconcept = "eGFR > 60"')) == {"7"}


def test_a_search_for_one_or_the_other_counts_who_has_one(tmp_path: Path) -> None:
    records = [
        record(number, ("诊断", text), patient=number)
        for number, text in enumerate(("糖尿病", "肺炎", "否认糖尿病。诊断肺炎", "高血压", "否认肺炎"))
    ]
    edition = shelf_with(tmp_path, records).edition()
    found = SearchEngine(edition, open_encoder(), Lexicon.load()).search(
        CleanText.from_shelf("糖尿病或肺炎"), Scope(), Filters()
    )
    assert found.total == 3
    assert {name for _, name, _ in found.understood.concepts} == {"糖尿病", "肺炎"}
    cohort = evaluate(from_search(found.understood, Filters()), edition, Lexicon.load(), Scope())
    assert names(cohort) == {hit.record[-1] for hit in found.hits if hit.matched} == {"0", "1", "2"}
