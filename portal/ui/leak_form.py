"""The form that reports words which point to a person, the same wherever clean text is shown."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.ui.frame import View, attempt, flash
from records.entities import Entity

LONGEST = 120


def report_form(
    view: View,
    record: str | None = None,
    *,
    grant: str | None = None,
    request: str | None = None,
    release: str | None = None,
    pages: int = 0,
) -> None:
    """Offer to report a leak in one record, or in one that is named. What was typed is forgotten once it is taken.
    `pages`: the record has so many page pictures, on which words may stand that its text does not hold."""
    words = view.words
    turn = int(st.session_state.get("leak-turn", 0))  # fresh fields after a report, so that the words are let go
    key = f"{record or release}-{turn}"
    with st.expander(words("leak.open")), st.form(f"leak-{key}"):
        st.text(words("leak.lead"))
        name = record or st.text_input(words("field.record"), max_chars=64, key=f"leak-record-{key}").strip()
        left, right = st.columns([2, 1])
        typed = left.text_input(
            words("leak.words"), max_chars=LONGEST, help=words("leak.words.help"), key=f"leak-words-{key}"
        )
        entity = right.selectbox(
            words("leak.entity"), list(Entity), format_func=lambda item: words.word("entity", item), key=f"kind-{key}"
        )
        on_page = bool(pages) and st.checkbox(words("leak.on_page"), key=f"leak-page-{key}")
        sent = st.form_submit_button(words("leak.send"), type="primary")
    if not sent:
        return
    if not name or not typed.strip():
        st.warning(words("leak.incomplete"))
        return

    def act() -> None:
        where: dict[str, Any] = {"grant": grant, "request": request, "release": release}
        if on_page:
            where["on_page"] = True
        view.visit.ask("leak.report", record=name, text=typed, entity=str(entity), **where)
        flash(words("leak.sent"))

    if attempt(view, act):
        st.session_state["leak-turn"] = turn + 1
        st.session_state.pop("reading-open", None)  # its text leaves the page with the record
        st.rerun()
