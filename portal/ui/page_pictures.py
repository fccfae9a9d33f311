"""The blacked-out pages of a granted scan: made when somebody asks for one, looked at one by one, never kept here."""

from __future__ import annotations

from html import escape

import streamlit as st

from portal.ui.frame import View, attempt
from portal.ui.pieces import html

_SECONDS = 2.0  # between two questions whether a page is ready


def page_pictures(view: View, grant: str, record: str, pages: int) -> None:
    """Offer the pages of one record; one that is being made says so until it is there."""
    words = view.words
    with st.expander(words("reading.pages", count=pages)):
        st.text(words("reading.pages_lead"))
        page = 1
        if pages > 1:
            page = int(st.number_input(words("reading.page_number"), 1, pages, key=f"picture-{grant}-{record}"))
        wanted = (grant, record, page)
        if st.button(words("reading.page_open"), key=f"picture-open-{grant}-{record}"):
            st.session_state["reading-picture"] = wanted
        if st.session_state.get("reading-picture") == wanted:
            attempt(view, lambda: _picture(view, grant, record, page))


def _picture(view: View, grant: str, record: str, page: int) -> None:
    words = view.words
    answer = view.visit.ask("reading.prepare", grant=grant, record=record, page=page)
    if answer["state"] == "making":
        html(f'<p class="wait">{escape(words("reading.page_making"))}</p>')
        _wait(view, grant, record, page)
    elif answer["state"] == "ready":
        link, alt = escape(f"/download/page/{grant}/{record}/{page}"), escape(words("reading.page_alt", page=page))
        html(f'<a href="{link}" target="_blank"><img class="original" src="{link}" alt="{alt}"></a>')
    else:
        st.warning(words("reading.page_refused", why=words.word("reject", answer["why"])))


@st.fragment(run_every=_SECONDS)
def _wait(view: View, grant: str, record: str, page: int) -> None:
    """Ask again now and then, this piece of the page alone; draw all of it once there is an answer."""
    first = st.session_state.get("reading-asked") != (grant, record, page)
    st.session_state["reading-asked"] = (grant, record, page)
    if first:
        return
    state = ""

    def ask() -> None:
        nonlocal state
        state = view.visit.ask("reading.prepare", grant=grant, record=record, page=page)["state"]

    if attempt(view, ask) and state != "making":
        st.session_state.pop("reading-asked", None)
        st.rerun()
