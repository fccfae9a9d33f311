"""Says of each concept in a clean text whether it is present, denied, somebody else's, past, possible or planned."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from records.ids import ConceptId
from records.mentions import Assertion, Mention
from records.slots import SLOT, SlotKind, parse
from records.texts import CleanText
from semantic.assertion_conclusions import HOLDS, concluded, refuted
from semantic.assertion_cues import SILENT, Cues, FoundCue, Heading, load_cues
from semantic.assertion_judge import JUDGED, KIN, Judge, Judged, Line, features, is_open
from semantic.assertion_parted import named_apart
from semantic.assertion_scope import Sentence, sentences
from semantic.assertion_short import named_by_kind, named_in_short
from semantic.concepts import Lexicon
from semantic.elapsed import elapsed
from semantic.lab_values import kept_as
from semantic.labs import LAB, Reading, load_labs
from semantic.lexicon_concept import ConceptKind, Found, Relation
from semantic.lexicon_fold import Folded, flatten, fold

_TESTS: Final = frozenset({ConceptKind.LAB, ConceptKind.IMAGING})
_NOT_HIS: Final = frozenset({Assertion.NEGATED, Assertion.FAMILY})
_ELSEWHERE: Final = frozenset({Assertion.FAMILY, Assertion.PLANNED})
_HEADED: Final = "heading:"
_ACTIONS: Final = frozenset(
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
_DISEASES: Final = frozenset({ConceptKind.DISEASE, ConceptKind.COMPLICATION})
_MARKED: Final = re.compile(
    r"\s*[(]?(?:仍|较|偏|略|稍|轻度|轻|明显|显著)?(?:[高低升降增减超阳↑↓]|异常)"
)  # "PRL 62偏高"
_LETTER: Final = re.compile("[a-z0-9-]")
_SELF_RATED: Final = "自评"
_CONTRARY: Final = 4  # characters of such a word at most
_STOP: Final = re.compile("[。;!?\n]")
_ELSE: Final = re.compile(f"[。;!?\n{KIN}]")  # another sentence, or maybe somebody else
_NORMAL: Final = f"{LAB}in-order"
_VALUE: Final = f"{LAB}value"
_ENDED: Final = ("ended", "gone", "given-up", "left-behind")  # begins the names of rules of what is given no longer
_LEFT: Final = 0.25  # ... and how far it is the patient's for whoever asks for those who get it
_ARTEFACT: Final = "artefact"  # the rule of a value that was none
_BARRED: Final = "left-undone-because"  # given but for something else: what it is for is there
_Sections = list[tuple[int, Heading | None]]  # (where it begins, its rule)
_Days = list[tuple[int, int, int]]  # (start, end, day) of every readable date slot
_Verdict = tuple[str, str, frozenset[ConceptKind]]  # (what is said, the rule that says it, of which kinds; empty: all)


def annotate(
    text: CleanText,
    heading: str,
    lexicon: Lexicon,
    cues: Cues | None = None,
    judge: Judge | None = None,
    *,
    values: bool = False,
) -> tuple[Mention, ...]:
    """Mentions of a passage, sorted by place. `heading` is the section's; offsets are code points of `text`. With a
    `judge`, it says what no rule does: of records, not of questions, which it has not learnt to read. With `values`,
    measured values are among them under their own names (semantic/lab_values.py)."""
    value = text.value
    folded = fold(value)
    rules = cues or load_cues()
    found = lexicon.find(value, folded=folded)
    kinds = {each.concept: lexicon.concept(each.concept).kind for each in found}
    apart = {each.start: each for each in reversed(found)}  # a sign may stand in a name and is judged with it
    named = sorted(apart.values(), key=lambda each: each.start)
    spots = rules.find(folded, named) if found else []
    verdicts = _verdicts(folded, named, kinds, rules, spots) if found else {}
    sections, plain_heading, days = _sections(folded.flat, heading, rules), flatten(heading), _days(value)
    mentions = []
    line = line_of(folded.flat, found, spots) if judge else None
    his = _his(folded.flat, spots if judge else ())
    judged: dict[tuple[int, int], Judged] = {}  # all that one name stands for alike
    for each in found:
        said, rule = _decide(verdicts.get(each.start, ()), kinds[each.concept], _section_at(sections, each.start))
        sure = 1.0
        if judge and line and is_open(said, rule):
            place = each.start, each.end
            about = kinds[each.concept], his(each.start)
            judged[place] = judged.get(place) or _judged(judge, line, each.start, plain_heading, *about)
            sure, verdict = judged[place]
            said, rule = verdict or (said, rule)
        if said is Assertion.PAST and kinds[each.concept] in _ACTIONS and rule.startswith(_ENDED):
            sure = min(sure, _LEFT)
        day = _day_of(each, days, folded.flat)
        mentions.append(Mention(each.concept, each.start, each.end, each.words, said, rule, day, sure))
    mentions = _undone(mentions, kinds)
    mentions += named_in_short(value, folded.flat, found, lexicon, rules)
    mentions += named_by_kind(value, folded.flat, named, lexicon, rules)
    mentions += named_apart(value, folded.flat, named, lexicon, rules)
    readings = tuple(load_labs().readings(folded))
    found_of, measured = _measured(value, folded, readings, mentions, sections, days)
    mentions += found_of
    mentions = _contrary(_in_order(folded, readings, mentions, lexicon), folded.flat, lexicon, rules)
    mentions = refuted(concluded(mentions, lexicon), lexicon, rules.apes)
    mentions += [*_as_read(measured, mentions), *_lasted(folded.flat, mentions)] if values else ()
    return tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end, mention.concept)))


def _undone(mentions: list[Mention], kinds: Mapping[ConceptId, ConceptKind]) -> list[Mention]:
    """Mentions with the signs that are only the name of a treatment which was not given, of a relative's, or of a test
    to come, judged with it."""
    acts = {
        (one.start, one.end): one
        for one in mentions
        if kinds[one.concept] in _ACTIONS and not one.rule.startswith((JUDGED, _BARRED))
        if one.assertion in _NOT_HIS or (one.assertion is Assertion.PLANNED and kinds[one.concept] in _TESTS)
    }
    if not acts:
        return mentions
    judged = []
    for one in mentions:
        act = acts.get((one.start, one.end))
        if act and one.assertion in HOLDS and kinds[one.concept] is ConceptKind.FINDING:
            one = replace(one, assertion=act.assertion, rule=act.rule)
        judged.append(one)
    return judged


def line_of(flat: str, found: Iterable[Found | Mention], spots: Iterable[FoundCue]) -> Line:
    """The text as the judge reads it: without mentions, and without words that are no cue though they look like one."""
    silent = ((each.start, each.end) for each in spots if each.word.ignored)
    return Line.of(flat, ((each.start, each.end) for each in found), silent)


def _his(flat: str, spots: Sequence[FoundCue]) -> Callable[[int], bool]:
    """Whether the patient is named before a place, in its sentence and with nobody else behind his name."""
    named = sorted(cue.end for cue in spots if cue.word.turns and not cue.word.resumes)
    others = [match.start() for match in _ELSE.finditer(flat)] if named else []

    def his(start: int) -> bool:
        last = bisect_right(named, start) - 1
        other = bisect_left(others, start) - 1
        return last >= 0 and (other < 0 or others[other] < named[last])

    return his


def _judged(judge: Judge, line: Line, start: int, heading: str, kind: ConceptKind, his: bool) -> Judged:
    """What the judge says where no rule spoke. A test whose result is in order was still done."""
    sure, verdict = judge.verdict(features(line, start, heading, str(kind)), his)
    return sure, None if verdict and kind in _TESTS and verdict[0] not in _ELSEWHERE else verdict


def _in_order(folded: Folded, readings: Iterable[Reading], mentions: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Mentions with what is only the name of a test whose value is in order, or stands in it, denied: signs ("TSH 1.9")
    and diseases ("HADS焦虑3")."""
    only_named = [
        one.assertion in HOLDS
        and (bool(lexicon.concept(one.concept).targets(Relation.SIGN_OF)) or _in_a_scale(one, folded.flat, lexicon))
        for one in mentions
    ]
    if not any(only_named):
        return mentions
    spans = [(each.start, each.end) for each in readings if each.in_order and not _MARKED.match(folded.flat, each.end)]
    return [
        replace(one, assertion=Assertion.NEGATED, rule=_NORMAL) if named and _within(one, spans) else one
        for one, named in zip(mentions, only_named, strict=True)
    ]


