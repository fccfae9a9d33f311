"""Releases: an active grant, a clean egress check, two people outside the project; and only what they passed leaves."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest

from approvals import bundle, grants, register, release
from approvals.grants import Grant
from records.errors import BadInput, Refused
from tests.approvals_world import World, keypair, offer, sample_rows


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _check(world: World, who: str, asked: str, verdict: str = "pass", reason: str = "") -> str:
    return str(release.check(world.ledger, world[who], asked, verdict, reason)["state"])


def _refused(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.code


def test_two_releasers_and_then_the_bundle(world: World, tmp_path: Path) -> None:
    asked = world.ask(world.grant())
    assert asked["state"] == "in_check"
    assert _check(world, "lea", asked["release"]) == "in_check"
    with pytest.raises(Refused) as caught:
        world.fetch(asked["release"])
    assert _refused(caught) == "release_in_check"
    assert _check(world, "leo", asked["release"]) == "released"
    answer = world.fetch(asked["release"])
    data = base64.b64decode(answer["zip_b64"])
    (tmp_path / answer["name"]).write_bytes(data)
    assert bundle.verify_bundle(tmp_path / answer["name"], keypair()[1]) == []
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    assert world.fetch(asked["release"], "ann")["name"] == answer["name"]
    entries = register.entries(world.ledger, action="release.fetch")
    assert entries["total"] == 2
    assert {"bundle", "content", "grant"} <= entries["rows"][0]["detail"].keys()


def test_nobody_of_the_project_may_check_and_nobody_twice(world: World) -> None:
    asked = world.ask(world.grant(members=("bob", "lea")))["release"]
    for who in ("ann", "bob", "lea"):
        with pytest.raises(Refused) as caught:
            _check(world, who, asked)
        assert _refused(caught) == "own_release"
    assert release.queue(world.ledger, world["lea"])["rows"] == []
    _check(world, "leo", asked)
    with pytest.raises(Refused) as caught:
        _check(world, "leo", asked)
    assert _refused(caught) == "already_voted"


def test_checks_are_blind_until_decided(world: World) -> None:
    asked = world.ask(world.grant())["release"]
    before = release.show(world.ledger, world["leo"], asked, as_releaser=True)
    _check(world, "lea", asked, "pass", "fine by me")
    assert release.show(world.ledger, world["leo"], asked, as_releaser=True) == before
    assert release.show(world.ledger, world["lea"], asked, as_releaser=True)["my_check"] == "pass"
    assert [row["release"] for row in release.queue(world.ledger, world["leo"])["rows"]] == [asked]
    assert release.queue(world.ledger, world["lea"])["rows"] == []
    _check(world, "leo", asked)
    assert len(release.show(world.ledger, world["bob"], asked)["checks"]) == 2


def test_a_refusal_is_final_and_says_why(world: World) -> None:
    asked = world.ask(world.grant())["release"]
    with pytest.raises(Refused) as caught:
        _check(world, "lea", asked, "refuse")
    assert _refused(caught) == "reason_missing"
    assert _check(world, "lea", asked, "refuse", "row 4 is odd") == "refused"
    for attempt in (lambda: _check(world, "leo", asked), lambda: world.fetch(asked)):
        with pytest.raises(Refused) as caught:
            attempt()
        assert _refused(caught) == "release_refused"
    assert release.show(world.ledger, world["bob"], asked)["reason"] == "row 4 is odd"


def test_a_blocking_finding_never_reaches_the_releasers(world: World) -> None:
    asked = world.ask(world.grant(), rows=sample_rows(name="x"))
    assert asked["state"] == "blocked"
    assert {finding["code"] for finding in asked["findings"]} >= {"variable_not_granted", "suspicious_column"}
    assert release.queue(world.ledger, world["lea"])["rows"] == []
    with pytest.raises(Refused) as caught:
        _check(world, "lea", asked["release"])
    assert _refused(caught) == "release_blocked"


def test_one_release_of_a_grant_at_a_time(world: World) -> None:
    grant = world.grant()
    asked = world.ask(grant)["release"]
    with pytest.raises(Refused) as caught:
        world.ask(grant)
    assert _refused(caught) == "release_waiting"
    _check(world, "lea", asked, "refuse", "no")
    assert world.ask(grant)["state"] == "in_check"


@pytest.mark.parametrize("end", ["revoke", "suspend", "expire"])
def test_a_grant_that_ended_stops_asking_checking_and_fetching(world: World, end: str) -> None:
    grant = world.grant()
    done = world.released(grant)
    waiting = world.ask(grant)["release"]
    if end == "expire":
        world.pass_days(101)
    else:
        getattr(grants, end)(world.ledger, world["mia"], grant, "x")
    with pytest.raises(Refused):
        world.ask(grant)
    with pytest.raises(Refused) as caught:
        _check(world, "lea", waiting)
    assert _refused(caught) == "grant_not_active"
    for who in ("bob", "ann"):
        with pytest.raises(Refused):
            world.fetch(done, who)
    assert register.entries(world.ledger, action="release.fetch")["total"] == 0


def test_a_grant_revoked_while_the_rows_are_made_releases_nothing(world: World) -> None:
    grant = world.grant()

    def slow(granted: Grant) -> release.Offer:
        grants.revoke(world.ledger, world["mia"], grant, "in between")
        return offer(granted, sample_rows())

    with pytest.raises(Refused) as caught:
        release.ask(world.ledger, world["bob"], grant, slow)
    assert _refused(caught) == "grant_revoked"
    assert release.listing(world.ledger, world["bob"])["rows"] == []


def test_a_grant_revoked_while_the_bundle_is_made_gives_nothing(world: World) -> None:
    grant = world.grant()
    asked = world.released(grant)

    def slow(granted: Grant, facts: dict[str, object]) -> release.Made:
        grants.revoke(world.ledger, world["mia"], grant, "in between")
        return release.Made(str(facts["content_hash"]), b"bundle")

    with pytest.raises(Refused):
        release.fetch(world.ledger, world["bob"], asked, slow)


def test_only_what_was_passed_leaves(world: World) -> None:
    asked = world.released(world.grant())
    with pytest.raises(Refused) as caught:
        world.fetch(asked, rows=sample_rows(23))
    assert _refused(caught) == "content_changed"


def test_others_get_no_bundle_and_no_hint(world: World) -> None:
    asked = world.released(world.grant())
    for who in ("carl", "lea", "rae", "mia"):
        with pytest.raises(Refused) as caught:
            world.fetch(asked, who)
        assert _refused(caught) == "release_unknown"
    with pytest.raises(Refused):
        release.show(world.ledger, world["carl"], asked)
    assert release.listing(world.ledger, world["carl"])["rows"] == []
    with pytest.raises(Refused):
        world.fetch("L99")


def test_a_recall_stops_fetching(world: World) -> None:
    asked = world.released(world.grant())
    world.fetch(asked)
    with pytest.raises(Refused):
        release.recall(world.ledger, world["mia"], asked, "")
    assert release.recall(world.ledger, world["mia"], asked, "a name in row 7")["state"] == "recalled"
    with pytest.raises(Refused) as caught:
        world.fetch(asked)
    assert _refused(caught) == "release_recalled"


def test_columns_beyond_the_grant_are_refused_and_fewer_are_kept(world: World) -> None:
    grant = world.grant()

    def asking(columns: tuple[str, ...]) -> dict[str, object]:
        rows = sample_rows()
        prepared = release.Offer(len(rows), bundle.content_hash(rows, columns), (), columns)
        return release.ask(world.ledger, world["bob"], grant, lambda _: prepared)

    with pytest.raises(BadInput):
        asking(("type", "patient"))
    asked = str(asking(("type", "age_band"))["release"])
    assert release.show(world.ledger, world["bob"], asked)["columns"] == ["record", "type", "age_band"]


@pytest.mark.parametrize(
    ("verdict", "reason", "code"), [("maybe", "", "bad_verdict"), ("pass", "x" * 5000, "text_too_long")]
)
def test_a_check_that_is_none(world: World, verdict: str, reason: str, code: str) -> None:
    asked = world.ask(world.grant())["release"]
    with pytest.raises(BadInput) as caught:
        release.check(world.ledger, world["lea"], asked, verdict, reason)
    assert caught.value.code == code
