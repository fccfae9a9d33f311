"""Labelled values on a page (姓名：…  性别：…), with where they stand. Tolerates labels spaced out, colons lost by OCR
before a following label, and values in the next cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from ingest.vocabulary import labels

_COLON: Final = r"\s*[:：﹕∶|｜│┃]\s*"  # the bars of a table written as text part label and value too
_GAP: Final = re.compile(r"\s{2,}|\t|\u3000+|[|｜│┃]")
_TRIM: Final = " \t\u3000，,；;。、|｜│┃_-—"
_DIGITS: Final = "0-9０-９"
# What a value of the kind can look like; it ends where this ends, so that running text after it is left alone.
_SHAPES: Final[dict[str, re.Pattern[str]]] = {
    "number": re.compile(rf"[A-Za-z]{{0,6}}[-－]?[{_DIGITS}][{_DIGITS}A-Za-z\-－]{{2,24}}"),
    "id_card": re.compile(rf"[{_DIGITS}][{_DIGITS}Xx*＊ ]{{6,22}}[{_DIGITS}Xx]"),
    "phone": re.compile(rf"[+＋]?[{_DIGITS}][{_DIGITS}\-－() （）/、,，]{{5,40}}[{_DIGITS}]"),
    "email": re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+"),
    "date": re.compile(
        rf"[{_DIGITS}]{{8}}|[{_DIGITS}]{{4}}\s*[年\-/.－—]\s*[{_DIGITS}]{{1,2}}"
        rf"(?:\s*[月\-/.－—]\s*[{_DIGITS}]{{1,2}}\s*[日号]?)?月?"
        rf"(?:\s*[{_DIGITS}]{{1,2}}\s*[:：时]\s*[{_DIGITS}]{{1,2}}(?:\s*[:：分]\s*[{_DIGITS}]{{0,2}})?)?"
    ),
}
_SHAPE_OF: Final[dict[str, str]] = {
    "record_number": "number", "insurance": "number", "exam_number": "number", "account": "number",
    "id_card": "id_card", "phone": "phone", "email": "email", "admission": "date", "discharge": "date",
    "record_date": "date",
    "report_date": "date", "exam_date": "date", "operation_date": "date", "visit_date": "date", "consult_date": "date",
    "round_date": "date", "death_date": "date", "birth": "date",
}  # fmt: skip
# Kinds whose label needs its colon: without one it is as likely the head of a table's column.
_IN_PROSE: Final = frozenset(
    {
        "name",
        "sex",
        "age",
        "birth",
        "employer",
        "address",
        "birthplace",
        "phone",
        "id_card",
        "contact",
        "historian",
        "record_number",
        "insurance",
        "email",
        "account",
        "admission",
        "discharge",
        "record_date",
        "visit_date",
    }
)
_NEEDS_COLON: Final = frozenset({"employer", "address", "specimen", "relation", "nation", "account"})


@dataclass(frozen=True, slots=True)
class Field:
    """A value and its place: `line` index, `start`-`end` code points of label and value together. repr hides it."""

    kind: str
    label: str
    value: str
    line: int
    start: int
    end: int

    def __repr__(self) -> str:
        return f"Field({self.kind}, line {self.line})"


@cache
def _label_pattern() -> re.Pattern[str]:
    """Any known label, then a colon, a wide gap or the line's end; longest labels first."""
    spaced = "|".join(r"[ \u3000]*".join(map(re.escape, label)) for label, _ in labels())
    return re.compile(rf"(?P<label>{spaced})(?:(?P<colon>{_COLON})|(?=\s{{2,}}|\u3000|$))")


@cache
def _kind_of() -> dict[str, str]:
    return dict(labels())


@cache
def _bare_name() -> re.Pattern[str]:
    """姓名钱犇丽 性别…: the name's colon lost between the label and the next label."""
    return re.compile(r"^姓\s*名\s*(?P<value>[\u3400-\u9fff·•]{2,6}?)\s*(?=性\s*别|年\s*龄|科\s*室|$)")


def fields(lines: Sequence[str]) -> list[Field]:
    """All labelled values, in reading order."""
    return [field for number, line in enumerate(lines) for field in (*_on_line(line, number), *_in_prose(line, number))]


def _on_line(line: str, number: int) -> list[Field]:
    marks = [match for match in _label_pattern().finditer(line) if _starts_label(line, match)]
    found: list[Field] = []
    bare = _bare_name().match(line)
    if bare and not any(_label_of(mark) == "姓名" for mark in marks):
        found.append(Field("name", "姓名", bare["value"], number, bare.start(), bare.end("value")))
    for index, mark in enumerate(marks):
        stop = marks[index + 1].start() if index + 1 < len(marks) else len(line)
        label = _label_of(mark)
        kind = _kind_of()[label]
        value, end = _value(kind, line, mark.end(), stop)
        if value:
            found.append(Field(kind, label, value, number, mark.start(), end))
    return found


@cache
def _prose_pattern() -> re.Pattern[str]:
    """A label without colon in a sentence of particulars (…，工作单位某公司，现住址…): from a comma to the next."""
    names = sorted((label for label, kind in labels() if kind in _IN_PROSE and len(label) >= 2), key=len, reverse=True)
    spelt = "|".join(map(re.escape, names))
    return re.compile(
        rf"(?:^|(?<=[，。；,;：:（(]))(?P<label>{spelt})(?:是|为|系)?[ \u3000]?(?P<value>[^\s，。；,;：:]{{1,60}})"
    )


def _in_prose(line: str, number: int) -> list[Field]:
    """Only on lines with at least two such labels, or one whose value has the shape of its number."""
    found: list[Field] = []
    for match in _prose_pattern().finditer(line):
        kind = _kind_of()[match["label"]]
        shape = _SHAPES.get(_SHAPE_OF.get(kind, ""))
        inside = shape.match(match["value"]) if shape else None
        if shape is None or inside:
            value = inside[0] if inside else match["value"]
            found.append(Field(kind, match["label"], value, number, match.start(), match.start("value") + len(value)))
    numbered = any(item.kind in _SHAPE_OF for item in found)
    return found if len(found) >= 2 or numbered else []


def _label_of(match: re.Match[str]) -> str:
    return "".join(match["label"].split())


def _starts_label(line: str, match: re.Match[str]) -> bool:
    """A label without a colon must be a cell of its own; a one-character one with a colon may not be a word's tail."""
    before = line[match.start() - 1] if match.start() else " "
    if not match["colon"]:
        alone = before in " \t\u3000"
        return alone and _kind_of()[_label_of(match)] not in _NEEDS_COLON
    return not before.isalnum() or len(_label_of(match)) >= 2


def _value(kind: str, line: str, start: int, stop: int) -> tuple[str, int]:
    """The value and its end: its shape's end for numbers and dates, else the next label or wide gap."""
    raw = line[start:stop]
    lead = len(raw) - len(raw.lstrip(" \t\u3000"))
    body = raw[lead:]
    shape = _SHAPE_OF.get(kind)
    if shape is not None:
        match = _SHAPES[shape].match(body)
        return (match[0].strip(_TRIM), start + lead + match.end()) if match else ("", start)
    gap = _GAP.search(body)
    body = body[: gap.start()] if gap else body
    return body.strip(_TRIM), start + lead + len(body.rstrip())
