"""Ethics review: queue and decision sheet. Shows de-identified samples, never originals, never the other vote."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of, shape
from portal.ui.cohort_view import attrition
from portal.ui.concepts import department_name, type_name, variable_name
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.leak_form import report_form
from portal.ui.pieces import empty, facts, html, legend, marked, plain, table, when

_VERDICTS = ("approve", "condition", "reject")


def show(view: View) -> None:
    """The queue, the sheet of one request, the vote."""
    words = view.words
    st.title(words("page.review"))
    flashed()
    rows = rows_of(view.visit.ask("review.queue"))
    if not rows:
        empty(words, "review.empty")
        return
    headings = [words(f"field.{name}") for name in ("request", "title", "submitted")]
    html(table(headings, [[row["request"], row["title"], when(row["created"])] for row in rows]))
    chosen = choose(view, "review.open", rows, "request", lambda row: f"{row['request']} · {row['title'][:50]}")
    sheet = view.visit.ask("review.sheet", request=chosen["request"])
    _sheet(view, sheet)
    _samples(view, str(chosen["request"]), sheet.get("samples") or [])
    _vote(view, str(chosen["request"]), sheet.get("my_vote"))


def _sheet(view: View, sheet: dict[str, Any]) -> None:
    """What is asked, for whom and how many."""
    words = view.words
    left, right = st.columns(2)
    period = sheet.get("period") or {}
    with left:
        html(
            facts(
                (
                    (words("field.title"), sheet["title"]),
                    (words("field.purpose"), sheet["purpose"]),
                    (words("field.legal_basis"), sheet.get("legal_basis")),
                    (words("field.ethics"), sheet["ethics_number"]),
                    (words("field.ethics_end"), sheet["ethics_end"]),
                    (words("field.period"), f"{period.get('start', '')} – {period.get('end', '')}"),
                    (words("field.variables"), [variable_name(words, item) for item in sheet["variables"]]),
                )
            )
        )
    with right:
        html(f'<p class="total small">{escape(shape(words, sheet))}</p>')
        html(attrition(words, sheet["attrition"], str(sheet.get("cohort_toml", ""))))
        with st.expander(words("review.definition")):
            st.code(str(sheet.get("cohort_toml", "")), language=None)


def _samples(view: View, request: str, samples: list[dict[str, Any]]) -> None:
    """De-identified samples, each replacement in the colour of its kind."""
    words = view.words
    st.subheader(words("review.samples"))
    if not samples:
        empty(words, "review.nosamples")
        return
    html(legend(words))
    names = [_name(view, number, sample) for number, sample in enumerate(samples, 1)]
    for tab, sample in zip(st.tabs(names), samples, strict=True):
        with tab:
            html(marked(words, sample.get("pieces", ())))
            report_form(view, str(sample["record"]), request=request)
    html(f'<p class="fine">{escape(words("review.notice"))}</p>')


def _name(view: View, number: int, sample: dict[str, Any]) -> str:
    """A tab's name; a tab reads markdown, so what does not come from our own lists is stripped of its signs."""
    words = view.words
    department = plain(department_name(words, sample["department"]))
    return f"{number} · {plain(type_name(words, sample['type']))} {sample.get('year') or ''} {department}"


def _vote(view: View, request: str, own: str | None) -> None:
    """One's own vote, with its reason."""
    words = view.words
    st.subheader(words("review.vote"))
    if own:
        st.info(words("review.voted", verdict=words.word("verdict", own)))
        return
    with st.form(f"vote-{request}"):
        verdict = st.radio(
            words("review.verdict"),
            _VERDICTS,
            index=None,
            format_func=lambda item: words.word("verdict", item),
            horizontal=True,
        )
        left, right = st.columns(2)
        reason = left.text_area(words("field.reason"), max_chars=2000, help=words("review.reason.help"))
        conditions = right.text_area(words("field.conditions"), max_chars=2000, help=words("review.conditions.help"))
        sent = st.form_submit_button(words("review.send"), type="primary")
    if not sent:
        return
    listed = [line.strip() for line in conditions.splitlines() if line.strip()]
    if verdict is None or not reason.strip() or (verdict == "condition" and not listed):
        st.warning(words("review.incomplete"))
        return
    if attempt(view, lambda: _decide(view, request, verdict, reason.strip(), listed)):
        st.rerun()


def _decide(view: View, request: str, verdict: str, reason: str, conditions: list[str]) -> None:
    answer = view.visit.ask("review.decide", request=request, verdict=verdict, reason=reason, conditions=conditions)
    flash(view.words("review.sent", request=request, state=view.words.word("state", answer["state"])))
