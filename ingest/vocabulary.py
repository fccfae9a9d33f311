"""The shipped tables of record types, departments and field labels, and the look-ups over them. Data only: no code
below this names a disease, a person or a hospital."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from records.paths import data_dir


@dataclass(frozen=True, slots=True)
class RecordType:
    """`titles` are the names a page may carry, `headings` the sections of that type."""

    code: str
    zh: str
    en: str
    titles: tuple[str, ...]
    headings: tuple[str, ...]


def squeezed(text: str) -> str:
    """NFKC without any white space; how names of things are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _rows(name: str) -> list[dict[str, str]]:
    with (data_dir() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def record_types() -> dict[str, RecordType]:
    """All forty, by code."""
    return {
        row["code"]: RecordType(
            row["code"], row["zh"], row["en"], tuple(row["titles"].split("|")), tuple(row["headings"].split("|"))
        )
        for row in _rows("record_types.csv")
    }


@cache
def _titles() -> list[tuple[str, str]]:
    """(squeezed title, code), longest first, so that 首次病程记录 wins over 病程记录."""
    pairs = [(squeezed(title), kind.code) for kind in record_types().values() for title in (kind.zh, *kind.titles)]
    return sorted(set(pairs), key=lambda pair: (-len(pair[0]), pair))


def type_of_title(text: str) -> str:
    """The code of the record type that a line is the title of, or "". The line may hold a few more words (科别, 单)."""
    line = re.sub(r"[\s《》【】\[\]：:]", "", squeezed(text))
    for title, code in _titles():
        if line == title or (
            title in line
            and len(line) <= len(title) + 12
            and line.endswith((title, f"{title}单", f"{title}书", f"{title}表"))
        ):
            return code
    for title, code in _titles():
        if len(title) >= 4 and title in line and len(line) <= len(title) + 8:
            return code
    return ""


@cache
def headings() -> tuple[str, ...]:
    """Every known heading, longest first."""
    found = {squeezed(heading) for kind in record_types().values() for heading in kind.headings}
    return tuple(sorted(found, key=lambda heading: (-len(heading), heading)))


@cache
def _departments() -> dict[str, str]:
    """Squeezed, case-folded name or synonym -> Chinese name."""
    found: dict[str, str] = {}
    for row in _rows("departments.csv"):
        for name in (row["zh"], row["en"], row["code"], *row["synonyms"].split("|")):
            found.setdefault(squeezed(name).casefold(), row["zh"])
    return found


def department(text: str) -> str:
    """The Chinese name of the department that a text names, or "": exact first, then the longest name within it
    (内分泌科二病区, 心血管内科护理单元)."""
    wanted = squeezed(text).casefold()
    known = _departments()
    if wanted in known:
        return known[wanted]
    inside = [name for name in known if len(name) >= 2 and name in wanted and not name.isascii()]
    return known[max(inside, key=lambda name: (len(name), name))] if inside else ""


def department_names() -> dict[str, str]:
    """Chinese name -> English name, for screens."""
    return {row["zh"]: row["en"] for row in _rows("departments.csv")}


@cache
def labels() -> tuple[tuple[str, str], ...]:
    """(label, field), longest first."""
    pairs = [(label, row["field"]) for row in _rows("field_labels.csv") for label in row["labels"].split("|")]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))
