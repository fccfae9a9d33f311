"""Sets a record on A4 pages: where each piece of text and each rule stands, in points; draws nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sample.markup import plain
from sample.record import Record, Section

WIDTH, HEIGHT = 595.0, 842.0
Measure = Callable[[str, float], float]  # text, size -> width in points

_TOKENS = re.compile(r"[A-Za-z0-9.,/%+\-~^×·:]+|.", re.DOTALL)
_NO_START = set("，。；：、）】》”’！？%℃〉」,.;:)")


@dataclass(frozen=True, slots=True)
class Ink:
    """Text with the left end of its baseline."""

    x: float
    y: float
    size: float
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.6


@dataclass(slots=True)
class Page:
    """One page."""

    inks: list[Ink] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    foot: float = 0.0  # baseline of the last line


@dataclass(frozen=True, slots=True)
class Form:
    """How a department's forms look."""

    margin: float
    leading: float
    boxed_header: bool
    own_line_headings: bool
    bold_headings: bool
    ruled_tables: bool


FORMS = (
    Form(48, 1.55, False, False, True, False),
    Form(54, 1.60, True, False, False, True),
    Form(44, 1.50, False, True, True, True),
    Form(58, 1.65, True, True, False, False),
)


def wrap(text: str, size: float, room: float, measure: Measure, indent: float = 0.0) -> list[str]:
    """Lines no wider than `room`; no line starts with closing punctuation; numbers and Latin words stay whole."""
    lines, line, used = [], "", indent
    for token in _TOKENS.findall(text):
        width = measure(token, size)
        if used + width > room and line and token not in _NO_START:
            lines.append(line)
            line, used = "", 0.0
        while width > room:  # a word longer than the line
            lines.append(token[:20])
            token, width = token[20:], measure(token[20:], size)
        line += token
        used += width
    if line:
        lines.append(line)
    return lines or [""]


class Setter:
    """Puts one record on pages."""

    def __init__(self, form: Form, size: float, measure: Measure) -> None:
        self.form, self.size, self.measure = form, size, measure
        self.pages = [Page()]
        self.y = form.margin
        self.room = WIDTH - 2 * form.margin

    def set(self, record: Record, hospital: str) -> list[Page]:
        """All pages of the record."""
        self._centred(hospital, self.size + 4.5, bold=True)
        self._centred(record.title, self.size + 3, bold=True)
        self._header([f"{label}：{plain(value)}" for label, value in record.header])
        for section in record.sections:
            self._section(section)
        self._signatures([f"{label}：{plain(name)}" for label, name in record.signatures])
        return self.pages

    def _line(self, height: float) -> float:
        """Move on by a line and give its baseline; a new page when this one is full."""
        if self.y + height > HEIGHT - self.form.margin:
            self.pages.append(Page())
            self.y = self.form.margin
        self.y += height
        self.pages[-1].foot = self.y
        return self.y

    def _put(self, x: float, y: float, text: str, size: float | None = None, *, bold: bool = False) -> None:
        self.pages[-1].inks.append(Ink(x, y, size or self.size, text, bold))

    def _centred(self, text: str, size: float, *, bold: bool) -> None:
        y = self._line(size * 1.5)
        self._put((WIDTH - self.measure(text, size)) / 2, y, text, size, bold=bold)

    def _header(self, cells: list[str]) -> None:
        """The identity row: cells side by side, as many rows as they need."""
        self.y += 4
        top, gap = self.y, self.size
        rows: list[list[str]] = [[]]
        used = 0.0
        for cell in cells:
            width = self.measure(cell, self.size) + gap
            if used + width > self.room and rows[-1]:
                rows.append([])
                used = 0.0
            rows[-1].append(cell)
            used += width
        for row in rows:
            y = self._line(self.size * 1.6)
            free = self.room - sum(self.measure(c, self.size) for c in row)
            step = min(free / max(len(row), 1), 40.0)
            x = self.form.margin + (4 if self.form.boxed_header else 0)
            for cell in row:
                self._put(x, y, cell)
                x += self.measure(cell, self.size) + max(step - 2, 6)
        self.y += self.size * 0.5
        left, right = self.form.margin, WIDTH - self.form.margin
        if self.form.boxed_header:
            edges = (
                (left, top, right, top),
                (left, top, left, self.y),
                (right, top, right, self.y),
                (left, self.y, right, self.y),
            )
            self.pages[-1].rules.extend(Rule(*e) for e in edges)
        else:
            self.pages[-1].rules.append(Rule(left, self.y, right, self.y, 1.0))
        self.y += 2

    def _section(self, section: Section) -> None:
        if section.table:
            self._table(section)
            return
        first, *rest = [plain(p) for p in section.paragraphs] or [""]
        heading = f"{section.heading}："
        if self.form.own_line_headings and len(first) > 24:
            y = self._line(self.size * self.form.leading)
            self._put(self.form.margin, y, heading, bold=self.form.bold_headings)
            self._paragraph(first, indent=self.size * 2)
        else:
            width = self.measure(heading, self.size)
            self._paragraph(first, indent=width + 1, heading=heading)
        for text in rest:
            self._paragraph(text, indent=0)

    def _paragraph(self, text: str, indent: float, heading: str = "") -> None:
        for i, line in enumerate(wrap(text, self.size, self.room, self.measure, indent)):
            y = self._line(self.size * self.form.leading)
            if i == 0 and heading:
                self._put(self.form.margin, y, heading, bold=self.form.bold_headings)
            self._put(self.form.margin + (indent if i == 0 else 0), y, line)

    def _table(self, section: Section) -> None:
        rows = [[plain(c) for c in row] for row in section.table]
        heading = section.heading
        if heading != " ".join(rows[0]):
            y = self._line(self.size * self.form.leading)
            self._put(self.form.margin, y, f"{heading}：", bold=self.form.bold_headings)
        widest = [max(self.measure(row[i], self.size) for row in rows) for i in range(len(rows[0]))]
        spare = max(0.0, self.room - sum(widest) - 8 * len(widest)) / len(widest)
        steps = [w + 8 + min(spare, 46) for w in widest]
        left, right = self.form.margin, self.form.margin + sum(steps)
        self.y += 4
        top = self.y
        for number, row in enumerate(rows):
            y = self._line(self.size * (self.form.leading + 0.1))
            x = left + 4
            for cell, step in zip(row, steps, strict=True):
                if cell:
                    self._put(x, y, cell, bold=number == 0 and self.form.bold_headings)
                x += step
            if number == 0 or self.form.ruled_tables:
                self.pages[-1].rules.append(Rule(left, y + self.size * 0.45, right, y + self.size * 0.45))
        self.pages[-1].rules.append(Rule(left, top, right, top))
        self.pages[-1].rules.append(Rule(left, self.y + self.size * 0.45, right, self.y + self.size * 0.45))
        self.y += self.size * 0.8

    def _signatures(self, cells: list[str]) -> None:
        self.y += self.size * 0.8
        text_rows: list[list[str]] = [[]]
        used = 0.0
        for cell in cells:
            width = self.measure(cell, self.size) + 22
            if used + width > self.room and text_rows[-1]:
                text_rows.append([])
                used = 0.0
            text_rows[-1].append(cell)
            used += width
        for row in text_rows:
            y = self._line(self.size * 1.8)
            x = WIDTH - self.form.margin - sum(self.measure(c, self.size) + 22 for c in row)
            for cell in row:
                self._put(x, y, cell)
                x += self.measure(cell, self.size) + 22
