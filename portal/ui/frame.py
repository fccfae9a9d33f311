"""What stands around every page: who is here, in which language, and what happens when something fails.

Whatever fails on a page ends as one clear sentence; no traceback and no record text reaches the screen or the log.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from portal.desk import Visit, visit
from portal.ui.texts import LANGUAGES, Texts, texts
from records.errors import BadInput, LantaiError, Refused
from records.people import Role

_LOG = logging.getLogger("lantai.portal")
_MOST_LANGUAGES: Final = 5000
_languages: OrderedDict[str, str] = OrderedDict()  # a session's choice, so that it outlives a reload of the page


@dataclass(frozen=True, slots=True)
class View:
    """What a page gets: the visit it acts for and the words of the chosen language."""

    visit: Visit
    words: Texts
    pages: dict[str, Any] = field(default_factory=dict)  # slug -> st.Page, filled by the navigation

    def acts_as(self, *roles: Role) -> bool:
        """Whether this person holds one of these roles: what to offer. What is allowed the strong room decides."""
        return bool(self.visit.roles & {str(role) for role in roles})

    def goto(self, slug: str) -> None:
        """Go to another page, keeping what was typed; nothing outside the navigation."""
        if slug in self.pages:
            st.switch_page(self.pages[slug])


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address, the group it stands under, the roles it is for (none: everybody), and what draws it."""

    slug: str
    group: str
    roles: frozenset[str]
    draw: Callable[[View], None]

    def open_to(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles sees it. Only a courtesy: the strong room decides each call."""
        return not self.roles or bool(self.roles & roles)


def session_token() -> str | None:
    """The session token of this script run, put on the websocket by the door."""
    found = st.user.get("session")
    return found if isinstance(found, str) and found else None


def enter() -> View:
    """The view of whoever is here now, asked of the strong room on every run. Stops the run if the session ended."""
    try:
        guest = visit(session_token())
    except LantaiError as error:
        words = texts(_cookie_language())
        st.title(words("frame.ended"))
        st.warning(words.error(error))
        st.html(f'<p><a href="/login" target="_self">{words("frame.login")}</a></p>')
        st.stop()
    return View(guest, texts(_language(guest)))


def run(page: Page, view: View) -> None:
    """Draw a page, or say why not."""
    try:
        if not page.open_to(view.visit.roles):
            raise Refused("page_not_yours", "Your role has no access to this page; go back to your own.")
        page.draw(view)
    except LantaiError as error:
        show_error(view.words, error)
    except Exception as error:  # noqa: BLE001 - the rim: whatever it is, the reader gets a sentence and the log a type
        _LOG.error("page %s failed: %s", page.slug or "home", type(error).__name__)
        st.error(view.words("frame.failed"))


def attempt(view: View, act: Callable[[], None]) -> bool:
    """Do `act`; on an expected error say it and return False, leaving the rest of the page as it is."""
    try:
        act()
    except LantaiError as error:
        show_error(view.words, error)
        return False
    return True


def show_error(words: Texts, error: LantaiError) -> None:
    """The error's sentence; what can be corrected in amber, what is refused or broken in red."""
    (st.warning if isinstance(error, BadInput) else st.error)(words.error(error))


def script_failed(error: Exception) -> bool:
    """Streamlit's last resort, for what fails outside a page: the same sentence, and nothing of the inside."""
    _LOG.error("the frame failed: %s", type(error).__name__)
    st.error(texts(LANGUAGES[0])("frame.failed"))
    return True


def choose_language(view: View) -> None:
    """The switch in the sidebar."""
    names = {language: texts(language)("language.name") for language in LANGUAGES}
    key = "language"
    st.session_state.setdefault(key, view.words.language)
    st.radio(
        view.words("language.choose"),
        LANGUAGES,
        key=key,
        format_func=lambda language: names[language],
        horizontal=True,
        label_visibility="collapsed",
        on_change=lambda: _remember(view.visit, st.session_state[key]),
    )


def flash(text: str) -> None:
    """Keep a sentence of success for the next run, which `flashed` shows."""
    st.session_state["flash"] = text


def flashed() -> None:
    """Show, once, what the last action left to say."""
    text = st.session_state.pop("flash", None)
    if text:
        st.success(text)


def _language(guest: Visit) -> str:
    chosen = st.session_state.get("language") or _languages.get(guest.token.value)
    return chosen if chosen in LANGUAGES else _cookie_language()


def _remember(guest: Visit, language: str) -> None:
    _languages[guest.token.value] = language
    while len(_languages) > _MOST_LANGUAGES:
        _languages.popitem(last=False)


def _cookie_language() -> str:
    found = st.context.cookies.get("lantai_lang", "")
    return found if found in LANGUAGES else LANGUAGES[0]
