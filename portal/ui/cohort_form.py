"""Common criteria of a cohort as a form; what it writes stands in the editor and can be changed there."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.ui.concepts import department_name, departments, type_name
from portal.ui.drafts import REACHES, Draft, concept_choices, draft
from portal.ui.frame import View

_SEXES = ["", "F", "M"]
_TYPES = [f"D{number:02d}" for number in range(1, 41)]


def builder(view: View) -> None:
    """The form; on sending, the session's draft and the text for the editor."""
    words, found = view.words, draft()
    with st.form("builder"):
        what = _what(view, found)
        where = _where(view, found)
        unit = st.radio(
            words("cohort.unit"),
            ["patient", "record"],
            0 if found.unit == "patient" else 1,
            format_func=lambda item: words(f"unit.{item}"),
            horizontal=True,
        )
        sent = st.form_submit_button(words("cohort.build"))
    if sent:
        built = Draft(unit=unit, **what, **where)
        st.session_state["draft"] = built
        st.session_state["cohort-next"] = built.toml(words)
        st.rerun()


def _what(view: View, found: Draft) -> dict[str, Any]:
    """Concepts wished for, how far they reach, how many of them are needed, how often and when; and unwished ones."""
    words, names = view.words, concept_choices(view.words)
    concepts = _concepts(view, "cohort.with", names, found.concepts)
    first, second, third = st.columns([3, 3, 2])
    reach = first.selectbox(
        words("cohort.reach"),
        REACHES,
        REACHES.index(_first_reach(found)),
        format_func=lambda item: words(f"reach.{item}"),
    )
    least = second.selectbox(
        words("cohort.every"), range(6), min(found.least, 5), format_func=lambda least: _needed(view, least)
    )
    times = third.number_input(words("cohort.times"), 1, 99, found.times)
    start = _start(view, names, found)
    without = _concepts(view, "cohort.without", names, found.without)
    return {
        "concepts": tuple((concept, reach) for concept in concepts),
        "without": tuple((concept, "itself") for concept in without),
        "least": least,
        "times": times,
        **start,
    }


def _start(view: View, names: dict[str, str], found: Draft) -> dict[str, Any]:
    """The event that days are counted from, and from which day to which the concepts are looked for."""
    words = view.words
    first, second, third = st.columns([3, 2, 2], vertical_alignment="bottom")
    choices = ["", *names]
    start = first.selectbox(
        words("cohort.start"),
        choices,
        choices.index(found.start) if found.start in names else 0,
        format_func=lambda concept: names[concept] if concept else words("cohort.nostart"),
        help=words("cohort.start.help"),
    )
    low = second.number_input(words("cohort.from_day"), -36_500, 36_500, found.from_day, placeholder="0")
    high = third.number_input(words("cohort.to_day"), -36_500, 36_500, found.to_day, placeholder="730")
    if low is not None and high is not None and low > high:
        low, high = high, low
    return {"start": start, "from_day": low, "to_day": high}


def _needed(view: View, least: int) -> str:
    words = view.words
    return words("every.all") if not least else words("every.any") if least == 1 else words("every.some", least=least)


def _where(view: View, found: Draft) -> dict[str, Any]:
    """Departments, types, years, ages and sex."""
    words = view.words
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
    return {
        "departments": tuple(chosen),
        "types": tuple(types),
        "since": since,
        "until": until,
        "age_min": low or None,
        "age_max": high if high < 90 else None,
        "sex": sex,
    }


def _concepts(view: View, label: str, names: dict[str, str], chosen: tuple[tuple[str, str], ...]) -> list[str]:
    return st.multiselect(
        view.words(label),
        list(names),
        list(dict.fromkeys(concept for concept, _ in chosen if concept in names)),
        format_func=lambda concept: names[concept],
        placeholder=view.words("choose.some"),
    )


def _first_reach(found: Draft) -> str:
    return next((reach for _, reach in found.concepts if reach in REACHES), REACHES[0])
