"""What people type into the ledger (purposes, reasons, definitions, questions), sealed where it lies: a stolen disk
shows that something was asked, and not what."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from records.errors import IntegrityFailure
from records.seal import derive, seal, unseal

MARK: Final = "sm4:"
QUERY: Final = "query"  # the one typed text in an entry's detail


def sealed(key: bytes, place: str, text: str) -> str:
    """The text as it is stored at `place` ("grants/G1/reason"); nothing stays nothing."""
    if not text:
        return text
    return MARK + base64.b64encode(seal(_typed(key), text.encode(), place.encode())).decode()


def opened(key: bytes, place: str, stored: str) -> str:
    """The text again; what was stored before texts were sealed is answered as it is. Raises IntegrityFailure."""
    if not stored.startswith(MARK):
        return stored
    try:
        return unseal(_typed(key), base64.b64decode(stored[len(MARK) :], validate=True), place.encode()).decode()
    except (binascii.Error, ValueError):
        raise IntegrityFailure(
            "row_altered", f"The text at {place} is not what was written; run `lantai verify`."
        ) from None


def _typed(key: bytes) -> bytes:
    return derive(key, "ledger/typed")
