"""The judge of names, which rules ask: a linear model over characters, words and context scores one candidate.

Integer weights from data/deid/judge.tsv, written by `deid.train`; it never sees a person's record in training.
"""

from __future__ import annotations

import re
from functools import cache
from math import log
from typing import Final

from deid.lists import compound_surnames, given, given_pairs, medical_words, single_surnames, surnames, words
from records.paths import data_dir
from records.regression import read

PAD: Final = 4
_EDGE: Final = "\n" * PAD
_DIGIT: Final = str.maketrans("0123456789", "0" * 10)
_BUCKETS: Final = 6
_HAN: Final = "\u4e00"  # the first of the characters that words are made of
# Characters that no given name holds: pronouns, particles, body and sickness.
NEVER: Final = frozenset(
    "于我你您他她它的了是在不有无与或就都也很把被让这那么吗呢吧啊者诉因患病症痛术痰尿粪血肝肾肺胃肠脑腹胸癌瘤炎疡疮疹疼咳喘吐泻哪谁每另"
)


@cache
def _given_logs() -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """log-probabilities of given-name characters: first of two, second of two, alone."""
    rows = given()
    totals = [sum(row[k] for row in rows.values()) for k in range(3)]
    first, second, alone = ({c: log(row[k] / totals[k]) for c, row in rows.items() if row[k]} for k in range(3))
    return first, second, alone


def _bucket(value: float) -> int:
    return min(_BUCKETS, max(0, int(-value - 3)))


def _fame(surname: str) -> str:
    return f"f{_bucket(log(surnames().get(surname, 1) / 100_000) / 2 - 2)}"


def name_features(name: str, size: int) -> tuple[str, ...]:
    """Features of the name itself; `size` is the length of the surname."""
    surname, rest = name[:size], name[size:]
    first, second, alone = _given_logs()
    n = len(rest)
    out = [f"b{n}{size}", f"s{surname}", f"a{n}{rest[0]}"]
    if n == 1:
        out.append(f"g1:{_bucket(alone.get(rest, -11.0))}")
    else:
        out += [
            f"z{rest[1]}",
            f"g2:{_bucket(first.get(rest[0], -11.0))}",
            f"h2:{_bucket(second.get(rest[1], -11.0))}",
            f"p{rest in given_pairs():d}",
            f"u{surname[-1] + rest[0] in words():d}{rest in words():d}",
            f"e{surname}{surname[-1] + rest[0] in words():d}{rest in words():d}",
        ]
    out.append(_fame(surname))
    if name in words():
        out += [f"w{n}", f"w{surname}", f"w{name in medical_words():d}"]
    return tuple(out)


def _shapes(text: str, start: int, end: int) -> tuple[tuple[str, ...], int, int]:
    """How the candidate fits between dictionary words: features, and codes of what crosses its left and right edge."""
    known = words()
    n = end - start
    left = right = fits_left = fits_right = 0
    if text[start - 1] >= _HAN:  # words hold nothing else
        left = (text[start - 1 : start + 1] in known) + 2 * (
            text[start - 2 : start + 1] in known
            or text[start - 1 : start + 2] in known
            or text[start - 3 : start + 1] in known
        )
        fits_left = (text[start - 2 : start] in known) + 2 * (text[start - 3 : start] in known)
    if text[end] >= _HAN:
        right = (text[end - 1 : end + 1] in known) + 2 * (
            text[end - 1 : end + 2] in known
            or text[end - 2 : end + 1] in known
            or text[end - 1 : end + 3] in known
            or text[end - 2 : end + 2] in known
        )
        fits_right = (text[end : end + 2] in known) + 2 * (text[end : end + 3] in known)
    head = text[start : start + 2] in known
    tail = text[end - 2 : end] in known
    return _shape_names(left, right, fits_left, fits_right, head, tail, n), left, right


@cache
def _shape_names(
    left: int, right: int, fits_left: int, fits_right: int, head: bool, tail: bool, n: int
) -> tuple[str, ...]:
    return (
        f"x{left}{right}{n}",
        f"y{fits_left}{fits_right}",
        f"X{left}{fits_left}",
        f"Y{right}{fits_right}{n}",
        f"v{head:d}{tail:d}{left}{right}{n}",
        f"o{head:d}{fits_right}{n}",
    )


def context_features(text: str, start: int, end: int) -> list[str]:
    """Features of what stands around [start, end) of a padded text."""
    shapes, left, right = _shapes(text, start, end)
    return [
        f"l{text[start - 1]}",
        f"L{text[start - 2 : start]}",
        f"r{text[end]}",
        f"R{text[end : end + 2]}",
        f"q{text[start]}{left}",
        f"k{text[start]}{right}",
        f"t{text[end - 1]}{right}",
        *shapes,
    ]


