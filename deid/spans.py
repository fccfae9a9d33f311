"""What the de-identifier finds: spans over the input and the findings they come from. Holds offsets, never text."""

from __future__ import annotations

from enum import IntEnum
from operator import itemgetter
from typing import Final, NamedTuple

from records.entities import Entity


class Tier(IntEnum):
    """Who wins where two findings overlap: the higher one."""

    MODEL = 1
    RULE = 2
    CHECKSUM = 3
    KNOWN = 4


class Finding(NamedTuple):
    """One recognizer's claim on folded text (half-open code points of the folded text)."""

    start: int
    end: int
    entity: Entity
    rule: str
    score: float
    why: str
    tier: Tier = Tier.RULE


class Span(NamedTuple):
    """Code-point offsets of the input, half-open; lists of spans are sorted and never overlap.

    `rule` names the rule that found it, `why` says in a few words what it saw; neither holds text of the record.
    """

    start: int
    end: int
    entity: Entity
    rule: str
    score: float
    why: str = ""


made: Final = tuple.__new__  # what a NamedTuple does in the end to make one of its own, in a third of the time
place_of: Final = itemgetter(0, 1)  # start and end of a finding, a span or what the tagger found
