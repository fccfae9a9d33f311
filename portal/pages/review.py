"""Ethics review: the queue and the decision sheet. A reviewer sees de-identified samples, and never the other's vote."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import choose, rows_of, shape
from portal.ui.charts import funnel
from portal.ui.concepts import department_name, type_name, variable_name
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, facts, html, legend, marked, table, when

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
    html(table(
        [words("field.request"), words("field.purpose"), words("field.submitted"), words("review.own")],
        [[row["request"], row.get("purpose"), when(row.get("submitted") or row.get("at")),
          words.word("verdict", row.get("own") or row.get("verdict") or "open")] for row in rows],
    ))  # fmt: skip
    chosen = choose(
        view, "review.open", rows, "request", lambda row: f"{row['request']} · {str(row.get('purpose', ''))[:50]}"
    )
    sheet = view.visit.ask("review.sheet", request=chosen["request"])
    _sheet(view, sheet)
    _samples(view, sheet.get("samples") or [])
    _vote(view, str(chosen["request"]), sheet)


def _sheet(view: View, sheet: dict[str, Any]) -> None:
    """What is asked, for whom and how many."""
    words = view.words
    left, right = st.columns(2)
    period = sheet.get("period")
    with left:
        html(facts((
            (words("field.purpose"), sheet.get("purpose")),
            (words("field.ethics"), sheet.get("ethics_number")),
            (words("field.ethics_end"), sheet.get("ethics_end")),
            (words("field.period"), " – ".join(str(part) for part in period.values()) if isinstance(period, dict) else period),
            (words("field.size"), shape(words, sheet)),
            (words("field.variables"), [variable_name(words, item) for item in sheet.get("variables", ())]),
        )))  # fmt: skip
        with st.expander(words("review.definition")):
            st.code(str(sheet.get("cohort_toml", "")), language="toml")
    with right:
        steps = [(str(step["step"]), step["patients"], step["records"]) for step in sheet.get("attrition", ())]
        if steps:
            html(funnel(words("cohort.funnel"), steps, words("count.patients")))


def _samples(view: View, samples: list[dict[str, Any]]) -> None:
    """De-identified samples, each replacement in the colour of its kind."""
    words = view.words
    st.subheader(words("review.samples"))
    if not samples:
        empty(words, "review.nosamples")
        return
    html(legend(words))
    names = [
        f"{number} · {type_name(words, sample.get('type'))} · {department_name(words, sample.get('department'))} {sample.get('year') or ''}"
        for number, sample in enumerate(samples, 1)
    ]
    for tab, sample in zip(st.tabs(names), samples, strict=True):
        with tab:
            html(marked(words, sample.get("pieces", ())))
    html(f'<p class="fine">{escape(words("review.notice"))}</p>')


def _vote(view: View, request: str, sheet: dict[str, Any]) -> None:
    """One's own vote, with its reason."""
    words = view.words
    st.subheader(words("review.vote"))
    own = sheet.get("own") or sheet.get("verdict")
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
        conditions = st.text_area(words("field.conditions"), max_chars=2000, help=words("review.conditions.help"))
        reason = st.text_area(words("field.reason"), max_chars=2000, help=words("review.reason.help"))
        sent = st.form_submit_button(words("review.send"), type="primary")
    if not sent:
        return
    if verdict is None or not reason.strip() or (verdict == "condition" and not conditions.strip()):
        st.warning(words("review.incomplete"))
        return
    if attempt(view, lambda: _decide(view, request, verdict, reason.strip(), conditions.strip())):
        st.rerun()


def _decide(view: View, request: str, verdict: str, reason: str, conditions: str) -> None:
    answer = view.visit.ask("review.decide", request=request, verdict=verdict, reason=reason, conditions=conditions)
    flash(view.words("review.sent", request=request, state=view.words.word("state", answer.get("state"))))
