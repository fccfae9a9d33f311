"""Originals between the page that opened them and the one request that shows them. In memory only, for a minute, for
the session that opened them, and handed out once."""

from __future__ import annotations

import secrets
import threading
import time
from typing import Final

from portal.desk import Visit
from records.errors import Refused

_SECONDS: Final = 60.0
_MOST: Final = 64

_BEGINNINGS: Final = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}

_lock = threading.Lock()
_held: dict[str, tuple[float, str, str, bytes]] = {}


def hold(visit: Visit, media_type: str, data: bytes) -> str:
    """Keep an opened original for a minute; the id under which `take` gives it out."""
    now = time.monotonic()
    name = secrets.token_urlsafe(24)
    with _lock:
        for stale in [key for key, (until, *_) in _held.items() if until < now]:
            del _held[stale]
        while len(_held) >= _MOST:
            del _held[next(iter(_held))]
        _held[name] = (now + _SECONDS, visit.token.value, media_type, data)
    return name


def take(visit: Visit, name: str) -> tuple[str, bytes]:
    """Media type and bytes, once. Raises Refused("not_yours") for another session, or a second or late time."""
    with _lock:
        found = _held.get(name)
        if found is None or not secrets.compare_digest(found[1], visit.token.value) or found[0] < time.monotonic():
            raise Refused("not_yours", "This view has ended or is not yours; open the record again from its call slip.")
        del _held[name]
    return found[2], found[3]


def picture_type(data: bytes) -> str:
    """What a browser may show of these bytes, by how they begin and not by what anybody called them."""
    for start, media_type in _BEGINNINGS.items():
        if data.startswith(start):
            return media_type
    return "application/octet-stream"
