"""A small recurrent network that reads a whole line for the judge of mentions: what is said two clauses off, in which
order. It sees characters, with every mention hidden, in both directions, and tells of each mention asked about.

Its weights are in data/assertion/net.safetensors, written by `lantai assertion train-net`; numpy runs them. They are
whole 64ths, and what is remembered from step to step whole 128ths, so that every sum of products is exact: what is said
of a line does not depend on the lines that are read with it, which others may own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file
from threadpoolctl import ThreadpoolController

from records.errors import BadInput
from records.paths import data_dir

Floats = npt.NDArray[np.float32]
HEAD: Final = 12  # characters of a heading that are read before the line
BAR: Final = "|"  # ... parted from it by this
PAD, UNKNOWN, FIRST = 0, 1, 2  # codes of characters: none, one not learnt, the first of those that are
LAYERS: Final = ("first", "second")
_BATCH: Final = 64  # lines at once
_PIECE: Final = 128  # a long line is read in pieces of so many characters at most
_EDGE: Final = 32  # ... with so many of what stands around each
WEIGHT: Final = 64  # weights are whole parts of this size
_STATE: Final = 128  # ... and what is remembered, which lies between -1 and 1
_REACH: Final = 1024  # no sum of products may grow so large: in whole 2**-13 it needs 24 bits, as many as float32 has
_STOP: Final = re.compile("[。;!?]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A line (assertion_judge.Line) under its heading, and the mentions asked about: (place in the line, kind)."""

    heading: str
    line: str
    mentions: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is read at once, as codes; which of the mentions asked about stand in it, where, and their kinds."""

    codes: npt.NDArray[np.int64]
    rows: list[int]
    places: list[int]
    kinds: list[int]


class Net:
    """`weights`: `chars` uint32 [c] code points, `kinds` the kinds of concepts as one text, int16 matrices in 64ths."""

    def __init__(self, weights: dict[str, npt.NDArray[np.generic]]) -> None:
        self._codes = {chr(int(char)): FIRST + at for at, char in enumerate(weights["chars"])}
        kinds = bytes(weights["kinds"]).decode().split("\n")
        self._kinds = {kind: 1 + at for at, kind in enumerate(kinds)}  # 0 for a kind that was not learnt
        full: dict[str, Floats] = {
            name: (each.astype(np.float32) / WEIGHT).astype(np.float32)
            for name, each in weights.items()
            if name not in ("chars", "kinds")
        }
        self._kind = full["kind"]
        self._middle, self._middle_bias = full["middle"].T.copy(), full["middle_bias"]
        self._out, self._out_bias = full["out"].T.astype(np.float64), full["out_bias"]
        self._again = [full[f"{name}_again"].transpose(0, 2, 1).copy() for name in LAYERS]  # [2, h, 3h]
        self._again_bias = [full[f"{name}_again_bias"][:, None, :] for name in LAYERS]
        least = min(
            _REACH - _reach(weights, given)
            for weights, given in (
                (full["first_seen"], full["char"]),
                (full["second_seen"], np.ones(1, np.float32)),
                *((full[f"{name}_again"], np.ones(1, np.float32)) for name in LAYERS),
                (full["middle"], np.append(full["kind"], np.float32(1))),
            )
        )
        if least <= 0:
            raise ValueError("weights too large for exact sums")
        # What a character gives the first layer is the same wherever it stands.
        self._seen = full["char"] @ full["first_seen"].transpose(0, 2, 1) + full["first_bias"][:, None, :]
        self._second = full["second_seen"].transpose(0, 2, 1).copy()
        self._second_bias = full["second_bias"][:, None, None, :]

    @classmethod
    @lru_cache(maxsize=2)
    def load(cls, path: Path | None = None) -> Net:
        """The shipped network, or another. BadInput when the file is none, or sums would not be exact."""
        path = path or data_dir() / "assertion" / "net.safetensors"
        try:
            return cls(load_file(path))
        except (OSError, SafetensorError, KeyError, ValueError):
            raise BadInput("net_invalid", f"Train the network of mentions again; {path.name} cannot be read.") from None

    def shares(self, asked: Sequence[Asked]) -> list[Floats]:
        """For each line float32 [mentions, ways]: how likely each of assertion_judge.WAYS is, together 1."""
        found: list[Floats] = [np.zeros((len(each.mentions), len(self._out_bias)), dtype=np.float32) for each in asked]
        pieces = [(at, piece) for at, each in enumerate(asked) for piece in self._pieces(each)]
        pieces.sort(key=lambda piece: -len(piece[1].codes))
        with _threads().limit(limits=1, user_api="blas"):  # products so small take three times as long on two
            for start in range(0, len(pieces), _BATCH):
                batch = pieces[start : start + _BATCH]
                said = iter(self._told([piece for _, piece in batch]))
                for at, piece in batch:
                    for row in piece.rows:
                        found[at][row] = next(said)
        return found

    def _pieces(self, asked: Asked) -> Iterator[_Piece]:
        head = asked.heading[:HEAD] + BAR
        order = sorted(range(len(asked.mentions)), key=lambda row: asked.mentions[row][0])
        places_of = [asked.mentions[row][0] for row in order]
        for start, end in _parts(asked.line):
            inside = order[bisect_left(places_of, start) : bisect_left(places_of, end)]
            if inside:
                begin = max(0, start - _EDGE)
                text = head + asked.line[begin : end + _EDGE]
                codes = np.array([self._codes.get(char, UNKNOWN) for char in text], dtype=np.int64)
                places = [len(head) + asked.mentions[row][0] - begin for row in inside]
                yield _Piece(codes, inside, places, [self._kinds.get(asked.mentions[row][1], 0) for row in inside])

    def _told(self, pieces: Sequence[_Piece]) -> Floats:
        """float32 [mentions, ways] of pieces, the longest first."""
        lengths = np.array([len(piece.codes) for piece in pieces])
        codes = np.zeros((len(pieces), lengths[0]), dtype=np.int64)
        for row, piece in enumerate(pieces):
            codes[row, : lengths[row]] = piece.codes
        turned = np.maximum(lengths[:, None] - 1 - np.arange(lengths[0]), 0)  # the same backwards
        rows = np.arange(len(pieces))[:, None]
        first = self._layer(0, np.stack([self._seen[0][codes], self._seen[1][codes[rows, turned]]]), lengths)
        both = np.concatenate([first[0], first[1][rows, turned]], axis=-1)
        seen: Floats = np.stack([both, both[rows, turned]]) @ self._second[:, None] + self._second_bias
        second = self._layer(1, seen, lengths)
        owner = np.array([row for row, piece in enumerate(pieces) for _ in piece.rows])
        place = np.array([place for piece in pieces for place in piece.places])
        back = turned[owner, place]
        kinds = np.array([kind for piece in pieces for kind in piece.kinds])
        last = [both[owner, place], second[0][owner, place], second[1][owner, back], self._kind[kinds]]
        middle = np.maximum(np.concatenate(last, axis=-1) @ self._middle + self._middle_bias, 0)
        told = middle.astype(np.float64) @ self._out + self._out_bias
        told = np.exp(told - told.max(axis=1, keepdims=True))
        shares: Floats = (told / told.sum(axis=1, keepdims=True)).astype(np.float32)
        return shares

    def _layer(self, layer: int, seen: Floats, lengths: npt.NDArray[np.int64]) -> Floats:
        """A gated recurrent layer (Cho et al. 2014, as PyTorch writes it) both ways: float32 [2, lines, steps, h] from
        what its gates get of the input, [2, lines, steps, 3h]."""
        again, bias = self._again[layer], self._again_bias[layer]
        size = again.shape[1]
        state = np.zeros((2, seen.shape[1], size), dtype=np.float32)
        out = np.zeros((*seen.shape[:3], size), dtype=np.float32)
        reach = np.searchsorted(-lengths, -np.arange(seen.shape[2]))  # how many lines are longer than that
        for step, live in enumerate(reach.tolist()):
            now, before = seen[:, :live, step], state[:, :live]
            kept = before @ again + bias
            gates = 0.5 + 0.5 * np.tanh(0.5 * (now[..., : 2 * size] + kept[..., : 2 * size]))
            new = np.tanh(now[..., 2 * size :] + gates[..., :size] * kept[..., 2 * size :])
            state[:, :live] = np.rint((new + gates[..., size:] * (before - new)) * _STATE) / _STATE
            out[:, :live, step] = state[:, :live]
        return out


@lru_cache(maxsize=1)
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _reach(weights: Floats, given: Floats) -> float:
    """How large a sum of these weights times what is given can be at most."""
    return float(np.abs(weights).sum(axis=-1).max() * np.abs(given).max())


def _parts(line: str) -> Iterator[tuple[int, int]]:
    """A line in parts of at most _PIECE characters, parted where sentences end."""
    start = 0
    while len(line) - start > _PIECE:
        end = max((stop.end() for stop in _STOP.finditer(line, start, start + _PIECE)), default=start + _PIECE)
        yield start, end
        start = end
    yield start, len(line)
