"""Cue words of assertion, read from data/assertion. The files hold all the grammar; this only finds the cues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import ahocorasick_rs

from records.errors import BadInput
from records.mentions import Assertion
from records.paths import data_dir
from semantic.gated import Gated, Gates
from semantic.lexicon_concept import ConceptKind, Found
from semantic.lexicon_files import expand_choices, read_toml
from semantic.lexicon_fold import Folded, flatten
from semantic.lexicon_match import longest

IGNORE: Final = "ignore"  # looks like a cue and is none ("无明显诱因")
STOP: Final = "stop"  # ends the scope of what stands before it ("但")
SUBJECT: Final = "subject"  # the patient is spoken of again: ends even the scope of a relative
RESUME: Final = "resume"  # the same, but a denial goes on over it ("否认本次发病前外伤")
_LISTS: Final = ("fillers", "openers", "history", "graded", "apes")
_SHORT: Final = (("denied_short", Assertion.NEGATED), ("doubted_short", Assertion.POSSIBLE))
_OF_A_KIND: Final = (("denied_kind", Assertion.NEGATED), ("stated_kind", Assertion.PRESENT))
SILENT: Final = frozenset({IGNORE, STOP, SUBJECT, RESUME})  # say nothing of a mention themselves


class Reach(StrEnum):
    """How far a cue holds."""

    LIST = "list"  # its clause, and on over commas while only list items follow
    CLAUSE = "clause"  # its clause
    BREATH = "breath"  # its clause, over stop words
    SENTENCE = "sentence"  # to the end of the sentence
    NEAREST = "nearest"  # the nearest mention of its clause only
    ADJACENT = "adjacent"  # a mention that touches it


@dataclass(frozen=True, slots=True)
class Cue:
    """One rule for a set of words. `says` is an Assertion or one of SILENT."""

    id: str
    says: str
    after: bool  # the cue stands after the mention
    reach: Reach
    last: bool  # counts only where its clause ends
    first: bool  # counts only where its clause begins
    alike: bool  # a list without a disease goes on over commas only while no disease follows
    kinds: frozenset[ConceptKind]


@dataclass(frozen=True, slots=True)
class CueWord:
    """All rules of one word, and what follows from them."""

    rules: tuple[Cue, ...]
    stops: bool  # ends the scope of an earlier cue
    turns: bool  # from here on the sentence speaks of the patient
    resumes: bool  # the same, and ends no denial
    behind: bool  # only judges what stands before it
    ignored: bool  # is none, though it looks like one

    @classmethod
    def of(cls, rules: Sequence[Cue]) -> CueWord:
        """Work out the flags once."""
        said = {rule.says for rule in rules}
        stops, resumes = bool(said & {STOP, SUBJECT}), RESUME in said
        behind = all(rule.after for rule in rules)
        return cls(tuple(rules), stops, resumes or SUBJECT in said, resumes, behind, IGNORE in said)


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A cue in a text, code-point offsets, half-open."""

    start: int
    end: int
    word: CueWord


@dataclass(frozen=True, slots=True)
class Pattern:
    """A cue that needs a regular expression; what it says holds for its group `scope`. One of SILENT: the group is the
    cue, as a word of that kind would be."""

    id: str
    says: str
    regex: Gated
    kinds: frozenset[ConceptKind]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Many patterns, tried only where they may match."""

    all: tuple[Pattern, ...]
    gates: Gates

    @classmethod
    def of(cls, patterns: Iterable[Pattern]) -> Patterns:
        """In their order."""
        kept = tuple(patterns)
        return cls(kept, Gates.of([each.regex for each in kept]))

    def found(self, flat: str) -> Iterator[tuple[int, re.Match[str]]]:
        """(place of the pattern, match)."""
        for at in self.gates.may(flat):
            for match in self.all[at].regex.finditer(flat):
                yield at, match


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading and what it makes of a plain mention below it."""

    says: Assertion
    name: str


@dataclass(frozen=True, slots=True)
class Cues:
    """All rules: an automaton over the cue words, the patterns, the headings, the fillers between list items."""

    words: tuple[str, ...]
    rules: tuple[CueWord, ...]  # of each word, and of each silent pattern
    automaton: ahocorasick_rs.AhoCorasick
    patterns: Patterns
    silent: Patterns
    headings: Mapping[str, Assertion]
    heading_marks: re.Pattern[str]
    filler: re.Pattern[str]
    opener: re.Pattern[str]
    history: re.Pattern[str]
    graded: re.Pattern[str]
    apes: tuple[str, ...]
    unspoken: tuple[Gated, ...]
    short: tuple[tuple[Assertion, Gated], ...]
    of_a_kind: tuple[tuple[Assertion, Gated], ...]
    between: tuple[Gated, ...]
    contrary: Mapping[str, tuple[str, ...]]

    def find(self, folded: Folded, mentions: Sequence[Found] = ()) -> list[FoundCue]:
        """Cues in a text, longest first where they overlap, sorted. Letters of a mention's name are no cue, unless
        it begins with another word for the patient ("孕妇", "新生儿黄疸")."""
        begun = {each.start for each in mentions}
        taken = {at for each in mentions for at in range(each.start, each.end)}
        spoken = [(*match.span("scope"), len(self.words) + at) for at, match in self.silent.found(folded.flat)]
        said = self.automaton.find_matches_as_indexes(folded.flat, overlapping=True)
        spoken += [(start, end, word) for word, start, end in said if folded.bounded(start, end)]
        claims = [
            (start, end, word)
            for start, end, word in spoken
            if taken.isdisjoint(range(start, end)) or (self.rules[word].resumes and start in begun)
        ]
        return [FoundCue(start, end, self.rules[word]) for start, end, word in longest(claims)]

    def heading(self, name: str) -> Heading | None:
        """The rule of a section heading: the longest known name that stands in it."""
        flat = flatten(name)
        known = max((each for each in self.headings if each in flat), key=len, default="")
        return Heading(self.headings[known], known) if known else None


