"""The fake strong room and the real one take the same calls: names, arguments, and who may make them."""

from __future__ import annotations

import inspect

import pytest

from approvals.actions import Action
from approvals.gate import Gate
from portal.web.contents import PAGES
from records.ids import UserId
from records.paths import policies_dir
from records.people import Actor, Role
from rooms.calls.registry import CALLS, load_calls
from tests.portal_fake import NEEDS, FakeDesk

load_calls()
NOT_CALLS = {"login", "whoami", "request", "grant", "release"}  # shapes of the fake, and calls tested apart
FAKED = sorted(
    name[1:].replace("_", ".", 1)
    for name, value in vars(FakeDesk).items()
    if name.startswith("_") and not name.startswith("__") and inspect.isfunction(value) and name[1:] not in NOT_CALLS
)


@pytest.mark.parametrize("name", FAKED)
def test_the_fake_takes_what_the_real_one_takes(name: str) -> None:
    real = CALLS[name].signature.parameters
    open_ended = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in real.values())
    faked = inspect.signature(getattr(FakeDesk, "_" + name.replace(".", "_"))).parameters
    asked = {key for key, value in faked.items() if value.kind is not inspect.Parameter.VAR_KEYWORD} - {"self", "user"}
    known = set(list(real)[2:])
    assert open_ended or asked <= known
    needed = {key for key in known if real[key].default is inspect.Parameter.empty}
    assert needed <= asked


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_the_fake_refuses_whom_the_policy_refuses(name: str) -> None:
    gate = Gate.load(policies_dir())
    for role in Role:
        who = Actor(UserId("somebody"), frozenset({role}), "内分泌科")
        allowed = gate.decide(who, Action(name), {"department": "内分泌科"}).allowed
        assert allowed == (str(role) in NEEDS[name]), role


FIRST_CALLS = {
    "search": "search",
    "cohort": "cohort.list",
    "concepts": "concept.show",
    "requests": "request.list",
    "reading": "grant.list",
    "grants": "grant.list",
    "releases": "release.list",
    "review": "review.queue",
    "checking": "release.queue",
    "deposits": "deposit.add",
    "rejects": "deposit.rejects",
    "leaks": "leak.queue",
    "slips": "slip.find",
    "register": "audit.list",
    "overview": "grant.list",
    "people": "user.list",
    "status": "status",
}


@pytest.mark.parametrize("slug", sorted(FIRST_CALLS))
def test_a_page_is_offered_to_those_whom_the_policy_lets_use_it(slug: str) -> None:
    gate = Gate.load(policies_dir())
    for role in PAGES[slug].roles:
        who = Actor(UserId("somebody"), frozenset({Role(role)}), "内分泌科")
        assert gate.decide(who, Action(FIRST_CALLS[slug]), {"department": "内分泌科"}).allowed, role


def test_every_page_but_the_first_is_held_against_the_policy() -> None:
    assert set(FIRST_CALLS) == set(PAGES) - {""}
