"""What may happen to a request, a grant, a release or a leak: a pure decision over the tables of policies/workflow/.

`Machine.decide` answers every state, event and set of facts with a new state or a refusal code, and never raises
for what people do. A fact that nobody supplied counts as not given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from records.errors import IntegrityFailure, Refused
from records.paths import policies_dir


class RequestState(StrEnum):
    """Where a request stands."""

    NEW = "new"
    IN_REVIEW = "in_review"
    CONDITIONAL = "conditional"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class GrantState(StrEnum):
    """Where a grant stands; EXPIRED follows from the day and is never stored."""

    NEW = "new"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ReleaseState(StrEnum):
    """Where a release stands."""

    NEW = "new"
    BLOCKED = "blocked"
    IN_CHECK = "in_check"
    RELEASED = "released"
    REFUSED = "refused"
    RECALLED = "recalled"


class LeakState(StrEnum):
    """Where a report of a leak stands."""

    NEW = "new"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Moved:
    """The event is allowed; `state` is what follows."""

    state: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The event is not allowed; `code` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class Step:
    """One transition: all of `needs` must hold; the first of `outcomes` whose conditions hold is the new state."""

    needs: tuple[str, ...]
    outcomes: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """One table. `states` and `facts` map to the refusal code that each stands for."""

    name: str
    initial: str
    states: Mapping[str, str]
    events: Mapping[str, str]
    facts: Mapping[str, str]
    refusals: Mapping[str, str]
    steps: Mapping[tuple[str, str], Step]

    def decide(self, state: str, event: str, facts: Mapping[str, bool]) -> Moved | Refusal:
        """The new state, or why not. Raises ValueError only for a state, event or fact that the table does not know."""
        if state not in self.states or event not in self.events or not facts.keys() <= self.facts.keys():
            raise ValueError(f"{self.name}: unknown state, event or fact")
        step = self.steps.get((state, event))
        if step is None:
            return Refusal(self.states[state])
        for need in step.needs:
            if facts.get(need) is not True:
                return Refusal(self.facts[need])
        for conditions, outcome in step.outcomes:
            if all(facts.get(condition) is True for condition in conditions):
                return Moved(outcome)
        raise ValueError(f"{self.name}: no outcome")  # unreachable: the last outcome of every step has no condition

    def move(self, state: str, event: str, facts: Mapping[str, bool]) -> str:
        """As decide, but a refusal is raised as Refused with its sentence."""
        answer = self.decide(state, event, facts)
        if isinstance(answer, Refusal):
            raise self.refused(answer.code)
        return answer.state

    def refused(self, code: str) -> Refused:
        """The error for a refusal code of this table."""
        return Refused(code, self.refusals[code])


@cache
def machine(name: str) -> Machine:
    """The machine "request", "grant", "release" or "leak" as shipped."""
    return load(policies_dir() / "workflow" / f"{name}.toml")


def load(path: Path) -> Machine:
    """Reads and checks a table. Raises IntegrityFailure("workflow_broken") naming what is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        steps: dict[tuple[str, str], Step] = {}
        for item in raw["transition"]:
            pair = (item["from"], item["event"])
            _expect(path, pair not in steps, f"{pair} stands twice")
            steps[pair] = _step(item)
        built = Machine(raw["name"], raw["initial"], raw["states"], raw["events"], raw["facts"], raw["refusals"], steps)
    except (OSError, KeyError, TypeError, AttributeError, tomllib.TOMLDecodeError):
        raise _broken(path, "it is missing, unreadable or lacks a table") from None
    _validate(path, built)
    return built


def _step(item: Mapping[str, Any]) -> Step:
    return Step(tuple(item["needs"]), tuple((tuple(to.get("when", ())), to["state"]) for to in item["to"]))


def _validate(path: Path, built: Machine) -> None:
    codes = {*built.states.values(), *built.facts.values()}
    _expect(path, built.initial in built.states, "the initial state is unknown")
    _expect(path, codes == built.refusals.keys(), "refusal codes and sentences do not match")
    for (state, event), step in built.steps.items():
        _expect(path, state in built.states and event in built.events, f"{state}/{event} is unknown")
        used = {*step.needs, *(fact for conditions, _ in step.outcomes for fact in conditions)}
        _expect(path, used <= built.facts.keys(), f"{state}/{event} uses an unknown fact")
        _expect(path, all(outcome in built.states for _, outcome in step.outcomes), f"{state}/{event} leads nowhere")
        _expect(path, bool(step.outcomes) and not step.outcomes[-1][0], f"{state}/{event} has no last resort")


def _expect(path: Path, holds: bool, problem: str) -> None:
    if not holds:
        raise _broken(path, problem)


def _broken(path: Path, problem: str) -> IntegrityFailure:
    return IntegrityFailure(
        "workflow_broken", f"The workflow table {path.name} is broken ({problem}); reinstall policies/."
    )
