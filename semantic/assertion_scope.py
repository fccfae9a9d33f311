"""Where sentences and clauses end, and which mentions stand in the scope of a cue. Pure; the words are data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from semantic.assertion_cues import Cue, Cues, FoundCue, Reach
from semantic.lexicon_concept import Found

_END: Final = re.compile(r"[。;!?]+|\.(?=\s|$)|\n+|(?<![\d.])(?=(?:[1-9]|1[0-9])[.)](?!\d))|(?<=[\s。;,])(?=[①-⑳])")
_COMMA: Final = re.compile(r",(?!\d{3})")
_WRAPPED: Final = 20  # a line at least this long without an end mark was wrapped, not ended
_LONGEST: Final = 600
_OPEN_TAIL: Final = frozenset("、,及和或与/:(")
_GAP: Final = 8  # characters between a mention and a cue behind it
_SIDE: Final = 2  # characters between 的 and what it describes ("右" in "的右下腹痛")
_OR: Final = frozenset({"或", "或者", "与", "抑或", "还是", "or"})  # what is said of the last holds of both
_ITEMS: Final = re.compile(r"[^,。;、/有见示为]{0,3}[、/](?:[^,。;、/有见示为及和与或]{1,6}[、/及和与或])*")
_JOINT: Final = re.compile(r"[、/及和与或并\s]|and|or")
_CHAIN: Final = 10  # longest list item between commas whose words are not known


@dataclass(frozen=True, slots=True)
class Range:
    """A piece of the text, half-open."""

    start: int
    end: int


def sentences(flat: str) -> list[Range]:
    """Sentences with their end marks; a wrapped line does not end one."""
    found: list[Range] = []
    start = 0
    for match in _END.finditer(flat):
        if match.end() <= start or ("\n" in match[0] and _goes_on(flat, start, match.start())):
            continue
        found.extend(_parts(flat, start, match.end()))
        start = match.end()
    if start < len(flat):
        found.extend(_parts(flat, start, len(flat)))
    return found


def _parts(flat: str, start: int, end: int) -> Iterator[Range]:
    """A sentence, cut at commas where it is too long for one: no cue reaches so far, and all pairs are looked at."""
    while end - start > _LONGEST:
        cut = flat.rfind(",", start, start + _LONGEST) + 1 or start + _LONGEST
        yield Range(start, cut)
        start = cut
    yield Range(start, end)


def _goes_on(flat: str, start: int, newline: int) -> bool:
    line = flat[max(start, flat.rfind("\n", 0, newline) + 1) : newline].rstrip()
    return bool(line) and (line[-1] in _OPEN_TAIL or (len(line) >= _WRAPPED and line[-1].isalnum()))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its clauses, mentions and cues, all in offsets of the text."""

    flat: str
    clauses: tuple[Range, ...]
    mentions: Sequence[Found]
    cues: Sequence[FoundCue]
    rules: Cues
    sick: frozenset[int] = frozenset()  # where the mentions of diseases begin

    @classmethod
    def of(
        cls,
        flat: str,
        place: Range,
        mentions: Sequence[Found],
        cues: Sequence[FoundCue],
        rules: Cues,
        sick: frozenset[int] = frozenset(),
    ) -> Sentence:
        """Split a sentence at its commas."""
        cuts = [place.start, *(comma.end() for comma in _COMMA.finditer(flat, place.start, place.end)), place.end]
        clauses = tuple(Range(left, right) for left, right in pairwise(cuts) if left < right)
        return cls(flat, clauses, mentions, cues, rules, sick)

    def scoped(self) -> Iterator[tuple[Found, Cue, FoundCue]]:
        """Every (mention, rule, cue) that holds in this sentence."""
        for at, cue in enumerate(self.cues):
            for rule in cue.word.rules:
                if (rule.last and not self._ends_clause(cue)) or (rule.first and not self._begins_clause(cue)):
                    continue
                for mention in self._after_cue(at, cue, rule) if not rule.after else self._before_cue(at, cue, rule):
                    yield mention, rule, cue

    def _clause(self, offset: int) -> int:
        return next(at for at, clause in enumerate(self.clauses) if offset < clause.end)

    def _ends_clause(self, cue: FoundCue) -> bool:
        """Whether nothing of the clause, or of the item of a list, comes behind a cue."""
        rest = self.flat[cue.end : self.clauses[self._clause(cue.start)].end].strip(" ,。;.!?\n)了的过")
        return not rest or rest.startswith("、")

    def _begins_clause(self, cue: FoundCue) -> bool:
        """Whether only openers of the clause, or of the item of a list, come before a cue."""
        ahead = self.flat[self.clauses[self._clause(cue.start)].start : cue.start]
        return self.rules.opener.fullmatch(ahead.rpartition("、")[2]) is not None

    def _after_cue(self, at: int, cue: FoundCue, rule: Cue) -> Iterator[Found]:
        """Mentions in the scope of a cue that stands before them."""
        limit = self._limit(at, cue, rule)
        behind = [each for each in self.mentions if cue.end <= each.start and each.end <= limit]
        if rule.reach is Reach.ADJACENT:
            behind = [each for each in behind[:1] if not self.flat[cue.end : each.start].strip()]
        elif rule.reach is Reach.NEAREST:
            behind = behind[:1]
        elif rule.reach is not Reach.SENTENCE:
            behind = self._until_attribute(behind)
        yield from behind

    def _limit(self, at: int, cue: FoundCue, rule: Cue) -> int:
        """Where the scope of a cue ends: at a stop word, at a comma, or behind the list that goes on over commas."""
        later = self.cues[at + 1 :]
        if rule.reach in (Reach.SENTENCE, Reach.BREATH):
            last = self.clauses[-1 if rule.reach is Reach.SENTENCE else self._clause(cue.start)]
            return min(last.end, next((other.start for other in later if other.word.turns), last.end))
        stop = next((other.start for other in later if other.word.stops), self.clauses[-1].end)
        here = self._clause(cue.start)
        end = self.clauses[here].end
        listed = [each.start for each in self.mentions if cue.end <= each.start and each.end <= min(end, stop)]
        if rule.reach is Reach.LIST and listed:
            told = rule.alike and self.rules.graded.search(self.flat, cue.end, end) is None
            end = self._list_end(here, rule.alike and self.sick.isdisjoint(listed), told)
        return min(end, stop)

    def _list_end(self, here: int, well: bool, told: bool) -> int:
        """End of the last clause that only goes on with the list begun in clause `here`; `well`: not with a disease;
        `told`: not with one that is told by its degree, its kind or its side, unless they are all histories."""
        last, firm = here, len(self.clauses)
        for at in range(here + 1, len(self.clauses)):
            clause = self.clauses[at]
            end = self._bare(clause)
            if end is None or (well and self._sick(clause)):
                break
            if told and firm > at and self.rules.graded.search(self.flat, clause.start, end):
                firm = at
            if end < clause.end:
                return end if firm > at else self.clauses[firm - 1].end
            last = at
        if firm <= last and not self.rules.history.search(self._words(last)):
            return self.clauses[firm - 1].end
        for at in range(here + 1, len(self.clauses)):
            words = self._words(at)
            if self._has_cue(self.clauses[at]) or any(char.isdigit() for char in words):
                break
            if self.rules.history.search(words):
                last = max(last, at)
            elif len(words) > _CHAIN:
                break
        return self.clauses[last].end

    def _words(self, at: int) -> str:
        return self.flat[self.clauses[at].start : self.clauses[at].end].strip(" ,。;.!?\n")

    def _sick(self, clause: Range) -> bool:
        return any(clause.start <= start < clause.end for start in self.sick)

    def _has_cue(self, clause: Range) -> bool:
        return any(clause.start <= cue.start < clause.end and not cue.word.behind for cue in self.cues)

    def _bare(self, clause: Range) -> int | None:
        """Where a clause that is nothing but mentions and fillers ends (at a stop word, if one comes); else None."""
        end = clause.end
        for cue in self.cues:
            if clause.start <= cue.start < clause.end and not cue.word.behind:
                if not cue.word.stops:
                    return None
                end = cue.start
                break
        at, seen = clause.start, False
        for each in self.mentions:
            if clause.start <= each.start < end:
                if not self._filler(at, each.start):
                    return None
                at, seen = each.end, True
        return end if seen and self._filler(at, end) else None

    def _filler(self, start: int, end: int) -> bool:
        return self.rules.filler.fullmatch(self.flat[start:end].strip(" ,。;.!?\n")) is not None

    def _listed(self, start: int, end: int) -> bool:
        """Whether what stands between two mentions joins them in a list, whose items need not all be known."""
        if start > end or (start == end and end not in self.sick):  # the same words, or an attribute ("包虫抗体")
            return True
        between = self.flat[start:end]
        joined = self._filler(start, end) and _JOINT.search(between) is not None
        return joined or _ITEMS.fullmatch(between) is not None

    def _until_attribute(self, behind: list[Found]) -> list[Found]:
        """Stop where a mention only describes the next one ("无吸烟史的肺癌")."""
        for at, (left, right) in enumerate(pairwise(behind), 1):
            cut = self.flat.rfind("的", left.end, right.start)
            if right.start - _SIDE <= cut + 1 and cut >= 0 and self._filler(left.end, cut):
                return behind[:at]
        return behind

    def _before_cue(self, at: int, cue: FoundCue, rule: Cue) -> Iterator[Found]:
        """Mentions in the scope of a cue that stands behind them."""
        clause = self.clauses[self._clause(cue.start)]
        # "诊断" of "诊断被否" is part of the verdict and parts nothing.
        apart = [other.end for other in self.cues[:at] if other.word.behind]
        apart += [other.end for other in self.cues[:at] if other.word.stops and other.end + _SIDE < cue.start]
        floor = max(apart, default=clause.start)
        ahead = [each for each in self.mentions if max(floor, clause.start) <= each.start and each.end <= cue.start]
        gap = 0 if rule.reach is Reach.ADJACENT else _GAP
        edge = cue.start
        for each in reversed(ahead):
            between = self.flat[each.end : edge]
            if edge == cue.start:
                if len(between.strip()) > gap:
                    return
            elif between.strip() not in _OR and (rule.reach is not Reach.LIST or not self._listed(each.end, edge)):
                return
            yield each
            edge = each.start
