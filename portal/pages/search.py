"""Search: what exists, in the researcher's own words. Shows published counts and discovery cards, never narrative."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from portal.ui.charts import bars
from portal.ui.cohort_words import who_in_words
from portal.ui.concept_card import concept_link
from portal.ui.concepts import concept_name, department_name, type_name, understood_name
from portal.ui.drafts import remember_cohort, understanding
from portal.ui.frame import View, attempt
from portal.ui.pieces import Safe, chips, empty, html, plain, table
from portal.ui.search_form import filters
from portal.ui.texts import Texts
from semantic.cohort_definition import CohortDefinition, Who


def show(view: View) -> None:
    """The question, its filters, and what was found."""
    words = view.words
    st.title(words("page.search"))
    st.text(words("search.lead"))
    question = st.session_state.get("asked")
    st.session_state.setdefault("query", question["query"] if question else "")
    _examples(view)
    with st.form("ask"):
        query = st.text_input(
            words("search.query"), key="query", placeholder=words("search.placeholder"), max_chars=10_000
        )
        chosen = filters(view)
        asked = st.form_submit_button(words("search.go"), type="primary")
    if asked or st.session_state.pop("ask-now", False):
        st.session_state["asked"] = {"query": query.strip(), **chosen}
    question = st.session_state.get("asked")
    if not question or not question["query"]:
        empty(words, "search.empty")
        return
    answer = view.visit.search(**question)
    _understood(view, answer)
    _found(view, answer)
    _suggested(view, answer)
    _to_cohort(view, answer)


def _examples(view: View) -> None:
    """Questions to start from."""
    for column, number in zip(st.columns(4), "1234", strict=True):
        example = view.words(f"search.example{number}")
        column.button(example, key=f"example-{number}", on_click=_ask, args=(example,), use_container_width=True)


def _ask(example: str) -> None:
    st.session_state["query"] = example
    st.session_state["ask-now"] = True


def _understood(view: View, answer: dict[str, Any]) -> None:
    """What the search took the question to mean, and what it did not find."""
    words = view.words
    read = understanding(answer)
    family = [_wish(words, item, words("search.family")) for item in read["family"]]
    concepts = [_wish(words, item) for item in read["concepts"]] + family
    who = CohortDefinition.parse(answer["cohort"]).who if answer.get("cohort") else Who()
    parts = [f"{escape(words('search.understood'))} {''.join(concepts)}"] if concepts else []
    if read["unwished"]:
        parts.append(f"{escape(words('search.without'))} {''.join(_wish(words, item) for item in read['unwished'])}")
    if who != Who():
        parts.append(f"{escape(words('search.narrowed'))} {chips([who_in_words(words, who)], 'plain')}")
    if answer.get("not_found"):
        missing = chips([str(word) for word in answer["not_found"]], "bad")
        parts.append(f"{escape(words('search.notfound'))} {missing}")
    if not concepts and not read["unwished"]:
        parts.append(escape(words("search.wordsonly")))
    html(f'<p class="understood">{" &nbsp; ".join(parts)}</p>')


def _suggested(view: View, answer: dict[str, Any]) -> None:
    """Narrower questions, with how many records of the archive each would find."""
    words, related = view.words, answer.get("suggestions") or []
    if not related:
        return
    html(f'<p class="fine">{escape(words("search.narrower"))}</p>')
    with st.container(horizontal=True, gap="small"):
        for one in related:
            name = str(one["zh" if words.language == "zh" else "en"])
            label = f"{plain(name)} {str(one['records']).replace('~', '≈')}"
            st.button(label, key=f"narrow-{one['concept']}", on_click=_ask, args=(name,))


def _found(view: View, answer: dict[str, Any]) -> None:
    words = view.words
    fine = words("search.edition", edition=answer["edition"], ms=answer.get("took_ms", 0))
    html(
        f'<p class="total"><b>{escape(str(answer["total"]))}</b> {escape(words("count.records"))}'
        f'<span class="fine">{escape(fine)}</span></p>'
    )
    st.session_state["facets"] = facets = answer.get("facets") or {}
    columns = st.columns(3)
    for column, (name, label) in zip(
        columns, (("department", "field.department"), ("type", "field.type"), ("year", "field.year")), strict=True
    ):
        found = facets.get(name) or facets.get("record_type" if name == "type" else name) or {}
        counts = {value: count for value, count in found.items() if not str(count).startswith("<")}
        names = {str(value): words.word(name, value) for value in counts}
        if counts:
            with column:
                html(bars(words(label), counts, names))
    hits = answer.get("hits") or []
    if not hits:
        empty(words, "search.nocards")
        return
    headings = [words(f"field.{name}") for name in ("card", "type", "department", "year", "concepts", "why")]
    html(table(headings, [_card(view, number, hit) for number, hit in enumerate(hits, 1)], words("search.cards")))


def _card(view: View, number: int, hit: dict[str, Any]) -> list[object]:
    words = view.words
    concepts = chips([concept_name(words, concept) for concept in hit.get("concepts", ())])
    name = Safe(f'<span title="{escape(str(hit["record"]))}">{number}</span>')
    why = Safe(f'<span class="why">{escape(str(hit.get("why", "")))}</span>')
    return [
        name,
        type_name(words, hit["type"]),
        department_name(words, hit["department"]),
        hit.get("year"),
        concepts,
        why,
    ]


def _to_cohort(view: View, answer: dict[str, Any]) -> None:
    """The question as a cohort, counted on the next page at once."""
    words, toml = view.words, answer.get("cohort")
    if st.button(
        words("search.tocohort"), type="primary", help=words("search.tocohort.help"), disabled=not toml
    ) and attempt(view, lambda: remember_cohort(str(toml))):
        view.goto("cohort")


def _wish(words: Texts, item: tuple[str, str, str], before: str = "") -> str:
    """A concept, linked to its page, and what is wanted of it."""
    name, want = understood_name(words, item[0], item[1]), str(item[2])
    shown = " ".join(part for part in (before, name) if part)
    shown = shown if want == "about" else f"{shown} · {words.word('reach', want)}"
    return concept_link(words, {"id": item[0], "zh": shown, "en": shown}, apart=True)
