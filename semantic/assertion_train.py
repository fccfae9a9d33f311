"""Learns the judge of mentions from examples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
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
from semantic.assertion import annotate, line_of
from semantic.assertion_cues import FoundCue, load_cues
from semantic.assertion_judge import WAYS, features, is_open, named
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


def train(out: Path, lexicon: Lexicon, examples: Sequence[Path] = ()) -> dict[str, Any]:
    """Write the weights learnt from the shipped examples and a hospital's own files of the same shape."""
    folder = data_dir() / "assertion"
    files = {folder / name: counts for name, counts in SHIPPED.items()} | dict.fromkeys(examples, 1.0)
    own = [
        replace(each, weight=each.weight * counts) for path, counts in files.items() for each in judged(path, lexicon)
    ]
    learnt = [*own, *plain(folder / "ordinary.jsonl", lexicon)]
    weights = learn(learnt)
    regression.write(weights, out)
    return {"examples": len(own), "ordinary": len(learnt) - len(own), "features": len(weights), "file": str(out)}


def judged(path: Path, lexicon: Lexicon) -> list[Example]:
    """Examples of a file with `{"text", "mention", "status"}` a line, `heading` and `nth` (which of several mentions, 1
    unless said) where needed; or a list of mentions under `said`. Raises BadInput naming the line."""
    return [
        _example({**line, **each}, lexicon, path.name, number)
        for number, line in _lines(path)
        for each in _said(line, path.name, number)
    ]


def _said(raw: Mapping[str, Any], file: str, number: int) -> Sequence[Mapping[str, Any]]:
    said = raw.get("said", [{}])
    if not isinstance(said, list) or not all(isinstance(each, Mapping) for each in said):
        raise BadInput(
            "example_invalid", f'{file}, line {number}: give a list of {{"mention", "status"}} under "said".'
        )
    return said


def plain(path: Path, lexicon: Lexicon) -> list[Example]:
    """Every mention of the passages of a file (`{"heading", "text"}` a line) as the rules read it."""
    found = []
    for _, raw in _lines(path):
        (folded, _, spots, mentions), heading = _read(raw["text"], raw["heading"], lexicon), flatten(raw["heading"])
        hidden = line_of(folded.flat, mentions, spots)
        for each in mentions:
            seen = features(hidden, each.start, heading, str(lexicon.concept(each.concept).kind))
            found.append(Example(tuple(named(seen)), _way(each.assertion), _PLAIN))
    return found


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


def _example(raw: Mapping[str, Any], lexicon: Lexicon, file: str, number: int) -> Example:
    try:
        folded, found, spots, read = _read(raw["text"], raw.get("heading", ""), lexicon)
        mention, way = flatten(raw["mention"]), _way(Assertion(raw["status"]))
        start = -1
        for _ in range(raw.get("nth", 1)):
            start = folded.flat.index(mention, start + 1)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BadInput(
            "example_invalid", f"{file}, line {number}: give text, a mention that stands in it, and a known status."
        ) from None
    end = start + len(mention)
    beside = [each for each in found if each.start >= end or each.end <= start]
    same = next((each for each in found if each.start < end and start < each.end), None)
    kind = str(lexicon.concept(same.concept).kind) if same else ""
    meant = Mention(ConceptId(""), start, end, mention, Assertion.PRESENT)
    line = line_of(folded.flat, [meant, *beside], spots)
    here = [each for each in read if each.start < end and start < each.end]
    weight = 1.0 if here and all(is_open(each.assertion, each.rule) for each in here) else _RULED
    return Example(tuple(named(features(line, start, flatten(raw.get("heading", "")), kind))), way, weight)


@lru_cache(maxsize=1)  # the mentions of one line follow each other
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
