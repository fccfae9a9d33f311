"""Cohorts (队列): who would be in a study, as a definition or from a form, counted without seeing anybody."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.answers import rows_of
from portal.ui.cohort_form import builder
from portal.ui.cohort_view import counted, history, link
from portal.ui.frame import View, attempt, flash, flashed
from portal.ui.pieces import empty, html
from records.people import Role

_MOST_VERSIONS = 8


def show(view: View) -> None:
    """The builder beside the definition, the count, the saved ones."""
    words = view.words
    st.title(words("page.cohort"))
    st.text(words("cohort.lead"))
    flashed()
    _linked(view)
    # A widget's state is dropped while another page is shown; the text is worth keeping.
    state = st.session_state
    state["cohort-toml"] = state.pop("cohort-next", None) or state.get("cohort-toml") or state.get("cohort-kept", "")
    left, right = st.columns(2)
    with left:
        builder(view)
    with right:
        _editor(view)
    _counted(view)
    _saved(view)


def _linked(view: View) -> None:
    """A definition that the address names (`?cohort=HASH&edition=N`) is opened and counted, once."""
    named, edition = st.query_params.get("cohort", ""), st.query_params.get("edition", "")
    if not named or st.session_state.get("cohort-linked") == (named, edition):
        return
    st.session_state["cohort-linked"] = (named, edition)

    def take() -> None:
        st.session_state["cohort-next"] = view.visit.ask("cohort.show", hash=named)["toml"]
        st.session_state["cohort-count"] = int(edition) if edition.isascii() and edition.isdigit() else 0

    if attempt(view, take):
        html(f'<p class="fine">{escape(view.words("cohort.linked", hash=named[:16]))}</p>')


def _editor(view: View) -> None:
    """The definition as text; what stands here is what is counted and saved."""
    words, state = view.words, st.session_state
    toml = st.text_area(
        words("cohort.toml"), key="cohort-toml", height=420, max_chars=50_000, help=words("cohort.toml.help")
    )
    state["cohort-kept"] = toml
    count, name, save = st.columns([1, 2, 1], vertical_alignment="bottom")
    pressed = count.button(words("cohort.count"), type="primary", disabled=not toml.strip(), use_container_width=True)
    edition = state.pop("cohort-count", None)
    if pressed or (edition is not None and toml.strip()):
        state.pop("cohort-counted", None)
        attempt(view, lambda: _count(view, toml, edition or 0))
    if view.acts_as(Role.RESEARCHER):
        named = name.text_input(words("cohort.name"), max_chars=80, key="cohort-name")
        if save.button(words("cohort.save"), disabled=not toml.strip(), use_container_width=True) and attempt(
            view, lambda: _save(view, toml, named.strip())
        ):
            st.rerun()


def _count(view: View, toml: str, edition: int) -> None:
    st.session_state["cohort-counted"] = (toml, view.visit.count(toml, edition))


def _counted(view: View) -> None:
    """The last count, with what each criterion took away and how complete the variables are."""
    found: tuple[str, dict[str, Any]] | None = st.session_state.get("cohort-counted")
    if found:
        counted(view, found[1], found[0])


def _save(view: View, toml: str, name: str) -> None:
    answer = view.visit.ask("cohort.save", toml=toml, name=name or view.words("cohort.unnamed"))
    st.session_state["request-cohort"] = str(answer["hash"])
    st.session_state["choose-cohort"] = str(answer["name"])  # what was just saved is what stands below
    flash(view.words("cohort.saved", hash=str(answer["hash"])[:16], version=answer["version"]))


def _saved(view: View) -> None:
    """Saved definitions with their versions, to take up again, to share, or to ask access with."""
    words = view.words
    st.subheader(words("cohort.mine"))
    rows = rows_of(view.visit.ask("cohort.list"))
    if not rows:
        empty(words, "cohort.none")
        return
    names = list(dict.fromkeys(str(row["name"]) for row in rows))
    pick, which, _ = st.columns([2, 1, 2])
    name = pick.selectbox(words("cohort.open"), names, key="choose-cohort")
    versions = [row for row in rows if str(row["name"]) == name]
    at = which.selectbox(
        words("field.version"),
        range(len(versions)),
        format_func=lambda at: f"v{versions[at]['version']}",
        key=f"version-of-{len(versions)}-{name}",
    )
    chosen = str(versions[at]["hash"])
    take, ask, download, _ = st.columns([1, 1, 1, 2])
    if take.button(words("cohort.take"), use_container_width=True):
        st.session_state["cohort-next"] = view.visit.ask("cohort.show", hash=chosen)["toml"]
        st.session_state["cohort-count"] = 0
        st.rerun()
    if view.acts_as(Role.RESEARCHER) and ask.button(words("cohort.ask"), type="primary", use_container_width=True):
        st.session_state["request-cohort"] = chosen
        st.session_state.pop("requests-tab", None)
        view.goto("requests")
    with download:
        html(
            f'<a class="press quiet" href="/download/cohort/{escape(chosen)}" target="_self">'
            f"{escape(words('cohort.download'))}</a>"
        )
    found = st.session_state.get("cohort-counted")
    link(view, chosen, found[1]["edition"] if found and found[1]["hash"] == chosen else "")
    shown = versions[:_MOST_VERSIONS]
    hashes = dict.fromkeys(str(row["hash"]) for row in shown)
    history(view, shown, {one: str(view.visit.ask("cohort.show", hash=one)["toml"]) for one in hashes})
