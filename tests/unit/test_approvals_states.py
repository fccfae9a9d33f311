"""The workflow tables: every state and event has an answer, and the answers are the ones written down here."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from approvals.states import GrantState, LeakState, Machine, Moved, Refusal, ReleaseState, RequestState, load, machine
from records.errors import IntegrityFailure, Refused
from records.paths import policies_dir

MACHINES = ("request", "grant", "release", "leak")
# With every fact true: what each event leads to. All other pairs are refused with the state's own code.
EXPECTED = {
    "request": {
        ("new", "submit"): "in_review",
        ("in_review", "approve"): "conditional",
        ("in_review", "condition"): "conditional",
        ("in_review", "reject"): "returned",
        ("in_review", "withdraw"): "withdrawn",
        ("conditional", "accept"): "approved",
        ("conditional", "withdraw"): "withdrawn",
    },
    "grant": {
        ("new", "issue"): "active",
        ("active", "use"): "active",
        ("active", "suspend"): "suspended",
        ("suspended", "resume"): "active",
        ("active", "revoke"): "revoked",
        ("suspended", "revoke"): "revoked",
        ("expired", "revoke"): "revoked",
    },
    "release": {
        ("new", "ask"): "in_check",
        ("in_check", "pass"): "released",
        ("in_check", "refuse"): "refused",
        ("released", "fetch"): "released",
        ("released", "recall"): "recalled",
    },
    "leak": {
        ("new", "report"): "reported",
        ("reported", "confirm"): "confirmed",
        ("reported", "dismiss"): "dismissed",
        ("confirmed", "confirm"): "confirmed",
        ("confirmed", "recheck"): "fixed",
        ("fixed", "confirm"): "confirmed",
    },
}


def _all_true(table: Machine) -> dict[str, bool]:
    return dict.fromkeys(table.facts, True)


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_and_event_has_the_answer_written_here(name: str) -> None:
    table = machine(name)
    found = {}
    for state, event in product(table.states, table.events):
        answer = table.decide(state, event, _all_true(table))
        if isinstance(answer, Moved):
            found[state, event] = answer.state
        else:
            assert answer == Refusal(table.states[state])
    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", MACHINES)
def test_each_need_refuses_by_itself_and_a_missing_fact_counts_as_not_given(name: str) -> None:
    table = machine(name)
    for (state, event), step in table.steps.items():
        for need in step.needs:
            facts = _all_true(table) | {need: False}
            assert table.decide(state, event, facts) == Refusal(table.facts[need])
            del facts[need]
            assert table.decide(state, event, facts) == Refusal(table.facts[need])
        if step.needs:
            assert isinstance(table.decide(state, event, {}), Refusal)


def test_the_states_of_the_tables_are_the_enums() -> None:
    assert machine("request").states.keys() == {state.value for state in RequestState}
    assert machine("grant").states.keys() == {state.value for state in GrantState}
    assert machine("release").states.keys() == {state.value for state in ReleaseState}
    assert machine("leak").states.keys() == {state.value for state in LeakState}


def test_one_vote_leaves_the_state_as_it_was_so_that_it_tells_nothing() -> None:
    facts = _all_true(machine("request")) | {"enough_approvals": False}
    for verdict in ("approve", "condition"):
        assert machine("request").decide("in_review", verdict, facts) == Moved("in_review")
    facts = _all_true(machine("release")) | {"two_passes": False}
    assert machine("release").decide("in_check", "pass", facts) == Moved("in_check")


def test_the_second_approval_waits_for_the_applicant_only_when_conditions_are_open() -> None:
    facts = _all_true(machine("request")) | {"conditions_open": False}
    assert machine("request").decide("in_review", "approve", facts) == Moved("approved")


def test_a_refusal_is_raised_with_its_sentence() -> None:
    with pytest.raises(Refused) as caught:
        machine("grant").move("revoked", "use", {})
    assert caught.value.code == "grant_revoked"
    assert caught.value.message.endswith(".")


def test_an_unknown_state_event_or_fact_is_a_mistake_of_ours_not_a_yes() -> None:
    for state, event, facts in (("x", "use", {}), ("active", "x", {}), ("active", "use", {"x": True})):
        with pytest.raises(ValueError, match="unknown"):
            machine("grant").decide(state, event, facts)


def test_truthy_is_not_true() -> None:
    facts: dict[str, bool] = _all_true(machine("grant")) | {"ethics_valid": 1}
    assert machine("grant").decide("active", "use", facts) == Refusal("grant_expired")


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('initial = "new"', 'initial = "old"', "initial"),
        ('event = "resume"', 'event = "rsume"', "unknown"),
        ('to = [{ state = "revoked" }]', 'to = [{ state = "gone" }]', "nowhere"),
        ('needs = ["reason_given"]', 'needs = ["raeson_given"]', "unknown fact"),
        ('to = [{ state = "suspended" }]', 'to = [{ state = "suspended", when = ["started"] }]', "last resort"),
        ('grant_active = "The grant is active already."', "", "sentences"),
        ('[events]', '[evnts]', "lacks a table"),
        ('event = "suspend"', 'event = "revoke"', "twice"),
    ],
)  # fmt: skip
def test_a_broken_table_does_not_load(tmp_path: Path, before: str, after: str, named: str) -> None:
    text = (policies_dir() / "workflow" / "grant.toml").read_text(encoding="utf-8")
    assert before in text
    broken = tmp_path / "grant.toml"
    broken.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(IntegrityFailure, match=named):
        load(broken)
