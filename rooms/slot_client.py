"""The front desk's side of the slot: HTTP over the strong room's Unix socket. Holds no key and decides nothing."""

from __future__ import annotations

import socket as raw
from pathlib import Path
from typing import Any

import httpx

from records.errors import Unavailable
from rooms.slot import unpack_error

_TIMEOUT = httpx.Timeout(300.0, connect=5.0)


class SlotClient:
    """Calls the strong room over its socket; safe to share between threads."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket)), base_url="http://slot", timeout=_TIMEOUT
        )

    def call(self, name: str, session: str | None = None, /, **args: Any) -> dict[str, Any]:
        """See Slot. Raises Unavailable("strong_room_down") when nobody answers."""
        try:
            if not self._socket.exists():
                raise ConnectionError
            response = self._http.post("/call", json={"call": name, "session": session, "args": args})
            answer: dict[str, Any] = response.json()
        except (httpx.HTTPError, ConnectionError, ValueError):
            raise Unavailable(
                "strong_room_down", "The strong room does not answer; start it with `lantai serve` and try again."
            ) from None
        if "error" in answer:
            raise unpack_error(answer)
        return answer

    def close(self) -> None:
        """Close the connection pool."""
        self._http.close()


def is_up(socket: Path) -> bool:
    """Whether a strong room answers on this socket."""
    # A plain connection first: a socket that a killed strong room left behind refuses it.
    with raw.socket(raw.AF_UNIX, raw.SOCK_STREAM) as probe:
        try:
            probe.connect(str(socket))
        except OSError:
            return False
    client = SlotClient(socket)
    try:
        client.call("ping")
    except Unavailable:
        return False
    finally:
        client.close()
    return True
