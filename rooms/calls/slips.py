"""Call slips (调阅单): a clinician asks, with a reason, for originals of the own department. Each look is recorded."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from approvals.actions import Action
from approvals.ledger import Entry
from archive.catalogue import RecordEntry
from records.errors import BadInput, Refused
from records.ids import RecordId
from records.people import Actor
from records.texts import IdentifiedText
from rooms.calls.registry import call

if TYPE_CHECKING:
    from rooms.strong import StrongRoom


@call("slip.find", Action.SLIP_FIND)
def find(room: StrongRoom, who: Actor, query: str, reason: str) -> dict[str, Any]:
    """{"rows"}: records of the own department whose patient has exactly this name, ID card or record number."""
    _reasoned(reason)
    if not query.strip() or len(query) > 100:
        raise BadInput("slip_query", "Give a patient's whole name, ID card number or record number.")
    rows = room.catalogue.find(IdentifiedText(query), _department(who))
    found = [entry.record for entry in rows]
    room.ledger.record(Entry(who.user, "slip.find", reason=reason, detail={"found": len(found), "records": found}))
    return {"rows": [_row(entry) for entry in rows]}


@call("slip.open", Action.SLIP_OPEN)
def open_slip(room: StrongRoom, who: Actor, record: str, reason: str) -> dict[str, Any]:
    """{"record","media_type","data_b64","text"}: one original of the own department, and what was read of it."""
    _reasoned(reason)
    entry = room.catalogue.record(RecordId(record))
    if entry is None or entry.department != _department(who):
        raise Refused(
            "not_own_department", "Your department has no such record; look it up with its patient's number first."
        )
    room.ledger.record(Entry(who.user, "slip.open", entry.record, reason))
    transcript = json.loads(room.vault.get(entry.record, "transcript"))
    return {
        **_row(entry),
        "media_type": transcript["media"],
        "data_b64": base64.b64encode(room.vault.get(entry.record, "original")).decode(),
        "text": transcript["text"],
    }


def _department(who: Actor) -> str:
    if not who.department:
        raise Refused("no_department", "Your account has no department; ask the manager to set it.")
    return who.department


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < 2:
        raise BadInput("reason_missing", "Say why you need the record; it stands in the register.")


def _row(entry: RecordEntry) -> dict[str, Any]:
    return {"record": entry.record, "type": entry.record_type, "department": entry.department, "year": entry.year}
