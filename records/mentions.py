"""A concept found in a passage, and what the text says of it (断言)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from records.ids import ConceptId


class Assertion(StrEnum):
    """What the sentence says of the concept."""

    PRESENT = "present"
    NEGATED = "negated"  # 否认、未见、排除
    FAMILY = "family"  # 家族史, somebody else has it
    PAST = "past"  # 既往
    POSSIBLE = "possible"  # 待排、不除外
    PLANNED = "planned"  # 拟行
    PROBABLE = "probable"  # 考虑、可能性大: what is treated for the time being


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention: code-point offsets in its passage (half-open), the words that matched, and the assertion.

    `rule` names the assertion or laboratory rule; `day` is days from the patient's anchor when the text dates it;
    `sure` is how likely it is the patient's own, where no rule says so and the judge was asked.
    """

    concept: ConceptId
    start: int
    end: int
    words: str
    assertion: Assertion
    rule: str = ""
    day: int | None = None
    sure: float = 1.0
