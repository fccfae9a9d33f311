"""A cohort (队列) as written down: criteria in TOML, checked, with one canonical form and one hash. Reads no record."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from records.canonical import canonical, fingerprint
from records.errors import BadInput
from records.ids import CohortHash
from records.mentions import Assertion
from semantic.concepts import Want

UNITS: Final = ("record", "patient")
REACHES: Final = ("exact", "itself", *(str(want) for want in Want))
_LONGEST: Final = 100_000  # days
_MOST_VARIABLES: Final = 40
_DEFAULT_SAYS: Final = (Assertion.PRESENT, Assertion.PAST)
WHICH: Final = ("first", "last", "any")
_TOP: Final = {"name", "note", "unit", "variables", "who", "start", "include", "exclude"}
_WHO: Final = {"department", "record_type", "sex", "age_min", "age_max", "since", "until"}
_START: Final = {"concept", "reach", "says", "which"}
_TIME: Final = ("before", "at_least_days", "from_day", "to_day", "which")  # left out of the hash where not used
_ONE: Final = {"concept", "reach", "says", "times", "after", "within_days", "label", *_TIME}
_SHARED: Final = _ONE - {"concept", "label"}
_MANY: Final = {"any", "all", "at_least", "of", "label"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One concept. `reach`: "exact", "itself" (with its kinds and what implies it) or a Want; `says`: assertions that
    count; `times`: in at least so many records of the patient. In time, by days within one patient: the day of `which`
    mention ("first", "last", or "any" that fits) lies in `window`, counted from the first day of the concept `after` or
    `before`, or from the cohort's start event (`from_day`, `to_day`)."""

    concept: str
    reach: str = "itself"
    says: tuple[Assertion, ...] = _DEFAULT_SAYS
    times: int = 1
    after: str | None = None
    within_days: int | None = None
    before: str | None = None
    at_least_days: int | None = None
    from_day: int | None = None
    to_day: int | None = None
    which: str = "first"

    @property
    def from_start(self) -> bool:
        """Whether its days are counted from the cohort's start event."""
        return self.from_day is not None or self.to_day is not None

    @property
    def timed(self) -> bool:
        """Whether it speaks of days."""
        return self.after is not None or self.before is not None or self.from_start

    @property
    def of_patient(self) -> bool:
        """Whether it needs all of a patient's records."""
        return self.times > 1 or self.timed

    @property
    def window(self) -> tuple[int | None, int | None]:
        """First and last day that fit, inclusive, counted from the other event; None: without end."""
        if self.from_start:
            return self.from_day, self.to_day
        near, far = self.at_least_days or 0, self.within_days
        return (near, far) if self.after is not None else (None if far is None else -far, -near)


