"""The thread, end to end in one home: what is found, what opens, what leaves, and what nobody gets."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from approvals.bundle import verify_bundle
from records.errors import BadInput, Refused
from rooms.calls.registry import CALLS
from rooms.identifiers import folded
from rooms.pseudonym import pseudonym
from rooms.strong import StrongRoom
from tests.conftest import Home
from tests.rooms_open import COHORT, Person, open_grant, release, request_toml

KINDS = ("nephropathy", "retinopathy", "neuropathy", "foot")
DIABETES = re.compile(r"E1[0-4]|O24")
RESEARCH_ROLES = ("researcher", "analyst", "reviewer", "releaser", "auditor", "manager", "operator", "qc", "archivist")


@pytest.mark.parametrize("question", ["糖尿病并发症", "diabetic complications"])
def test_both_questions_find_all_four_complications_and_no_denial(
    room: StrongRoom, ingested: Home, question: str
) -> None:
    truth = {row["file"]: row for row in ingested.records()}
    opened = Person(room, "researcher")("search.open", query=question)
    answer = Person(room, "researcher")("search.run", query=question, limit=10)
    found = " ".join(concept for hit in answer["hits"] for concept in hit["concepts"])
    assert len(answer["hits"]) == 10
    for kind in KINDS:
        assert kind in found, f"{kind} is not among the first ten"
    names = {item.record: item.name.reveal() for item in room.catalogue.deposits()}
    cards = {pseudonym(bytes.fromhex(opened["card_key"]), "c", record): name for record, name in names.items()}
    for hit in answer["hits"]:
        said = [item for item in truth[cards[hit["record"]]]["concepts"] if DIABETES.match(item["icd10"])]
        assert "present" in {item["status"] for item in said}, (cards[hit["record"]], hit)


def test_counts_are_published_and_cards_hold_no_narrative(room: StrongRoom) -> None:
    answer = Person(room, "researcher")("search.run", query="糖尿病")
    assert re.fullmatch(r"~\d+[05]|~\d*[05]", answer["total"])
    for counts in answer["facets"].values():
        assert all(re.fullmatch(r"<10|~\d+", value) for value in counts.values())
    assert set(answer["hits"][0]) == {"record", "type", "department", "year", "score", "concepts", "why"}
    again = Person(room, "analyst")("search.run", query="糖尿病")
    assert not {hit["record"] for hit in again["hits"]} & {hit["record"] for hit in answer["hits"]}


def test_a_grant_opens_the_cohort_and_revocation_closes_it_at_the_next_call(room: StrongRoom) -> None:
    _, grant = open_grant(room)
    researcher = Person(room, "researcher")
    rows = researcher("reading.list", grant=grant)
    record = rows["rows"][0]["record"]
    assert any(len(part["text"]) > 20 for part in researcher("reading.open", grant=grant, record=record)["sections"])
    within = researcher("search.run", query="糖尿病", grant=grant, limit=200)
    assert {hit["record"] for hit in within["hits"]} <= {
        row["record"] for row in researcher("reading.list", grant=grant, limit=500)["rows"]
    }
    Person(room, "manager")("grant.revoke", grant=grant, reason="the study was stopped")
    for name, args in (("reading.list", {}), ("reading.open", {"record": record}), ("release.ask", {})):
        with pytest.raises(Refused):
            Person(room, "analyst" if name == "release.ask" else "researcher")(name, grant=grant, **args)


def test_nobody_in_any_role_gets_narrative_without_a_grant(room: StrongRoom) -> None:
    _, grant = open_grant(room)
    record = Person(room, "researcher")("reading.list", grant=grant)["rows"][0]["record"]
    for user in RESEARCH_ROLES:
        if user in ("researcher", "analyst"):
            continue
        with pytest.raises(Refused):
            Person(room, user)("reading.open", grant=grant, record=record)
    real = next(item.record for item in room.catalogue.deposits())
    for user in ("researcher", "analyst"):
        with pytest.raises(Refused):
            Person(room, user)("reading.open", grant="G99", record=record)
        with pytest.raises(Refused):
            Person(room, user)("slip.open", record=real, reason="curious")


def test_the_bundle_verifies_and_holds_no_identifier_of_the_archive(
    room: StrongRoom, ingested: Home, tmp_path: Path
) -> None:
    _, grant = open_grant(room)
    _, zipped = release(room, grant)
    public = room.keys.public_key()
    with zipfile.ZipFile(BytesIO(zipped)) as archive:
        archive.extractall(tmp_path / "bundle")
    folder = next((tmp_path / "bundle").iterdir())
    assert verify_bundle(folder, public) == []
    everything = b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
    assert _left(everything.decode("utf-8", "ignore"), ingested) == []
    data = folder / "data.csv"
    data.write_bytes(data.read_bytes().replace(b"\r\n", b"\r\r", 1))
    assert [problem["file"] for problem in verify_bundle(folder, public)] == ["data.csv"]


def test_call_slips_open_the_own_department_only(room: StrongRoom, ingested: Home) -> None:
    names = {row["value"] for row in ingested.identifiers() if row["role"] == "patient" and row["entity"] == "PERSON"}
    clinician = Person(room, "clinician")
    rows = [row for name in sorted(names) for row in clinician("slip.find", query=name, reason="ward round")["rows"]]
    assert rows and {row["department"] for row in rows} == {"内分泌科"}
    opened = clinician("slip.open", record=rows[0]["record"], reason="ward round")
    assert opened["text"]
    other = next(
        item for item in room.catalogue.deposits() if room.catalogue.record(item.record).department != "内分泌科"
    )
    for record in (other.record, "R" + "0" * 20):
        with pytest.raises(Refused) as caught:
            clinician("slip.open", record=record, reason="ward round")
        assert caught.value.code == "not_own_department"


@pytest.mark.parametrize(
    ("query", "code"), [("", "query_empty"), ("   ", "query_empty"), ("病" * 10_000, "query_long")]
)
def test_questions_that_are_none(room: StrongRoom, query: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        Person(room, "researcher")("search.run", query=query)
    assert caught.value.code == code


def test_an_identifier_pasted_into_a_question_is_not_kept(room: StrongRoom, ingested: Home) -> None:
    pasted = [
        row["value"]
        for row in ingested.identifiers()
        if row["role"] == "patient" and row["entity"] in ("PERSON", "ID_CARD", "PHONE")
    ]
    for value in pasted[:30]:
        Person(room, "researcher")("search.run", query=f"{value} 的糖尿病病历")
    kept = json.dumps(Person(room, "auditor")("audit.list", limit=1000, action="search"), ensure_ascii=False)
    assert [value for value in pasted[:30] if value in kept] == []


def test_a_request_that_cannot_be(room: StrongRoom) -> None:
    researcher = Person(room, "researcher")
    cohort = researcher("cohort.save", toml=COHORT, name="test")["hash"]
    good, before = request_toml(cohort), researcher("request.list")["rows"]
    for broken, code in (
        (good.replace("ethics_end = 2", "ethics_end = 1"), "ethics_ended"),
        (good.replace(cohort, "0" * 64), "cohort_unknown"),
        (good + "\n[[[", "bad_toml"),
        (good.replace("purpose =", "# purpose ="), "request_incomplete"),
    ):
        with pytest.raises(BadInput) as caught:
            researcher("request.submit", toml=broken)
        assert caught.value.code == code
    assert researcher("request.list")["rows"] == before


def test_every_call_refuses_the_roles_that_the_truth_table_refuses(room: StrongRoom) -> None:
    """A stranger, an ended session and each wrong role, on every call there is."""
    people: dict[str, Any] = {user: Person(room, user) for user in RESEARCH_ROLES}
    ended = Person(room, "researcher")
    ended("logout")
    for name, call in CALLS.items():
        if call.action is None:
            continue
        for token in (None, "", "forged", ended.token, "local-forged"):
            with pytest.raises(Refused) as caught:
                room.call(name, token)
            assert caught.value.code == "not_logged_in"
        for user, person in people.items():
            if not room.gate.decide(room.actor(person.token), call.action).allowed:
                with pytest.raises(Refused) as caught:
                    person(name)
                assert caught.value.code == "not_permitted", (user, name)


def _left(text: str, home: Home) -> list[str]:
    """Kinds and roles of identifiers of the truth still in a text, in any width or spacing."""
    plain = folded(text)[0]
    return [
        f"{row['role']} {row['entity']}"
        for row in home.identifiers()
        if row["entity"] not in ("DATE",) and len(folded(row["value"])[0]) >= 3 and folded(row["value"])[0] in plain
    ]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("search.run", {"query": 5}),
        ("search.run", {"query": ["糖尿病"]}),
        ("audit.list", {"limit": True}),
        ("ingest.run", {"deposits": [1]}),
        ("reading.open", {"grant": {}, "record": "r"}),
        ("search.run", {"query": "糖尿病", "colour": "red"}),
    ],
)
def test_arguments_of_another_kind_are_bad_input(room: StrongRoom, name: str, args: dict[str, Any]) -> None:
    user = {"audit.list": "auditor", "ingest.run": "archivist"}.get(name, "researcher")
    with pytest.raises(BadInput):
        Person(room, user)(name, **args)


def test_refusals_stand_in_the_register(room: StrongRoom) -> None:
    with pytest.raises(Refused):
        Person(room, "analyst")("release.ask", grant="G99")
    auditor = Person(room, "auditor")
    last = auditor("audit.list", action="refused", limit=1, newest_first=True)["rows"][0]
    assert (last["actor"], last["subject"], last["detail"]["code"]) == ("analyst", "release.ask", "not_member")
