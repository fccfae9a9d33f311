"""Says of each concept in a clean text whether it is present, denied, somebody else's, past, possible or planned."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from records.ids import ConceptId
from records.mentions import Assertion, Mention
from records.slots import SLOT, SlotKind, parse
from records.texts import CleanText
from semantic.assertion_conclusions import HOLDS, concluded, refuted
from semantic.assertion_cues import Cues, FoundCue, load_cues
from semantic.assertion_judge import JUDGED, KIN, Features, Judge, Judged, features, is_open
from semantic.assertion_outline import ACTIONS, DISEASES, ENDED, Outline, Sections, section_at
from semantic.assertion_parted import named_apart
from semantic.assertion_short import named_by_kind, named_in_short
from semantic.concepts import Lexicon
from semantic.elapsed import elapsed
from semantic.lab_values import kept_as
from semantic.labs import LAB, Reading, load_labs
from semantic.lexicon_concept import ConceptKind, Found, Relation
from semantic.lexicon_fold import Folded

_TESTS: Final = frozenset({ConceptKind.LAB, ConceptKind.IMAGING})
_NOT_HIS: Final = frozenset({Assertion.NEGATED, Assertion.FAMILY})
_ELSEWHERE: Final = frozenset({Assertion.FAMILY, Assertion.PLANNED})
_MARKED: Final = re.compile(
    r"\s*[(]?(?:仍|较|偏|略|稍|轻度|轻|明显|显著)?(?:[高低升降增减超阳↑↓]|异常)"
)  # "PRL 62偏高"
_LETTER: Final = re.compile("[a-z0-9-]")
_SELF_RATED: Final = "自评"
_BESIDE: Final = 12  # characters before a value in which a relative may be named
_CONTRARY: Final = 4  # characters of such a word at most
_RELATIVES: Final = re.compile(  # before a value whose test is named by letters alone ("母亲Ca 2.9")
    "(?:父亲?|母亲|爸爸?|妈妈?|哥哥?|姐姐?|弟弟?|妹妹?|兄长?|丈夫|妻子?|配偶|爱人|祖[父母]|外[公婆]|爷爷|奶奶|姥[姥爷]|儿子|女儿)"
    r"(?:[查测验]|既往|当年|孕期|孕前|复查|的){0,2}\s?$"
)
_STOP: Final = re.compile("[。;!?\n]")
_ELSE: Final = re.compile(f"[。;!?\n{KIN}]")  # another sentence, or maybe somebody else
_NORMAL: Final = f"{LAB}in-order"
_VALUE: Final = f"{LAB}value"
_LEFT: Final = 0.25  # how far a treatment that has ended is the patient's for whoever asks for those who get it
_ARTEFACT: Final = "artefact"  # the rule of a value that was none
_BARRED: Final = "left-undone-because"  # given but for something else: what it is for is there
_Days = list[tuple[int, int, int]]  # (start, end, day) of every readable date slot


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
    rules = cues or load_cues()
    outline = Outline.of(text, heading, lexicon, rules)
    return mentions_of(outline, lexicon, rules, verdicts_on([outline], judge)[0], values=values)


def verdicts_on(outlines: Sequence[Outline], judge: Judge | None) -> Sequence[Mapping[tuple[int, int], Judged]]:
    """What the judge says of the mentions that it is asked of, by where each begins and ends; of many texts at once, as
    its network wants them."""
    if judge is None:
        return [{} for _ in outlines]
    lines = [each.line() for each in outlines]
    asked = [each.asked(line) for each, line in zip(outlines, lines, strict=True)] if judge.net else []
    told = [shares.tolist() for shares in judge.net.shares(asked)] if judge.net else []
    found = []
    for at, (each, line) in enumerate(zip(outlines, lines, strict=True)):
        his = _his(each.folded.flat, each.spots)
        rows = told[at] if told else [None] * len(each.open)
        found.append(
            {
                place: _judged(judge, features(line, place[0], each.heading, str(kind)), kind, his(place[0]), row)
                for (place, kind), row in zip(each.open.items(), rows, strict=True)
            }
        )
    return found


def mentions_of(
    outline: Outline,
    lexicon: Lexicon,
    rules: Cues,
    judged: Mapping[tuple[int, int], Judged],
    *,
    values: bool = False,
) -> tuple[Mention, ...]:
    """The mentions of an outlined text, with what the judge says."""
    value, folded, found, named, kinds = outline.value, outline.folded, outline.found, outline.named, outline.kinds
    sections, days = outline.sections, _days(value)
    mentions = []
    for each, (said, rule) in zip(found, outline.said, strict=True):
        sure = 1.0
        if is_open(said, rule) and (each.start, each.end) in judged:
            sure, verdict = judged[each.start, each.end]
            said, rule = verdict or (said, rule)
        if said is Assertion.PAST and kinds[each.concept] in ACTIONS and rule.startswith(ENDED):
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
        if kinds[one.concept] in ACTIONS and not one.rule.startswith((JUDGED, _BARRED))
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


def _his(flat: str, spots: Sequence[FoundCue]) -> Callable[[int], bool]:
    """Whether the patient is named before a place, in its sentence and with nobody else behind his name."""
    named = sorted(cue.end for cue in spots if cue.word.turns and not cue.word.resumes)
    others = [match.start() for match in _ELSE.finditer(flat)] if named else []

    def his(start: int) -> bool:
        last = bisect_right(named, start) - 1
        other = bisect_left(others, start) - 1
        return last >= 0 and (other < 0 or others[other] < named[last])

    return his


def _judged(judge: Judge, seen: Features, kind: ConceptKind, his: bool, told: Sequence[float] | None) -> Judged:
    """What the judge says where no rule spoke. A test whose result is in order was still done."""
    sure, verdict = judge.verdict(seen, his, told)
    return sure, None if verdict and kind in _TESTS and verdict[0] not in _ELSEWHERE else verdict


def _in_order(folded: Folded, readings: Iterable[Reading], mentions: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Mentions with what is only the name of a test whose value is in order, or stands in it, denied: findings ("AFP
    1.8"), signs ("TSH 1.9") and diseases ("HADS焦虑3")."""
    kinds = {one.concept: lexicon.concept(one.concept).kind for one in mentions}
    only_named = [
        one.assertion in HOLDS
        and (
            kinds[one.concept] is ConceptKind.FINDING
            or bool(lexicon.concept(one.concept).targets(Relation.SIGN_OF))
            or _in_a_scale(one, folded.flat, lexicon)
        )
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
    return named and lexicon.concept(mention.concept).kind in DISEASES


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
    sections: Sections,
    days: _Days,
) -> tuple[list[Mention], list[Mention]]:
    """What measured values speak for, and the values. A value is a fact: the context only tells whose it is and
    whether it is past."""
    found, measured = [], []
    mentions = sorted(mentions, key=lambda mention: mention.start)
    begins = [mention.start for mention in mentions]
    longest = max((mention.end - mention.start for mention in mentions), default=0)
    for each in readings:
        heading = section_at(sections, each.start)
        near = mentions[bisect_left(begins, each.start - longest) : bisect_left(begins, each.end)]
        around = [mention for mention in near if each.start < mention.end]
        said = {mention.assertion for mention in around} | ({heading.says} if heading else set())
        if not around and _RELATIVES.search(folded.flat, max(0, each.start - _BESIDE), each.start):
            said.add(Assertion.FAMILY)
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
