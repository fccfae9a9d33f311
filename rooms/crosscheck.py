"""What the register knows of the other stores: each may be whole in itself, and yet emptied or rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from approvals import grants, register
from archive.catalogue import Deposit
from archive.rows import FILE as CATALOGUE

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

_STATE: Final = "deposit."
Problem = dict[str, str]


def crosscheck(room: StrongRoom) -> list[Problem]:
    """Deposits that the register has and the catalogue has not, or not as far; editions that something leans on and
    the shelf has not. Work may go on meanwhile: what moved between two looks is no problem."""
    before = register.last_actions(room.ledger, _STATE)
    deposits = room.catalogue.deposits()
    after = register.last_actions(room.ledger, _STATE)
    still = {record: action for record, action in before.items() if after.get(record) == action}
    newest = max((int(item.edition or 0) for item in deposits), default=0)
    return [*_deposits(still, {str(item.record): item for item in deposits}), *_editions(room, newest)]


def _deposits(registered: dict[str, str], deposits: dict[str, Deposit]) -> Iterator[Problem]:
    for record, action in registered.items():
        found = deposits.get(record)
        if found is None:
            yield {"file": CATALOGUE, "id": record, "problem": "removed: the register says that it was deposited"}
        elif found.registered and f"{_STATE}{found.state.value.lower()}" != action:
            yield {"file": CATALOGUE, "id": record, "problem": f"rolled back or altered: the register says {action}"}


def _editions(room: StrongRoom, newest: int) -> Iterator[Problem]:
    current, kept = int(room.shelf.current()), {int(number) for number in room.shelf.kept()}
    if newest > current:
        yield {"file": "CURRENT", "id": str(current), "problem": f"rolled back: there was an edition {newest}"}
    for number in sorted(grants.editions_in_use(room.ledger) - kept):
        yield {"file": f"editions/{number}.json", "id": str(number), "problem": "removed: a grant rests on it"}
