"""My access requests: what became of them, and a new one from a saved cohort (the form is in `ui/request_form.py`)."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.concepts import variable_name
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import Safe, cell, empty, facts, html, state, table, track, when
from portal.ui.request_form import new_request
from portal.ui.texts import Texts
from records.people import Role

_PATH = ("in_review", "conditional", "approved")


def show(view: View) -> None:
    """The list, one request opened, and the form for a new one."""
    words = view.words
    st.title(words("page.requests"))
    flashed()
    if not view.acts_as(Role.RESEARCHER):
        _mine(view)
        return
    names = ("requests.mine", "requests.new")
    st.session_state.setdefault("requests-tab", names[1] if "request-cohort" in st.session_state else names[0])
    tab = st.segmented_control(
        words("page.requests"), names, format_func=words, key="requests-tab", label_visibility="collapsed"
    )
    (new_request if tab == names[1] else _mine)(view)


def _mine(view: View) -> None:
    words = view.words
    rows = rows_of(view.visit.ask("request.list"))
    if not rows:
        empty(words, "requests.empty")
        return
    headings = [words(f"field.{name}") for name in ("request", "state", "title", "submitted")]
    html(
        table(
            headings, [[row["request"], state(words, row["state"]), row["title"], when(row["created"])] for row in rows]
        )
    )
    chosen = choose(view, "requests.open", rows, "request", lambda row: f"{row['request']} · {row['title'][:40]}")
    _one(view, view.visit.ask("request.show", request=chosen["request"]))


def _one(view: View, request: dict[str, Any]) -> None:
    """State, conditions, the reviewers' reasons, and what may be done now."""
    words, name, now = view.words, request["request"], str(request["state"])
    # The middle step is on the way only when reviewers set conditions.
    path = [step for step in _PATH if step != "conditional" or now == step or request.get("conditions")]
    html(track(words, path if now in path else [path[0], now], now))
    period = request.get("period") or {}
    html(
        facts(
            (
                (words("field.title"), request["title"]),
                (words("field.purpose"), request.get("purpose")),
                (words("field.ethics"), request.get("ethics_number")),
                (words("field.ethics_end"), request.get("ethics_end")),
                (words("field.period"), f"{period.get('start', '')} – {period.get('end', '')}"),
                (words("field.variables"), [variable_name(words, item) for item in request.get("variables", ())]),
                (words("field.cohort"), _cohort(words, request)),
                (words("field.members"), request.get("members")),
                (words("field.conditions"), request.get("conditions")),
                (words("field.grant"), request.get("grant")),
            )
        )
    )
    votes = request.get("reviews") or []
    if votes:
        headings = [words("review.verdict"), words("field.reason")]
        html(table(headings, [[words.word("verdict", vote["verdict"]), cell(vote["reason"])] for vote in votes]))
    if request.get("applicant") != view.visit.user:
        return
    accept, withdraw, _ = st.columns([1, 1, 2])
    if now == "conditional" and accept.button(words("requests.accept"), type="primary"):
        _do(view, "request.accept", name)
    if now in ("in_review", "conditional") and withdraw.button(words("requests.withdraw")):
        _do(view, "request.withdraw", name)


def _cohort(words: Texts, request: dict[str, Any]) -> Safe:
    """The fingerprint, leading to the definition counted on the request's own edition."""
    named, edition = str(request.get("cohort", "")), str(request.get("edition", ""))
    shown = words("requests.cohort", hash=named[:16], edition=edition)
    address = f"/cohort?cohort={escape(named)}&amp;edition={escape(edition)}"
    return Safe(f'<a href="{address}" target="_self">{escape(shown)}</a>')


def _do(view: View, call: str, request: str) -> None:
    def act() -> None:
        answer = view.visit.ask(call, request=request)
        flash(view.words("requests.now", request=request, state=view.words.word("state", answer["state"])))

    if attempt(view, act):
        st.rerun()
