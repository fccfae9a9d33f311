"""The word lists of data/deid, read once. Facts only: surnames, given-name characters, places, ordinary words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from records.paths import data_dir


def _path(name: str) -> Path:
    return data_dir() / "deid" / name


@cache
def surnames() -> dict[str, int]:
    """Surname -> weight (bearers per 100,000, roughly); compound surnames have two characters or more."""
    rows = (line.split("\t") for line in _path("surnames.tsv").read_text(encoding="utf-8").splitlines())
    return {name: int(weight) for name, weight in rows}


@cache
def single_surnames() -> frozenset[str]:
    """One-character surnames."""
    return frozenset(name for name in surnames() if len(name) == 1)


@cache
def compound_surnames() -> frozenset[str]:
    """Surnames of two characters (longer ones are rare and found by their labels)."""
    return frozenset(name for name in surnames() if len(name) == 2)


@cache
def given() -> dict[str, tuple[int, int, int]]:
    """Given-name character -> counts as (first of two, second of two, alone)."""
    rows = (line.split("\t") for line in _path("given.tsv").read_text(encoding="utf-8").splitlines())
    return {char: (int(a), int(b), int(c)) for char, a, b, c in rows}


@cache
def given_pairs() -> frozenset[str]:
    """Given names of two characters that are common as such."""
    rows = (line.split("\t") for line in _path("given_pairs.txt").read_text(encoding="utf-8").splitlines())
    return frozenset(pair for pair, _ in rows)


@cache
def words() -> frozenset[str]:
    """Ordinary and medical Chinese words of 2-6 characters that are no names."""
    lines = _path("words.txt").read_text(encoding="utf-8").split()
    return frozenset(lines) | medical_words()


@cache
def common_words() -> frozenset[str]:
    """The most usual of the ordinary words."""
    return frozenset(lines_of("common_words.txt"))


@cache
def medical_words() -> frozenset[str]:
    """The medical ones among them."""
    extra = (word for line in lines_of("medical_extra.txt") for word in line.split())
    return frozenset(_path("medical_words.txt").read_text(encoding="utf-8").split()) | frozenset(extra)


@cache
def lines_of(name: str) -> tuple[str, ...]:
    """A hand-kept list: one entry a line, `#` starts a comment."""
    found = (line.split("#", 1)[0].strip() for line in _path(name).read_text(encoding="utf-8").splitlines())
    return tuple(entry for entry in found if entry)


def file_rows(name: str) -> list[list[str]]:
    """The rows of a table, its columns apart by tabs."""
    return [line.split("\t") for line in _path(name).read_text(encoding="utf-8").splitlines()]


@cache
def places() -> dict[str, str]:
    """Full name of a province, prefecture or county -> its level."""
    return {name: level for level, name in file_rows("places.tsv")}


@cache
def ethnic_parts() -> frozenset[str]:
    """Parts of Tibetan, Uyghur, Kazakh, Mongolian, Yi and Hui names."""
    return frozenset(part for line in lines_of("ethnic_name_parts.txt") for part in line.split())


_PLACE_ENDINGS = re.compile(
    r"(?:壮族|回族|维吾尔|土家族|苗族|藏族|彝族|傣族|白族|哈尼族|蒙古族|蒙古|朝鲜族|侗族|布依族|羌族"
    r"|傈僳族|景颇族|哈萨克|柯尔克孜|瑶族|黎族|满族|畲族)*"
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|省|市|县|区|盟|旗)$"
)


def short_place(name: str) -> str:
    """The name of a province, prefecture or county without what it is."""
    return _PLACE_ENDINGS.sub("", name)


@cache
def place_forms() -> dict[str, str]:
    """Short form of a province, prefecture or county, without what it is -> its level."""
    short = ((short_place(name), level) for name, level in places().items())
    return {name: level for name, level in reversed(list(short)) if len(name) >= 2}
