"""My access requests: a new one from a saved cohort, and what became of the others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from approvals.variables import ALWAYS, variables
from portal.ui.answers import choose, rows_of, shape
from portal.ui.concepts import variable_name
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, facts, html, state, table, timeline, when
from portal.ui.toml import dump
from records.people import Role


def show(view: View) -> None:
    """The list, one request opened, and the form for a new one."""
    words = view.words
    st.title(words("page.requests"))
    flashed()
    if not view.acts_as(Role.RESEARCHER):
        _mine(view)
        return
    listed, new = st.tabs([words("requests.mine"), words("requests.new")])
    with listed:
        _mine(view)
    with new:
        _new(view)


def _mine(view: View) -> None:
    words = view.words
    rows = rows_of(view.visit.ask("request.list"))
    if not rows:
        empty(words, "requests.empty")
        return
    html(table(
        [words("field.request"), words("field.state"), words("field.purpose"), words("field.submitted")],
        [[row["request"], state(words, row.get("state")), row.get("purpose"), when(row.get("submitted") or row.get("at"))]
         for row in rows],
    ))  # fmt: skip
    chosen = choose(
        view, "requests.open", rows, "request", lambda row: f"{row['request']} · {row.get('purpose', '')[:40]}"
    )
    _one(view, view.visit.ask("request.show", request=chosen["request"]))


def _one(view: View, request: dict[str, Any]) -> None:
    """State, conditions, reasons and what may be done now."""
    words, name = view.words, request["request"]
    html(facts((
        (words("field.state"), state(words, request.get("state"))),
        (words("field.purpose"), request.get("purpose")),
        (words("field.ethics"), request.get("ethics_number")),
        (words("field.ethics_end"), request.get("ethics_end")),
        (words("field.size"), shape(words, request)),
        (words("field.variables"), [variable_name(words, item) for item in request.get("variables", ())]),
        (words("field.grant"), request.get("grant")),
        (words("field.conditions"), request.get("conditions")),
        (words("field.reason"), request.get("reason")),
    )))  # fmt: skip
    events = request.get("history") or request.get("events") or []
    if events:
        html(timeline(words, events))
    accept, withdraw, _ = st.columns([1, 1, 2])
    if not view.acts_as(Role.RESEARCHER):
        return
    if request.get("state") == "conditional" and accept.button(words("requests.accept"), type="primary"):
        _do(view, "request.accept", name)
    if request.get("state") in {"in_review", "conditional"} and withdraw.button(words("requests.withdraw")):
        _do(view, "request.withdraw", name)


def _do(view: View, call: str, request: str) -> None:
    def act() -> None:
        answer = view.visit.ask(call, request=request)
        flash(view.words("requests.now", request=request, state=view.words.word("state", answer.get("state"))))

    if attempt(view, act):
        st.rerun()


def _new(view: View) -> None:
    """The form: purpose, ethics approval, cohort, variables, period, days."""
    words = view.words
    cohorts = rows_of(view.visit.ask("cohort.list"))
    if not cohorts:
        empty(words, "requests.nocohort")
        return
    names = {str(row["hash"]): f"{row.get('name') or row['hash'][:12]} · {str(row['hash'])[:8]}" for row in cohorts}
    chosen = st.session_state.get("request-cohort")
    with st.form("new-request"):
        cohort = st.selectbox(
            words("field.cohort"), list(names), index=list(names).index(chosen) if chosen in names else 0,
            format_func=lambda value: names[value],
        )  # fmt: skip
        title = st.text_input(words("field.title"), max_chars=200)
        purpose = st.text_area(words("field.purpose"), max_chars=4000, help=words("requests.purpose.help"))
        first, second = st.columns(2)
        ethics = first.text_input(words("field.ethics"), max_chars=100)
        ends = second.date_input(words("field.ethics_end"), date.today() + timedelta(days=365))
        start = first.date_input(words("field.from_day"), date.today())
        end = second.date_input(words("field.until_day"), date.today() + timedelta(days=180))
        asked = [name for name in variables() if name != ALWAYS]
        chosen_variables = st.multiselect(
            words("field.variables"), asked, default=asked, format_func=lambda name: variable_name(words, name)
        )
        members = first.text_input(words("field.members_list"), max_chars=300)
        basis = second.text_input(words("field.legal_basis"), max_chars=1000)
        check = st.form_submit_button(words("requests.precheck"))
        send = st.form_submit_button(words("requests.submit"), type="primary")
    toml = dump({
        "title": title.strip(), "purpose": purpose.strip(), "ethics_number": ethics.strip(), "ethics_end": ends,
        "legal_basis": basis.strip() or None, "cohort": cohort, "variables": chosen_variables,
        "members": [name.strip() for name in members.replace("，", ",").split(",") if name.strip()],
        "period": {"start": start, "end": end},
    })  # fmt: skip
    if check:
        attempt(view, lambda: _precheck(view, toml))
    if send and attempt(view, lambda: _submit(view, toml)):
        st.rerun()


def _precheck(view: View, toml: str) -> None:
    answer = view.visit.ask("request.precheck", toml=toml)
    problems = [item for item in answer.get("missing") or answer.get("problems") or () if isinstance(item, dict)]
    for item in problems:
        st.warning(f"{view.words.word('field', item.get('field'))}: {item.get('remedy', '')}")
    if not problems:
        st.success(view.words("requests.clean", shape=shape(view.words, answer)))


def _submit(view: View, toml: str) -> None:
    answer = view.visit.ask("request.submit", toml=toml)
    flash(view.words("requests.sent", request=answer["request"]))
