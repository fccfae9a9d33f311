"""Learns the network that reads lines for the judge of mentions: first to guess characters that are hidden from it, of
every line at hand, then from what people said of the mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from semantic.assertion_judge import WAYS
from semantic.assertion_net import BAR, FIRST, HEAD, LAYERS, PAD, UNKNOWN, WEIGHT
from semantic.assertion_train import Taught

_MOST: Final = 16 * WEIGHT - 1  # below 16, as assertion_net.py counts on
_TOGETHER: Final = 48  # lines that are learnt from at once


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training is made of. Equal recipes and lines give equal weights on one machine, nearly so on another."""

    chars: int = 48  # numbers that a character is told apart by
    hidden: int = 64  # ... that a direction of a layer remembers
    kind: int = 16
    middle: int = 96
    guesses: int = 10  # times that all lines are gone through, guessing
    rounds: int = 14  # ... learning mentions
    rate: float = 3e-3
    guess_drop: float = 0.1
    drop: float = 0.3
    blank: float = 0.15  # characters that are hidden while mentions are learnt
    smooth: float = 0.02
    rare: int = 5  # characters seen less often are not learnt
    seed: int = 20260101


Ticks = Callable[[int, int], None]


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""


class _Reader(nn.Module):  # type: ignore[misc]
    def __init__(self, chars: int, kinds: int, recipe: Recipe) -> None:
        super().__init__()
        self.char = nn.Embedding(FIRST + chars, recipe.chars, padding_idx=PAD)
        self.first = nn.GRU(recipe.chars, recipe.hidden, batch_first=True, bidirectional=True)
        self.second = nn.GRU(2 * recipe.hidden, recipe.hidden, batch_first=True, bidirectional=True)
        self.kind = nn.Embedding(1 + kinds, recipe.kind)
        self.middle = nn.Linear(4 * recipe.hidden + recipe.kind, recipe.middle)
        self.out = nn.Linear(recipe.middle, len(WAYS))
        self.guess = nn.Linear(4 * recipe.hidden, recipe.chars)
        self.guess_bias = nn.Parameter(torch.zeros(FIRST + chars))
        self.drop = nn.Dropout(recipe.drop)

    def read(self, codes: torch.Tensor) -> torch.Tensor:
        """[lines, steps, 4h] of codes [lines, steps]."""
        lengths = (codes != PAD).sum(1)
        first = self._layer(self.first, self.drop(self.char(codes)), lengths)
        return torch.cat([first, self._layer(self.second, self.drop(first), lengths)], -1)

    @staticmethod
    def _layer(layer: nn.GRU, seen: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = pack_padded_sequence(seen, lengths, batch_first=True, enforce_sorted=False)
        found: torch.Tensor = pad_packed_sequence(layer(packed)[0], batch_first=True)[0]
        return found

    def forward(self, codes: torch.Tensor, rows: Any, places: Any, kinds: torch.Tensor) -> torch.Tensor:
        """[mentions, ways], unscaled."""
        seen = torch.cat([self.read(codes)[rows, places], self.kind(kinds)], -1)
        told: torch.Tensor = self.out(self.drop(functional.relu(self.middle(self.drop(seen)))))
        return told


def train(out: Path, lines: Sequence[Taught], recipe: Recipe | None = None, ticks: Ticks = _quiet) -> dict[str, Any]:
    """Write the network learnt from these lines (assertion_train.taught), in some ten minutes on two processors.
    `ticks` is told how many steps are done, and of how many."""
    recipe = recipe or Recipe()
    trainer = _Trainer(lines, recipe, ticks)
    trainer.guess()
    trainer.learn()
    save_file(trainer.weights(), out)
    out.chmod(0o644)  # safetensors writes for its owner only; this is shipped data
    mentions = sum(len(line.said) for line in lines)
    return {"lines": len(lines), "mentions": mentions, "characters": len(trainer.chars), "file": str(out)}


class _Trainer:
    def __init__(self, lines: Sequence[Taught], recipe: Recipe, ticks: Ticks) -> None:
        self._recipe = recipe
        self._ticks = ticks
        self._done, self._total = 0, (recipe.guesses + recipe.rounds) * -(-len(lines) // _TOGETHER)
        self._draw = np.random.default_rng(recipe.seed)
        self._lines = lines
        texts = [line.heading[:HEAD] + BAR + line.line.text for line in lines]
        seen = Counter(char for text in texts for char in text)
        self.chars = sorted(char for char, count in seen.items() if count >= recipe.rare)
        codes = {char: FIRST + at for at, char in enumerate(self.chars)}
        self._codes = [np.array([codes.get(char, UNKNOWN) for char in text]) for text in texts]
        self.kinds = sorted({mention.kind for line in lines for mention in line.said})
        self._kinds = {kind: 1 + at for at, kind in enumerate(self.kinds)}
        torch.manual_seed(recipe.seed)
        self.reader = _Reader(len(self.chars), len(self.kinds), recipe)

    def guess(self) -> None:
        """Learn to tell a fifth of all characters, and of their neighbours a half, from the rest of their lines."""
        for codes, _ in self._batches(self._recipe.guesses, self._recipe.guess_drop):
            hidden = torch.from_numpy(self._draw.random(codes.shape) < 0.2)
            beside = torch.from_numpy(self._draw.random(codes.shape) < 0.5)
            hidden = (hidden | (hidden.roll(1, 1) & beside)) & (codes != PAD)
            told = self.reader.guess(self.reader.read(codes.masked_fill(hidden, UNKNOWN))[hidden])
            self._step(
                functional.cross_entropy(told @ self.reader.char.weight.T + self.reader.guess_bias, codes[hidden])
            )

    def learn(self) -> None:
        """Learn whose mentions are; now and then characters and kinds are kept from it."""
        for codes, batch in self._batches(self._recipe.rounds, self._recipe.drop):
            said = [(row, one) for row, at in enumerate(batch) for one in self._lines[at].said]
            places = [
                len(self._lines[batch[row]].heading[:HEAD] + BAR) + self._lines[batch[row]].line.places[one.start]
                for row, one in said
            ]
            rows = [row for row, _ in said]
            blank = torch.from_numpy(self._draw.random(codes.shape) < self._recipe.blank) & (codes != PAD)
            blank[rows, places] = False
            kinds = torch.tensor([self._kinds[one.kind] * int(self._draw.random() > 0.2) for _, one in said])
            told = self.reader(codes.masked_fill(blank, UNKNOWN), rows, places, kinds)
            ways, counts = torch.tensor([one.way for _, one in said]), torch.tensor([one.weight for _, one in said])
            each = functional.cross_entropy(told, ways, reduction="none", label_smoothing=self._recipe.smooth)
            self._step((each * counts).sum() / counts.sum())

    def _batches(self, rounds: int, drop: float) -> Iterator[tuple[torch.Tensor, list[int]]]:
        """Codes [lines, steps] and which lines they are, of lines about as long as each other, in any order."""
        steps = rounds * -(-len(self._lines) // _TOGETHER)
        self.reader.drop.p = drop
        self._optimiser = torch.optim.AdamW(self.reader.parameters(), self._recipe.rate, weight_decay=0.02)
        self._pace = torch.optim.lr_scheduler.OneCycleLR(self._optimiser, self._recipe.rate, steps, pct_start=0.15)
        for _ in range(rounds):
            near = [len(each) + self._draw.random() * 12 for each in self._codes]
            order = sorted(range(len(near)), key=near.__getitem__)
            batches = [order[at : at + _TOGETHER] for at in range(0, len(order), _TOGETHER)]
            for at in self._draw.permutation(len(batches)):
                codes = torch.zeros(
                    len(batches[at]), max(len(self._codes[line]) for line in batches[at]), dtype=torch.long
                )
                for row, line in enumerate(batches[at]):
                    codes[row, : len(self._codes[line])] = torch.from_numpy(self._codes[line])
                yield codes, batches[at]
                self._done += 1
                self._ticks(self._done, self._total)

    def _step(self, loss: torch.Tensor) -> None:
        self._optimiser.zero_grad()
        loss.backward()
        clip_grad_norm_(self.reader.parameters(), 1.0)
        self._optimiser.step()
        self._pace.step()

    @staticmethod
    def _whole(weights: torch.Tensor) -> npt.NDArray[np.int16]:
        parts: npt.NDArray[np.int16] = np.rint(weights.detach().numpy() * WEIGHT).clip(-_MOST, _MOST).astype(np.int16)
        return parts

    def weights(self) -> dict[str, npt.NDArray[Any]]:
        """As assertion_net.Net reads them."""
        kept = {name: self._whole(each) for name, each in self.reader.named_parameters()}
        found: dict[str, npt.NDArray[Any]] = {
            "chars": np.array([ord(char) for char in self.chars], dtype=np.uint32),
            "kinds": np.frombuffer("\n".join(self.kinds).encode(), dtype=np.uint8),
            "char": kept["char.weight"],
            "kind": kept["kind.weight"],
        }
        for layer in LAYERS:
            for name, part in (
                ("seen", "weight_ih"),
                ("bias", "bias_ih"),
                ("again", "weight_hh"),
                ("again_bias", "bias_hh"),
            ):
                both = [kept[f"{layer}.{part}_l0{way}"] for way in ("", "_reverse")]
                found[f"{layer}_{name}"] = np.stack(both)
        for part in ("middle", "out"):
            found[part], found[f"{part}_bias"] = kept[f"{part}.weight"], kept[f"{part}.bias"]
        return found
