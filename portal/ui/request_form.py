"""The form for a new access request. What it sends is the same TOML that `lantai request submit` takes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from approvals.variables import ALWAYS, variables
from portal.ui.answers import rows_of
from portal.ui.concepts import variable_name
from portal.ui.frame import View, attempt, flash
from portal.ui.pieces import empty
from portal.ui.toml import dump


def new_request(view: View) -> None:
    """Title, purpose, ethics approval, cohort, variables, period; a check first, then the submission."""
    words = view.words
    cohorts = rows_of(view.visit.ask("cohort.list"))
    if not cohorts:
        empty(words, "requests.nocohort")
        return
    names = {str(row["hash"]): f"{row['name']} · {str(row['hash'])[:8]}" for row in cohorts}
    chosen = st.session_state.get("request-cohort")
    with st.form("new-request"):
        cohort = st.selectbox(
            words("field.cohort"),
            list(names),
            index=list(names).index(chosen) if chosen in names else 0,
            format_func=lambda value: names[value],
        )
        fields = {"cohort": cohort, **_fields(view)}
        check, send, _ = st.columns([1, 1, 3])
        checking = check.form_submit_button(words("requests.precheck"))
        sending = send.form_submit_button(words("requests.submit"), type="primary")
    if checking:
        attempt(view, lambda: _precheck(view, dump(fields)))
    if sending and attempt(view, lambda: _submit(view, dump(fields))):
        st.session_state.pop("request-cohort", None)
        st.session_state.pop("requests-tab", None)
        st.rerun()


def _fields(view: View) -> dict[str, Any]:
    words, today = view.words, date.today()
    title = st.text_input(words("field.title"), max_chars=200)
    purpose = st.text_area(words("field.purpose"), max_chars=4000, help=words("requests.purpose.help"))
    first, second = st.columns(2)
    ethics = first.text_input(words("field.ethics"), max_chars=100)
    ends = second.date_input(words("field.ethics_end"), today + timedelta(days=365))
    start = first.date_input(words("field.from_day"), today)
    end = second.date_input(words("field.until_day"), today + timedelta(days=180))
    asked = [name for name in variables() if name != ALWAYS]
    chosen = st.multiselect(
        words("field.variables"),
        asked,
        default=asked,
        format_func=lambda name: variable_name(words, name),
        placeholder=words("choose.some"),
    )
    first, second = st.columns(2)
    members = first.text_input(words("field.members_list"), max_chars=300)
    basis = second.text_input(words("field.legal_basis"), max_chars=1000)
    return {
        "title": title.strip(),
        "purpose": purpose.strip(),
        "ethics_number": ethics.strip(),
        "ethics_end": ends,
        "legal_basis": basis.strip() or None,
        "variables": chosen,
        "members": [name.strip() for name in members.replace("，", ",").split(",") if name.strip()],
        "period": {"start": start, "end": end},
    }


def _precheck(view: View, toml: str) -> None:
    """Name each thing that is still missing, in the reader's words where there are some."""
    words, answer = view.words, view.visit.ask("request.precheck", toml=toml)
    for item in answer.get("missing") or ():
        field = words.word("field", str(item["field"]).replace("ethics_number", "ethics"))
        known = f"missing.{item['code']}"
        st.warning(f"{field}：{words(known) if known in words else item['remedy']}")
    if answer.get("ok"):
        st.success(words("requests.clean"))


def _submit(view: View, toml: str) -> None:
    answer = view.visit.ask("request.submit", toml=toml)
    flash(view.words("requests.sent", request=answer["request"]))
