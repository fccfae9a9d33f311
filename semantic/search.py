"""Hybrid search (混合检索) over one edition: concepts through their relations, words, and closeness, fused. Scope and
filters come first, and no number here depends on a row that the asker may not see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from records.ids import ConceptId, EditionNumber, RecordId
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.encoder import Encoder
from semantic.explain import Explainer, Understood
from semantic.fusion import Fused, Scoring
from semantic.query import Question, understand
from semantic.ranking import Ranking, ranking
from semantic.rows import Filters, Scope
from semantic.snapshot import Edition

__all__ = ["Filters", "Hit", "Scope", "SearchEngine", "SearchResult", "Understood"]

Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """One record. `concepts` are those of the question that it holds; `matched` is False for a record that is only
    close in words or meaning and is not counted in the total."""

    record: RecordId
    record_type: str
    department: str
    year: int | None
    score: float
    concepts: tuple[ConceptId, ...]
    why: str
    matched: bool = True


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Raw counts: whoever shows them suppresses and rounds first. `total` and `facets` count matching records."""

    edition: EditionNumber
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]
    understood: Understood
    not_found: tuple[str, ...] = field(default=())


class SearchEngine:
    """Search over one edition. Immutable after construction; safe to share between threads."""

    def __init__(
        self,
        edition: Edition,
        encoder: Encoder,
        lexicon: Lexicon,
        *,
        rules: Ranking | None = None,
        today: date | None = None,
    ) -> None:
        self.edition = edition
        self._lexicon = lexicon
        self._rules = rules or ranking()
        self._today = today
        self._scoring = Scoring(edition, encoder, self._rules)
        self._explain = Explainer(lexicon)

    def search(self, query: CleanText, scope: Scope, filters: Filters, limit: int = 20) -> SearchResult:
        """The best `limit` records of those allowed. BadInput for an empty or endless question."""
        allowed = self.edition.rows.mask(scope, Filters())
        question = understand(query, self._lexicon, self._departments(allowed), self._today or date.today())
        narrowed = not (filters.is_empty() and question.soft.is_empty())
        mask = self.edition.rows.mask(scope, filters, question.soft) if narrowed else allowed
        fused = self._scoring.run(question, mask, whole=scope == Scope())
        seats = self._scoring.top(question, fused, limit)
        return SearchResult(
            edition=self.edition.number,
            total=int(np.count_nonzero(fused.matched)),
            hits=self._hits(question, fused, seats),
            facets=self.edition.rows.facets(fused.allowed.places.compress(fused.matched)),
            understood=self._explain.understood(question),
            not_found=self._explain.not_found(question, fused),
        )

    def _departments(self, allowed: Mask) -> tuple[str, ...]:
        return self.edition.rows.departments(allowed) if self.edition.rows.size else ()

    def _hits(self, question: Question, fused: Fused, seats: Integers) -> tuple[Hit, ...]:
        places = fused.allowed.places.take(seats)
        rows, names = self.edition.rows, self.edition.names(places)
        facts = zip(*(rows.values(column, places) for column in ("record_type", "department", "year")), strict=True)
        reasons = self._explain.why(question, fused, seats)
        return tuple(
            Hit(
                name,
                kind,
                department,
                int(year) if year else None,
                round(float(fused.score[seat]), 6),
                concepts,
                why,
                bool(fused.matched[seat]),
            )
            for seat, name, (kind, department, year), (concepts, why) in zip(
                seats.tolist(), names, facts, reasons, strict=True
            )
        )
