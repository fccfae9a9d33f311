"""Words in Latin letters: how names are written with them, and what stands beside those that name nobody here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from deid.leads import led, places
from deid.lists import lines_of

UPPER: Final = "A-ZÀ-ÖØ-ÞŁŚŠŽČĆŘĐŞİ"
LOWER: Final = "a-zß-öø-ÿāăąćčđēėęěğīıłńňōőřśşšţťūůűźżž"
LETTER: Final = f"{UPPER}{LOWER}"
_CAPITALISED: Final = (
    rf"[{UPPER}](?:['’][{UPPER}])?[{LOWER}]{{0,24}}(?:(?<=[{LOWER}])[{UPPER}])?[{LOWER}]{{1,24}}"
    rf"(?:-[{UPPER}]?[{LOWER}]{{1,24}}){{0,2}}"
)
# McKenna, O'Reilly, Ji-hoon, Jean-Luc; WHITFIELD; J. and J
_TOKEN: Final = (
    rf"(?:{_CAPITALISED}|[{UPPER}]{{2,14}}(?:-[{UPPER}]{{2,10}})?|[{UPPER}]\.(?:-?[{UPPER}]\.){{0,2}}"
    rf"|[{UPPER}](?= [{UPPER}]))(?![{LETTER}0-9])"
)
_PARTICLE: Final = r"(?:(?:de|del|della|da|dos|di|du|van|von|zu|der|den|ten|bin|binti|ibn|al|el|la|le) ){0,2}"
NAME: Final = rf"{_TOKEN}(?: {_PARTICLE}{_TOKEN}){{0,4}}"
_NAMES: Final = re.compile(NAME)
_TOKENS: Final = re.compile(rf"{_PARTICLE}(?P<token>{_TOKEN})")


@cache
def kinds(file: str) -> dict[str, tuple[str, ...]]:
    """The entries of a list by the letter of their line, the longest first; _ stands for a blank."""
    found: dict[str, set[str]] = {}
    for line in lines_of(file):
        letter, *entries = line.split()
        found.setdefault(letter, set()).update(entry.replace("_", " ") for entry in entries)
    return {letter: tuple(sorted(entries, key=lambda e: (-len(e), e))) for letter, entries in found.items()}


def cues(letters: str) -> str:
    """The words of latin_cues.txt under some letters, as alternatives of a pattern."""
    return "|".join(re.escape(word) for letter in letters for word in kinds("latin_cues.txt")[letter])


@cache
def cue_words(letter: str) -> frozenset[str]:
    """The words of latin_cues.txt under a letter."""
    return frozenset(kinds("latin_cues.txt")[letter])


@cache
def common() -> frozenset[str]:
    """Words with a capital that are no names here, in small letters: eponyms, scales, brands, English headings."""
    return frozenset(word.lower() for line in lines_of("latin_words.txt") for word in line.split())


@cache
def headings() -> frozenset[str]:
    """Those among them that are English words of forms and letters, which nobody at all is called by."""
    return frozenset(word.lower() for word in lines_of("latin_words.txt")[1].split())


@cache
def brands() -> frozenset[str]:
    """Brands and makers among them."""
    return frozenset(word.lower() for line in lines_of("latin_words.txt")[2:] for word in line.split())


@cache
def given() -> tuple[frozenset[str], frozenset[str]]:
    """Given names in small letters: those that are nothing else, and those that are words or places as well."""
    lines = lines_of("latin_given.txt")
    worded = {word.lower() for line in lines if line[:2] == "W " for word in line[2:].split()}
    plain = {word.lower() for line in lines if line[:2] != "W " for word in line.split()}
    return frozenset(plain - worded), frozenset(worded)


def is_given(token: str) -> bool:
    """Whether a word is a given name and hardly anything else."""
    return token.lower() in given()[0]


@cache
def _nouns() -> re.Pattern[str]:
    words = "|".join(word for line in lines_of("latin_after.txt") for word in line.split())
    return re.compile(rf"(?:['’]s?)?(?: [IVX]{{1,4}}| [A-Z0-9]{{1,2}})?[ \-](?:{words})(?![A-Za-z])", re.IGNORECASE)


# What is named after somebody who is not here, a grade or a result of it, or a part of a longer word.
_HEADS: Final = led(
    r" {0,2}(?!地点)(?:(?:(?![患诉说有无因于做行予查是出与和对将在])[\u4e00-\u9fff]){0,2}"
    r"(?:综合征|现象|体征|征(?![求得询])|小体|定律"
    r"|试验|实验|测试|测序|验证|指数|评分|评级|计分|分[期级型类度](?!管)|量表|问卷|标准|公式|准则|切口|囊肿|韧带|筋膜|三角"
    r"|间隙|支架|瓣膜|体位|手法|术式|引流管?|导管|吻合|重建|染色|疗法|方案|受体|抗[原体]|基因|细胞|淋巴瘤|肉瘤|腺瘤|骨折"
    r"|甲状腺炎|膜|环|线|点|窝|孔|管|钩|钳|镊|针|钉|板|灯|仪|器|球|囊|系统|机器人|平台|假体|材料|荧光|凝胶|敷料|种植体?)"
    r"(?![\u4e00-\u9fff]?[人房士])"
    r"|氏|病(?![人房情区史历危程重床案])|法|[ⅠⅡⅢⅣⅤIVX0-9]{1,4} ?[类级型期度区]|[类级型期](?![\u4e00-\u9fff]?[人师]))"
)
_RESULT: Final = led(
    r"(?:[ \-][A-Z0-9]{1,3})?\s?[:]?\s?(?:\([^()\n]{0,5}[+\-±][^()\n]{0,3}\)|[(]?(?:阳性|阴性|强阳|弱阳)"
    r"|[+\-±]{1,4}(?![A-Za-z0-9\u4e00-\u9fff]))"
)
_JOINED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+*/=-")
_JOINS: Final = re.compile("[_+*/=]|[0-9](?![0-9]?[月日岁年时点])|-[A-Za-z0-9(]|[®™]")


def of_medicine(text: str, start: int, end: int) -> bool:
    """Whether a word in Latin letters names a thing: a noun or a result of medicine follows, or a word goes on."""
    return (
        _JOINS.match(text, end) is not None
        or (start > 0 and text[start - 1] in _JOINED)
        or _HEADS.match(text, end) is not None
        or _RESULT.match(text, end) is not None
        or _nouns().match(text, end) is not None
    )


@cache
def _title() -> re.Pattern[str]:
    return re.compile(rf"(?:{cues('TF')}|Dear|Signed|Son|Daughter|Mother|Father|Brother)\.? ")


def named_until(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the name in [start, end) really stands: after titles, before a heading, a degree or other letters."""
    while title := _title().match(text, start, end):
        start = title.end()
    reached = start
    for match in _TOKENS.finditer(text, start, end):
        plain = match["token"].rstrip(".")
        heading = len(plain) > 1 and plain.lower() in headings()
        if heading or (plain.isupper() and plain in cue_words("D")):
            break
        reached = match.end("token")
    if reached - start > _INITIAL and text[reached - 1] == "." and text[reached - 3 : reached - 1].isalpha():
        reached -= 1  # a sentence ends
    return start, reached


