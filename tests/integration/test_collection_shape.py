"""The judged collections are whole: names once, judgements that resolve, and halves that share nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.beir import read

COLLECTIONS = Path(__file__).resolve().parents[1] / "collections"
AUTHORS = ("notes", "wards")
HALVES = tuple(f"{author}/{half}" for author in AUTHORS for half in ("dev", "test"))
EVERY = (
    *HALVES,
    "clinics",
    "bedside",
    "harbour",
    "pier",
    "quay",
    "ferry",
    "jetty",
    "landing",
    "wharf",
    "haven",
    "mooring",
    "slipway",
    "beacon",
    "quarry",
    "anchor",
    "tender",
    "buoy",
    "cove",
    "strand",
    "reef",
    "spit",
    "pile",
    "dock",
    "lock",
    "mole",
)
KINDS = {"formal", "lay", "abbreviation", "english", "parent", "treatment", "laboratory", "negation", "time"}


def _lines(half: str, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (COLLECTIONS / half / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("half", EVERY)
def test_names_are_given_once_and_texts_are_not_repeated(half: str) -> None:
    for name in ("corpus.jsonl", "queries.jsonl"):
        rows = _lines(half, name)
        assert not [one for one, count in Counter(row["_id"] for row in rows).items() if count > 1]
        assert not [one for one, count in Counter(row["text"] for row in rows).items() if count > 1]


@pytest.mark.parametrize("half", EVERY)
def test_judgements_resolve_and_every_question_has_an_answer(half: str) -> None:
    corpus = {row["_id"] for row in _lines(half, "corpus.jsonl")}
    questions = {row["_id"] for row in _lines(half, "queries.jsonl")}
    collection = read(COLLECTIONS / half)
    assert set(collection.qrels) == questions == {query.id for query in collection.queries}
    for grades in collection.qrels.values():
        assert set(grades) <= corpus
        assert set(grades.values()) <= {0, 1, 2}


@pytest.mark.parametrize("half", ["tender", "buoy", "cove", "strand", "reef", "spit", "pile", "dock", "lock", "mole"])
def test_every_zero_that_is_written_out_says_why(half: str) -> None:
    head, *rows = (COLLECTIONS / half / "zeros.tsv").read_text(encoding="utf-8").splitlines()
    assert head.split("\t") == ["query-id", "corpus-id", "why"]
    why = {(question, passage): reason for question, passage, reason in (row.split("\t") for row in rows)}
    qrels = read(COLLECTIONS / half).qrels
    assert len(why) == len(rows)
    assert set(why) == {(one, passage) for one, grades in qrels.items() for passage in grades if not grades[passage]}
    assert set(why.values()) <= {"denied", "family", "possible", "planned", "lookalike", "other"}


@pytest.mark.parametrize("half", HALVES)
def test_a_passage_that_denies_is_never_an_answer_to_the_plain_question(half: str) -> None:
    not_present = ("denied", "family", "possible")
    denied = {
        row["_id"]: {name for mark in not_present for name in row["metadata"].get(mark, ())}
        for row in _lines(half, "corpus.jsonl")
    }
    zero = {name for grades in read(COLLECTIONS / half).qrels.values() for name, grade in grades.items() if not grade}
    assert len(zero) >= 60
    assert all(denied[name] for name in zero)


@pytest.mark.parametrize("half", EVERY)
def test_every_kind_and_both_languages_are_asked(half: str) -> None:
    queries = read(COLLECTIONS / half).queries
    assert KINDS - {"english"} <= {query.kind for query in queries} <= KINDS  # a language by some authors
    assert {query.lang for query in queries} == {"zh", "en"}
    assert len(queries) >= 60


def test_no_question_of_the_wards_is_answered_only_by_its_own_words() -> None:
    for half in ("wards/dev", "wards/test"):
        collection = read(COLLECTIONS / half)
        for query in collection.queries:
            grades = collection.qrels[query.id]
            answers = [collection.corpus[name][1].lower() for name, grade in grades.items() if grade]
            assert len(answers) >= 3
            assert not all(query.text.lower() in answer for answer in answers), query.text


@pytest.mark.parametrize("author", AUTHORS)
def test_the_halves_share_nothing(author: str) -> None:
    for name in ("corpus.jsonl", "queries.jsonl"):
        for key in ("_id", "text"):
            dev, test = ({row[key] for row in _lines(f"{author}/{half}", name)} for half in ("dev", "test"))
            shared = dev & test
            assert not shared, shared
