"""Names in English letters: after titles and relations, in greetings, before degrees, by their given name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from deid.document import Document
from deid.latin import (
    LETTER,
    NAME,
    UPPER,
    begins,
    common,
    cue_words,
    cues,
    given,
    headings,
    is_given,
    named_until,
    of_medicine,
)
from deid.recognizers.person_latin import is_pinyin_word
from deid.spans import Finding
from records.entities import Entity

_RUN: Final = re.compile(rf"(?<![{LETTER}0-9\-/])(?<![{LETTER}]\.)(?P<name>{NAME})")
_KOREAN: Final = re.compile(r"[A-Z][a-z]{1,5}-[a-z]{2,5}")  # as given names of two syllables are written: Ji-hoon
_KOREAN_SURNAMES: Final = frozenset([
    "kim", "lee", "park", "choi", "jung", "jeong", "kang", "cho", "yoon", "jang", "lim", "han", "oh", "seo", "shin",
    "kwon", "hwang", "ahn", "song", "hong",
])  # fmt: skip
_NATIONS: Final = re.compile(
    r"(?:chin|engl|brit|amer|germ|french|japan|korea|russ|ital|span|india|austral|canad|europ|asia)"
)
_WORDY: Final = re.compile(  # ends of words of English, and of medicine and drugs
    r"(?:ology|ics|ery|itis|osis|oma|a?emia|[oe]ctomy|ostomy|otomy|scopy|graphy|gram|[ai]tion|ment|ness|ism|ide|ine|ate"
    r"|ol|mab|nib|pril|artan|statin|cillin|mycin|azole|vir|pathy|plasty|therapy|ing|ed|ous|i?cal|ular|able|ible|[ts]ion"
    r"|ings|ments|[ts]ions|ies|ional|tory|tive|ward|unit)$"
)
_OF_ORG: Final = re.compile(
    r"(?:'s)? (?:Hospital|University|Clinic|College|Institute|Infirmary|Surgery|Centre|Center|Street|Road|Lane|Avenue"
    r"|District|Insurance|Global|Partners|Diagnostics|School|House|Airport|Station|Hotel)(?![a-z])"
)
_FEW: Final = 2


class PersonEnglish:
    """Only in texts that hold English sentences, or how people are addressed in them."""

    name = "person_english"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        if not doc.has_english:
            return []
        text = doc.text
        found = [
            Finding(start, end, self.entity, f"person_english.{rule}", score, "name after or before its cue in English")
            for rule, (pattern, score, fits) in _rules().items()
            for start, end in _names(text, pattern)
            if fits(text[start:end])
        ]
        why = "given name, alone or beside another word with a capital"
        return found + [Finding(*span, self.entity, "person_english.given", 0.72, why) for span in _by_given(text)]


def _names(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        start, end = named_until(text, *match.span("name"))
        if end > start and not of_medicine(text, start, end) and not _OF_ORG.match(text, end):
            yield start, end


def _tokens(name: str) -> list[str]:
    return [token.rstrip(".").lower() for token in name.replace(",", "").split()]


def _anybody(name: str) -> bool:
    """After a title hardly anything else stands."""
    return name.rstrip(".").lower() not in cue_words("N")


def _somebody(name: str) -> bool:
    """Words that are no headings, no nations, and not made like words of English."""
    tokens = _tokens(name)
    if all(map(is_given, tokens)):
        return True
    if any(token in common() or token in cue_words("N") or _NATIONS.match(token) for token in tokens):
        return False
    likely = is_given(tokens[0]) or is_given(tokens[-1]) or is_pinyin_word(tokens[0])
    return (likely or not any(map(_WORDY.search, tokens))) and not (len(tokens) == 1 and name.isupper())


def _two(name: str) -> bool:
    """The same, of two words or of one that is a given name."""
    tokens = _tokens(name)
    return (len(tokens) >= _FEW or is_given(tokens[0]) or is_pinyin_word(tokens[0])) and _somebody(name)


@cache
def _rules() -> dict[str, tuple[re.Pattern[str], float, Callable[[str], bool]]]:
    """By the end of their names: a pattern, its score, and what is asked of the name."""
    left, name = rf"(?<![{LETTER}])", rf"(?P<name>{NAME})"
    whose = r"(?:(?:his|her|their|my|the patient's|an?|old|close) )"
    patterns = {
        "titled": (rf"{left}(?:(?:{cues('T')})(?![A-Za-z])\.?(?: med\.)? ){{1,3}}{name}", 0.9, _anybody),
        "greeted": (rf"(?:Dear|Hi|Hello) {name}(?= ?[,:!\n])", 0.85, _somebody),
        "closing": (
            r"(?:[Ss]incerely|[Ff]aithfully|[Tt]ruly|[Rr]egards|[Ww]ishes|[Tt]hanks|[Cc]heers|[Rr]espectfully)"
            rf"(?: yours| to [^\n]{{1,60}})?[,.]?\s{{1,8}}{name}(?=\s*(?:[,(\n]|$| {{2}}))",
            0.8,
            _two,
        ),
        "under": (rf"(?<=,\n){name}(?=\n|$)", 0.8, _two),
        "related": (rf"{left}(?:{cues('KR')})(?:, | ?\(|: ?| ){name}", 0.8, _somebody),
        "field": (
            rf"{left}(?:{cues('F')}|Next of [Kk]in)(?: [Pp]hysician| [Dd]octor| [Nn]ame| [Pp]erson)?:? "
            rf"(?P<name>{NAME}|[{UPPER}]{{2,14}}, [{UPPER}][{LETTER}\-]+)",
            0.8,
            _two,
        ),
        "by": (rf"(?i:(?<![a-z])(?:{cues('B')})) (?:in )?by(?: the)?:? {name}", 0.75, _two),
        "spoken": (
            rf"{left}(?i:(?:call(?:ed)?|message|letter|email|fax) from|(?:spoken?|talked|wrote|write) (?:to|with)"
            rf"|(?:wishes|regards|love|greetings|thanks) to|discussed with|c/o|contact(?:ed)?)(?: the)?:? {name}",
            0.75,
            _two,
        ),
        "degree": (
            rf"(?<![{LETTER}.\-]){name},? ?(?=\(?(?:M\.?D|Ph\.?D|MBBS|MBChB|MRC|FRC|FRAC|FAC[SCP]|RN|R\.N|DDS"
            rf"|{whose}?(?:{cues('K')})(?=[),;:.\n]))(?![a-z]))",
            0.75,
            _two,
        ),
    }  # fmt: skip
    return {rule: (re.compile(pattern), score, fits) for rule, (pattern, score, fits) in patterns.items()}


def _by_given(text: str) -> Iterator[tuple[int, int]]:
    """Runs of words with capitals that hold a given name, and no word that is none."""
    plain, worded = given()
    for match in _RUN.finditer(text):
        start, end = named_until(text, *match.span("name"))
        tokens = _tokens(text[start:end])
        if not tokens or _OF_ORG.match(text, end) or of_medicine(text, start, end):
            continue
        first, last = tokens[0], tokens[-1]
        if len(tokens) == 1:
            if first in plain and first not in common() and not text[start:end].isupper():
                yield start, end
            continue
        known = first in plain or last in plain or (first in worded and not begins(text, start))
        surname = first in _KOREAN_SURNAMES or last in _KOREAN_SURNAMES
        if (known or (surname and any(map(_KOREAN.fullmatch, text[start:end].split())))) and _all_fit(tokens):
            yield start, end


def _all_fit(tokens: list[str]) -> bool:
    """Whether no word beside a given name says that the run is no name."""
    return not all(token in common() for token in tokens) and not any(
        token in headings() or _NATIONS.match(token) or (not is_given(token) and _WORDY.search(token))
        for token in tokens
    )
