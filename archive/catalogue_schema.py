"""Tables of the catalogue (著录). Departments, types and years stand in the clear inside the strong room; names,
numbers and dates of a person never do."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from sqlalchemy import Boolean, Column, Dialect, Integer, LargeBinary, MetaData, String, Table


class DepositState(StrEnum):
    """Where a deposit stands."""

    RECEIVED = "RECEIVED"  # sealed in the vault
    ARCHIVED = "ARCHIVED"  # described, patient resolved
    SHELVED = "SHELVED"  # its clean copy is in an edition
    REJECTED = "REJECTED"  # kept sealed with its reason


STEPS: Final[dict[DepositState, frozenset[DepositState]]] = {
    DepositState.RECEIVED: frozenset({DepositState.ARCHIVED, DepositState.REJECTED}),
    DepositState.ARCHIVED: frozenset({DepositState.SHELVED, DepositState.REJECTED}),
    DepositState.SHELVED: frozenset(),
    DepositState.REJECTED: frozenset({DepositState.RECEIVED}),  # taken up again, by hand
}

METADATA: Final = MetaData()


class Sealed(LargeBinary):
    """Bytes; a damaged cell that comes back as another type stays as it is, to fail its row's MAC."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """No processing: bytes(value) of a damaged integer would fill the memory with zeros."""


def _mac() -> Column[bytes]:
    return Column("mac", Sealed(32), nullable=False)


DEPOSITS: Final = Table(
    "deposits", METADATA,
    Column("id", Integer, primary_key=True),
    Column("record", String(64), nullable=False, unique=True),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("media_type", String(127), nullable=False),
    Column("name_sealed", Sealed, nullable=False),
    Column("batch", String(64), nullable=False, index=True),
    Column("edition", Integer),
    Column("received_at", String(32), nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("events", Integer, nullable=False),
    Column("registered", Boolean, nullable=False, index=True),
    _mac(),
)  # fmt: skip

RECORDS: Final = Table(
    "records", METADATA,
    Column("record", String(64), primary_key=True),
    Column("patient", String(64), nullable=False, index=True),
    Column("record_type", String(64), nullable=False),
    Column("department", String(64), nullable=False, index=True),
    Column("year", Integer),
    Column("quarter", Integer),
    Column("day", Integer),
    Column("description_sealed", Sealed, nullable=False),
    Column("parts", String, nullable=False),
    _mac(),
)  # fmt: skip

PATIENTS: Final = Table(
    "patients", METADATA,
    Column("token", String(64), primary_key=True),
    Column("merged_into", String(64), index=True),
    Column("sealed", Sealed, nullable=False),
    _mac(),
)  # fmt: skip

LOOKUPS: Final = Table(
    "lookups", METADATA,
    Column("kind", String(16), primary_key=True),
    Column("token", String(64), primary_key=True),
    Column("patient", String(64), primary_key=True, index=True),
    _mac(),
)  # fmt: skip

STAFF: Final = Table(
    "staff", METADATA,
    Column("token", String(64), primary_key=True),
    Column("sealed", Sealed, nullable=False),
    _mac(),
)  # fmt: skip

TALLIES: Final = Table(
    "tallies", METADATA,
    Column("name", String(32), primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("total", Sealed(32), nullable=False),
    _mac(),
)  # fmt: skip

WATCHED: Final = (DEPOSITS, RECORDS, PATIENTS, LOOKUPS, STAFF)
