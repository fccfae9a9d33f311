"""Clean text as a project, a reviewer or a strict release sees it. Works on slots alone; never sees an identifier."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from deid.places import as_shown
from deid.surrogates import code, shift, shifted
from records.disclosure import THRESHOLD
from records.errors import BadInput
from records.ids import PatientToken, PersonToken
from records.paths import policies_dir
from records.slots import CLOSE, OPEN, SLOT, Slot, SlotKind, parse
from records.texts import CleanText

_PEOPLE: Final = frozenset({SlotKind.PATIENT, SlotKind.RELATIVE, SlotKind.STAFF, SlotKind.PERSON})
_CHOICES: Final = {
    "person": ("surrogate", "slot", "kind"),
    "thing": ("surrogate", "slot", "kind"),
    "address": ("city", "surrogate", "slot", "kind"),
    "date": ("shift", "slot", "year", "kind"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """How each kind of slot is shown: see policies/deid/*.toml. `city_min` patients of a project at least must share a
    city or province that is shown."""

    person: str
    thing: str
    address: str
    date: str
    age: str
    city_min: int


@cache
def profile_names() -> tuple[str, ...]:
    """The profiles that exist."""
    return tuple(sorted(path.stem for path in (policies_dir() / "deid").glob("*.toml")))


@cache
def load_profile(name: str) -> Profile:
    """One profile of policies/deid. Raises BadInput on an unknown name or a wrong value."""
    if name not in profile_names():
        raise BadInput("unknown_profile", f"Choose a profile among {', '.join(profile_names())}.")
    raw = tomllib.loads((policies_dir() / "deid" / f"{name}.toml").read_text(encoding="utf-8"))
    for key, allowed in _CHOICES.items():
        if raw.get(key) not in allowed:
            raise BadInput("bad_profile", f"Set `{key}` in policies/deid/{name}.toml to one of {', '.join(allowed)}.")
    least = raw.get("city_min", 0)
    if raw["address"] == "city" and not (isinstance(least, int) and least >= THRESHOLD):
        raise BadInput("bad_profile", f"Set `city_min` in policies/deid/{name}.toml to {THRESHOLD} or more.")
    return Profile(raw["person"], raw["thing"], raw["address"], raw["date"], str(raw["age"]), least)


class Renderer:
    """Renders the records of one patient for one project.

    `people` maps slot labels to person tokens (ShelfRecord.people); a label without one is keyed by patient and label.
    `anchor` is the patient's day 0; without it dates are shown as days from it. `places` maps labels of addresses to
    the city or province that enough patients share (deid.places.shared); the others get surrogates.
    """

    def __init__(
        self,
        profile: str,
        project_key: bytes,
        people: Mapping[str, PersonToken],
        patient: PatientToken,
        anchor: date | None = None,
        places: Mapping[str, str] | None = None,
    ) -> None:
        self._profile = load_profile(profile)
        self._key = project_key
        self._people = people
        self._patient = patient
        self._anchor = anchor
        self._places = places or {}
        self._shift = shift(project_key, patient)

    def render(self, text: CleanText) -> str:
        """The text with every slot shown as the profile says."""
        return "".join(piece for piece, _ in self.marked(text))

    def marked(self, text: CleanText) -> list[tuple[str, SlotKind | None]]:
        """The same in pieces, each with the kind of identifier it stands for, or None for text of the record."""
        pieces: list[tuple[str, SlotKind | None]] = []
        at = 0
        value = text.value
        for match in SLOT.finditer(value):
            if match.start() > at:
                pieces.append((value[at : match.start()], None))
            slot = parse(match)
            pieces.append((self._show(slot, match.group()[1:-1]), slot.kind))
            at = match.end()
        if at < len(value):
            pieces.append((value[at:], None))
        return pieces

    def _show(self, slot: Slot, label: str) -> str:
        if slot.kind is SlotKind.DATE:
            return self._date(slot)
        if slot.kind is SlotKind.AGE:
            return str(slot) if self._profile.age == "slot" else self._profile.age
        how = self._how(slot.kind)
        if how == "city" and label in self._places:
            return as_shown(self._places[label])
        if how == "slot":
            return str(slot)
        if how == "kind":
            return f"{OPEN}{slot.kind.value}{CLOSE}"
        return code(self._key, slot.kind, self._people.get(label) or f"{self._patient}/{label}")

    def _how(self, kind: SlotKind) -> str:
        if kind is SlotKind.ADDRESS:
            return self._profile.address
        return self._profile.person if kind in _PEOPLE else self._profile.thing

    def _date(self, slot: Slot) -> str:
        how = self._profile.date
        if how == "slot":
            return str(slot)
        if slot.days is None or how == "kind":
            return f"{OPEN}{SlotKind.DATE.value}{CLOSE}"
        if self._anchor is None:
            if how == "year":
                return f"{OPEN}{SlotKind.DATE.value}{CLOSE}"
            return f"第{slot.days:+d}天"
        day = self._anchor + timedelta(days=slot.days)
        if how == "year":
            return shifted(day, "年")
        return shifted(day + self._shift, slot.unit)
