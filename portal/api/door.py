"""The door: nobody passes without a live session, first request or last, page or websocket.

It forwards the session token to the page code and believes no header a client sends under that name.
"""

from __future__ import annotations

import hashlib
import time
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.api.screens import refusal, status_of
from portal.desk import Visit, visit
from portal.settings import SESSION_HEADER
from records.errors import LantaiError, Refused, Unavailable

COOKIE: Final = "lantai_session"
_OPEN: Final = frozenset({"/login", "/healthz", "/assets/portal.css", "/favicon.png"})
# Of Streamlit's own addresses, those in use here; for us its agent, metrics, media and component routes do not exist.
_USED: Final = (
    "/static/",
    "/download/",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
    "/_stcore/upload_file/",
)
_STATIC_SECONDS: Final = 60.0
_STATIC_MOST: Final = 4096


class Door:
    """ASGI middleware in front of every route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._seen: dict[bytes, float] = {}  # sessions that may fetch Streamlit's own published files without asking

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the open paths through, and the others with a session; send everybody else to the log-in."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        token = connection.cookies.get(COOKIE, "")
        _forward(scope, token)
        path = scope["path"]
        if scope["type"] == "websocket" and not same_host(connection):
            await self._turn_away(scope, receive, send, Refused("foreign_origin", "Open Lantai from its own address."))
            return
        if scope["type"] == "http" and path in _OPEN:
            await self._app(scope, receive, send)
            return
        if path.startswith("/static/") and self._known(token):
            await self._app(scope, receive, send)
            return
        try:
            guest = await to_thread.run_sync(visit, token)
        except LantaiError as error:
            await self._turn_away(scope, receive, send, error)
            return
        self._remember(token)
        if path.count("/") > 1 and not path.startswith(_USED):
            await self._turn_away(scope, receive, send, Refused("no_such_page", "This address does not exist here."))
            return
        if path.startswith("/download/") and from_elsewhere(connection):
            # It could not read the answer, but the register would say that this person took it.
            await self._turn_away(scope, receive, send, Refused("foreign_origin", "Open Lantai from its own address."))
            return
        scope.setdefault("state", {})["visit"] = guest
        await self._app(scope, receive, send)

    async def _turn_away(self, scope: Scope, receive: Receive, send: Send, error: LantaiError) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        await _answer(Request(scope), error)(scope, receive, send)

    def _known(self, token: str) -> bool:
        return self._seen.get(_digest(token), 0.0) > time.monotonic()

    def _remember(self, token: str) -> None:
        if len(self._seen) >= _STATIC_MOST:
            self._seen.clear()
        self._seen[_digest(token)] = time.monotonic() + _STATIC_SECONDS


def same_host(connection: HTTPConnection) -> bool:
    """Whether no page of another origin sent this. What is no browser sends no Origin, and has no cookie to lend.

    A cookie's SameSite knows no ports: a page on another port of this host would otherwise be let in by it.
    """
    origin = connection.headers.get("origin")
    return origin is None or origin.partition("://")[2] == connection.headers.get("host", "")


def from_elsewhere(connection: HTTPConnection) -> bool:
    """Whether a page of another site, host or port made the browser send this."""
    site = connection.headers.get("sec-fetch-site", "same-origin")
    return not same_host(connection) or site not in ("same-origin", "none")


def guest_of(connection: HTTPConnection) -> Visit:
    """The visit that the door found for this request. Raises Refused("no_session") where it found none."""
    found = connection.scope.get("state", {}).get("visit")
    if not isinstance(found, Visit):
        raise Refused("no_session", "You are not logged in; log in first.")
    return found


def _answer(request: Request, error: LantaiError) -> Response:
    """A redirect to the log-in for a reader without a session; else the error as it is."""
    if isinstance(error, Unavailable) or error.code in ("no_such_page", "foreign_origin"):
        return refusal(request, error, 404 if error.code == "no_such_page" else status_of(error))
    if request.method in ("GET", "HEAD"):
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        where = "/login" if target == "/" else f"/login?next={quote(target, safe='')}"
        return RedirectResponse(where, status_code=303)
    return JSONResponse({"error": {"code": error.code, "message": error.message}}, status_code=401)


def _forward(scope: Scope, token: str) -> None:
    """Put the cookie's token, and nothing a client sent, under the header that Streamlit hands to the pages."""
    headers = MutableHeaders(raw=[pair for pair in scope["headers"] if pair[0].lower() != SESSION_HEADER.encode()])
    if token:
        headers[SESSION_HEADER] = token
    scope["headers"] = headers.raw


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
