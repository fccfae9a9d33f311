"""Why a record was found, what was understood, and what was asked for but not found. Uses the asker's words and the
lexicon's only, never a record's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from records.disclosure import THRESHOLD
from records.ids import ConceptId
from records.mentions import Assertion
from semantic.concepts import Lexicon, Reached
from semantic.fusion import Fused
from semantic.matches import Evidence
from semantic.query import Question
from semantic.query_asks import Ask

Integers = npt.NDArray[np.int64]
_SHOWN: Final = 3
_REASONS: Final = {
    "zh": ("文字相近", "意思相近", "否认："),
    "en": ("words in common", "close in meaning", "denied: "),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read out of the question: (concept, name, want) wished for and not wished for, and filters as text. The
    name of a limit is what the asker wrote ("eGFR<45"). `either` are concepts wished for of which one will do."""

    language: str
    concepts: tuple[tuple[ConceptId, str, str], ...]
    unwished: tuple[tuple[ConceptId, str, str], ...]
    family: tuple[tuple[ConceptId, str, str], ...]
    filters: dict[str, int | str]
    phrases: tuple[str, ...]
    either: tuple[tuple[ConceptId, ...], ...] = ()


class Explainer:
    """Puts evidence into words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def understood(self, question: Question) -> Understood:
        """The question as read."""

        def named(sign: Assertion) -> tuple[tuple[ConceptId, str, str], ...]:
            asks = (ask for ask in question.asks if ask.sign is sign)
            return tuple(each for ask in asks for each in self._alternatives(ask, question.language))

        filters = {name: value for name, value in asdict(question.soft).items() if value is not None}
        return Understood(
            question.language,
            named(Assertion.PRESENT),
            named(Assertion.NEGATED),
            named(Assertion.FAMILY),
            filters,
            question.phrases,
            tuple((ask.wish.concept, *ask.others) for ask in question.wished if ask.others),
        )

    def not_found(self, question: Question, fused: Fused) -> tuple[str, ...]:
        """Names of the wishes that fewer allowed records hold than may be counted: none and few must look alike."""
        asked = [
            (ask, one.held if one.absent is None else one.absent > 0)
            for ask, one in zip(question.asks, fused.evidence, strict=True)
            if question.denials or ask.sign is not Assertion.NEGATED
        ]
        return tuple(
            " / ".join(name for _, name, _ in self._alternatives(ask, question.language))
            for ask, there in asked
            if np.count_nonzero(there) < THRESHOLD
        )

    def why(self, question: Question, fused: Fused, seats: Integers) -> list[tuple[tuple[ConceptId, ...], str]]:
        """For each seat the concepts it holds for this question, and the reasons in one line."""
        held = [self._held(ask, one, seats) for ask, one in zip(question.asks, fused.evidence, strict=True)]
        denied = [
            (ask, one.at(one.absent > 0, seats).tolist())
            for ask, one in zip(question.asks, fused.evidence, strict=True)
            if one.absent is not None
        ]
        in_words, close, denies = _REASONS[question.language]
        found: list[tuple[tuple[ConceptId, ...], str]] = []
        for at, seat in enumerate(seats.tolist()):
            reasons: list[str] = []
            concepts: list[ConceptId] = []
            for ask, holds in zip(question.asks, held, strict=True):
                concepts += holds[at]
                reasons += [self._path(ask, concept, question.language) for concept in holds[at][:_SHOWN]]
            reasons += [denies + self._named(ask, question.language)[1] for ask, there in denied if there[at]]
            if fused.words[seat] > 0:
                reasons.append(in_words)
            if fused.close[seat] > 0 and not concepts:
                reasons.append(close)
            found.append((tuple(dict.fromkeys(concepts)), "; ".join(dict.fromkeys(reasons))))
        return found

    def _held(self, ask: Ask, one: Evidence, seats: Integers) -> list[tuple[ConceptId, ...]]:
        found: list[tuple[ConceptId, ...]] = [()] * len(seats)
        holding = np.flatnonzero(one.at(one.held, seats))
        if ask.sign is not Assertion.NEGATED and len(holding):
            held = one.mentions.holders(_answers(ask), seats.take(holding), ask.accept)
            for at, concepts in zip(holding.tolist(), held, strict=True):
                found[at] = concepts
        for at in np.flatnonzero(one.at(one.measured, seats)).tolist() if one.measured is not None else ():
            found[at] = tuple(dict.fromkeys((ask.wish.concept, *found[at])))
        return found

    def _path(self, ask: Ask, concept: ConceptId, language: str) -> str:
        if ask.bounds and concept == ask.wish.concept:
            return ask.wish.words
        starts = (each for each in (ask.wish.concept, *ask.others) if concept in self._lexicon.expand(each))
        start = next(starts, ask.wish.concept) if concept in ask.reached or not ask.both else concept
        return self._lexicon.say(start, ask.reached.get(concept, Reached(1.0)), language)

    def _alternatives(self, ask: Ask, language: str) -> list[tuple[ConceptId, str, str]]:
        more = [(one, self._name(one, language), str(ask.wish.want)) for one in ask.others]
        return [self._named(ask, language), *more]

    def _named(self, ask: Ask, language: str) -> tuple[ConceptId, str, str]:
        name = ask.wish.words if ask.bounds else self._name(ask.wish.concept, language)
        return ask.wish.concept, name, str(ask.wish.want)

    def _name(self, concept: ConceptId, language: str) -> str:
        named = self._lexicon.concept(concept)
        return named.zh if language == "zh" else named.en


def _answers(ask: Ask) -> dict[ConceptId, Reached]:
    """What answers an ask; with two joined concepts also each of them."""
    found = dict(ask.reached)
    for reached in ask.both:
        for concept, way in reached.items():
            if not any(step not in ("child", "implied") for step, _ in way.steps):
                found.setdefault(concept, way)
    return found
