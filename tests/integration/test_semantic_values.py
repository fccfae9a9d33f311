"""Measured values are kept with a record, and answer a limit whatever the rules make of them."""

from __future__ import annotations

import numpy as np
import pytest

from records.ids import RecordId
from records.texts import CleanText
from semantic.affirmed import affirmed
from semantic.cohort import CohortDefinition, evaluate, from_search
from semantic.cohort_feasibility import feasibility
from semantic.concepts import Lexicon
from semantic.encoder import open_encoder
from semantic.lab_values import is_value
from semantic.merge import combine_index
from semantic.search import Filters, Scope, SearchEngine, SearchResult
from semantic.segment import Segment
from semantic.snapshot import Edition
from tests.semantic_shelf import record, shelf_with

RECORDS = [
    record(1, ("检查", "血清白蛋白 28g/L，双下肢水肿")),
    record(2, ("检查", "血清白蛋白 33g/L，双下肢水肿")),
    record(3, ("检查", "入院白蛋白 26g/L，补充后复查"), ("出院", "白蛋白 36g/L")),
    record(4, ("诊断", "低蛋白血症")),
    record(5, ("检查", "母亲白蛋白 21g/L，家族史"), ("家族史", "母亲白蛋白 21g/L")),
    record(6, ("检查", "HbA1c 6.6%")),
    record(7, ("检查", "HbA1c 8.1%")),
    record(8, ("诊断", "肺炎")),
]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return shelf_with(tmp_path_factory.mktemp("values"), RECORDS[:4], RECORDS[4:]).edition()


def ask(edition: Edition, words: str, scope: Scope | None = None) -> SearchResult:
    engine = SearchEngine(edition, open_encoder(), Lexicon.load())
    return engine.search(CleanText.from_shelf(words), scope or Scope(), Filters())


def matched(result: SearchResult) -> set[str]:
    return {hit.record[-1] for hit in result.hits if hit.matched}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("白蛋白低于30g/L", "134"),
        ("albumin below 34", "1234"),
        ("albumin between 30 and 34", "24"),
        ("白蛋白 35 以上", "3"),
        ("HbA1c < 7%", "6"),
        ("HbA1c ≥ 8%", "7"),
        ("血钾低于2", ""),
    ],
)
def test_a_limit_is_answered_by_values(edition: Edition, words: str, found: str) -> None:
    assert matched(ask(edition, words)) >= set(found) - {"4"}
    assert matched(ask(edition, words)) <= set(found)


def test_whose_values_lie_elsewhere_is_no_answer_and_comes_last(edition: Edition) -> None:
    hits = [hit.record[-1] for hit in ask(edition, "白蛋白低于30g/L").hits]
    assert set(hits[:2]) == {"1", "3"}
    assert hits[2] == "4"
    assert "2" not in hits[:4]


def test_the_contrary_finding_is_no_answer(tmp_path_factory: pytest.TempPathFactory) -> None:
    records = [record(21, ("检查", "羊水过多，指数28，查糖")), record(22, ("检查", "羊水偏少，复查"))]
    hits = ask(shelf_with(tmp_path_factory.mktemp("contrary"), records).edition(), "羊水指数低于5厘米").hits
    assert hits[0].record == records[1].row.record
    assert not any(hit.matched and hit.record == records[0].row.record for hit in hits)


def test_a_limit_may_be_unwished(edition: Edition) -> None:
    result = ask(edition, "没有HbA1c大于8%的检查")
    assert [name for _, name, _ in result.understood.unwished] == ["HbA1c大于8%"]
    hits = [hit.record[-1] for hit in result.hits]
    assert hits[0] == "6" and not any(hit.matched and hit.record[-1] == "7" for hit in result.hits)


@pytest.mark.parametrize("words", ["白蛋白<27g/L或HbA1c>8%", "albumin below 27 or HbA1c above 8%"])
def test_of_two_limits_one_will_do(edition: Edition, words: str) -> None:
    result = ask(edition, words)
    assert matched(result) - {"4"} == {"3", "7"}
    assert len(result.understood.concepts) == 1 and not result.understood.either
    definition = from_search(result.understood, Filters())
    assert {name[-1] for name in evaluate(definition, edition, Lexicon.load(), Scope()).records} == {"3", "7"}


