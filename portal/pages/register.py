"""The register (利用登记簿): who did what, when and why, and whether the chain is whole."""

from __future__ import annotations

from collections import Counter
from typing import Any

import streamlit as st

from portal.ui.charts import bars
from portal.ui.frame import View
from portal.ui.pieces import empty, html, table, when

_PER_PAGE = 50


def show(view: View) -> None:
    """The chain's state, the filters, the entries."""
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
    wanted = {"actor": actor or None, "action": action or None}
    newest = int(view.visit.ask("audit.list", after=0, limit=1, **wanted).get("total", 0))
    after = third.number_input(words("register.page"), 0, None, 0 if actor or action else max(0, newest - _PER_PAGE))
    answer = view.visit.ask("audit.list", after=after, limit=_PER_PAGE, **wanted)
    rows = answer.get("rows", [])
    if not rows:
        empty(words, "register.empty")
        return
    days = Counter(str(row.get("at", ""))[:10] for row in rows)
    html(bars(words("register.days"), dict(days)))
    html(table(
        [words("field.number"), words("field.at"), words("field.actor"), words("field.action"), words("field.subject"),
         words("field.reason")],
        [[row.get("seq") or row.get("number"), when(row.get("at")), row.get("actor"), words.word("action", row.get("action")),
          row.get("subject"), row.get("reason")] for row in rows],
        words("register.count", count=len(rows), total=answer.get("total", len(rows))),
    ))  # fmt: skip


def _verified(view: View) -> None:
    """What the last check of the chain said."""
    result: dict[str, Any] | None = st.session_state.get("verified")
    words = view.words
    if result is None:
        return
    if result.get("ok"):
        st.success(words("register.whole"))
        return
    st.error(words("register.broken"))
    html(table(
        [words("field.file"), words("field.id"), words("field.problem")],
        [[item.get("file"), item.get("id"), item.get("problem")] for item in result.get("problems", ())],
    ))  # fmt: skip
