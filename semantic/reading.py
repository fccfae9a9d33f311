"""What sections of records say of their patients: one section, or very many on all processors."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from records.mentions import Mention
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_judge import Judge
from semantic.assertion_words import spoken
from semantic.concepts import Lexicon

Section = tuple[CleanText, str]  # the text, and the heading it stands under
_MANY: Final = 2000  # sections that are worth more processes
_CHUNK: Final = 250
_OURS: list[Lexicon] = []  # what a process of its own reads with


@dataclass(frozen=True, slots=True)
class Reading:
    """A section read: its mentions, and its text with blanks for words that do not speak of its patient."""

    mentions: tuple[Mention, ...]
    spoken: str


def read(text: CleanText, heading: str, lexicon: Lexicon) -> Reading:
    """One section: what the rules say, and what the judge says where they say nothing."""
    judge = Judge.load()
    mentions = annotate(text, heading, lexicon, judge=judge)
    return Reading(mentions, spoken(text.value, heading, mentions, judge))


def read_all(sections: Sequence[Section], lexicon: Lexicon) -> list[Reading]:
    """Every section, in order. Many are shared out among processes, one for each processor; they are copies of this
    one, so it must have no other thread that could hold a lock just then."""
    workers = len(os.sched_getaffinity(0))
    Judge.load()
    if workers == 1 or len(sections) < _MANY or threading.active_count() > 1:
        return [read(text, heading, lexicon) for text, heading in sections]
    with multiprocessing.get_context("fork").Pool(workers, _OURS.append, (lexicon,)) as pool:
        return pool.map(_read, [(text.value, heading) for text, heading in sections], chunksize=_CHUNK)


def _read(section: tuple[str, str]) -> Reading:
    text, heading = section
    return read(CleanText.from_shelf(text), heading, _OURS[-1])
