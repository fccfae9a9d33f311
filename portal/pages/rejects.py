"""Deposits that could not be read: kept sealed, with the reason, until somebody puts them right."""

from __future__ import annotations

import streamlit as st

from portal.ui.answers import rows_of
from portal.ui.frame import View
from portal.ui.pieces import empty, html, table, when


def show(view: View) -> None:
    """The list, for those who handed the files over and must find them again."""
    words = view.words
    st.title(words("page.rejects"))
    st.text(words("rejects.lead"))
    rows = rows_of(view.visit.ask("deposit.rejects"))
    if not rows:
        empty(words, "rejects.empty")
        return
    headings = [words(f"field.{name}") for name in ("deposit", "file", "reason", "bytes", "at")]
    lines = [
        [
            row["deposit"],
            row.get("name"),
            words.word("reject", row.get("reason")),
            row.get("size"),
            when(row.get("received")),
        ]
        for row in rows
    ]
    html(table(headings, lines, words("rejects.count", count=len(rows))))
