"""What the rules make of a text: which concepts it names, and what cues, patterns and headings say of each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from records.ids import ConceptId
from records.mentions import Assertion, Mention
from records.texts import CleanText
from semantic.assertion_cues import SILENT, Cues, FoundCue, Heading
from semantic.assertion_judge import Line, is_open
from semantic.assertion_net import Asked
from semantic.assertion_scope import Sentence, sentences
from semantic.concepts import Lexicon
from semantic.lexicon_concept import ConceptKind, Found
from semantic.lexicon_fold import Folded, flatten, fold

_HEADED: Final = "heading:"
ACTIONS: Final = frozenset(
    {ConceptKind.PROCEDURE, ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.LAB, ConceptKind.IMAGING}
)
# The first of these that any cue says is what holds; a plain mention takes what its heading says.
_ORDER: Final = (
    Assertion.NEGATED,
    Assertion.FAMILY,
    Assertion.PLANNED,
    Assertion.POSSIBLE,
    Assertion.PROBABLE,
    Assertion.PAST,
)
_KIN: Final = (
    "之|的?[父母兄弟姐妹哥嫂夫妻祖爷奶叔伯舅姨姑婆公岳儿女子孙侄甥爱丈配外家亲双同堂表]|否认|无(?!明显)|有?家族"
)
_SELF: Final = re.compile(
    r"(?:^|(?<=[。;,\n]))(?:至于|唯独?|独|而|但|故|今|此次|其中)?"
    rf"(?:(?:患者|患儿|病人|孕妇)?(?:本人|自身|自己)(?!家族)|(?:患者|患儿)(?!{_KIN}))"
)
DISEASES: Final = frozenset({ConceptKind.DISEASE, ConceptKind.COMPLICATION})
ENDED: Final = ("ended", "gone", "given-up", "left-behind")  # begins the names of rules of what is given no longer
Sections = list[tuple[int, Heading | None]]  # (where it begins, its rule)
_Verdict = tuple[str, str, frozenset[ConceptKind]]  # (what is said, the rule that says it, of which kinds; empty: all)


@dataclass(frozen=True, slots=True)
class Outline:
    """What the rules make of a text: the concepts it names and what is said of each, and the mentions that the judge is
    asked of (where each begins and ends -> its kind)."""

    value: str
    folded: Folded
    heading: str
    found: tuple[Found, ...]
    named: list[Found]
    kinds: Mapping[ConceptId, ConceptKind]
    spots: list[FoundCue]
    said: list[tuple[Assertion, str]]
    sections: Sections
    open: dict[tuple[int, int], ConceptKind]

    @classmethod
    def of(cls, text: CleanText, heading: str, lexicon: Lexicon, rules: Cues) -> Outline:
        """Read by the rules alone. `heading` is the section's."""
        value = text.value
        folded = fold(value)
        found = lexicon.find(value, folded=folded)
        kinds = {each.concept: lexicon.concept(each.concept).kind for each in found}
        apart = {each.start: each for each in reversed(found)}  # a sign may stand in a name and is judged with it
        named = sorted(apart.values(), key=lambda each: each.start)
        spots = rules.find(folded, named) if found else []
        verdicts = _verdicts(folded, named, kinds, rules, spots) if found else {}
        sections = _sections(folded.flat, heading, rules)
        said = [
            _decide(verdicts.get(each.start, ()), kinds[each.concept], section_at(sections, each.start))
            for each in found
        ]
        unsaid = {
            (each.start, each.end): kinds[each.concept]
            for each, one in zip(reversed(found), reversed(said), strict=True)
            if is_open(*one)
        }
        return cls(value, folded, flatten(heading), found, named, kinds, spots, said, sections, unsaid)

    def line(self) -> Line:
        """The text as the judge reads it."""
        return line_of(self.folded.flat, self.found, self.spots)

    def asked(self, line: Line) -> Asked:
        """What the network of the judge is asked."""
        mentions = ((line.places[start], str(kind)) for (start, _), kind in self.open.items())
        return Asked(self.heading, line.text, tuple(mentions))


