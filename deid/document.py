"""The text as recognizers see it: folded, with the places several of them start from worked out once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from deid.closing import Closed, close
from deid.folding import Folded, fold
from deid.phrases import Make, Phrases, found_together, shared
from deid.repair import parted, repair
from deid.sequence import HIDDEN, Reading
from deid.sequence import Sequence as Tags
from deid.spans import Finding
from records.entities import Entity
from records.slots import OPEN, SLOT

_COLON: Final = re.compile(r":[ :]{0,6}\n?[ ]{0,4}")
_RUN: Final = re.compile(r"[0-9A-Za-z*|](?:(?<=[A-Za-z])[A-Za-z]{0,5}[-_][0-9A-Za-z*|]+|[0-9A-Za-z*|]*)")
_BARS: Final = re.compile(r"\|(?=[0-9])")
_CELLS: Final = re.compile(r"\|(?=[A-Za-z]{0,6}-?[0-9])")
_LONG: Final = re.compile("[^\u4e01-\u9fff,、;。]{6}")
_LATIN_WORDS: Final = re.compile(r"[ .:](?<=[A-Za-z'’.,:&\-].)[.:]? ?[A-Za-z]")
_DIGITS: Final = re.compile(r"[0-9]")
_NUMERALS: Final = re.compile(
    r"[〇零幺一二三四五六七八九壹贰叁肆伍陆柒捌玖](?:[ \-\n]?[〇零幺一二三四五六七八九壹贰叁肆伍陆柒捌玖0-9]){3}"
)
_FIGURES: Final = frozenset("0123456789")
# One or two figures before a mark and another, where a number or its second part may begin: CT8.14, 3.2-4.5.
_PAIR: Final = re.compile(
    r"[0-9OolI](?=[\dOolISBZ]?[./\-·,][0-9OolISBZ\n])(?:(?<![0-9A-Za-z.\-/].)|(?<=--.)|(?<=[/.]\d[/~\-].)"
    r"|(?<=[/.]\d\d[/~\-].)|(?<=CT.)|(?<=MR.)|(?<=MRI.)|(?<=DR.))"
)
_LABEL_REACH: Final = 22
BETWEEN: Final = " :.;,_=-/\n+(为是系"  # what stands between a label and its number
_SEPARATORS: Final = frozenset(BETWEEN)
_LIKE_FIGURES: Final = frozenset("OolI|")
_NEAR: Final = 10
_LOST: Final = 2
_LOST_DIGIT: Final = re.compile(
    r"(?<![A-Za-z] )[OolI|]{1,2} (?=[0-9])"
)  # letters that were digits, torn from their number
_GLUED: Final = 8  # letters of a label written right before its number, as in QQ356781234


@shared
def _english() -> Phrases:
    """What English sentences hold, and how people are addressed in them."""
    words = [
        "the",
        "of",
        "and",
        "was",
        "is",
        "to",
        "for",
        "with",
        "by",
        "in",
        "at",
        "from",
        "has",
        "on",
        "will",
        "Prof",
    ]
    titles = [f"{title}{end} " for title in ("Dear", "Mr", "Mrs", "Ms", "Dr") for end in ("", ".")]
    return Phrases([*(f" {word} " for word in words), *titles])


class Field(NamedTuple):
    """A colon: what stands before it (up to 22 characters, nearest last), and where the value begins."""

    label: str
    value: int


def _hide_slots(text: str) -> str:
    """The text with every slot made unreadable, same length: a slot is no identifier, and holds none."""
    return SLOT.sub(lambda m: HIDDEN * len(m.group()), text) if OPEN in text else text


Run = tuple[int, str, str]  # where a number may begin, the character that a label before it would end with, the next


class Document:
    """One text on its way through the recognizers. `text` is folded, labels repaired; `input` is what came in."""

    def __init__(self, text: str) -> None:
        self.input = text
        self.folded: Folded = fold(text)
        self.text: str = repair(_hide_slots(self.folded.text))

    @cached_property
    def has_digit(self) -> bool:
        """Whether any ASCII digit stands in the folded text."""
        return _DIGITS.search(self.text) is not None

    @cached_property
    def has_numerals(self) -> bool:
        """Whether four figures in words stand in a row."""
        return _NUMERALS.search(self.text) is not None

    @cached_property
    def fields(self) -> list[Field]:
        """Every colon with its label, left to right."""
        text = self.text
        out = []
        for match in _COLON.finditer(text):
            start = match.start()
            label = text[max(0, start - _LABEL_REACH) : start].rstrip()
            if label:
                out.append(Field(label, match.end()))
        return out

    @cached_property
    def worded(self) -> list[Field]:
        """The fields whose values begin with a letter or a Chinese character."""
        text = self.text
        return [field for field in self.fields if text[field.value : field.value + 1].isalpha()]

    @cached_property
    def has_latin_words(self) -> bool:
        """Whether a word in Latin letters stands before another, or before a mark and another."""
        return _LATIN_WORDS.search(self.text) is not None

    @cached_property
    def has_english(self) -> bool:
        """Whether words stand there that English sentences are made of, or how somebody is addressed in them."""
        return self.has_latin_words and bool(self.listed(_english))

    @cached_property
    def _listed(self) -> Mapping[Make, Sequence[tuple[int, str]]]:
        return found_together(self.text)

    def listed(self, shared: Make) -> Sequence[tuple[int, str]]:
        """(start, phrase) of a shared list (`deid.phrases`), left to right, the longest ones, without overlaps."""
        return self._listed.get(shared, ())

    @cached_property
    def is_message(self) -> bool:
        """Whether it may be one between systems, its fields and their parts between bars and carets."""
        return "^" in self.text and "|" in self.text

    @cached_property
    def bars(self) -> re.Pattern[str] | None:
        """The bars that numbers may begin behind, where bars part cells or fields and are no misread figures."""
        if not parted(self.text):
            return None
        return _BARS if self.is_message else _CELLS

    @cached_property
    def runs(self) -> list[Run]:
        """Where numbers may begin: runs that hold a digit, and the first digit after leading letters.

        With the last character before each that is no separator, "" if there is none near, and the one before that.
        """
        text, bars = self.text, self.bars
        out: list[Run] = []
        for match in _RUN.finditer(text):
            start, end = match.span()
            if bars:
                out += [(bar.end(), "|", "") for bar in bars.finditer(text, start, end)]
            digit = start
            if text[start] not in _FIGURES and not (
                text[start] in _LIKE_FIGURES and end - start <= _LOST and _LOST_DIGIT.match(text, start)
            ):
                figure = _DIGITS.search(text, start, end)
                if figure is None:
                    continue
                digit = figure.start()
            for begin in (start, digit) if start < digit <= start + _GLUED else (start,):
                last = text[begin - 1 : begin]
                if last in _SEPARATORS:
                    label = text[begin - _NEAR if begin > _NEAR else 0 : begin].rstrip(BETWEEN)
                    out.append((begin, label[-1:], label[-2:-1]))
                else:
                    out.append((begin, last, text[begin - 2 : begin - 1]))
        return out

    @cached_property
    def long(self) -> frozenset[int]:
        """The runs that go on for six characters without Chinese or a comma: no shorter number is one without a label.

        A hyphen may have been read as 一.
        """
        text, long = self.text, _LONG.match
        return frozenset([at for at, _, _ in self.runs if long(text, at)])

    @cached_property
    def pairs(self) -> list[int]:
        """Where what may be a month with its day begins: one or two figures, a mark, another figure."""
        return [match.start() for match in _PAIR.finditer(self.text)]

    @cached_property
    def reading(self) -> Reading:
        """What the sequence tagger finds and doubts, left to right."""
        return Tags.load().read_all([self.text])[0]

    @cached_property
    def closed(self) -> tuple[Closed, Document] | None:
        """The text with gaps closed, if it looks damaged, and the way back from it."""
        gaps = close(self.text)
        if gaps is None:
            return None
        closed = Document(gaps.text)
        return (gaps, closed) if len(closed.text) == len(gaps.text) else None

    def as_read(self) -> Document:
        """The same document as if its folded text had come in, read once for both."""
        self.reading, self.runs  # noqa: B018
        same = copy(self)
        same.input, same.folded = self.text, Folded(self.text, len(self.text), None)
        return same

    def before(self, at: int, reach: int = _LABEL_REACH) -> str:
        """Up to `reach` characters before a place."""
        return self.text[at - reach if at > reach else 0 : at]


def read(docs: Iterable[Document]) -> None:
    """Have the tagger read documents side by side: quicker than one after the other."""
    docs = list(docs)
    for doc, reading in zip(docs, Tags.load().read_all([doc.text for doc in docs]), strict=True):
        doc.reading = reading


class Recognizer(Protocol):
    """One way of finding one kind of identifier. Pure; keeps no text between calls."""

    name: str
    entity: Entity

    def find(self, doc: Document) -> list[Finding]:
        """Findings over `doc.text`, in any order, overlaps allowed. Must be linear in the text and never raise."""
        ...
