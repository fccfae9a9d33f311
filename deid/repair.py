"""The folded text with misread labels read again (住阮号 is 住院号) and traditional characters made simple."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.leads import led
from deid.lists import lines_of, surnames, words
from deid.phrases import Phrases

# Marks that scanners put for the colon, the bar and the quotes of a form.
_MARKS: Final[dict[int, int]] = {ord(mark): ord(":") for mark in "\u2236\ua789\u02d0\ufe30\u05c3"} | {
    ord(odd): ord(plain)
    for odd, plain in zip(
        "ОоЗбΟοΙІіΑАВΒЕΕКΚМΜНΗРΡСсТΤХΧхⅠⅤⅩⅬⅭⅮⅯ丨亅∣¦∕⁄", "Oo36OoIIiAABBEEKKMMHHPPCcTTXXxIVXLCDM||||//", strict=True
    )
}

# Two characters that are a damaged label less often than the edge of two words (病入院, 患老年痴呆, 疼痛人群, 养老院).
_REAL: Final = frozenset(
    word
    for line in ("病入 病八 患老 人院 八院 痛人 痛区 现注 现往 现佳", "女几 少学 大天 注院 往院 医牛 户士")
    for word in line.split()
)
_FAMILIAR: Final = 60

# Digits with letters among them that a scanner takes for digits; a run at least half digits is a number.
# Nothing is to be done about digits alone.
_NUMBER: Final = led(
    r"(?<![0-9A-Za-z])(?![0-9]+(?![0-9A-Za-z〇|]))"
    r"[0-9OolI〇](?:[0-9OolI〇]|[|](?=[0-9Ol]))+(?:[0-9OolI〇ZSBbgqs]*[0-9OolI〇])?(?![0-9A-Za-z])"
)
# A number is misread only where such a letter stands beside a digit, and some only inside: that is seen more quickly.
_MIXED: Final = re.compile("[OolI|〇](?:(?<=[0-9].)|(?=[0-9]))|[ZSBbgqs](?<=[0-9OolI〇ZSBbgqs].)(?=[0-9OolI〇ZSBbgqs])")
_DIGITS: Final = str.maketrans("OolI|〇ZSBbgqs", "0011102586995")
_LITRE: Final = re.compile(r"[/mMd]")


@cache
def _simple() -> dict[int, int]:
    """Traditional and variant characters and their simplified forms; no target is a source, so twice is once."""
    pairs = {entry[0]: entry[1] for line in lines_of("traditional.txt") for entry in line.split() if len(entry) == 2}
    pairs = {odd: plain for odd, plain in pairs.items() if odd != plain}
    return _MARKS | {ord(odd): ord(pairs.get(plain, plain)) for odd, plain in pairs.items()}


@cache
def _odd() -> re.Pattern[str]:
    """A character that is made simple: most texts hold none."""
    return re.compile(f"[{''.join(re.escape(chr(code)) for code in _simple())}]")


@cache
def _misread() -> tuple[Phrases, dict[str, str]]:
    """Each label with one character misread, and the label it was."""
    near: dict[str, str] = {}
    for line in lines_of("label_lookalikes.txt"):
        for group in line.split():
            near[group[0]] = near.get(group[0], "") + group[1:]
    labels = {label for line in lines_of("label_words.txt") for label in line.split()}
    forms: dict[str, str] = {}
    for label in sorted(labels):
        for place, char in enumerate(label):
            for wrong in near.get(char, ""):
                form = label[:place] + wrong + label[place + 1 :]
                if not _stands_alone(form, labels):
                    forms.setdefault(form, label)
    return Phrases(forms), forms


def _stands_alone(form: str, labels: set[str]) -> bool:
    """Whether a misread label says something of its own, which must stay as it is."""
    if (
        form in labels
        or form in words()
        or any(form[k : k + 2] in labels for k in range(len(form) - 1) if len(form) == 3)
    ):
        return True
    return form in _REAL or (len(form) == 2 and surnames().get(form[0], 0) >= _FAMILIAR)


_DASH: Final = led(r"(?<=[0-9A-Za-z])[一ー](?=[0-9A-Za-z])")  # a hyphen that was read as a character


_CELL: Final = re.compile(r"\|[^|\n]{0,40}[^0-9OolISBZ\s\-./:|][^|\n]{0,40}\|")


def parted(text: str) -> bool:
    """Whether bars part the fields of a message or the cells of a row, and are no misread figures."""
    return "|" in text and ("^" in text or _CELL.search(text) is not None)


def _number(match: re.Match[str]) -> str:
    """A run of digits and letters as digits, where it is a number with some of them misread."""
    run = match.group()
    if "|" in run and parted(match.string):
        return "|".join(_NUMBER.sub(_number, cell) for cell in run.split("|"))
    real = sum(map(str.isdigit, run.replace("〇", "")))
    if real == len(run) or len(run) < 3 or real * 3 < len(run):
        return run
    if run[-1] in "lI" and real == len(run) - 1 and len(run) <= 4 and _LITRE.match(match.string, match.end()):
        return run
    return run.translate(_DIGITS)


def repair(text: str) -> str:
    """The text as recognizers read it; repairing it again changes nothing."""
    if text.isascii():
        return _NUMBER.sub(_number, text) if _MIXED.search(text) else text
    plain = text.translate(_simple()) if _odd().search(text) else text
    if "一" in plain or "ー" in plain:
        plain = _DASH.sub("-", plain)
    plain = _NUMBER.sub(_number, plain) if _MIXED.search(plain) else plain
    phrases, forms = _misread()
    hits = list(phrases.find(plain))
    if not hits:
        return plain
    pieces, at = [], 0
    for start, form in hits:
        pieces += [plain[at:start], forms[form]]
        at = start + len(form)
    return "".join([*pieces, plain[at:]])
