"""The reserved grammar of slots (占位), which stand on the shelf where identifiers stood.

    〔患者#1〕        the n-th distinct identifier of that kind in the record
    〔日期+37〕       a date, in days from the patient's anchor (first contact); 〔日期-3〕 before it
    〔日期+37~月〕     the same, known to the month only; ~年 to the year only
    〔日期?〕         a date that could not be read or has no anchor
Source text that holds the brackets 〔〕 gets them replaced before, so a slot can never be forged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

OPEN: Final = "〔"
CLOSE: Final = "〕"


class SlotKind(StrEnum):
    """Chinese label of each kind of slot; PERSON has four, by the role in the record."""

    PATIENT = "患者"
    RELATIVE = "亲属"
    STAFF = "医师"
    PERSON = "人员"
    ID_CARD = "证件"
    MEDICAL_ID = "病历号"
    PHONE = "电话"
    ADDRESS = "地址"
    ORGANISATION = "机构"
    DATE = "日期"
    AGE = "高龄"
    EMAIL = "邮箱"
    ACCOUNT = "账号"
    OTHER = "编号"


_KINDS = "|".join(kind.value for kind in SlotKind if kind is not SlotKind.DATE)
SLOT: Final = re.compile(
    rf"〔(?:(?P<kind>{_KINDS})#(?P<number>[0-9]{{1,5}})|日期(?:(?P<days>[+-][0-9]{{1,6}})(?:~(?P<unit>[年月]))?|\?))〕"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot: `number` for all kinds but DATE; `days` (from the anchor, None = unknown) and `unit` for DATE."""

    kind: SlotKind
    number: int = 0
    days: int | None = None
    unit: str = ""

    def __str__(self) -> str:
        if self.kind is not SlotKind.DATE:
            return f"{OPEN}{self.kind.value}#{self.number}{CLOSE}"
        if self.days is None:
            return f"{OPEN}日期?{CLOSE}"
        return f"{OPEN}日期{self.days:+d}{'~' + self.unit if self.unit else ''}{CLOSE}"


def parse(match: re.Match[str]) -> Slot:
    """The slot a match of SLOT stands for."""
    if match["kind"]:
        return Slot(SlotKind(match["kind"]), number=int(match["number"]))
    days = match["days"]
    return Slot(SlotKind.DATE, days=int(days) if days else None, unit=match["unit"] or "")
