"""Saved cohort definitions (队列): kept by hash, numbered by name, never changed once saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import select

from approvals import schema
from approvals.database import bad_text
from approvals.ledger import Entry, Ledger, Reader, Row
from records.errors import BadInput
from records.ids import CohortHash
from records.people import Actor

HashOf = Callable[[str], str]  # a definition in TOML -> its canonical hash; raises BadInput when malformed
LONGEST_TOML: Final = 64_000
LONGEST_NAME: Final = 80


def save(ledger: Ledger, actor: Actor, toml: str, name: str, hash_of: HashOf) -> dict[str, Any]:
    """Saves a definition under a name; the same again is the same version. {"hash","version","name"}."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput("bad_name", f"Give the cohort a name of at most {LONGEST_NAME} characters.")
    hashed = checked_hash(toml, hash_of)
    table = schema.cohorts
    mine = select(table).where(table.c.owner == actor.user, table.c.name == name).order_by(table.c.version.desc())
    with ledger.read() as reader:
        before = reader.rows(mine.limit(1), table)
    if before and before[0]["hash"] == hashed:
        return {"hash": hashed, "version": before[0]["version"], "name": name}
    with ledger.write(Entry(actor.user, "cohort.save")) as tx:
        before = tx.rows(mine.limit(1), table)
        version = before[0]["version"] + 1 if before else 1
        number = tx.next_number(table)
        tx.insert(
            table,
            f"C{number}",
            number=number,
            owner=actor.user,
            name=name,
            version=version,
            hash=hashed,
            toml=toml,
            created=tx.at,
        )
        tx.note(f"C{number}", cohort=hashed, version=version)
    return {"hash": hashed, "version": version, "name": name}


def listing(ledger: Ledger, actor: Actor) -> dict[str, Any]:
    """The actor's own: {"rows": [{"name","version","hash","created"}]}, newest first."""
    table = schema.cohorts
    with ledger.read() as reader:
        rows = reader.rows(select(table).where(table.c.owner == actor.user).order_by(table.c.number.desc()), table)
    return {"rows": [{name: row[name] for name in ("name", "version", "hash", "created")} for row in rows]}


def show(ledger: Ledger, actor: Actor, cohort: str) -> dict[str, Any]:
    """{"hash","toml","name","version","mine"}: whoever has the hash may read the definition; name and version are told
    to those who saved it themselves. Raises BadInput.
    """
    with ledger.read() as reader:
        row = find(reader, cohort, actor.user) or find(reader, cohort)
    if row is None:
        raise unknown()
    mine = row["owner"] == actor.user
    return {
        "hash": row["hash"],
        "toml": row["toml"],
        "name": row["name"] if mine else "",
        "version": row["version"] if mine else 0,
        "mine": mine,
    }


def find(reader: Reader, cohort: str, owner: str | None = None) -> Row | None:
    """The first saved definition with this hash, of anybody or of one owner."""
    table = schema.cohorts
    query = select(table).where(table.c.hash == cohort)
    if owner is not None:
        query = query.where(table.c.owner == owner)
    rows = reader.rows(query.order_by(table.c.number).limit(1), table)
    return rows[0] if rows else None


def latest(reader: Reader, owner: str, name: str) -> Row | None:
    """The newest version under this name."""
    table = schema.cohorts
    query = select(table).where(table.c.owner == owner, table.c.name == name).order_by(table.c.version.desc()).limit(1)
    rows = reader.rows(query, table)
    return rows[0] if rows else None


def checked_hash(toml: str, hash_of: HashOf) -> CohortHash:
    """The definition's hash. Raises BadInput when it is too long or malformed."""
    if len(toml) > LONGEST_TOML:
        raise BadInput("cohort_too_long", "The cohort definition is too long; keep it below 64,000 characters.")
    try:
        return CohortHash(hash_of(toml))
    except UnicodeEncodeError:
        raise bad_text() from None


def unknown() -> BadInput:
    """No such cohort."""
    return BadInput("cohort_unknown", "There is no saved cohort with this hash; save the cohort first.")
