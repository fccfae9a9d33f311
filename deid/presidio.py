"""Presidio's side: our recognizers as Presidio recognizers, and Presidio's engine as a way through our pipeline.

Importing this imports presidio_analyzer, without torch and transformers, which it does not need; the engine-free path
(`deid.api.Deidentifier`) imports neither.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, NamedTuple

from deid.api import Deidentifier, Known
from deid.document import Document, Recognizer
from deid.recognizers.known import KnownValues
from deid.registry import nudged, recognizers
from deid.spans import Finding, Tier
from records.entities import Entity

LANGUAGE: Final = "zh"
_HEAVY: Final = (
    "torch",
    "transformers",
    "spacy_transformers",
    "spacy_huggingface_pipelines",
    "stanza",
    "gliner",
    "tensorflow",
    "cupy",
)
_DATA: Final = "lantai"
_ENTITIES: Final[dict[str, Entity]] = {entity.value: entity for entity in Entity}
_TIERS: Final[dict[int, Tier]] = {int(tier): tier for tier in Tier}
_ABSENT: Final = object()


@contextmanager
def _without(names: Sequence[str]) -> Iterator[None]:
    """While this runs, an import of one of the names fails as if it were not installed, unless it is loaded already."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name, _ABSENT) is None:
                del sys.modules[name]


with _without(_HEAVY):
    from presidio_analyzer import (
        AnalysisExplanation,
        AnalyzerEngine,
        EntityRecognizer,
        RecognizerRegistry,
        RecognizerResult,
    )
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

_current: ContextVar[_Asked | None] = ContextVar("deid_asked", default=None)


class NullNlpEngine(NlpEngine):  # type: ignore[misc]
    """No linguistic analysis: our recognizers read the text itself."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> Any:  # noqa: ARG002
        """Empty artifacts."""
        return NlpArtifacts(entities=[], tokens=[], tokens_indices=[], lemmas=[], nlp_engine=self, language=language)

    def process_batch(
        self,
        texts: Any,
        language: str,
        batch_size: int = 1,  # noqa: ARG002
        n_process: int = 1,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Iterator[tuple[str, Any]]:
        """Empty artifacts for each text."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def get_supported_entities(self) -> list[str]:
        """None."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Chinese."""
        return [LANGUAGE]


class NoContext(ContextAwareEnhancer):  # type: ignore[misc]
    """Leaves scores alone: our rules have read the context already, and lemmas of Chinese there are none."""

    def __init__(self) -> None:
        super().__init__(
            context_similarity_factor=0,
            min_score_with_context_similarity=0,
            context_prefix_count=0,
            context_suffix_count=0,
        )

    def enhance_using_context(
        self,
        text: str,  # noqa: ARG002
        raw_results: list[Any],
        nlp_artifacts: Any,  # noqa: ARG002
        recognizers: Any,  # noqa: ARG002
        context: Any = None,  # noqa: ARG002
    ) -> list[Any]:
        """The results as they are."""
        return raw_results


class LantaiRecognizer(EntityRecognizer):  # type: ignore[misc]
    """One of our recognizers for anybody's Presidio: add it to a registry of language zh."""

    def __init__(self, recognizer: Recognizer, entities: Sequence[Entity] | None = None) -> None:
        self._recognizer = recognizer
        names = [e.value for e in (entities or (recognizer.entity,))]
        super().__init__(supported_entities=names, name=f"lantai.{recognizer.name}", supported_language=LANGUAGE)

    def load(self) -> None:
        """Lists are read at the first use."""

    def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: Any = None) -> list[Any]:  # noqa: ARG002
        """Presidio results in code points of `text`; rule and reason stand in the explanation."""
        asked = _current.get()
        doc, known = asked if asked is not None and asked.doc.input is text else (Document(text), {})
        found = known[self] if self in known else self.find(doc)
        if not found:
            return []
        wanted = [finding for finding in found if finding.entity in entities]
        return [self._result(doc, one, last.score) for one, last in zip(wanted, nudged(wanted), strict=True)]

    def find(self, doc: Document) -> list[Finding]:
        """The same as findings of ours."""
        return self._recognizer.find(doc)

    def _result(self, doc: Document, finding: Finding, score: float) -> Any:
        start, end = doc.folded.span(finding.start, finding.end)
        return RecognizerResult(
            entity_type=finding.entity.value,
            start=start,
            end=end,
            score=min(1.0, score),
            analysis_explanation=AnalysisExplanation(
                recognizer=self.name,
                original_score=finding.score,
                pattern_name=finding.rule,
                textual_explanation=finding.why,
            ),
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                _DATA: (finding.rule, finding.why, int(finding.tier)),
            },
        )


