"""Whatever people try, in whatever order, a grant opens only for its people, within its days, after two different
reviewers without a part in it approved, conditions were accepted, and nobody suspended or revoked it; then it opens.
"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule

from approvals import grants, register, release, requests
from approvals.times import day_of
from records.errors import LantaiError, Refused
from tests.approvals_world import World

USERS = st.sampled_from(["ann", "rae", "rob", "mia"])  # few, so that chance brings them together
REASONS = st.sampled_from(["", "because"])


@dataclass
class Model:
    """What should be so, worked out without the code under test."""

    people: frozenset[str]
    start: date
    end: date
    ethics: date
    state: str = "in_review"
    votes: dict[str, str] = field(default_factory=dict)
    grant: str = ""
    hold: str = ""  # suspended or revoked

    def vote(self, who: str, verdict: str, reason: str, today: date) -> bool:
        if self.state != "in_review" or who in self.people or who in self.votes:
            return False
        if verdict != "approve" and not reason:
            return False
        if verdict != "reject" and today > min(self.end, self.ethics):
            return False
        self.votes[who] = verdict
        if verdict == "reject":
            self.state = "returned"
        elif len(self.votes) == 2:
            self.state = "conditional" if "condition" in self.votes.values() else "approved"
        return True

    def opens(self, who: str, today: date) -> bool:
        in_time = self.start <= today <= min(self.end, self.ethics)
        return bool(self.grant) and self.state == "approved" and not self.hold and in_time and who in self.people


class Road(RuleBasedStateMachine):
    asked = Bundle("asked")
    releases = Bundle("releases")
    opened = fetched = 0  # over the whole run: a property that is never put to the test proves nothing

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name))
        self.models: dict[str, Model] = {}
        self.passed: dict[str, set[str]] = {}

    def teardown(self) -> None:
        assert register.verify(self.world.ledger) == []
        self.world.ledger.close()
        self.folder.cleanup()

    @property
    def today(self) -> date:
        return day_of(self.world.now)

    @precondition(lambda self: len(self.models) < 2)
    @rule(
        target=asked, who=USERS, members=st.sets(USERS, max_size=1),
        start=st.integers(-1, 0), length=st.integers(3, 9), ethics=st.integers(3, 9),
    )  # fmt: skip
    def submit(self, who: str, members: set[str], start: int, length: int, ethics: int) -> Any:
        begin = self.today + timedelta(days=start)
        end, ethics_end = begin + timedelta(days=length), self.today + timedelta(days=ethics)
        try:
            request = self.world.submit(who, members=tuple(members), start=begin, end=end, ethics_end=ethics_end)
        except LantaiError:
            assert end < self.today
            return multiple()
        self.models[request] = Model(frozenset({who, *members}), begin, end, ethics_end)
        return request

    @rule(request=asked, who=USERS, verdict=st.sampled_from(["approve", "condition", "reject"]), reason=REASONS)
    def vote(self, request: str, who: str, verdict: str, reason: str) -> None:
        expected = self.models[request].vote(who, verdict, reason, self.today)
        try:
            answer = self.world.vote(who, request, verdict, reason)
        except Refused:
            assert not expected
            return
        assert expected
        assert answer["state"] == self.models[request].state
        self.models[request].grant = answer.get("grant", "")

    @rule(
        request=asked,
        pair=st.permutations(["ann", "rae", "rob", "mia"]),
        verdict=st.sampled_from(["approve", "condition"]),
    )
    def two_vote(self, request: str, pair: list[str], verdict: str) -> None:
        """Chance alone hardly ever gets two people to agree."""
        self.vote(request, pair[0], "approve", "")
        self.vote(request, pair[1], verdict, "because")
        if verdict == "condition":
            for who in pair:
                self.accept(request, who)

    @rule(request=asked, who=USERS)
    def accept(self, request: str, who: str) -> None:
        model = self.models[request]
        try:
            answer = requests.accept(self.world.ledger, self.world[who], request, issue=grants.issue)
        except Refused:
            return
        assert model.state == "conditional"
        assert self.today <= min(model.end, model.ethics)
        assert requests.show(self.world.ledger, self.world[who], request)["applicant"] == who
        model.state, model.grant = "approved", answer["grant"]

    @rule(request=asked, who=USERS)
    def withdraw(self, request: str, who: str) -> None:
        with contextlib.suppress(Refused):
            requests.withdraw(self.world.ledger, self.world[who], request)
            assert self.models[request].state in ("in_review", "conditional")
            self.models[request].state = "withdrawn"

    @rule(request=asked, who=USERS, step=st.sampled_from(["suspend", "resume", "revoke"]), reason=REASONS)
    def change(self, request: str, who: str, step: str, reason: str) -> None:
        model = self.models[request]
        verb = {"suspend": grants.suspend, "resume": grants.resume, "revoke": grants.revoke}[step]
        try:
            verb(self.world.ledger, self.world[who], model.grant or "G999", reason)
        except Refused:
            return
        assert model.hold != "revoked"
        if step == "resume":
            assert model.hold == "suspended" and who not in model.people
        model.hold = {"suspend": "suspended", "resume": "", "revoke": "revoked"}[step]

    @rule(target=releases, request=asked, who=USERS)
    def ask(self, request: str, who: str) -> Any:
        model = self.models[request]
        try:
            answer = self.world.ask(model.grant or "G999", who)
        except Refused as refused:
            assert refused.code == "release_waiting" or not model.opens(who, self.today)
            return multiple()
        assert model.opens(who, self.today)
        self.passed[answer["release"]] = set()
        return (request, answer["release"])

    @rule(asked_release=releases, who=USERS)
    def check(self, asked_release: tuple[str, str], who: str) -> None:
        request, asked = asked_release
        with contextlib.suppress(Refused):
            release.check(self.world.ledger, self.world[who], asked, "pass")
            assert who not in self.models[request].people
            self.passed[asked].add(who)

    @rule(request=asked, order=st.permutations(["ann", "rae", "rob", "mia"]))
    def all_ask_check_and_fetch(self, request: str, order: list[str]) -> None:
        for asked_release in [self.ask(request, who) for who in order]:
            if isinstance(asked_release, tuple):
                for step in (self.check, self.fetch):
                    for who in order:
                        step(asked_release, who)

    @rule(asked_release=releases, who=USERS)
    def fetch(self, asked_release: tuple[str, str], who: str) -> None:
        request, asked = asked_release
        expected = self.models[request].opens(who, self.today) and len(self.passed[asked]) == 2
        try:
            release.fetch(self.world.ledger, self.world[who], asked, _made)
        except Refused:
            assert not expected
        else:
            assert expected
            Road.fetched += 1

    @rule(days=st.integers(1, 2))
    def wait(self, days: int) -> None:
        self.world.pass_days(days)

    @invariant()
    def only_what_should_be_open_is(self) -> None:
        for model in self.models.values():
            for who in ("ann", "rae", *sorted(model.people)):
                if not model.grant:
                    continue
                try:
                    self.world.active(model.grant, who)
                except Refused:
                    assert not model.opens(who, self.today)
                else:
                    assert model.opens(who, self.today)
                    Road.opened += 1
        known = {model.grant for model in self.models.values() if model.grant}
        listed = grants.listing(self.world.ledger, self.world["mia"], everybody=True)["rows"]
        assert {row["grant"] for row in listed} == known
        for model in self.models.values():
            if model.grant:
                approving = {who for who, verdict in model.votes.items() if verdict != "reject"}
                assert len(approving - model.people) == 2


def _made(_: object, facts: dict[str, Any]) -> release.Made:
    return release.Made(facts["content_hash"], b"bundle")


Road.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
test_no_road_past_two_reviewers = Road.TestCase


def test_the_road_was_walked() -> None:
    if not Road.opened:
        pytest.skip("runs after test_no_road_past_two_reviewers")
    assert Road.opened > 20
    assert Road.fetched > 0
