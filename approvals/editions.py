"""Which editions of the shelf somebody may still ask for: those that a request, a grant or a release names."""

from __future__ import annotations

from sqlalchemy import select

from approvals import schema
from approvals.ledger import Ledger


def named(ledger: Ledger) -> frozenset[int]:
    """Their numbers, whatever became of the request: a number that was once given out can be produced again."""
    found: set[int] = set()
    with ledger.read() as reader:
        for table in (schema.requests, schema.grants, schema.releases):
            found |= {row["edition"] for row in reader.rows(select(table), table)}
    return frozenset(found)