@dataclass(frozen=True, slots=True)
class Group:
    """At least `at_least` of several criteria; `label` names the step of the attrition table."""

    of: tuple[Criterion, ...]
    at_least: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Rows to begin with; empty or None means no wish. Years and ages are inclusive."""

    department: tuple[str, ...] = ()
    record_type: tuple[str, ...] = ()
    sex: str | None = None
    age_min: int | None = None
    age_max: int | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class CohortDefinition:
    """`unit` "record": records that hold the criteria themselves; "patient": every record (within `who`) of patients
    whose records together hold them. `start`: the event that days are counted from; who lacks it falls away.
    `variables` are wanted of the cohort. Those, `name` and `note` are no part of the hash."""

    include: tuple[Group, ...]
    exclude: tuple[Group, ...] = ()
    who: Who = field(default_factory=Who)
    unit: str = "record"
    name: str = ""
    note: str = ""
    start: Criterion | None = None
    variables: tuple[str, ...] = ()

    @classmethod
    def parse(cls, toml: str) -> Self:
        """Read a definition. BadInput("cohort_malformed") says which part is wrong and what would be right."""
        try:
            table = tomllib.loads(toml)
        except tomllib.TOMLDecodeError as error:
            raise _wrong(f"it is not valid TOML ({error})") from None
        _known("the top", table, _TOP)
        unit = table.get("unit", "record")
        if unit not in UNITS:
            raise _wrong("unit must be 'record' or 'patient'")
        include = _groups("include", table.get("include", []))
        who = _who(table.get("who", {}))
        start = _start(table["start"]) if "start" in table else None
        if not include and start is None and who == Who():
            raise _wrong("it needs at least one [[include]] with a concept, or a [start], or a [who]")
        exclude = _groups("exclude", table.get("exclude", []))
        if start is None and any(one.from_start for group in include + exclude for one in group.of):
            raise _wrong("from_day and to_day count from a start event: add a [start] with a concept")
        name, note = (_text(key, table.get(key, "")) for key in ("name", "note"))
        return cls(include, exclude, who, unit, name, note, start, _variables(table.get("variables", [])))

    @property
    def hash(self) -> CohortHash:
        """64 hex digits over the canonical form: order of keys, spacing, names and notes do not matter."""
        return CohortHash(fingerprint(self.plain()))

    def plain(self) -> dict[str, Any]:
        """The canonical form as JSON values, every default written out."""
        who = {key: _listed(getattr(self.who, key)) for key in sorted(_WHO)}
        groups = {"include": self.include, "exclude": self.exclude}
        plain = {key: sorted((_plain_group(one) for one in value), key=canonical) for key, value in groups.items()}
        if self.start is not None:
            plain["start"] = [_plain_criterion(self.start)]
        return {"unit": self.unit, "who": who, **plain}

    def to_toml(self) -> str:
        """TOML that parses to an equal definition."""
        lines = [f"{key} = {_quoted(value)}" for key in ("name", "note") if (value := getattr(self, key))]
        lines.append(f"unit = {_quoted(self.unit)}")
        if self.variables:
            lines.append(f"variables = {_value(self.variables)}")
        if self.who != Who():
            lines += ["", "[who]"]
            lines += [
                f"{key} = {_value(value)}"
                for key in sorted(_WHO)
                if (value := getattr(self.who, key)) not in (None, ())
            ]
        if self.start is not None:
            lines += ["", "[start]", *(f"{key} = {_value(value)}" for key, value in _fields(self.start))]
        for key, groups in (("include", self.include), ("exclude", self.exclude)):
            for group in groups:
                lines += ["", f"[[{key}]]", *_group_lines(group)]
        return "\n".join(lines) + "\n"


def _group_lines(group: Group) -> list[str]:
    label = [f"label = {_quoted(group.label)}"] if group.label else []
    if len(group.of) == 1:
        return [f"{key} = {_value(value)}" for key, value in _fields(group.of[0])] + label
    inner = ",\n".join(
        "  { " + ", ".join(f"{key} = {_value(value)}" for key, value in _fields(one)) + " }" for one in group.of
    )
    return [f"at_least = {group.at_least}", f"of = [\n{inner},\n]", *label]


def _fields(one: Criterion) -> list[tuple[str, Any]]:
    default = Criterion(one.concept)
    found: list[tuple[str, Any]] = [("concept", one.concept)]
    for key in ("reach", "says", "times", "after", "within_days", *_TIME):
        value = getattr(one, key)
        if value != getattr(default, key):
            found.append((key, value))
    return found


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(str(one)) for one in value) + "]"
    return str(value) if isinstance(value, int) else _quoted(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _listed(value: Any) -> Any:
    return sorted(value) if isinstance(value, tuple) else value


def _plain_group(group: Group) -> dict[str, Any]:
    return {"at_least": group.at_least, "of": sorted((_plain_criterion(one) for one in group.of), key=canonical)}


def _plain_criterion(one: Criterion) -> dict[str, Any]:
    plain: dict[str, Any] = {key: getattr(one, key) for key in ("concept", "reach", "times", "after", "within_days")}
    default = Criterion(one.concept)
    used = {key: value for key in _TIME if (value := getattr(one, key)) != getattr(default, key)}
    return {**plain, **used, "says": sorted(one.says)}


def _groups(key: str, blocks: Any) -> tuple[Group, ...]:
    if not isinstance(blocks, list) or not all(isinstance(one, dict) for one in blocks):
        raise _wrong(f"write each {key} as a [[{key}]] block")
    return tuple(_group(f"[[{key}]] {number}", block) for number, block in enumerate(blocks, 1))


def _group(where: str, block: Mapping[str, Any]) -> Group:
    label = _text(f"label of {where}", block.get("label", ""))
    if "concept" in block:
        _known(where, block, _ONE)
        return Group((_criterion(where, {key: value for key, value in block.items() if key != "label"}),), 1, label)
    shared = {key: value for key, value in block.items() if key in _SHARED}  # said once for all of them
    _known(where, {key: value for key, value in block.items() if key not in _SHARED}, _MANY)
    lists = [key for key in ("any", "all", "of") if key in block]
    if len(lists) != 1 or ("at_least" in block) != (lists == ["of"]):
        raise _wrong(f"{where} needs a concept, or one of: any = [...], all = [...], at_least = n with of = [...]")
    inner = block[lists[0]]
    if not isinstance(inner, list) or not inner:
        raise _wrong(f"{where}: {lists[0]} must be a list of concepts")
    of = tuple(_criterion(where, _apart(shared, one)) for one in inner)
    least = {"any": 1, "all": len(of)}.get(lists[0], block.get("at_least"))
    if not isinstance(least, int) or isinstance(least, bool) or not 1 <= least <= len(of):
        raise _wrong(f"{where}: at_least must be a whole number from 1 to {len(of)}")
    return Group(of, least, label)


def _apart(shared: Mapping[str, Any], one: Any) -> Any:
    """One of several criteria, with what is said of all where it says nothing itself."""
    if isinstance(one, str):
        return {**shared, "concept": one}
    return {**shared, **one} if isinstance(one, dict) else one


def _criterion(where: str, block: Any) -> Criterion:
    if not isinstance(block, dict):
        raise _wrong(f'{where}: write a concept as "name" or {{ concept = "name" }}')
    _known(where, block, _ONE - {"label"})
    concept = block.get("concept")
    if not isinstance(concept, str) or not concept.strip():
        raise _wrong(f"{where}: concept must be a name or an id of the lexicon")
    reach = block.get("reach", "itself")
    if reach not in REACHES:
        raise _wrong(f"{where}: reach must be one of {', '.join(REACHES)}")
    times = block.get("times", 1)
    if not _whole(times, 1):
        raise _wrong(f"{where}: times must be a whole number from 1")
    return Criterion(concept.strip(), reach, _says(where, block.get("says")), times, **_time(where, block))


def _time(where: str, block: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that speak of days, checked together."""
    found = {key: block[key] for key in ("after", "within_days", *_TIME) if key in block}
    others: list[str] = [key for key in ("after", "before") if key in found]
    from_start = "from_day" in found or "to_day" in found
    if len(others) + from_start > 1:
        raise _wrong(f"{where}: choose one of after, before, and from_day with to_day")
    for key in others:
        if not isinstance(found[key], str) or not found[key].strip():
            raise _wrong(f"{where}: {key} must name a concept")
        found[key] = found[key].strip()
    for key in ("within_days", "at_least_days"):
        if key in found and (not others or not _whole(found[key], 0)):
            raise _wrong(f"{where}: {key} is a whole number of days and needs after or before = a concept")
    for key in ("from_day", "to_day"):
        if key in found and not _whole(found[key], -_LONGEST):
            raise _wrong(f"{where}: {key} is a whole number of days from the start event, before it with a minus")
    if any(isinstance(value, int) and abs(value) > _LONGEST for value in found.values()):
        raise _wrong(f"{where}: days go up to {_LONGEST}")
    ends: tuple[str, ...] = ("from_day", "to_day") if from_start else ("at_least_days", "within_days")
    if all(key in found for key in ends) and found[ends[0]] > found[ends[1]]:
        raise _wrong(f"{where}: {ends[0]} lies behind {ends[1]}")
    if found.get("which", "first") not in WHICH or ("which" in found and not others and not from_start):
        raise _wrong(f"{where}: which must be one of {', '.join(WHICH)} and needs after, before, from_day or to_day")
    return found


