"""Character error rate of recognised text against the truth, for the demo's figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Score:
    """Edit operations and truth characters summed over pages."""

    errors: int = 0
    characters: int = 0
    pages: int = 0

    def plus(self, errors: int, characters: int) -> Score:
        """With one more page."""
        return Score(self.errors + errors, self.characters + characters, self.pages + 1)

    @property
    def rate(self) -> float:
        """Errors per character of truth; 0 when nothing was scored."""
        return self.errors / self.characters if self.characters else 0.0


def character_errors(truth: str, read: str) -> int:
    """Levenshtein distance, a row at a time in numpy: O(n·m) time, O(m) memory."""
    if not truth or not read:
        return max(len(truth), len(read))
    other = np.frombuffer(read.encode("utf-32-le"), dtype=np.uint32)
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for number, character in enumerate(truth, start=1):
        changed = np.minimum(row[:-1] + (other != ord(character)), row[1:] + 1)
        row = np.concatenate(([number], changed))
        row = np.minimum.accumulate(row - steps) + steps
    return int(row[-1])
