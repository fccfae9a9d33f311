"""What goes on the open shelf: coarse, clean, and linked by keyed tokens only."""

from __future__ import annotations

from dataclasses import dataclass

from records.ids import PatientToken, PersonToken, RecordId
from records.texts import CleanText


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One record's coarse facts; the only columns the front desk ever holds.

    `record_type` is a code of data/record_types.csv; `age` in years at the record's date, capped at 90, None unknown;
    `sex` is "M", "F" or ""; `quarter` 1-4; `day` is days from the patient's anchor.
    """

    record: RecordId
    patient: PatientToken
    record_type: str
    department: str
    year: int | None
    quarter: int | None
    sex: str
    age: int | None
    day: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a record, in reading order; `heading` is "" for text before the first heading."""

    heading: str
    text: CleanText


@dataclass(frozen=True, slots=True)
class ShelfRecord:
    """A record ready for the shelf. `people` maps each slot label ("患者#1") to the keyed token that surrogates
    are made from, `places` an address's label ("地址#1") to the city or province it lies in, where that is certain;
    they and the sections are sealed apart from the row and never leave the strong room."""

    row: ShelfRow
    sections: tuple[Section, ...]
    people: tuple[tuple[str, PersonToken], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
