"""The judged note collections are whole: names once, judgements that resolve, and halves that share nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.beir import read

NOTES = Path(__file__).resolve().parents[1] / "collections" / "notes"
HALVES = ("dev", "test")
KINDS = {"formal", "lay", "abbreviation", "english", "parent", "treatment", "laboratory", "negation", "time"}


def _lines(half: str, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (NOTES / half / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("half", HALVES)
def test_names_are_given_once_and_texts_are_not_repeated(half: str) -> None:
    for name in ("corpus.jsonl", "queries.jsonl"):
        rows = _lines(half, name)
        assert not [one for one, count in Counter(row["_id"] for row in rows).items() if count > 1]
        assert not [one for one, count in Counter(row["text"] for row in rows).items() if count > 1]


@pytest.mark.parametrize("half", HALVES)
def test_judgements_resolve_and_every_question_has_an_answer(half: str) -> None:
    corpus = {row["_id"] for row in _lines(half, "corpus.jsonl")}
    questions = {row["_id"] for row in _lines(half, "queries.jsonl")}
    collection = read(NOTES / half)
    assert set(collection.qrels) == questions == {query.id for query in collection.queries}
    for grades in collection.qrels.values():
        assert set(grades) <= corpus
        assert set(grades.values()) <= {0, 1, 2}


@pytest.mark.parametrize("half", HALVES)
def test_a_passage_that_denies_is_never_an_answer_to_the_plain_question(half: str) -> None:
    denied = {
        row["_id"]: set(row["metadata"]["denied"] + row["metadata"]["family"]) for row in _lines(half, "corpus.jsonl")
    }
    zero = {name for grades in read(NOTES / half).qrels.values() for name, grade in grades.items() if not grade}
    assert len(zero) >= 60
    assert all(denied[name] for name in zero)


def test_every_kind_and_both_languages_are_asked() -> None:
    for half in HALVES:
        queries = read(NOTES / half).queries
        assert {query.kind for query in queries} == KINDS
        assert {query.lang for query in queries} == {"zh", "en"}
    assert sum(len(read(NOTES / half).queries) for half in HALVES) >= 300


def test_the_halves_share_nothing() -> None:
    for name in ("corpus.jsonl", "queries.jsonl"):
        for key in ("_id", "text"):
            dev, test = ({row[key] for row in _lines(half, name)} for half in HALVES)
            shared = dev & test
            assert not shared, shared
