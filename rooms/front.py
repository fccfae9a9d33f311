"""The front desk (服务台): serves every browser, searches the open shelf. Holds no archive key and decides nothing.

Promise 1 is kept here: what this module imports, and what the slot hands it, is the index key and nothing else.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from records.disclosure import published, shown_of, shows_cards
from records.errors import BadInput
from records.ids import EditionNumber, RecordId
from records.texts import CleanText
from rooms.config import FrontConfig
from rooms.pseudonym import pseudonym
from rooms.slot import Slot
from semantic.cohort import CohortDefinition, evaluate
from semantic.concepts import Lexicon
from semantic.edition import Edition, Shelf, ShelfKeys
from semantic.encoder import open_encoder
from semantic.search import Filters, Hit, Scope, SearchEngine, SearchResult


class FrontDesk:
    """Everything a page may ask. Each method takes the session first; the strong room resolves and judges it."""

    def __init__(self, shelf: Shelf, slot: Slot, config: FrontConfig) -> None:
        self._shelf = shelf
        self._slot = slot
        self._lexicon = Lexicon.load(config.lexicon)
        self._encoder = open_encoder(config.encoder)
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None

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
        """The answer of DESIGN §7, plus facets, what was understood and what was not found; counts as published.

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
        result = engine.search(CleanText.received(opened["clean"]), _scope(opened["scope"]), filters, limit)
        answer = _publish(result, opened, limit)
        answer["took_ms"] = round((time.perf_counter() - started) * 1000, 1)
        return answer

    def cohort_count(self, session: str | None, toml: str) -> dict[str, Any]:
        """Patients, records and attrition of a definition on the current edition; counts as published."""
        return self.count_as(lambda **opening: self._slot.call("cohort.open", session, **opening), toml)

    def count_as(self, opener: Callable[..., dict[str, Any]], toml: str) -> dict[str, Any]:
        """A count whose opening (scope, edition) `opener` gets from the strong room."""
        definition = CohortDefinition.parse(toml)
        opened = opener(hash=str(definition.hash))
        engine = self._engine_for(EditionNumber(opened["edition"]))
        result = evaluate(definition, engine.edition, self._lexicon, _scope(opened["scope"]))
        return {
            "edition": int(engine.edition.number),
            "hash": str(definition.hash),
            "patients": published(result.patients),
            "records": published(len(result.records)),
            "attrition": [
                {"step": step, "patients": published(patients), "records": published(records)}
                for step, patients, records in result.attrition
            ],
        }

    def _engine_for(self, number: EditionNumber) -> SearchEngine:
        """The engine over one edition; the last one is kept, and readers of the old one finish undisturbed."""
        with self._lock:
            edition: Edition = self._shelf.edition(number)  # the same object until a record is withdrawn from it
            if self._engine is None or self._engine.edition is not edition:
                self._engine = SearchEngine(edition, self._encoder, self._lexicon)
            return self._engine


def filters_of(asked: Mapping[str, Any]) -> Filters:
    """Filters as typed. Raises BadInput("filter_unknown")."""
    try:
        return Filters(**{name: value for name, value in asked.items() if value not in (None, "")})
    except TypeError:
        raise BadInput("filter_unknown", "One of the filters is not known; see `lantai search --help`.") from None


def _scope(scope: Mapping[str, Any]) -> Scope:
    departments, records = scope["departments"], scope["records"]
    return Scope(
        departments=None if departments is None else frozenset(departments),
        records=None if records is None else frozenset(RecordId(record) for record in records),
    )


def _publish(result: SearchResult, opened: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """Counts through the disclosure rules; no cards below the threshold unless a grant opens the records."""
    granted = bool(opened["granted"])
    cards: Sequence[Hit] = result.hits
    if not granted:
        # A full page says nothing of how many there are; a page that ends early would.
        full = len(cards) >= limit
        cards = (cards if full else cards[: shown_of(len(cards))]) if shows_cards(result.total) else ()
    return {
        "edition": opened["edition"],
        "took_ms": 0.0,
        "total": published(result.total),
        "hits": [_card(hit, bytes.fromhex(opened["card_key"]), "r" if granted else "c") for hit in cards],
        "facets": {
            name: {value: published(count) for value, count in sorted(counts.items())}
            for name, counts in result.facets.items()
        },
        "understood": asdict(result.understood),
        "not_found": list(result.not_found),
    }


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
