"""Where the invented people live and work; the city is on no map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from sample import seeds


@dataclass(frozen=True, slots=True)
class Home:
    """Area code of the ID number, present and registered address, birthplace, district, postcode."""

    area: str
    address: str
    registered: str
    birthplace: str
    district: str
    post: str


@lru_cache(maxsize=1)
def _rows() -> dict[str, Any]:
    rows = seeds.read("places.toml")
    for district in rows["district"]:
        for key in ("roads", "estates", "villages", "towns"):
            district[key] = district[key].split()
    rows["companies"] = rows["work"]["companies"].split()
    rows["jobs"] = rows["work"]["jobs"].split()
    rows["hospitals"] = rows["outside"]["hospitals"].split()
    return rows


def home(rng: Random) -> Home:
    """An address in the invented city; one person in eight was registered elsewhere."""
    rows = _rows()
    district = rng.choice(rows["district"])
    start = f"{rows['province']}{rows['city']}{district['name']}"
    if rng.random() < 0.12:
        start = f"{rows['city']}{district['name']}"
    address = start + _street(district, rng)
    if rng.random() < 0.12:
        other = rng.choice(rows["elsewhere"])
        registered = f"{other['text']}{rng.choice(('红旗路', '解放街', '人民路'))}{rng.randrange(1, 300)}号"
        return Home(other["code"], address, registered, other["text"], district["name"], district["post"])
    return Home(
        district["code"],
        address,
        address,
        f"{rows['province']}{rows['city']}{district['name']}",
        district["name"],
        district["post"],
    )


def _street(district: dict[str, Any], rng: Random) -> str:
    chance = rng.random()
    if chance < 0.5:
        estate = rng.choice(district["estates"])
        return (
            f"{rng.choice(district['roads'])}{rng.randrange(1, 320)}号{estate}{rng.randrange(1, 30)}栋"
            f"{rng.randrange(1, 5)}单元{rng.randrange(1, 28)}0{rng.randrange(1, 5)}室"
        )
    if chance < 0.7:
        return f"{rng.choice(district['roads'])}{rng.randrange(1, 320)}号"
    town, village = rng.choice(district["towns"]), rng.choice(district["villages"])
    return f"{town}{village}{rng.randrange(1, 14)}组{rng.randrange(1, 120)}号"


def work(age: int, rng: Random) -> tuple[str, str]:
    """(employer, job); the old have retired from one, farmers have none."""
    rows = _rows()
    job = rng.choice(rows["jobs"])
    if job in ("农民", "个体经营者"):
        return "", job
    return rng.choice(rows["companies"]), "退（离）休人员" if age >= 60 else job


def outside(rng: Random) -> tuple[str, ...]:
    """Two other hospitals this patient has been to."""
    return tuple(rng.sample(_rows()["hospitals"], 2))


def mail(rng: Random) -> str:
    """A mail domain reserved for examples."""
    return str(rng.choice(_rows()["mail"]))


def names() -> dict[str, list[str]]:
    """Organisations that stand in the records, for the truth."""
    return {"hospitals": list(_rows()["hospitals"]), "companies": list(_rows()["companies"])}
