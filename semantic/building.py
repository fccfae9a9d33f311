"""The index part of a segment: of a few records here, of very many by all processors."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from multiprocessing.connection import Connection
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
    parts = [records[slice(*each)] for each in pairwise(bounds)]
    fork = multiprocessing.get_context("fork")
    pipes: list[Connection] = []
    helpers = []
    try:
        for at in range(workers):
            ours, theirs = fork.Pipe(duplex=False)
            pipes.append(ours)
            helper = fork.Process(
                target=_build, args=(parts[at::workers], encoder, lexicon, theirs, pipes), daemon=True
            )
            helper.start()
            helpers.append(helper)
            theirs.close()  # so that its pipe ends when it does
        for at in range(len(parts)):
            yield _received(pipes[at % workers])
    finally:
        for helper in helpers:
            helper.kill()
            helper.join()
        for pipe in pipes:
            pipe.close()


def _received(pipe: Connection) -> bytes:
    try:
        built: bytes | Exception = pipe.recv()
    except (EOFError, OSError):
        raise Unavailable(
            "builder_stopped",
            "A process that was building the index was stopped, most often for want of memory; free some and publish "
            "again.",
        ) from None
    if isinstance(built, Exception):
        raise built
    return built


def _build(
    parts: list[Sequence[ShelfRecord]], encoder: Encoder, lexicon: Lexicon, out: Connection, theirs: list[Connection]
) -> None:
    for pipe in theirs:  # so that nobody reads on once the process that asked has gone
        pipe.close()
    with suppress(BrokenPipeError):
        try:
            for part in parts:
                out.send(build_index(part, encoder, lexicon))
        except Exception as error:  # noqa: BLE001 - it is raised again by who asked
            out.send(error)
