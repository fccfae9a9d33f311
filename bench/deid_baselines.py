"""What one gets today without Lantai: Presidio's engine with jieba.posseg names and ordinary Chinese patterns."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from deid.api import Known
from deid.presidio import LANGUAGE, NullNlpEngine
from deid.spans import Span
from records.entities import Entity

_PATTERNS: dict[Entity, str] = {
    Entity.ID_CARD: r"(?<![0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[0-9Xx](?![0-9])",
    Entity.PHONE: r"(?<![0-9])1[3-9]\d{9}(?![0-9])|(?<![0-9])0\d{2,3}-\d{7,8}(?![0-9])",
    Entity.EMAIL: r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,64}(?:\.[A-Za-z]{2,10}){1,3}",
    Entity.DATE: r"(?:19|20)\d{2}[年\-/.]\d{1,2}[月\-/.]\d{1,2}日?",
    Entity.MEDICAL_ID: r"(?:住院号|病案号|门诊号|病历号)[:：\s]*[A-Za-z0-9]{4,20}",
}
_TAGS = {"nr": Entity.PERSON, "ns": Entity.ADDRESS, "nt": Entity.ORGANISATION}


def posseg_baseline() -> Callable[[Sequence[tuple[str, Sequence[Known]]]], list[list[Span]]]:
    """A finder over many texts; the known identifiers are not used, as Presidio has no place for them."""
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
        from jieba import posseg
    jieba.setLogLevel(logging.ERROR)

    class Posseg(EntityRecognizer):  # type: ignore[misc]
        """jieba's part-of-speech tags as entities."""

        def load(self) -> None:
            """Nothing to load."""

        def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: Any = None) -> list[Any]:  # noqa: ARG002
            """Words tagged as names of persons, places and institutions."""
            at, out = 0, []
            for word, flag in posseg.lcut(text):
                if flag in _TAGS and len(word) > 1:
                    out.append(RecognizerResult(_TAGS[flag].value, at, at + len(word), 0.6))
                at += len(word)
            return out

    entities = sorted({e.value for e in _TAGS.values()})
    registry = RecognizerRegistry(
        recognizers=[*_patterns(), Posseg(entities, name="posseg", supported_language=LANGUAGE)],
        supported_languages=[LANGUAGE],
    )
    engine = AnalyzerEngine(
        registry=registry, nlp_engine=NullNlpEngine(), supported_languages=[LANGUAGE], default_score_threshold=0
    )

    def find(text: str) -> list[Span]:
        results = engine.analyze(text=text, language=LANGUAGE)
        return [Span(r.start, r.end, Entity(r.entity_type), "baseline", r.score) for r in results]

    return lambda cases: [find(text) for text, _ in cases]  # Presidio's own batches go one by one, too


def _patterns() -> list[Any]:
    """Ordinary Chinese patterns as Presidio recognizers."""
    from presidio_analyzer import Pattern, PatternRecognizer

    return [
        PatternRecognizer(
            e.value, name=f"cn_{e.value}", supported_language=LANGUAGE, patterns=[Pattern(e.value, p, 0.8)]
        )
        for e, p in _PATTERNS.items()
    ]
