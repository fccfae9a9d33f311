"""Cohorts (队列): who would be in a study, written as a definition or built from a form, counted without seeing anybody."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.charts import funnel
from portal.ui.concepts import department_name, type_name
from portal.ui.drafts import Draft, concept_choices, draft
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
    text = (
        st.session_state.pop("cohort-next", None)
        or st.session_state.get("cohort-toml")
        or st.session_state.get("cohort-kept", "")
    )
    st.session_state["cohort-toml"] = text
    left, right = st.columns(2)
    with left:
        _builder(view)
    with right:
        toml = st.text_area(
            words("cohort.toml"), key="cohort-toml", height=420, max_chars=50_000, help=words("cohort.toml.help")
        )
        st.session_state["cohort-kept"] = toml
        count, save = st.columns(2)
        if count.button(words("cohort.count"), type="primary", disabled=not toml.strip()):
            attempt(view, lambda: _count(view, toml))
        name = save.text_input(words("field.name"), max_chars=80, key="cohort-name", label_visibility="collapsed",
                               placeholder=words("cohort.name"))  # fmt: skip
        if view.acts_as(Role.RESEARCHER) and save.button(words("cohort.save"), disabled=not toml.strip()):
            attempt(view, lambda: _save(view, toml, name.strip()))
    _counted(view)
    _saved(view)


def _builder(view: View) -> None:
    """Common criteria as a form; what it writes stands in the editor and can be changed there."""
    words = view.words
    found = draft()
    concepts = concept_choices(words)
    departments = sorted(st.session_state.get("facets", {}).get("department", {}))
    types = [f"D{number:02d}" for number in range(1, 41)]
    with st.form("builder"):
        with_all = st.multiselect(
            words("cohort.with"), list(concepts), _known(found.concepts, concepts), format_func=lambda concept: concepts[concept]
        )
        without = st.multiselect(
            words("cohort.without"), list(concepts), _known(found.without, concepts), format_func=lambda concept: concepts[concept]
        )
        first, second = st.columns(2)
        department = first.multiselect(
            words("field.department"), sorted({*departments, *found.departments}), found.departments,
            format_func=lambda name: department_name(words, name),
        )  # fmt: skip
        kinds = second.multiselect(
            words("field.type"), types, found.types, format_func=lambda code: type_name(words, code)
        )
        since = first.number_input(words("field.since"), 1990, 2035, found.since)
        until = second.number_input(words("field.until"), 1990, 2035, found.until)
        low, high = first.slider(words("field.age"), 0, 90, (found.age_min or 0, found.age_max or 90))
        sex = second.selectbox(
            words("field.sex"),
            ["", "F", "M"],
            ["", "F", "M"].index(found.sex),
            format_func=lambda item: words(f"sex.{item or 'any'}"),
        )
        if st.form_submit_button(words("cohort.build")):
            built = Draft(
                tuple(with_all), tuple(without), tuple(department), tuple(kinds), since, until, low or None,
                high if high < 90 else None, sex,
            )  # fmt: skip
            st.session_state["draft"] = built
            st.session_state["cohort-next"] = built.toml(words)
            st.rerun()


def _known(chosen: tuple[str, ...], concepts: dict[str, str]) -> list[str]:
    return [concept for concept in chosen if concept in concepts]


def _count(view: View, toml: str) -> None:
    st.session_state["cohort-counted"] = view.visit.count(toml)


def _counted(view: View) -> None:
    """The last count, with what each criterion took away."""
    words = view.words
    found: dict[str, Any] | None = st.session_state.get("cohort-counted")
    if not found:
        return
    html(
        f'<p class="total"><b>{escape(str(found["patients"]))}</b> {escape(words("count.patients"))} '
        f"<b>{escape(str(found['records']))}</b> {escape(words('count.records'))}"
        f'<span class="fine">{escape(words("cohort.hash", hash=str(found["hash"])[:16], edition=found["edition"]))}</span></p>'
    )
    steps = [
        (words.word("step", step["step"]), step["patients"], step["records"]) for step in found.get("attrition", ())
    ]
    if steps:
        html(funnel(words("cohort.funnel"), steps, words("count.patients")))


def _save(view: View, toml: str, name: str) -> None:
    answer = view.visit.ask("cohort.save", toml=toml, name=name or view.words("cohort.unnamed"))
    st.session_state["request-cohort"] = answer["hash"]
    flash(view.words("cohort.saved", hash=str(answer["hash"])[:16]))
    st.rerun()


def _saved(view: View) -> None:
    """Saved definitions, to take up again or to ask access with."""
    words = view.words
    st.subheader(words("cohort.mine"))
    rows = rows_of(view.visit.ask("cohort.list"))
    if not rows:
        empty(words, "cohort.none")
        return
    chosen = choose(view, "cohort.open", rows, "hash", lambda row: f"{row.get('name') or ''} · {str(row['hash'])[:12]}")
    take, ask, link = st.columns(3)
    if take.button(words("cohort.take")):
        st.session_state["cohort-next"] = view.visit.ask("cohort.show", hash=chosen["hash"])["toml"]
        st.rerun()
    if view.acts_as(Role.RESEARCHER) and ask.button(words("cohort.ask"), type="primary"):
        st.session_state["request-cohort"] = str(chosen["hash"])
        view.goto("requests")
    with link:
        html(f'<a class="press quiet" href="/download/cohort/{escape(str(chosen["hash"]))}" target="_self">'
             f'{escape(words("cohort.download"))}</a>')  # fmt: skip
