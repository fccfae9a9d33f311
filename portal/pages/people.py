"""Accounts: who may log in and as what. Passwords are typed here once and kept nowhere in this process."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.ui.answers import rows_of
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import chip, empty, html, table
from records.people import Role


def show(view: View) -> None:
    """The list, a new account, an account closed."""
    words = view.words
    st.title(words("page.people"))
    flashed()
    rows = rows_of(view.visit.ask("user.list"))
    if rows:
        headings = [words(f"field.{name}") for name in ("user", "name", "roles", "department", "state")]
        html(table(headings, [_line(view, row) for row in rows]))
    else:
        empty(words, "people.empty")
    if not view.acts_as(Role.MANAGER):
        return
    add, close = st.tabs([words("people.add"), words("people.close")])
    with add:
        _add(view)
    with close:
        _close(view, [str(row.get("user")) for row in rows if not _closed(row)])


def _add(view: View) -> None:
    words = view.words
    with st.form("add-user", clear_on_submit=True):
        first, second = st.columns(2)
        user = first.text_input(words("field.user"), max_chars=60).strip()
        display = second.text_input(words("field.name"), max_chars=60).strip()
        roles = first.multiselect(
            words("field.roles"),
            [str(role) for role in Role],
            format_func=lambda role: words.word("role", role),
            placeholder=words("choose.some"),
        )
        department = second.text_input(words("field.department"), max_chars=60).strip()
        password = first.text_input(
            words("login.password"), type="password", max_chars=1000, autocomplete="new-password"
        )
        sent = st.form_submit_button(words("people.add"), type="primary")
    if not sent:
        return
    if not user or not roles or not password:
        st.warning(words("people.incomplete"))
        return

    def act() -> None:
        view.visit.ask(
            "user.add",
            username=user,
            password=password,
            roles=list(roles),
            display=display,
            department=department or None,
        )
        flash(words("people.added", user=user))

    if attempt(view, act):
        st.rerun()


def _close(view: View, users: list[str]) -> None:
    words = view.words
    if not users:
        return
    with st.form("close-user"):
        user = st.selectbox(words("field.user"), users)
        sent = st.form_submit_button(words("people.close"))
    if not sent:
        return

    def act() -> None:
        view.visit.ask("user.disable", username=user)
        flash(words("people.closed", user=user))

    if attempt(view, act):
        st.rerun()


def _closed(row: dict[str, Any]) -> bool:
    return str(row.get("state", "active")) != "active"


def _line(view: View, row: dict[str, Any]) -> list[object]:
    words = view.words
    roles = [words.word("role", role) for role in row["roles"]]
    standing = chip(words("people.off"), "bad") if _closed(row) else chip(words("people.on"), "good")
    return [row["user"], row["display"], roles, row["department"], standing]
