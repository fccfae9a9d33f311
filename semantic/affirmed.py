"""Which concepts a record affirms, as its edition has it: read from the mentions kept at publishing, so that the same
edition gives the same answer under any later lexicon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from records.ids import ConceptId, RecordId
from records.mentions import Assertion
from semantic.lab_values import is_value
from semantic.segment import ASSERTIONS
from semantic.snapshot import Edition

_AFFIRMED: Final = np.array([one in (Assertion.PRESENT, Assertion.PAST) for one in ASSERTIONS])


def affirmed(edition: Edition, records: Iterable[RecordId]) -> dict[RecordId, tuple[ConceptId, ...]]:
    """Concepts mentioned as present or past, sorted, for each of the records that counts."""
    asked = list(records)
    places = {int(at): record for at, record in zip(edition.places(asked), asked, strict=True) if at >= 0}
    found: dict[RecordId, tuple[ConceptId, ...]] = {}
    for base, segment in zip(edition.bases, edition.segments, strict=False):
        wanted = np.zeros(segment.records, dtype=bool)
        here = [place - base for place in places if base <= place < base + segment.records]
        wanted[here] = True
        table = segment.mentions
        concept = np.repeat(np.arange(len(table.concepts)), np.diff(table.starts))
        record = segment.passage_record[table.passage]
        pairs = np.stack([record, concept], axis=1)[_AFFIRMED[table.assertion] & wanted[record]]
        pairs = np.unique(pairs, axis=0)
        for at in here:
            low, high = np.searchsorted(pairs[:, 0], [at, at + 1])
            names = (ConceptId(table.concepts[int(number)]) for number in pairs[low:high, 1])
            found[places[at + base]] = tuple(sorted(name for name in names if not is_value(name)))
    return found
