"""The filters of a search; what is left empty does not filter."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.ui.concepts import department_name, departments, type_name
from portal.ui.frame import View

_FIRST_YEAR, _LAST_YEAR = 1990, 2035


def filters(view: View) -> dict[str, Any]:
    """Department, type, years, sex and age; what is left empty does not filter."""
    words = view.words
    with st.expander(words("search.filters")):
        first, second, third = st.columns(3)
        facets = st.session_state.get("facets", {})
        choices = ["", *departments(words, *facets.get("department", {}))]
        types = ["", *(f"D{number:02d}" for number in range(1, 41))]
        department = first.selectbox(
            words("field.department"),
            choices,
            key="f-department",
            accept_new_options=True,
            format_func=lambda name: department_name(words, name) if name else words("search.any"),
        )
        record_type = second.selectbox(
            words("field.type"),
            types,
            key="f-type",
            format_func=lambda code: type_name(words, code) if code else words("search.any"),
        )
        sex = third.selectbox(
            words("field.sex"), ["", "F", "M"], key="f-sex", format_func=lambda sex: words(f"sex.{sex or 'any'}")
        )
        since = first.number_input(words("field.since"), _FIRST_YEAR, _LAST_YEAR, None, key="f-since")
        until = second.number_input(words("field.until"), _FIRST_YEAR, _LAST_YEAR, None, key="f-until")
        low, high = third.slider(words("field.age"), 0, 90, (0, 90), key="f-age")
    return {
        "department": department or None,
        "record_type": record_type or None,
        "sex": sex or None,
        "since": since,
        "until": until,
        "age_min": low or None,
        "age_max": high if high < 90 else None,
    }
