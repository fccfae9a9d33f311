"""The findings of an egress check, the same for the one who asked and the ones who let out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from portal.ui.pieces import chip, html, table
from portal.ui.texts import Texts


def show_findings(words: Texts, findings: Iterable[Mapping[str, Any]]) -> None:
    """What the check found, where, and what to do about it; a clear line when it found nothing."""
    found = list(findings)
    if not found:
        st.success(words("findings.none"))
        return
    html(
        table(
            [words("findings.code"), words("findings.where"), words("findings.remedy")],
            [[chip(words.word("finding", item["code"]), "bad"), item["where"], item["remedy"]] for item in found],
            words("findings.caption", count=len(found)),
        )
    )


def show_checks(words: Texts, checks: Iterable[Mapping[str, Any]]) -> None:
    """What the releasers said, once it is decided; without their names."""
    said = [[words.word("verdict", item["verdict"]), item["reason"]] for item in checks]
    if said:
        html(table([words("checking.verdict"), words("field.reason")], said))
