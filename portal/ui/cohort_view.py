"""A counted cohort to look at: how many, what each step took away, how complete the variables are, and its link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import ndiff
from html import escape
from typing import Any

import streamlit as st

from portal.ui.charts import Step, funnel, shares
from portal.ui.cohort_words import steps_in_words
from portal.ui.concepts import named_concept, step_name, variable_name
from portal.ui.frame import View
from portal.ui.pieces import Safe, cell, html, table, when
from portal.ui.texts import Texts
from records.errors import BadInput
from semantic.cohort_definition import CohortDefinition


def counted(view: View, found: Mapping[str, Any], toml: str) -> None:
    """Totals over a funnel and the completeness of the wanted variables."""
    words = view.words
    fine = words("cohort.hash", hash=str(found["hash"])[:16], edition=found["edition"])
    html(
        f'<p class="total"><b>{escape(str(found["patients"]))}</b> {escape(words("count.patients"))} '
        f"<b>{escape(str(found['records']))}</b> {escape(words('count.records'))}"
        f'<span class="fine">{escape(fine)}</span></p>'
    )
    left, right = st.columns([3, 2])
    with left:
        html(attrition(words, found["attrition"], toml))
    with right:
        known = [(_variable(words, one), str(one["patients"]), one["share"]) for one in found.get("feasibility", ())]
        if known:
            html(shares(words("cohort.feasibility"), known))
    notes = [] if found.get("same_lexicon", True) else [words("cohort.lexicon")]
    if not str(found.get("withdrawn", "<")).startswith("<"):
        notes.append(words("cohort.withdrawn", count=found["withdrawn"]))
    html("".join(f'<p class="fine">{escape(note)}</p>' for note in notes) or "<!-- -->")


def attrition(words: Texts, steps: Sequence[Mapping[str, Any]], toml: str = "") -> str:
    """The funnel of an answer's attrition, each step in words where its definition is at hand."""
    names = _in_words(words, toml)
    if len(names) != len(steps):
        names = [step_name(words, step["step"]) for step in steps]
    rows = [
        Step(
            name,
            str(step["patients"]),
            f"{step['records']} {words('count.records')}",
            str(step.get("lost_patients", "")),
        )
        for name, step in zip(names, steps, strict=True)
    ]
    return funnel(words("cohort.funnel"), rows, words("count.patients"))


def link(view: View, cohort: str, edition: object = "") -> None:
    """The address that opens this very definition, on this edition, for whoever may count cohorts."""
    words = view.words
    address = f"{_origin()}/cohort?cohort={cohort}" + (f"&edition={edition}" if edition else "")
    st.caption(words("cohort.link"))
    st.code(address, language=None)


def history(view: View, rows: Sequence[Mapping[str, Any]], tomls: Mapping[str, str]) -> None:
    """The versions of one name, newest first, each with what changed in it."""
    words = view.words
    body = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        new = _in_words(words, tomls.get(str(row["hash"]), ""))
        old = _in_words(words, tomls.get(str(before["hash"]), "")) if before else new
        short = str(row["hash"])[:12]
        address = Safe(f'<a href="/cohort?cohort={escape(str(row["hash"]))}" target="_self">{escape(short)}</a>')
        changed = words("cohort.first") if before is None else _changes(old, new) or words("cohort.layout")
        body.append([f"v{row['version']}", when(row["created"]), address, changed])
    headings = [words(f"field.{name}") for name in ("version", "at", "fingerprint", "changes")]
    html(table(headings, body, words("cohort.history")))


def _changes(old: list[str], new: list[str]) -> Safe | str:
    kinds = {"+ ": "good", "- ": "bad"}
    lines = [line for line in ndiff(old, new) if line[:2] in kinds]
    chips = (f'<span class="chip chip-{kinds[line[:2]]} wrap">{cell(line)}</span>' for line in lines)
    return Safe("".join(chips))


def _in_words(words: Texts, toml: str) -> list[str]:
    try:
        return steps_in_words(words, CohortDefinition.parse(toml)) if toml.strip() else []
    except BadInput:
        return []


def _variable(words: Texts, one: Mapping[str, Any]) -> str:
    name = variable_name(words, one["variable"])
    return name if name != one["variable"] else named_concept(words, name)


def _origin() -> str:
    """Where the reader came to us, as their browser says; "" where nobody tells."""
    address = st.context.url or ""
    return "/".join(address.split("/")[:3]) if address.startswith("http") else ""
