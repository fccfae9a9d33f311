"""Evidence to one score per record: concepts, words and closeness, fused by weights from data. Allowed rows only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from records.ids import ConceptId
from records.mentions import Assertion
from semantic.allowed import Allowed, AllowedParts
from semantic.best import best
from semantic.closeness import Closeness
from semantic.concepts import Reached, Want
from semantic.diversity import spread
from semantic.elapsed import ONSET
from semantic.encoder import Encoder
from semantic.grams import UNSAID, Numbers, is_single, query_terms, sense, terms_of, weighed
from semantic.kindred import kindred
from semantic.lab_values import is_of
from semantic.lexical import Bm25
from semantic.matches import Evidence, Mentions
from semantic.query import Question
from semantic.query_asks import Ask
from semantic.ranking import Ranking
from semantic.snapshot import Edition

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_FIRM = (Assertion.PRESENT, Assertion.PROBABLE, Assertion.PAST)
_SPREAD = 200  # hits that are spread over the kinds of answer


@dataclass(frozen=True, slots=True)
class Fused:
    """Arrays over the seats of `allowed`. `score` is 0 for what is no hit; `matched` is what counts; `evidence` goes
    with the question's asks; `words` and `close` are the lexical scores and similarities (0 where not worked out)."""

    allowed: Allowed
    score: Floats
    matched: Mask
    evidence: tuple[Evidence, ...]
    words: Floats
    close: Floats


