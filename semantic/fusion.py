"""Evidence to one score per record: concepts, words and closeness, fused by weights from data. Allowed rows only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from records.mentions import Assertion
from semantic.dense import query_codes
from semantic.diversity import spread
from semantic.encoder import Encoder
from semantic.grams import query_terms
from semantic.lexical import LexicalQuery, prepare, score
from semantic.matches import Evidence, denials, evidence
from semantic.passages import section_kinds
from semantic.query import Ask, Question
from semantic.ranking import Ranking
from semantic.snapshot import Edition

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fused:
    """Arrays over the edition's places. `score` is 0 for what is no hit; `matched` is what counts; `evidence` goes with
    the question's asks; `words` and `close` are the lexical scores and similarities (0 where unranked)."""

    score: Doubles
    matched: Mask
    evidence: tuple[Evidence, ...]
    words: Floats
    close: Floats
    lexical: LexicalQuery
    kinds: tuple[Floats, ...]
    floor: float

    def top(self, limit: int, order: npt.NDArray[np.int64]) -> tuple[int, ...]:
        """The best places; ties by `order`; spread over the kinds of answer when the question asks for kinds."""
        found = np.flatnonzero(self.score > 0)
        wanted = max(limit, 200) if self.kinds else limit
        if len(found) > 4 * wanted:
            border = np.partition(self.score[found], len(found) - wanted)[len(found) - wanted]
            found = found[self.score[found] >= border]
        found = found[np.lexsort((order[found], -self.score[found]))]
        if self.kinds:
            found = spread(found[:wanted], self.kinds, self.floor)
        return tuple(int(at) for at in found[:limit])


