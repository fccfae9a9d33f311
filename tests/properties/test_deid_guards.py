"""A look before a pattern loses no find: recognizers find the same where every look says yes.

Looks are words in the text or in its lists, what a module calls `*_SIGN`, and `matches`. The texts are drawn from the
recognizers' own patterns, so that a word of a pattern that its look lacks is among them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deid.recognizers
from deid import days, repair
from deid.document import Document, Recognizer
from deid.held import Held
from deid.leads import Ended
from deid.phrases import Make
from deid.recognizers import address_free, bed, date, date_partial, organisation
from deid.recognizers.closed import AcrossGaps
from deid.recognizers.tagged import Tagged
from deid.registry import recognizers
from deid.spans import Finding
from tests.drawn import drawn

MODULES = [import_module(f"deid.recognizers.{path.stem}") for path in Path(deid.recognizers.__path__[0]).glob("*.py")]
BEFORE = ["", "", "\n", "。", ",", "患者", " ", "在", "12", "大柳", "王伟", "杭州", "2024年"]
BEHIND = ["", "", "。", ",", " ", "\n", "3"]
WALKS, ENDS = 16, 3
Span = tuple[int, int]
MISREAD = re.compile("[A-Za-z|]")  # no number is made of nothing but letters that digits may be read as


class Says(str):
    """A text that holds whatever it is asked for."""

    def __contains__(self, _: object) -> bool:
        return True


class Has(list[Any]):
    """A list that is never said to be empty."""

    def __bool__(self) -> bool:
        return True


class Looking:
    """A pattern that says it is there when it is looked for."""

    def __init__(self, pattern: Any) -> None:
        self.pattern = pattern

    def search(self, *_: object) -> bool:
        return True

    match = search

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pattern, name)


class Open(Document):
    """A document of which every look says yes."""

    def __init__(self, doc: Document) -> None:
        looks = {"has_digit": True, "has_numerals": True, "has_latin_words": True, "pairs": Has(doc.pairs)}
        vars(self).update(vars(doc), **looks, is_message=doc.is_message)
        self.text = Says(doc.text)

    def listed(self, shared: Make) -> Sequence[tuple[int, str]]:
        return Has(super().listed(shared))


def family(name: str) -> str:
    """Recognizers of one family use each other's patterns."""
    return name.rsplit(".", 1)[-1].partition("_")[0]


def sources(value: Any) -> Iterator[str]:
    """The patterns of a module's constant."""
    if isinstance(value, tuple):
        for each in value:
            yield from sources(each)
    elif isinstance(value, Held):
        yield from sources(value.pattern)
    elif isinstance(value, Ended):
        yield value._source
    elif hasattr(type(value), "finditer"):
        yield value.pattern


READING: dict[str, list[Recognizer]] = defaultdict(list)
for one in recognizers():
    if not isinstance(one, Tagged | AcrossGaps):
        READING[family(type(one).__module__)].append(one)


def texts_of(name: str) -> Iterator[str]:
    """What each pattern of a family matches, amid other things, and behind what others of its module end with."""
    random = Random(name)
    for module in MODULES:
        if family(module.__name__) == name:
            patterns = dict.fromkeys(source for value in vars(module).values() for source in sources(value))
            texts = {pattern: list(drawn(pattern, WALKS)) for pattern in patterns}
            known = [text for some in texts.values() for text in some]
            ends = [end for one in patterns if one.endswith(("$", "$)")) for end in texts[one][:ENDS]]
            for text in known:
                yield random.choice(BEFORE) + text + random.choice([*BEHIND, *known[:1]])
            for end in ends:
                yield from (
                    end + random.choice(some) + random.choice([*BEHIND, *known]) for some in texts.values() if some
                )


def found(name: str, docs: list[Document]) -> list[set[Finding]]:
    return [{finding for each in READING[name] for finding in each.find(doc)} for doc in docs]


@pytest.mark.parametrize("name", sorted(READING))
def test_every_look_sees_what_its_pattern_finds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = [doc for doc in map(Document, texts_of(name)) if doc.has_digit or not MISREAD.search(doc.text)]
    looked = found(name, docs)
    for module in MODULES:
        for key, value in list(vars(module).items()):
            if key.endswith("_SIGN") and hasattr(type(value), "search"):
                monkeypatch.setattr(module, key, Looking(value))
            elif key == "matches":
                monkeypatch.setattr(module, key, lambda pattern, text, _: pattern.finditer(text))
    for doc, before, after in zip(docs, looked, found(name, list(map(Open, docs))), strict=True):
        assert not before ^ after, doc.text


AROUND: list[tuple[Any, Callable[[Document], Iterable[Span]]]] = [
    (bed._WARD_ALONE, lambda doc: bed._wards(doc.text)),
    (address_free._HIGHWAY, address_free._highways),
    (organisation._SHORT, lambda doc: organisation._shorts(doc.text)),
    (date._CHINESE, lambda doc: [(f.start, f.end) for f in date.CalendarDate().find(doc)]),
    (date_partial._MONTH_ALONE, lambda doc: [(f.start, f.end) for f in date_partial.months_alone(doc.text)]),
    (date_partial._WORD_DAY, lambda doc: [(f.start, f.end) for f in date_partial.in_words(doc)]),
]


@pytest.mark.parametrize(("pattern", "find"), AROUND)
def test_what_is_looked_for_around_a_sign_is_found(pattern: Any, find: Callable[[Document], Iterable[Span]]) -> None:
    random, (source,) = Random(7), sources(pattern)
    for text in drawn(source, 150):
        doc = Document(random.choice(["", "。", "大柳", ",", "12"]) + text + random.choice(["", "。", "后"]))
        spans = list(find(doc))
        for match in re.finditer(source, doc.text):
            assert any(start < match.end() and match.start() < end for start, end in spans), doc.text


def test_what_may_be_a_day_has_its_sign() -> None:
    for text in drawn(days._FIGURES.pattern, 3000):
        for before in ("", "日、", "2~"):
            whole = before + text
            at = len(before)
            assert not days._FIGURES.match(whole, at) or days._FIGURES_SIGN.match(whole, at), whole


@settings(max_examples=2000)
@given(st.text("0123OolI|〇ZSBgs 号.", max_size=9))
def test_a_misread_number_has_its_sign(text: str) -> None:
    assert repair._MIXED.search(text) or repair._NUMBER.sub(repair._number, text) == text
