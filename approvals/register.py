"""The register (利用登记簿): listing, checkpoints on demand, and `verify`, which names whatever was altered,
removed or reordered.

Nothing here writes an entry (approvals.ledger does) and nothing here repairs one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Select, Table, select

from approvals import checkpoints, schema
from approvals.chain import GENESIS, Entry
from approvals.ledger import Ledger
from approvals.transactions import Row, is_genuine, row_hash, row_name
from approvals.typed import QUERY, opened
from records.errors import BadInput, LantaiError

__all__ = ["Entry", "checkpoint", "entries", "verify"]

Problem = dict[str, str]
PAGE: Final = 1000
MOST_LISTED: Final = 1000


def entries(
    ledger: Ledger,
    *,
    after: int = 0,
    limit: int = 100,
    actor: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    newest_first: bool = False,
) -> dict[str, Any]:
    """{"rows": [{"seq","at","actor","action","subject","reason","detail","hash"}], "total"}; `after` is a seq (0 =
    from the end that the order starts with), `action` may end in "*". Raises BadInput."""
    if not 1 <= limit <= MOST_LISTED or after < 0:
        raise BadInput("bad_page", f"Ask for 1 to {MOST_LISTED} entries, after entry 0 or a later one.")
    table = schema.register
    query = select(table)
    if actor:
        query = query.where(table.c.actor == actor)
    if action:
        query = query.where(
            table.c.action.startswith(action[:-1], autoescape=True)
            if action.endswith("*")
            else table.c.action == action
        )
    if subject:
        query = query.where(table.c.subject == subject)
    page: Select[Any] = query
    if after:
        page = page.where(table.c.seq < after if newest_first else table.c.seq > after)
    page = page.order_by(table.c.seq.desc() if newest_first else table.c.seq).limit(limit)
    with ledger.read() as reader:
        total, rows = reader.count(query), reader.plain(page)
    return {"rows": [_shown(row, ledger.key) for row in rows], "total": total}


def _shown(row: Row, key: bytes) -> dict[str, Any]:
    """An altered entry is shown as it stands: `verify` names it."""
    detail = {name: value for name, value in json.loads(row["detail"]).items() if name != "rows"}
    if QUERY in detail:
        detail[QUERY] = _typed(row, key, QUERY, str(detail[QUERY]))
    wanted = ("seq", "at", "actor", "action", "subject", "hash")
    return {
        **{name: row[name] for name in wanted},
        "reason": _typed(row, key, "reason", row["reason"]),
        "detail": detail,
    }


def _typed(row: Row, key: bytes, name: str, stored: str) -> str:
    try:
        return opened(key, f"register/{row['seq']}/{name}", stored)
    except LantaiError:
        return stored


def last_actions(ledger: Ledger, prefix: str) -> dict[str, str]:
    """{subject: action} of the last entry of each subject whose action begins so: what the register knows of things
    that are kept elsewhere."""
    table = schema.register
    query = select(table.c.subject, table.c.action).where(table.c.action.startswith(prefix, autoescape=True))
    with ledger.read() as reader:
        return {row["subject"]: row["action"] for row in reader.plain(query.order_by(table.c.seq))}


def checkpoint(ledger: Ledger, place: checkpoints.Checkpoints) -> dict[str, Any]:
    """Signs the register's head now. {"seq","hash","at"}."""
    with ledger.read() as reader:
        head = reader.plain(select(schema.register).order_by(schema.register.c.seq.desc()).limit(1))[0]
    point = place.sign(head["seq"], head["hash"], head["at"])
    return {"seq": point.seq, "hash": point.head, "at": point.at}


@dataclass
class _Walk:
    """What a walk along the chain has gathered."""

    last: int = 0
    hashes: dict[int, str] = field(default_factory=dict)  # seq -> stored hash
    rows: dict[str, tuple[int, str]] = field(default_factory=dict)  # row name -> last (seq, hash)
    touched: set[tuple[str, int]] = field(default_factory=set)


def verify(ledger: Ledger, place: Path | None = None, check: checkpoints.Check | None = None) -> list[Problem]:
    """Every problem as {"file","id","problem"}; [] when all is as it was written. Changes nothing.

    `place` is the checkpoint file, `check` verifies an SM2 signature with the archive's public key.
    """
    found: list[tuple[str, str]] = []
    walk = _Walk()
    try:
        found += [("database", problem) for problem in ledger.problems_of_the_file()]
    except LantaiError as failure:
        found.append(("database", failure.message))
    found += _chain(ledger, walk)
    found += _head(ledger, walk)
    found += _index(ledger, walk)
    expected: dict[str, dict[str, tuple[int, str]]] = defaultdict(dict)
    for name, written in walk.rows.items():
        expected[name.split("/", 1)[0]][name] = written
    for table in schema.LEDGER_TABLES:
        found += _table(ledger, table, expected.get(table.name, {}))
    found += _activity(ledger)
    problems = [{"file": ledger.where, "id": name, "problem": problem} for name, problem in found]
    if place is not None:
        problems += [
            {"file": ledger.where if name.startswith("register/") else place.name, "id": name, "problem": problem}
            for name, problem in checkpoints.problems(place, walk.hashes.get, walk.last, check)
        ]
    return problems


def verify_at(
    where: Path | str, key: bytes, place: Path | None = None, check: checkpoints.Check | None = None
) -> list[Problem]:
    """As verify, for a ledger that may be too damaged to open."""
    try:
        ledger = Ledger.open(where, key=key, create=False)
    except LantaiError as failure:
        return [{"file": Path(str(where)).name, "id": "database", "problem": failure.message}]
    try:
        return verify(ledger, place, check)
    finally:
        ledger.close()


