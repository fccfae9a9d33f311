"""The operator's page: whether the rooms stand and what waits. No records, no names of patients."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.ui.frame import View
from portal.ui.pieces import facts, html
from records.people import Role


def show(view: View) -> None:
    """Everything that `status` says, group by group."""
    words = view.words
    st.title(words("page.status"))
    st.text(words("status.lead"))
    answer = view.visit.ask("status")
    plain = {name: value for name, value in answer.items() if not isinstance(value, dict)}
    html(facts((words.word("status-of", name), _shown(value)) for name, value in plain.items()))
    for name, value in answer.items():
        if isinstance(value, dict) and value:
            st.subheader(words.word("status-of", name))
            html(facts((words.word("status-of", key), _shown(item)) for key, item in value.items()))
    st.button(words("status.again"))
    if view.acts_as(Role.OPERATOR) and st.button(words("register.verify")):
        result = view.visit.ask("audit.verify")
        (st.success if result.get("ok") else st.error)(
            words("register.whole" if result.get("ok") else "register.broken")
        )


def _shown(value: Any) -> object:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, str):
        return value[:24]  # versions are long fingerprints; their beginning tells them apart
    return value if not isinstance(value, dict) else ", ".join(f"{key}: {item}" for key, item in value.items())
