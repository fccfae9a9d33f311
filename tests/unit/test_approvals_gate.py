"""The gate says exactly what the truth table says, and does not start on a policy that Casbin would misread."""

from __future__ import annotations

import csv
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from approvals.actions import SHOWS_RECORDS, Action
from approvals.gate import Gate
from records.errors import IntegrityFailure, Refused
from records.ids import UserId
from records.paths import policies_dir
from records.people import Actor, Role


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(policies_dir())


def _actor(*roles: Role, department: str | None = None) -> Actor:
    return Actor(UserId("somebody"), frozenset(roles), department)


def _table() -> dict[tuple[str, str], str]:
    with (policies_dir() / "access" / "truth_table.csv").open(encoding="utf-8", newline="") as file:
        return {(row["role"], row["action"]): row["answer"] for row in csv.DictReader(file)}


def test_the_truth_table_is_total_and_is_what_the_gate_says(gate: Gate) -> None:
    expected = _table()
    assert expected.keys() == {(role.value, action.value) for role in Role for action in Action}
    assert {(role, action): answer for role, action, answer in gate.truth_table()} == expected


def test_decisions_follow_the_table_for_every_role_action_and_department(gate: Gate) -> None:
    for (role, action), answer in _table().items():
        actor = _actor(Role(role), department="肾内科")
        own = gate.decide(actor, Action(action), {"department": "肾内科"}).allowed
        other = gate.decide(actor, Action(action), {"department": "骨科"}).allowed
        none = gate.decide(actor, Action(action)).allowed
        assert (own, other, none) == {
            "yes": (True, True, True),
            "own": (True, False, False),
            "no": (False, False, False),
            "never": (False, False, False),
        }[answer]


def test_an_operator_sees_no_record_whatever_else_the_person_is(gate: Gate) -> None:
    everything = _actor(*Role, department="肾内科")
    for action in SHOWS_RECORDS:
        decision = gate.decide(everything, action, {"department": "肾内科"})
        assert not decision.allowed
        assert decision.reason == "denied to operator"


def test_a_clinician_without_a_department_opens_nothing(gate: Gate) -> None:
    assert not gate.decide(_actor(Role.CLINICIAN), Action.SLIP_OPEN, {"department": ""}).allowed
    assert not gate.decide(_actor(Role.CLINICIAN, department=""), Action.SLIP_OPEN, {"department": ""}).allowed


def test_nobody_may_both_ask_and_decide_by_one_role(gate: Gate) -> None:
    table = _table()
    for role in Role:
        rights = {action for action in Action if table[role.value, action.value] == "yes"}
        assert not {Action.REQUEST_SUBMIT, Action.REVIEW_DECIDE} <= rights
        assert not {Action.RELEASE_ASK, Action.RELEASE_CHECK} <= rights


def test_roles_add_up_and_no_role_is_no_right(gate: Gate) -> None:
    assert gate.decide(_actor(Role.RESEARCHER, Role.ANALYST), Action.RELEASE_ASK).allowed
    assert not gate.decide(_actor(), Action.SEARCH).allowed


def test_require_refuses_with_a_code(gate: Gate) -> None:
    with pytest.raises(Refused) as caught:
        gate.require(_actor(Role.RESEARCHER), Action.AUDIT_LIST)
    assert caught.value.code == "not_permitted"


def test_any_exception_means_no(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    class Breaks:
        def enforce_ex(self, *_: Any) -> Any:
            raise RuntimeError("张三")

    broken = Gate(Breaks())
    assert broken.decide(_actor(Role.RESEARCHER), Action.SEARCH).allowed is False
    assert "张三" not in caplog.text
    nobody: Any = None
    assert not gate.decide(nobody, Action.SEARCH).allowed
    unknown: Any = "search.everything"
    assert not gate.decide(_actor(Role.RESEARCHER), unknown).allowed


def test_an_answer_that_is_only_truthy_is_no() -> None:
    class Vague:
        def enforce_ex(self, *_: Any) -> Any:
            return 1, []

    assert not Gate(Vague()).decide(_actor(Role.RESEARCHER), Action.SEARCH).allowed


def _broken(tmp_path: Path, file: str, before: str, after: str) -> Path:
    copytree(policies_dir() / "access", tmp_path / "access")
    path = tmp_path / "access" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("policy.csv", "p, operator, search, any, deny", "p, operator, search, any, Deny"),
        ("policy.csv", "p, operator, search, any, deny", ""),
        ("policy.csv", "p, researcher, search, any, allow", "p, Researcher, search, any, allow"),
        ("policy.csv", "p, researcher, search, any, allow", "p, researcher, search, any"),
        ("policy.csv", "p, researcher, search, any, allow", "p, researcher, search, any, allow, x"),
        ("policy.csv", "p, researcher, search, any, allow", "p, researcher, find, any, allow"),
        ("policy.csv", "p, researcher, search, any, allow", "p, researcher, search, all, allow"),
        ("policy.csv", "p, researcher, search, any, allow", "g, ann, researcher"),
        ("policy.csv", "p, researcher, search, any, allow", "p, researcher, search, any, allow\n" * 2),
        ("policy.csv", "any, deny", "any, deny\np, operator, search, any, allow"),
        ("model.conf", "some(where (p.eft == allow)) && !some", "!some"),
        ("model.conf", "r.role == p.role && ", ""),
        ("model.conf", "p.scope == r.scope", "keyMatch(r.scope, p.scope)"),
        ("model.conf", "[matchers]", "[role_definition]\ng = _, _\n\n[matchers]"),
        ("model.conf", "[policy_effect]", "[policy_efect]"),
    ],
)  # fmt: skip
def test_a_policy_that_is_off_by_a_letter_does_not_load(tmp_path: Path, file: str, before: str, after: str) -> None:
    with pytest.raises(IntegrityFailure, match="access policy is broken"):
        Gate.load(_broken(tmp_path, file, before, after))


def test_a_missing_policy_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(IntegrityFailure):
        Gate.load(tmp_path)
