"""The one front desk of this process and the visit of the person a script run is for.

It carries session tokens and answers; it must never decide what somebody may do, nor keep an answer for another visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, cast

from records.errors import Refused, Unavailable


class Desk(Protocol):
    """What a page may ask of the front desk: `rooms.front.FrontDesk`, or the fake of the tests."""

    def call(self, session: str | None, name: str, /, **args: Any) -> dict[str, Any]:
        """One call through the slot."""
        ...

    def search(self, session: str | None, query: str, /, **filters: Any) -> dict[str, Any]:
        """Discovery cards, facets and counts as published."""
        ...

    def cohort_count(self, session: str | None, toml: str, edition: int = 0) -> dict[str, Any]:
        """Patients, records, attrition and feasibility of a definition, as published."""
        ...

    def concept(self, session: str | None, words: str) -> dict[str, Any]:
        """What the lexicon says of the words, and how many records hold it."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """A live session, as the strong room described it a moment ago. The token never appears in a repr."""

    token: _Token
    user: str
    display: str
    roles: frozenset[str]
    department: str

    def ask(self, name: str, /, **args: Any) -> dict[str, Any]:
        """One call in this person's name; raises what the strong room raised."""
        return desk().call(self.token.value, name, **args)

    def search(self, query: str, **filters: Any) -> dict[str, Any]:
        """Search in this person's name."""
        return desk().search(self.token.value, query, **filters)

    def count(self, toml: str, edition: int = 0) -> dict[str, Any]:
        """Count a cohort in this person's name, on the current edition or an older one."""
        return desk().cohort_count(self.token.value, toml, edition)

    def concept(self, words: str) -> dict[str, Any]:
        """Look a concept up in this person's name."""
        return desk().concept(self.token.value, words)


class _Token:
    """A session token that does not print itself."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<session>"


_held: list[Desk] = []


def place(new: object) -> None:
    """Make `new` the desk of this process."""
    _held[:] = [cast(Desk, new)]


def desk() -> Desk:
    """The desk of this process. Raises Unavailable("no_desk") before `place`."""
    if not _held:
        raise Unavailable("no_desk", "The front desk is not open yet; start it with `lantai serve`.")
    return _held[0]


def visit(token: str | None) -> Visit:
    """Who this token stands for now. Raises Refused("no_session") without a token, else what `whoami` raises."""
    if not token:
        raise Refused("no_session", "You are not logged in; log in first.")
    who = desk().call(token, "whoami")
    return Visit(
        _Token(token),
        str(who.get("user", "")),
        str(who.get("display") or who.get("user", "")),
        frozenset(str(role) for role in who.get("roles", ())),
        str(who.get("department") or ""),
    )