@pytest.mark.parametrize(
    ("words", "found"),
    [("血压≥140/90", "123"), ("血压低于140/90", "4"), ("血压低于90/60", ""), ("没有血压高于140/90的肺炎", "4")],
)
def test_a_pressure_has_two_numbers(words: str, found: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    said = ["肺炎，血压178/85mmHg", "肺炎，血压130/95mmHg", "肺炎，血压150/100mmHg", "肺炎，血压120/70mmHg", "肺炎"]
    records = [record(at, ("诊断", text)) for at, text in enumerate(said, 1)]
    pressures = shelf_with(tmp_path_factory.mktemp("pressures"), records).edition()
    result = ask(pressures, words)
    assert matched(result) - {"5"} == set(found)
    counted = evaluate(from_search(result.understood, Filters()), pressures, Lexicon.load(), Scope()).records
    assert {name[-1] for name in counted} - {"5"} == set(found)


def test_a_finding_answers_one_of_two_limits(tmp_path_factory: pytest.TempPathFactory) -> None:
    records = [record(41, ("诊断", "HbA1c 6.5%，重度血小板减少")), record(42, ("诊断", "HbA1c 6.5%"))]
    result = ask(shelf_with(tmp_path_factory.mktemp("one"), records).edition(), "HbA1c>8%或血小板<50")
    assert [hit.record for hit in result.hits if hit.matched] == [records[0].row.record]


def test_a_cohort_leaves_out_an_unwished_limit(tmp_path_factory: pytest.TempPathFactory) -> None:
    records = [
        record(31, ("诊断", "肺炎，HbA1c 6.6%")),
        record(32, ("诊断", "肺炎，HbA1c 9.1%")),
        record(33, ("诊断", "肺炎")),
    ]
    unwished = shelf_with(tmp_path_factory.mktemp("unwished"), records).edition()
    result = ask(unwished, "没有HbA1c大于8%的肺炎")
    assert result.hits[0].record == records[0].row.record and result.hits[-1].record == records[1].row.record
    found = evaluate(from_search(result.understood, Filters()), unwished, Lexicon.load(), Scope())
    assert set(found.records) == {records[0].row.record, records[2].row.record}


def test_a_reason_repeats_the_question_and_no_value(edition: Edition) -> None:
    result = ask(edition, "白蛋白低于30g/L")
    assert "白蛋白低于30g/L" in result.hits[0].why
    assert all("28" not in hit.why and not any(map(is_value, hit.concepts)) for hit in result.hits)
    assert result.understood.concepts[0][1] == "白蛋白低于30g/L"


def test_a_search_for_a_limit_becomes_a_cohort_of_it(edition: Edition) -> None:
    definition = from_search(ask(edition, "HbA1c ≥ 8%").understood, Filters())
    assert {name[-1] for name in evaluate(definition, edition, Lexicon.load(), Scope()).records} == {"7"}


def test_a_cohort_takes_any_limit(edition: Edition) -> None:
    for words, found in (("白蛋白 < 30", "13"), ("HbA1c 6-7", "6"), ("血钾 > 9", "")):
        definition = CohortDefinition.parse(f'[[include]]\nconcept = "{words}"')
        assert {name[-1] for name in evaluate(definition, edition, Lexicon.load(), Scope()).records} == set(found)


def test_a_value_outside_the_scope_tells_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    shown = [one for one in (*RECORDS, *TIMES) if one.row.record[-1] in "2468"]
    seen = Scope(records=frozenset(RecordId(one.row.record) for one in shown))
    whole = shelf_with(tmp_path_factory.mktemp("whole"), [*RECORDS, *TIMES]).edition()
    without = shelf_with(tmp_path_factory.mktemp("without"), shown).edition()
    for words in ("白蛋白低于30g/L", "HbA1c < 7%", "糖尿病病史十年以上", "发病4.5小时以内的脑梗死"):
        one, other = ask(whole, words, seen), ask(without, words, seen)
        assert one.hits
        assert (one.hits, one.total, one.facets, one.not_found) == (
            other.hits,
            other.total,
            other.facets,
            other.not_found,
        )


def test_when_it_all_began_says_nothing_of_what_it_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    texts = ("发病3小时入院。急性阑尾炎", "脑梗死", "发病3小时，脑梗死", "发病三天，脑梗死")
    records = [record(30 + at, ("现病史", text)) for at, text in enumerate(texts)]
    hits = ask(shelf_with(tmp_path_factory.mktemp("onset"), records).edition(), "发病4.5小时内的脑梗死").hits
    assert [hit.record[-1] for hit in hits if hit.matched] == ["2", "1"]


def test_search_cohort_and_completeness_count_alike(tmp_path_factory: pytest.TempPathFactory) -> None:
    texts = ("低钾血症，补钾后血钾 4.0mmol/L", "血钾 3.1mmol/L", "低钾血症", "血钾 4.4mmol/L")
    records = [record(40 + at, ("检查", text), patient=at) for at, text in enumerate(texts)]
    edition = shelf_with(tmp_path_factory.mktemp("alike"), records).edition()
    found = ask(edition, "血钾<3.5")
    cohort = evaluate(from_search(found.understood, Filters()), edition, Lexicon.load(), Scope())
    assert {name[-1] for name in cohort.records} == matched(found) == {"1", "2"}
    every = evaluate(CohortDefinition.parse("[who]\nsince = 1990"), edition, Lexicon.load(), Scope())
    (known,) = feasibility(every, Lexicon.load(), ["血钾 < 3.5"])
    assert known.records == 4  # of whom it can be said


def test_a_kind_s_time_is_not_the_disease_s(tmp_path_factory: pytest.TempPathFactory) -> None:
    records = [record(50, ("现病史", "糖尿病，糖尿病足3天")), record(51, ("现病史", "糖尿病3天"))]
    hits = ask(shelf_with(tmp_path_factory.mktemp("kinds"), records).edition(), "糖尿病1个月以内").hits
    assert hits[0].record == records[1].row.record
    assert hits[0].score > 1.2 * hits[1].score


def test_a_reason_names_the_alternative_that_is_held(tmp_path_factory: pytest.TempPathFactory) -> None:
    records = [record(60, ("诊断", "高血压")), record(61, ("诊断", "糖尿病"))]
    result = ask(shelf_with(tmp_path_factory.mktemp("either"), records).edition(), "糖尿病或高血压")
    why = {hit.record[-1]: hit.why for hit in result.hits}
    assert why["0"].startswith("高血压")
    assert why["1"].startswith("糖尿病")
    assert result.not_found == ("糖尿病 / 高血压",)  # fewer than may be told


def test_values_stay_where_segments_are_joined_and_are_no_concepts_of_a_record(edition: Edition) -> None:
    parts = list(edition.segments)
    joined = Segment(combine_index(parts, [np.ones(part.records, dtype=bool) for part in parts]), "joined")
    kept = {name for part in parts for name in part.mentions.concepts if is_value(name)}
    assert {name for name in joined.mentions.concepts if is_value(name)} == kept >= {"=albumin:28", "=hba1c:8.1"}
    (concepts,) = affirmed(edition, [RECORDS[0].row.record]).values()
    assert concepts
    assert not any(map(is_value, concepts))


TIMES = [
    record(11, ("现病史", "2型糖尿病18年")),
    record(12, ("现病史", "糖尿病六年")),
    record(13, ("现病史", "糖尿病，胰岛素治疗")),
    record(14, ("现病史", "否认糖尿病")),
    record(15, ("现病史", "母亲患糖尿病20年")),
    record(16, ("现病史", "剖宫产术后3天")),
    record(17, ("现病史", "八年前剖宫产")),
    record(18, ("现病史", "发病2小时，脑梗死")),
    record(19, ("现病史", "脑梗死第5天入院")),
]


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("糖尿病病史十年以上", "11 13", "12 14 15"),
        ("diabetes for less than ten years", "12 13", "11"),
        ("半年内剖宫产的产妇", "16", "17"),
        ("发病4.5小时以内的脑梗死", "18", "19"),
        ("stroke more than three days ago", "19", "17"),
    ],
)
def test_what_lasted_so_long_comes_first_and_what_did_not_is_no_answer(
    tmp_path_factory: pytest.TempPathFactory, words: str, first: str, last: str
) -> None:
    edition = shelf_with(tmp_path_factory.mktemp("times"), TIMES).edition()
    hits = ask(edition, words).hits
    order = [hit.record[-2:] for hit in hits]
    assert order[: len(first.split())] == first.split()
    assert not {hit.record[-2:] for hit in hits if hit.matched} & set(last.split())


def test_a_time_is_shown_as_it_was_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    edition = shelf_with(tmp_path_factory.mktemp("shown"), TIMES).edition()
    for words, said in (
        ("糖尿病病史十年以上", "糖尿病病史十年以上"),
        ("发病4.5小时以内的脑梗死患者", "发病4.5小时以内的脑梗死"),
    ):
        result = ask(edition, words)
        assert [name for _, name, _ in result.understood.concepts] == [said]
        assert said in result.hits[0].why
        assert not any(map(is_value, result.hits[0].concepts))
