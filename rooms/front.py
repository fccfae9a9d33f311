"""The front desk (服务台): serves every browser, searches the open shelf. Holds no archive key and decides nothing.

Promise 1 is kept here: what this module imports, and what the slot hands it, is the index key and nothing else.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from records.disclosure import THRESHOLD, looked_for, published
from records.errors import BadInput
from records.ids import EditionNumber, RecordId
from records.texts import CleanText
from rooms.answers import cohort_answer, cohort_of, search_answer, suggestions
from rooms.concepts import Count, Holders, looked_up, narrower
from rooms.config import FrontConfig
from rooms.slot import Slot
from semantic.cohort import CohortDefinition, evaluate
from semantic.cohort_feasibility import feasibility
from semantic.concepts import Lexicon
from semantic.edition import Edition, Shelf, ShelfKeys
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine, SearchResult


class FrontDesk:
    """Everything a page may ask. Each method takes the session first; the strong room resolves and judges it."""

    def __init__(self, shelf: Shelf, slot: Slot, config: FrontConfig) -> None:
        self._shelf = shelf
        self._slot = slot
        self._lexicon = Lexicon.load(config.lexicon)
        self._encoder = open_encoder(config.encoder)
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None
        self._holders: Holders | None = None

    @classmethod
    def open(cls, config: FrontConfig, slot: Slot, ticket: str) -> FrontDesk:
        """Open the shelf with the index key that the strong room hands out once for `ticket`."""
        key = base64.b64decode(slot.call("front.attach", ticket=ticket)["index_key"])
        return cls(Shelf.open(config.shelf, ShelfKeys(index=key, text=None)), slot, config)

    def call(self, session: str | None, name: str, /, **args: Any) -> dict[str, Any]:
        """Pass a call through the slot unchanged."""
        return self._slot.call(name, session, **args)

    def search(
        self, session: str | None, query: str, *, limit: int = 20, grant: str | None = None, **filters: Any
    ) -> dict[str, Any]:
        """The answer of DESIGN §7, plus facets, what was understood and what was not found, related concepts
        ("suggestions") and the cohort definition that the question stands for ("cohort"); counts as published.

        `filters`: department, record_type, since, until, sex, age_min, age_max (see semantic.search.Filters).
        """
        return self.search_as(
            lambda **opening: self._slot.call("search.open", session, **opening),
            query,
            filters_of(filters),
            limit=limit,
            grant=grant,
        )

    def search_as(
        self, opener: Callable[..., dict[str, Any]], query: str, filters: Filters, *, limit: int, grant: str | None
    ) -> dict[str, Any]:
        """A search whose opening (scope, clean words, edition) `opener` gets from the strong room."""
        started = time.perf_counter()
        opened = opener(query=query, grant=grant, limit=limit)
        engine = self._engine_for(EditionNumber(opened["edition"]))
        clean, scope = CleanText.received(opened["clean"]), _scope(opened["scope"])
        result = engine.search(clean, scope, filters, looked_for(limit))
        answer = search_answer(result, opened, filters, limit, engine.edition.rows.usual(scope, THRESHOLD))
        answer["suggestions"] = self._suggest(result, self._counter(engine.edition, scope))
        answer["cohort"] = cohort_of(result, filters)
        answer["took_ms"] = round((time.perf_counter() - started) * 1000, 1)
        return answer

    def cohort_count(self, session: str | None, toml: str, edition: int = 0) -> dict[str, Any]:
        """Patients, records, attrition and feasibility of a definition on an edition (0: the current one); counts as
        published."""
        return self.count_as(lambda **opening: self._slot.call("cohort.open", session, **opening), toml, edition)

    def count_as(self, opener: Callable[..., dict[str, Any]], toml: str, edition: int = 0) -> dict[str, Any]:
        """A count whose opening (scope, edition) `opener` gets from the strong room. "same_lexicon" is False on an
        edition that was made with other words, "withdrawn" how many records have left it since."""
        definition = CohortDefinition.parse(toml)
        opened = opener(hash=str(definition.hash), edition=edition)
        on = self._shelf.edition(EditionNumber(opened["edition"]))
        result = evaluate(definition, on, self._lexicon, _scope(opened["scope"]))
        return {
            "edition": int(on.number),
            "hash": str(definition.hash),
            **cohort_answer(result, feasibility(result, self._lexicon, definition.variables)),
            "withdrawn": published(on.withdrawn),
            "same_lexicon": on.manifest.lexicon in ("", self._lexicon.version),
        }

    def concept(self, session: str | None, words: str) -> dict[str, Any]:
        """What the lexicon says of the words, with how many records hold it where the person may count."""
        return self.concept_as(lambda **opening: self._slot.call("concept.open", session, **opening), words)

    def concept_as(self, opener: Callable[..., dict[str, Any]], words: str) -> dict[str, Any]:
        """A look into the lexicon whose opening `opener` gets from the strong room."""
        opened = opener(words=words)
        if not opened["counts"]:
            return looked_up(self._lexicon, words)
        on = self._shelf.edition(EditionNumber(opened["edition"]))
        answer = looked_up(self._lexicon, words, self._counter(on, _scope(opened["scope"])))
        return {**answer, "edition": int(on.number)}

    def _suggest(self, result: SearchResult, count: Count) -> list[dict[str, Any]]:
        """Kinds and complications of what was asked for, with how many of the records the asker may see hold them."""
        asked = [concept for concept, *_ in result.understood.concepts]
        found = {one.id: one for concept in asked for one in narrower(self._lexicon, concept) if one.id not in asked}
        return suggestions(
            ({"concept": one.id, "zh": one.zh, "en": one.en}, count(one.id)[1]) for one in found.values()
        )

    def _counter(self, edition: Edition, scope: Scope) -> Count:
        with self._lock:
            if self._holders is None or self._holders.edition is not edition:
                self._holders = Holders(edition, self._lexicon)
            return self._holders.counter(scope)

    def _engine_for(self, number: EditionNumber) -> SearchEngine:
        """The engine over one edition; the last one is kept, and readers of the old one finish undisturbed."""
        with self._lock:
            edition: Edition = self._shelf.edition(number)  # the same object until a record is withdrawn from it
            if self._engine is None or self._engine.edition is not edition:
                self._engine = SearchEngine(edition, self._encoder, self._lexicon)
            return self._engine


_LONGEST_FILTER: Final = 100
_LARGEST_FILTER: Final = 9999


def filters_of(asked: Mapping[str, Any]) -> Filters:
    """Filters as typed. Raises BadInput("filter_unknown" | "filter_malformed")."""
    given = {name: value for name, value in asked.items() if value is not None and value != ""}
    kinds = {field.name: field.type for field in fields(Filters)}
    if not given.keys() <= kinds.keys():
        raise BadInput("filter_unknown", "One of the filters is not known; see `lantai search --help`.")
    if not all(_is_number(value) if "int" in str(kinds[name]) else _is_word(value) for name, value in given.items()):
        raise BadInput("filter_malformed", "Give years and ages as whole numbers, and the other filters as short text.")
    return Filters(**given)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_FILTER


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_FILTER and value.isprintable()


def _scope(scope: Mapping[str, Any]) -> Scope:
    departments, records = scope["departments"], scope["records"]
    return Scope(
        departments=None if departments is None else frozenset(departments),
        records=None if records is None else frozenset(RecordId(record) for record in records),
    )
