"""Deposits (移交): bytes are sealed in the vault before anything looks into them; a job takes them through the line."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final

from approvals.actions import Action
from archive.identity import IdentityTokens
from records.errors import BadInput
from records.people import Actor
from records.texts import IdentifiedText
from rooms.calls.registry import call

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

LARGEST: Final = 64 * 1024 * 1024


@call("deposit.add", Action.DEPOSIT_ADD)
def add(room: StrongRoom, who: Actor, name: str, data_b64: str) -> dict[str, Any]:
    """{"deposit","record","new"}: the same bytes again are the deposit that is there. Acknowledged means on disk."""
    try:
        data = base64.b64decode(data_b64, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("call_arguments", "The file did not arrive whole; send it again.") from None
    if len(data) > LARGEST:
        raise BadInput("file_too_large", "A file may have 64 MB at most; split it into smaller ones.")
    record = IdentityTokens(room.keys).record(data)
    room.vault.put(record, "original", data)
    deposit, new = room.catalogue.receive(
        record, size=len(data), media_type="application/octet-stream", name=IdentifiedText(name[:300]), batch=who.user
    )
    room.jobs.register_states(who.user)
    return {"deposit": deposit.id, "record": record, "new": new}


@call("deposit.rejects", Action.DEPOSIT_REJECTS)
def rejects(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """What could not be read, with its reason; the bytes stay sealed."""
    return {
        "rows": [
            {
                "deposit": item.id, "name": item.name.reveal(), "reason": item.reason, "size": item.size,
                "media_type": item.media_type, "received": item.received_at,
            }
            for item in room.catalogue.rejects()
        ]
    }  # fmt: skip


@call("ingest.run", Action.INGEST_RUN)
def run(room: StrongRoom, who: Actor, deposits: list[str] | None = None) -> dict[str, Any]:
    """{"job"}: takes what waits through the line; `deposits` are those whose outcome the job reports."""
    return {"job": room.jobs.start(who.user, deposits)}


@call("ingest.progress", Action.INGEST_PROGRESS)
def progress(room: StrongRoom, who: Actor, job: str) -> dict[str, Any]:
    """{"stage","done","total","accepted","rejected","edition","finished"}."""
    return room.jobs.progress(job)
