"""Spans become slots: the same value the same slot through all sections of a record, dates days from the anchor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from deid.calendar import days_between, read
from deid.folding import fold
from deid.naming import surname_size
from deid.spans import Span
from records.entities import Entity
from records.ids import PersonToken
from records.slots import CLOSE, OPEN, Slot, SlotKind
from records.texts import IdentifiedText

KINDS: Final[Mapping[Entity, SlotKind]] = {
    Entity.PERSON: SlotKind.PERSON,
    Entity.ID_CARD: SlotKind.ID_CARD,
    Entity.MEDICAL_ID: SlotKind.MEDICAL_ID,
    Entity.PHONE: SlotKind.PHONE,
    Entity.ADDRESS: SlotKind.ADDRESS,
    Entity.ORGANISATION: SlotKind.ORGANISATION,
    Entity.AGE_OVER_89: SlotKind.AGE,
    Entity.EMAIL: SlotKind.EMAIL,
    Entity.ACCOUNT: SlotKind.ACCOUNT,
    Entity.OTHER_ID: SlotKind.OTHER,
}
_NEUTRAL: Final = str.maketrans({OPEN: "[", CLOSE: "]"})
_LABEL_REACH: Final = 24  # characters before a name that may tell whose it is
_NOISE: Final = re.compile(r"[\s·\-_.,:;()]+")
_STAFF_RULES: Final = frozenset({"person_title.before_title", "person_title.list"})
# What stands before the name of somebody who works there; others of a list stand behind that name.
_STAFF_LABEL: Final = re.compile(
    r"(?:医\s?[师生]|护\s?[士师]长?|[技药]\s?师|主\s?任|教授|术\s?者|主\s?刀|助\s?手|[一二三]助|麻\s?醉|巡回|器械|洗手|灌注"
    r"|(?:记\s?录|审\s?核|复\s?核|核\s?对|检\s?验|报\s?告|检查|操作|执行|录入|登记|书写|质控|采血|采集|发药|调配|配药|查房|值班|交班|接班"
    r"|接诊|会诊|送检|主持|汇报|主治|主管|经治|管床|责任|带教|上级)(?:医师|医生|护士)?)[者人员]?(?:签\s?[名字章])?\s{0,2}[:\uff1a]\s{0,4}$"
)
_AND: Final = re.compile(r"\s?[、,\uff0c/\uff0f及和与]\s?")


@dataclass(frozen=True, slots=True)
class FoundSlot:
    """A slot used in the text: label ("患者#1"), entity, the identified value it stands for, the known token if any."""

    label: str
    entity: Entity
    value: IdentifiedText
    token: PersonToken | None


@dataclass(slots=True)
class Numbering:
    """Slot numbers of one record, carried through its sections. Holds identified values: strong room only."""

    labels: dict[tuple[SlotKind, str], str] = field(default_factory=dict)
    counts: dict[SlotKind, int] = field(default_factory=dict)
    found: dict[str, FoundSlot] = field(default_factory=dict)
    near: date | None = None


def neutral(text: str) -> str:
    """The text with the slot brackets replaced, so that nothing in it can pass for a slot; same length."""
    return text.translate(_NEUTRAL)


def same(value: str) -> str:
    """The form in which two writings of one value meet."""
    return _NOISE.sub("", fold(value).text).casefold()


class Replacer:
    """Turns the spans of one text into slots. `people` gives role and token of known names by their `same` form."""

    def __init__(
        self,
        numbering: Numbering,
        anchor: date | None,
        people: Mapping[str, tuple[SlotKind, PersonToken | None]],
        tokens: Mapping[tuple[Entity, str], PersonToken],
    ) -> None:
        self._numbering = numbering
        self._anchor = anchor
        self._people = people
        self._tokens = tokens
        if numbering.near is None:
            numbering.near = anchor

    def replace(self, text: str, spans: Sequence[Span]) -> tuple[str, tuple[FoundSlot, ...]]:
        """The text with slots, and the slots used, in order of first use."""
        pieces: list[str] = []
        used: dict[str, FoundSlot] = {}
        at = 0
        staff = False  # whether what ends at `at` is somebody who works there
        for span in spans:
            between = text[at : span.start]
            pieces.append(neutral(between))
            value = text[span.start : span.end]
            staff = span.entity is Entity.PERSON and (
                span.rule in _STAFF_RULES
                or _STAFF_LABEL.search(between[-_LABEL_REACH:]) is not None
                or (staff and _AND.fullmatch(between) is not None)
            )
            if span.entity is Entity.DATE:
                pieces.append(str(self._date(value)))
            else:
                slot = self._slot(span, value, staff=staff)
                used.setdefault(slot.label, slot)
                pieces.append(f"{OPEN}{slot.label}{CLOSE}")
            at = span.end
        pieces.append(neutral(text[at:]))
        return "".join(pieces), tuple(used.values())

    def _date(self, value: str) -> Slot:
        reading = read(fold(value).text, self._numbering.near)
        if reading is None or self._anchor is None:
            return Slot(SlotKind.DATE)
        if abs(days_between(self._anchor, reading.day)) > 60_000:
            return Slot(SlotKind.DATE)
        if reading.day.year <= self._anchor.year + 1:
            self._numbering.near = reading.day
        return Slot(SlotKind.DATE, days=days_between(self._anchor, reading.day), unit=reading.unit)

    def _slot(self, span: Span, value: str, *, staff: bool) -> FoundSlot:
        numbering = self._numbering
        form = same(value)
        kind, token = KINDS[span.entity], self._tokens.get((span.entity, form))
        if span.entity is Entity.PERSON:
            kind, token, form = self._person(span, form, staff=staff)
        known = numbering.labels.get((kind, form))
        if known is None and span.entity is Entity.PERSON:
            known = next((numbering.labels[k, form] for k in PEOPLE if (k, form) in numbering.labels), None)
        if known is None:
            numbering.counts[kind] = numbering.counts.get(kind, 0) + 1
            known = f"{kind.value}#{numbering.counts[kind]}"
            numbering.labels[kind, form] = known
            numbering.found[known] = FoundSlot(known, span.entity, IdentifiedText(value), token)
        return numbering.found[known]

    def _person(self, span: Span, form: str, *, staff: bool) -> tuple[SlotKind, PersonToken | None, str]:
        """Role, token and the full name this mention stands for, where that is certain."""
        if form in self._people:
            kind, token = self._people[form]
            return kind, token, form
        full = [name for name in self._people if len(name) > len(form) >= 2 and name.endswith(form)]
        if len(full) == 1 and surname_size(full[0]) == len(full[0]) - len(form):
            return *self._people[full[0]], full[0]
        near = [name for name in self._people if len(name) == len(form) >= 3 and _distance(name, form) == 1]
        if span.rule in ("known.value", "known.part") and len(near) == 1:
            return *self._people[near[0]], near[0]
        kind = SlotKind.PERSON
        if staff:
            kind = SlotKind.STAFF
        elif span.rule in _RELATIVE_RULES:
            kind = SlotKind.RELATIVE
        return kind, None, form


_RELATIVE_RULES: Final = frozenset({"person_cue.relation", "person_cue.relation_list", "person_cue.kin"})
PEOPLE: Final = (SlotKind.PATIENT, SlotKind.RELATIVE, SlotKind.STAFF, SlotKind.PERSON)


def _distance(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
