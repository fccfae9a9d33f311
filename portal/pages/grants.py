"""Grants: what was approved and until when; the analyst asks for a release, managers and reviewers stop a grant."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.concepts import variable_name
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, facts, html, state, table
from records.people import Role

_STEPS = {"active": ("suspend", "revoke"), "suspended": ("resume", "revoke"), "expired": ("revoke",)}


def show(view: View) -> None:
    """The list, and one grant with what may be done to it."""
    words = view.words
    st.title(words("page.grants"))
    flashed()
    rows = rows_of(view.visit.ask("grant.list"))
    if not rows:
        empty(words, "grants.empty")
        return
    headings = [words(f"field.{name}") for name in ("grant", "state", "request", "applicant", "from_day", "until_day")]
    lines = [
        [row["grant"], state(words, row["state"]), row["request"], row["applicant"], row["starts"], row["ends"]]
        for row in rows
    ]
    html(table(headings, lines))
    chosen = choose(
        view, "grants.open", rows, "grant", lambda row: f"{row['grant']} · {words.word('state', row['state'])}"
    )
    grant = view.visit.ask("grant.show", grant=chosen["grant"])
    html(
        facts(
            (
                (words("field.title"), grant.get("title")),
                (words("field.state"), state(words, grant["state"])),
                (words("field.period"), f"{grant['starts']} – {grant['ends']}"),
                (words("field.ethics_end"), grant.get("ethics_end")),
                (words("field.variables"), [variable_name(words, item) for item in grant["variables"]]),
                (words("field.members"), [grant["applicant"], *grant["members"]]),
                (words("field.cohort"), str(grant.get("cohort", ""))[:16]),
                (words("field.edition"), grant["edition"]),
                (words("field.reason"), grant.get("reason")),
            )
        )
    )
    if view.acts_as(Role.ANALYST) and grant["state"] == "active":
        _ask_release(view, str(grant["grant"]))
    if view.acts_as(Role.MANAGER, Role.REVIEWER):
        _stop(view, grant)


def _ask_release(view: View, grant: str) -> None:
    """The analyst's step: the egress check runs at once, and its findings stand on the releases page."""
    words = view.words
    st.text(words("grants.ask.help"))
    if st.button(words("grants.ask"), type="primary") and attempt(view, lambda: _ask(view, grant)):
        view.goto("releases")


def _ask(view: View, grant: str) -> None:
    with st.spinner(view.words("grants.checking")):
        answer = view.visit.ask("release.ask", grant=grant)
    flash(view.words("grants.asked", release=answer["release"], findings=len(answer["findings"])))


def _stop(view: View, grant: dict[str, Any]) -> None:
    """Suspend, resume or revoke, with a reason; it holds from the very next call."""
    words = view.words
    steps = _STEPS.get(str(grant["state"]), ())
    if not steps:
        return
    with st.form("stop-grant"):
        step = st.radio(
            words("grants.step"),
            steps,
            index=None,
            format_func=lambda item: words.word("action", item),
            horizontal=True,
        )
        reason = st.text_input(words("field.reason"), max_chars=500)
        sent = st.form_submit_button(words("grants.do"))
    if not sent:
        return
    if step is None or not reason.strip():
        st.warning(words("grants.incomplete"))
        return

    def act() -> None:
        answer = view.visit.ask(f"grant.{step}", grant=grant["grant"], reason=reason.strip())
        flash(words("grants.now", grant=grant["grant"], state=words.word("state", answer["state"])))

    if attempt(view, act):
        st.rerun()