class _Asked(NamedTuple):
    """The text that an engine is asked about, and what some of our recognizers found in it already."""

    doc: Document
    found: dict[LantaiRecognizer, list[Finding]]


class _Engine(AnalyzerEngine):  # type: ignore[misc]
    def _enhance_using_context(
        self, text: str, raw_results: list[Any], nlp_artifacts: Any, recognizers: Sequence[Any], context: Any = None
    ) -> list[Any]:
        """The results as they are, without asking every recognizer about each of them, where all are ours."""
        if all(isinstance(recognizer, LantaiRecognizer) for recognizer in recognizers):
            return raw_results
        enhanced: list[Any] = super()._enhance_using_context(text, raw_results, nlp_artifacts, recognizers, context)
        return enhanced


def presidio_recognizers() -> list[LantaiRecognizer]:
    """All our recognizers, each as a Presidio recognizer."""
    return [LantaiRecognizer(recognizer, getattr(recognizer, "entities", None)) for recognizer in recognizers()]


def analyzer(extra: Sequence[EntityRecognizer] = ()) -> AnalyzerEngine:
    """A Presidio engine for Chinese with our recognizers and any of yours."""
    registry = RecognizerRegistry(recognizers=[*presidio_recognizers(), *extra], supported_languages=[LANGUAGE])
    return _Engine(
        registry=registry,
        nlp_engine=NullNlpEngine(),
        supported_languages=[LANGUAGE],
        default_score_threshold=0,
        context_aware_enhancer=NoContext(),
    )


class PresidioDeidentifier(Deidentifier):
    """The same pipeline with Presidio's engine asking the recognizers; the spans are those of `Deidentifier`."""

    def __init__(self, engine: AnalyzerEngine | None = None) -> None:
        super().__init__(())
        self._engine = engine or analyzer()

    @classmethod
    def load(cls) -> PresidioDeidentifier:
        """With our recognizers alone."""
        return cls()

    def _found(self, docs: Sequence[Document], known: Sequence[Sequence[Known]]) -> list[list[Finding]]:
        asked = [_Asked(doc.as_read(), {}) for doc in docs]
        # Each of ours reads all texts before the engine asks: its tables stay in the processor's cache.
        for recognizer in self._engine.registry.recognizers:
            if isinstance(recognizer, LantaiRecognizer):
                for doc, found in asked:
                    found[recognizer] = recognizer.find(doc)
        return [self._found_in(one, values) for one, values in zip(asked, known, strict=True)]

    def _found_in(self, asked: _Asked, known: Sequence[Known]) -> list[Finding]:
        values = KnownValues([(k.entity, k.value.reveal()) for k in known])
        ad_hoc = [LantaiRecognizer(values, list(Entity))] if known else None
        token = _current.set(asked)
        try:
            results = self._engine.analyze(text=asked.doc.input, language=LANGUAGE, ad_hoc_recognizers=ad_hoc)
        finally:
            _current.reset(token)
        return [_finding(result) for result in results]


def _finding(result: Any) -> Finding:
    """A Presidio result as a finding of ours; results of others' recognizers keep their name as the rule."""
    metadata = result.recognition_metadata or {}
    name = str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, "unknown"))
    rule, why, tier = metadata.get(_DATA, (f"presidio.{name}", "found by a Presidio recognizer", int(Tier.RULE)))
    entity = _ENTITIES.get(result.entity_type, Entity.OTHER_ID)
    return Finding(result.start, result.end, entity, rule, result.score, why, _TIERS[tier])
