"""Addresses in Latin letters: streets with what stands around them, postcodes, and places where somebody is or goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from deid.document import Document
from deid.latin import LETTER, LOWER, UPPER, common, cue_words, cues, headings, is_given, kinds, of_medicine
from deid.lists import lines_of
from deid.phrases import Phrases, shared
from deid.recognizers.person_latin import is_pinyin_word
from deid.spans import Finding
from records.entities import Entity

_W: Final = rf"[{UPPER}][{LETTER}'’.\-]{{0,30}}"
_PLACE: Final = rf"(?:St\. )?[{UPPER}][{LETTER}'’\-]{{0,30}}"
_NUMBER: Final = r"\d{1,5}[A-Za-z]?(?:[\-/]\d{1,5}[A-Za-z]?){0,3}"
# Postcodes that show where they are from, and others, which stand beside a town.
_OWN_CODE: Final = r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] \d[A-Z]\d|(?:NSW|VIC|QLD|TAS) \d{4}"
_CODE: Final = (
    rf"(?:{_OWN_CODE}|[A-Z]{{2,3}} \d{{4,5}}(?:-\d{{4}})?|\d{{3}}-\d{{4}}|\d{{4}} [A-Z]{{2}}(?![A-Za-z])"
    r"|(?:[A-Z]{1,2}-)?\d{4,6})(?![A-Za-z0-9])"
)


def _any(letter: str) -> str:
    """The entries of latin_streets.txt under a letter, as alternatives of a pattern."""
    return "|".join(map(re.escape, kinds("latin_streets.txt")[letter]))


@shared
def _signs() -> Phrases:
    """What every address in Latin letters holds, unless English sentences stand around it."""
    entries = kinds("latin_streets.txt")
    behind = [f" {entry}" for letter in "SAPTC" for entry in entries[letter]]
    return Phrases([*behind, *entries["G"], *(f"{one} " for one in entries["R"]), *(f"-{one}" for one in entries["E"])])


@cache
def _unit() -> str:
    return rf"(?:{_any('U')})\.? ?#?[A-Z]?{_NUMBER}(?![{LETTER}])"


@cache
def _eastern() -> str:
    return rf"{_W}-(?:{_any('E')})(?![a-z])"


@cache
def _street() -> re.Pattern[str]:
    """A street with its number, and the floor or the house before it."""
    floor = rf"[A-Z]?\d{{1,4}}(?:st|nd|rd|th)? ?(?:Floor|/F)|{_W} (?:{_any('H')})"
    small = r"(?: (?:de|du|des|la|le|les|del|della|di|da|dos|el))*"
    forms = (
        rf"(?:{_W} )?{_W}?(?<=[{LETTER}])(?:{_any('G')}) ?\d{{1,4}} ?[a-z]?(?![{LETTER}0-9])",
        rf"(?:{_NUMBER}(?: bis| ter)?,? )?(?:{_any('R')}){small}(?: (?:[dl]['’])?{_W}){{1,4}}"
        rf"(?:,? (?:No\.? ?)?{_NUMBER}(?![0-9]| [{UPPER}]))?",
        rf"(?:(?:No\.? ?)?{_NUMBER},? )?(?:{_W} ){{1,4}}(?:{_any('S')})(?: (?:North|South|East|West|[NSEW]))?",
        rf"{_NUMBER},? (?:{_W} ){{1,4}}(?:{_any('A')})\b\.?",
        rf"(?:{_NUMBER},? )?{_eastern()}(?: {_NUMBER})?",
        rf"\d{{1,3}}-\d{{1,3}}-\d{{1,3}} {_W}(?=, {_eastern()}|, {_W} \d{{3}}-)",
    )
    return re.compile(rf"(?<![{LETTER}0-9\-/.])(?:(?:{_unit()}|{floor}),? ){{0,3}}(?:{'|'.join(forms)})(?![{LOWER}])")


@cache
def _more() -> re.Pattern[str]:
    """What goes on with an address after a comma, a blank or a new line."""
    part = rf"(?:{_W} ){{1,3}}(?:{_any('P')})(?![{LETTER}])"
    town = rf"{_PLACE}(?: (?:am|an der|upon|on|sur|de|la) {_PLACE}| {_PLACE}){{0,2}}"
    country = rf"(?:{_any('C')})(?![{LETTER}])"
    return re.compile(
        rf",? ?\n? ?(?:{_unit()}|{part}|{_eastern()}|{_CODE}(?: {_W})?|{_street().pattern})|, ?\n?{country}"
        rf"|,? ?\n?{town}(?:,? {_CODE}|, (?={_CODE}|{country}|(?:{_W} ?){{1,2}},? {_CODE}))"
        rf"|, (?P<town>{_PLACE}(?: {_PLACE})?)(?=[,.;)\n]|$)"
    )


@cache
def _alone() -> re.Pattern[str]:
    """Addresses that no street begins: rooms of a named garden, parts of a town, towns with their postcode or land."""
    return re.compile(
        rf"(?<![{LETTER}0-9])(?:{_W} ?, ?(?:{_any('C')})(?![{LETTER}])"
        rf"|(?:{_unit()}, ){{1,3}}(?:{_W} ){{1,3}}(?:{_any('P')})(?![{LETTER}])"
        rf"|{_W}(?: {_W})? (?:{_any('T')})(?![{LETTER}])"
        rf"|{_W}(?: {_W})?,? (?:{_OWN_CODE}|(?<=, )[A-Z]{{2}} \d{{5}})(?![A-Za-z0-9]))"
    )


@cache
def _places() -> frozenset[str]:
    return frozenset(word.replace("_", " ") for line in lines_of("latin_places.txt") for word in line.split())


@cache
def _stays() -> re.Pattern[str]:
    return re.compile(
        rf"(?i:(?<![a-z])(?:{cues('V')}|grew)(?: (?:back|over|out|up|here|home|down|again|permanently|originally))?"
        rf" (?:in|to|from|at|near|of|for|around|outside)) (?P<place>{_PLACE}(?: {_PLACE})?)"
    )


_AT: Final = re.compile(
    rf"(?:(?<![{LETTER}])(?i:in|to|from|at|near|of|outside|via|centre|office)|[Bb]irth(?:place)?:|Hometown:|City:|Origin:)"
    rf" (?P<place>{_PLACE}(?: {_PLACE}){{0,3}})"
)


class AddressEnglish:
    """Only in texts with English sentences, or with a word that addresses in Latin letters hold."""

    name = "address_english"
    entity = Entity.ADDRESS

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        if not (doc.listed(_signs) or doc.has_english):
            return []
        found = []
        places = list(_alone().finditer(text))
        if doc.has_digit and _NUMBERED.search(text):
            places += _street().finditer(text)
        why = "street, town or postcode in Latin letters"
        spans = [_whole(text, *match.span()) for match in places]
        found += [Finding(*span, self.entity, "address.english", 0.82, why) for span in spans if _fits(text, *span)]
        if doc.has_english:
            why = "place where somebody is, or comes from"
            spans = [*_by_verb(text), *_by_list(text)]
            found += [Finding(*span, self.entity, "address.english_place", 0.68, why) for span in spans]
        return found


_NUMBERED: Final = re.compile(rf"\d,? [{UPPER}r]|[{LETTER}.],? ?\d")


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """An address with all that goes on with it."""
    while more := _more().match(text, end):
        if more["town"] and (more["town"].lower() in headings() or is_given(more["town"].split()[0])):
            break
        end = more.end()
    while text[end - 1] in " ,\n":
        end -= 1
    return start, end


def _fits(text: str, start: int, end: int) -> bool:
    """Whether it holds a number, or is a part of a town or a land with its name; and is nothing of medicine."""
    value = text[start:end]
    if of_medicine(text, start, end):
        return False
    if any(map(str.isdigit, value)):
        return True
    first = value.split()[0].rstrip(",").lower()
    ends = (*kinds("latin_streets.txt")["T"], *kinds("latin_streets.txt")["C"])
    return first not in headings() and first not in cue_words("X") and value.endswith(ends)


def _by_verb(text: str) -> Iterator[tuple[int, int]]:
    """Where somebody lives, moves, comes from, though no list knows the place."""
    for match in _stays().finditer(text):
        start, words = match.start("place"), match["place"].rstrip(".'’-").split(" ")
        end = start + len(words[0])
        if not _may_be_place(words[0]) or words[0].isupper() or of_medicine(text, start, end):
            continue
        if len(words) > 1:
            both = " ".join(words)
            if both in _places():
                end = start + len(both)
            elif words[1].lower() not in headings():
                continue  # an institution, or somebody
        yield start, end


def _by_list(text: str) -> Iterator[tuple[int, int]]:
    """Known places, and single words of pinyin, after a preposition."""
    for match in _AT.finditer(text):
        words = match["place"].split(" ")
        for size in range(len(words), 0, -1):
            name = " ".join(words[:size]).rstrip(".'’-")
            start, end = match.start("place"), match.start("place") + len(name)
            pinyin = size == 1 == len(words) and is_pinyin_word(name.lower())
            if name not in _places() and not (pinyin and _may_be_place(name)):
                continue
            following = words[size].lower() if size < len(words) else ""
            if not of_medicine(text, start, end) and following not in cue_words("X") and following not in _INSTITUTIONS:
                yield start, end
                break


def _may_be_place(word: str) -> bool:
    low = word.lower()
    return word in _places() or not (low in headings() or low in common() or low in cue_words("X") or is_given(low))


_INSTITUTIONS: Final = frozenset(["hospital", "university", "clinic", "medical", "institute", "naming"])
