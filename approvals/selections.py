"""What a request's cohort held when it was handed in: record ids and counts, fixed. A grant opens these records and
no others, whatever the lexicon or the shelf say later. Holds ids of records, never anything of a patient."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from approvals import schema
from approvals.ledger import Reader, Tx
from records.canonical import canonical, fingerprint
from records.errors import IntegrityFailure
from records.ids import RecordId

_LARGEST: Final = 1 << 28  # bytes of ids once unpacked, some ten million of them


@dataclass(frozen=True, slots=True)
class Selection:
    """Raw counts; `attrition` is (step, patients, records) as the cohort's evaluation gave it."""

    records: frozenset[RecordId]
    patients: int
    attrition: tuple[tuple[str, int, int], ...]

    @property
    def hash(self) -> str:
        """SM3 over the ids in order and the counts."""
        return fingerprint({"records": sorted(self.records), "patients": self.patients, "attrition": self.attrition})


Choose = Callable[[str], Selection]  # a cohort's definition -> what it holds on the edition the request is bound to


def keep(tx: Tx, request: str, selection: Selection) -> None:
    """Beside the request, in its transaction."""
    tx.insert(
        schema.selections,
        request,
        patients=selection.patients,
        attrition=canonical(selection.attrition).decode(),
        records=packed(selection.records),
    )


def kept(reader: Reader, request: str, expected: str) -> Selection:
    """The selection that was approved. Raises IntegrityFailure if it is not the one whose hash the request froze."""
    row = reader.one(schema.selections, request)
    selection = None
    if row is not None:
        steps = tuple((str(step), int(people), int(count)) for step, people, count in json.loads(row["attrition"]))
        selection = Selection(unpacked(row["records"]), row["patients"], steps)
    if selection is None or selection.hash != expected:
        raise IntegrityFailure(
            "row_altered", f"The records of request {request} are not those handed in; run `lantai verify`."
        )
    return selection


def packed(records: Iterable[RecordId]) -> str:
    """Record ids as one column keeps them."""
    return base64.b64encode(zlib.compress("\n".join(sorted(records)).encode())).decode()


def unpacked(packed: str) -> frozenset[RecordId]:
    """What `packed` put in; none where it cannot be read."""
    try:
        text = zlib.decompressobj().decompress(base64.b64decode(packed), _LARGEST).decode()
    except (ValueError, zlib.error):
        return frozenset()
    return frozenset(map(RecordId, text.split("\n"))) if text else frozenset()
