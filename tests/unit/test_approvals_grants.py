"""Grants are judged at every call: dates, suspension, revocation, membership, and the two reviewers behind them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from approvals import grants, register, requests, schema
from approvals.ledger import Entry
from records.errors import IntegrityFailure, LantaiError, Refused
from tests.approvals_world import COHORT, TODAY, World, hash_of


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _refusal(world: World, grant: str, who: str = "ann") -> str:
    with pytest.raises(Refused) as caught:
        world.active(grant, who)
    return caught.value.code


def test_a_grant_opens_exactly_what_was_approved(world: World) -> None:
    grant = world.active(world.grant())
    assert grant.people == {"ann", "bob"}
    assert (grant.cohort, grant.cohort_toml.strip(), grant.edition) == (hash_of(COHORT), COHORT.strip(), 3)
    assert grant.variables == ("record", "type", "department", "year", "sex", "age", "text")
    assert (grant.starts, grant.ends) == (str(TODAY), str(TODAY + timedelta(days=100)))


def test_only_its_people_may_use_it_and_others_do_not_learn_that_it_exists(world: World) -> None:
    grant = world.grant()
    assert world.active(grant, "bob").id == grant
    for who in ("carl", "rae", "mia", "lea"):
        assert _refusal(world, grant, who) == "not_member"
    assert _refusal(world, "G99") == "not_member"
    grants.revoke(world.ledger, world["mia"], grant, "over")
    assert _refusal(world, grant, "carl") == "not_member"


def test_it_begins_and_ends_with_its_days(world: World) -> None:
    grant = world.grant(start=TODAY + timedelta(days=2), end=TODAY + timedelta(days=4))
    seen = []
    for _ in range(6):
        try:
            world.active(grant)
            seen.append("open")
        except Refused as refused:
            seen.append(refused.code)
        world.pass_days(1)
    assert seen == ["grant_not_started"] * 2 + ["open"] * 3 + ["grant_expired"]
    assert grants.show(world.ledger, world["ann"], grant)["state"] == "expired"


def test_it_ends_with_its_ethics_approval_when_that_comes_first(world: World) -> None:
    grant = world.grant(ethics_end=TODAY + timedelta(days=1))
    world.pass_days(1)
    assert world.active(grant)
    world.pass_days(1)
    assert _refusal(world, grant) == "grant_expired"


def test_the_day_is_the_hospitals(world: World) -> None:
    grant = world.grant(end=TODAY)
    world.now = world.now.replace(hour=15, minute=59)  # 23:59 in the hospital
    assert world.active(grant)
    world.now += timedelta(minutes=1)
    assert _refusal(world, grant) == "grant_expired"


def test_suspension_resumption_and_revocation_hold_from_the_next_call_on_in_any_process(world: World) -> None:
    grant = world.grant()
    elsewhere = world.opened()
    assert grants.active_grant(elsewhere, world["ann"], grant)
    assert grants.suspend(world.ledger, world["rita"], grant, "a question") == {"grant": grant, "state": "suspended"}
    with pytest.raises(Refused) as caught:
        grants.active_grant(elsewhere, world["ann"], grant)
    assert caught.value.code == "grant_suspended"
    grants.resume(world.ledger, world["mia"], grant, "answered")
    assert grants.active_grant(elsewhere, world["ann"], grant)
    grants.revoke(world.ledger, world["mia"], grant, "misused")
    with pytest.raises(Refused) as caught:
        grants.active_grant(elsewhere, world["ann"], grant)
    assert caught.value.code == "grant_revoked"
    shown = grants.show(world.ledger, world["ann"], grant)
    assert (shown["state"], shown["reason"]) == ("revoked", "misused")
    entry = register.entries(world.ledger, action="grant.revoke")["rows"][0]
    assert (entry["actor"], entry["subject"], entry["detail"]["state"]) == ("mia", grant, "revoked")


def test_a_revoked_grant_stays_revoked(world: World) -> None:
    grant = world.grant()
    grants.revoke(world.ledger, world["mia"], grant, "over")
    for verb in (grants.resume, grants.suspend, grants.revoke):
        with pytest.raises(Refused) as caught:
            verb(world.ledger, world["mia"], grant, "x")
        assert caught.value.code == "grant_revoked"


def test_its_own_people_cannot_resume_it_and_every_step_needs_a_reason(world: World) -> None:
    grant = world.grant(members=("bob", "mia"))
    with pytest.raises(Refused) as caught:
        grants.suspend(world.ledger, world["rita"], grant, "  ")
    assert caught.value.code == "reason_missing"
    grants.suspend(world.ledger, world["rita"], grant, "a question")
    with pytest.raises(Refused) as caught:
        grants.resume(world.ledger, world["mia"], grant, "all is well")
    assert caught.value.code == "own_grant"


def test_an_expired_grant_cannot_be_resumed_but_can_be_revoked(world: World) -> None:
    grant = world.grant()
    grants.suspend(world.ledger, world["rita"], grant, "a question")
    world.pass_days(101)
    with pytest.raises(Refused) as caught:
        grants.resume(world.ledger, world["mia"], grant, "x")
    assert caught.value.code == "grant_expired"
    assert grants.revoke(world.ledger, world["mia"], grant, "x")["state"] == "revoked"


def test_lists_show_ones_own_and_to_overseers_all(world: World) -> None:
    grant = world.grant()
    assert [row["grant"] for row in grants.listing(world.ledger, world["bob"])["rows"]] == [grant]
    assert grants.listing(world.ledger, world["carl"])["rows"] == []
    assert len(grants.listing(world.ledger, world["mia"], everybody=True)["rows"]) == 1
    with pytest.raises(Refused):
        grants.show(world.ledger, world["carl"], grant)
    assert grants.show(world.ledger, world["mia"], grant, everybody=True)["title"] == "Course of diabetic nephropathy"


def test_a_grant_row_alone_opens_nothing(world: World) -> None:
    """Even one that was entered by the rules: without an approved request and its two reviewers it is paper."""
    request = world.submit()
    world.vote("rae", request)
    with world.ledger.write(Entry("mia", "forged")) as tx:
        row = tx.one(schema.requests, request)
        assert row
        with pytest.raises(Refused) as caught:
            grants.issue(tx, row)
        assert caught.value.code == "review_incomplete"
        taken = ("applicant", "members", "cohort", "edition", "ethics_end", "snapshot_hash")
        fields = {name: row[name] for name in taken} | {"request": request, "number": 9, "reason": "", "created": tx.at}
        dates = {"starts": str(TODAY), "ends": str(TODAY + timedelta(days=9)), "variables": "[]"}
        tx.insert(schema.grants, "G9", **fields, **dates, state="active")
    with pytest.raises(Refused) as caught:
        world.active("G9")
    assert caught.value.code == "review_incomplete"


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("grants", "UPDATE grants SET ends = '2099-01-01'"),
        ("grants", "UPDATE grants SET state = 'active'"),
        ("grants", 'UPDATE grants SET members = \'["bob","carl"]\''),
        ("grants", "UPDATE grants SET cohort = 'x'"),
        ("requests", 'UPDATE requests SET snapshot = \'{"variables":["text"]}\''),
        ("requests", "UPDATE requests SET snapshot = substr(snapshot, 1, 40)"),
        ("reviews", "UPDATE reviews SET verdict = 'approve'"),
        ("reviews", "UPDATE reviews SET reviewer = 'rita' WHERE reviewer = 'rae'"),
    ],
)
def test_rows_changed_in_the_file_open_nothing(world: World, table: str, change: str) -> None:
    grant = world.grant()
    grants.suspend(world.ledger, world["rita"], grant, "a question")
    grants.resume(world.ledger, world["mia"], grant, "answered")
    with sqlite3.connect(world.path) as raw:
        raw.execute(change)
        if table == "reviews" and "verdict" in change:
            raw.execute("UPDATE reviews SET verdict = 'reject' WHERE reviewer = 'rae'")
        if "state" in change:
            raw.execute("UPDATE grants SET reason = ''")
    with pytest.raises(LantaiError) as caught:
        world.active(grant, "ann")
    assert isinstance(caught.value, IntegrityFailure | Refused)
    assert any(problem["id"].startswith(f"{table}/") for problem in register.verify(world.ledger))


def test_a_grant_after_acceptance_names_both_reviewers_conditions(world: World) -> None:
    request = world.submit()
    world.vote("rae", request, "condition", "no weekends")
    world.vote("rob", request, "condition", "no copies")
    assert requests.show(world.ledger, world["ann"], request)["conditions"] == ["no weekends", "no copies"]
