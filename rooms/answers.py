"""Answers as they leave the front desk: every count through the disclosure rules, every record under a pseudonym."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from records.canonical import canonical
from records.disclosure import THRESHOLD, lost, published, share, shown_of, shows_cards, size
from records.errors import BadInput
from records.seal import derive
from rooms.pseudonym import pseudonym
from semantic.cohort import CohortResult, from_search
from semantic.cohort_feasibility import Known
from semantic.search import Filters, Hit, SearchResult

MOST_SUGGESTIONS: Final = 8


def search_answer(
    result: SearchResult, opened: Mapping[str, Any], filters: Filters, limit: int, usual: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Counts as published; no cards and no facets below the threshold unless a grant opens the records. A facet names
    the values that are `usual` in what the asker may see, found by this question or not: none and few look alike."""
    granted = bool(opened["granted"])
    shown = granted or shows_cards(result.total)
    cards = result.hits[:limit] if granted else _cards(result.hits, limit) if shown else []
    key = bytes.fromhex(opened["card_key"])
    if not granted and not filters.is_empty():
        # Cards that one filter finds and the next does not would show each record's sex and age.
        key = derive(key, canonical(asdict(filters)).decode())
    return {
        "edition": opened["edition"],
        "took_ms": 0.0,
        "total": published(result.total),
        "hits": [_card(hit, key, "r" if granted else "c") for hit in cards],
        "facets": {
            name: {value: published(result.facets.get(name, {}).get(value, 0)) for value in values if shown}
            for name, values in usual.items()
        },
        "understood": asdict(result.understood),
        "not_found": list(result.not_found),
    }


def _cards(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """At most `limit` of the `looked_for(limit)` best; those that hold a concept and those that are only close by fives
    each, so that counting either tells no more than a count."""
    left = {holds: shown_of(sum(bool(hit.concepts) is holds for hit in hits)) for holds in (True, False)}
    kept = []
    for hit in hits:
        if left[bool(hit.concepts)]:
            left[bool(hit.concepts)] -= 1
            kept.append(hit)
    return kept[:limit]


def cohort_of(result: SearchResult, filters: Filters) -> str | None:
    """The definition (TOML) that a search stands for; None when it named no concept and no filter."""
    found = result.understood
    names = [name for _, name, _ in (*found.concepts, *found.family)]
    try:
        return from_search(found, filters, "、".join(dict.fromkeys(names))[:80]).to_toml()
    except BadInput:
        return None


def suggestions(related: Iterable[tuple[Mapping[str, Any], str]]) -> list[dict[str, Any]]:
    """[{"concept","zh","en","records"}] of related concepts and their published counts: the most frequent as shown,
    none that is suppressed."""
    shown = [{**concept, "records": records} for concept, records in related if size(records) >= THRESHOLD]
    return sorted(shown, key=lambda one: (-size(one["records"]), one["concept"]))[:MOST_SUGGESTIONS]


def cohort_answer(result: CohortResult, known: Iterable[Known]) -> dict[str, Any]:
    """{"patients","records","attrition":[…],"feasibility":[…]} as published."""
    patients, records = published(result.patients), published(result.size)
    return {
        "patients": patients,
        "records": records,
        "attrition": attrition(result.attrition),
        "feasibility": [
            {
                "variable": one.variable,
                "patients": (shown := published(one.patients)),
                "records": (shown_records := published(one.records)),
                "share": share(shown, patients),
                "share_records": share(shown_records, records),
            }
            for one in known
        ],
    }


def attrition(steps: Iterable[tuple[str, int, int]]) -> list[dict[str, Any]]:
    """[{"step","patients","records","lost_patients","lost_records"}] of raw (step, patients, records)."""
    rows: list[dict[str, Any]] = []
    for step, patients, records in steps:
        row: dict[str, Any] = {"step": step, "patients": published(patients), "records": published(records)}
        if rows:
            row["lost_patients"] = lost(rows[-1]["patients"], row["patients"])
            row["lost_records"] = lost(rows[-1]["records"], row["records"])
        rows.append(row)
    return rows


def _card(hit: Hit, key: bytes, kind: str) -> dict[str, Any]:
    """A discovery card. The record's name holds for this actor and query, or in a grant for its project (DESIGN §6)."""
    return {
        "record": pseudonym(key, kind, hit.record),
        "type": hit.record_type,
        "department": hit.department,
        "year": hit.year,
        "score": round(hit.score, 4),
        "concepts": [str(concept) for concept in hit.concepts],
        "why": hit.why,
    }
