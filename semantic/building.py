"""The index part of a segment: of a few records here, of very many by all processors."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from records.errors import Unavailable
from records.shelf import ShelfRecord
from semantic.assertion_cues import load_cues
from semantic.assertion_judge import Judge
from semantic.concepts import Lexicon
from semantic.encoder import Encoder, StaticEncoder
from semantic.merge import combine_index
from semantic.segment import Segment, build_index

_MANY: Final = 2000  # sections that are worth more processes
_SHARE: Final = 5000  # ... that one builds at once, so that none waits long for the last
_PATIENCE_S: Final = 2.0  # between two looks whether all processes are there
_OURS: list[tuple[Sequence[ShelfRecord], Encoder, Lexicon]] = []  # what a process of its own builds from


def build(records: Sequence[ShelfRecord], encoder: Encoder, lexicon: Lexicon) -> bytes:
    """The index part of these records. Many are shared out among processes, one for each processor, and what they made
    is joined; they are copies of this one, so it must have no other thread that could hold a lock just then, and a
    transformer has some. Raises Unavailable("builder_stopped") when one of them is killed."""
    sections = sum(len(record.sections) for record in records)
    workers = len(os.sched_getaffinity(0))
    alone = workers == 1 or threading.active_count() > 1 or not isinstance(encoder, StaticEncoder)
    if alone or sections < _MANY:
        return build_index(records, encoder, lexicon)
    Judge.load()  # once for all
    load_cues()
    parts = [Segment(part, "") for part in _shared_out(records, encoder, lexicon, workers, -(-sections // _SHARE))]
    return combine_index(parts, [np.ones(part.records, dtype=bool) for part in parts])


def _shared_out(
    records: Sequence[ShelfRecord], encoder: Encoder, lexicon: Lexicon, workers: int, shares: int
) -> Iterator[bytes]:
    bounds = np.linspace(0, len(records), min(max(workers, shares), len(records)) + 1).astype(int).tolist()
    before = {each.pid for each in multiprocessing.active_children()}
    ours = records, encoder, lexicon
    with multiprocessing.get_context("fork").Pool(workers, _OURS.append, (ours,)) as pool:
        helpers = {each.pid for each in multiprocessing.active_children()} - before
        built = pool.imap(_build_share, pairwise(bounds))
        while True:
            try:
                yield built.next(_PATIENCE_S)
            except StopIteration:
                return
            except multiprocessing.TimeoutError:  # the pool puts another in the place of one that died, and waits on
                if not helpers <= {each.pid for each in multiprocessing.active_children()}:
                    raise Unavailable(
                        "builder_stopped",
                        "A process that was building the index was stopped, most often for want of memory; free some "
                        "and publish again.",
                    ) from None


def _build_share(bounds: tuple[int, int]) -> bytes:
    records, encoder, lexicon = _OURS[-1]
    return build_index(records[slice(*bounds)], encoder, lexicon)
