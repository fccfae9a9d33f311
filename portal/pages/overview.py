"""The manager's overview: grants and releases by state, and what ends soon. Numbers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import streamlit as st

from portal.ui.answers import rows_of
from portal.ui.charts import bars
from portal.ui.frame import View
from portal.ui.pieces import empty, html, state, table


def show(view: View) -> None:
    """Counts by state, and the grants that end soonest."""
    words = view.words
    st.title(words("page.overview"))
    st.text(words("overview.lead"))
    grants = rows_of(view.visit.ask("grant.list"))
    lists = {
        "overview.grants": grants,
        "overview.releases": rows_of(view.visit.ask("release.list")),
    }
    for column, (title, rows) in zip(st.columns(2), lists.items(), strict=True):
        with column:
            if rows:
                html(bars(words(title), *_states(view, rows)))
            else:
                empty(words, "overview.empty")
    ending = sorted((row for row in grants if row["state"] == "active"), key=lambda row: str(row["ends"]))[:10]
    if ending:
        st.subheader(words("overview.ending"))
        headings = [words(f"field.{name}") for name in ("grant", "state", "until_day", "applicant")]
        html(
            table(
                headings, [[row["grant"], state(words, row["state"]), row["ends"], row["applicant"]] for row in ending]
            )
        )


def _states(view: View, rows: Iterable[dict[str, Any]]) -> tuple[dict[str, object], dict[str, str]]:
    counts = Counter(str(row.get("state")) for row in rows)
    return dict(counts), {name: view.words.word("state", name) for name in counts}
