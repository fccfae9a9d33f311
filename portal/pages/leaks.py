"""Quality control's queue of reported leaks: the words in their sentence, and what becomes of them."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, facts, html, marked, state, table, when
from records.entities import Entity

_SCOPES = ("patient", "hospital")
_FIXES = ("list", "rule")


def show(view: View) -> None:
    """The queue, one report, the decision."""
    words = view.words
    st.title(words("page.leaks"))
    st.text(words("leaks.lead"))
    flashed()
    rows = rows_of(view.visit.ask("leak.queue"))
    if not rows:
        empty(words, "leaks.empty")
        return
    headings = [words(f"field.{name}") for name in ("leak", "entity", "state", "waiting", "release", "at", "actor")]
    html(table(headings, [_line(view, row) for row in rows]))
    chosen = choose(view, "leaks.choose", rows, "leak", lambda row: f"{row['leak']} · {_kind(view, row['entity'])}")
    _sentence(view, chosen)
    if chosen["state"] == "reported":
        _decide(view, chosen)
    else:
        _mend(view, chosen)


def _line(view: View, row: dict[str, Any]) -> list[object]:
    return [
        row["leak"],
        _kind(view, row["entity"]),
        state(view.words, row["state"]),
        row["waiting"],
        row["releases"],
        when(row["reported"]),
        row["reporter"],
    ]


def _kind(view: View, entity: str) -> str:
    return view.words.word("entity", entity)


def _sentence(view: View, row: dict[str, Any]) -> None:
    """The words where they were seen; alone where nobody may say whether they stand there."""
    words = view.words
    text, at = row["sentence"] or row["words"], row["at"]
    start, end = at or (0, len(text))
    pieces = [(text[:start], None), (text[start:end], words("leaks.reported")), (text[end:], None)]
    html(marked(words, pieces))
    if not row["sentence"]:
        st.info(words("leaks.nosentence"))
    html(facts(((words("field.record"), row["record"]), (words("leaks.seen"), row["seen"] or words("role.qc")))))


def _decide(view: View, row: dict[str, Any]) -> None:
    words = view.words
    with st.form(f"leak-{row['leak']}"):
        kinds = [str(entity) for entity in Entity]
        entity = st.selectbox(
            words("leak.entity"), kinds, kinds.index(row["entity"]), format_func=lambda item: _kind(view, item)
        )
        scope = st.radio(words("leaks.scope"), _SCOPES, format_func=lambda item: words(f"leak-scope.{item}"))
        fix = st.radio(words("leaks.fix"), _FIXES, format_func=lambda item: words(f"leak-fix.{item}"))
        reason = st.text_area(words("field.reason"), max_chars=1000, help=words("leaks.reason.help"))
        left, right, _ = st.columns([1, 1, 3])
        yes = left.form_submit_button(words("leaks.confirm"), type="primary")
        no = right.form_submit_button(words("leaks.dismiss"))
    if not (yes or no):
        return
    if not reason.strip():
        st.warning(words("leaks.incomplete"))
        return
    asked = {"leak": row["leak"], "reason": reason.strip()}

    def act() -> None:
        if no:
            view.visit.ask("leak.dismiss", **asked)
            flash(words("leaks.dismissed", leak=row["leak"]))
            return
        answer = view.visit.ask("leak.confirm", entity=entity, scope=scope, fix=fix, **asked)
        flash(words(f"leaks.confirmed.{fix}", leak=row["leak"], count=answer["waiting"], others=answer["elsewhere"]))

    if attempt(view, act):
        st.rerun()


def _mend(view: View, row: dict[str, Any]) -> None:
    """A confirmed leak: how many records wait, and another try once a rule is in place."""
    words = view.words
    fix = row["fix"]
    html(f'<p class="fine">{escape(words(f"leaks.waits.{fix}", count=row["waiting"]))}</p>')
    left, right, _ = st.columns([1, 1, 3])
    if left.button(words("leaks.recheck"), type="primary") and attempt(view, lambda: _recheck(view, row["leak"])):
        st.rerun()
    if right.button(words("status.again")):
        st.rerun()


def _recheck(view: View, leak: str) -> None:
    view.visit.ask("leak.recheck", leak=leak)
    flash(view.words("leaks.rechecking", leak=leak))
