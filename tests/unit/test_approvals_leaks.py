"""Reports of a leak in the ledger: states, what is off the shelf, whose bundles held it, and never the words."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from approvals import leaks, register, release
from approvals.leaks import Fix, Leak, Scope
from records.entities import Entity
from records.errors import IntegrityFailure, Refused
from records.ids import RecordId
from tests.approvals_world import World

ONE, TWO, THREE = (RecordId(f"r{number:03}") for number in (1, 2, 3))
FAR = RecordId("r999")  # in no cohort of this world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "ledger")


def report(world: World, record: RecordId = ONE, who: str = "ann") -> Leak:
    return leaks.report(world.ledger, world[who], record, Entity.PERSON, "G1", lambda _: None)


def confirm(world: World, leak: str, *more: RecordId, scope: Scope = Scope.PATIENT, reason: str = "it does") -> Leak:
    return leaks.confirm(world.ledger, world["quin"], leak, Entity.PERSON, scope, Fix.LIST, reason, more)


def test_a_report_keeps_its_record_off_until_it_is_dismissed(world: World) -> None:
    kept: list[str] = []
    leak = leaks.report(world.ledger, world["ann"], ONE, Entity.PHONE, "G1", kept.append)
    assert kept == [leak.id] == ["X1"]
    assert (leak.state, leak.entity, leak.reporter, leak.seen) == ("reported", Entity.PHONE, "ann", "G1")
    assert leaks.off_the_shelf(world.ledger) == {ONE}
    assert leaks.off_the_shelf(world.opened()) == {ONE}, "another process sees it"
    leaks.dismiss(world.ledger, world["quin"], leak.id, "a drug")
    assert leaks.off_the_shelf(world.ledger) == frozenset()
    assert leaks.undecided(world.ledger) == []


def test_words_that_cannot_be_sealed_leave_no_report(world: World) -> None:
    def broken(_: str) -> None:
        raise OSError

    with pytest.raises(OSError):
        leaks.report(world.ledger, world["ann"], ONE, Entity.PERSON, "G1", broken)
    assert leaks.undecided(world.ledger) == []


def test_a_confirmed_leak_is_fixed_when_nothing_waits_any_more(world: World) -> None:
    leak = report(world).id
    assert confirm(world, leak, TWO).waiting == {ONE, TWO}
    assert leaks.recheck(world.ledger, "quin", leak, more=[THREE]).state == "confirmed"
    assert leaks.off_the_shelf(world.ledger) == {ONE, TWO, THREE}
    half = leaks.recheck(world.ledger, "quin", leak, clean=[ONE, TWO], last=True)
    assert (half.state, half.waiting, bool(half.checked)) == ("confirmed", {THREE}, True)
    assert leaks.off_the_shelf(world.ledger) == {THREE}
    assert leaks.recheck(world.ledger, "quin", leak, clean=[THREE]).state == "fixed"
    with pytest.raises(Refused) as caught:
        confirm(world, leak)
    assert caught.value.code == "leak_fixed"
    wider = confirm(world, leak, FAR, scope=Scope.HOSPITAL)
    assert (wider.state, wider.waiting, wider.checked) == ("confirmed", {FAR}, "")


def test_two_reports_of_one_record_keep_it_off_each(world: World) -> None:
    first, second = report(world).id, report(world, who="bob").id
    leaks.dismiss(world.ledger, world["quin"], first, "no")
    assert leaks.off_the_shelf(world.ledger) == {ONE}
    leaks.dismiss(world.ledger, world["quin"], second, "no")
    assert leaks.off_the_shelf(world.ledger) == frozenset()


@pytest.mark.parametrize(
    ("before", "event", "code"),
    [
        ("reported", "recheck", "leak_undecided"),
        ("confirmed", "dismiss", "leak_confirmed"),
        ("dismissed", "confirm", "leak_dismissed"),
        ("dismissed", "dismiss", "leak_dismissed"),
        ("dismissed", "recheck", "leak_dismissed"),
        ("fixed", "dismiss", "leak_fixed"),
        ("fixed", "recheck", "leak_fixed"),
    ],
)
def test_what_a_state_does_not_allow_is_refused_and_changes_nothing(
    world: World, before: str, event: str, code: str
) -> None:
    leak = report(world).id
    if before == "dismissed":
        leaks.dismiss(world.ledger, world["quin"], leak, "no")
    elif before != "reported":
        confirm(world, leak)
        if before == "fixed":
            leaks.recheck(world.ledger, "quin", leak, clean=[ONE])
    stands = leaks.one(world.ledger, leak)
    with pytest.raises(Refused) as caught:
        leaks.may(stands, event)
    assert caught.value.code == code
    with pytest.raises(Refused) as caught:
        if event == "recheck":
            leaks.recheck(world.ledger, "quin", leak, clean=[ONE])
        elif event == "dismiss":
            leaks.dismiss(world.ledger, world["quin"], leak, "no")
        else:
            confirm(world, leak)
    assert caught.value.code == code
    assert leaks.one(world.ledger, leak) == stands


def test_a_decision_needs_its_reason_and_a_report_that_exists(world: World) -> None:
    leak = report(world).id
    for verb in (
        lambda: confirm(world, leak, reason="  "),
        lambda: leaks.dismiss(world.ledger, world["quin"], leak, ""),
    ):
        with pytest.raises(Refused) as caught:
            verb()
        assert caught.value.code == "reason_missing"
    with pytest.raises(Refused) as caught:
        leaks.one(world.ledger, "X9")
    assert caught.value.code == "leak_unknown"


def test_too_many_reports_within_the_hour_are_refused_to_that_person_alone(world: World) -> None:
    for number in range(leaks.MOST_AN_HOUR):
        report(world, RecordId(f"r{number:03}"))
    with pytest.raises(Refused) as caught:
        report(world, FAR)
    assert caught.value.code == "leak_rate"
    report(world, FAR, who="bob")
    world.pass_days(1)
    report(world, FAR)


def test_the_bundles_that_held_a_record_are_named(world: World) -> None:
    grant = world.grant()
    released = world.released(grant)
    world.ask(grant)
    leak = report(world)
    assert leak.releases == (released, "L2")
    assert report(world, FAR).releases == ()
    rows = release.listing(world.ledger, world["mia"], everybody=True)["rows"]
    assert {row["release"]: row["leaks"] for row in rows} == {released: ["X1"], "L2": ["X1"]}
    assert confirm(world, "X2", TWO).releases == (released, "L2")
    leaks.dismiss(world.ledger, world["quin"], "X1", "no")
    assert release.show(world.ledger, world["lea"], released, as_releaser=True)["leaks"] == ["X2"]


def test_every_step_stands_in_the_register_with_ids_only(world: World) -> None:
    leak = report(world).id
    confirm(world, leak, TWO)
    leaks.recheck(world.ledger, "quin", leak, clean=[ONE, TWO], last=True)
    rows = [row for row in register.entries(world.ledger, after=0, limit=1000)["rows"] if row["subject"] == leak]
    assert [row["action"] for row in rows] == ["leak.report", "leak.confirm", "leak.recheck"]
    assert [row["detail"]["state"] for row in rows] == ["reported", "confirmed", "fixed"]
    assert "withheld" not in json.dumps(rows)


@pytest.mark.parametrize(
    "change", ["UPDATE leaks SET state = 'dismissed' WHERE id = 'X1'", "DELETE FROM leaks WHERE id = 'X1'"]
)
def test_a_report_set_aside_behind_our_back_opens_nothing(world: World, change: str) -> None:
    report(world)
    report(world, TWO)
    world.ledger.close()
    with sqlite3.connect(world.path) as database:
        database.execute(change)
    database.close()
    ledger = world.opened()
    for look in (leaks.off_the_shelf, leaks.undecided, lambda opened: leaks.one(opened, "X1")):
        with pytest.raises(IntegrityFailure):
            look(ledger)
