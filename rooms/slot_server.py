"""The strong room's side of the slot: a Unix socket in a 0700 folder that checks who is at the other end."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from records.errors import BadInput, LantaiError, Refused, Unavailable
from rooms.slot import pack_error

MAX_BODY = 96 * 1024 * 1024
Handler = Callable[..., dict[str, Any]]


def peer_uid(connection: socket.socket) -> int:
    """The user id of the process at the other end of a Unix socket, as the kernel knows it."""
    packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", packed)
    return int(uid)


def _guarded_protocol(allowed: frozenset[int]) -> type[H11Protocol]:
    class PeerChecked(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            if peer_uid(transport.get_extra_info("socket")) not in allowed:
                transport.abort()
                return
            super().connection_made(transport)

    return PeerChecked


def application(call: Handler) -> Starlette:
    """The slot's one route. Whatever goes wrong inside a decision comes back as an error, never as an answer."""

    async def post(request: Request) -> JSONResponse:
        try:
            body = await _body(request)
            name, session, args = body.get("call"), body.get("session"), body.get("args", {})
            if not isinstance(name, str) or not isinstance(args, dict) or not isinstance(session, str | None):
                raise BadInput("call_malformed", "A call needs a name, a session and named arguments.")
            return JSONResponse(await run_in_threadpool(call, name, session, **args))
        except LantaiError as error:
            return JSONResponse(pack_error(error))
        except Exception:  # noqa: BLE001 - promise 8: any exception in a decision means no, and says nothing of its cause
            return JSONResponse(pack_error(Refused("internal", "The strong room could not decide; nothing was done.")))

    return Starlette(routes=[Route("/call", post, methods=["POST"])])


async def _body(request: Request) -> dict[str, Any]:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise BadInput("call_too_large", "That is more than the slot takes at once (96 MB); send smaller files.")
        chunks.append(chunk)
    try:
        body = json.loads(b"".join(chunks))
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise BadInput("call_malformed", "A call is a JSON object.")
    return body


def listen(path: Path) -> socket.socket:
    """A bound Unix socket, 0600 inside a 0700 folder. Raises Unavailable("slot_path") if it cannot be made."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server.bind(str(path))
    except OSError:
        server.close()
        raise Unavailable(
            "slot_path", "The slot's socket cannot be made; choose a LANTAI_HOME with a shorter path on a local disk."
        ) from None
    path.chmod(0o600)
    server.listen(128)
    return server


def server(call: Handler, allowed: frozenset[int] | None = None) -> uvicorn.Server:
    """A uvicorn server for the slot; run it with `server.run(sockets=[listen(path)])`."""
    config = uvicorn.Config(
        application(call),
        http=_guarded_protocol(allowed or frozenset({os.geteuid()})),
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
    )
    return uvicorn.Server(config)
