"""Navigation, and nothing else: which pages this person has, and which one to draw."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from portal.ui.frame import View, choose_language, enter, run
from portal.web.contents import PAGES


def main() -> None:
    """One script run."""
    st.set_page_config(page_title="兰台 Lantai", layout="wide", initial_sidebar_state="expanded")
    view = enter()
    groups: dict[str, list[st.Page]] = {}
    for page in PAGES.values():
        mine = page.open_to(view.visit.roles)
        entry = st.Page(
            partial(run, page, view),
            title=view.words(f"page.{page.slug or 'home'}"),
            url_path=page.slug,
            default=not page.slug,
            visibility="visible" if mine else "hidden",
        )
        view.pages[page.slug] = entry
        groups.setdefault(view.words(f"group.{page.group}") if page.slug else "", []).append(entry)
    chosen = st.navigation(groups, expanded=True)
    with st.sidebar:
        _sidebar(view)
    chosen.run()


def _sidebar(view: View) -> None:
    """Who is here, the language, the way out."""
    words = view.words
    roles = " · ".join(words.word("role", role) for role in sorted(view.visit.roles))
    st.html(
        f'<div class="whoami"><b>{escape(view.visit.display)}</b><span>{escape(roles)}</span>'
        f"<span>{escape(view.visit.department)}</span></div>"
    )
    choose_language(view)
    st.html(f'<a class="leave" href="/logout" target="_self">{escape(words("frame.logout"))}</a>')


main()
