"""The findings of an egress check, the same for the one who asked and the ones who let out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from portal.ui.pieces import Safe, chip, html, table
from portal.ui.texts import Texts

_SHOWN = 8


def show_findings(words: Texts, findings: Iterable[Mapping[str, Any]]) -> None:
    """What the check found, where, and what to do about it; a clear line when it found nothing."""
    found = sorted(findings, key=lambda item: not item.get("blocking"))
    if not found:
        st.success(words("findings.none"))
        return
    stopping = sum(bool(item.get("blocking")) for item in found)
    headings = [words(f"findings.{name}") for name in ("code", "where", "remedy")]
    lines = [[_name(words, item), item["where"], _remedy(words, item)] for item in found]
    html(table(headings, lines[:_SHOWN], words("findings.caption", count=len(found), stopping=stopping)))
    if len(lines) > _SHOWN:
        with st.expander(words("findings.more", count=len(lines) - _SHOWN)):
            html(table(headings, lines[_SHOWN:]))


def _name(words: Texts, item: Mapping[str, Any]) -> Safe:
    """The finding's name: red where it stops the release, amber where a releaser has to judge it."""
    return chip(words.word("finding", item["code"]), "bad" if item.get("blocking") else "wait")


def _remedy(words: Texts, item: Mapping[str, Any]) -> str:
    """What to do, in the reader's language where we have it."""
    key = f"remedy.{item['code']}"
    return words(key) if key in words else str(item["remedy"])


def show_leaks(words: Texts, releases: Iterable[Mapping[str, Any]]) -> None:
    """Releases in which a record was reported: those who let them go must call them back or refuse them."""
    for release in releases:
        if release["leaks"] and release["state"] in ("released", "in_check"):
            told = words("releases.leaks", release=release["release"], leaks=", ".join(release["leaks"]))
            st.error(told)


def show_checks(words: Texts, checks: Iterable[Mapping[str, Any]]) -> None:
    """What the releasers said, once it is decided; without their names."""
    said = [[words.word("verdict", item["verdict"]), item["reason"]] for item in checks]
    if said:
        html(table([words("checking.verdict"), words("field.reason")], said))
