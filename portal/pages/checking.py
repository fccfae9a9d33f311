"""The releaser's desk: what waits to go out, what the check found, pass or refuse. Two must pass, neither a member."""

from __future__ import annotations

import streamlit as st

from portal.ui.answers import choose, rows_of
from portal.ui.concepts import variable_name
from portal.ui.findings import show_findings, show_leaks
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.leak_form import report_form
from portal.ui.pieces import empty, facts, html, table, when

_VERDICTS = ("pass", "refuse")


def show(view: View) -> None:
    """The queue, one release, the verdict."""
    words = view.words
    st.title(words("page.checking"))
    st.text(words("checking.lead"))
    flashed()
    rows = rows_of(view.visit.ask("release.queue"))
    if not rows:
        empty(words, "checking.empty")
        return
    headings = [words(f"field.{name}") for name in ("release", "grant", "rows", "findings", "asked")]
    lines = [[row["release"], row["grant"], row["rows"], row["findings"], when(row["created"])] for row in rows]
    html(table(headings, lines))
    chosen = choose(view, "checking.open", rows, "release", lambda row: f"{row['release']} · {row['grant']}")
    release = view.visit.ask("release.show", release=chosen["release"])
    html(
        facts(
            (
                (words("field.title"), release.get("title")),
                (words("field.purpose"), release.get("purpose")),
                (words("field.request"), release.get("request")),
                (words("field.rows"), release["rows"]),
                (words("field.variables"), [variable_name(words, item) for item in release.get("variables") or ()]),
                (words("field.edition"), release["edition"]),
                (words("field.content"), str(release["content_hash"])[:32]),
            )
        )
    )
    show_findings(words, release["findings"])
    show_leaks(words, [release])
    report_form(view, release=str(release["release"]))
    if release.get("my_check"):
        st.info(words("review.voted", verdict=words.word("verdict", release["my_check"])))
        return
    _verdict(view, str(release["release"]))


def _verdict(view: View, release: str) -> None:
    words = view.words
    with st.form(f"check-{release}"):
        verdict = st.radio(
            words("checking.verdict"),
            _VERDICTS,
            index=None,
            format_func=lambda item: words.word("verdict", item),
            horizontal=True,
        )
        reason = st.text_area(words("field.reason"), max_chars=2000, help=words("checking.reason.help"))
        sent = st.form_submit_button(words("checking.send"), type="primary")
    if not sent:
        return
    if verdict is None or not reason.strip():
        st.warning(words("checking.incomplete"))
        return

    def act() -> None:
        answer = view.visit.ask("release.check", release=release, verdict=verdict, reason=reason.strip())
        flash(words("checking.sent", release=release, state=words.word("state", answer["state"])))

    if attempt(view, act):
        st.rerun()
