"""Identifiers known beforehand (patient, relatives, staff, numbers), in any width and spacing.

Names may have one misread or missing character; record numbers must be exact but for O/0, l/1 and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from unicodedata import normalize

from deid.document import Document
from deid.folding import fold
from deid.likeness import NO_NAME, right_edge, surname_of
from deid.lists import common_words, given, medical_words, single_surnames, words
from deid.mentions import similar
from deid.naming import surname_size
from deid.phrases import Phrases
from deid.recognizers.person_title import TITLE
from deid.repair import repair
from deid.spans import Finding, Tier
from records.entities import Entity

_GAP: Final = r"[\s·・\-_.,:;()]{0,3}"
_GAPS: Final = frozenset(" \n·・-_.,:;()|")
_LATIN_GAP: Final = r"[\s,.·\-]{0,3}"
_MASKS: Final = frozenset("×*某OXx□?〇○")
_TIGHT: Final = frozenset({Entity.MEDICAL_ID, Entity.OTHER_ID})
_SAME: Final = {"0": "0OoQD〇", "1": "1lIi|", "5": "5Ss", "8": "8B", "2": "2Zz", "6": "6b", "9": "9gq"}
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_TAIL: Final = re.compile(r"(?:[\-转/][0-9A-Za-z]{1,8}){1,3}")
_OFFSPRING: Final = re.compile(r"之[子女婴]$")
_FRAGMENT: Final = 5  # characters of a known address that no other text repeats by chance


def _flat(value: str) -> str:
    return re.sub(r"[\s·・\-_.,:;()]+", "", repair(fold(value).text))


def _number(entity: Entity, flat: str) -> re.Pattern[str] | None:
    """What a known number may look like; None when it is too short to be looked for."""
    if len(flat) < (3 if entity in _TIGHT else 4):
        return None
    gap = r"[ \-\n]{0,2}" if entity in _TIGHT else _GAP
    body = gap.join(f"[{_SAME[c]}]" if c in _SAME else re.escape(c) for c in flat)
    left = r"(?<![0-9A-Za-z])" if flat[0].isascii() else ""
    right = r"(?![0-9A-Za-z])" if flat[-1].isascii() else ""
    return re.compile(left + body + right, re.IGNORECASE if flat.isascii() else 0)


def _latin(value: str) -> re.Pattern[str] | None:
    """A name in letters; a letter with a mark also without it, or lost: Hofstätter, Hofstatter, Hofst tter."""
    parts = ["".join(map(_letter, part)) for part in re.findall(r"[^\W\d_]+", fold(value).text)]
    if not parts:
        return None
    either = {_LATIN_GAP.join(parts), _LATIN_GAP.join([*parts[1:], parts[0]])}
    return re.compile(f"(?<![{_LATIN}])(?:{'|'.join(sorted(either))})(?![{_LATIN}])", re.IGNORECASE)


_LATIN: Final = "A-Za-z\u00c0-\u024f"


def _letter(char: str) -> str:
    return char if char.isascii() else f"[{char}{normalize('NFD', char)[0]} ?]"


class _Names:
    """All known Chinese names at once: every place where the first or second character of one stands is checked."""

    def __init__(self, names: Sequence[str]) -> None:
        anchors: dict[str, list[tuple[str, int]]] = {}
        for name in dict.fromkeys(names):
            for place in (0, 1):
                near = similar().get(name[place], frozenset()) if len(name) == 2 else frozenset()
                for char in {name[place], *near}:
                    anchors.setdefault(char, []).append((name, place))
        self._anchors = anchors
        self._starts = re.compile(f"[{''.join(sorted(map(re.escape, anchors)))}]") if anchors else None
        surnames = {name[:size] for name in names if name[0] not in "老小" and (size := surname_of(name, rare=True))}
        self._titled = (
            re.compile(f"(?:{'|'.join(sorted(map(re.escape, surnames)))})(?={TITLE.pattern})") if surnames else None
        )
        parts = sorted({part for name in names for part in _parts(name)})
        lost = {name[:at] + name[at + 1 :] for name in names if len(name) >= 4 for at in range(len(name))}
        self._lost = Phrases(form for form in lost if form not in words())
        self._parts = (
            re.compile("|".join(" {0,2}".join(map(re.escape, part)) for part in sorted(parts, key=len, reverse=True)))
            if parts
            else None
        )

    def find(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """Where they stand, and whether only a part of the name does."""
        if self._starts is None:
            return
        for match in self._starts.finditer(text):
            for name, place in self._anchors[match.group()]:
                if whole := _spread(text, match.start(), name, place):
                    yield whole
                elif short := _short(text, match.start(), name, place):
                    yield *short, True
        if self._titled:
            for match in self._titled.finditer(text):
                if text[match.start() - 1 : match.end()] not in common_words():
                    yield *match.span(), True
        yield from ((at, at + len(form), True) for at, form in self._lost.find(text))
        if self._parts:
            for match in self._parts.finditer(text):
                part = match.group().replace(" ", "")
                edges = _left_alone(text, match.start()) + (right_edge(text, match.end()) >= 2)
                if edges >= (0 if part not in words() else 2 if part in medical_words() else 1):
                    yield *match.span(), True


def _parts(name: str) -> list[str]:
    """Two characters by which people call somebody: the given name, or either half of a name without a surname."""
    size = surname_size(name)
    if size and len(name) - size == 2:
        return [name[size:]]
    if len(name) < 4 or size == 2:
        return []
    return [name[:2], name[-2:], *([name[:3], name[-3:]] if len(name) >= 5 else [])]


def _spread(text: str, at: int, name: str, place: int) -> tuple[int, int, bool] | None:
    """The name around its character `place` at `at`: gaps anywhere, one character wrong."""
    wrong, start, gaps = 0, at, 0
    for index in range(place - 1, -1, -1):
        start -= 1
        while start > 0 and text[start] in _GAPS and gaps < 6:
            start, gaps = start - 1, gaps + 1
        if start < 0 or not (verdict := _fits(text, start, name, index)):
            return None
        wrong += verdict - 1
    end, wrong = at + 1, wrong + (_fits(text, at, name, place) - 1)
    for index in range(place + 1, len(name)):
        skipped = 0
        while end < len(text) and text[end] in _GAPS and skipped < 6:
            end, skipped = end + 1, skipped + 1
        gaps += skipped
        if end >= len(text) or not (verdict := _fits(text, end, name, index)):
            return None
        wrong += verdict - 1
        end += 1
    if len(name) == 2:
        if gaps and any(char in ":;,()" for char in text[start:end]):
            return None
        if wrong and (gaps or not _alone(text, start, end)):
            return None
        return (start, end + _goes_on(text, end), wrong == 1) if wrong <= 1 else None
    if wrong > 1 or (wrong and any(char in ":;,.()" for char in text[start:end])):
        return None
    return start, end, wrong == 1


def _goes_on(text: str, end: int) -> int:
    """1 where a name of two characters is the beginning of another one of three, else 0."""
    char = text[end : end + 1]
    goes_on = (
        sum(given().get(char, (0,))) >= _USUAL and right_edge(text, end) < 2 and text[end : end + 2] not in words()
    )
    return int(goes_on and char not in NO_NAME)


_USUAL: Final = 30  # how often a character must end given names to be taken for the end of one


def _fits(text: str, at: int, name: str, place: int) -> int:
    """1 when the right character stands there, 2 when one that may be read for it does, 0 when another does."""
    char, wanted = text[at], name[place]
    if char == wanted:
        return 1
    if char in similar().get(wanted, ()) or (char in _MASKS and (len(name) > 2 or char in "*×某")):
        return 2
    if len(name) < 3 or char.isspace() or char.isdigit() or char in _STOPS:
        return 0
    if not "\u4e00" <= char <= "\u9fff":
        return 2 if place else 0
    if place == 0 and len(name) == 3:
        return 2 if char in single_surnames() else 0
    if place == 2 and len(name) == 3:
        inside = text[at - 1 : at + 1] in words() or text[at : at + 2] in words()
        return 0 if inside or char in _NEVER_LAST else 2
    return 2


_STOPS: Final = frozenset(",.;:!?()[]{}/\\-、。〔〕\x1a")
_NEVER_LAST: Final = frozenset("诉于因在与和及等的说称同签代陪已未无有为系是主医护教先女男老入出住转行术今昨")


def _short(text: str, at: int, name: str, place: int) -> tuple[int, int] | None:
    """A name of three with one character lost, where it stands alone and is no word."""
    if place or len(name) != 3 or surname_size(name) != 1:
        return None
    for form in (name[0] + name[2], name[:2]):
        if text.startswith(form, at) and form not in words() and _alone(text, at, at + 2):
            return at, at + 2
    return None


def _alone(text: str, start: int, end: int) -> bool:
    return right_edge(text, end) >= 2 and _left_alone(text, start)


def _left_alone(text: str, start: int) -> bool:
    left = text[start - 1 : start]
    return not "\u4e00" <= left <= "\u9fff" or left in "者由与和请对向嘱给让为经及属士师妻夫子女父母按遵告问找陪"


class KnownValues:
    """Looks for the values it was made with; names together in one scan, numbers one pattern each, all linear."""

    name = "known"

    def __init__(self, known: Sequence[tuple[Entity, str]]) -> None:
        self.entity = Entity.PERSON
        names, self._patterns, fragments = [], list[tuple[Entity, re.Pattern[str]]](), set[str]()
        for entity, value in known:
            flat = _flat(value)
            pattern = None
            if entity is Entity.PERSON and _CHINESE.search(flat):
                names += [form for form in dict.fromkeys([flat, _OFFSPRING.sub("", flat)]) if len(form) >= 2]
            else:
                pattern = _latin(value) if entity is Entity.PERSON else _number(entity, flat)
            if pattern:
                self._patterns.append((entity, pattern))
            if entity is Entity.ADDRESS:
                fragments |= {flat[at : at + _FRAGMENT] for at in range(len(flat) - _FRAGMENT + 1)}
        # A value with signs in it, (0791)8689-5512 or 李?明, also as it stands: the patterns begin at its first letter.
        folded = ((fold(value).text.strip(), entity) for entity, value in known)
        self._signs = {value: entity for value, entity in folded if len(value) > 1 and not value.isalnum()}
        self._literal = Phrases(self._signs)
        self._names = _Names(names)
        self._fragments = Phrases(part for part in fragments if sum("\u4e00" <= c <= "\u9fff" for c in part) >= 2)

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = [_finding(start, end, Entity.PERSON, part) for start, end, part in self._names.find(text)]
        for entity, pattern in self._patterns:
            for match in pattern.finditer(text):
                end = match.end()
                tail = _TAIL.match(text, end) if entity in _NUMBERED else None
                found.append(_finding(match.start(), tail.end() if tail else end, entity))
        found += [_finding(at, at + len(part), Entity.ADDRESS) for at, part in self._fragments.find(text)]
        found += [_finding(at, at + len(part), self._signs[part]) for at, part in self._literal.find(text)]
        return found


_NUMBERED: Final = frozenset({Entity.PHONE, Entity.MEDICAL_ID, Entity.OTHER_ID, Entity.ACCOUNT})


def _finding(start: int, end: int, entity: Entity, part: bool = False) -> Finding:
    rule, why = ("known.part", "part of a name known beforehand") if part else ("known.value", "known beforehand")
    return Finding(start, end, entity, rule, 1.0, why, Tier.KNOWN)
