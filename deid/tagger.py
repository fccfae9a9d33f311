"""The name tagger: every surname in the text opens candidates, a linear model over characters, words and context judges them.

Integer weights from data/deid/tagger.tsv, written by `deid.train`; it never sees a person's record in training.
"""

from __future__ import annotations

import re
from functools import cache
from math import log
from typing import Final

from deid.lists import compound_surnames, given, given_pairs, medical_words, single_surnames, surnames, words
from records.paths import data_dir

PAD: Final = 4
_EDGE: Final = "\n" * PAD
_HAN2: Final = re.compile("[\u4e00-\u9fff]{2}")
_DIGIT: Final = str.maketrans("0123456789", "0" * 10)
_BUCKETS: Final = 6
# Characters that no given name holds: pronouns, particles, body and sickness.
_NEVER: Final = frozenset("我你您他她它的了是在不有无与或就都也很把被让这那么吗呢吧啊者诉因患病症痛术痰尿粪血肝肾肺胃肠脑腹胸癌瘤炎疡疮疹疼咳喘吐泻哪谁每另")


@cache
def _given_logs() -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """log-probabilities of given-name characters: first of two, second of two, alone."""
    rows = given()
    totals = [sum(row[k] for row in rows.values()) for k in range(3)]
    first, second, alone = ({c: log(row[k] / totals[k]) for c, row in rows.items() if row[k]} for k in range(3))
    return first, second, alone


def _bucket(value: float) -> int:
    return min(_BUCKETS, max(0, int(-value - 3)))


@cache
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
    out.append(f"f{_bucket(log(surnames().get(surname, 1) / 100_000) / 2 - 2)}")
    if name in words():
        out += [f"w{n}", f"w{surname}", f"w{name in medical_words():d}"]
    return tuple(out)


def context_features(text: str, start: int, end: int) -> list[str]:
    """Features of what stands around [start, end) of a padded text."""
    known = words()
    l1, r1 = text[start - 1], text[end]
    left = (text[start - 1 : start + 1] in known) + 2 * (
        text[start - 2 : start + 1] in known or text[start - 1 : start + 2] in known or text[start - 3 : start + 1] in known
    )
    right = (text[end - 1 : end + 1] in known) + 2 * (
        text[end - 1 : end + 2] in known or text[end - 2 : end + 1] in known or text[end - 1 : end + 3] in known
        or text[end - 2 : end + 2] in known
    )  # fmt: skip
    before = text[start - 2 : start]
    after = text[end : end + 2]
    fits_left = (before in known) + 2 * (text[start - 3 : start] in known)
    fits_right = (after in known) + 2 * (text[end : end + 3] in known)
    n = end - start
    head = text[start : start + 2] in known
    tail = text[end - 2 : end] in known
    return [
        f"l{l1}", f"L{before}", f"r{r1}", f"R{after}", f"x{left}{right}{n}", f"y{fits_left}{fits_right}", f"X{left}{fits_left}", f"Y{right}{fits_right}{n}",
        f"q{text[start]}{left}", f"k{text[start]}{right}",
        f"v{head:d}{tail:d}{left}{right}{n}", f"t{text[end - 1]}{right}", f"o{head:d}{fits_right}{n}",
    ]  # fmt: skip


class Tagger:
    """Scores candidates; `weights` maps a feature to its integer weight, `bias` is what zero evidence weighs."""

    def __init__(self, weights: dict[str, int]) -> None:
        self._weights = weights
        self._surnames = re.compile(f"[{''.join(sorted(single_surnames() | {c[0] for c in compound_surnames()}))}]")

    @classmethod
    @cache
    def load(cls) -> Tagger:
        """The shipped model."""
        rows = (line.split("\t") for line in (data_dir() / "deid" / "tagger.tsv").read_text(encoding="utf-8").split("\n"))
        return cls({_unescape(row[0]): int(row[1]) for row in rows if len(row) == 2})

    def candidates(self, padded: str) -> list[tuple[int, int, int]]:
        """(start, end, surname length) of every candidate in a padded text."""
        out = []
        compounds, singles = compound_surnames(), single_surnames()
        for match in self._surnames.finditer(padded, PAD, len(padded) - PAD):
            start = match.start()
            if padded[start : start + 2] in compounds:
                size = 2
            elif padded[start] in singles:
                size = 1
            else:
                continue
            rest = start + size
            if "\u4e00" <= padded[rest] <= "\u9fff" and padded[rest] not in _NEVER:
                out.append((start, rest + 1, size))
                if "\u4e00" <= padded[rest + 1] <= "\u9fff" and padded[rest + 1] not in _NEVER:
                    out.append((start, rest + 2, size))
            if size == 2 and padded[start] in singles and padded[rest] not in _NEVER and "\u4e00" <= padded[rest] <= "\u9fff":
                out.append((start, rest + 1, 1))
        return out

    def score(self, padded: str, start: int, end: int, size: int) -> int:
        """How much speaks for [start, end) of a padded text being a name; above 0 it is one."""
        get = self._weights.get
        total = 0
        for feature in name_features(padded[start:end], size):
            total += get(feature, 0)
        for feature in context_features(padded, start, end):
            total += get(feature, 0)
        return total

    def names(self, text: str, threshold: int = 0) -> list[tuple[int, int, int]]:
        """(start, end, score) of the names in a text, non-overlapping, best first where they compete."""
        padded = pad(text)
        scored = []
        for start, end, size in self.candidates(padded):
            value = self.score(padded, start, end, size)
            if value > threshold:
                scored.append((value, start, end))
        scored.sort(key=lambda row: (-row[0], row[1], -row[2]))
        taken: set[int] = set()
        out = []
        for value, start, end in scored:
            if not any(at in taken for at in range(start, end)):
                taken.update(range(start, end))
                out.append((start - PAD, end - PAD, value))
        return sorted(out)


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
