"""Learns the judge of mentions from examples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
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
from semantic.assertion_judge import WAYS, features, named
from semantic.concepts import Lexicon
from semantic.lexicon_concept import Found
from semantic.lexicon_fold import Folded, flatten, fold

SHIPPED: Final = ("examples.jsonl", "collections.jsonl")
_STEPS: Final = 200  # near enough: more move no weight that matters
_PLAIN: Final = 0.15  # what a mention read by the rules counts beside one that somebody judged
_HOLDS: Final = frozenset({Assertion.PAST, Assertion.PROBABLE})


def train(out: Path, lexicon: Lexicon, examples: Sequence[Path] = ()) -> dict[str, Any]:
    """Write the weights learnt from the shipped examples and a hospital's own files of the same shape."""
    folder = data_dir() / "assertion"
    shipped = (folder / name for name in SHIPPED)
    own = [each for path in (*shipped, *examples) for each in judged(path, lexicon)]
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
        (folded, _, spots), heading = _read(raw["text"], lexicon), flatten(raw["heading"])
        mentions = annotate(CleanText.from_shelf(raw["text"]), raw["heading"], lexicon)
        hidden = line_of(folded.flat, mentions, spots)
        for each in mentions:
            seen = features(hidden, each.start, heading, str(lexicon.concept(each.concept).kind))
            found.append(Example(tuple(named(seen)), _way(each.assertion), _PLAIN))
    return found


def learn(examples: Sequence[Example]) -> Weights:
    """What each feature says for each of WAYS, in hundredths."""
    return regression.learn(examples, len(WAYS), _STEPS)


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
        folded, found, spots = _read(raw["text"], lexicon)
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
    return Example(tuple(named(features(line, start, flatten(raw.get("heading", "")), kind))), way, 1.0)


@lru_cache(maxsize=1)  # the mentions of one line follow each other
def _read(text: str, lexicon: Lexicon) -> tuple[Folded, tuple[Found, ...], list[FoundCue]]:
    """A text folded, the concepts it names, and the cues around them."""
    folded = fold(text)
    found = lexicon.find(text, folded=folded)
    return folded, found, load_cues().find(folded, found)


def _way(said: Assertion) -> int:
    """The place in WAYS; what is past, or held for the time being, is the patient's own."""
    return WAYS.index(Assertion.PRESENT if said in _HOLDS else said)
