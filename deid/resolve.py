"""One set of spans out of many findings: known beats checksum beats rule beats model; nothing is left half covered."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from deid.lists import common_words, surnames
from deid.naming import is_placeholder
from deid.spans import Finding, Tier
from records.entities import Entity

_FAMILIAR: Final = 5  # how usual a surname must be to be kept alone beside a known given name
_TRIM: Final = " \t\n,.;:、。,;:()[]"


def rank(finding: Finding) -> tuple[int, int, float, int, str]:
    """Sort key, best last; total, so that the result never hangs on the order of asking."""
    start, end, _, rule, score, _, tier = finding
    return tier, end - start, score, -start, rule


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Without those that a finding of the same kind with at least their score contains, as Presidio has it."""
    best: dict[tuple[int, int, Entity], Finding] = {}
    for finding in findings:
        place = finding[:3]
        other = best.setdefault(place, finding)
        if other is not finding and (finding.score, other.rule) > (other.score, finding.rule):
            best[place] = finding
    kept: list[Finding] = []
    active: list[Finding] = []
    entity: Entity | None = None
    reached = 0  # where the last of the active ones ends
    for finding in sorted(best.values(), key=_by_place):
        start, end, kind, _, score, _, _ = finding
        if kind is not entity or start > reached:
            entity, active, reached = kind, [finding], end
        else:
            active = [other for other in active if other.end >= start]
            if any(end <= other.end and score <= other.score for other in active):
                continue
            active.append(finding)
            reached = max(reached, end)
        kept.append(finding)
    return kept


def _by_place(finding: Finding) -> tuple[Entity, int, int]:
    start, end, entity = finding[:3]
    return entity, start, -end


def resolve(findings: Iterable[Finding], text: str) -> list[Finding]:
    """Sorted, non-overlapping findings that cover every character any finding of equal right covered."""
    kept: list[Finding] = []
    starts: list[int] = []
    for finding in sorted(set(_widened(findings)), key=rank, reverse=True):
        start, end = finding.start, finding.end
        at = bisect_right(starts, start)
        before = kept[at - 1].end if at else 0
        if before >= end:
            continue
        if before <= start and (at == len(starts) or starts[at] >= end):
            starts.insert(at, start)
            kept.insert(at, finding)
            continue
        for piece in _free_pieces(finding, kept, starts, text):
            at = bisect_left(starts, piece.start)
            starts.insert(at, piece.start)
            kept.insert(at, piece)
    return _joined(kept)


def _widened(findings: Iterable[Finding]) -> list[Finding]:
    """Parts of known names as long as others see the name: a part 顾晓 is widened to 顾晓 峰."""
    out = list(findings)
    if PART not in map(_RULE, out):
        return out
    names = sorted({(f.start, f.end) for f in out if f.entity is Entity.PERSON and f.tier < Tier.KNOWN})
    for place, finding in enumerate(out):
        at = bisect_left(names, (finding.start + 1, 0)) - 1 if finding.rule == PART else -1
        if at >= 0 and names[at][1] >= finding.end:
            start, end = names[at]
            if (end - start) - (finding.end - finding.start) <= _WIDER:
                out[place] = finding._replace(start=start, end=end)
    return out


# Long finds that run over the name beside them.
_SWALLOWING: Final = frozenset({Entity.ADDRESS, Entity.ORGANISATION, Entity.MEDICAL_ID, Entity.OTHER_ID})
_RULE: Final = itemgetter(3)
PART: Final = "known.part"  # the rule of findings that are a part of a known name, or it with a character wrong
_LONGEST: Final = 5  # longer stretches hold several names
_WIDER: Final = 4  # characters, blanks among them


