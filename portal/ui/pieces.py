"""Pieces of screen as HTML: tables, chips, facts, tracks, marked text. Nothing reaches `st.html` unescaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import streamlit as st

from portal.ui.texts import Texts
from records.slots import SlotKind

_GOOD = {"approved", "active", "released", "finished"}
_BAD = {"returned", "withdrawn", "suspended", "expired", "revoked", "blocked", "refused", "recalled"}
_SHORT = 16  # characters that a cell of a table keeps on one line
_CHIP_OF = {kind.value: kind.name.lower() for kind in SlotKind}


def html(fragment: str) -> None:
    """Show a fragment whose every value has been escaped already."""
    st.html(fragment)


def empty(words: Texts, key: str) -> None:
    """What to show, and what to do, where there is nothing yet."""
    html(f'<div class="empty">{escape(words(key))}</div>')


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """A table; a cell that is a `Safe` fragment stands as it is, everything else is escaped."""
    head = "".join(f"<th scope='col'>{escape(heading)}</th>" for heading in headings)
    body = "".join("<tr>" + "".join(_td(value) for value in row) + "</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="sheet"><table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _td(value: object) -> str:
    """A cell; short ones never break, so that a year stays on one line."""
    shown = cell(value)
    length = 0 if value is None or isinstance(value, (Safe, list, tuple)) else len(str(value))
    return f'<td class="{"long" if length > _SHORT else "short"}">{shown}</td>' if length else f"<td>{shown}</td>"


class Safe(str):
    """HTML made by this module, escaped already."""

    __slots__ = ()


def cell(value: object) -> str:
    """One value as HTML: nothing for None, joined lists, escaped text."""
    if isinstance(value, Safe):
        return str(value)
    if value is None or value == "" or value == []:
        return '<span class="none">–</span>'
    if isinstance(value, (list, tuple, set, frozenset)) and value:
        return " · ".join(cell(item) for item in value)
    return escape(str(value))


def chip(text: str, kind: str = "plain") -> Safe:
    """A small label; `kind` is one of our own style names."""
    return Safe(f'<span class="chip chip-{kind}">{escape(text)}</span>')


def chips(texts: Iterable[str], kind: str = "concept") -> Safe:
    """Several labels."""
    return Safe("".join(chip(text, kind) for text in texts))


def state(words: Texts, value: object) -> Safe:
    """A state as a coloured label: settled, waiting or stopped."""
    name = str(value)
    return chip(words.word("state", name), "good" if name in _GOOD else "bad" if name in _BAD else "wait")


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """A list of what is known of one thing."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{cell(value)}</dd>" for name, value in pairs)
    return f'<dl class="facts">{rows}</dl>'


def track(words: Texts, path: Sequence[str], now: str) -> str:
    """The way of a request or a release, and where on it this one stands."""
    reached = path.index(now) if now in path else len(path)
    steps = []
    for at, step in enumerate(path):
        shown = state(words, step) if at == reached else escape(words.word("state", step))
        steps.append(f'<li class="{"done" if at < reached else "now" if at == reached else "ahead"}">{shown}</li>')
    return f'<ol class="track">{"".join(steps)}</ol>'


def plain(text: str) -> str:
    """Text for a place that reads markdown: letters, digits and plain punctuation only."""
    return "".join(sign if sign.isalnum() or sign in " .-（）()、，" else " " for sign in text)


def when(value: object) -> str:
    """A time stamp to the minute."""
    return str(value or "")[:16].replace("T", " ")


def marked(words: Texts, pieces: Iterable[Sequence[Any]]) -> str:
    """Clean text with each replacement coloured by its kind: pieces of [text, kind or None]."""
    parts = []
    for text, kind in pieces:
        shown = escape(str(text))
        if kind is None:
            parts.append(shown)
        else:
            style = _CHIP_OF.get(str(kind), "other")
            parts.append(f'<mark class="slot slot-{style}" title="{escape(words.word("kind", kind))}">{shown}</mark>')
    return f'<div class="record">{"".join(parts)}</div>'


def legend(words: Texts) -> str:
    """The colours of `marked`."""
    marks = (
        f'<mark class="slot slot-{kind.name.lower()}">{escape(words.word("kind", kind.value))}</mark>'
        for kind in SlotKind
    )
    return f'<p class="legend">{escape(words("review.legend"))} {" ".join(marks)}</p>'


def record(heading: str, text: str) -> str:
    """One section of a rendered record, as plain text."""
    title = f"<h4>{escape(heading)}</h4>" if heading else ""
    return f'{title}<div class="record">{escape(text)}</div>'
