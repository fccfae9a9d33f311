"""Reads the seeds in data/sample: names, places, concepts, measured values, clinical blocks, stories. Read only."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1] / "data" / "sample"


@dataclass(frozen=True, slots=True)
class Concept:
    """A diagnosis as truth knows it, with the ways doctors write it."""

    number: int
    id: str
    name: str
    icd10: str
    formal: tuple[str, ...]
    abbr: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured value: unit, reference range, the range of healthy people."""

    id: str
    name: str
    unit: str
    low: float
    high: float
    base: tuple[float, float]
    digits: int


@dataclass(frozen=True, slots=True)
class Block:
    """What one disease brings to every kind of record. `lines` are templates by field; a sudden one has no past."""

    id: str
    concept: str
    dept: str
    after: tuple[str, ...]
    sudden: bool
    lines: dict[str, tuple[str, ...]]
    vars: dict[str, tuple[float, float, float, float]]
    acute: dict[str, tuple[float, float, float, float]]
    pick: dict[str, tuple[str, ...]]
    reports: tuple[dict[str, Any], ...]
    operations: tuple[dict[str, Any], ...]
    pathology: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One encounter of a story: months after the first one, department, blocks (first = main), records to write."""

    month: float
    inpatient: bool
    dept: str
    blocks: tuple[str, ...]
    records: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A kind of patient."""

    id: str
    share: int
    sex: str
    ages: tuple[int, int]
    visits: tuple[Visit, ...]
    family: tuple[str, ...] = field(default=())

    @property
    def blocks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(b for visit in self.visits for b in visit.blocks))


def read(name: str) -> dict[str, Any]:
    """One seed file."""
    return tomllib.loads((_ROOT / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def characters() -> str:
    """Every character that stands in the seeds."""
    return "".join(
        sorted({sign for path in _ROOT.rglob("*.toml") for sign in path.read_text(encoding="utf-8")} - {"\n"})
    )


@lru_cache(maxsize=1)
def read_phrases() -> dict[str, list[str]]:
    """Sentences that every kind of record uses."""
    return read("phrases.toml")


@lru_cache(maxsize=1)
def concepts() -> dict[str, Concept]:
    """All concepts by id, numbered in file order."""
    out = {}
    for number, (key, row) in enumerate(read("concepts.toml").items()):
        icd10, formal, *rest = row
        abbr, english = (*rest, "", "")[:2]
        names = tuple(formal.split("/"))
        out[key] = Concept(number, key, names[0], icd10, names, _split(abbr), _split(english))
    return out


@lru_cache(maxsize=1)
def quantities() -> dict[str, Quantity]:
    """All measured values by id."""
    rows = read("quantities.toml")["quantity"]
    return {k: Quantity(k, r[0], r[1], r[2], r[3], (r[4], r[5]), r[6]) for k, r in rows.items()}


@lru_cache(maxsize=1)
def child_ranges() -> dict[str, tuple[float, float]]:
    """Healthy ranges of children, where they differ."""
    return {k: (v[0], v[1]) for k, v in read("quantities.toml")["child"].items()}


@lru_cache(maxsize=1)
def panels() -> dict[str, dict[str, Any]]:
    """Laboratory panels by id: title, sample, items."""
    return dict(read("quantities.toml")["panel"])


@lru_cache(maxsize=1)
def blocks() -> dict[str, Block]:
    """All clinical blocks by id."""
    out: dict[str, Block] = {}
    for path in sorted((_ROOT / "blocks").glob("*.toml")):
        for key, row in read(f"blocks/{path.name}").items():
            if key in out:
                raise ValueError(f"block {key} stands twice in the seeds")
            out[key] = _block(key, row)
    return out


def _block(key: str, row: dict[str, Any]) -> Block:
    tables = {"vars", "acute", "pick", "report", "operation", "pathology", "concept", "dept", "after", "sudden"}
    lines = {k: tuple(v) if isinstance(v, list) else (v,) for k, v in row.items() if k not in tables}
    return Block(
        id=key,
        concept=row.get("concept", key),
        dept=row["dept"],
        after=tuple(row.get("after", ())),
        sudden="acute" in row or row.get("sudden", False),
        lines=lines,
        vars={k: (v[0], v[1], v[2], v[3]) for k, v in row.get("vars", {}).items()},
        acute={k: (v[0], v[1], v[2], v[3]) for k, v in row.get("acute", {}).items()},
        pick={k: tuple(v) for k, v in row.get("pick", {}).items()},
        reports=tuple(row.get("report", ())),
        operations=tuple(row.get("operation", ())),
        pathology=tuple(row.get("pathology", ())),
    )


@lru_cache(maxsize=1)
def stories() -> tuple[Story, ...]:
    """All kinds of patient."""
    return tuple(
        Story(
            id=key,
            share=row["share"],
            sex=row.get("sex", "any"),
            ages=(row["age"][0], row["age"][1]),
            visits=tuple(_visit(v) for v in row["visits"]),
            family=tuple(row.get("family", ())),
        )
        for key, row in read("stories.toml").items()
    )


def _visit(line: str) -> Visit:
    """`8 ip 肾内科: dn t2dm | D02 D23:renal` read into a visit."""
    head, _, records = line.partition("|")
    when, _, names = head.partition(":")
    month, way, dept = when.split()
    wanted = tuple((r.partition(":")[0], r.partition(":")[2]) for r in records.split())
    return Visit(float(month), way == "ip", dept, tuple(names.split()), wanted)


def _split(text: str) -> tuple[str, ...]:
    return tuple(t for t in text.split("/") if t)