class Scoring:
    """Scores questions over one edition."""

    def __init__(self, edition: Edition, encoder: Encoder, rules: Ranking) -> None:
        self._edition = edition
        self._encoder = encoder
        self._rules = rules
        self._weights = np.array([kind.weight for kind in section_kinds()], dtype=np.float32)

    def run(self, question: Question, mask: Mask) -> Fused:
        """All evidence over the places where `mask` allows."""
        found = tuple(self._evidence(ask, mask) for ask in question.asks)
        words, cover, lexical = self._lexical(question.text, mask)
        close = self._dense(question.text, mask)
        concept, whole = self._concepts(question, found, mask)
        fusion = self._rules.fusion
        total = fusion.lexical * self._word_part(words) + fusion.dense * self._ranks(close) + fusion.concept * concept
        matched = whole if question.wished else (cover >= self._rules.cover) & mask
        total = np.where(mask, total, 0.0)
        total, matched = self._demoted(question, found, total, matched)
        kinds = tuple(
            np.where(mask, strength, 0).astype(np.float32)
            for ask, one in zip(question.asks, found, strict=True)
            if ask.sign is Assertion.PRESENT
            for strength in one.kinds.values()
        )
        return Fused(total, matched, found, words, close, lexical, kinds, self._rules.concept.kind_floor)

    def _evidence(self, ask: Ask, mask: Mask) -> Evidence:
        rules = self._rules.concept
        accept = (Assertion.FAMILY,) if ask.sign is Assertion.FAMILY else None
        one = evidence(self._edition, ask.reached, ask.kind_of, rules, accept)
        strength, denied = one.strength, one.denied
        if ask.root:
            root = evidence(self._edition, ask.root, {}, rules, accept)
            strength = np.where(root.held, strength, strength * np.float32(rules.aside))
            strength = np.maximum(strength, root.strength * np.float32(rules.root))
            denied = denied | root.denied
        if ask.broader:
            denied = denied | denials(self._edition, ask.broader, accept)
        denied = denied & (strength == 0)
        return Evidence(np.where(mask, strength, 0).astype(np.float32), one.held & mask, denied & mask, one.kinds)

    def _concepts(self, question: Question, found: Sequence[Evidence], mask: Mask) -> tuple[Doubles, Mask]:
        """Weighted share of the wishes each record holds, rarer wishes weighing more; and where all are held."""
        size = len(mask)
        total, share, weights = np.zeros(size), np.zeros(size), 0.0
        whole = mask.copy()
        allowed = max(int(np.count_nonzero(mask)), 1)
        wished = [one for ask, one in zip(question.asks, found, strict=True) if ask.sign is not Assertion.NEGATED]
        if not wished:
            return total, np.zeros(size, dtype=bool)
        for one in wished:
            held = one.held
            rarity = float(np.log1p(allowed / (1 + np.count_nonzero(held))))
            total += rarity * one.strength
            share += held
            weights += rarity
            whole &= held
        rules = self._rules.concept
        return total / weights * (1 - rules.whole + rules.whole * share / len(wished)), whole

    def _demoted(
        self, question: Question, found: Sequence[Evidence], total: Doubles, matched: Mask
    ) -> tuple[Doubles, Mask]:
        """Records that deny what is asked for, or hold what is not wished for."""
        rules = self._rules.concept
        wishes = len(question.wished)
        for ask, one in zip(question.asks, found, strict=True):
            if ask.sign is Assertion.NEGATED:
                total = np.where(one.held, total * rules.unwanted, total)
                matched = matched & ~one.held
            else:
                total = np.where(one.denied, total * (0.0 if wishes == 1 else rules.denied), total)
        return total, matched

    def _lexical(self, text: str, mask: Mask) -> tuple[Floats, Floats, LexicalQuery]:
        edition, rules = self._edition, self._rules.lexical
        terms, counts = query_terms(text)
        postings = [segment.postings for segment in edition.segments]
        masks = [self._passages(at, mask) for at in range(len(edition.segments))]
        query = prepare(postings, masks, terms, counts, rules)
        words = np.zeros(len(mask), dtype=np.float32)
        cover = np.zeros(len(mask), dtype=np.float32)
        for at, segment in enumerate(edition.segments):
            scores, covers = score(segment.postings, query, masks[at], rules)
            scores *= np.sqrt(self._weights)[segment.passage_kind]
            place = segment.passage_record + edition.bases[at]
            np.maximum.at(words, place, scores)
            np.maximum.at(cover, place, covers)
        return words, cover, query

    def _dense(self, text: str, mask: Mask) -> Floats:
        """Similarity of each record's closest passage, 0 for records that are not among the nearest."""
        close = np.zeros(len(mask), dtype=np.float32)
        vector = self._encoder.encode([text])
        if not vector.any() or not self._edition.segments:
            return close
        codes = query_codes(vector[0].tobytes())
        rules = self._rules.dense
        allowed = sum(self._count(at, mask) for at in range(len(self._edition.segments)))
        probe = len(self._encoder.centroids) if allowed <= rules.exact_below else rules.probe
        for at, segment in enumerate(self._edition.segments):
            allowed_here = self._passages(at, mask)
            if segment.passages == 0 or (allowed_here is not None and not allowed_here.any()):
                continue
            index = segment.dense(self._encoder.centroids)
            passages, scores = index.nearest(codes, rules.candidates, probe, allowed_here)
            place = segment.passage_record[passages] + self._edition.bases[at]
            np.maximum.at(close, place, np.maximum(scores, 0))
        return close

    def _count(self, at: int, mask: Mask) -> int:
        found = self._passages(at, mask)
        return self._edition.segments[at].passages if found is None else int(np.count_nonzero(found))

    def _passages(self, at: int, mask: Mask) -> Mask | None:
        """bool [passages] of a segment, None when every one is allowed."""
        segment = self._edition.segments[at]
        records = mask[self._edition.bases[at] : self._edition.bases[at + 1]]
        if records.all():
            return None
        chosen: Mask = records[segment.passage_record]
        return chosen

    def _word_part(self, words: Floats) -> Doubles:
        share = self._rules.score_share
        best = float(words.max()) if len(words) else 0.0
        scaled = words.astype(np.float64) / best if best > 0 else np.zeros(len(words))
        return share * scaled + (1 - share) * self._ranks(words, self._rules.lexical_candidates)

    def _ranks(self, scores: Floats, candidates: int | None = None) -> Doubles:
        """Reciprocal ranks scaled to (0, 1]; 0 for what has no rank. Ties by record id."""
        constant = self._rules.fusion.rank_constant
        limit = candidates or self._rules.dense.candidates
        out = np.zeros(len(scores))
        found = np.flatnonzero(scores > 0)
        if len(found) > limit:
            border = np.partition(scores[found], len(found) - limit)[len(found) - limit]
            found = found[scores[found] >= border]
        found = found[np.lexsort((self._edition.order[found], -scores[found]))][:limit]
        out[found] = (constant + 1) / (constant + 1 + np.arange(len(found)))
        return out
