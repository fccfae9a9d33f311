"""What a section of a record says of its patient."""

from __future__ import annotations

from records.mentions import Mention
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_judge import Judge
from semantic.concepts import Lexicon


def read(text: CleanText, heading: str, lexicon: Lexicon) -> tuple[Mention, ...]:
    """The mentions of a section: what the rules say, and what the judge says where they say nothing;
    its measured values among them."""
    return annotate(text, heading, lexicon, judge=Judge.load(), values=True)
