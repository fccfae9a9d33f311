"""Learns the sequence tagger: an averaged structured perceptron with margins, all in integers, so bit for bit the same.

Batches of samples are decoded together; what differs from the truth moves the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from deid.samples import Sample
from deid.signals import EDGE, NOTHING, ROWS, SURROUNDINGS, signals
from deid.tags import OUTSIDE, TAGS, WIDTH, kind_of, may_follow, tags_of

Ints = npt.NDArray[np.int64]
BATCH: Final = 16
NEVER: Final = -(1 << 28)
# What a wrong tag must be beaten by: a name missed, a name where none is, one kind for another.
MISSED, INVENTED, CONFUSED = 150, 110, 90
_GAP: Final = "\x00" * EDGE


class Learner:
    """Weights of rows and of what follows what, with their running sums."""

    def __init__(self) -> None:
        self.weights = np.zeros((ROWS + 1, TAGS), dtype=np.int32)
        self._sums = np.zeros((ROWS + 1, TAGS), dtype=np.int64)
        self.follow = np.zeros((TAGS, TAGS), dtype=np.int64)
        self._follow_sums = np.zeros((TAGS, TAGS), dtype=np.int64)
        self._barred = np.array(
            [[0 if may_follow(a, b) else NEVER for b in range(TAGS)] for a in range(TAGS)], dtype=np.int64
        )
        self._costs = np.array([[_cost(a, b) for b in range(TAGS)] for a in range(TAGS)], dtype=np.int64)
        self._turn = 0

    def learn(self, batch: Sequence[Sample]) -> int:
        """One batch; returns how many characters were wrong."""
        self._turn += 1
        samples = sorted(batch, key=lambda s: -len(s.text))
        rows = np.stack(list(signals(_GAP.join(s.text for s in samples))))
        truth = np.zeros((len(samples), len(samples[0].text) + 2), dtype=np.int64)
        places = np.zeros_like(truth)
        at = 0
        for line, sample in enumerate(samples):
            size = len(sample.text)
            places[line, 1 : size + 1] = np.arange(at, at + size)
            for start, end, kind in sample.spans:
                truth[line, start + 1 : end + 1] = tags_of(end - start, kind)
            if sample.alone:
                rows[np.array(SURROUNDINGS)[:, None], np.arange(at, at + size)] = NOTHING
            at += size + EDGE
        inside = np.zeros(truth.shape, dtype=bool)
        for line, sample in enumerate(samples):
            inside[line, 1 : len(sample.text) + 1] = True
        scores = np.full((*truth.shape, TAGS), NEVER, dtype=np.int64)
        scores[..., OUTSIDE] = 0
        scores[inside] = self._emit(rows[:, places[inside]]) + self._costs[truth[inside]]
        guess = best_path(scores, self.follow + self._barred)
        wrong = (guess != truth) & inside
        self._move(rows[:, places[wrong]], truth[wrong], guess[wrong])
        self._move_follow(truth, guess)
        return int(wrong.sum())

    def _emit(self, rows: Ints) -> Ints:
        total = np.zeros((rows.shape[1], TAGS), dtype=np.int64)
        for row in rows:
            total += self.weights.take(row, axis=0)
        return total

    def _move(self, rows: Ints, truth: Ints, guess: Ints) -> None:
        flat = rows * TAGS
        for tags, change in ((truth, 1), (guess, -1)):
            at = (flat + tags).ravel()
            np.add.at(self.weights.reshape(-1), at, np.int32(change))
            np.add.at(self._sums.reshape(-1), at, np.int64(change * self._turn))
        self.weights[NOTHING] = 0
        self._sums[NOTHING] = 0

    def _move_follow(self, truth: Ints, guess: Ints) -> None:
        for tags, change in ((truth, 1), (guess, -1)):
            np.add.at(self.follow, (tags[:, :-1], tags[:, 1:]), change)
            np.add.at(self._follow_sums, (tags[:, :-1], tags[:, 1:]), change * self._turn)

    def averaged(self) -> tuple[Ints, Ints]:
        """Mean weights over all turns, times 16: of the rows, and of what follows what."""
        turn = self._turn + 1
        rows = (self.weights.astype(np.int64) * turn - self._sums) * 16 // turn
        return rows, (self.follow * turn - self._follow_sums) * 16 // turn


def packed(rows: Ints, follow: Ints) -> npt.NDArray[np.int8]:
    """The table that is shipped: rows of features, then of what follows what, all in eight bits."""
    sizes = np.sort(np.abs(rows), axis=None)
    unit = max(1, int(sizes[len(sizes) - len(sizes) // 10_000]) // LARGEST)
    table = np.zeros((ROWS + WIDTH, WIDTH), dtype=np.int8)
    for at, part in ((0, rows[:ROWS]), (ROWS, follow)):
        table[at : at + len(part), :TAGS] = np.clip((part + unit // 2) // unit, -LARGEST, LARGEST)
    return table


LARGEST: Final = 127


def _cost(truth: int, guess: int) -> int:
    if truth == guess:
        return 0
    if guess == OUTSIDE:
        return MISSED
    if truth == OUTSIDE:
        return INVENTED
    return CONFUSED if kind_of(truth) is not kind_of(guess) else CONFUSED // 2


def best_path(scores: Ints, follow: Ints) -> Ints:
    """The best tags of several lines at once: scores (lines, places, tags), follow (before, after)."""
    lines, size, _ = scores.shape
    back = np.zeros((lines, size, TAGS), dtype=np.int8)
    best = scores[:, 0]
    for place in range(1, size):
        ways = best[:, :, None] + follow
        back[:, place] = chosen = ways.argmax(axis=1)
        best = np.take_along_axis(ways, chosen[:, None, :], axis=1)[:, 0] + scores[:, place]
    tags = np.zeros((lines, size), dtype=np.int64)
    tags[:, -1] = best.argmax(axis=1)
    every = np.arange(lines)
    for place in range(size - 1, 0, -1):
        tags[:, place - 1] = back[every, place, tags[:, place]]
    return tags
