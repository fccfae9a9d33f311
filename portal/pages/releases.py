"""Releases: where each stands, what the egress check found, and the bundle once two releasers have passed it."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.findings import show_checks, show_findings, show_leaks
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, facts, html, state, table, track, when
from records.people import Role

_PATH = ("in_check", "released")


def show(view: View) -> None:
    """The list, one release, its bundle."""
    words = view.words
    st.title(words("page.releases"))
    flashed()
    rows = rows_of(view.visit.ask("release.list"))
    if not rows:
        empty(words, "releases.empty")
        return
    headings = [words(f"field.{name}") for name in ("release", "state", "grant", "rows", "asked")]
    html(
        table(
            headings,
            [
                [row["release"], state(words, row["state"]), row["grant"], row["rows"], when(row["created"])]
                for row in rows
            ],
        )
    )
    show_leaks(words, rows)
    chosen = choose(
        view, "releases.open", rows, "release", lambda row: f"{row['release']} · {words.word('state', row['state'])}"
    )
    # A manager oversees releases without seeing what is in them.
    only_listed = not view.acts_as(Role.RESEARCHER, Role.ANALYST, Role.RELEASER)
    _one(view, chosen if only_listed else view.visit.ask("release.show", release=chosen["release"]))


def _one(view: View, release: dict[str, Any]) -> None:
    words, name, now = view.words, str(release["release"]), str(release["state"])
    html(track(words, _PATH if now in _PATH else [_PATH[0], now], now))
    html(
        facts(
            (
                (words("field.title"), release.get("title")),
                (words("field.grant"), release["grant"]),
                (words("field.rows"), release["rows"]),
                (words("field.edition"), release.get("edition")),
                (words("field.content"), str(release.get("content_hash", ""))[:32]),
                (words("field.reason"), release.get("reason")),
            )
        )
    )
    if isinstance(release.get("findings"), list):
        show_findings(words, release["findings"])
        show_checks(words, release.get("checks") or ())
    if now != "released":
        return
    if view.acts_as(Role.ANALYST):
        link, text = f"/download/release/{escape(name)}", escape(words("releases.download"))
        html(
            f'<p><a class="press" href="{link}" target="_self">{text}</a></p>'
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

    def act() -> None:
        view.visit.ask("release.recall", release=release, reason=reason.strip())
        flash(words("releases.recalled", release=release))

    if attempt(view, act):
        st.rerun()
