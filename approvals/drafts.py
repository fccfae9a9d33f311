"""A request as it is handed in: TOML read into a draft, with a clear list of what is missing. Decides nothing and
stores nothing.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from approvals import toml_text
from approvals.database import bad_text
from approvals.variables import ALWAYS, ordered, variables
from records.errors import BadInput

LONGEST: Final = 64_000
LONGEST_PERIOD: Final = timedelta(days=5 * 366)
FIELDS: Final = frozenset(
    {
        "title",
        "purpose",
        "ethics_number",
        "ethics_end",
        "ethics",
        "legal_basis",
        "variables",
        "members",
        "period",
        "cohort",
        "cohort_hash",
        "cohort_file",
    }
)
LIMITS: Final = {"title": 200, "purpose": 4000, "ethics_number": 100, "legal_basis": 1000}


@dataclass(frozen=True, slots=True)
class Missing:
    """What stands in the way: the field as the person wrote it, a stable code, and what to do."""

    field: str
    code: str
    remedy: str

    def shown(self) -> dict[str, str]:
        """As JSON."""
        return {"field": self.field, "code": self.code, "remedy": self.remedy}


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read of a request; `missing` is empty when it is complete. The cohort comes as a hash, a saved
    name, a definition, or several of these, which must then agree."""

    title: str
    purpose: str
    ethics_number: str
    ethics_end: date | None
    legal_basis: str
    variables: tuple[str, ...]
    members: tuple[str, ...]
    start: date | None
    end: date | None
    cohort_hash: str
    cohort_name: str
    cohort_toml: str
    missing: tuple[Missing, ...]


class _Reader:
    """Takes fields out of parsed TOML and remembers what is wrong with them."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.missing: list[Missing] = []

    def lack(self, field: str, code: str, remedy: str) -> None:
        self.missing.append(Missing(field, code, remedy))

    def text(self, table: dict[str, Any], key: str, field: str, *, optional: bool = False) -> str:
        value = table.get(key)
        if value is None or value == "":
            if not optional:
                self.lack(field, "missing", f"Fill in {field}.")
            return ""
        if not isinstance(value, str) or not value.strip():
            self.lack(field, "not_text", f"Write {field} as text.")
            return ""
        if len(value) > LIMITS.get(key, 200):
            self.lack(field, "too_long", f"Shorten {field} to {LIMITS.get(key, 200)} characters.")
        return value.strip()

    def day(self, table: dict[str, Any], key: str, field: str) -> date | None:
        value = table.get(key)
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                value = object()
        if isinstance(value, date):
            return value
        if value is None:
            self.lack(field, "missing", f"Fill in {field} as a date, like 2027-12-31.")
        else:
            self.lack(field, "not_a_date", f"Write {field} as a date, like 2027-12-31.")
        return None

    def names(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.lack(key, "not_a_list", f"Write {key} as a list of names in quotes.")
            return ()
        return tuple(dict.fromkeys(value))


def parse(text: str) -> Draft:
    """Reads a request. Raises BadInput("bad_toml") when it is not TOML; all else is listed in `missing`."""
    if len(text) > LONGEST:
        raise BadInput("request_too_long", "The request is too long; keep it below 64,000 characters.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise bad_text()
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise BadInput(
            "bad_toml", f"The request is not valid TOML ({_where(problem)}); mend it and try again."
        ) from None
    reader = _Reader(raw)
    for field in sorted(raw.keys() - FIELDS):
        reader.lack(
            field if field.isascii() else "?", "unknown_field", "Remove this field; it is not part of a request."
        )
    ethics = raw.get("ethics")
    ethics = ethics if isinstance(ethics, dict) else {}
    number = {"ethics_number": raw.get("ethics_number", ethics.get("number"))}
    end = {"ethics_end": raw.get("ethics_end", ethics.get("end"))}
    title, purpose = reader.text(raw, "title", "title"), reader.text(raw, "purpose", "purpose")
    ethics_number = reader.text(number, "ethics_number", "ethics_number")
    ethics_end = reader.day(end, "ethics_end", "ethics_end")
    start, stop = _period(reader)
    hashed, name, definition = _cohort(reader)
    return Draft(
        title,
        purpose,
        ethics_number,
        ethics_end,
        reader.text(raw, "legal_basis", "legal_basis", optional=True),
        _variables(reader),
        reader.names("members"),
        start,
        stop,
        hashed,
        name,
        definition,
        tuple(reader.missing),
    )


def _where(problem: Exception) -> str:
    """The place only: the rest of the parser's message may quote what was typed."""
    text = str(problem)
    return text[text.rfind("(at ") + 1 : -1] if "(at " in text and text.endswith(")") else "somewhere"


def _variables(reader: _Reader) -> tuple[str, ...]:
    names = set(reader.names("variables"))
    if not names - {ALWAYS}:
        reader.lack("variables", "missing", f"List at least one variable of: {', '.join(variables())}.")
    unknown = sorted(names - variables().keys())
    if unknown:
        shown = ", ".join(name if name.isascii() and len(name) < 40 else "?" for name in unknown)
        reader.lack("variables", "unknown_variable", f"Remove {shown}; choose from: {', '.join(variables())}.")
    return tuple(ordered(names))


def _period(reader: _Reader) -> tuple[date | None, date | None]:
    table = reader.raw.get("period")
    if not isinstance(table, dict):
        reader.lack("period", "missing", "Add a table [period] with start and end.")
        return None, None
    start, end = reader.day(table, "start", "period.start"), reader.day(table, "end", "period.end")
    if start and end and end < start:
        reader.lack("period", "ends_before_start", "Let the period end after it starts.")
    elif start and end and end - start > LONGEST_PERIOD:
        reader.lack("period", "too_long", "Ask for at most five years.")
    return start, end


def _cohort(reader: _Reader) -> tuple[str, str, str]:
    """(hash, saved name, definition in TOML); each may be empty."""
    cohort = reader.raw.get("cohort", reader.raw.get("cohort_hash"))
    if isinstance(cohort, str) and "\n" not in cohort.strip():
        cohort = {"hash": cohort}
    elif isinstance(cohort, str):
        cohort = {"definition": cohort}
    if not isinstance(cohort, dict) or not cohort:
        reader.lack("cohort", "missing", "Name the cohort by its hash, or put its definition into the request.")
        return "", "", ""
    definition = cohort.get("definition", cohort.get("toml", ""))
    rest = {key: value for key, value in cohort.items() if key not in {"hash", "saved", "definition", "toml"}}
    if isinstance(definition, dict):
        definition = toml_text.dumps(definition)
    elif rest and not definition:
        definition = toml_text.dumps(rest)
    hashed, name = str(cohort.get("hash", "")), str(cohort.get("saved", ""))
    if hashed and (len(hashed) != 64 or set(hashed) - set("0123456789abcdef")):
        reader.lack("cohort", "bad_hash", "Copy the 64 characters that `lantai cohort save` printed.")
        hashed = ""
    elif not (hashed or name or definition):
        reader.lack("cohort", "missing", "Name the cohort by its hash, or put its definition into the request.")
    return hashed, name, str(definition)
