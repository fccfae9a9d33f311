"""The register, integrity and status. None of these shows a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from approvals import register
from approvals.actions import Action
from approvals.ledger import Entry
from archive import fixity
from records import sm2
from records.errors import LantaiError
from records.people import Actor
from rooms.calls.registry import call
from rooms.crosscheck import crosscheck

if TYPE_CHECKING:
    from rooms.strong import StrongRoom


@call("audit.list", Action.AUDIT_LIST)
def list_entries(
    room: StrongRoom,
    who: Actor,
    after: int = 0,
    limit: int = 50,
    actor: str | None = None,
    action: str | None = None,
    newest_first: bool = False,
) -> dict[str, Any]:
    """Entries of the register, oldest first unless asked otherwise."""
    return register.entries(
        room.ledger, after=after, limit=limit, actor=actor, action=action, newest_first=newest_first
    )


@call("audit.verify", Action.AUDIT_VERIFY)
def verify_register(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """The chain, the rows it vouches for, and the signed checkpoints; then signs a new one if all is well."""
    problems = _register_problems(room)
    room.ledger.record(Entry(who.user, "audit.verify", detail={"problems": len(problems)}))
    if not problems:
        register.checkpoint(room.ledger, room.checkpoints)
    return {"ok": not problems, "problems": problems}


@call("verify", Action.AUDIT_VERIFY)
def verify_all(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """Every byte: vault, catalogue, keyring, editions, ledger, register."""
    problems = _register_problems(room)
    examined = fixity.verify(vault=room.vault, catalogue=room.catalogue, keyring=room.keyring)
    problems += [{"file": item["file"], "id": item["id"], "problem": item["problem"]} for item in examined]
    problems += room.shelf.verify()
    problems += _told(lambda: crosscheck(room))
    problems += _public_key_problems(room)
    room.ledger.record(Entry(who.user, "verify", detail={"problems": len(problems)}))
    return {"ok": not problems, "problems": problems}


@call("status", Action.STATUS)
def status(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """Counts and versions; no names, no texts."""
    return {
        "hospital": room.config.hospital,
        "demo": room.ledger.is_demo(),
        "edition": int(room.shelf.current()),
        "deposits": room.catalogue.counts(),
        "lexicon": room.lexicon.version,
        "encoder": room.encoder.id,
        "jobs": room.jobs.states(),
    }


def _told(check: Callable[[], list[dict[str, str]]]) -> list[dict[str, str]]:
    """A comparison that cannot finish has found something."""
    try:
        return check()
    except LantaiError as error:
        return [{"file": "strong", "id": "", "problem": error.message}]


def _public_key_problems(room: StrongRoom) -> list[dict[str, str]]:
    """The copy of the public key that is handed to recipients must be the key that signs."""
    copy = room.config.home / "public-key.pem"
    try:
        genuine = copy.read_bytes() == room.keys.public_key()
    except OSError:
        genuine = False
    return [] if genuine else [{"file": copy.name, "id": "public-key", "problem": "altered or removed"}]


def _register_problems(room: StrongRoom) -> list[dict[str, str]]:
    public = room.keys.public_key()
    return register.verify(
        room.ledger, room.config.checkpoints, lambda message, signature: sm2.verify(public, message, signature)
    )
