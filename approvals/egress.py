"""The egress check (出口检查): what in these rows must not leave, where, and what to do. A finding never quotes
what it found.

Settings stand in policies/egress.toml. Whatever cannot be checked counts as a blocking finding.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from approvals.variables import ALWAYS, allowed
from records.errors import IntegrityFailure
from records.paths import policies_dir

Value = str | int | float | None
Row = Mapping[str, Value]
Scan = Callable[[str], Collection[str]]  # text -> kinds of identifier found in it ("PERSON"), never the identifiers

BLOCKING_ALWAYS: Final = frozenset(
    {
        "identifier_left",
        "known_identifier",
        "variable_not_granted",
        "suspicious_column",
        "check_failed",
        "too_many_rows",
    }
)
CODES: Final = BLOCKING_ALWAYS | {
    "free_text_not_granted",
    "no_rows",
    "cell_too_long",
    "unrounded_count",
    "small_count",
    "odd_value",
    "small_cell",
    "formula_cell",
}
PER_CODE: Final = 50  # places listed for one code; the rest is counted
RECORD: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
PLAIN_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
FREE_TEXT_VARIABLES: Final = frozenset({"text"})
PSEUDONYMS: Final = frozenset({"record", "patient"})
PSEUDONYM: Final = re.compile(r"[rp][a-hkmnp-t]{16}")  # as rooms/pseudonym.py writes them: no digit, so no number
SMALL_NUMBER: Final = 1_000_000  # a number below it identifies nobody
REMEMBERED: Final = 64


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of trouble at one place. `where` names row and column ("row 3 (Rab12), text"), never a value."""

    code: str
    where: str
    remedy: str
    blocking: bool

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {"code": self.code, "where": self.where, "remedy": self.remedy, "blocking": self.blocking}


@dataclass(frozen=True, slots=True)
class Policy:
    """policies/egress.toml."""

    max_rows: int
    max_cell_characters: int
    free_text_characters: int
    small_cell: int
    round_to: int
    quasi_identifiers: tuple[str, ...]
    coarsen_order: tuple[str, ...]
    tied: Mapping[str, tuple[str, ...]]
    count_columns: frozenset[str]
    suspicious_columns: frozenset[str]
    severity: Mapping[str, str]
    remedy: Mapping[str, str]


@cache
def shipped() -> Policy:
    """The policy as shipped. Raises IntegrityFailure("policy_broken") when it is incomplete or too soft."""
    try:
        raw = tomllib.loads((policies_dir() / "egress.toml").read_text(encoding="utf-8"))
        return checked(raw)
    except (OSError, KeyError, TypeError, ValueError):
        raise IntegrityFailure("policy_broken", "policies/egress.toml is broken; reinstall policies/.") from None


def checked(raw: Mapping[str, Any]) -> Policy:
    """A policy out of its table. Raises ValueError, KeyError or TypeError when something is missing or too soft."""
    severity, remedy = dict(raw["severity"]), dict(raw["remedy"])
    if severity.keys() != CODES or remedy.keys() != CODES or not set(severity.values()) <= {"blocking", "advisory"}:
        raise ValueError("codes")
    if any(severity[code] != "blocking" for code in BLOCKING_ALWAYS):
        raise ValueError("too soft")
    if set(raw["coarsen_order"]) != set(raw["quasi_identifiers"]):
        raise ValueError("coarsen_order")
    if raw["small_cell"] < 2 or raw["round_to"] < 2 or raw["max_rows"] < 1:
        raise ValueError("thresholds")
    return Policy(
        raw["max_rows"],
        raw["max_cell_characters"],
        raw["free_text_characters"],
        raw["small_cell"],
        raw["round_to"],
        tuple(raw["quasi_identifiers"]),
        tuple(raw["coarsen_order"]),
        {name: tuple(others) for name, others in raw["tied"].items()},
        frozenset(raw["count_columns"]),
        frozenset(raw["suspicious_columns"]),
        severity,
        remedy,
    )


def check(
    rows: Sequence[Row],
    granted: Collection[str],
    *,
    scan: Scan,
    known: Scan,
    policy: Policy | None = None,
) -> tuple[Finding, ...]:
    """Looks at every cell of the rows (columns by variable name, the text rendered) and at the rows together.

    `scan` finds leftover identifiers of any kind; `known` finds those of the archive's own people. Blocking
    findings first.
    """
    policy = policy or shipped()
    found: dict[str, list[str]] = defaultdict(list)
    scan, known = _remembering(scan), _remembering(known)
    for code, where in _all(rows, allowed(granted), scan, known, policy):
        found[code].append(where)
    findings = [finding for code, places in found.items() for finding in _findings(code, places, policy)]
    return tuple(sorted(findings, key=lambda finding: not finding.blocking))


def _findings(code: str, places: list[str], policy: Policy) -> Iterator[Finding]:
    blocking, remedy = policy.severity[code] == "blocking", policy.remedy[code]
    for where in places[:PER_CODE]:
        yield Finding(code, where, remedy, blocking)
    if len(places) > PER_CODE:
        yield Finding(code, f"and {len(places) - PER_CODE} more places", remedy, blocking)