def _start(table: Any) -> Criterion:
    if not isinstance(table, dict):
        raise _wrong("write [start] as a table")
    _known("[start]", table, _START)
    which = table.get("which", "first")
    if which not in ("first", "last"):
        raise _wrong("[start] which must be first or last")
    one = _criterion("[start]", {key: value for key, value in table.items() if key != "which"})
    return replace(one, which=which)


def _variables(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) and one.strip() for one in given):
        raise _wrong("variables must be a list of names: columns such as age, or concepts")
    if len(given) > _MOST_VARIABLES:
        raise _wrong(f"variables may name {_MOST_VARIABLES} at most")
    return tuple(dict.fromkeys(one.strip() for one in given))


def _says(where: str, given: Any) -> tuple[Assertion, ...]:
    if given is None:
        return _DEFAULT_SAYS
    known = {str(one): one for one in Assertion}
    if not isinstance(given, list) or not given or not all(one in known for one in given):
        raise _wrong(f"{where}: says must be a list out of {', '.join(known)}")
    return tuple(one for name, one in known.items() if name in given)


def _who(table: Any) -> Who:
    if not isinstance(table, dict):
        raise _wrong("write [who] as a table")
    _known("[who]", table, _WHO)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key in ("department", "record_type"):
            listed = [value] if isinstance(value, str) else value
            if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
                raise _wrong(f"[who] {key} must be a name or a list of names")
            values[key] = tuple(sorted(set(listed)))
        elif key == "sex":
            if value not in ("M", "F"):
                raise _wrong("[who] sex must be 'M' or 'F'")
            values[key] = value
        else:
            if not _whole(value, 0):
                raise _wrong(f"[who] {key} must be a whole number")
            values[key] = value
    return Who(**values)


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(f"{key} must be text in quotes")
    return value


def _known(where: str, table: Mapping[str, Any], names: Sequence[str] | set[str]) -> None:
    strange = sorted(set(table) - set(names))
    if strange:
        raise _wrong(f"{where} has no key '{strange[0]}': use {', '.join(sorted(names))}")


def _wrong(what: str) -> BadInput:
    return BadInput("cohort_malformed", f"The cohort definition cannot be used: {what}.")
