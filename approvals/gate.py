"""Who may call what: Casbin over policies/access/, checked line by line when loaded. Any doubt or exception means no.

The gate speaks about the user only; whether this user may touch this request, grant or release is the verbs' business.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import casbin

from approvals.actions import SHOWS_RECORDS, Action
from records.errors import IntegrityFailure, Refused
from records.people import Actor, Role

log = logging.getLogger(__name__)

OWN: Final = "own_department"
ELSEWHERE: Final = "elsewhere"
SCOPES: Final = frozenset({"any", OWN})
EFFECTS: Final = frozenset({"allow", "deny"})
MODEL: Final = (
    ("r", "r", "role, act, scope"),
    ("p", "p", "role, act, scope, eft"),
    ("e", "e", "some(where (p_eft == allow)) && !some(where (p_eft == deny))"),
    ("m", "m", 'r_role == p_role && r_act == p_act && (p_scope == "any" || p_scope == r_scope)'),
)

Rule = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer and, for the register, what it rests on."""

    allowed: bool
    reason: str


@dataclass
class Gate:
    """A loaded policy. Cheap to ask: what Casbin answered for a role, an action and a scope is remembered."""

    _enforcer: Any
    _answers: dict[tuple[Role, Action, str], str] = field(default_factory=dict)

    @classmethod
    def load(cls, policies: Path) -> Gate:
        """Reads policies/access/{model.conf,policy.csv}. Raises IntegrityFailure("policy_broken") on anything
        unusual in them.
        """
        folder = policies / "access"
        try:
            model = casbin.Model()
            model.load_model(str(folder / "model.conf"))
            rules = list(_rules(folder / "policy.csv"))
            _check_model(model)
            _check_rules(rules)
            enforcer = casbin.Enforcer(model)
            for rule in rules:
                enforcer.get_model().add_policy("p", "p", list(rule))
        except IntegrityFailure:
            raise
        except Exception:  # noqa: BLE001 - whatever Casbin thinks of a broken file, the answer is not to start
            raise _broken("it cannot be read") from None
        return cls(enforcer)

    def decide(self, actor: Actor, action: Action, resource: Mapping[str, str] | None = None) -> Decision:
        """Whether one of the actor's roles allows it and none denies it. `resource` may hold "department". Never
        raises.
        """
        try:
            action = Action(action)
            scope = _scope(actor, resource or {})
            answers = {role: self._answer(role, action, scope) for role in sorted(actor.roles)}
        except Exception as problem:  # noqa: BLE001 - promise 8: any exception in a decision means no
            log.error("gate_failed kind=%s", type(problem).__name__)
            return Decision(False, "gate_failed")
        denied = [role for role, answer in answers.items() if answer == "deny"]
        if denied:
            return Decision(False, f"denied to {denied[0]}")
        allowed = [role for role, answer in answers.items() if answer == "allow"]
        return Decision(True, f"as {allowed[0]}") if allowed else Decision(False, "no role allows it")

    def require(self, actor: Actor, action: Action, resource: Mapping[str, str] | None = None) -> Decision:
        """As decide; raises Refused("not_permitted") on no."""
        decision = self.decide(actor, action, resource)
        if not decision.allowed:
            raise Refused("not_permitted", "Your role does not allow this; ask the manager which role you need.")
        return decision

    def truth_table(self) -> list[tuple[str, str, str]]:
        """(role, action, "yes" | "own" | "no" | "never") for all of them; "never" also overrules other roles."""
        return [(role.value, action.value, self._word(role, action)) for role in Role for action in Action]

    def _word(self, role: Role, action: Action) -> str:
        own, elsewhere = self._answer(role, action, OWN), self._answer(role, action, ELSEWHERE)
        if "deny" in (own, elsewhere):
            return "never"
        return "yes" if elsewhere == "allow" else "own" if own == "allow" else "no"

    def _answer(self, role: Role, action: Action, scope: str) -> str:
        """ "allow", "deny" (a line says so) or "none"."""
        known = self._answers.get((role, action, scope))
        if known is None:
            allowed, why = self._enforcer.enforce_ex(Role(role).value, action.value, scope)
            known = "allow" if allowed is True else "deny" if why and why[-1] == "deny" else "none"
            self._answers[role, action, scope] = known
        return known


def _scope(actor: Actor, resource: Mapping[str, str]) -> str:
    department = resource.get("department")
    return OWN if actor.department and department and department == actor.department else ELSEWHERE


def _rules(path: Path) -> Iterator[Rule]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [item.strip() for item in next(csv.reader([line]))]
        if len(fields) != 5 or fields[0] != "p":
            raise _broken(f"line {number} does not have five fields beginning with p")
        yield fields[1], fields[2], fields[3], fields[4]


def _check_model(model: Any) -> None:
    found = {
        (section, key): item.value
        for section, items in model.model.items()
        for key, item in items.items()
        if section in "rpemg"
    }
    expected = {(section, key): value for section, key, value in MODEL}
    if {key: "".join(value.split()) for key, value in found.items()} != {
        key: "".join(value.split()) for key, value in expected.items()
    }:
        raise _broken("model.conf is not the model this code was written for")


def _check_rules(rules: list[Rule]) -> None:
    roles, actions = {role.value for role in Role}, {action.value for action in Action}
    seen: set[tuple[str, str, str]] = set()
    for role, action, scope, effect in rules:
        line = f"{role}, {action}"
        if role not in roles or action not in actions:
            raise _broken(f"unknown role or action in '{line}'")
        if scope not in SCOPES or effect not in EFFECTS:
            raise _broken(f"unknown scope or effect in '{line}'")
        if (role, action, scope) in seen:
            raise _broken(f"'{line}' stands twice")
        seen.add((role, action, scope))
    allows = {(role, action) for role, action, _, effect in rules if effect == "allow"}
    if not allows:
        raise _broken("it allows nothing")
    denied = {(role, action) for role, action, scope, effect in rules if effect == "deny" and scope == "any"}
    if not {(Role.OPERATOR.value, action.value) for action in SHOWS_RECORDS} <= denied:
        raise _broken("an operator must be denied whatever shows records")
    if allows & denied:
        raise _broken("a line is both allowed and denied")


def _broken(problem: str) -> IntegrityFailure:
    return IntegrityFailure("policy_broken", f"The access policy is broken ({problem}); reinstall policies/access.")
