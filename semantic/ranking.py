"""The numbers search runs on, read once from data/search/ranking.toml. Nothing here knows a disease."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from records.mentions import Assertion
from records.paths import data_dir
from semantic.lexical import LexicalRules


@dataclass(frozen=True, slots=True)
class DenseRules:
    """How many nearest passages join the pool, when every row is looked at, and how many records are compared."""

    candidates: int
    probe: int
    exact_below: int
    pool: int


@dataclass(frozen=True, slots=True)
class FusionRules:
    """Weights of the three kinds of evidence, their changes in a story, and the constant of reciprocal ranks."""

    rank_constant: float
    concept: float
    lexical: float
    dense: float
    story_lexical: float
    story_dense: float


@dataclass(frozen=True, slots=True)
class SenseRules:
    """What senses count in a story beside letters."""

    concept: float
    kindred: float


@dataclass(frozen=True, slots=True)
class ConceptRules:
    """What assertions and circumstances make of a mention; the words are explained in ranking.toml."""

    present: float
    past: float
    probable: float
    possible: float
    planned: float
    sureness: tuple[float, ...]
    repeat: float
    joint: float
    whole: float
    aside_of_words: float
    sure: float
    unwanted: float
    story: float
    silent: float
    disputed: float
    torn: float
    part: float
    denied: float
    denier: float
    doubter: float
    denying: float
    aside: float
    root: float
    kind_floor: float

    def worth(self, assertion: Assertion) -> float:
        """What a mention with this assertion is worth as evidence that the patient has it."""
        worth: dict[Assertion, float] = {
            Assertion.PRESENT: self.present,
            Assertion.PAST: self.past,
            Assertion.PROBABLE: self.probable,
            Assertion.POSSIBLE: self.possible,
            Assertion.PLANNED: self.planned,
        }
        return worth.get(assertion, 0.0)


@dataclass(frozen=True, slots=True)
class Ranking:
    """All of ranking.toml."""

    lexical: LexicalRules
    story_k1: float
    story_common: float
    lexical_candidates: int
    bridge: float
    bridged: int
    story_bridge: float
    filler: float
    told: float
    unsaid: float
    lacked: float
    cover: float
    score_share: float
    story_share: float
    senses: SenseRules
    dense: DenseRules
    fusion: FusionRules
    concept: ConceptRules

    @classmethod
    def of(cls, table: dict[str, Any]) -> Ranking:
        """From the parsed table; KeyError or TypeError when a number is missing or unknown."""
        lexical = table["lexical"]
        return cls(
            LexicalRules(lexical["k1"], lexical["b"], lexical["single"], lexical["common"]),
            lexical["story_k1"],
            lexical["story_common"],
            lexical["candidates"],
            lexical["bridge"],
            lexical["bridged"],
            lexical["story_bridge"],
            lexical["filler"],
            lexical["told"],
            lexical["unsaid"],
            lexical["lacked"],
            lexical["cover"],
            lexical["score_share"],
            lexical["story_share"],
            SenseRules(**table["senses"]),
            DenseRules(**table["dense"]),
            FusionRules(**table["fusion"]),
            ConceptRules(**{**table["concept"], "sureness": tuple(table["concept"]["sureness"])}),
        )


@lru_cache(maxsize=1)
def ranking() -> Ranking:
    """The shipped numbers."""
    return Ranking.of(tomllib.loads((data_dir() / "search" / "ranking.toml").read_text(encoding="utf-8")))
