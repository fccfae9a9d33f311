"""Requests: a clear list of what is missing, a snapshot that stays frozen, and each person sees what is theirs."""

from __future__ import annotations

import contextlib
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from approvals import accounts, cohorts, drafts, grants, register, requests, reviews, toml_text
from records.errors import BadInput, Refused
from tests.approvals_world import COHORT, TODAY, World, choose, hash_of, request_toml


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _submit_fails(world: World, **changes: Any) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        world.submit(**changes)
    return caught.value.code, caught.value.message


def _missing(world: World, toml: str) -> set[tuple[str, str]]:
    answer = requests.precheck(world.ledger, world["ann"], toml, hash_of=hash_of)
    assert answer["ok"] == (not answer["missing"])
    assert all(item["remedy"].endswith((".", "?")) for item in answer["missing"])
    return {(item["field"], item["code"]) for item in answer["missing"]}


def test_a_complete_request_is_frozen_with_its_cohort_and_edition(world: World) -> None:
    request = world.submit()
    shown = requests.show(world.ledger, world["ann"], request)
    assert shown["state"] == "in_review"
    assert shown["cohort"] == hash_of(COHORT)
    assert shown["cohort_toml"].strip() == COHORT.strip()
    assert shown["edition"] == 3
    assert shown["variables"] == ["record", "type", "department", "year", "sex", "age", "text"]
    assert shown["members"] == ["bob"]
    entry = register.entries(world.ledger, action="request.submit")["rows"][0]
    assert entry["subject"] == request
    assert "nephropathy" not in str(entry)


