"""Institutions in Latin letters: hospitals, practices, laboratories, insurers, schools and firms in all usual forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from deid.document import Document
from deid.latin import LETTER, LOWER, UPPER, brands, headings, kinds
from deid.phrases import Phrases, shared
from deid.spans import Finding
from records.entities import Entity

_WORD: Final = rf"(?:St|Ste|Mt)\. (?=[{UPPER}])|[{UPPER}](?:[{LETTER}]|['’][{LETTER}])*['’]?(?:-[{LETTER}]+){{0,2}}"
_SMALL: Final = "of the|of|and|&|for|de la|de|du|des|di|da|del|und|für"
_RUN: Final = re.compile(rf"(?<![{LETTER}0-9])(?:{_WORD})(?: (?:(?:{_SMALL}) )?(?:{_WORD})){{0,9}}")
_TOKEN: Final = re.compile(rf"{_WORD}|{_SMALL}")
_TAIL: Final = re.compile(
    r"\.?,? (?:\([A-Z][a-z]+\) )?(?:Co\.?,? ?)?(?:Ltd|Inc|LLC|Limited)\b\.?| \d(?![\d.])|\.(?=,)|(?<=Inc|Ltd)\."
)
_OF_CHINA: Final = re.compile(
    rf"(?<![{LETTER}])(?!(?:South|North|East|West|Central|Mainland|In|From|New|The|Greater|To) )[A-Z][A-Za-z]{{1,12}}"
    rf" China(?! ?[{UPPER}{LOWER}])"
)
_DEPARTMENT: Final = re.compile(r"(?:olog(?:y|ic|ical)|iatrics?|ics|gery|therapy|ation|ists?|cians?|ine|ing)$")
_FILE: Final = "latin_organisations.txt"


@cache
def _words(letter: str) -> frozenset[str]:
    return frozenset(kinds(_FILE)[letter])


@shared
def _signs() -> Phrases:
    """What every such name holds."""
    heads = {entry.split()[0] for letter in "OI" for entry in _words(letter)}
    return Phrases(heads | {entry.split()[-1] for entry in _words("S")})


class OrganisationEnglish:
    """Runs of words with capitals that hold a word for an institution, and one that is no such word."""

    name = "organisation_english"
    entity = Entity.ORGANISATION

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        if not doc.has_latin_words:
            return []
        found = [match.span() for match in _OF_CHINA.finditer(text)] if " China" in text else []
        if doc.listed(_signs):
            found += [span for run in _RUN.finditer(text) for span in _named(text, run)]
        why = "English name of an institution"
        return [Finding(*span, self.entity, "organisation.english", 0.86, why) for span in found]


def _named(text: str, run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The institution in a run of words, from the first word of its name to the last."""
    tokens = list(_TOKEN.finditer(text, *run.span()))
    words = [token.group().strip() for token in tokens]
    span = _within(words)
    if span is None:
        return
    begin, last = span
    if words[begin].lower() in brands() and words[last] not in _CARE:
        return
    end = tokens[last].end()
    tail = _TAIL.match(text, end) if last == len(words) - 1 else None
    begin -= words[begin - 1 : begin] == ["The"]
    yield tokens[begin].start(), tail.end() if tail else end


def _within(words: list[str]) -> tuple[int, int] | None:
    """The first and the last word of an institution among words."""
    begin = next((at for at, word in enumerate(words) if word.lower() not in _LEADING), len(words))
    places = range(begin, len(words))
    last = max((at for at in places if _is(words, at - 1, "S") or words[at] in _words("S")), default=None)
    alone = next((at for at in places if words[at] in _words("I") or _is(words, at, "I")), None)
    if alone is not None and (last is None or last <= alone):
        last = min(len(words) - 1, alone + _AFTER)
        while words[last].lower() in headings() and last > alone:
            last -= 1
        return alone, last
    first = next((at for at in places[:-1] if words[at] in _words("O")), None)
    if first is not None and (last is None or last <= first or words[last + 1 : last + 2] == ["of"]):
        begin = begin if words[first + 1] in _OF or first > begin else first
        return None if all(_generic(word) or word.isupper() for word in words[begin:]) else (begin, len(words) - 1)
    return None if last is None or all(map(_generic, words[begin:last])) else (begin, last)


def _is(words: list[str], at: int, letter: str) -> bool:
    """Whether two words in a row are an entry of the list."""
    return at >= 0 and " ".join(words[at : at + 2]) in _words(letter)


_AFTER: Final = 2  # words after the name of an insurer or a hotel that belong to it
_OF: Final = frozenset(_SMALL.split("|"))
_CARE: Final = frozenset(["Hospital", "Clinic", "University", "College", "School"])
_LEADING: Final = frozenset([
    "at", "in", "to", "from", "by", "for", "of", "and", "the", "our", "his", "her", "with", "via", "after", "since",
    "re", "attn", "insurance", "insurer", "employer", "dear", "mr", "mrs", "ms", "dr", "prof", "professor", "company",
])  # fmt: skip


def _generic(word: str) -> bool:
    """Whether any institution may be called so."""
    plain = word.lower().replace("’", "'")
    return (
        word in _OF
        or plain in _words("G")
        or plain in headings()
        or plain in _LEADING
        or word in _words("S")
        or _DEPARTMENT.search(plain) is not None
    )
