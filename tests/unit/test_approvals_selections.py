"""A request fixes its records; a grant opens those and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from approvals import schema, selections
from approvals.selections import Selection
from records.errors import IntegrityFailure
from records.ids import RecordId
from tests.approvals_world import World, choose

_STEPS = (("all", 9, 12), ("include 1: dm2", 3, 4))


def test_what_was_handed_in_is_what_the_grant_opens(tmp_path: Path) -> None:
    world = World(tmp_path)
    grant = world.active(world.grant())
    with world.ledger.read() as reader:
        kept = selections.kept(reader, grant.request, grant.selection)
    assert kept == choose("")
    assert len(kept.records) == 24


def test_altered_records_open_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    grant = world.active(world.grant())
    more = Selection(choose("").records | {RecordId("r999")}, 20, (("all", 40, 60),))
    with world.ledger._engine.begin() as connection:
        table = schema.selections
        connection.execute(update(table).values(records=selections.packed(more.records)))
    with world.ledger.read() as reader, pytest.raises(IntegrityFailure):
        selections.kept(reader, grant.request, grant.selection)


@pytest.mark.parametrize("expected", ["", "0" * 64])
def test_another_hash_opens_nothing(tmp_path: Path, expected: str) -> None:
    world = World(tmp_path)
    request = world.submit()
    with world.ledger.read() as reader, pytest.raises(IntegrityFailure):
        selections.kept(reader, request, expected)


def test_an_unknown_request_opens_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.ledger.read() as reader, pytest.raises(IntegrityFailure):
        selections.kept(reader, "Q99", choose("").hash)


def test_hash_tells_records_and_counts_apart() -> None:
    one = Selection(frozenset({RecordId("a"), RecordId("b")}), 2, _STEPS)
    others = [
        Selection(frozenset({RecordId("a")}), 2, _STEPS),
        Selection(one.records, 3, _STEPS),
        Selection(one.records, 2, _STEPS[:1]),
    ]
    assert one.hash not in {other.hash for other in others}
    assert selections.unpacked(selections.packed(one.records)) == one.records
    assert selections.unpacked(selections.packed(())) == frozenset()
    assert selections.unpacked("not packed") == frozenset()