def test_an_empty_request_lists_everything_that_is_missing(world: World) -> None:
    fields = {field for field, _ in _missing(world, "")}
    assert fields == {"title", "purpose", "ethics_number", "ethics_end", "variables", "period", "cohort"}
    code, message = "", ""
    with pytest.raises(BadInput) as caught:
        requests.submit(world.ledger, world["ann"], "", edition=1, hash_of=hash_of, choose=choose)
    code, message = caught.value.code, caught.value.message
    assert code == "request_incomplete"
    assert all(field in message for field in fields)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"extra": 'colour = "red"'}, ("colour", "unknown_field")),
        ({"extra": "legal_basis = 3"}, ("legal_basis", "not_text")),
        ({"title": "x" * 300}, ("title", "too_long")),
        ({"title": "  "}, ("title", "not_text")),
        ({"ethics_end": None}, ("ethics_end", "missing")),
        ({"ethics_end": '"soon"'}, ("ethics_end", "not_a_date")),
        ({"variables": ()}, ("variables", "missing")),
        ({"variables": ("record",)}, ("variables", "missing")),
        ({"variables": ("name", "text")}, ("variables", "unknown_variable")),
        ({"members": ("nobody1",)}, ("members", "unknown_member")),
        ({"end": TODAY - timedelta(days=1), "start": TODAY - timedelta(days=9)}, ("period.end", "period_over")),
        ({"start": TODAY + timedelta(days=9), "end": TODAY}, ("period", "ends_before_start")),
        ({"end": TODAY + timedelta(days=4000)}, ("period", "too_long")),
        ({"ethics_end": TODAY - timedelta(days=1)}, ("ethics_end", "ethics_ended")),
        ({"cohort": ""}, ("cohort", "missing")),
        ({"cohort": '[cohort]\nhash = "12"'}, ("cohort", "bad_hash")),
        ({"cohort": f'[cohort]\nhash = "{"0" * 64}"'}, ("cohort", "cohort_unknown")),
        ({"cohort": '[cohort]\nsaved = "mine"'}, ("cohort", "cohort_unknown")),
    ],
)
def test_each_fault_is_named(world: World, changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert _missing(world, request_toml(**changes)) == {expected}


def test_a_closed_account_cannot_be_a_member(world: World) -> None:
    accounts.disable_user(world.ledger, world["mia"], "bob")
    assert _missing(world, request_toml()) == {("members", "unknown_member")}


@pytest.mark.parametrize("text", ["title = ", "= 1", "[a", "\x00", "a = 'x\ny'", "张三 = 1"])
def test_malformed_toml_is_one_sentence_without_what_was_typed(world: World, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        requests.precheck(world.ledger, world["ann"], text, hash_of=hash_of)
    assert caught.value.code == "bad_toml"
    assert caught.value.message.isascii()


def test_a_request_of_ten_thousand_nestings_or_a_megabyte_is_refused(world: World) -> None:
    for text in ("a = " + "[" * 20_000, "x = '" + "y" * 1_000_000 + "'"):
        with pytest.raises(BadInput):
            requests.precheck(world.ledger, world["ann"], text, hash_of=hash_of)


def test_ended_ethics_and_a_passed_period_have_their_own_codes(world: World) -> None:
    assert _submit_fails(world, ethics_end=TODAY - timedelta(days=1))[0] == "ethics_ended"
    assert _submit_fails(world, start=TODAY - timedelta(days=9), end=TODAY - timedelta(days=1))[0] == "period_over"
    assert requests.listing(world.ledger, world["ann"])["rows"] == []
    world.submit(ethics_end=TODAY)


def test_a_changed_cohort_is_refused(world: World) -> None:
    first = cohorts.save(world.ledger, world["ann"], COHORT, "mine", hash_of)
    second = cohorts.save(world.ledger, world["ann"], COHORT + "# more\n", "mine", hash_of)
    assert (first["version"], second["version"]) == (1, 2)
    named = '[cohort]\nsaved = "mine"\nhash = "{}"'
    assert _submit_fails(world, cohort=named.format(first["hash"]))[0] == "cohort_changed"
    world.submit(cohort=named.format(second["hash"]))
    with_definition = f"[cohort]\nhash = '{first['hash']}'\ndefinition = '''\n{COHORT}# more\n'''"
    assert _submit_fails(world, cohort=with_definition)[0] == "cohort_changed"


def test_a_cohort_may_be_named_in_every_way(world: World) -> None:
    hashed = cohorts.save(world.ledger, world["ann"], COHORT, "mine", hash_of)["hash"]
    for cohort in (f'cohort = "{hashed}"', f'cohort_hash = "{hashed}"'):
        text = request_toml(cohort="").replace("[period]", f"{cohort}\n[period]")
        answer = requests.submit(world.ledger, world["ann"], text, edition=1, hash_of=hash_of, choose=choose)
        request = answer["request"]
        assert requests.show(world.ledger, world["ann"], request)["cohort"] == hashed
    inline = request_toml(cohort='[cohort]\nname = "x"\n[[cohort.include]]\nconcept = "a"\nat_least = 2')
    definition = drafts.parse(inline).cohort_toml
    assert tomllib.loads(definition) == {"name": "x", "include": [{"concept": "a", "at_least": 2}]}


def test_toml_written_out_reads_back_the_same() -> None:
    table = {
        "a": 'quote " back \\ line\n中文',
        "b": [1, 2.5, True, {"x": []}],
        "c": {"d": {"e f": TODAY}},
        "g": [[1], ["x"]],
    }
    assert tomllib.loads(toml_text.dumps(table)) == table


def test_others_see_neither_the_request_nor_that_it_exists(world: World) -> None:
    request = world.submit()
    for who in ("carl", "rae", "mia"):
        for verb in (requests.show, requests.withdraw):
            with pytest.raises(Refused) as caught:
                verb(world.ledger, world[who], request)
            assert caught.value.code == "request_unknown"
        assert requests.listing(world.ledger, world[who])["rows"] == []
    with pytest.raises(Refused) as caught:
        requests.show(world.ledger, world["ann"], "Q999")
    assert caught.value.code == "request_unknown"


def test_a_member_may_look_but_not_act_for_the_applicant(world: World) -> None:
    request = world.submit()
    assert requests.show(world.ledger, world["bob"], request)["state"] == "in_review"
    assert requests.listing(world.ledger, world["bob"])["rows"][0]["mine"] is False
    with pytest.raises(Refused) as caught:
        requests.withdraw(world.ledger, world["bob"], request)
    assert caught.value.code == "not_applicant"


def test_withdrawn_is_over(world: World) -> None:
    request = world.submit()
    assert requests.withdraw(world.ledger, world["ann"], request)["state"] == "withdrawn"
    with pytest.raises(Refused) as caught:
        world.vote("rae", request)
    assert caught.value.code == "request_decided"


def test_conditions_count_once_the_applicant_accepts_them(world: World) -> None:
    request = world.submit()
    world.vote("rae", request, "condition", "keep it on the ward's machine")
    assert world.vote("rob", request) == {"request": request, "state": "conditional"}
    assert grants.listing(world.ledger, world["ann"])["rows"] == []
    assert requests.show(world.ledger, world["ann"], request)["conditions"] == ["keep it on the ward's machine"]
    for who in ("bob", "rae"):
        with pytest.raises(Refused):
            requests.accept(world.ledger, world[who], request, issue=grants.issue)
    answer = requests.accept(world.ledger, world["ann"], request, issue=grants.issue)
    assert answer["state"] == "approved"
    assert world.active(answer["grant"]).request == request
    with pytest.raises(Refused):
        requests.accept(world.ledger, world["ann"], request, issue=grants.issue)


def test_conditions_accepted_after_the_ethics_approval_ended_open_nothing(world: World) -> None:
    request = world.submit()
    world.vote("rae", request, "condition")
    world.vote("rob", request, "condition")
    world.pass_days(201)
    with pytest.raises(Refused) as caught:
        requests.accept(world.ledger, world["ann"], request, issue=grants.issue)
    assert caught.value.code == "ethics_ended"


def test_a_cohort_is_read_by_whoever_has_its_hash_but_its_name_only_by_the_owner(world: World) -> None:
    hashed = cohorts.save(world.ledger, world["ann"], COHORT, "mine", hash_of)["hash"]
    assert cohorts.save(world.ledger, world["ann"], COHORT, "mine", hash_of)["version"] == 1
    assert cohorts.show(world.ledger, world["ann"], hashed)["name"] == "mine"
    assert cohorts.show(world.ledger, world["carl"], hashed) == {
        "hash": hashed,
        "toml": COHORT,
        "name": "",
        "version": 0,
        "mine": False,
    }
    again = cohorts.save(world.ledger, world["carl"], COHORT, "also mine", hash_of)
    assert (again["hash"], again["version"]) == (hashed, 1)
    shown = cohorts.show(world.ledger, world["carl"], hashed)
    assert (shown["name"], shown["mine"]) == ("also mine", True), "one's own is found though another saved it first"
    assert cohorts.listing(world.ledger, world["bob"])["rows"] == []
    for bad in ("", "x" * 81, "a\nb"):
        with pytest.raises(BadInput):
            cohorts.save(world.ledger, world["ann"], COHORT, bad, hash_of)
    with pytest.raises(BadInput):
        cohorts.save(world.ledger, world["ann"], "x" * 70_000, "long", hash_of)
    with pytest.raises(BadInput):
        cohorts.show(world.ledger, world["ann"], "0" * 64)


def test_votes_are_blind_until_decided(world: World) -> None:
    request = world.submit()
    before = reviews.sheet(world.ledger, world["rob"], request)
    queue = reviews.queue(world.ledger, world["rob"])
    world.vote("rae", request, "approve", "I trust them")
    assert reviews.sheet(world.ledger, world["rob"], request) == before
    assert reviews.queue(world.ledger, world["rob"]) == queue
    assert reviews.queue(world.ledger, world["rae"])["rows"] == []
    assert reviews.sheet(world.ledger, world["rae"], request)["my_vote"] == "approve"
    assert "I trust them" not in str(requests.show(world.ledger, world["ann"], request))
    world.vote("rob", request)
    assert len(reviews.sheet(world.ledger, world["rob"], request)["votes"]) == 2
    assert "rae" not in str(requests.show(world.ledger, world["ann"], request))


def test_a_rejection_returns_the_request_with_its_reason(world: World) -> None:
    request = world.submit()
    assert world.vote("rae", request, "reject", "the purpose is too wide")["state"] == "returned"
    shown = requests.show(world.ledger, world["ann"], request)
    assert (shown["state"], shown["reason"]) == ("returned", "the purpose is too wide")
    with pytest.raises(Refused):
        world.vote("rob", request)


def test_reviewers_are_two_independent_and_vote_once(world: World) -> None:
    request = world.submit(who="ann", members=("bob", "rita"))
    for who in ("ann", "bob", "rita"):
        with pytest.raises(Refused) as caught:
            world.vote(who, request)
        assert caught.value.code == "own_request"
        with pytest.raises(Refused):
            reviews.sheet(world.ledger, world[who], request)
    assert reviews.queue(world.ledger, world["rita"])["rows"] == []
    world.vote("rae", request)
    for verdict in reviews.VERDICTS:
        with pytest.raises(Refused) as caught:
            world.vote("rae", request, verdict)
        assert caught.value.code == "already_voted"


@pytest.mark.parametrize(
    ("verdict", "reason", "code"),
    [
        ("reject", "  ", "reason_missing"),
        ("condition", "", "conditions_missing"),
        ("maybe", "x", "bad_verdict"),
        ("approve", "x" * 5000, "text_too_long"),
    ],
)
def test_a_vote_says_why(world: World, verdict: str, reason: str, code: str) -> None:
    request = world.submit()
    with pytest.raises((Refused, BadInput)) as caught:
        world.vote("rae", request, verdict, reason)
    assert caught.value.code == code


def test_no_approval_after_the_ethics_approval_ended(world: World) -> None:
    request = world.submit()
    world.pass_days(201)
    with pytest.raises(Refused) as caught:
        world.vote("rae", request)
    assert caught.value.code == "ethics_ended"
    assert world.vote("rae", request, "reject", "too late")["state"] == "returned"


def test_half_a_character_is_bad_input_wherever_it_is_typed(world: World) -> None:
    request = world.submit()
    for attempt in (
        lambda: world.vote("rae", request, "reject", "half \ud800"),
        lambda: world.submit(title="half \ud800"),
        lambda: cohorts.save(world.ledger, world["ann"], COHORT, "half \ud800 name", hash_of),
        lambda: requests.precheck(world.ledger, world["ann"], request_toml(title="\udfff"), hash_of=hash_of),
    ):
        with contextlib.suppress(Refused), pytest.raises(BadInput):
            attempt()
    assert requests.show(world.ledger, world["ann"], request)["state"] == "in_review"


def test_an_unknown_request_cannot_be_voted_on(world: World) -> None:
    with pytest.raises(Refused) as caught:
        world.vote("rae", "Q7")
    assert caught.value.code == "request_unknown"
