"""The first page: what this person can do here, in the order of the work."""

from __future__ import annotations

from html import escape

import streamlit as st

from portal.ui.frame import View
from portal.ui.pieces import html

_ACROSS = 3


def show(view: View) -> None:
    """A greeting, and a card for every page that is theirs."""
    from portal.web.contents import PAGES

    words = view.words
    st.title(words("home.title", name=view.visit.display))
    st.text(words("home.lead"))
    mine = [page for page in PAGES.values() if page.slug and page.open_to(view.visit.roles)]
    for start in range(0, len(mine), _ACROSS):
        for column, page in zip(st.columns(_ACROSS), mine[start : start + _ACROSS], strict=False):
            with column.container(border=True, height="stretch"):
                if page.slug in view.pages:
                    st.page_link(view.pages[page.slug], label=f"**{words(f'page.{page.slug}')}**")
                st.text(words(f"home.{page.slug}"))
    html(f'<p class="fine">{escape(words("home.notice"))}</p>')
