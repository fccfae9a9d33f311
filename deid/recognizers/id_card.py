"""Resident identity numbers (GB 11643): 18 and 15 digits, spaced, masked or damaged. A bad check digit never vetoes."""

from __future__ import annotations

import re
from typing import Final

from deid.document import BETWEEN, Document
from deid.leads import Ended
from deid.spans import Finding, Tier
from records.entities import Entity

_HIDE: Final = "*×#_●〇•◆■□★…Xx"  # what digits are hidden behind
_C: Final = rf"[0-9OoQDIl|iZzSsBbGqXx{_HIDE}]"
_HIDDEN: Final = re.compile(
    rf"(?<![0-9A-Za-z.])\d{{1,14}} ?[{_HIDE}]{{1,17}} ?\d{{0,6}}[0-9Xx](?![0-9A-Za-z])"
    rf"|\*{{6,16}}\d{{2,6}}[0-9Xx](?![0-9A-Za-z])"
)
_RUN: Final = re.compile(rf"(?<![0-9A-Za-z.])[0-9OoIl|SBZ*](?:[ \-·]{{0,2}}{_C}){{13,20}}(?![0-9A-Za-z])")
_LABEL: Final = Ended(
    r"(?:身\s?份\s?证(?:明|件)?|公民身份|居民身份|证\s?件|社会保障(?=号)|监护人证|代理人证|"
    r"(?<![A-Za-z])ID\s?[Cc]ard|(?<![A-Za-z])ID\s?No)"
    r"\s?(?:类型[: ]*(?:居民)?身份证[;,。 ]*(?:证件)?)?\s?(?:号\s?码|编\s?号|证\s?号|号|No\.?|码)?"
    r"(?:\(身份证\))?\s?[:.;,_为是#]*\s{0,4}$"
)
_VALUE: Final = re.compile(rf"(?P<value>(?:\d|[OoIl|SBZ*])(?:[ \-·]{{0,2}}{_C}){{7,20}})(?![0-9A-Za-z])")
_LAST: Final = _LABEL.lasts(BETWEEN)
_REACH: Final = 30  # characters before a number that are looked at for its label
_CONFUSED: Final = str.maketrans("OoQDIl|iZzSsBbGq", "0000111122558869")
_PROVINCES: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def checksum_ok(number: str) -> bool:
    """Whether 18 characters carry the right GB 11643 check digit."""
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


class IdCard:
    """Shape (province, birth date, length) decides; the check digit only raises the score."""

    name = "id_card"
    entity = Entity.ID_CARD

    def find(self, doc: Document) -> list[Finding]:
        if not doc.has_digit:
            return []
        found: list[Finding] = []
        long = doc.long
        for at, last, before in doc.runs:
            if last in _LAST and _LAST[last][before] and _LABEL.stands(doc.text, at, _REACH):
                match = _VALUE.match(doc.text, at) or _HIDDEN.match(doc.text, at)
                if match:
                    found.append(
                        Finding(at, match.end(), self.entity, "id_card.label", 0.97, "number after an ID-card label")
                    )
            match = _RUN.match(doc.text, at) if at in long else None
            if match:
                finding = self._judge(match.group(), match.start(), match.end())
                if finding:
                    found.append(finding)
        return found

    def _judge(self, run: str, start: int, end: int) -> Finding | None:
        plain = re.sub(r"[ \-·]", "", run)
        digits = plain[:-1].translate(_CONFUSED) + ("X" if plain[-1] in "Xx×" else plain[-1].translate(_CONFUSED))
        if checksum_ok(digits):
            return Finding(
                start, end, self.entity, "id_card.checksum", 0.99, "18 digits, check digit right", Tier.CHECKSUM
            )
        real = sum(c.isdigit() for c in run)
        masked = sum(c in _HIDE for c in plain)
        if real < 6 or plain[:2].translate(_CONFUSED) not in _PROVINCES or real + masked < len(plain) - 5:
            return None
        if masked >= 4 and 14 <= len(plain) <= 19:
            return Finding(start, end, self.entity, "id_card.masked", 0.9, "ID-card number with its middle masked")
        if len(plain) == 18 and re.match(r"(?:1[89]|20)\d\d", digits[6:10]):
            return Finding(
                start, end, self.entity, "id_card.shape", 0.9, "18 digits with a birth year, check digit wrong"
            )
        if len(plain) == 15 and re.match(r"\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])", digits[6:12]):
            return Finding(start, end, self.entity, "id_card.fifteen", 0.85, "15 digits with a birth date")
        if 16 <= len(plain) <= 20 and re.search(
            r"(?:19[2-9]|20[0-2])\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])", digits[5:15]
        ):
            return Finding(
                start, end, self.entity, "id_card.damaged", 0.8, "ID-card shape with a digit lost, added or misread"
            )
        if len(plain) == 18:
            return Finding(
                start, end, self.entity, "id_card.eighteen", 0.7, "18 characters beginning with a province code"
            )
        return None
