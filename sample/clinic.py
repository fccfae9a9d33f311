"""The invented hospital: departments, the roster of doctors with their writing habits, nurses and technicians."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from sample import people, seeds

_TITLES = ("主任医师", "副主任医师", "主治医师", "住院医师")
_UNITS = ("检验科", "放射科", "超声医学科", "心电图室", "心脏超声室", "内镜中心", "病理科", "肌电图室", "眼底照相室",
          "眼科特检室", "脑电图室", "麻醉科", "病案室")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """How one author writes."""

    habit: int  # shifts which of several wordings this author likes
    abbreviations: float
    english: float
    dates: int
    numbering: int
    terse: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """One invented member of staff."""

    name: str
    title: str
    dept: str
    style: Style


@dataclass(frozen=True, slots=True)
class Hospital:
    """Names, departments with their wards, and who works there."""

    name: str
    phone: str
    address: str
    departments: dict[str, dict[str, Any]]
    doctors: dict[str, tuple[Staff, ...]]
    nurses: dict[str, tuple[Staff, ...]]
    units: dict[str, tuple[Staff, ...]]
    types: dict[str, dict[str, Any]]

    @property
    def staff(self) -> list[Staff]:
        return [s for group in (self.doctors, self.nurses, self.units) for team in group.values() for s in team]


def open_hospital(seed: int) -> Hospital:
    """The hospital of a seed; the roster holds no name twice."""
    rows = seeds.read("hospital.toml")
    rng = Random(f"{seed}/staff")
    taken: set[str] = set()

    def somebody(title: str, dept: str) -> Staff:
        while True:
            name, _ = people.full_name(rng.random() < 0.55, rng)
            if name not in taken and len(name) > 1:
                taken.add(name)
                return Staff(name, title, dept, _style(rng))

    departments = {d["name"]: d for d in rows["department"]}
    # two residents and two attendings a department write most of the records
    doctors = {d: tuple(somebody(t, d) for t in (*_TITLES, "主治医师", "住院医师")) for d in departments}
    nurses = {d: tuple(somebody("护师", d) for _ in range(2)) for d in departments}
    units = {u: tuple(somebody("技师" if u == "检验科" else "医师", u) for _ in range(3)) for u in _UNITS}
    return Hospital(rows["name"], rows["phone"], rows["address"], departments, doctors, nurses, units, rows["types"])


def _style(rng: Random) -> Style:
    return Style(
        habit=rng.randrange(1, 1000),
        abbreviations=rng.choice((0.0, 0.08, 0.15, 0.3, 0.5)),
        english=rng.choice((0.0, 0.0, 0.0, 0.04, 0.12)),
        dates=rng.randrange(4),
        numbering=rng.randrange(4),
        terse=rng.random() < 0.3,
    )
