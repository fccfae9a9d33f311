"""The reading room (阅览室): the records a grant opens, rendered for this project. Every opening is recorded."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.concepts import department_name, type_name
from portal.ui.frame import View, flashed
from portal.ui.leak_form import report_form
from portal.ui.page_pictures import page_pictures
from portal.ui.pieces import empty, html, record, table

_PER_PAGE = 15


def show(view: View) -> None:
    """Grant, records, one record."""
    words = view.words
    st.title(words("page.reading"))
    st.text(words("reading.lead"))
    flashed()
    grants = [row for row in rows_of(view.visit.ask("grant.list")) if row["state"] == "active"]
    if not grants:
        empty(words, "reading.empty")
        return
    chosen = choose(
        view, "reading.grant", grants, "grant", lambda row: f"{row['grant']} · {words('field.until_day')} {row['ends']}"
    )
    grant = str(chosen["grant"])
    page = int(st.session_state.get(f"reading-page-{grant}", 1))
    answer = view.visit.ask("reading.list", grant=grant, offset=(page - 1) * _PER_PAGE, limit=_PER_PAGE)
    rows = answer["rows"]
    if not rows:
        empty(words, "reading.none")
        return
    left, right = st.columns([6, 5])
    with left:
        _records(view, grant, page, int(answer["total"]), rows)
    with right:
        _read(view, grant, rows)


def _records(view: View, grant: str, page: int, total: int, rows: list[dict[str, Any]]) -> None:
    """One page of the granted records."""
    words = view.words
    first = (page - 1) * _PER_PAGE
    headings = [words(f"field.{name}") for name in ("record", "type", "department", "year", "sex", "age")]
    html(
        table(
            headings,
            [
                [
                    _short(row),
                    type_name(words, row["type"]),
                    department_name(words, row["department"]),
                    row["year"],
                    words(f"sex.{row['sex']}") if row["sex"] else None,
                    row["age"],
                ]
                for row in rows
            ],
            words("reading.range", first=first + 1, last=first + len(rows), total=total),
        )
    )
    pages = -(-total // _PER_PAGE)
    if pages > 1:
        st.number_input(words("reading.page", pages=pages), 1, pages, page, key=f"reading-page-{grant}")


def _read(view: View, grant: str, rows: list[dict[str, Any]]) -> None:
    """Choose and open; an opening is one entry in the register, so nothing is opened before somebody asks."""
    words = view.words
    names = {row["record"]: f"{_short(row)} · {type_name(words, row['type'])} {row['year'] or ''}" for row in rows}
    with st.form("open-record"):
        name = st.selectbox(words("reading.record"), list(names), format_func=lambda item: names[item])
        if st.form_submit_button(words("reading.open"), type="primary"):
            st.session_state["reading-open"] = (grant, name, view.visit.ask("reading.open", grant=grant, record=name))
    of, name, opened = st.session_state.get("reading-open", ("", "", {}))
    if of != grant:
        return
    html(f'<p class="fine">{escape(words("field.record"))} {escape(name)}</p>')
    html("".join(record(str(part["heading"]), str(part["text"])) for part in opened["sections"]))
    html(f'<p class="fine">{escape(words("reading.notice"))}</p>')
    pages = int(opened.get("pages", 0))
    if pages:
        page_pictures(view, grant, name, pages)
    report_form(view, name, grant=grant, pages=pages)


def _short(row: dict[str, Any]) -> str:
    return str(row["record"])[:9]
