"""What a name looks like at a given place: ordinary, masked, spaced, with dots, Latin. All person rules use it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.latin import LETTER, LOWER, UPPER
from deid.lists import compound_surnames, lines_of, single_surnames

HAN: Final = "\u4e00-\u9fff\u3400-\u4dbf"  # what names are written with
_VERB: Final = "[因诉于男女主住入说陪说称表示患性年签代同拒要来在系与和及出现今昨、]"
MASKED: Final = re.compile(
    rf"[{HAN}]{{1,2}}(?:某{{1,3}}|[×xX*〇△□]{{1,3}})(?:(?!{_VERB})[{HAN}])?(?<!某(?!某)[{HAN}])"
    rf"|[{HAN}]{{1,2}}某[{HAN}](?![{HAN}])|[{HAN}]{{1,2}}某"
)
MASKS: Final = frozenset("×xX*〇△□")  # right after a surname of one or two characters whose given name is masked
ETHNIC: Final = re.compile(rf"[{HAN}]{{1,8}}(?:\s?·\s?[{HAN}]{{1,8}}){{1,4}}")
LATIN: Final = re.compile(
    rf"(?:[{UPPER}][{LETTER}'\-]{{1,15}}\.?(?:,? [{UPPER}][{LETTER}'\-]{{0,15}}\.?){{1,3}}|(?:[A-Z]\.\s?){{1,3}}"
    rf"(?:[A-Z][a-z]{{1,15}})?|[A-Z]{{2,12}}(?:,? ?[A-Z]{{2,12}}){{0,2}}|[{UPPER}][{LOWER}]{{2,15}})(?![{LETTER}])"
)


@cache
def _not_names() -> frozenset[str]:
    return frozenset(lines_of("not_names.txt"))


def is_placeholder(value: str) -> bool:
    """Whether a cell or field holds a word that stands where a name could, and is none."""
    plain = value.replace(" ", "")
    return plain in _not_names() or plain.translate(_MISREAD) in _not_names()


_MISREAD: Final = str.maketrans("巳己末姶汜糸斑", "已已未始记系班")  # as scanners read such words


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


def surname_size(name: str) -> int:
    """Length of the surname a name begins with, 0 if none; at least one character must follow it."""
    if len(name) >= 3 and name[:2] in compound_surnames():
        return 2
    if len(name) >= 2 and name[0] in single_surnames():
        return 1
    return 0