class Tagger:
    """Scores candidates. `weights` maps a feature of `name_features` or `context_features` to its integer weight."""

    def __init__(self, weights: dict[str, int]) -> None:
        self._weights = weights
        self._surnames = re.compile(f"[{''.join(sorted(single_surnames() | {c[0] for c in compound_surnames()}))}]")
        self._family = {name: self._sum([f"s{name}", _fame(name)]) for name in surnames()}
        self._given = tuple(self._position(prefix, k) for k, prefix in enumerate(("a2", "z", "a1")))
        self._fallback = tuple(self._sum([f"{kind}:{_BUCKETS}"]) for kind in ("g2", "h2", "g1"))
        self._beside = {kind: {f[1:]: w for f, w in weights.items() if f[0] == kind} for kind in "lLrRqkt"}

    @classmethod
    @cache
    def load(cls) -> Tagger:
        """The shipped model. BadInput when its file is damaged."""
        weights = read(data_dir() / "deid" / "judge.tsv", 1)
        return cls({_unescape(feature): weight for feature, (weight,) in weights.items()})

    def _sum(self, features: list[str]) -> int:
        return sum(self._weights.get(f, 0) for f in features)

    def _position(self, prefix: str, k: int) -> dict[str, int]:
        """Weight of each character at one position of a given name: itself and how usual it is there."""
        logs = _given_logs()[k]
        chars = set(given()) | {f[len(prefix) :] for f in self._weights if f.startswith(prefix)}
        kind = ("g2", "h2", "g1")[k]
        return {c: self._sum([f"{prefix}{c}", f"{kind}:{_bucket(logs.get(c, -11.0))}"]) for c in chars}

    def candidates(self, padded: str) -> list[tuple[int, int, int]]:
        """(start, end, surname length) of every candidate in a padded text."""
        out = []
        compounds, singles = compound_surnames(), single_surnames()
        for match in self._surnames.finditer(padded, PAD, len(padded) - PAD):
            start = match.start()
            first = padded[start + 1]
            if first in NEVER or not "\u4e00" <= first <= "\u9fff":
                continue
            second = padded[start + 2]
            has_second = second not in NEVER and "\u4e00" <= second <= "\u9fff"
            if padded[start] in singles:
                out.append((start, start + 2, 1))
                if has_second:
                    out.append((start, start + 3, 1))
            if has_second and padded[start : start + 2] in compounds:
                out.append((start, start + 3, 2))
                if padded[start + 3] not in NEVER and "\u4e00" <= padded[start + 3] <= "\u9fff":
                    out.append((start, start + 4, 2))
        return out

    def score(self, padded: str, start: int, end: int, size: int) -> int:
        """How much speaks for [start, end) of a padded text being a name; above 0 it is one."""
        return self._name(padded, start, end, size) + self._context(padded, start, end)

    def _name(self, padded: str, start: int, end: int, size: int) -> int:
        """The sum over `name_features`."""
        rest = start + size
        surname = padded[start:rest]
        n = end - rest
        get = self._weights.get
        total = self._family.get(surname, 0) + get(f"b{n}{size}", 0)
        if n == 1:
            total += self._given[2].get(padded[rest], self._fallback[2])
        else:
            total += self._given[0].get(padded[rest], self._fallback[0]) + self._given[1].get(
                padded[rest + 1], self._fallback[1]
            )
            pair = padded[rest:end]
            known = words()
            u, v = padded[rest - 1 : rest + 1] in known, pair in known
            total += get("p1" if pair in given_pairs() else "p0", 0)
            if u or v:
                total += get(f"u{u:d}{v:d}", 0) + get(f"e{surname}{u:d}{v:d}", 0)
            else:
                total += get("u00", 0) + get(f"e{surname}00", 0)
        name = padded[start:end]
        if name in words():
            total += self._sum([f"w{n}", f"w{surname}", f"w{name in medical_words():d}"])
        return total

    def _context(self, padded: str, start: int, end: int) -> int:
        """The sum over `context_features`."""
        beside, get = self._beside, self._weights.get
        shapes, left, right = _shapes(padded, start, end)
        total = (
            beside["l"].get(padded[start - 1], 0)
            + beside["L"].get(padded[start - 2 : start], 0)
            + beside["r"].get(padded[end], 0)
            + beside["R"].get(padded[end : end + 2], 0)
            + beside["q"].get(f"{padded[start]}{left}", 0)
            + beside["k"].get(f"{padded[start]}{right}", 0)
            + beside["t"].get(f"{padded[end - 1]}{right}", 0)
        )
        for feature in shapes:
            total += get(feature, 0)
        return total


def pad(text: str) -> str:
    """The text as features see it: digits alike, an edge on both sides."""
    return _EDGE + text.translate(_DIGIT) + _EDGE


def escape(feature: str) -> str:
    """A feature on one line of the model file."""
    return feature.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _unescape(field: str) -> str:
    if "\\" not in field:
        return field
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), field)
