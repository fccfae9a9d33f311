"""How much a stretch of text looks like a name, from lists alone: surname, given characters, words across its edges."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.leads import led
from deid.lists import compound_surnames, given, given_pairs, lines_of, medical_words, surnames, words

# Characters that no name holds.
NO_NAME: Final = frozenset(
    "于我你您他她它的了是不无或就都很把被这那么吗呢吧啊诉因患病症痛术痰尿粪血肝肾肺胆胃肠脑腹胸癌瘤炎疡疮疹疼咳喘吐"
    "泻哪谁每另院科室床医护后间处"
    "岁时分秒号级型期次度药片针液酸疗诊治查检验肿胀麻痹晕呕腿臂颈腰髂臀脊椎骨膜腺管瓣栓塞梗死孕胎产乳宫卵巢囊囗及等已"
    "未仍请将对从到给予部侧肢由着"
)
_SOFT: Final = frozenset("予月素为有在与均让意前也生")  # in names, and in much else


@cache
def rare_surnames() -> frozenset[str]:
    """Surnames only a cue makes credible."""
    return frozenset(name for line in lines_of("rare_surnames.txt") for name in line.split())


@cache
def rare_compounds() -> frozenset[str]:
    """Two-character surnames that surnames.tsv does not hold."""
    return frozenset(name for line in lines_of("rare_compounds.txt") for name in line.split())


@cache
def ethnic_syllables() -> tuple[frozenset[str], frozenset[str]]:
    """Parts of minority names, and the characters they are made of."""
    files = ("ethnic_name_parts.txt", "ethnic_name_more.txt")
    parts = frozenset(part for file in files for line in lines_of(file) for part in line.split())
    return parts, frozenset("".join(parts)) | frozenset(
        "阿买木吐克拉依古尔丽娜合提力江孜帕热曼迪里巴沙哈布尕扎桑格珠措姆卓嘎旦加多吉才让央金拉姆宝音其格"
    )


@cache
def _beginnings() -> frozenset[str]:
    family = surnames().keys() | rare_surnames() | rare_compounds()
    return frozenset(name[0] for name in family).union(*ethnic_syllables())


def begins_name(char: str) -> bool:
    """Whether a surname or a minority name begins with it: a stretch that none begins scores below UNNAMED."""
    return char in _beginnings()


UNNAMED: Final = -0.38


@cache
def after_names() -> re.Pattern[str]:
    """What stands right after a name in running text."""
    entries = {entry for line in lines_of("after_names.txt") for entry in line.split()}
    return led("|".join(sorted(map(re.escape, entries), key=lambda e: (-len(e), e))))


_ENDS: Final = frozenset(  # what no word goes on with, or the end of the text
    ["", *",.。;:、/()|[]【】<>\"'“”!?;·~→-", *map(chr, (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)))]
) | frozenset(filter(str.isspace, map(chr, range(0x3001))))


def right_edge(text: str, end: int) -> float:
    """3 where nothing of a word follows, 2 before what names are followed by, else 0 or less inside a word."""
    if text[end : end + 1] in _ENDS:
        return 3.0
    crossing = text[end - 1 : end + 1] in words()
    if after_names().match(text, end):
        return 1.0 if crossing else 2.0
    return -1.5 if crossing else 0.0


def surname_of(name: str, *, rare: bool) -> int:
    """Length of the surname a name begins with; `rare` allows those only a cue makes credible."""
    if len(name) >= 3 and (name[:2] in compound_surnames() or (rare and name[:2] in rare_compounds())):
        return 2
    if name[:1] in surnames() or (rare and name[:1] in rare_surnames()):
        return 1
    return 0


_NEVER_FIRST: Final = frozenset("的了不也很这我你他她之其该第而则即既若因为在被把")


def name_score(name: str, *, rare: bool = True) -> float:
    """Roughly 3 for an ordinary name, 0 for any two or three characters, far below for ordinary words."""
    if name[0] in _NEVER_FIRST or not NO_NAME.isdisjoint(name[1:]):
        return -9.0
    size = surname_of(name, rare=rare)
    rest = name[size:]
    parts, syllables = ethnic_syllables()
    ethnic = name in parts or (len(name) >= 3 and name[-1] in syllables and syllables.issuperset(name))
    value = 0.0 if _SOFT.isdisjoint(name[1:]) else -0.5 * sum(char in _SOFT for char in name[1:])
    if size and 1 <= len(rest) <= 2:
        weight = surnames().get(name[:size], 0)
        value += 1.6 if weight >= 100 else 1.0 if weight >= 20 else 0.6 if weight else 0.3
        named = value + _given_score(rest)
        value = max(named, 2.0) if ethnic else named
    elif ethnic:
        value += 2.0
    else:
        value -= 2.0 if len(name) <= 3 else 3.0
        value += _given_score(rest[:2]) * 0.7
    known = words()
    if name in known:
        value -= 3.0 if name in medical_words() else 2.0
    elif len(name) == 3 and (name[:2] in known or name[1:] in known) and name[1:] not in given_pairs():
        value -= 0.5
    return value


def _given_score(rest: str) -> float:
    rows = given()
    if len(rest) < 2:
        row = rows.get(rest)
        return -0.6 if row is None else 0.9 if row[2] >= 8 else 0.6
    first, second = rows.get(rest[0]), rows.get(rest[1])
    value = -0.3 if first is None else 0.7 if first[0] >= 10 else 0.4
    value += -0.3 if second is None else 0.7 if second[1] >= 10 else 0.4
    if rest[0] == rest[1]:
        value += 0.4
    return value + (0.5 if rest in given_pairs() else 0.0)


def best_end(text: str, at: int, cue: float, *, longest: int = 4) -> int | None:
    """Where the name that a cue announces at `at` most likely ends; None when nothing there looks like one.

    `cue`: 1 weak (a role right before it), 2 fair (a relation), 3 strong (a field label).
    """
    first = text[at : at + 1]
    if first in _NEVER_FIRST or (UNNAMED + _BEST_EDGE + cue < THRESHOLD and not begins_name(first)):
        return None
    best, best_stop = THRESHOLD, None
    for stop in range(at + 2, min(at + longest, len(text)) + 1):
        last = text[stop - 1]
        if last in NO_NAME or not "\u4e00" <= last <= "\u9fff":
            break
        name = text[at:stop]
        if stop == at + 4 and cue < 2 and surname_of(name, rare=True) != 2:
            break
        score = name_score(name)
        if score + _BEST_EDGE + cue < best:
            continue
        value = score + right_edge(text, stop) + cue
        if value > best or (value == best and best_stop is None):
            best, best_stop = value, stop
    return best_stop


_BEST_EDGE: Final = 3.0
THRESHOLD: Final = 4.3
