"""Trains the judge of names from data/deid alone: an averaged perceptron in integers, the same file everywhere."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final, NamedTuple

from deid.grammar import Grammar
from deid.tagger import PAD, Tagger, context_features, escape, name_features, pad
from records.regression import write

SEED: Final = 20_260_101
ROUNDS: Final = 110
EPOCHS: Final = 4
MARGIN: Final = 12
HIDDEN: Final = 0.5
SCALE: Final = 64
_KEEP: Final = 4  # weights smaller than this change nothing and are left out


def train_judge(out: Path) -> Path:
    """Write the model to `out` (tab-separated feature and weight, sorted). Takes about a minute on one core."""
    hide = random.Random(SEED)
    examples = [_example(text, spans, hide) for text, spans in Grammar(SEED).sentences(ROUNDS)]
    model = _Perceptron()
    for _ in range(EPOCHS):
        for example in examples:
            model.learn(example)
    write({escape(f): (w,) for f, w in model.averaged().items() if abs(w) >= _KEEP}, out)
    return out


class _Candidate(NamedTuple):
    features: list[str]
    gold: int  # index of the name it overlaps, -1 if none
    exact: bool  # whether it is that name


class _Perceptron:
    """Averaged, in integers: exact on every machine."""

    def __init__(self) -> None:
        self._weights: dict[str, int] = {}
        self._totals: dict[str, int] = {}
        self._step = 1

    def learn(self, example: list[_Candidate]) -> None:
        """A name must beat zero and whatever overlaps it; what overlaps no name must stay below zero."""
        get = self._weights.get
        scored = [(sum(get(f, 0) for f in candidate.features), candidate) for candidate in example]
        best: dict[int, tuple[int, _Candidate]] = {}
        for value, candidate in scored:
            self._step += 1
            if candidate.exact:
                best[candidate.gold] = value, candidate
                if value <= MARGIN:
                    self._move(candidate.features, 1)
            elif candidate.gold < 0 and value >= -MARGIN:
                self._move(candidate.features, -1)
        for value, candidate in scored:
            if (
                candidate.gold >= 0
                and not candidate.exact
                and candidate.gold in best
                and value >= best[candidate.gold][0] - MARGIN
            ):
                self._move(best[candidate.gold][1].features, 1)
                self._move(candidate.features, -1)

    def _move(self, features: list[str], change: int) -> None:
        for feature in features:
            self._weights[feature] = self._weights.get(feature, 0) + change
            self._totals[feature] = self._totals.get(feature, 0) + change * self._step

    def averaged(self) -> dict[str, int]:
        """The mean weights over all steps, times SCALE."""
        return {f: (w * self._step - self._totals[f]) * SCALE // self._step for f, w in self._weights.items()}


def _example(text: str, spans: list[tuple[int, int]], hide: random.Random) -> list[_Candidate]:
    """Candidates of one sentence; half the time without their neighbours, as names must stand on their own too."""
    padded = pad(text)
    out = []
    bare = hide.random() < HIDDEN
    for start, end, size in _OPEN.candidates(padded):
        context = context_features(padded, start, end)
        if bare:
            context = [feature for feature in context if feature[0] not in "lLrR"]
        gold = next((k for k, (a, b) in enumerate(spans) if a + PAD < end and start < b + PAD), -1)
        exact = gold >= 0 and (start, end) == (spans[gold][0] + PAD, spans[gold][1] + PAD)
        out.append(_Candidate([*name_features(padded[start:end], size), *context], gold, exact))
    return out


_OPEN: Final = Tagger({})
