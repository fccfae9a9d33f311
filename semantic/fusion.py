"""Evidence to one score per record: concepts, words and closeness, fused by weights from data. Allowed rows only."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from records.mentions import Assertion
from semantic.concepts import Want
from semantic.dense import query_codes
from semantic.diversity import spread
from semantic.encoder import Encoder
from semantic.grams import bridged
from semantic.lexical import Bm25, Part
from semantic.matches import Evidence, absence, denials, evidence
from semantic.passages import section_kinds
from semantic.query import Ask, Question
from semantic.ranking import Ranking
from semantic.snapshot import Edition

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Fused:
    """Arrays over the edition's places. `score` is 0 for what is no hit; `matched` is what counts; `evidence` goes with
    the question's asks; `words` and `close` are the lexical scores and similarities (0 where not worked out)."""

    score: Floats
    matched: Mask
    evidence: tuple[Evidence, ...]
    words: Floats
    close: Floats
    kinds: tuple[Floats, ...]
    floor: float

    def top(self, limit: int, order: Integers) -> tuple[int, ...]:
        """The best places; ties by `order`; spread over the kinds of answer when the question asks for kinds."""
        found = best(self.score, max(limit, 200) if self.kinds else limit, order)
        if self.kinds:
            found = spread(found, self.kinds, self.floor)
        return tuple(int(at) for at in found[:limit])


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a mask of records allows: its parts per segment, and how many passages and terms they hold."""

    mask: Mask
    parts: tuple[Part, ...]
    passages: int
    length: int


class Scoring:
    """Scores questions over one edition."""

    def __init__(self, edition: Edition, encoder: Encoder, rules: Ranking) -> None:
        self._edition = edition
        self._encoder = encoder
        self._rules = rules
        weights = np.sqrt(np.array([kind.weight for kind in section_kinds()], dtype=np.float32))
        self._section = [weights[segment.passage_kind] for segment in edition.segments]
        self._allowed: OrderedDict[int, Allowed] = OrderedDict()

    def run(self, question: Question, mask: Mask) -> Fused:
        """All evidence over the places where `mask` allows."""
        allowed = self._allow(mask)
        found = tuple(self._evidence(ask, mask) for ask in question.asks)
        words, cover = self._lexical(question, allowed)
        total, matched = self._concepts(question, found, mask)
        if not question.asks:
            matched = (cover >= self._rules.cover) & mask
        fusion = self._rules.fusion
        rules = self._rules.concept
        trust = rules.aside_of_words + (1 - rules.aside_of_words) * question.focus
        total *= np.float32(fusion.concept * trust)
        total += np.float32(fusion.lexical) * self._word_part(words)
        total, matched = self._demoted(question, found, total, matched)
        close = self._close(" ".join((question.text, *question.names[: self._rules.bridged])), allowed, total)
        total += np.float32(fusion.dense) * close * self._welcome(question, found, mask)
        kinds = tuple(
            np.where(mask, strength, np.float32(0))
            for ask, one in zip(question.asks, found, strict=True)
            if ask.sign is Assertion.PRESENT
            for strength in one.kinds.values()
        )
        return Fused(total, matched, found, words, close, kinds, self._rules.concept.kind_floor)

    def _allow(self, mask: Mask) -> Allowed:
        """Parts and totals of a mask; kept for the masks used last, which the rows keep too."""
        kept = self._allowed.get(id(mask))
        if kept is not None and kept.mask is mask:
            return kept
        parts = tuple(
            Part.of(segment.postings, self._passages(at, mask)) for at, segment in enumerate(self._edition.segments)
        )
        found = Allowed(mask, parts, sum(part.passages for part in parts), sum(part.length for part in parts))
        self._allowed[id(mask)] = found
        while len(self._allowed) > _KEPT:
            self._allowed.popitem(last=False)
        return found

    def _evidence(self, ask: Ask, mask: Mask) -> Evidence:
        rules = self._rules.concept
        if ask.sign is Assertion.NEGATED:
            return self._absence(ask, mask)
        accept = (Assertion.FAMILY,) if ask.sign is Assertion.FAMILY else None
        one = evidence(self._edition, ask.reached, ask.kind_of, rules, accept)
        strength, denied, kinds = one.strength, one.denied, dict(one.kinds)
        held = one.held
        if ask.both:
            left, right = (evidence(self._edition, reached, {}, rules, accept) for reached in ask.both)
            strength = np.maximum(strength, np.minimum(left.strength, right.strength))
            held = held | (left.held & right.held)
            denied = denied | left.denied | right.denied
        named = evidence(self._edition, ask.root, {}, rules, accept)
        root = evidence(self._edition, ask.shown, {}, rules, accept)
        if ask.wish.want is not Want.ABOUT:
            strength = np.where(root.held, strength, strength * np.float32(rules.aside))
            strength = np.maximum(strength, root.strength * np.float32(rules.root))
            kinds = {kind: np.where(root.held, one, np.float32(0)) for kind, one in kinds.items()}
        if not ask.both:
            # Heart failure speaks of diabetes only where somebody has diabetes, and not at all where they deny it.
            # Who denies the disease by name and has it under no name does not have it, whatever else is written.
            held = held & root.held
            refuted = absence(self._edition, dict.fromkeys((ask.wish.concept, *ask.broader), 1.0)) > 0
            refuted = (refuted & ~named.held) | root.denied
            held = held & ~refuted
            strength = np.where(refuted, np.float32(0), strength)
            denied = denied | refuted
        if ask.broader:
            denied = denied | denials(self._edition, ask.broader, accept)
        strength = np.where(mask, strength, np.float32(0))
        return Evidence(strength, held & mask, denied & mask & (strength == 0), kinds)

    def _absence(self, ask: Ask, mask: Mask) -> Evidence:
        """Of what is not wished for: who has it, and who is said not to have it."""
        rules = self._rules.concept
        one = evidence(self._edition, ask.root, {}, rules)
        wanted = {concept: 1.0 if not way.steps else rules.part for concept, way in ask.root.items()}
        wanted.update(dict.fromkeys(ask.broader, rules.part))
        held = one.held & mask
        absent = np.where(mask & ~held, absence(self._edition, wanted), np.float32(0))
        return Evidence(np.where(mask, one.strength, np.float32(0)), held, np.zeros_like(held), absent=absent)

    def _concepts(self, question: Question, found: Sequence[Evidence], mask: Mask) -> tuple[Floats, Mask]:
        """Weighted share of the wishes each record holds, rarer wishes weighing more; and where all are held."""
        total = np.zeros(len(mask), dtype=np.float32)
        pairs = zip(question.asks, found, strict=True)
        wished = [(one.strength, one.held) for ask, one in pairs if ask.sign is not Assertion.NEGATED]
        if question.denials:
            wished = [(one.absent, one.absent > 0) for one in found if one.absent is not None]
        if not wished:
            return total, np.zeros(len(mask), dtype=bool)
        allowed = max(int(np.count_nonzero(mask)), 1)
        counts = np.zeros(len(mask), dtype=np.float32)
        weights = 0.0
        for strength, held in wished:
            rarity = float(np.log1p(allowed / (1 + np.count_nonzero(held))))
            total += np.float32(rarity) * strength
            counts += held
            weights += rarity
        whole = self._rules.concept.whole
        total *= np.float32(1 / weights) * (np.float32(1 - whole) + np.float32(whole / len(wished)) * counts)
        return total, (counts == len(wished)) & mask

    def _demoted(
        self, question: Question, found: Sequence[Evidence], total: Floats, matched: Mask
    ) -> tuple[Floats, Mask]:
        """Records that deny what is asked for, or hold what is not wished for."""
        rules = self._rules.concept
        denied = 0.0 if self._sure(question) else rules.denied
        for one in found:
            if one.absent is not None:
                said = np.minimum(one.absent, 1)
                total = total * (np.float32(rules.silent) + np.float32(1 - rules.silent) * said)
                total = np.where(one.held, total * np.float32(rules.unwanted), total)
                matched = matched & ~one.held
            else:
                total = np.where(one.denied, total * np.float32(denied), total)
        return total, matched

    def _sure(self, question: Question) -> bool:
        """Whether the question is about one concept, so that a record which only denies it is no hit at all."""
        return len(question.wished) == 1 and question.focus >= self._rules.concept.sure

    def _welcome(self, question: Question, found: Sequence[Evidence], mask: Mask) -> Mask:
        """Where closeness may add something: not where the only concept asked for is denied."""
        welcome = mask
        for ask, one in zip(question.asks, found, strict=True):
            if ask.sign is Assertion.NEGATED:
                welcome = welcome & ~one.held
            elif self._sure(question):
                welcome = welcome & ~one.denied
        return welcome

    def _lexical(self, question: Question, allowed: Allowed) -> tuple[Floats, Floats]:
        """BM25 and coverage of each record's best passage; coverage only when no concept says what matches."""
        rules = self._rules
        terms, counts = bridged(question.text, question.names[: rules.bridged], rules.bridge)
        bm25 = Bm25(allowed.parts, terms, counts, self._rules.lexical, (allowed.passages, allowed.length))
        words = np.zeros(len(allowed.mask), dtype=np.float32)
        cover = np.zeros(len(allowed.mask), dtype=np.float32)
        for at, segment in enumerate(self._edition.segments):
            here = slice(self._edition.bases[at], self._edition.bases[at + 1])
            scored = bm25.score(at, cover=not question.asks)
            words[here] = segment.best_of_records(scored.scores * self._section[at])
            if not question.asks:
                cover[here] = segment.best_of_records(scored.cover)
        return words, cover

    def _close(self, text: str, allowed: Allowed, total: Floats) -> Floats:
        """Cosine of the closest passage, for the records that are best so far and those of the nearest passages. It is
        added as it is: a rank would move with every other record that an approximate index finds or misses."""
        edition, rules = self._edition, self._rules.dense
        close = np.zeros(len(total), dtype=np.float32)
        if edition.manifest.encoder != self._encoder.id or not edition.segments:
            return close  # vectors of another encoder say nothing; the next publish makes them anew
        vector = self._encoder.encode([text])
        if not vector.any():
            return close
        codes, unit = query_codes(vector[0].tobytes())
        lists = len(self._encoder.centroids)
        probe = lists if allowed.passages <= rules.exact_below else min(rules.probe, lists)
        pool = [best(np.where(allowed.mask, total, np.float32(0)), rules.pool, edition.order)]
        pool.append(self._nearest(codes, allowed, probe))
        places = np.unique(np.concatenate(pool))
        for at, segment in enumerate(edition.segments):
            here = places[(places >= edition.bases[at]) & (places < edition.bases[at + 1])] - edition.bases[at]
            first, last = segment.record_first[here], segment.record_first[here + 1]
            sizes = last - first
            if not sizes.sum():
                continue
            passages = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
            scores = segment.dense(self._encoder.centroids).closeness(codes, passages)
            scores *= np.float32(unit)
            np.maximum.at(close, np.repeat(here, sizes) + edition.bases[at], np.maximum(scores, 0))
        return close

    def _nearest(self, codes: npt.NDArray[np.int8], allowed: Allowed, probe: int) -> Integers:
        """Records of the nearest allowed passages over all segments, ties with the last included."""
        limit = self._rules.dense.candidates
        places: list[Integers] = []
        scores: list[Floats] = []
        for at, segment in enumerate(self._edition.segments):
            part = allowed.parts[at]
            if segment.passages and (part.mask is None or part.mask.any()):
                index = segment.dense(self._encoder.centroids)
                passages, closeness = index.nearest(codes, limit, probe, part.mask)
                places.append(segment.passage_record[passages].astype(np.int64) + self._edition.bases[at])
                scores.append(closeness)
        if not places:
            return np.zeros(0, dtype=np.int64)
        every, close = np.concatenate(places), np.concatenate(scores)
        if len(close) <= limit:
            return every
        near: Integers = every[close >= np.partition(close, len(close) - limit)[len(close) - limit]]
        return near

    def _passages(self, at: int, mask: Mask) -> Mask | None:
        """bool [passages] of a segment, None when every one is allowed."""
        segment = self._edition.segments[at]
        records = mask[self._edition.bases[at] : self._edition.bases[at + 1]]
        if records.all():
            return None
        chosen: Mask = records[segment.passage_record]
        return chosen

    def _word_part(self, words: Floats) -> Floats:
        share = np.float32(self._rules.score_share)
        top = float(words.max()) if len(words) else 0.0
        scaled = words * (share / np.float32(top)) if top > 0 else np.zeros_like(words)
        return scaled + (1 - share) * self._ranks(words, self._rules.lexical_candidates)

    def _ranks(self, scores: Floats, limit: int) -> Floats:
        """Reciprocal ranks scaled to (0, 1]; 0 for what has no rank. Ties by record id."""
        constant = self._rules.fusion.rank_constant
        out = np.zeros(len(scores), dtype=np.float32)
        found = best(scores, limit, self._edition.order)
        out[found] = (constant + 1) / (constant + 1 + np.arange(len(found)))
        return out


def best(scores: Floats, limit: int, order: Integers) -> Integers:
    """Places of the `limit` highest positive scores, best first; ties by `order`."""
    found = np.flatnonzero(scores > 0)
    if len(found) > limit:
        values = scores[found]
        found = found[values >= np.partition(values, len(found) - limit)[len(found) - limit]]
    ranked: Integers = found[np.lexsort((order[found], -scores[found]))][:limit]
    return ranked
