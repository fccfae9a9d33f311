"""Learns the judge of mentions from examples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from records import regression
from records.errors import BadInput
from records.files import read_text
from records.ids import ConceptId
from records.mentions import Assertion, Mention
from records.paths import data_dir
from records.regression import Example, Weights
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_cues import FoundCue, load_cues
from semantic.assertion_judge import WAYS, Line, features, is_open, named
from semantic.assertion_outline import line_of
from semantic.concepts import Lexicon
from semantic.lexicon_concept import Found
from semantic.lexicon_fold import Folded, flatten, fold

SHIPPED: Final = {  # what an example of each counts
    "examples.jsonl": 1.0,
    "collections.jsonl": 1.0,
    "passages.jsonl": 1.0,
    "lookalikes.jsonl": 0.33,
    "hard.jsonl": 0.33,
}
_STEPS: Final = 200  # near enough: more move no weight that matters
_SLACK: Final = 0.2  # there are more features than examples
_RULED: Final = 0.4  # what a mention counts of which a rule speaks, beside those that the judge is there for
_PLAIN: Final = 0.02  # ... that nobody judged but the rules
_HOLDS: Final = frozenset({Assertion.PAST, Assertion.PROBABLE})


@dataclass(frozen=True, slots=True)
class Told:
    """A mention by where it begins in its text: the kind of its concept, its place in WAYS, how much it counts."""

    start: int
    kind: str
    way: int
    weight: float


@dataclass(frozen=True, slots=True)
class Taught:
    """A line as the judge reads it, its folded heading, and what somebody, or the rules, said of its mentions."""

    heading: str
    line: Line
    said: tuple[Told, ...]


def train(out: Path, lexicon: Lexicon, examples: Sequence[Path] = ()) -> dict[str, Any]:
    """Write the weights learnt from the shipped examples and a hospital's own files of the same shape."""
    own, ordinary = map(examples_of, lines(lexicon, examples))
    weights = learn([*own, *ordinary])
    regression.write(weights, out)
    return {"examples": len(own), "ordinary": len(ordinary), "features": len(weights), "file": str(out)}


def lines(lexicon: Lexicon, examples: Sequence[Path] = ()) -> tuple[list[Taught], list[Taught]]:
    """All that is learnt from: judged lines, shipped and a hospital's own; and ordinary ones as the rules read them."""
    folder = data_dir() / "assertion"
    files = {folder / name: counts for name, counts in SHIPPED.items()} | dict.fromkeys(examples, 1.0)
    own = [_weighed(each, counts) for path, counts in files.items() for each in taught(path, lexicon)]
    return own, list(plain(folder / "ordinary.jsonl", lexicon))


def _weighed(line: Taught, counts: float) -> Taught:
    return replace(line, said=tuple(replace(one, weight=one.weight * counts) for one in line.said))


def taught(path: Path, lexicon: Lexicon) -> Iterator[Taught]:
    """Lines of a file with `{"text", "mention", "status"}` a line, `heading` and `nth` (which of several mentions, 1
    unless said) where needed; or a list of mentions under `said`. Raises BadInput naming the line."""
    for number, raw in _lines(path):
        said = _said(raw, path.name, number)
        try:
            yield _taught(raw, [{**raw, **each} for each in said], lexicon)
        except (KeyError, ValueError, TypeError, AttributeError):
            raise BadInput(
                "example_invalid",
                f"{path.name}, line {number}: give text, a mention that stands in it, and a known status.",
            ) from None


def plain(path: Path, lexicon: Lexicon) -> Iterator[Taught]:
    """The passages of a file (`{"heading", "text"}` a line), every mention as the rules read it."""
    for _, raw in _lines(path):
        folded, _, spots, mentions = _read(raw["text"], raw["heading"], lexicon)
        kinds = (str(lexicon.concept(each.concept).kind) for each in mentions)
        said = (
            Told(each.start, kind, _way(each.assertion), _PLAIN) for each, kind in zip(mentions, kinds, strict=True)
        )
        yield Taught(flatten(raw["heading"]), line_of(folded.flat, mentions, spots), tuple(said))


def examples_of(lines: Iterable[Taught]) -> list[Example]:
    """What the judge sees of each mention that these lines tell of."""
    return [
        Example(tuple(named(features(each.line, one.start, each.heading, one.kind))), one.way, one.weight)
        for each in lines
        for one in each.said
    ]


def _said(raw: Mapping[str, Any], file: str, number: int) -> Sequence[Mapping[str, Any]]:
    said = raw.get("said", [{}])
    if not isinstance(said, list) or not all(isinstance(each, Mapping) for each in said):
        raise BadInput(
            "example_invalid", f'{file}, line {number}: give a list of {{"mention", "status"}} under "said".'
        )
    return said


def learn(examples: Sequence[Example]) -> Weights:
    """What each feature says for each of WAYS, in hundredths."""
    return regression.learn(examples, len(WAYS), _STEPS, _SLACK)


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            try:
                raw = json.loads(line)
            except (ValueError, RecursionError):
                raw = None
            if not isinstance(raw, Mapping):
                raise BadInput("example_invalid", f"{path.name}, line {number}: give one JSON object a line.")
            yield number, raw


def _taught(raw: Mapping[str, Any], said: Iterable[Mapping[str, Any]], lexicon: Lexicon) -> Taught:
    heading = raw.get("heading", "")
    folded, found, spots, read = _read(raw["text"], heading, lexicon)
    told, meant = [], []
    for each in said:
        mention, start = flatten(each["mention"]), -1
        for _ in range(each.get("nth", 1)):
            start = folded.flat.index(mention, start + 1)
        end = start + len(mention)
        same = next((one for one in found if one.start < end and start < one.end), None)
        kind = str(lexicon.concept(same.concept).kind) if same else ""
        here = [one for one in read if one.start < end and start < one.end]
        weight = 1.0 if here and all(is_open(one.assertion, one.rule) for one in here) else _RULED
        told.append(Told(start, kind, _way(Assertion(each["status"])), weight))
        meant.append(Mention(ConceptId(""), start, end, mention, Assertion.PRESENT))
    beside = [one for one in found if all(one.start >= each.end or one.end <= each.start for each in meant)]
    return Taught(flatten(heading), line_of(folded.flat, [*meant, *beside], spots), tuple(told))


def _read(
    text: str, heading: str, lexicon: Lexicon
) -> tuple[Folded, tuple[Found, ...], list[FoundCue], tuple[Mention, ...]]:
    """A text folded, the concepts it names, the cues around them, and what the rules make of them."""
    folded = fold(text)
    found = lexicon.find(text, folded=folded)
    return folded, found, load_cues().find(folded, found), annotate(CleanText.from_shelf(text), heading, lexicon)


def _way(said: Assertion) -> int:
    """The place in WAYS; what is past, or held for the time being, is the patient's own."""
    return WAYS.index(Assertion.PRESENT if said in _HOLDS else said)
