"""The slot (窗口) between the rooms: one call shape, and how an answer or an error crosses it."""

from __future__ import annotations

from typing import Any, Protocol

from records.errors import BadInput, IntegrityFailure, LantaiError, Refused, Unavailable

_KINDS: dict[str, type[LantaiError]] = {
    kind.__name__: kind for kind in (BadInput, Refused, IntegrityFailure, Unavailable)
}


class Slot(Protocol):
    """Something that takes a call to the strong room: in the same process, or over the socket."""

    def call(self, name: str, session: str | None = None, /, **args: Any) -> dict[str, Any]:
        """The answer; raises the same LantaiError that the strong room raised."""
        ...


def pack_error(error: LantaiError) -> dict[str, Any]:
    """An error as it crosses the slot."""
    return {"error": {"kind": type(error).__name__, "code": error.code, "message": error.message}}


def unpack_error(answer: dict[str, Any]) -> LantaiError:
    """The error that an answer carries; an unknown kind is treated as a refusal."""
    error = answer["error"]
    return _KINDS.get(error.get("kind", ""), Refused)(str(error.get("code", "")), str(error.get("message", "")))