def _all(
    rows: Sequence[Row], granted: frozenset[str], scan: Scan, known: Scan, policy: Policy
) -> Iterator[tuple[str, str]]:
    if not rows:
        yield "no_rows", "all rows"
    if len(rows) > policy.max_rows:
        yield "too_many_rows", f"{len(rows)} rows, at most {policy.max_rows}"
    columns = list(dict.fromkeys(name for row in rows for name in row))
    for number, name in enumerate(columns, start=1):
        yield from _column(name, number, granted, policy)
    for number, row in enumerate(rows, start=1):
        for name, value in row.items():
            where = f"{_place(row, number)}, {_column_name(name, columns, granted)}"
            for code in _cell(name, value, granted, scan, known, policy):
                yield code, where
    yield from _small_cells(rows, policy)


def _column(name: str, number: int, granted: frozenset[str], policy: Policy) -> Iterator[tuple[str, str]]:
    where = f"column {number}" if name not in granted else f"column {name}"
    if name not in granted:
        yield "variable_not_granted", where
    if _folded(name) in policy.suspicious_columns:
        yield "suspicious_column", where


def _folded(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())


def _place(row: Row, number: int) -> str:
    record = row.get(ALWAYS)
    return f"row {number} ({record})" if isinstance(record, str) and RECORD.fullmatch(record) else f"row {number}"


def _column_name(name: str, columns: list[str], granted: frozenset[str]) -> str:
    return name if name in granted else f"column {columns.index(name) + 1}"


def _cell(name: str, value: object, granted: frozenset[str], scan: Scan, known: Scan, policy: Policy) -> Iterator[str]:
    if value is None:
        return
    if _folded(name) in policy.count_columns:
        yield from _count(value, policy)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value != value:
        yield "odd_value"
        return
    if isinstance(value, int | float):
        if abs(value) < SMALL_NUMBER:
            return
        value = str(value)
    yield from _identifiers(name, value, scan, known)
    if len(value) > policy.max_cell_characters:
        yield "cell_too_long"
    is_prose = "\n" in value or len(value) > policy.free_text_characters
    if is_prose and name != "concepts" and not (name in FREE_TEXT_VARIABLES and name in granted):
        yield "free_text_not_granted"
    if is_formula(value):
        yield "formula_cell"


def _identifiers(name: str, value: str, scan: Scan, known: Scan) -> Iterator[str]:
    try:
        if not (name in PSEUDONYMS and PSEUDONYM.fullmatch(value)) and scan(value):
            yield "identifier_left"
        if known(value):
            yield "known_identifier"
    except Exception:  # noqa: BLE001 - what cannot be checked may not leave
        yield "check_failed"


def _remembering(scan: Scan) -> Scan:
    """The same answers, asked once for each short value: columns repeat themselves."""
    seen: dict[str, Collection[str]] = {}

    def asked(text: str) -> Collection[str]:
        if len(text) > REMEMBERED:
            return scan(text)
        if text not in seen:
            seen[text] = scan(text)
        return seen[text]

    return asked


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula; a plain number is none."""
    start = text.lstrip(" \u3000\u00a0\ufeff\u200b")
    return start.startswith(FORMULA) and not PLAIN_NUMBER.fullmatch(text)


def _count(value: object, policy: Policy) -> Iterator[str]:
    text = str(value).strip()
    if not text.isdecimal():
        return  # "<10" and "~120" are what published counts look like
    count = int(text)
    if 0 < count < policy.small_cell:
        yield "small_count"
    elif count % policy.round_to:
        yield "unrounded_count"


def _small_cells(rows: Sequence[Row], policy: Policy) -> Iterator[tuple[str, str]]:
    """Combinations of quasi-identifiers shared by fewer patients (records, where there is no patient column) than
    the threshold.
    """
    derived = [banded(row) for row in rows]
    columns = [name for name in policy.quasi_identifiers if any(row.get(name) not in (None, "") for row in derived)]
    if not columns:
        return
    for members in groups(derived, columns):
        if people_in(derived, members) < policy.small_cell:
            first = _place(rows[members[0]], members[0] + 1)
            yield "small_cell", f"{'+'.join(columns)}: a group of {len(members)} rows beginning at {first}"


def groups(rows: Sequence[Row], columns: Sequence[str]) -> list[list[int]]:
    """Indexes of rows that agree in all the columns, group by group, in order of appearance."""
    found: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        found[tuple(_comparable(row.get(name)) for name in columns)].append(index)
    return list(found.values())


def people_in(rows: Sequence[Row], members: Sequence[int]) -> int:
    """How many patients (records, where there is no patient column) a group has."""
    return len({_comparable(rows[index].get("patient") or rows[index].get(ALWAYS) or index) for index in members})


def _comparable(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float) else repr(value)


def banded(row: Row) -> dict[str, Value]:
    """The row with `age_band` in place when it has an age: ten years a band, "90+" at the end."""
    age = row.get("age")
    if row.get("age_band") not in (None, "") or not isinstance(age, int) or isinstance(age, bool):
        return dict(row)
    return {**row, "age_band": age_band(age)}


def age_band(age: int) -> str:
    """ "50-59", "90+"."""
    return "90+" if age >= 90 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"
