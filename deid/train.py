"""Trains the models of data/deid from its lists, frames and marked documents alone: the same files on every machine."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from deid.day_train import train_days
from deid.document import Document
from deid.learning import BATCH, Learner, packed
from deid.marked import Marked, authors, marked_lines
from deid.name_train import FOLDER, train_names
from deid.number_train import train_numbers
from deid.readings import write
from deid.samples import SOURCES, Sample, Samples
from deid.sequence import Reading, Sequence
from records.paths import data_dir

SEED: Final = 20_260_101
ROUNDS: Final = 20  # of all frames
ROUNDS_OF_STRANGERS: Final = 10  # of frames that each tagger of `read_by_strangers` learns from
OF_DOCUMENTS: Final = 10  # rounds of documents
EPOCHS: Final = 3
_CHUNK: Final = 16 * BATCH
_LISTS: Final = (
    "surnames.tsv", "given.tsv", "given_pairs.txt", "words.txt", "medical_words.txt", "medical_extra.txt",
    "common_words.txt", "places.tsv", "ethnic_name_parts.txt", "lookalikes.txt", "frame_words.txt",
    "frames/values.txt", "frames/terms.txt", *SOURCES,
)  # fmt: skip


def train(folder: Path) -> Path:
    """Write `tagger.npy`, `tagger.json` (its sources and digests), `readings.tsv`, and what `train_marked`
    writes: some fifteen minutes."""
    frames = list(Samples(SEED).draw(ROUNDS))
    write(read_by_strangers(frames[:: ROUNDS // ROUNDS_OF_STRANGERS]), folder / "readings.tsv")
    documents = list(Samples(SEED).marked(marked_lines(FOLDER), OF_DOCUMENTS))
    table = learn(frames + documents)
    np.save(folder / "tagger.npy", table)
    facts = {"sources": sources(), "model": _digest(table.tobytes()), "short": short()}
    (folder / "tagger.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8", newline="\n")
    return train_marked(folder)


def read_by_strangers(frames: list[Sample]) -> Iterator[tuple[Document, Reading]]:
    """Each document as a tagger reads it that has learnt from one half of the authors, and not from its own.

    The judge of names learns from these: what the shipped tagger finds in documents it knows is too good.
    """
    halves = _halves()
    for mine, others in (halves, halves[::-1]):
        stranger = Sequence(learn(frames + list(Samples(SEED).marked(others, OF_DOCUMENTS))))
        docs = [Document(marked.text) for marked in mine]
        yield from zip(docs, stranger.read_all([doc.text for doc in docs]), strict=True)


def _halves() -> tuple[list[Marked], list[Marked]]:
    every = authors(FOLDER)
    even, odd = every[::2], every[1::2]
    return list(marked_lines(FOLDER, but=odd)), list(marked_lines(FOLDER, but=even))


def train_marked(folder: Path) -> Path:
    """Write `days.tsv`, `numbers.tsv` and `names.tsv`, which are learnt from marked lines: days and names from what the
    rules and models of data/deid find in them, so again after each change of these. Half a minute."""
    train_days(folder / "days.tsv")
    train_numbers(folder / "numbers.tsv")
    train_names(folder / "names.tsv")
    return folder


def learn(samples: list[Sample]) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """The weight table after all epochs."""
    learner = Learner()
    rng = random.Random(SEED)
    for _ in range(EPOCHS):
        for batch in _batches(samples, rng):
            learner.learn(batch)
    return packed(*learner.averaged())


def _batches(samples: list[Sample], rng: random.Random) -> Iterator[list[Sample]]:
    """All samples in chance order, those of like length together."""
    rng.shuffle(samples)
    for at in range(0, len(samples), _CHUNK):
        chunk = sorted(samples[at : at + _CHUNK], key=lambda sample: len(sample.text))
        batches = [chunk[k : k + BATCH] for k in range(0, len(chunk), BATCH)]
        rng.shuffle(batches)
        yield from batches


def short() -> str:
    """Digest of the model after a few samples: what a test can afford to repeat."""
    samples = Samples(SEED)
    every = [*samples.draw(), *samples.marked(marked_lines(FOLDER), 1)]
    return _digest(learn(every[::12]).tobytes())


def sources() -> str:
    """Digest of all lists, frames and documents that the model is made from."""
    files = [*_LISTS, *(f"{author}.txt" for author in authors(FOLDER))]
    return _digest(b"\0".join((data_dir() / "deid" / name).read_bytes() for name in files))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
