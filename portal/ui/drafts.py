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
    """Common criteria: `concepts` and `without` are (concept, reach). Years and ages are inclusive."""

    concepts: tuple[tuple[str, str], ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    every: bool = True
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
        if not self.concepts and who == Who():
            return ""
        wanted = [Criterion(concept, reach) for concept, reach in self.concepts]
        name = "、".join(concept_name(words, concept) for concept, _ in self.concepts)[:80] or words("cohort.unnamed")
        groups = (
            [_group(words, (one,)) for one in wanted]
            if self.every
            else [_group(words, tuple(wanted))]
            if wanted
            else []
        )
        without = tuple(_group(words, (Criterion(concept, reach),)) for concept, reach in self.without)
        return CohortDefinition(tuple(groups), without, who, unit=self.unit, name=name).to_toml()


def _group(words: Texts, criteria: tuple[Criterion, ...]) -> Group:
    """One step; its label is what the attrition will show."""
    names = (f"{concept_name(words, one.concept)}{_of(words, one.reach)}" for one in criteria)
    return Group(criteria, 1, " / ".join(names)[:80])


def _of(words: Texts, reach: str) -> str:
    return "" if reach == "itself" else f"（{words(f'reach.{reach}')}）"


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


def remember_draft(words: Texts, question: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Begin a draft from a question that was asked and what it was understood as."""
    read = understanding(answer)
    chosen = {**read["filters"], **{name: value for name, value in question.items() if value not in (None, "")}}
    begun = Draft(
        concepts=tuple(_reach(item) for item in read["concepts"]),
        without=tuple(_reach(item) for item in read["unwished"]),
        unit="record",
        departments=(str(chosen["department"]),) if "department" in chosen else (),
        types=(str(chosen["record_type"]),) if "record_type" in chosen else (),
        since=chosen.get("since"),
        until=chosen.get("until"),
        age_min=chosen.get("age_min"),
        age_max=chosen.get("age_max"),
        sex=str(chosen.get("sex", "")),
    )
    st.session_state["draft"] = begun
    st.session_state["cohort-next"] = begun.toml(words)


def _reach(item: Any) -> tuple[str, str]:
    concept, _, want = item
    return str(concept), "itself" if str(want) == "about" else str(want)


def concept_choices(words: Texts) -> dict[str, str]:
    """Concept id -> name, sorted by name."""
    named = {concept: concept_name(words, concept) for concept in all_concepts()}
    return dict(sorted(named.items(), key=lambda item: item[1]))
