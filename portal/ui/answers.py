"""Reading answers of the strong room: lists, choices and ids, without trusting their shape more than needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from portal.ui.frame import View


def rows_of(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The one list in an answer, whatever it is called."""
    return next((list(value) for value in answer.values() if isinstance(value, list)), [])


def choose(
    view: View, label: str, rows: list[dict[str, Any]], key: str, describe: Callable[[dict[str, Any]], str]
) -> dict[str, Any]:
    """One of `rows` by its id under `key`; starts at the one that the address names (`?request=Q1`)."""
    ids = [str(row[key]) for row in rows]
    named = st.query_params.get(key, "")
    shown = {str(row[key]): describe(row) for row in rows}
    chosen = st.selectbox(
        view.words(label),
        ids,
        index=ids.index(named) if named in ids else 0,
        format_func=lambda name: shown[name],
        key=f"choose-{label}",
    )
    return rows[ids.index(chosen)]


def shape(words: Callable[[str], str], answer: Mapping[str, Any]) -> str:
    """ "12 patients, 40 records" of an answer that counts both."""
    patients, records = answer.get("patients", "–"), answer.get("records", "–")
    return f"{patients} {words('count.patients')} · {records} {words('count.records')}"
