"""Reads what a question wants of the concepts in it ("X的并发症", "drugs for X"). The patterns are data."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from records.errors import BadInput
from records.ids import ConceptId
from semantic.lexicon_concept import Concept, ConceptKind, Found, Reached
from semantic.lexicon_files import read_toml
from semantic.lexicon_fold import Folded
from semantic.lexicon_relations import Edge, Sharing, Walk, Want

if TYPE_CHECKING:
    from semantic.concepts import Lexicon

_REMEDIES: Final = frozenset({ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.PROCEDURE})
_TREATED: Final = frozenset({Want.TREATMENTS, Want.DRUGS, Want.PROCEDURES})  # of a remedy: the remedy itself
_FAR: Final = 40  # characters before a concept in which its question words may stand


@dataclass(frozen=True, slots=True)
class Wish:
    """One concept of a question: what is wanted of it, and where it stands (code points, half-open).

    `joined` names a second concept that the answer must come of ("kidney disease due to diabetes").
    `asked_start`/`asked_end` also cover the question words ("的并发症").
    """

    concept: ConceptId
    want: Want
    start: int
    end: int
    words: str
    joined: ConceptId | None = None
    asked_start: int = 0
    asked_end: int = 0


@dataclass(frozen=True, slots=True)
class _Pattern:
    want: Want
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


class Questions:
    """The question patterns, the weights of every walk and the words for paths."""

    def __init__(self, patterns: Sequence[_Pattern], joins: Sequence[tuple[re.Pattern[str], bool]], raw: Any) -> None:
        self._patterns = patterns
        self._joins = joins
        self.weights: Mapping[Want, Walk] = {want: _walk(want, raw.get("walk", {})) for want in Want}
        self.sharing = Sharing(**raw.get("sharing", {}))
        self._words: Mapping[str, Mapping[str, str]] = raw.get("say", {})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read questions.toml; BadInput names the pattern that is wrong."""
        raw = read_toml(path)
        patterns = [_pattern(block, path.name) for block in raw.get("question", [])]
        joins = [
            (_regex(each["between"], path.name), bool(each.get("cause-first", False))) for each in raw.get("join", [])
        ]
        return cls(patterns, joins, raw)

    def read(
        self, found: Sequence[Found], folded: Folded, lexicon: Lexicon, apart: Container[int] = ()
    ) -> tuple[Wish, ...]:
        """One wish per concept found; two joined by "due to" become one wish when the lexicon has an answer, unless one
        of them begins at a place in `apart`."""
        found = _with_class(found, folded, lexicon, apart)
        wishes: list[Wish] = []
        skip = False
        for at, each in enumerate(found):
            if skip:
                skip = False
                continue
            last = at + 1 >= len(found) or found[at + 1].start < each.end
            alone = last or each.start in apart or found[at + 1].start in apart
            joined = None if alone else self._join(each, found[at + 1], folded, lexicon)
            if joined is not None:
                wishes.append(joined)
                skip = True
                continue
            wishes.append(self._wish(each, folded, lexicon.concept(each.concept).kind))
        asked = [(wish.asked_start, wish.asked_end) for wish in wishes if wish.want is not Want.ABOUT]
        return tuple(wish for wish in wishes if not _within(wish, asked))

    def _wish(self, each: Found, folded: Folded, kind: ConceptKind) -> Wish:
        before, after = folded.flat[max(0, each.start - _FAR) : each.start], folded.flat[each.end : each.end + _FAR]
        for pattern in self._patterns:
            ahead = pattern.before.search(before) if pattern.before else None
            behind = pattern.after.match(after) if pattern.after else None
            if (pattern.before is None or ahead) and (pattern.after is None or behind):
                left = each.start - (len(before) - ahead.start() if ahead else 0)
                right = each.end + (behind.end() if behind else 0)
                want = Want.ABOUT if kind in _REMEDIES and pattern.want in _TREATED else pattern.want
                return Wish(each.concept, want, each.start, each.end, each.words, None, left, right)
        return Wish(each.concept, Want.ABOUT, each.start, each.end, each.words, None, each.start, each.end)

    def _join(self, left: Found, right: Found, folded: Folded, lexicon: Lexicon) -> Wish | None:
        between = folded.flat[left.end : right.start]
        for pattern, cause_first in self._joins:
            if pattern.fullmatch(between):
                kind, cause = (right, left) if cause_first else (left, right)
                answers = lexicon.relations.joined(kind.concept, cause.concept)
                if set(answers) & set(lexicon.relations.reach(cause.concept, Want.COMPLICATIONS)):
                    span = (left.start, right.end)
                    return Wish(kind.concept, Want.ABOUT, *span, left.words, cause.concept, *span)
        return None

    def say(self, start: ConceptId, reached: Reached, language: str, concepts: Mapping[ConceptId, Concept]) -> str:
        """The path in words: the first concept, then each step with its relation."""
        words = self._words.get(language, {})
        parts = [_name(concepts[start], language)]
        parts += [f"{words.get(step, step)}{_name(concepts[target], language)}" for step, target in reached.steps]
        return " → ".join(parts)