@lru_cache(maxsize=2)
def load_cues(folder: Path | None = None) -> Cues:
    """The shipped rules, or those of another folder; BadInput names the rule that is wrong."""
    folder = folder or data_dir() / "assertion"
    rules: dict[str, list[Cue]] = {}
    patterns: list[Pattern] = []
    lists: dict[str, list[str]] = {key: [] for key in _LISTS}
    headings: dict[str, Assertion] = {}
    short: list[tuple[Assertion, Gated]] = []
    of_a_kind: list[tuple[Assertion, Gated]] = []
    contrary: dict[str, tuple[str, ...]] = {}
    files = [(path.name, read_toml(path)) for path in sorted(folder.glob("*.toml"))]
    for file, raw in files:
        for block in raw.get("cue", []):
            cue = _cue(block, file)
            for word in expand_choices([str(each) for each in block["words"]]):
                rules.setdefault(flatten(word), []).append(cue)
        patterns += [_pattern(block, file) for block in raw.get("pattern", [])]
        for key in _LISTS:
            lists[key] += [flatten(word) for word in expand_choices([str(each) for each in raw.get(key, [])])]
        for key, says in _SHORT:
            short += [(says, Gated.of(str(regex))) for regex in raw.get(key, [])]
        for key, says in _OF_A_KIND:
            of_a_kind += [(says, Gated.of(str(regex))) for regex in raw.get(key, [])]
        contrary |= {str(block["word"]): tuple(map(str, block["names"])) for block in raw.get("contrary", [])}
        for block in raw.get("heading", []):
            for name in block["names"]:
                headings[flatten(str(name))] = Assertion(block["says"])
    words = sorted(rules)
    silent = Patterns.of(each for each in patterns if each.says in SILENT)
    marks = _either(sorted(headings, key=len, reverse=True))
    return Cues(
        words=tuple(words),
        rules=(*(CueWord.of(rules[word]) for word in words), *map(_looks_like, silent.all)),
        automaton=ahocorasick_rs.AhoCorasick(words, store_patterns=False),
        patterns=Patterns.of(each for each in patterns if each.says not in SILENT),
        silent=silent,
        headings=headings,
        heading_marks=re.compile(rf"(?:^|(?<=[\n。;,\s]))[【\[(]?(?P<name>{marks})[】\])]?\s*(?::|(?<=[】\]]))"),
        filler=_rows(lists["fillers"], r"[\s、/()]"),
        opener=_rows(lists["openers"], r"[\s,。;.!?、:()\d]"),
        history=re.compile(rf"(?:{_either(sorted(lists['history'], key=len, reverse=True))})[\s等)]*$"),
        graded=re.compile(_either(sorted(lists["graded"], key=len, reverse=True))),
        apes=tuple(lists["apes"]),
        unspoken=_gated(files, "unspoken"),
        short=tuple(short),
        of_a_kind=tuple(of_a_kind),
        between=_gated(files, "between"),
        contrary=contrary,
    )


def _gated(files: Iterable[tuple[str, Mapping[str, Any]]], key: str) -> tuple[Gated, ...]:
    return tuple(Gated.of(str(regex)) for _, raw in files for regex in raw.get(key, []))


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in words) or "(?!)"


def _rows(words: Sequence[str], mark: str) -> re.Pattern[str]:
    """Any row of words and marks. A word that is a row of others is left out, and a Latin one ends where letters do:
    what can be read in two ways is read in all of them, and takes for ever where a long row ends in something else."""
    kept: list[str] = []
    row = re.compile(rf"(?:{mark})*")
    for word in sorted(set(words), key=len):
        if not row.fullmatch(word):
            kept.insert(0, re.escape(word) + ("(?![a-z])" if word[-1:].isascii() else ""))
            row = re.compile(rf"(?:{'|'.join(kept)}|{mark})*")
    return row


def _cue(block: Mapping[str, Any], file: str) -> Cue:
    name = str(block.get("id", ""))
    says = block.get("says")
    if says not in {*Assertion, *SILENT} or not block.get("words") or not name:
        raise BadInput(
            "assertion_invalid", f"Assertion file {file}, cue '{name}': it needs id, words and a known says."
        )
    try:
        return Cue(
            id=name,
            says=str(says),
            after=block.get("side", "before") == "after",
            reach=Reach(block.get("reach", "list")),
            last=bool(block.get("last", False)),
            first=bool(block.get("first", False)),
            alike=bool(block.get("alike", False)),
            kinds=_kinds(block),
        )
    except ValueError as error:
        raise BadInput("assertion_invalid", f"Assertion file {file}, cue '{name}': {error}.") from None


def _pattern(block: Mapping[str, Any], file: str) -> Pattern:
    try:
        regex = Gated.of(str(block["regex"]))
    except (re.error, KeyError) as error:
        raise BadInput("assertion_invalid", f"Assertion file {file}: a pattern has no valid regex: {error}.") from None
    says = str(block["says"])
    return Pattern(str(block["id"]), says if says in SILENT else str(Assertion(says)), regex, _kinds(block))


def _looks_like(pattern: Pattern) -> CueWord:
    """A silent pattern as a word of its kind."""
    return CueWord.of([Cue(pattern.id, pattern.says, False, Reach.LIST, False, False, False, pattern.kinds)])


def _kinds(block: Mapping[str, Any]) -> frozenset[ConceptKind]:
    return frozenset(ConceptKind(kind) for kind in block.get("kinds", []))
