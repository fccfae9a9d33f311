"""A cohort being drafted from a question or a form, and the definition it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from portal.ui.concepts import all_concepts, concept_name
from portal.ui.texts import Texts
from portal.ui.toml import dump


@dataclass(frozen=True, slots=True)
class Draft:
    """Common criteria; years and ages inclusive, an empty one does not restrict."""

    concepts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    age_min: int | None = None
    age_max: int | None = None
    sex: str = ""

    def toml(self, words: Texts) -> str:
        """The definition as the cohort engine reads it."""
        names = [concept_name(words, concept) for concept in self.concepts]
        table: dict[str, Any] = {
            "name": "、".join(names)[:80] or words("cohort.unnamed"),
            "include": [{"concept": concept} for concept in self.concepts],
            "exclude": [{"concept": concept} for concept in self.without],
        }
        return dump(table)


def draft() -> Draft:
    """What is being drafted in this session."""
    found = st.session_state.get("draft")
    return found if isinstance(found, Draft) else Draft()


def remember_draft(words: Texts, question: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Begin a draft from a question that was asked and what it was understood as."""
    understood = answer.get("understood") or {}
    begun = Draft(
        tuple(str(concept) for concept in understood.get("concepts", ())),
        tuple(str(concept) for concept in understood.get("negative", ())),
        (question["department"],) if question.get("department") else (),
        (question["record_type"],) if question.get("record_type") else (),
        question.get("since"),
        question.get("until"),
        question.get("age_min"),
        question.get("age_max"),
        question.get("sex") or "",
    )
    st.session_state["draft"] = begun
    st.session_state["cohort-next"] = begun.toml(words)


def concept_choices(words: Texts) -> dict[str, str]:
    """Concept id -> name, sorted by name."""
    named = {concept: concept_name(words, concept) for concept in all_concepts()}
    return dict(sorted(named.items(), key=lambda item: item[1]))
