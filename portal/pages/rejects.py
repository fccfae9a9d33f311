"""Deposits that could not be read: kept sealed, with the reason, until somebody puts them right."""

from __future__ import annotations

import streamlit as st

from portal.ui.answers import rows_of
from portal.ui.frame import View
from portal.ui.pieces import empty, html, table, when


def show(view: View) -> None:
    """The list; deposits are named by their ids, never by their file names."""
    words = view.words
    st.title(words("page.rejects"))
    st.text(words("rejects.lead"))
    rows = rows_of(view.visit.ask("deposit.rejects"))
    if not rows:
        empty(words, "rejects.empty")
        return
    html(table(
        [words("field.deposit"), words("field.reason"), words("field.station"), words("field.at")],
        [[row.get("deposit"), words.word("reject", row.get("reason") or row.get("code")), row.get("station"),
          when(row.get("at"))] for row in rows],
        words("rejects.count", count=len(rows)),
    ))  # fmt: skip
