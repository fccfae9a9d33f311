"""The reading room (阅览室): the records a grant opens, rendered for this project. Every opening is recorded."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.concepts import department_name, type_name
from portal.ui.frame import View
from portal.ui.pieces import empty, facts, html, record, table

_PER_PAGE = 20


def show(view: View) -> None:
    """Grant, records, one record."""
    words = view.words
    st.title(words("page.reading"))
    st.text(words("reading.lead"))
    grants = [row for row in rows_of(view.visit.ask("grant.list")) if row.get("state") == "active"]
    if not grants:
        empty(words, "reading.empty")
        return
    grant = choose(
        view, "reading.grant", grants, "grant", lambda row: f"{row['grant']} · {words('field.until_day')} {_until(row)}"
    )
    offset = _page_offset(view, grant["grant"])
    answer = view.visit.ask("reading.list", grant=grant["grant"], offset=offset, limit=_PER_PAGE)
    rows = answer.get("rows", [])
    if not rows:
        empty(words, "reading.none")
        return
    left, right = st.columns([5, 6])
    with left:
        _records(view, answer, rows, offset)
        chosen = st.selectbox(
            words("reading.record"), [row["record"] for row in rows], key="reading-record",
            format_func=lambda name: _label(view, next(row for row in rows if row["record"] == name)),
        )  # fmt: skip
    with right:
        _read(view, grant["grant"], chosen, next(row for row in rows if row["record"] == chosen))


def _page_offset(view: View, grant: str) -> int:
    """Where the list stands, kept per grant."""
    return int(st.session_state.get(f"offset-{grant}", 0)) * _PER_PAGE


def _records(view: View, answer: dict[str, Any], rows: list[dict[str, Any]], offset: int) -> None:
    words = view.words
    total = int(answer.get("total", len(rows)))
    html(table(
        [words("field.record"), words("field.type"), words("field.department"), words("field.year"), words("field.sex"),
         words("field.age")],
        [[row["record"], type_name(words, row["type"]), department_name(words, row["department"]), row.get("year"),
          words(f"sex.{row.get('sex') or 'any'}"), row.get("age")] for row in rows],
        words("reading.range", first=offset + 1, last=offset + len(rows), total=total),
    ))  # fmt: skip
    pages = max(1, -(-total // _PER_PAGE))
    if pages > 1:
        grant = str(st.session_state.get("choose-reading.grant", ""))
        st.number_input(
            words("reading.page", pages=pages), 1, pages, offset // _PER_PAGE + 1, key=f"page-{grant}",
            on_change=lambda: st.session_state.update({f"offset-{grant}": st.session_state[f"page-{grant}"] - 1}),
        )  # fmt: skip


def _read(view: View, grant: str, name: str, row: dict[str, Any]) -> None:
    """One record's rendered text, section by section, as plain text."""
    words = view.words
    opened = view.visit.ask("reading.open", grant=grant, record=name)
    html(facts((
        (words("field.record"), name),
        (words("field.type"), type_name(words, row["type"])),
        (words("field.department"), department_name(words, row["department"])),
    )))  # fmt: skip
    html(
        "".join(record(str(section.get("heading", "")), str(section.get("text", ""))) for section in opened["sections"])
    )
    html(f'<p class="fine">{escape(words("reading.notice"))}</p>')


def _label(view: View, row: dict[str, Any]) -> str:
    return f"{row['record'][:9]}… {type_name(view.words, row['type'])} {row.get('year') or ''}"


def _until(grant: dict[str, Any]) -> str:
    return str(grant.get("until") or grant.get("ends") or "")[:10]
