"""Which city an address lies in, and which cities enough people share to be shown. Pure; knows provinces, cities and
what lies in them by name, and never gives back anything finer than a city."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from deid.folding import fold
from deid.lists import file_rows, lines_of, short_place
from records.slots import CLOSE, OPEN

_NOISE: Final = re.compile(r"[\s·\-_.,:;()/|、，。]+")
_HEAD: Final = 40  # characters that the province, the city and the county of an address stand in
_COUNTRY: Final = re.compile(r"^(?:中国|中华人民共和国)")
# 上海路, 南京西路, 中山镇, 长沙社区: a short name counts alone, or before what only a place can hold.
_UNIT_AFTER: Final = re.compile(
    r"$|[^路街道巷弄里村庄屯号园楼]{1,8}?(?:县|地区|自治州|(?<![社小校厂院园库景矿营片])区|(?<![超菜集夜花门])市)"
    r"|[^路街道巷弄里村庄屯号园楼]{2,6}?[镇乡]"
)
_SHOWN: Final = re.compile(rf"{OPEN}([\u4e00-\u9fff]{{2,16}}){CLOSE}")


class Region(NamedTuple):
    """A province and one of its cities, "" for what stands under the province itself. A municipality is both."""

    province: str
    city: str


@dataclass(frozen=True, slots=True)
class _Names:
    """Name -> the regions it may mean: `first` where an address may begin, `within` once a region is known."""

    first: Mapping[str, frozenset[Region]]
    within: Mapping[str, frozenset[Region]]
    short: frozenset[str]
    longest: int


def city_of(address: str) -> str:
    """The city ("杭州市"), or the province where only that is certain; "" for what is abroad, unknown or ambiguous."""
    text = _COUNTRY.sub("", _NOISE.sub("", fold(address).text[: 2 * _HEAD]))[:_HEAD]
    regions = _regions(text)
    cities, provinces = {one.city for one in regions}, {one.province for one in regions}
    if len(provinces) != 1:
        return ""
    city = next(iter(cities)) if len(cities) == 1 else ""
    return city or next(iter(provinces))


def province_of(place: str) -> str:
    """The province of a city or of itself; "" for anything that is neither."""
    return _provinces().get(place, "")


def shared(homes: Iterable[tuple[str, Iterable[str]]], least: int) -> dict[str, str]:
    """City or province -> the name it may be shown by, so that every name shown stands for `least` patients or more:
    its own, else its province's; missing where both are too rare. `homes` are patients with places of theirs."""
    people: defaultdict[str, set[str]] = defaultdict(set)
    for patient, places in homes:
        for place in filter(province_of, places):
            people[place].add(patient)
    shown = {place: place for place, who in people.items() if place != province_of(place) and len(who) >= least}
    others: defaultdict[str, list[str]] = defaultdict(list)
    for place in people.keys() - shown.keys():
        others[province_of(place)].append(place)
    for province, rest in others.items():
        if len(set().union(*(people[place] for place in rest))) >= least:
            shown |= dict.fromkeys(rest, province)
    return shown


def as_shown(place: str) -> str:
    """A city or province in the reserved grammar: 〔杭州市〕. Raises ValueError for anything finer."""
    if not province_of(place):
        raise ValueError("neither a city nor a province")
    return f"{OPEN}{place}{CLOSE}"


def without_shown(text: str, filler: str) -> str:
    """The text with every city and province that a renderer has put there made unreadable, same length."""
    if OPEN not in text:
        return text
    return _SHOWN.sub(lambda match: filler * len(match[0]) if province_of(match[1]) else match[0], text)


def _regions(text: str) -> frozenset[Region]:
    """What the names at the head of an address leave possible; a name that contradicts the others leaves nothing."""
    names, at = _names(), 0
    held: frozenset[Region] = frozenset()
    while at < len(text):
        known = names.within if held else names.first
        found = [text[at:end] for end in range(min(len(text), at + names.longest), at + 1, -1) if text[at:end] in known]
        name = next((one for one in found if not held or known[one] & held), "")
        if not name:
            return frozenset() if any(one not in names.short for one in found) else held
        if name in names.short and not _goes_on(text, at + len(name), known[name]):
            return held
        held = known[name] & held if held else known[name]
        at += len(name)
    return held


def _goes_on(text: str, at: int, regions: frozenset[Region]) -> bool:
    """Whether what follows a short name fits one: the end, a place within it, or any unit of administration."""
    names = _names()
    inside = (names.within.get(text[at:end], frozenset()) for end in range(at + 2, at + names.longest + 1))
    return bool(_UNIT_AFTER.match(text, at)) or any(regions & found for found in inside)


@cache
def _provinces() -> dict[str, str]:
    rows = [Region(province, city) for province, city, _ in file_rows("cities.tsv")]
    return {one.province: one.province for one in rows} | {one.city: one.province for one in rows if one.city}


@cache
def _names() -> _Names:
    """Full names win over short ones; where an address may begin, a short name means the largest place of that name."""
    full, former = defaultdict[str, set[Region]](set), defaultdict[str, set[Region]](set)
    levels: list[defaultdict[str, set[Region]]] = [defaultdict(set) for _ in _FORMER]
    for province, city, counties in file_rows("cities.tsv"):
        region = Region(province, city)
        for level, name in [(0, province), *([(1, city)] if city else []), *((2, one) for one in counties.split())]:
            full[name].add(region)
            for stem in _stems(name):
                levels[level][stem].add(region)
                for unit in _FORMER[level]:
                    former[stem + unit].add(region)
    short = {stem: set().union(*(level.get(stem, ()) for level in levels)) for level in levels for stem in level}
    within = {name: frozenset(found) for name, found in {**short, **former, **full}.items()}
    largest = {stem: frozenset(found) for level in reversed(levels) for stem, found in level.items()}
    elsewhere = (word for line in lines_of("foreign_cities.txt") for word in line.split())
    doubtful = {*lines_of("place_words.txt"), *_district_words(), *elsewhere} - levels[0].keys()
    begins = {**within, **{stem: found for stem, found in largest.items() if stem not in full}}
    first = {name: found for name, found in begins.items() if name not in doubtful and not _vague(name)}
    return _Names(first, within, frozenset(short) - full.keys(), max(map(len, within)))


def _stems(name: str) -> tuple[str, ...]:
    """Its short names of two characters and more."""
    if name == "内蒙古自治区":
        return ("内蒙古", "内蒙")
    stem = short_place(name).removesuffix("新") if name.endswith("新区") else short_place(name)
    if name.endswith("林区") and len(name) == len("碑林区"):
        stem = name[:-1]
    return (stem,) if len(stem) > 1 else ()


_FORMER: Final = (("省",), ("市", "州", "地区"), ("市", "县", "区"))  # what a place was, or is loosely called


def _vague(name: str) -> bool:
    """郊区, 城东区: words that say where in a city, not in which."""
    return name[-1] == "区" and (len(name) < len("海淀区") or name[:-1] in _district_words())


@cache
def _district_words() -> frozenset[str]:
    return frozenset(word for line in lines_of("district_words.txt") for word in line.split())
