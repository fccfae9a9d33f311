"""Cohorts (队列): who would be in a study, as a definition or from a form, counted without seeing anybody."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.charts import funnel
from portal.ui.cohort_form import builder
from portal.ui.concepts import step_name
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, html
from records.people import Role


def show(view: View) -> None:
    """The builder beside the definition, the count, the saved ones."""
    words = view.words
    st.title(words("page.cohort"))
    st.text(words("cohort.lead"))
    flashed()
    # A widget's state is dropped while another page is shown; the text is worth keeping.
    state = st.session_state
    state["cohort-toml"] = state.pop("cohort-next", None) or state.get("cohort-toml") or state.get("cohort-kept", "")
    left, right = st.columns(2)
    with left:
        builder(view)
    with right:
        _editor(view)
    _counted(view)
    _saved(view)


def _editor(view: View) -> None:
    """The definition as text; what stands here is what is counted and saved."""
    words = view.words
    toml = st.text_area(
        words("cohort.toml"), key="cohort-toml", height=360, max_chars=50_000, help=words("cohort.toml.help")
    )
    st.session_state["cohort-kept"] = toml
    count, name, save = st.columns([1, 2, 1], vertical_alignment="bottom")
    if count.button(words("cohort.count"), type="primary", disabled=not toml.strip(), use_container_width=True):
        st.session_state.pop("cohort-counted", None)
        attempt(view, lambda: _count(view, toml))
    if view.acts_as(Role.RESEARCHER):
        named = name.text_input(words("cohort.name"), max_chars=80, key="cohort-name")
        if save.button(words("cohort.save"), disabled=not toml.strip(), use_container_width=True) and attempt(
            view, lambda: _save(view, toml, named.strip())
        ):
            st.rerun()


def _count(view: View, toml: str) -> None:
    st.session_state["cohort-counted"] = view.visit.count(toml)


def _counted(view: View) -> None:
    """The last count, with what each criterion took away."""
    words = view.words
    found: dict[str, Any] | None = st.session_state.get("cohort-counted")
    if not found:
        return
    fine = words("cohort.hash", hash=str(found["hash"])[:16], edition=found["edition"])
    html(
        f'<p class="total"><b>{escape(str(found["patients"]))}</b> {escape(words("count.patients"))} '
        f"<b>{escape(str(found['records']))}</b> {escape(words('count.records'))}"
        f'<span class="fine">{escape(fine)}</span></p>'
    )
    steps = [(step_name(words, step["step"]), step["patients"], step["records"]) for step in found["attrition"]]
    html(funnel(words("cohort.funnel"), steps, words("count.patients")))


def _save(view: View, toml: str, name: str) -> None:
    answer = view.visit.ask("cohort.save", toml=toml, name=name or view.words("cohort.unnamed"))
    st.session_state["request-cohort"] = str(answer["hash"])
    flash(view.words("cohort.saved", hash=str(answer["hash"])[:16]))


def _saved(view: View) -> None:
    """Saved definitions, to take up again or to ask access with."""
    words = view.words
    st.subheader(words("cohort.mine"))
    rows = rows_of(view.visit.ask("cohort.list"))
    if not rows:
        empty(words, "cohort.none")
        return
    chosen = choose(
        view, "cohort.open", rows, "hash", lambda row: f"{row['name']} · v{row['version']} · {str(row['hash'])[:12]}"
    )
    take, ask, link, _ = st.columns([1, 1, 1, 2])
    if take.button(words("cohort.take"), use_container_width=True):
        st.session_state["cohort-next"] = view.visit.ask("cohort.show", hash=chosen["hash"])["toml"]
        st.rerun()
    if view.acts_as(Role.RESEARCHER) and ask.button(words("cohort.ask"), type="primary", use_container_width=True):
        st.session_state["request-cohort"] = str(chosen["hash"])
        st.session_state.pop("requests-tab", None)
        view.goto("requests")
    address, text = f"/download/cohort/{escape(str(chosen['hash']))}", escape(words("cohort.download"))
    with link:
        html(f'<a class="press quiet" href="{address}" target="_self">{text}</a>')
