"""One record on its way to a file: header, sections, signatures, still with invisible marks in its strings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sample.people import Patient


@dataclass(slots=True)
class Section:
    """A heading with paragraphs, or with a table whose first row names the columns. All strings may hold marks."""

    heading: str
    paragraphs: list[str] = field(default_factory=list)
    table: list[list[str]] = field(default_factory=list)

    @property
    def heads_its_columns(self) -> bool:
        """The heading of a laboratory table is the table's own first row."""
        return bool(self.table) and self.heading == " ".join(self.table[0])

    def body(self) -> list[str]:
        """Marked lines below or beside the heading."""
        rows = self.table[1:] if self.heads_its_columns else self.table
        return self.paragraphs + ["  ".join(row) for row in rows]


@dataclass(frozen=True, slots=True)
class LabValue:
    """One line of a laboratory report."""

    id: str
    name: str
    value: str
    unit: str
    low: str
    high: str
    flag: str

    @property
    def reference(self) -> str:
        """The reference range as printed."""
        return f"{self.low}-{self.high}" if self.high else f"≥{self.low}"


@dataclass(slots=True)
class Record:
    """A record of one patient."""

    type_code: str
    title: str
    department: str
    when: datetime
    patient: Patient
    visit: int
    inpatient: bool
    admitted: datetime
    discharged: datetime
    visit_number: str
    author: str
    header: list[tuple[str, str]]
    sections: list[Section]
    signatures: list[tuple[str, str]]
    diagnoses: list[tuple[str, str]] = field(default_factory=list)  # (concept id, marked name)
    labs: list[LabValue] = field(default_factory=list)
    file: str = ""
    kind: str = ""

    def section_lines(self) -> list[str]:
        """Marked lines between header and signatures; a heading shares its line with the first paragraph."""
        out: list[str] = []
        for section in self.sections:
            if section.heads_its_columns:
                out.append(section.heading)
                out.extend(section.body())
            elif section.table:
                out.append(f"{section.heading}：")
                out.extend(section.body())
            else:
                first, *rest = section.paragraphs or [""]
                out.append(f"{section.heading}：{first}")
                out.extend(rest)
        return out

    def page(self, hospital: str) -> str:
        """The whole page in reading order, marked."""
        lines = [hospital, self.title]
        lines.append("  ".join(f"{label}：{value}" for label, value in self.header))
        lines.extend(self.section_lines())
        lines.append("  ".join(f"{label}：{name}" for label, name in self.signatures))
        return "\n".join(lines)
