"""The register (利用登记簿): who did what, when and why, and whether the chain is whole."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import streamlit as st

from portal.ui.charts import bars
from portal.ui.frame import View
from portal.ui.pieces import empty, html, table, when

_PER_PAGE = 50


def show(view: View) -> None:
    """The chain's state, the filters, the entries, newest first."""
    words = view.words
    st.title(words("page.register"))
    st.text(words("register.lead"))
    if st.button(words("register.verify"), type="primary"):
        with st.spinner(words("register.verifying")):
            st.session_state["verified"] = view.visit.ask("audit.verify")
    _verified(view)
    first, second, third = st.columns([2, 2, 1])
    actor = first.text_input(words("field.actor"), max_chars=100).strip()
    action = second.text_input(words("field.action"), max_chars=100, help=words("register.action.help")).strip()
    before = third.number_input(words("register.page"), 0, None, 0, help=words("register.page.help"))
    wanted = {"actor": actor or None, "action": action or None}
    answer = view.visit.ask("audit.list", after=before, limit=_PER_PAGE, newest_first=True, **wanted)
    rows = answer["rows"]
    if not rows:
        empty(words, "register.empty")
        return
    _entries(view, rows, int(answer["total"]))


def _entries(view: View, rows: list[dict[str, Any]], total: int) -> None:
    words = view.words
    left, right = st.columns(2)
    with left:
        html(bars(words("register.days"), dict(Counter(str(row["at"])[:10] for row in rows))))
    with right:
        html(bars(words("register.actions"), dict(Counter(str(row["action"]) for row in rows))))
    headings = [words(f"field.{name}") for name in ("number", "at", "actor", "action", "subject", "reason", "detail")]
    lines = [
        [row["seq"], when(row["at"]), row["actor"], row["action"], row["subject"], row["reason"], _detail(row)]
        for row in rows
    ]
    html(table(headings, lines, words("register.count", count=len(rows), total=total)))


def _detail(row: dict[str, Any]) -> str:
    detail = row.get("detail") or {}
    return json.dumps(detail, ensure_ascii=False)[:300] if detail else ""


def _verified(view: View) -> None:
    """What the last check of the chain said."""
    result: dict[str, Any] | None = st.session_state.get("verified")
    words = view.words
    if result is None:
        return
    if result["ok"]:
        st.success(words("register.whole"))
        return
    st.error(words("register.broken"))
    headings = [words(f"field.{name}") for name in ("file", "id", "problem")]
    html(table(headings, [[item.get("file"), item.get("id"), item.get("problem")] for item in result["problems"]]))
