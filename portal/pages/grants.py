"""Grants: what was approved and until when; the analyst asks for a release, managers and reviewers stop a grant."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of, shape
from portal.ui.concepts import variable_name
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, facts, html, state, table
from records.people import Role


def show(view: View) -> None:
    """The list, and one grant with what may be done to it."""
    words = view.words
    st.title(words("page.grants"))
    flashed()
    rows = rows_of(view.visit.ask("grant.list"))
    if not rows:
        empty(words, "grants.empty")
        return
    html(table(
        [words("field.grant"), words("field.state"), words("field.request"), words("field.until_day"), words("field.purpose")],
        [[row["grant"], state(words, row.get("state")), row.get("request"), _until(row), row.get("purpose")] for row in rows],
    ))  # fmt: skip
    chosen = choose(
        view, "grants.open", rows, "grant", lambda row: f"{row['grant']} · {words.word('state', row.get('state'))}"
    )
    grant = view.visit.ask("grant.show", grant=chosen["grant"])
    html(facts((
        (words("field.state"), state(words, grant.get("state"))),
        (words("field.until_day"), _until(grant)),
        (words("field.size"), shape(words, grant)),
        (words("field.variables"), [variable_name(words, item) for item in grant.get("variables", ())]),
        (words("field.members"), grant.get("members")),
        (words("field.conditions"), grant.get("conditions")),
        (words("field.edition"), grant.get("edition")),
    )))  # fmt: skip
    _ask_release(view, grant)
    if view.acts_as(Role.MANAGER, Role.REVIEWER):
        _stop(view, grant)


def _ask_release(view: View, grant: dict[str, Any]) -> None:
    """The analyst's step: the egress check runs at once, and its findings are shown on the releases page."""
    words = view.words
    if not view.acts_as(Role.ANALYST) or grant.get("state") != "active":
        return
    st.text(words("grants.ask.help"))
    if st.button(words("grants.ask"), type="primary") and attempt(view, lambda: _ask(view, str(grant["grant"]))):
        view.goto("releases")


def _ask(view: View, grant: str) -> None:
    with st.spinner(view.words("grants.checking")):
        answer = view.visit.ask("release.ask", grant=grant)
    found = len(answer.get("findings", ()))
    flash(view.words("grants.asked", release=answer["release"], findings=found))


def _stop(view: View, grant: dict[str, Any]) -> None:
    """Suspend, resume or revoke, with a reason; it holds from the very next call."""
    words = view.words
    steps = {"active": ("suspend", "revoke"), "suspended": ("resume", "revoke")}.get(str(grant.get("state")), ())
    if not steps:
        return
    with st.form("stop-grant"):
        st.markdown(f"**{words('grants.stop')}**")
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
        flash(words("grants.now", grant=grant["grant"], state=words.word("state", answer.get("state"))))

    if attempt(view, act):
        st.rerun()


def _until(grant: dict[str, Any]) -> str:
    return str(grant.get("until") or grant.get("ends") or "")[:10]
