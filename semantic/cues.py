"""The cue patterns of data/search/cues.toml: periods, ages, sexes, unwished words and filler. Data only."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from records.paths import data_dir

_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNTS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TENS: Final = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_WORDS: Final = {
    **{word: at for at, word in enumerate(_COUNTS, 1)},
    **{word: at * 10 for at, word in enumerate(_TENS, 2)},
    "couple of": 2,
    "few": 3,
    "several": 5,
    "decade": 10,
}
_TEENS: Final = 10
# Years from this one.
_SPOKEN: Final = {
    "year-before": (-1, -1),
    "this-year": (0, 0),
    "last-year": (-1, 0),
    "two-years-before": (-2, -2),
    "recent": (-4, 0),
}
_CLAUSE: Final = re.compile(r"[^,。;!?]+[,。;!?]*")
AHEAD: Final = 60  # characters before a name in which its words of denial may stand


@dataclass(frozen=True, slots=True)
class Unwished:
    """The patterns of [unwished]; the file says what each is for."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    non: re.Pattern[str]
    left_out_before: re.Pattern[str]
    left_out_after: re.Pattern[str]
    listed: re.Pattern[str]
    attribute: re.Pattern[str]
    adjective: re.Pattern[str]
    negative_for: re.Pattern[str]
    head_again: re.Pattern[str]
    touching: re.Pattern[str]
    family: re.Pattern[str]
    denied_tail: re.Pattern[str]
    unnamed: re.Pattern[str]

    def ahead(self, flat: str, start: int) -> int | None:
        """Where the words begin that stand right before a name and deny it."""
        left = flat[max(0, start - AHEAD) : start]
        words = self.before.search(left) or self.non.search(left)
        return start - len(left) + words.start() if words else None


@dataclass(frozen=True, slots=True)
class Cues:
    """Compiled patterns with what they mean."""

    periods: tuple[tuple[re.Pattern[str], str], ...]
    ages: tuple[tuple[re.Pattern[str], str, int | None, int | None], ...]
    sexes: tuple[tuple[re.Pattern[str], str], ...]
    unwished: Unwished
    untreated: tuple[tuple[re.Pattern[str], str], ...]
    filler: re.Pattern[str]
    told: re.Pattern[str]
    people: re.Pattern[str]
    particle: re.Pattern[str]
    advice: re.Pattern[str]
    asking: re.Pattern[str]
    advice_whole: re.Pattern[str]
    records: re.Pattern[str]

    def asks_advice(self, flat: str, whole: bool = False) -> bool:
        """Whether a folded question asks what is so or what to do, not for records; `whole`: though it is all names."""
        asking = self.advice_whole if whole else self.advice
        return bool(asking.search(flat)) and not self.records.search(flat)

    def asked(self, flat: str) -> tuple[tuple[int, int], ...]:
        """Where the clauses of a folded question stand that ask something; all of it when none does."""
        spans = (clause.span() for clause in _CLAUSE.finditer(flat) if self.asking.search(clause.group()))
        return tuple(spans) or ((0, len(flat)),)


@lru_cache(maxsize=1)
def cues() -> Cues:
    """The shipped cues."""
    table: dict[str, Any] = tomllib.loads((data_dir() / "search" / "cues.toml").read_text(encoding="utf-8"))
    return Cues(
        tuple((re.compile(one["pattern"]), one["kind"]) for one in table["period"]),
        tuple(
            (re.compile(one["pattern"]), one.get("kind", ""), one.get("min"), one.get("max")) for one in table["age"]
        ),
        tuple((re.compile(one["pattern"]), one["sex"]) for one in table["sex"]),
        Unwished(**{key.replace("-", "_"): re.compile(value) for key, value in table["unwished"].items()}),
        tuple((re.compile(one["pattern"]), one["want"]) for one in table["untreated"]),
        re.compile("|".join(table["filler"]["patterns"])),
        re.compile("|".join(table["told"]["patterns"])),
        re.compile("|".join(table["people"]["patterns"])),
        re.compile(table["filler"]["particle"]),
        re.compile(f"{table['advice']['own']}|{table['advice']['asks']}"),
        re.compile(rf"\?|{table['advice']['asks']}"),
        re.compile(table["advice"]["whole"]),
        re.compile(table["advice"]["records"]),
    )


def period(match: re.Match[str], kind: str, this_year: int) -> Mapping[str, int | str]:
    """The years a period phrase means, inclusive: keys `since`, `until`."""
    groups = match.groupdict()
    if kind == "last":
        return {"since": this_year - number(groups["n"]) + 1}
    if kind in _SPOKEN:
        first, last = _SPOKEN[kind]
        return {"since": this_year + first, "until": this_year + last}
    year = int(groups["y"])
    if kind == "between":
        other = int(groups["y2"])
        return {"since": min(year, other), "until": max(year, other)}
    return {
        "since": {"since": year},
        "until": {"until": year},
        "until-before": {"until": year - 1},
        "in": {"since": year, "until": year},
    }[kind]


def age(match: re.Match[str], kind: str, low: int | None, high: int | None) -> Mapping[str, int | str]:
    """The ages a phrase means, inclusive: keys `age_min`, `age_max`."""
    if not kind:
        fixed = {"age_min": low, "age_max": high}
        return {name: value for name, value in fixed.items() if value is not None}
    if kind == "decade":
        decade = number(match["n"] or match["n2"])
        return {"age_min": decade, "age_max": decade + 9}
    first = number(match["n"])
    if kind == "between":
        second = number(match["n2"])
        return {"age_min": min(first, second), "age_max": max(first, second)}
    return {"age_min": first} if kind == "min" else {"age_max": first}


def number(words: str) -> int:
    """A count in digits, Chinese numerals below a hundred, or English words."""
    if words.isascii() and words.isdigit():
        return int(words)
    if words in _WORDS:
        return _WORDS[words]
    values = [_DIGITS[char] for char in words]
    if len(values) == 1:
        return values[0]
    tens = values[0] + values[1] if values[0] == _TEENS else values[0] * _TEENS
    return tens + values[2] if len(values) > len("二十") else tens
