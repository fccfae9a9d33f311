"""Releases: where each stands, what the egress check found, and the bundle once two releasers have passed it."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.findings import show_findings
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, facts, html, state, table, timeline, when
from records.people import Role


def show(view: View) -> None:
    """The list, one release, its bundle."""
    words = view.words
    st.title(words("page.releases"))
    flashed()
    rows = rows_of(view.visit.ask("release.list"))
    if not rows:
        empty(words, "releases.empty")
        return
    html(table(
        [words("field.release"), words("field.state"), words("field.grant"), words("field.asked")],
        [[row["release"], state(words, row.get("state")), row.get("grant"), when(row.get("asked") or row.get("at"))] for row in rows],
    ))  # fmt: skip
    chosen = choose(
        view,
        "releases.open",
        rows,
        "release",
        lambda row: f"{row['release']} · {words.word('state', row.get('state'))}",
    )
    # A manager oversees releases without seeing what is in them.
    only_listed = view.acts_as(Role.MANAGER) and not view.acts_as(Role.RESEARCHER, Role.ANALYST, Role.RELEASER)
    _one(view, chosen if only_listed else view.visit.ask("release.show", release=chosen["release"]))


def _one(view: View, release: dict[str, Any]) -> None:
    words, name = view.words, str(release["release"])
    html(facts((
        (words("field.state"), state(words, release.get("state"))),
        (words("field.grant"), release.get("grant")),
        (words("field.edition"), release.get("edition")),
        (words("field.rows"), release.get("rows") or release.get("records")),
        (words("field.reason"), release.get("reason")),
    )))  # fmt: skip
    show_findings(words, release.get("findings") or ())
    events = release.get("history") or release.get("events") or []
    if events:
        html(timeline(words, events))
    if release.get("state") == "released":
        if view.acts_as(Role.ANALYST):
            html(
                f'<p><a class="press" href="/download/release/{escape(name)}" target="_self">{escape(words("releases.download"))}</a></p>'
                f'<p class="fine">{escape(words("releases.notice"))}</p>'
            )
        if view.acts_as(Role.MANAGER, Role.RELEASER):
            _recall(view, name)


def _recall(view: View, release: str) -> None:
    """Call a bundle back, with a reason."""
    words = view.words
    with st.form("recall"):
        reason = st.text_input(words("field.reason"), max_chars=500)
        sent = st.form_submit_button(words("releases.recall"))
    if not sent:
        return
    if not reason.strip():
        st.warning(words("checking.incomplete"))
        return

    def act() -> None:
        view.visit.ask("release.recall", release=release, reason=reason.strip())
        flash(words("releases.recalled", release=release))

    if attempt(view, act):
        st.rerun()