def _free_pieces(finding: Finding, kept: list[Finding], starts: list[int], text: str) -> list[Finding]:
    """The parts of a finding that no better one holds, if they are worth a span of their own."""
    at = bisect_left(starts, finding.start)
    if at and kept[at - 1].end > finding.start:
        at -= 1
    start = finding.start
    pieces: list[Finding] = []
    touched = beside_known = swallowed = False
    while at < len(kept) and kept[at].start < finding.end:
        touched = True
        beside_known = beside_known or kept[at].tier is Tier.KNOWN
        swallowed = swallowed or kept[at].entity in _SWALLOWING
        if kept[at].start > start:
            pieces.append(finding._replace(start=start, end=kept[at].start))
        start = max(start, kept[at].end)
        at += 1
    if not touched:
        return [finding]
    if start < finding.end:
        pieces.append(finding._replace(start=start))
    if beside_known and finding.entity is Entity.PERSON:
        return [piece for piece in pieces if _rest_of_name(piece, finding, text)]
    if swallowed and finding.entity is Entity.PERSON and finding.tier is Tier.RULE:
        return [piece for piece in pieces if text[piece.start : piece.end].strip(_TRIM)]
    return [piece for piece in pieces if _worth(piece, text, beside_known) or _other_name(piece, finding, text)]


def _other_name(piece: Finding, whole: Finding, text: str) -> bool:
    """Whether a stretch that the tagger took for one name holds another beside the one found: 热依罕与古再丽."""
    if piece.entity is not Entity.PERSON or whole.entity is not piece.entity:
        return False
    name = text[piece.start : piece.end]
    rest = name.rstrip(_AND) if piece.start == whole.start else name.lstrip(_AND)
    return rest != name and len(rest.strip()) > 1 and not is_placeholder(rest)


_OF_BED: Final = frozenset({"bed.of_ward", "bed.label"})  # a number before it may run over its ward
_SHORT: Final = 2  # characters of a leftover that may be an ordinary word
_AND: Final = "和与及跟、/, "


def _rest_of_name(piece: Finding, whole: Finding, text: str) -> bool:
    """Whether what a known value leaves of a name is the surname before it, or names of others in one stretch."""
    if len(text[piece.start : piece.end].strip(_TRIM)) >= 2 and whole.end - whole.start > _LONGEST:
        return True
    rest = text[piece.start : piece.end]
    behind = piece.end == whole.end and whole.tier is Tier.RULE and rest[0].isspace()
    if behind and surnames().get(rest.strip(), 0) >= _FAMILIAR:
        return True  # 冷云 喻主任: the surname of the next in a row of signatures
    joined = _JOINED.match(text, piece.start, piece.end)
    if joined and joined.end() < piece.end:
        return True
    return piece.start == whole.start and surnames().get(text[piece.start : piece.end].strip(), 0) >= _FAMILIAR


_JOINED: Final = re.compile(
    r"\s?[和与及、/,]\s?|\s(?=[阿老小][\u4e00-\u9fff])"
)  # what stands between two names that one finding holds


def _worth(piece: Finding, text: str, beside_known: bool) -> bool:
    """A leftover is kept when it still says something: digits, part of an address, or what a known value is part of."""
    rest = text[piece.start : piece.end].strip(_TRIM)
    if beside_known and piece.entity is not Entity.DATE:
        return any(c.isalnum() for c in rest) or text[piece.start : piece.end] in _FRAMES
    if piece.entity in (Entity.ADDRESS, Entity.ORGANISATION):
        return len(rest) >= 2 and (piece.tier > Tier.MODEL or len(rest) > _SHORT or rest not in common_words())
    if piece.entity is Entity.DATE:
        return any(c.isdigit() or c in _OF_MOON for c in rest)
    if piece.rule.startswith("bed.") and rest in _BEDS:
        return True
    return sum(c.isdigit() for c in rest) >= (1 if piece.rule in _OF_BED else 4)


_BEDS: Final = frozenset(["床", "号床", "床位"])  # what a better find that ran over a bed leaves of it


_FRAMES: Final = frozenset("(*")  # begins a number as it is written: (023)5822 4137, *FY2601933*
_OF_MOON: Final = frozenset("初廿卅月")  # what names a day without a figure


def _joined(kept: list[Finding]) -> list[Finding]:
    """Neighbours of one kind that touch become one, so that a slot never splits a value (names stay apart)."""
    out: list[Finding] = []
    reached = -1
    for finding in kept:
        if finding.start == reached and finding.entity is out[-1].entity and finding.entity is not Entity.PERSON:
            out[-1] = out[-1]._replace(end=finding.end)
        else:
            out.append(finding)
        reached = finding.end
    return out