def line_of(flat: str, found: Iterable[Found | Mention], spots: Iterable[FoundCue]) -> Line:
    """The text as the judge reads it: without mentions, and without words that are no cue though they look like one."""
    silent = ((each.start, each.end) for each in spots if each.word.ignored)
    return Line.of(flat, ((each.start, each.end) for each in found), silent)


def _verdicts(
    folded: Folded,
    found: Sequence[Found],
    kinds: Mapping[ConceptId, ConceptKind],
    rules: Cues,
    spots: Sequence[FoundCue],
) -> dict[int, list[_Verdict]]:
    """What every cue and pattern says of the mentions in its scope, by where the mention begins."""
    verdicts: dict[int, list[_Verdict]] = defaultdict(list)
    flat = folded.flat
    begins, spoken = [each.start for each in found], [cue.start for cue in spots]
    for place in sentences(flat) if spots else ():
        mentions = found[bisect_left(begins, place.start) : bisect_left(begins, place.end)]
        here = spots[bisect_left(spoken, place.start) : bisect_left(spoken, place.end)]
        if mentions and here:
            sick = frozenset(each.start for each in mentions if kinds[each.concept] in DISEASES)
            for mention, rule, cue in Sentence.of(flat, place, mentions, here, rules, sick).scoped():
                if rule.says not in SILENT:
                    verdicts[mention.start].append((rule.says, f"{rule.id}:{_words(flat, cue)}", rule.kinds))
    for at, match in rules.patterns.found(flat):
        pattern = rules.patterns.all[at]
        start, end = match.span("scope")
        for each in found[bisect_left(begins, start) : bisect_left(begins, end)]:
            if each.end <= end:
                verdicts[each.start].append((pattern.says, pattern.id, pattern.kinds))
    return verdicts


def _words(flat: str, cue: FoundCue) -> str:
    return flat[cue.start : cue.end]


def _decide(verdicts: Sequence[_Verdict], kind: ConceptKind, heading: Heading | None) -> tuple[Assertion, str]:
    """One assertion out of all that was said; a spoken "present" (阳性, 除…外) cancels a denial and a doubt."""
    said: dict[str, str] = {}
    for what, rule, kinds in sorted(verdicts, key=_ends, reverse=True):
        if not kinds or kind in kinds:
            said.setdefault(what, rule)
    if Assertion.PRESENT in said:
        said.pop(Assertion.NEGATED, None)
        said.pop(Assertion.POSSIBLE, None)
        said.pop(Assertion.PROBABLE, None)
    family = heading is not None and heading.says is Assertion.FAMILY
    for each in _ORDER:
        if each in said:
            if family and each is not Assertion.NEGATED:
                break
            return each, said[each]
    stated = Assertion.PRESENT in said and not family
    if heading is None or heading.says is Assertion.PRESENT or stated:
        return Assertion.PRESENT, said.get(Assertion.PRESENT, "")
    if heading.says is Assertion.PLANNED and kind not in ACTIONS:
        return Assertion.PRESENT, ""
    return heading.says, f"{_HEADED}{heading.name}"


def _ends(verdict: _Verdict) -> bool:
    """Whether it says that a treatment has ended, not only that it was given once."""
    return verdict[1].startswith(ENDED)


def _sections(flat: str, heading: str, rules: Cues) -> Sections:
    """(where it begins, heading) for the section itself and every heading that stands inside the text."""
    sections: Sections = [(0, rules.heading(heading))]
    marks = rules.heading_marks.finditer(flat)
    sections.extend((match.end(), rules.heading(match["name"])) for match in marks)
    # "家族史：父亲心绞痛。本人胸闷": from there on it is the patient.
    sections.extend((match.end(), None) for match in _SELF.finditer(flat))
    return sorted(sections, key=lambda section: section[0])


def section_at(sections: Sections, offset: int) -> Heading | None:
    return sections[bisect_right(sections, offset, key=lambda section: section[0]) - 1][1]
