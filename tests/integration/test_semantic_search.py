"""Hybrid search on a small shelf: relations, denial, relatives, two languages, filters, and what is explained."""

from __future__ import annotations

from datetime import date

import pytest

from records.errors import BadInput
from records.ids import RecordId
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.edition import Shelf
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine, SearchResult
from tests.semantic_shelf import record, shelf_with

RECORDS = [
    record(1, ("出院诊断", "2型糖尿病 糖尿病肾病Ⅲ期"), ("诊疗经过", "予胰岛素控制血糖，尿蛋白阳性"), year=2023),
    record(2, ("出院诊断", "2型糖尿病性视网膜病变"), sex="M", age=44),
    record(3, ("既往史", "否认糖尿病、高血压病史。"), ("出院诊断", "急性阑尾炎"), department="普外科"),
    record(4, ("家族史", "父亲患糖尿病。"), ("出院诊断", "肺炎"), department="呼吸内科", age=16),
    record(5, ("出院诊断", "糖尿病足 糖尿病周围神经病变"), year=2021),
    record(6, ("出院诊断", "高血压病2级"), department="心内科"),
    record(7, ("入院情况", "双下肢麻木，感觉减退"), ("诊断", "2型糖尿病 高血压"), age=None, sex="", year=None),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return shelf_with(tmp_path_factory.mktemp("search"), RECORDS[:4], RECORDS[4:])


@pytest.fixture(scope="module")
def engine(shelf: Shelf) -> SearchEngine:
    return SearchEngine(shelf.edition(), open_encoder(), Lexicon.load(), today=date(2025, 6, 1))


def ask(engine: SearchEngine, text: str, scope: Scope | None = None, **filters: object) -> SearchResult:
    return engine.search(CleanText.from_shelf(text), scope or Scope(), Filters(**filters))  # type: ignore[arg-type]


def matched(result: SearchResult) -> list[str]:
    return [hit.record[-1] for hit in result.hits if hit.matched]


@pytest.mark.parametrize("question", ["糖尿病并发症", "diabetic complications", "complications of diabetes"])
def test_complications_lead_and_denials_are_no_hits(engine: SearchEngine, question: str) -> None:
    result = ask(engine, question)
    assert set(matched(result)) >= {"1", "2", "5"}
    assert {hit.record[-1] for hit in result.hits[:3]} == {"1", "2", "5"}
    assert not {"3", "4"} & {hit.record[-1] for hit in result.hits}


@pytest.mark.parametrize("question", ["糖尿病", "diabetes", "T2DM"])
def test_a_parent_reaches_its_kinds_and_denials_stay_out(engine: SearchEngine, question: str) -> None:
    result = ask(engine, question)
    assert "7" in matched(result)
    assert not {"3", "4"} & {hit.record[-1] for hit in result.hits}
    assert result.total == len(matched(result))


def test_what_is_not_wished_for_is_no_match(engine: SearchEngine) -> None:
    for question in ("无高血压的糖尿病", "diabetes without hypertension"):
        result = ask(engine, question)
        assert "7" not in matched(result)
        assert "1" in matched(result)
        assert [name for name, _, _ in result.understood.unwished] == ["hypertension"]


def test_filters_are_read_out_of_the_question_and_spare_the_unknown(engine: SearchEngine) -> None:
    result = ask(engine, "2023年以来女性糖尿病患者")
    assert result.understood.filters == {"since": 2023, "sex": "F"}
    assert set(matched(result)) == {"1", "7"}
    assert ask(engine, "近3年的糖尿病").understood.filters == {"since": 2023}
    assert ask(engine, "diabetes since 2023 in women over 50").understood.filters == {
        "since": 2023,
        "sex": "F",
        "age_min": 50,
    }
    assert ask(engine, "普外科的阑尾炎").understood.filters == {"department": "普外科"}


def test_given_filters_are_strict(engine: SearchEngine) -> None:
    assert set(matched(ask(engine, "糖尿病", since=2022))) == {"1", "2"}
    assert set(matched(ask(engine, "糖尿病", sex="M"))) == {"2"}
    assert set(matched(ask(engine, "糖尿病", age_max=50))) == {"2"}
    assert ask(engine, "糖尿病", record_type="D02").hits == ()


def test_scope_comes_before_everything(engine: SearchEngine) -> None:
    scope = Scope(departments=frozenset({"普外科", "心内科"}))
    result = ask(engine, "糖尿病", scope)
    assert {hit.department for hit in result.hits} <= {"普外科", "心内科"}
    assert sum(result.facets["department"].values()) == result.total == 0
    assert result.not_found == ("糖尿病",)
    one = Scope(records=frozenset({RecordId(f"R{5:020d}")}))
    assert [hit.record[-1] for hit in ask(engine, "糖尿病", one).hits] == ["5"]
    assert ask(engine, "内分泌科的糖尿病", scope).understood.filters == {}


def test_facets_count_the_matches(engine: SearchEngine) -> None:
    result = ask(engine, "糖尿病")
    assert sum(result.facets["sex"].values()) == result.total
    assert result.facets["department"] == {"内分泌科": result.total}


def test_each_hit_says_why_in_the_askers_language(engine: SearchEngine) -> None:
    chinese, english = ask(engine, "糖尿病并发症").hits[0], ask(engine, "diabetic complications").hits[0]
    assert "糖尿病 → 并发症" in chinese.why
    assert "complication" in english.why
    assert chinese.concepts
    for hit in ask(engine, "尿蛋白").hits:
        assert hit.why


def test_words_without_a_concept_still_find(engine: SearchEngine) -> None:
    result = ask(engine, "尿蛋白阳性")
    assert result.hits[0].record[-1] == "1"


@pytest.mark.parametrize("question", ["", "   ", "？" * 0, "糖" * 10_000])
def test_empty_and_endless_questions_are_refused(engine: SearchEngine, question: str) -> None:
    with pytest.raises(BadInput):
        ask(engine, question)


@pytest.mark.parametrize("question", ["〔患者#1〕", "？？？", "'; DROP TABLE rows; --", "\x00", "的", "🙂", "2023年"])
def test_odd_questions_answer_without_a_fuss(engine: SearchEngine, question: str) -> None:
    try:
        assert ask(engine, question).total >= 0
    except BadInput as refused:
        assert refused.code == "query_empty"