def _in_a_scale(mention: Mention, flat: str, lexicon: Lexicon) -> bool:
    """Whether a disease may be a piece of the name of a scale ("HADS焦虑", "焦虑自评")."""
    lettered = mention.start > 0 and _LETTER.match(flat, mention.start - 1) is not None
    named = lettered or flat.startswith(_SELF_RATED, mention.end)
    return named and lexicon.concept(mention.concept).kind in _DISEASES


def _within(one: Mention, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a mention lies in one of these spans, which are sorted and do not overlap."""
    at = bisect_right(spans, one.start, key=lambda span: span[0]) - 1
    return at >= 0 and one.end <= spans[at][1]


def _contrary(mentions: list[Mention], flat: str, lexicon: Lexicon, rules: Cues) -> list[Mention]:
    """Mentions behind a word that says the contrary of how their concept's name begins ("继发性" before what stands for
    原发性…) denied."""
    judged = []
    for mention in mentions:
        before = flat[max(0, mention.start - _CONTRARY) : mention.start]
        word = next((each for each in rules.contrary if before.endswith(each)), None)
        if word and mention.assertion in HOLDS and lexicon.concept(mention.concept).zh.startswith(rules.contrary[word]):
            mention = replace(mention, assertion=Assertion.NEGATED, rule=f"contrary:{word}")
        judged.append(mention)
    return judged


def _measured(
    value: str,
    folded: Folded,
    readings: Iterable[Reading],
    mentions: Sequence[Mention],
    sections: _Sections,
    days: _Days,
) -> tuple[list[Mention], list[Mention]]:
    """What measured values speak for, and the values. A value is a fact: the context only tells whose it is and
    whether it is past."""
    found, measured = [], []
    mentions = sorted(mentions, key=lambda mention: mention.start)
    begins = [mention.start for mention in mentions]
    longest = max((mention.end - mention.start for mention in mentions), default=0)
    for each in readings:
        heading = _section_at(sections, each.start)
        near = mentions[bisect_left(begins, each.start - longest) : bisect_left(begins, each.end)]
        around = [mention for mention in near if each.start < mention.end]
        said = {mention.assertion for mention in around} | ({heading.says} if heading else set())
        kept = next((way for way in (Assertion.FAMILY, Assertion.PAST) if way in said), Assertion.PRESENT)
        if any(mention.rule == _ARTEFACT for mention in around):
            kept = Assertion.NEGATED
        words, day = value[each.start : each.end], _day_of(each, days, folded.flat)
        if each.finding is not None and not any(mention.concept == each.finding for mention in around):
            found.append(Mention(each.finding, each.start, each.end, words, kept, each.rule, day))
        named = (kept_as(test, one) for test, one in each.values)
        measured += [Mention(name, each.start, each.end, words, kept, _VALUE, day) for name in named]
    return found, measured


def _as_read(measured: Iterable[Mention], mentions: Iterable[Mention]) -> list[Mention]:
    """Values with what was made of the finding that each speaks for, which another sentence may have refuted."""
    said = {(one.start, one.end): one.assertion for one in mentions}
    return [replace(one, assertion=said.get((one.start, one.end), one.assertion)) for one in measured]


def _lasted(flat: str, mentions: Sequence[Mention]) -> list[Mention]:
    """How long what is mentioned has lasted, or how long ago it was, said as the mention is."""
    found = []
    for name, owner, days in elapsed(flat, mentions):
        if owner is None:
            found.append(Mention(kept_as(name, days), 0, 0, "", Assertion.PRESENT, _VALUE))
        else:
            found.append(replace(owner, concept=kept_as(name, days), rule=_VALUE))
    return found


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
            sick = frozenset(each.start for each in mentions if kinds[each.concept] in _DISEASES)
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
    if heading.says is Assertion.PLANNED and kind not in _ACTIONS:
        return Assertion.PRESENT, ""
    return heading.says, f"{_HEADED}{heading.name}"


def _ends(verdict: _Verdict) -> bool:
    """Whether it says that a treatment has ended, not only that it was given once."""
    return verdict[1].startswith(_ENDED)


def _sections(flat: str, heading: str, rules: Cues) -> _Sections:
    """(where it begins, heading) for the section itself and every heading that stands inside the text."""
    sections: _Sections = [(0, rules.heading(heading))]
    marks = rules.heading_marks.finditer(flat)
    sections.extend((match.end(), rules.heading(match["name"])) for match in marks)
    # "家族史：父亲心绞痛。本人胸闷": from there on it is the patient.
    sections.extend((match.end(), None) for match in _SELF.finditer(flat))
    return sorted(sections, key=lambda section: section[0])


def _section_at(sections: _Sections, offset: int) -> Heading | None:
    return sections[bisect_right(sections, offset, key=lambda section: section[0]) - 1][1]


def _days(text: str) -> _Days:
    """Every date slot that could be read."""
    found = []
    for match in SLOT.finditer(text):
        slot = parse(match)
        if slot.kind is SlotKind.DATE and slot.days is not None:
            found.append((match.start(), match.end(), slot.days))
    return found


def _day_of(each: Found | Reading, days: _Days, flat: str) -> int | None:
    """Day of the last date before the mention in its sentence, else of the first one behind it in its sentence."""
    before = bisect_right(days, each.start, key=lambda day: day[1]) - 1
    if before >= 0 and not _parted(flat, days[before][1], each.start):
        return days[before][2]
    behind = bisect_left(days, each.end, key=lambda day: day[0])
    if behind < len(days) and not _parted(flat, each.end, days[behind][0]):
        return days[behind][2]
    return None


def _parted(flat: str, start: int, end: int) -> bool:
    """Whether an end mark stands between two places."""
    return _STOP.search(flat, start, end) is not None
