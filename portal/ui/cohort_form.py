"""Common criteria of a cohort as a form; what it writes stands in the editor and can be changed there."""

from __future__ import annotations

import streamlit as st

from portal.ui.concepts import department_name, departments, type_name
from portal.ui.drafts import REACHES, Draft, concept_choices, draft
from portal.ui.frame import View

_SEXES = ["", "F", "M"]
_TYPES = [f"D{number:02d}" for number in range(1, 41)]


def builder(view: View) -> None:
    """The form; on sending, the session's draft and the text for the editor."""
    words, found = view.words, draft()
    names = concept_choices(words)
    with st.form("builder"):
        concepts = _concepts(view, "cohort.with", names, found.concepts)
        first, second = st.columns(2)
        reach = first.selectbox(
            words("cohort.reach"),
            REACHES,
            REACHES.index(_first_reach(found)),
            format_func=lambda item: words(f"reach.{item}"),
        )
        every = second.selectbox(
            words("cohort.every"),
            [True, False],
            0 if found.every else 1,
            format_func=lambda all_: words(f"every.{all_}"),
        )
        without = _concepts(view, "cohort.without", names, found.without)
        first, second = st.columns(2)
        chosen = first.multiselect(
            words("field.department"),
            departments(words, *st.session_state.get("facets", {}).get("department", {}), *found.departments),
            found.departments,
            format_func=lambda name: department_name(words, name),
            placeholder=words("search.any"),
            accept_new_options=True,
        )
        types = second.multiselect(
            words("field.type"),
            _TYPES,
            found.types,
            format_func=lambda code: type_name(words, code),
            placeholder=words("search.any"),
        )
        since = first.number_input(words("field.since"), 1990, 2035, found.since, placeholder=words("search.any"))
        until = second.number_input(words("field.until"), 1990, 2035, found.until, placeholder=words("search.any"))
        low, high = first.slider(words("field.age"), 0, 90, (found.age_min or 0, found.age_max or 90))
        sex = second.selectbox(
            words("field.sex"), _SEXES, _SEXES.index(found.sex), format_func=lambda item: words(f"sex.{item or 'any'}")
        )
        unit = st.radio(
            words("cohort.unit"),
            ["patient", "record"],
            0 if found.unit == "patient" else 1,
            format_func=lambda item: words(f"unit.{item}"),
            horizontal=True,
        )
        sent = st.form_submit_button(words("cohort.build"))
    if sent:
        built = Draft(
            tuple((concept, reach) for concept in concepts),
            tuple((concept, "itself") for concept in without),
            every,
            unit,
            tuple(chosen),
            tuple(types),
            since,
            until,
            low or None,
            high if high < 90 else None,
            sex,
        )
        st.session_state["draft"] = built
        st.session_state["cohort-next"] = built.toml(words)
        st.rerun()


def _concepts(view: View, label: str, names: dict[str, str], chosen: tuple[tuple[str, str], ...]) -> list[str]:
    return st.multiselect(
        view.words(label),
        list(names),
        [concept for concept, _ in chosen if concept in names],
        format_func=lambda concept: names[concept],
        placeholder=view.words("choose.some"),
    )


def _first_reach(found: Draft) -> str:
    return next((reach for _, reach in found.concepts if reach in REACHES), REACHES[0])
