"""One byte form per value, so that a hash of it means something."""

from __future__ import annotations

import json
from typing import Any

from records.seal import sm3


def canonical(value: Any) -> bytes:
    """Sorted keys, no white space, UTF-8, no NaN. Raises ValueError or TypeError on what JSON cannot hold."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(value: Any) -> str:
    """64 hex digits: SM3 of the canonical bytes."""
    return sm3(canonical(value)).hex()
