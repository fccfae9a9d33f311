"""What sections of records say of their patients: one section, or very many on all processors."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from typing import Final

from records.mentions import Mention
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_judge import Judge
from semantic.concepts import Lexicon

Section = tuple[CleanText, str]  # the text, and the heading it stands under
Mentions = tuple[Mention, ...]
_MANY: Final = 2000  # sections that are worth more processes
_CHUNK: Final = 250
_OURS: list[Lexicon] = []  # what a process of its own reads with


def read(text: CleanText, heading: str, lexicon: Lexicon) -> Mentions:
    """The mentions of a section: what the rules say, and what the judge says where they say nothing."""
    return annotate(text, heading, lexicon, judge=Judge.load())


def read_all(sections: Sequence[Section], lexicon: Lexicon) -> Iterator[Mentions]:
    """The mentions of each section, in order. Many are shared out among processes, one for each processor, that read on
    while the first are taken; they are copies of this one, so it must have no other thread that could hold a lock just
    then."""
    workers = len(os.sched_getaffinity(0))
    Judge.load()
    if workers == 1 or len(sections) < _MANY or threading.active_count() > 1:
        yield from (read(text, heading, lexicon) for text, heading in sections)
        return
    with multiprocessing.get_context("fork").Pool(workers, _OURS.append, (lexicon,)) as pool:
        yield from pool.imap(_read, [(text.value, heading) for text, heading in sections], chunksize=_CHUNK)


def _read(section: tuple[str, str]) -> Mentions:
    text, heading = section
    return read(CleanText.from_shelf(text), heading, _OURS[-1])