def _pages(ledger: Ledger) -> Iterator[list[Row] | tuple[int, str]]:
    """Pages of the register; where a page cannot be read, its entries one by one, and (seq, problem) for the
    unreadable.
    """
    table, after = schema.register, 0
    try:
        with ledger.read() as reader:
            top = int(reader.plain(select(table.c.seq).order_by(table.c.seq.desc()).limit(1))[0]["seq"])
    except (LantaiError, IndexError, ValueError, TypeError):
        yield 0, "the register cannot be read"
        return
    while after < top:
        try:
            with ledger.read() as reader:
                rows = reader.plain(select(table).where(table.c.seq > after).order_by(table.c.seq).limit(PAGE))
            if not rows:
                return
            yield rows
            after = rows[-1]["seq"]
        except LantaiError:
            for seq in range(after + 1, min(after + PAGE, top) + 1):
                try:
                    with ledger.read() as reader:
                        yield reader.plain(select(table).where(table.c.seq == seq))
                except LantaiError:
                    yield seq, "altered: it cannot be read"
            after = min(after + PAGE, top)


def _chain(ledger: Ledger, walk: _Walk) -> Iterator[tuple[str, str]]:
    prev, expected = GENESIS, 1
    skipped = False
    for page in _pages(ledger):
        if isinstance(page, tuple):
            seq, problem = page
            yield f"register/{seq}", problem
            expected, skipped = seq + 1, True
            continue
        for row in page:
            seq = row["seq"]
            for missing in range(expected, seq):
                yield f"register/{missing}", "removed"
            if seq != expected:
                skipped = True
            yield from _entry(ledger, row, prev if not skipped else None)
            _gather(row, walk)
            prev, expected, skipped = row["hash"], seq + 1, False
            walk.last = seq


def _entry(ledger: Ledger, row: Row, prev: str | None) -> Iterator[tuple[str, str]]:
    name = f"register/{row['seq']}"
    try:
        genuine = is_genuine(row, ledger.key)
    except (ValueError, TypeError):
        genuine = False
    if not genuine:
        yield name, "altered"
    elif prev is not None and row["prev"] != prev:
        yield name, "does not follow the entry before it: one of the two was altered, removed or reordered"


def _gather(row: Row, walk: _Walk) -> None:
    walk.hashes[row["seq"]] = str(row["hash"])
    try:
        rows = json.loads(row["detail"])["rows"]
        written = {str(name): str(hashed) for name, hashed in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # named as altered already
    for name, hashed in written.items():
        walk.rows[name] = (row["seq"], hashed)
        walk.touched.add((name, row["seq"]))


def _head(ledger: Ledger, walk: _Walk) -> Iterator[tuple[str, str]]:
    try:
        with ledger.read() as reader:
            rows = reader.plain(select(schema.register_head))
    except LantaiError:
        rows = []
    if len(rows) != 1 or not isinstance(rows[0]["seq"], int):
        yield "register_head", "altered"
        return
    head = rows[0]
    for missing in range(walk.last + 1, min(head["seq"], walk.last + 100) + 1):
        yield f"register/{missing}", "removed: the end of the register was cut off"
    if head["seq"] < walk.last or (head["seq"] == walk.last and head["hash"] != walk.hashes.get(walk.last)):
        yield "register_head", "altered"


def _index(ledger: Ledger, walk: _Walk) -> Iterator[tuple[str, str]]:
    try:
        with ledger.read() as reader:
            stored = {(row["row"], row["seq"]) for row in reader.plain(select(schema.row_entries))}
    except LantaiError:
        yield "row_entries", "altered: it cannot be read"
        return
    for name, seq in sorted(walk.touched ^ stored, key=str):
        yield f"row_entries/{name}/{seq}", "removed" if (name, seq) in walk.touched else "not in the register"


def _table(ledger: Ledger, table: Table, expected: dict[str, tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Compares the rows of one table with what the register says was written last."""
    stored: dict[str, Row | None] = {}
    try:
        with ledger.read() as reader:
            stored = {row_name(table, str(row["id"])): row for row in reader.plain(select(table))}
    except LantaiError:
        for name in expected:
            try:
                with ledger.read() as reader:
                    rows = reader.plain(select(table).where(table.c.id == name.split("/", 1)[1]))
                stored.update((name, row) for row in rows)
            except LantaiError:
                stored[name] = None
    for name in sorted(expected.keys() | stored.keys()):
        if name not in stored:
            yield name, "removed"
        elif name not in expected:
            yield name, "not in the register: it was put in, or its id was altered"
        elif not _matches(table, stored[name], expected[name]):
            yield name, "altered"


def _matches(table: Table, row: Row | None, written: tuple[int, str]) -> bool:
    try:
        return row is not None and row["entry"] == written[0] and row_hash(table, row) == written[1]
    except (ValueError, TypeError):
        return False


def _activity(ledger: Ledger) -> Iterator[tuple[str, str]]:
    try:
        with ledger.read() as reader:
            names = [str(row["id"]) for row in reader.plain(select(schema.session_activity.c.id))]
            forged = [name for name in names if reader.seen(name) is None]
    except LantaiError:
        yield "session_activity", "altered: it cannot be read"
        return
    for name in forged:
        yield f"session_activity/{name}", "altered"
