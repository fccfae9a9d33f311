"""A cohort being drafted from a question or a form. The text it becomes is the definition; nothing else is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import streamlit as st

from portal.ui.concepts import all_concepts, concept_name
from portal.ui.texts import Texts
from semantic.cohort_definition import CohortDefinition, Criterion, Group, Who

REACHES: Final = ("itself", "exact", "complications", "kinds", "treatments", "drugs", "procedures", "findings", "labs")


@dataclass(frozen=True, slots=True)
class Draft:
    """Common criteria: `concepts` and `without` are (concept, reach); days are counted from the `start` event. Years
    and ages are inclusive."""

    concepts: tuple[tuple[str, str], ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    least: int = 0  # of the concepts; 0: all of them
    times: int = 1
    start: str = ""
    from_day: int | None = None
    to_day: int | None = None
    unit: str = "patient"
    departments: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    age_min: int | None = None
    age_max: int | None = None
    sex: str = ""

    def toml(self, words: Texts) -> str:
        """The definition as the cohort engine reads it; "" while it says nothing."""
        who = Who(self.departments, self.types, self.sex or None, self.age_min, self.age_max, self.since, self.until)
        start = Criterion(self.start) if self.start else None
        if not self.concepts and start is None and who == Who():
            return ""
        name = "、".join(concept_name(words, concept) for concept, _ in self.concepts)[:80] or words("cohort.unnamed")
        without = tuple(Group((Criterion(concept, reach),), 1) for concept, reach in self.without)
        return CohortDefinition(self._include(), without, who, self.unit, name, start=start).to_toml()

    def _include(self) -> tuple[Group, ...]:
        low, high = (self.from_day, self.to_day) if self.start else (None, None)
        wanted = tuple(
            Criterion(concept, reach, times=self.times, from_day=low, to_day=high) for concept, reach in self.concepts
        )
        if self.least and wanted:
            return (Group(wanted, min(self.least, len(wanted))),)
        return tuple(Group((one,), 1) for one in wanted)


def draft() -> Draft:
    """What is being drafted in this session."""
    found = st.session_state.get("draft")
    return found if isinstance(found, Draft) else Draft()


def understanding(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a search understood, as plain values: concepts, unwished and family as (id, name, want), and filters."""
    found: Any = answer.get("understood") or {}
    plain: dict[str, Any] = dict(found) if isinstance(found, Mapping) else asdict(found)
    empty: dict[str, Any] = {"concepts": (), "unwished": (), "family": (), "filters": {}}
    return empty | plain


def remember_cohort(toml: str) -> None:
    """Begin with the definition that a search stands for: in the editor, counted at once, and in the form as far as the
    form can say it."""
    st.session_state["cohort-next"] = toml
    st.session_state["cohort-count"] = 0
    st.session_state["draft"] = drafted(CohortDefinition.parse(toml))


def drafted(definition: CohortDefinition) -> Draft:
    """The common criteria of a definition."""
    who = definition.who
    return Draft(
        concepts=tuple((one.concept, one.reach) for group in definition.include for one in group.of),
        without=tuple((one.concept, one.reach) for group in definition.exclude for one in group.of),
        unit=definition.unit,
        departments=who.department,
        types=who.record_type,
        since=who.since,
        until=who.until,
        age_min=who.age_min,
        age_max=who.age_max,
        sex=who.sex or "",
    )


def concept_choices(words: Texts) -> dict[str, str]:
    """Concept id -> name, sorted by name."""
    named = {concept: concept_name(words, concept) for concept in all_concepts()}
    return dict(sorted(named.items(), key=lambda item: item[1]))