_INITIAL: Final = 2
_DOES: Final = re.compile(r"(?:['’]s)? ?(?:[\u4e00-\u9fff]|[a-z]{2,14}(?![A-Za-z])|[,.;:!?)]|\n|$)")
_ACTS: Final = re.compile(
    r"(?:['’]s)? (?:was|is|has|had|will|would|said|says|can|could|did|does|may|also|then|still|[a-z]{2,10}(?:ed|es))"
    r"(?![A-Za-z])"
)
_LEAST: Final = 3  # letters of a part of a name that stands for somebody alone


def parts(text: str, people: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where words of the names of some people stand, as they are written or with one capital."""
    words: set[str] = set()
    for start, end in people:
        name = _NAMES.match(text, start, end) if text[start] < _FIRST_HAN else None
        for match in _TOKENS.finditer(name.group()) if name else ():
            token = match["token"]
            if len(token) >= _LEAST and token.lower() not in headings() and token[1].isalpha():
                words |= {token, token.title() if token.isupper() else token}
    for word in words:
        doubtful = word.lower() in given()[1] or word.lower() in common()
        for start in places(text, word):
            end = start + len(word)
            if (
                not _goes_on(text[start - 1 : start])
                and not _goes_on(text[end : end + 1])
                and not of_medicine(text, start, end)
                and (_ACTS if doubtful and begins(text, start) else _DOES).match(text, end)
            ):
                yield start, end


_FIRST_HAN: Final = "\u3000"


def begins(text: str, start: int) -> bool:
    """Whether a sentence begins there."""
    left = text[max(0, start - 2) : start].strip(" ")
    return not left or left[-1] in ".!?:;\n•-"


def _goes_on(char: str) -> bool:
    """Whether a character beside a word belongs to it."""
    return (char.isalpha() and char < _FIRST_HAN) or (char != "" and char in "-_")
