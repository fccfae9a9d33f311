"""Call slips (调阅单): a clinician opens an original of the own department's patient. Each look is recorded."""

from __future__ import annotations

import base64
from html import escape
from typing import Any

import streamlit as st

from portal.api.held import hold, picture_type
from portal.ui.answers import rows_of
from portal.ui.concepts import department_name, type_name
from portal.ui.frame import View, attempt
from portal.ui.pieces import empty, html, record, table


def show(view: View) -> None:
    """Find, list, open."""
    words = view.words
    st.title(words("page.slips"))
    st.text(words("slips.lead", department=view.visit.department or "–"))
    with st.form("slip"):
        left, right = st.columns(2)
        query = left.text_input(words("slips.query"), max_chars=100, help=words("slips.query.help"))
        reason = right.text_input(words("slips.reason"), max_chars=300, help=words("slips.reason.help"))
        sent = st.form_submit_button(words("slips.find"), type="primary")
    if sent:
        st.session_state.pop("slip-rows", None)
        if not query.strip() or not reason.strip():
            st.warning(words("slips.incomplete"))
            return
        attempt(view, lambda: _find(view, query.strip(), reason.strip()))
    rows = st.session_state.get("slip-rows")
    if rows is None:
        return
    if not rows:
        empty(words, "slips.none")
        return
    _list(view, rows)


def _find(view: View, query: str, reason: str) -> None:
    st.session_state["slip-rows"] = rows_of(view.visit.ask("slip.find", query=query, reason=reason))
    st.session_state["slip-reason"] = reason


def _list(view: View, rows: list[dict[str, Any]]) -> None:
    words = view.words
    headings = [words(f"field.{name}") for name in ("record", "type", "department", "year")]
    lines = [
        [row["record"], type_name(words, row["type"]), department_name(words, row["department"]), row["year"]]
        for row in rows
    ]
    html(table(headings, lines, words("slips.count", count=len(rows))))
    labels = {
        str(row["record"]): f"{type_name(words, row['type'])} · {row['year'] or ''} · {row['record']}" for row in rows
    }
    chosen = st.selectbox(words("slips.record"), list(labels), format_func=lambda name: labels[name])
    if st.button(words("slips.open"), type="primary"):
        attempt(view, lambda: _open(view, chosen))


def _open(view: View, name: str) -> None:
    """Show the original once; the bytes are kept for a minute at most, for this session alone."""
    words = view.words
    opened = view.visit.ask("slip.open", record=name, reason=st.session_state.get("slip-reason", ""))
    data = base64.b64decode(opened.get("data_b64") or "")
    kind = picture_type(data)
    left, right = st.columns(2)
    with left:
        link = f"/download/original/{hold(view.visit, kind, data)}"
        if kind.startswith("image/"):
            html(f'<img class="original" src="{link}" alt="{escape(words("slips.original"))}">')
        else:
            html(f'<p><a class="press" href="{link}" target="_blank">{escape(words("slips.original"))}</a></p>')
    with right:
        html(record(words("slips.text"), str(opened.get("text") or "")))
    html(f'<p class="fine">{escape(words("slips.notice"))}</p>')
