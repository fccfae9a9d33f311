"""Small shelves for the semantic tests: records with given texts, and a shelf in a temporary folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from records.ids import PatientToken, RecordId
from records.shelf import Section, ShelfRecord, ShelfRow
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import open_encoder

KEYS = ShelfKeys(b"index-key-16byte", b"text-key-16bytes")


def record(
    number: int,
    *sections: tuple[str, str],
    department: str = "内分泌科",
    year: int | None = 2024,
    sex: str = "F",
    age: int | None = 60,
    kind: str = "D33",
    patient: int | None = None,
    day: int | None = None,
) -> ShelfRecord:
    """A shelf record R000…number."""
    row = ShelfRow(
        RecordId(f"R{number:020d}"),
        PatientToken(f"P{number if patient is None else patient:020d}"),
        kind,
        department,
        year,
        None if year is None else 1,
        sex,
        age,
        day,
    )
    return ShelfRecord(row, tuple(Section(heading, CleanText.from_shelf(text)) for heading, text in sections))


def shelf_with(folder: Path, *batches: Sequence[ShelfRecord]) -> Shelf:
    """A shelf with one published segment per batch."""
    shelf = Shelf.open(folder / "shelf", KEYS)
    for batch in batches:
        shelf.publish(batch, open_encoder(), Lexicon.load())
    return shelf
