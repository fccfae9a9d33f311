"""The concept dictionary (概念词典): what a name stands for, what it is related to, and how many records hold it."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.charts import bars
from portal.ui.concept_card import card, links
from portal.ui.concepts import concept_kinds, concept_name
from portal.ui.frame import View
from portal.ui.pieces import empty, html
from records.people import Role
from semantic.cohort_definition import CohortDefinition, Criterion, Group


def show(view: View) -> None:
    """A field for any name, and the concepts it names with all they are related to."""
    words = view.words
    st.title(words("page.concepts"))
    st.text(words("concepts.lead"))
    typed = st.text_input(
        words("concepts.words"), max_chars=100, placeholder=words("concepts.placeholder"), key="concept-words"
    ).strip()
    asked = typed or st.query_params.get("concept", "")[:100]  # what is typed never stands in an address
    if not asked:
        empty(words, "concepts.empty")
        kinds = {kind: f"{count}" for kind, count in concept_kinds().items()}
        html(bars(words("concepts.kinds"), kinds, {kind: words.word("concept-kind", kind) for kind in kinds}))
        return
    answer = view.visit.concept(asked)
    for one in answer["concepts"]:
        html(card(words, one))
        _onward(view, one)
    if not answer["concepts"]:
        empty(words, "concepts.unknown")
    if answer["near"]:
        html(links(words, words("concepts.near"), answer["near"]))
    if "edition" in answer:
        html(f'<p class="fine">{escape(words("concepts.counted", edition=answer["edition"]))}</p>')


def _onward(view: View, one: dict[str, Any]) -> None:
    """From the concept to a search or a cohort."""
    if not view.acts_as(Role.RESEARCHER, Role.ANALYST):
        return
    words, name = view.words, concept_name(view.words, one["id"])
    search, cohort, _ = st.columns([1, 1, 4])
    if search.button(words("concepts.search"), key=f"search-{one['id']}", use_container_width=True):
        st.session_state["asked"] = {"query": name}
        view.goto("search")
    if cohort.button(words("search.tocohort"), key=f"cohort-{one['id']}", use_container_width=True):
        group = Group((Criterion(str(one["id"])),), 1)
        st.session_state["cohort-next"] = CohortDefinition((group,), unit="patient", name=name).to_toml()
        st.session_state["cohort-count"] = 0
        view.goto("cohort")
