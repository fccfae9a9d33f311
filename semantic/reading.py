"""What the sections of records say of their patient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from records.mentions import Mention
from records.texts import CleanText
from semantic.assertion import mentions_of, verdicts_on
from semantic.assertion_cues import load_cues
from semantic.assertion_judge import Judge
from semantic.assertion_outline import Outline
from semantic.concepts import Lexicon

_TOGETHER: Final = 256  # sections that the judge is asked of at once


def read(text: CleanText, heading: str, lexicon: Lexicon) -> tuple[Mention, ...]:
    """The mentions of a section: what the rules say, and what the judge says where they say nothing;
    its measured values among them."""
    return next(read_all([(text, heading)], lexicon))


def read_all(sections: Sequence[tuple[CleanText, str]], lexicon: Lexicon) -> Iterator[tuple[Mention, ...]]:
    """The same for each of many sections and their headings, in a fraction of the time."""
    rules, judge = load_cues(), Judge.load()
    for start in range(0, len(sections), _TOGETHER):
        outlines = [Outline.of(*each, lexicon, rules) for each in sections[start : start + _TOGETHER]]
        for outline, judged in zip(outlines, verdicts_on(outlines, judge), strict=True):
            yield mentions_of(outline, lexicon, rules, judged, values=True)