class Scoring:
    """Scores questions over one edition."""

    def __init__(self, edition: Edition, encoder: Encoder, rules: Ranking) -> None:
        self._edition = edition
        self._encoder = encoder
        self._rules = rules
        self._allowed = AllowedParts(edition)
        self._closeness = Closeness(edition, encoder, rules.dense)

    def run(self, question: Question, mask: Mask, whole: bool) -> Fused:
        """All evidence over the places where `mask` allows; `whole` as for AllowedParts."""
        allowed = self._allowed.of(mask, whole)
        found = tuple(self._evidence(ask, allowed, question.long) for ask in question.asks)
        words, cover = self._lexical(question, allowed)
        total, matched = self._concepts(question, found, len(allowed))
        if not question.asks:
            matched = cover >= self._rules.cover
        fusion = self._rules.fusion
        rules = self._rules.concept
        trust = rules.aside_of_words + (1 - rules.aside_of_words) * question.focus
        total *= np.float32(fusion.concept * trust * (rules.story if question.story else 1.0))
        total += self._word_part(words, allowed, question.story)
        self._demote(question, found, total, matched)
        text = " ".join((question.text, *question.names[: self._rules.bridged]))
        seats, near = self._closeness.of(text, allowed, total)
        close = np.zeros(len(allowed), dtype=np.float32)
        close[seats] = near
        share = fusion.story_dense if question.story else float(not question.denials)  # denials have no closeness
        weight = np.float32(fusion.dense * share)
        total[seats] += weight * near * self._welcome(question, found, seats)
        self._finish(question, found, total)
        total[seats] *= self._plain(question, found, allowed, seats)
        return Fused(allowed, total, matched, found, words, close)

    def top(self, question: Question, fused: Fused, limit: int) -> Integers:
        """The seats of the best; ties by a number of the record; spread over the kinds of answer when the question asks
        for kinds."""
        spreads = [
            (ask.kind_of, one, one.rooted & ~one.doubted)  # who may not have it stands for no kind
            for ask, one in zip(question.asks, fused.evidence, strict=True)
            if ask.sign is Assertion.PRESENT and ask.kind_of and not question.story
        ]
        found = best(fused.score, max(limit, _SPREAD) if spreads else limit, fused.allowed.order)
        if spreads:
            kinds = [
                strength for kind_of, one, firm in spreads for strength in one.mentions.kinds(kind_of, found, firm)
            ]
            found = spread(found, kinds, self._rules.concept.kind_floor)
        return found[:limit]

    def _evidence(self, ask: Ask, allowed: Allowed, long: bool) -> Evidence:
        rules = self._rules.concept
        if ask.sign is Assertion.NEGATED:
            return self._absence(ask, allowed, ask.root if long else ask.shown)
        accept = ask.accept
        ask, within, outside = self._measured(ask)
        here = Mentions(self._edition, allowed, (*within, *outside, *ask.concepts), rules)
        one = here.evidence(ask.reached, accept)
        strength, denied, held = self._both(ask, one) if ask.both else (one.strength, one.denied, one.held)
        affirmed, against = here.affirming(accept), here.denying(accept)
        named, maybe, told, rooted, refused, absent, elsewhere, vague, met, missed, firm = here.marks(
            (ask.root, here.affirming(accept or _FIRM, ended=accept is not None)),
            (ask.root, affirmed),
            (ask.root, against),
            (ask.shown, affirmed),
            (ask.shown, against),
            ((ask.wish.concept, *ask.broader), here.affirming((Assertion.NEGATED,))),
            ((*ask.broader, *ask.treats), against),
            (ask.broader, here.affirming((Assertion.POSSIBLE,))),
            (within, affirmed),
            (outside, affirmed),
            (ask.shown, here.affirming(accept or _FIRM, ended=accept is not None)),
        )
        met = met & ~missed if ask.bounds and ask.bounds.every else met
        doubted, told = (maybe & ~named) | (rooted & ~firm), told & ~named
        strength = np.where(met & rooted, np.maximum(strength, np.float32(1)), strength)
        if ask.wish.want is not Want.ABOUT:
            strength = np.where(rooted, strength, strength * np.float32(rules.aside))
            strength = np.maximum(strength, here.evidence(ask.shown, accept).strength * np.float32(rules.root))
        if not ask.both:
            # Heart failure speaks of diabetes only where somebody has diabetes, and not at all where they deny it.
            # Who denies the disease by name and has it under no name does not have it, whatever else is written.
            held = held & rooted
            # A relative's disease is not the patient's; with its signs in the patient it is doubtful.
            doubted = doubted | (told & rooted) | (vague & ~rooted)
            refuted = (absent & ~named) | ((refused | told) & ~rooted) | (missed & ~met)
            held = held & ~refuted
            # Who denies it in one place and has it in another is put behind those who only have it.
            disputed = absent & named if not ask.others else np.zeros_like(named)  # who denies one may have the other
            strength = np.where(disputed, strength * np.float32(rules.disputed), strength)
            strength = np.where(refuted, np.float32(0), strength)
            denied = denied | refuted
        denied = (denied | elsewhere) & (strength == 0)
        return Evidence(
            here, strength, held, denied, rooted, doubted & ~denied, measured=met & held if ask.bounds else None
        )

    def _both(self, ask: Ask, one: Evidence) -> tuple[Floats, Mask, Mask]:
        """Strength, denied and held of two joined concepts: who holds both answers; who denies the first does not."""
        left, right = (one.mentions.evidence(reached, ask.accept) for reached in ask.both)
        strength = np.maximum(one.strength, np.minimum(left.strength, right.strength))
        strength = np.where(left.denied, np.float32(0), strength)  # 脑梗…无吞咽障碍: no dysphagia after a stroke
        return strength, one.denied | left.denied | right.denied, one.held | (left.held & right.held)

    def _measured(self, ask: Ask) -> tuple[Ask, tuple[ConceptId, ...], tuple[ConceptId, ...]]:
        """The ask with the values that answer its limit, these values, and those that lie elsewhere."""
        if ask.bounds is None:
            return ask, (), ()
        within, values = self._edition.values(ask.bounds)
        outside = (*values, *ask.bounds.contrary)
        # When it all began says nothing of what it is.
        met = dict.fromkeys((one for one in within if not is_of(one, ONSET)), Reached(1.0))
        reached, root, shown = ({**each, **met} for each in (ask.reached, ask.root, ask.shown))
        return replace(ask, reached=reached, root=root, shown=shown), within, outside

    def _absence(self, ask: Ask, allowed: Allowed, shown: Mapping[ConceptId, Reached]) -> Evidence:
        """Of what is not wished for: who has it, and who is said not to have it. Whoever holds one of `shown` has it
        where nobody denies it."""
        rules = self._rules.concept
        ask, within, outside = self._measured(ask)
        here = Mentions(self._edition, allowed, (*ask.shown, *ask.broader, *outside), rules)
        shown = {**shown, **dict.fromkeys(within, Reached(1.0))}
        one, looks, lies_elsewhere = (
            here.evidence(each) for each in (ask.root, shown, dict.fromkeys(outside, Reached(1.0)))
        )
        wanted = {concept: 1.0 if not way.steps else rules.part for concept, way in ask.root.items()}
        wanted.update(dict.fromkeys((*(each for each in shown if each not in wanted), *ask.broader), rules.part))
        absent = np.maximum(here.absence(wanted), lies_elsewhere.held.astype(np.float32))
        has_it = one.held & ~lies_elsewhere.held if ask.bounds and ask.bounds.every else one.held
        absent = np.where(has_it, np.float32(0), absent)
        # Its signs count as it where nobody says that it is not so.
        held = has_it | (looks.held & (absent == 0))
        nowhere = np.zeros_like(held)
        # A relative's disease, or one that is only thought of, says nothing of the patient's health.
        (vague,) = here.marks((ask.root, here.vague()))
        vague &= ~held & (absent == 0)
        return Evidence(here, np.where(held, looks.strength, 0), held, nowhere, held, vague, absent)

    def _concepts(self, question: Question, found: Sequence[Evidence], size: int) -> tuple[Floats, Mask]:
        """Weighted share of the wishes each record holds, rarer wishes weighing more; and where all are held."""
        total, matched = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=bool)
        pairs = zip(question.asks, found, strict=True)
        wished = [(one.seats, one.strength, one.held) for ask, one in pairs if ask.sign is not Assertion.NEGATED]
        if question.denials:
            wished = [(one.seats, one.absent, one.absent > 0) for one in found if one.absent is not None]
        if not wished:
            return total, matched
        counts = np.zeros(size, dtype=np.float32)
        weights = 0.0
        for seats, strength, held in wished:
            rarity = float(np.log1p(max(size, 1) / (1 + np.count_nonzero(held))))
            total[seats] += np.float32(rarity) * strength
            counts[seats] += held
            weights += rarity
        whole = self._rules.concept.whole
        some = wished[0][0] if len(wished) == 1 else np.flatnonzero(total > 0)
        held_of = counts.take(some)
        share = np.float32(1 - whole) + np.float32(whole / len(wished)) * held_of
        total[some] = total.take(some) * (np.float32(1 / weights) * share)
        matched[some] = held_of == len(wished)
        return total, matched

    def _demote(self, question: Question, found: Sequence[Evidence], total: Floats, matched: Mask) -> None:
        """Puts back records that deny what is asked for, or hold what is not wished for."""
        rules = self._rules.concept
        if question.story:  # in "coughing, no fever, must I have an operation" a denial excludes little
            return
        denied = 0.0 if self._sure(question) else 1.0 if question.long else rules.denied
        for one in found:
            if one.absent is not None:
                said = np.float32(rules.silent) + np.float32(1 - rules.silent) * np.minimum(one.absent, 1)
                some = total.take(one.seats) * said
                total *= np.float32(rules.silent)
                total[one.seats] = some
                total[one.where(one.held)] *= np.float32(rules.unwanted)
                total[one.where(one.doubted)] *= np.float32(rules.doubter)
                matched[one.where(one.held)] = False
            else:
                total[one.where(one.denied)] *= np.float32(denied)

    def _finish(self, question: Question, found: Sequence[Evidence], total: Floats) -> None:
        """Leaves of each record what its worst words leave, whatever brought it here. A record that says nothing of a
        wish is a better answer than one that only denies it, tells it of a relative, or does not know."""
        rules = self._rules.concept
        single = self._sure(question) or len(question.wished) == 1
        if question.story or (question.long and not single):
            return
        power = 1.0 if single else 0.5  # one of several wishes weighs less: the root of what is left
        left = np.ones(len(total), dtype=np.float32)
        for one in found:
            if one.absent is None:
                left[one.where(one.denied)] *= np.float32(rules.denier**power)
                left[one.where(one.doubted)] *= np.float32(rules.doubter**power)
        total *= left

    def _plain(self, question: Question, found: Sequence[Evidence], allowed: Allowed, seats: Integers) -> Floats:
        """What is left of records that only words or closeness brought here, in which nothing asked for is known: the
        less, the more they deny. What they deny may be what is asked for, under a name that nobody knows."""
        if question.story or question.unwished or not question.wished:
            return np.ones(len(seats), dtype=np.float32)
        known = np.zeros(len(seats), dtype=bool)
        for one in found:
            known |= one.at(one.strength > 0, seats)
        share = np.float32(self._rules.concept.denying) * self._edition.denying(allowed.places.take(seats))
        return np.where(known, np.float32(1), 1 - share).astype(np.float32)

    def _sure(self, question: Question) -> bool:
        """Whether the question is about one concept, so that a record which only denies it is no hit at all."""
        return len(question.wished) == 1 and question.focus >= self._rules.concept.sure

    def _welcome(self, question: Question, found: Sequence[Evidence], seats: Integers) -> Mask:
        """At which seats closeness may add something: not where the only concept asked for is denied."""
        welcome = np.ones(len(seats), dtype=bool)
        for ask, one in zip(question.asks, found, strict=True):
            if ask.sign is Assertion.NEGATED:
                welcome &= ~one.at(one.held, seats)
            elif self._sure(question) and not question.story:
                welcome &= ~one.at(one.denied, seats)
        return welcome

    def _lexical(self, question: Question, allowed: Allowed) -> tuple[Floats, Floats]:
        """BM25 and coverage of each record's best passage; coverage only when no concept says what matches."""
        rules = self._rules
        terms, counts = self._terms(question)
        lacked = query_terms(question.unsaid)[0]
        lacked = lacked[~is_single(lacked)] | UNSAID
        terms, counts = np.concatenate([terms, lacked]), np.concatenate([counts, np.full(len(lacked), rules.lacked)])
        unsaid = rules.unsaid if question.story else float(question.denials)
        lexical = rules.lexical
        if question.story:
            common = lexical.common if question.long else rules.story_common
            lexical = replace(lexical, k1=rules.story_k1, common=common)
        bm25 = Bm25(allowed.parts, terms, counts, lexical, (allowed.passages, allowed.length), unsaid)
        words = np.zeros(len(allowed), dtype=np.float32)
        cover = np.zeros(len(allowed), dtype=np.float32)
        for at in allowed.numbers:
            scored, here = bm25.score(at, cover=not question.asks), allowed.seats[at].span
            words[here] = allowed.best(at, scored.scores, weighed=True)
            if not question.asks:
                cover[here] = allowed.best(at, scored.cover)
        return words, cover

    def _terms(self, question: Question) -> tuple[Numbers, Floats]:
        """What the words of a question are looked up by, and how much each counts: in a story, what it names by any
        word as well."""
        rules = self._rules
        bridge = rules.story_bridge if question.story else rules.bridge
        others = [(question.aside, rules.filler), ("\n".join(question.names[: rules.bridged]), bridge)]
        terms, counts = weighed(question.text, others)
        if not question.story:
            return terms, counts
        senses = rules.senses
        kin, times = np.unique(kindred().senses([question.aside])[0], return_counts=True)
        concepts, often = np.unique(_named(question.asks), return_counts=True)
        asked = kindred().senses([question.asked])[0], _named([ask for ask in question.asks if not ask.told])
        weights = (
            self._pressed(terms, counts, terms_of([question.asked])[0]),
            senses.kindred * self._pressed(kin, times, asked[0]),
            senses.concept * self._pressed(concepts, often, asked[1]),
        )
        return np.concatenate([terms, kin, concepts]), np.concatenate(weights)

    def _pressed(self, terms: Numbers, counts: npt.NDArray[Any], asked: Numbers) -> Floats:
        """`counts` of the terms of a story: those that a clause holds which asks nothing weigh less."""
        pressed, times = np.unique(asked, return_counts=True)
        _, here, there = np.intersect1d(terms, pressed, assume_unique=True, return_indices=True)
        whole = np.zeros(len(terms))
        whole[here] = np.minimum(counts[here], times[there])
        return (whole + (counts - whole) * self._rules.told).astype(np.float32)

    def _word_part(self, words: Floats, allowed: Allowed, story: bool) -> Floats:
        """The weighted score itself and its reciprocal rank, each with its share, both in [0, 1]. Ties by record id."""
        fusion, constant = self._rules.fusion, self._rules.fusion.rank_constant
        share = np.float32(self._rules.story_share if story else self._rules.score_share)
        weight = fusion.lexical * (fusion.story_lexical if story else 1.0)
        top = float(words.max()) if len(words) else 0.0
        part = words * (share / np.float32(top)) if top > 0 else np.zeros_like(words)
        found = best(words, self._rules.lexical_candidates, allowed.order)
        ranks = ((constant + 1) / (constant + 1 + np.arange(len(found)))).astype(np.float32)
        part[found] += (1 - share) * ranks
        part *= np.float32(weight)
        return part


def _named(asks: Sequence[Ask]) -> Numbers:
    return np.array([sense(ask.wish.concept) for ask in asks], dtype=np.uint64)
