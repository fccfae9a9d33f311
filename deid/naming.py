"""What a name looks like at a given place: ordinary, masked, spaced, with dots, Latin. All person rules use it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from deid.leads import led
from deid.lists import compound_surnames, lines_of, single_surnames, words
from deid.phrases import Phrases
from deid.tagger import NEVER, PAD, Tagger, pad

HAN: Final = "\u4e00-\u9fff\u3400-\u4dbf"  # what names are written with
_MASK: Final = r"[某×xX*＊〇○△口□■_?]"
_VERB: Final = "[因诉于男女主住入说陪说称表示患性年签代同拒要来在系与和及出现今昨、]"
MASKED: Final = re.compile(
    rf"[{HAN}]{{1,2}}(?:某{{1,3}}|[×xX*〇△□]{{1,3}})(?:(?!{_VERB})[{HAN}])?(?<!某(?!某)[{HAN}])"
    rf"|[{HAN}]{{1,2}}某[{HAN}](?![{HAN}])|[{HAN}]{{1,2}}某"
)
ETHNIC: Final = re.compile(rf"[{HAN}]{{1,8}}(?:\s?·\s?[{HAN}]{{1,8}}){{1,4}}")
LATIN: Final = re.compile(
    r"(?:[A-Z][a-zA-Z'\-]{1,15}\.?(?:,? [A-Z][a-zA-Z'\-]{0,15}\.?){1,3}|(?:[A-Z]\.\s?){1,3}"
    r"(?:[A-Z][a-z]{1,15})?|[A-Z]{2,12}(?:,? ?[A-Z]{2,12}){0,2}|[A-Z][a-z]{2,15})(?![a-zA-Z])"
)
_RUN: Final = re.compile(rf"[{HAN}]{{1,12}}")
_SPACED: Final = re.compile(rf"[{HAN}]{{1,2}} {{1,4}}[{HAN}](?: {{0,3}}[{HAN}])?(?![{HAN}])")
_FOLLOW: Final = led(
    r"(?:性\s?别|男|女|年\s?龄|岁|民族|科\s?室|科\s?别|科|床号|床|住院|病案|门诊|出生|婚姻|职业|电话|联系"
    r"|身份|地址|与患者|系患者|关系|签名|签字|签章|日期|时间|记录|审核|报告|复核|检验|主任|副主任|主治"
    r"|住院医师|医师|医生|护士|护师|教授|药师|技师|大夫|院长|主刀|助手|一助|二助|麻醉|等|及|和|与|同意"
    r"|认为|指出|查房|代签|代|之[子女妻父母]|第[一二三]|实习|进修|病区|诊断|送检|汇报|发言|主持|工号|,|因"
    r"|于|诉|\d)"
)


@cache
def _not_names() -> frozenset[str]:
    return frozenset(lines_of("not_names.txt"))


def is_placeholder(value: str) -> bool:
    """Whether a cell or field holds a word that stands where a name could, and is none."""
    return value.replace(" ", "") in _not_names()


_HEADING: Final = re.compile(
    r"记录|档案|随访|管理|报告|登记|健康|手[册账]|高?血[压糖]|学科|[内外妇儿]科|院区|本部|病区|门诊|医案|[症炎癌]$"
)


def is_heading(value: str) -> bool:
    """Whether a stretch with a dot is a title of two words (健康档案·随访记录) and no name."""
    return "·" in value and _HEADING.search(value) is not None


def role_end(latin: re.Match[str]) -> int | None:
    """Where a Latin name ends, None for an abbreviation that names nobody, or what was measured (GA 31+2)."""
    measured = latin.group().isupper() and _VALUE.match(latin.string, latin.end())
    return None if measured or _is_word(latin.group()) else latin.end()


_VALUE: Final = re.compile(r" ?[<>≤≥]?\d{1,4}(?:\.\d|\+\d|%|/\d|[a-zμ])")


_ROLE_RUN: Final = led(
    r"(?:患者|患儿|病人|家属|本人|死者|产妇|其)(?:之|的)?(?:[父母兄弟姐妹夫妻子女儿亲]{0,3}|本人|家属|配偶|丈夫"
    r"|妻子|爱人|授权|签[名字])?$"
    r"|见(?:手术|麻醉|上|下|后|附|医嘱|护理|病[历程]|记录)|授权亲?属?|清点|解答|预约"
)
_LONG_NOT_NAMES: Final = Phrases(word for word in lines_of("not_names.txt") if len(word) >= 3)


def name_at(text: str, at: int, *, anything: bool, cue: float = 0.0) -> int | None:
    """Where the name that begins at `at` ends, None if none does.

    `anything`: the place vouches for a name, so an unknown surname or a name that is a word is taken too;
    `cue`: how much the words before speak for a name, in the units of the threshold (2.5).
    """
    match = _RUN.match(text, at)
    if match is None:
        latin = LATIN.match(text, at) if anything else None
        return role_end(latin) if latin else None
    run, end = match.group(), match.end()
    after = text[end : end + 1]
    if "某" in run or (after in MASKS and len(run) <= 2):
        masked = MASKED.match(text, at)
        if masked and run[0] not in _NOBODYS:
            return masked.end()
    if after == "·" or text[end + 1 : end + 2] == "·":
        ethnic = ETHNIC.match(text, at)
        if ethnic and is_heading(ethnic.group()):
            return None
        if ethnic and run[0] not in _NOBODYS:
            return dotted_end(text, at, ethnic.end())
    if after == " " and len(run) <= 2:
        spaced = _spaced(text, at)
        if spaced:
            return spaced
    return _cut(text, at, run, anything, cue)


MASKS: Final = frozenset("×xX*〇△□")  # right after a surname of one or two characters whose given name is masked
_NOBODYS: Final = frozenset("患病家产")


_DOT_TAIL: Final = re.compile(
    r"(?:男|女|因|于|诉|的|今日|主任|副主任|医师|医生|护士|术后|入院|同意|签|陪|代|拒绝|要求|来|在|系|与"
    r"|出|患|既往|否认|目前|现|昨|行|为|性别|年龄|住|之)"
)


def dotted_end(text: str, at: int, end: int) -> int:
    """Where a name with dots really ends: before the word that follows without a gap."""
    last = text.rindex("·", at, end)
    tail = _DOT_TAIL.search(text, last + 2, end)
    return tail.start() if tail else end


def _is_word(latin: str) -> bool:
    return latin.upper() in {
        "CT",
        "MRI",
        "NO",
        "ID",
        "DR",
        "MR",
        "ICU",
        "CCU",
        "NICU",
        "AM",
        "PM",
        "NAME",
        "SEX",
        "AGE",
        "PT",
        "BP",
        "HR",
        "II",
        "III",
        "IV",
    }


def _spaced(text: str, at: int) -> int | None:
    match = _SPACED.match(text, at)
    if not match:
        return None
    parts = match.group().split()
    surname = parts[0]
    if surname not in single_surnames() and surname not in compound_surnames():
        return None
    joined = "".join(parts)
    if joined in _not_names() or "".join(parts[1:]) in {
        "男",
        "女",
        "男性",
        "女性",
        "主任",
        "医师",
        "医生",
        "护士",
        "科",
        "床",
    }:
        return None
    return match.end()


def _cut(text: str, at: int, run: str, anything: bool, cue: float) -> int | None:
    """The length among 2, 3, 4 that fits the run, its follower and the tagger best."""
    if _ROLE_RUN.match(run) or run in _not_names() or _LONG_NOT_NAMES.at(run, 0):
        return None
    longest = min(len(run), 4)
    if not anything:
        if run[0] not in _OPENERS:
            return None
        if longest == 4 and run[:2] not in compound_surnames():
            longest = 3
    fits = [fit for length in range(2, longest + 1) if (fit := _fit(text, at, length, run, anything))]
    if not fits:
        return None
    if anything and len(fits) == 1:
        return at + fits[0].length
    window, inner = pad(text[max(0, at - PAD) : at + longest + PAD]), min(at, PAD) + PAD
    worths = [fit.worth(window, inner) for fit in fits]
    best = max(worths)
    return at + fits[worths.index(best)].length if anything or best + cue > THRESHOLD else None


THRESHOLD: Final = 2.5
_OPENERS: Final = single_surnames() | {name[0] for name in compound_surnames()}


class _Fit(NamedTuple):
    """A name of that length and of a surname of that size (0: none); what its end and the word it is are worth."""

    length: int
    size: int
    end: float
    word: float

    def worth(self, window: str, at: int) -> float:
        """All that speaks for the name that begins there in a padded text."""
        value = Tagger.load().score(window, at, at + self.length, self.size) / 400 + 3 if self.size else 0.0
        return value + self.end + self.word


def _fit(text: str, at: int, length: int, run: str, anything: bool) -> _Fit | None:
    name = run[:length]
    if name in _not_names() or (not anything and not NEVER.isdisjoint(name[1:])):
        return None
    size = surname_size(name)
    ends_run = length == len(run)
    if size:
        if length - size > 2 and not (anything and ends_run):
            return None
    elif not anything:
        return None
    if ends_run:
        return _Fit(length, size, 3, 0 if size or length < 4 else -1)
    if _FOLLOW.match(text, at + length):
        return _Fit(length, size, 2.5, 0 if size or length < 4 else -1)
    return _Fit(length, size, 0, -3 if name in words() else 0) if size else None


def surname_size(name: str) -> int:
    """Length of the surname a name begins with, 0 if none; at least one character must follow it."""
    if len(name) >= 3 and name[:2] in compound_surnames():
        return 2
    if len(name) >= 2 and name[0] in single_surnames():
        return 1
    return 0