def _with_class(found: Sequence[Found], folded: Folded, lexicon: Lexicon, apart: Container[int]) -> tuple[Found, ...]:
    """A name and, right behind it, the class it belongs to are one name ("MRSA infection")."""
    kept: list[Found] = []
    for each in found:
        last = kept[-1] if kept else None
        between = folded.flat[last.end : each.start] if last else ""
        if (
            last is not None
            and last.end <= each.start
            and last.start not in apart
            and each.start not in apart
            and between.strip("-") in (("", " ") if each.words.isascii() else ("",))
            and each.concept in {last.concept, *lexicon.relations.closure(last.concept, Edge.PARENT)}
        ):
            kept[-1] = Found(last.concept, last.start, each.end, f"{last.words}{between}{each.words}")
        else:
            kept.append(each)
    return tuple(kept)


def _within(wish: Wish, asked: Sequence[tuple[int, int]]) -> bool:
    """Whether a wish is only the question word of another ("并发症" of "糖尿病并发症")."""
    return any(
        start <= wish.start and wish.end <= end and wish.asked_end - wish.asked_start < end - start
        for start, end in asked
    )


def _name(concept: Concept, language: str) -> str:
    return concept.zh if language == "zh" else concept.en


def _regex(source: str, file: str) -> re.Pattern[str]:
    try:
        return re.compile(source)
    except re.error as error:
        raise BadInput("lexicon_invalid", f"Lexicon file {file}: pattern '{source}' is no regex: {error}.") from None


def _pattern(block: Mapping[str, Any], file: str) -> _Pattern:
    before, after = block.get("before"), block.get("after")
    if block.get("want") not in set(Want) or not (before or after):
        raise BadInput(
            "lexicon_invalid", f"Lexicon file {file}: a question needs want ({', '.join(Want)}) and before or after."
        )
    return _Pattern(
        Want(block["want"]),
        _regex(f"(?:{before})$", file) if before else None,
        _regex(after, file) if after else None,
    )


def _walk(want: Want, raw: Mapping[str, Any]) -> Walk:
    block = raw.get(want.value)
    if block is None:
        raise BadInput("lexicon_invalid", f"Lexicon file questions.toml: [walk.{want}] is missing.")
    return Walk(
        approach=_weights(block.get("approach", {})),
        cross=_weights(block.get("cross", {})),
        beyond=_weights(block.get("beyond", {})),
        least=float(block.get("least", 0.3)),
        kinds=frozenset(ConceptKind(kind) for kind in block.get("kinds", [])),
    )


def _weights(block: Mapping[str, float]) -> dict[Edge, float]:
    weights = {Edge(name): float(weight) for name, weight in block.items()}
    if any(not 0 < weight <= 1 for weight in weights.values()):
        raise BadInput("lexicon_invalid", "Lexicon file questions.toml: every walk weight must lie in (0, 1].")
    return weights
