"""Nothing tells whether a record outside the asker's scope exists: worlds with it and without it answer alike."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from records.errors import LantaiError
from records.shelf import ShelfRecord
from records.texts import CleanText
from semantic.cohort import CohortDefinition, evaluate
from semantic.concepts import Lexicon
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine
from semantic.snapshot import Edition
from tests.semantic_shelf import record, shelf_with

PIECES = (
    "诊断：2型糖尿病。",
    "否认糖尿病、高血压病史。",
    "父亲患糖尿病。",
    "糖尿病肾病，尿蛋白阳性。",
    "高血压病3级。",
    "双下肢水肿，予呋塞米。",
    "咳嗽咳痰一周，肺炎。",
    "HbA1c 8.9%，eGFR 45。",
    "无明显不适。",
    "的的的的",
    "diabetic retinopathy of both eyes.",
    "糖尿病足溃疡。",
)
OPEN, CLOSED = "内分泌科", "精神科"
QUESTIONS = (
    "糖尿病",
    "糖尿病并发症",
    "diabetic complications",
    "无高血压的糖尿病",
    "尿蛋白",
    "精神科的高血压",
    "2023年以来女性肺炎",
    "的",
    "水肿 呋塞米",
)
COHORTS = (
    '[[include]]\nconcept = "糖尿病"\n[[exclude]]\nconcept = "高血压"',
    'unit = "patient"\n[[include]]\nany = ["糖尿病肾病", "高血压"]\n[[exclude]]\nconcept = "肺炎"\ntimes = 2',
)
SCOPE = Scope(departments=frozenset({OPEN, "肾内科"}))

texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
notes = st.tuples(
    texts, st.sampled_from(["诊断", "既往史", "家族史", "诊疗经过"]), st.integers(2020, 2025), st.sampled_from("FM")
)


def written(number: int, note: tuple[str, str, int, str], department: str) -> ShelfRecord:
    text, heading, year, sex = note
    return record(number, (heading, text), department=department, year=year, sex=sex, patient=number // 2, day=number)


def answers(edition: Edition) -> list[str]:
    """Everything an asker can see, as text."""
    engine = SearchEngine(edition, open_encoder(), Lexicon.load())
    seen: list[str] = []
    for question in QUESTIONS:
        try:
            result = engine.search(CleanText.from_shelf(question), SCOPE, Filters(), 50)
            facets = {name: {value: n for value, n in found.items() if n} for name, found in result.facets.items()}
            seen.append(repr((result.total, result.hits, facets, result.understood, result.not_found)))
        except LantaiError as error:
            seen.append(error.message)
    for toml in COHORTS:
        cohort = evaluate(CohortDefinition.parse(toml), edition, Lexicon.load(), SCOPE)
        seen.append(repr((sorted(cohort.records), cohort.patients, cohort.attrition)))
    return seen


@settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(
    st.lists(notes, min_size=1, max_size=8),
    st.lists(notes, max_size=3),
    st.lists(notes, min_size=1, max_size=3),
    st.booleans(),
)
def test_worlds_with_and_without_hidden_records_answer_alike(
    shown: list[tuple[str, str, int, str]],
    more: list[tuple[str, str, int, str]],
    hidden: list[tuple[str, str, int, str]],
    first: bool,
) -> None:
    mine = [written(10 + at, note, OPEN) for at, note in enumerate(shown)]
    later = [written(40 + at, note, "肾内科") for at, note in enumerate(more)]
    theirs = [written((5 if first else 70) + at, note, CLOSED) for at, note in enumerate(hidden)]
    scratch = Path(tempfile.mkdtemp())
    try:
        without = shelf_with(scratch / "without", mine, later)
        batches = [mine + theirs, later] if first else [mine, later, theirs]
        beside = shelf_with(scratch / "with", *batches)
        assert answers(without.edition()) == answers(beside.edition())
        beside.merge(above=1)
        assert answers(without.edition()) == answers(beside.edition())
    finally:
        shutil.rmtree(scratch)
