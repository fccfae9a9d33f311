"""Verification of a home that is too damaged to open: each part by itself, so that one broken part hides no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from approvals import register
from approvals.ledger import Ledger
from archive.keys import Keys, Purpose
from archive.lock import HomeLock
from archive.stacks import verify_home
from records import sm2
from records.errors import LantaiError
from rooms.config import Config
from rooms.strong import refuse_bereft
from semantic.edition import Shelf, ShelfKeys

Found = Iterable[Mapping[str, str]]


def examine(config: Config, passphrase: str) -> dict[str, Any]:
    """{"ok","problems"} as `lantai verify` answers; changes nothing. Raises what opening the key file raises."""
    refuse_bereft(config)
    with HomeLock(config.strong):
        keys = Keys.open(config.strong, passphrase)
        parts: dict[str, Callable[[], Found]] = {
            "strong": lambda: verify_home(config.strong, keys),
            "strong/ledger.db": lambda: _ledger(config, keys),
            "shelf": lambda: Shelf.open(
                config.home / "shelf", ShelfKeys(keys.purpose(Purpose.SHELF_INDEX), keys.purpose(Purpose.SHELF_TEXT))
            ).verify(),
        }
        problems = [problem for name, part in parts.items() for problem in _looked_at(name, part)]
    return {"ok": not problems, "problems": problems}


def _ledger(config: Config, keys: Keys) -> Found:
    public = keys.public_key()
    ledger = Ledger.open(config.strong / "ledger.db", key=keys.purpose(Purpose.LEDGER))
    try:
        return register.verify(
            ledger, config.checkpoints, lambda message, signature: sm2.verify(public, message, signature)
        )
    finally:
        ledger.close()


def _looked_at(name: str, part: Callable[[], Found]) -> list[dict[str, str]]:
    try:
        return [dict(problem) for problem in part()]
    except LantaiError as error:
        return [{"file": name, "id": "", "problem": error.message}]
