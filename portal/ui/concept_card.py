"""A concept on one card: its names and codes, and its relations as linked names that carry their published counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from portal.ui.charts import size
from portal.ui.pieces import chip, chips, facts
from portal.ui.texts import Texts

# The order of the boxes: above it, beneath it, what it leads to, how it shows, what is done about it.
_EDGES: Final = ("parent", "child", "cause", "implied", "complication", "finding", "treatment", "treats")
_MOST: Final = 40


def card(words: Texts, one: Mapping[str, Any]) -> str:
    """Everything about one concept."""
    first, second = (one["zh"], one["en"]) if words.language == "zh" else (one["en"], one["zh"])
    held = ""
    if "records" in one:
        held = (
            f'<span class="held"><b>{escape(str(one["patients"]))}</b> {escape(words("count.patients"))} '
            f"<b>{escape(str(one['records']))}</b> {escape(words('count.records'))}</span>"
        )
    others = [name for name in one["names"] if name not in (one["zh"], one["en"])]
    told = facts(
        (
            (words("concepts.names"), chips(others, "plain") if others else None),
            (words("concepts.icd10"), chips(one["icd10"], "code") if one["icd10"] else None),
            *([(words("concepts.note"), one["note"])] if one.get("note") else []),
        )
    )
    boxes = "".join(
        _box(words, words(f"edge.{edge}"), edge, one["relations"][edge]) for edge in _EDGES if edge in one["relations"]
    )
    return (
        f'<section class="concept"><header><h3>{escape(first)}</h3><span class="other">{escape(second)}</span>'
        f"{chip(words.word('concept-kind', one['kind']), 'wait')}{held}</header>{told}"
        f'<div class="boxes">{boxes}</div></section>'
    )


def links(words: Texts, title: str, concepts: Sequence[Mapping[str, Any]]) -> str:
    """A list of concepts to go on to."""
    return f'<section class="concept">{_box(words, title, "near", concepts)}</section>'


def concept_link(words: Texts, one: Mapping[str, Any], *, apart: bool = False) -> str:
    """A chip that leads to the concept's page, in a new tab when `apart`."""
    name = str(one["zh"] if words.language == "zh" else one["en"]) or str(one["id"])
    count = str(one.get("records", ""))
    shown = f"<small>{escape(count)}</small>" if size(count) and not count.startswith("<") else ""
    target = 'target="_blank" rel="noopener"' if apart else 'target="_self"'
    address = f"/concepts?concept={escape(str(one['id']))}"
    return f'<a class="chip chip-concept" href="{address}" {target}>{escape(name)}{shown}</a>'


def _box(words: Texts, title: str, edge: str, concepts: Iterable[Mapping[str, Any]]) -> str:
    """Linked names, those that most records hold first; the order tells no more than the counts beside them."""
    known = sorted(concepts, key=lambda one: (-size(one.get("records", "")), str(one["id"])))
    ordered = [one for one in known if not str(one.get("records", "")).startswith("<")]
    ordered += [one for one in known if str(one.get("records", "")).startswith("<")]
    body = "".join(concept_link(words, one) for one in ordered[:_MOST])
    more = len(ordered) - _MOST
    rest = f'<span class="fine">{escape(words("concepts.more", count=more))}</span>' if more > 0 else ""
    return f'<div class="box box-{edge}"><h4>{escape(title)}</h4>{body}{rest}</div>'
