"""Trains the name tagger from data/deid alone: an averaged perceptron in integers, so the file is the same bit for bit everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from deid.grammar import Grammar
from deid.tagger import Tagger, context_features, escape, name_features, pad

SEED: Final = 20_260_101
ROUNDS: Final = 110
EPOCHS: Final = 4
MARGIN: Final = 12
SCALE: Final = 64
_KEEP: Final = 4  # weights smaller than this change nothing and are left out


def train(out: Path) -> Path:
    """Write the model to `out` (tab-separated feature and weight, sorted). Takes about two minutes on one core."""
    examples = [_example(text, spans) for text, spans in Grammar(SEED).sentences(ROUNDS)]
    weights: dict[str, int] = {}
    totals: dict[str, int] = {}
    step = 1
    for _ in range(EPOCHS):
        for example in examples:
            for features, is_name in example:
                step += 1
                value = sum(weights.get(f, 0) for f in features)
                if (value <= MARGIN) if is_name else (value >= -MARGIN):
                    change = 1 if is_name else -1
                    for feature in features:
                        weights[feature] = weights.get(feature, 0) + change
                        totals[feature] = totals.get(feature, 0) + change * step
    averaged = {f: (w * step - totals[f]) * SCALE // step for f, w in weights.items()}
    rows = sorted(f"{escape(f)}\t{w}" for f, w in averaged.items() if abs(w) >= _KEEP)
    out.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    return out


def _example(text: str, spans: list[tuple[int, int]]) -> list[tuple[list[str], bool]]:
    padded = pad(text)
    gold = {(start + 4, end + 4) for start, end in spans}
    return [
        ([*name_features(padded[start:end], size), *context_features(padded, start, end)], (start, end) in gold)
        for start, end, size in _OPEN.candidates(padded)
    ]


_OPEN: Final = Tagger({})
