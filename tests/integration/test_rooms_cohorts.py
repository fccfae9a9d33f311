"""Cohorts and concepts as people get them from the strong room: counts as published, links, editions, and who may."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from records.disclosure import lost, published, share, size
from records.errors import BadInput, Refused
from rooms.granted import evaluate_cohort
from rooms.strong import StrongRoom
from semantic.cohort import CohortDefinition
from semantic.cohort_feasibility import feasibility
from tests.rooms_open import Person

DIABETIC = """
unit = "patient"
variables = ["age", "sex", "HbA1c", "肺癌"]

[start]
concept = "糖尿病"

[[include]]
any = ["糖尿病肾病", "糖尿病视网膜病变", "糖尿病足"]
from_day = 0

[[exclude]]
concept = "恶性肿瘤"
"""


def test_a_count_is_the_engines_as_published_at_every_step(room: StrongRoom) -> None:
    answer = Person(room, "researcher")("cohort.count", toml=DIABETIC)
    result = evaluate_cohort(room, DIABETIC)
    assert (answer["patients"], answer["records"]) == (published(result.patients), published(result.size))
    steps = answer["attrition"]
    assert [(one["step"], one["patients"], one["records"]) for one in steps] == [
        (step, published(patients), published(records)) for step, patients, records in result.attrition
    ]
    for before, after in pairwise(steps):
        for unit in ("patients", "records"):
            assert after[f"lost_{unit}"] == lost(before[unit], after[unit])
    known = feasibility(result, room.lexicon, ["age", "sex", "HbA1c", "肺癌"])
    assert [(one["variable"], one["patients"], one["records"]) for one in answer["feasibility"]] == [
        (one.variable, published(one.patients), published(one.records)) for one in known
    ]
    for one in answer["feasibility"]:
        assert one["share"] == share(one["patients"], answer["patients"])
    numbers = re.findall(r"[<~]\d+", json.dumps(answer))
    assert all(number == "<10" or int(number[1:]) % 5 == 0 for number in numbers)


def test_what_a_search_stands_for_is_a_cohort_of_its_matches(room: StrongRoom) -> None:
    researcher = Person(room, "researcher")
    found = researcher("search.run", query="糖尿病并发症", since=2020)
    definition = CohortDefinition.parse(found["cohort"])
    assert definition.who.since == 2020
    counted = researcher("cohort.count", toml=found["cohort"])
    assert size(counted["records"]) <= size(found["total"])
    assert counted["records"].startswith("~")
    assert researcher("search.run", query="的")["cohort"] is None


def test_facets_and_suggestions_name_only_what_is_usual(room: StrongRoom) -> None:
    researcher = Person(room, "researcher")
    edition = room.shelf.edition()
    everything = edition.rows.facets(np.flatnonzero(edition.live))
    usual = {name: {value for value, n in counts.items() if n >= 10} for name, counts in everything.items()}
    for question in ("糖尿病", "高血压", "肺炎"):
        answer = researcher("search.run", query=question)
        assert {name: set(values) for name, values in answer["facets"].items()} == usual
        for one in answer["suggestions"]:
            assert one["records"].startswith("~")
    few = researcher("search.run", query="糖尿病", age_min=90, age_max=90, sex="M")
    assert few["total"] == "<10"
    assert not any(few["facets"].values())


def test_whoever_has_the_hash_and_the_right_may_open_it_and_it_is_recorded(room: StrongRoom) -> None:
    owner, other = Person(room, "researcher"), Person(room, "analyst")
    hashed = owner("cohort.save", toml=DIABETIC, name="张工的队列")["hash"]
    mine, theirs = owner("cohort.show", hash=hashed), other("cohort.show", hash=hashed)
    assert (mine["name"], mine["mine"]) == ("张工的队列", True)
    assert (theirs["name"], theirs["version"], theirs["mine"]) == ("", 0, False)
    assert theirs["toml"] == mine["toml"]
    entry = Person(room, "auditor")("audit.list", action="cohort.show", newest_first=True, limit=1)["rows"][0]
    assert (entry["actor"], entry["detail"]["cohort"]) == ("analyst", hashed)
    assert Person(room, "reviewer")("cohort.show", hash=hashed)["toml"] == mine["toml"]
    for user in ("operator", "archivist", "clinician"):
        with pytest.raises(Refused):
            Person(room, user)("cohort.show", hash=hashed)
        with pytest.raises(Refused):
            Person(room, user)("cohort.count", hash=hashed)
    with pytest.raises(Refused):
        Person(room, "reviewer")("cohort.count", hash=hashed)


def test_a_saved_cohort_is_counted_by_its_hash_on_the_edition_asked_for(room: StrongRoom) -> None:
    researcher = Person(room, "researcher")
    hashed = researcher("cohort.save", toml=DIABETIC, name="again")["hash"]
    now = int(room.shelf.current())
    first, again = (researcher("cohort.count", hash=hashed, edition=edition) for edition in (0, now))
    assert first == again
    assert first["hash"] == hashed
    assert first["same_lexicon"] is True
    for edition in (now + 1, -1, 10**9):
        with pytest.raises(BadInput) as caught:
            researcher("cohort.count", hash=hashed, edition=edition)
        assert caught.value.code == "unknown_edition"
    for arguments in ({}, {"toml": DIABETIC, "hash": hashed}, {"hash": "0" * 64}):
        with pytest.raises(BadInput):
            researcher("cohort.count", **arguments)


def test_versions_of_a_name_are_counted_up_and_kept(room: StrongRoom) -> None:
    researcher = Person(room, "researcher")
    texts = ['[[include]]\nconcept = "高血压"', '[[include]]\nconcept = "高血压"\ntimes = 2']
    saved = [researcher("cohort.save", toml=toml, name="versions") for toml in texts]
    assert [one["version"] for one in saved] == [1, 2]
    counted = researcher("cohort.count", toml=texts[1])
    same = ("edition", "hash", "patients", "records", "attrition")
    assert {key: saved[1][key] for key in same} == {key: counted[key] for key in same}
    with pytest.raises(BadInput):
        researcher("cohort.save", toml='[[include]]\nconcept = "没有这个病"', name="versions")
    rows = [row for row in researcher("cohort.list")["rows"] if row["name"] == "versions"]
    assert [(row["version"], row["hash"]) for row in rows] == [(2, saved[1]["hash"]), (1, saved[0]["hash"])]
    assert researcher("cohort.show", hash=saved[0]["hash"])["toml"] == texts[0]


def test_a_concept_is_counted_for_whom_may_count_and_typed_words_are_not_kept(room: StrongRoom) -> None:
    told = Person(room, "researcher")("concept.show", words="糖尿病")
    (one,) = told["concepts"]
    result = evaluate_cohort(room, '[[include]]\nconcept = "diabetes-mellitus"')
    assert (one["patients"], one["records"]) == (published(result.patients), published(result.size))
    kinds = {target["id"]: target["records"] for target in one["relations"]["implied"]}
    foot = evaluate_cohort(room, '[[include]]\nconcept = "diabetic-foot"')
    assert kinds["diabetic-foot"] == published(foot.size)
    for user in ("clinician", "archivist", "reviewer"):
        bare = Person(room, user)("concept.show", words="糖尿病")
        assert "records" not in json.dumps(bare)
    with pytest.raises(Refused):
        Person(room, "operator")("concept.show", words="糖尿病")
    Person(room, "researcher")("concept.show", words="欧阳试笔糖尿")
    rows = Person(room, "auditor")("audit.list", action="concept.show", newest_first=True, limit=5)["rows"]
    assert rows
    assert "欧阳试笔" not in json.dumps(rows, ensure_ascii=False)


def _codes(room: StrongRoom, toml: str) -> Any:
    with pytest.raises(BadInput) as caught:
        Person(room, "researcher")("cohort.count", toml=toml)
    return caught.value.code


def test_what_cannot_be_counted_is_said_by_its_name(room: StrongRoom) -> None:
    assert _codes(room, '[[include]]\nconcept = "没有这个病"') == "unknown_concept"
    assert _codes(room, '[[include]]\nconcept = "没有这项 < 42"') == "unknown_concept"
    assert _codes(room, 'variables = ["没有这个"]\n[[include]]\nconcept = "糖尿病"') == "unknown_variable"
    assert _codes(room, '[[include]]\nconcept = "糖尿病"\nto_day = 3') == "cohort_malformed"
