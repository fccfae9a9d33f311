"""The portal as one ASGI application: the door and our own routes before Streamlit's. It must never answer anything
but the log-in, its style and /healthz to somebody without a session."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from streamlit import file_util
from streamlit.web import bootstrap

from portal.api import download, login
from portal.api.door import Door, guest_of
from portal.api.headers import SecurityHeaders, content_policy
from portal.api.rim import Rim
from portal.api.screens import refusal
from portal.settings import streamlit_options
from portal.ui.frame import script_failed
from portal.web.contents import PAGES
from records.errors import Refused, Unavailable
from records.paths import data_dir

_HERE = Path(__file__).parent
_LOG = logging.getLogger("lantai.portal")


def build_app(*, tls: bool = False) -> streamlit.App:
    """The application; `portal.desk.place` gives it its desk. One per process, as Streamlit's settings are global."""
    bootstrap.load_config_options(streamlit_options(tls))
    index = _index()
    return streamlit.App(
        _HERE / "web" / "app.py",
        routes=_routes(index),
        middleware=[
            Middleware(SecurityHeaders, policy=content_policy(index), tls=tls),
            Middleware(Rim),
            Middleware(Door),
        ],
        on_script_error=script_failed,
        lifespan=_warm,
    )


def serve(listener: socket.socket, cert: Path | None = None, key: Path | None = None) -> None:
    """Serve on a bound socket until stopped; with a certificate and its key, HTTPS only."""
    config = uvicorn.Config(
        build_app(tls=cert is not None),
        ssl_certfile=cert,
        ssl_keyfile=key,
        access_log=False,  # an address may hold the id of a request or a release; who did what is in the register
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        ws_max_size=70 * 1024 * 1024,
        timeout_graceful_shutdown=3,
    )
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


def _routes(index: bytes) -> list[Any]:
    async def page(request: Request) -> Response:
        return _page(request, index)

    return [
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
        Route("/login", login.show_login, methods=["GET"]),
        Route("/login", login.do_login, methods=["POST"]),
        Route("/logout", login.do_logout, methods=["GET", "POST"]),
        Route("/assets/portal.css", lambda _: FileResponse(_HERE / "ui" / "portal.css", media_type="text/css")),
        Route("/favicon.png", lambda _: FileResponse(data_dir() / "portal" / "favicon.png")),
        Route("/download/release/{id}", download.release),
        Route("/download/cohort/{id}", download.cohort),
        Route("/download/original/{id}", download.original),
        Route("/download/page/{grant}/{record}/{number}", download.page),
        Route("/", page),
        Route("/{slug}", page),
    ]


def _page(request: Request, index: bytes) -> Response:
    """Streamlit's shell for a page that exists and is this person's; else a friendly sentence and the way back."""
    slug = request.path_params.get("slug", "")
    found = PAGES.get(slug)
    if found is None:
        return refusal(request, Refused("no_such_page", "This address does not exist here."), 404)
    if not found.open_to(guest_of(request).roles):
        return refusal(request, Refused("page_not_yours", "Your role has no access to this page; go back to your own."))
    return Response(index, media_type="text/html; charset=utf-8")


def _index() -> bytes:
    """Streamlit's shell under our name and style, without its invitation to programs."""
    html = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    html = html.replace("<title>Streamlit</title>", "<title>兰台 Lantai</title>")
    html = html.replace("</head>", '<link rel="stylesheet" href="/assets/portal.css"></head>')
    start, end = html.find("<noscript>"), html.find("</noscript>")
    notice = "请启用 JavaScript 后再打开兰台。Please enable JavaScript to use Lantai."
    html = f"{html[: start + len('<noscript>')]}<p>{notice}</p>{html[end:]}"
    lines = [line for line in html.splitlines() if 'rel="service-desc"' not in line]
    return "\n".join(lines).encode()


@asynccontextmanager
async def _warm(_: streamlit.App) -> AsyncIterator[None]:
    """Streamlit's collection after every script run is off; what is loaded by now never needs collecting."""
    gc.collect()
    gc.freeze()
    _LOG.info("portal ready")
    yield


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises Unavailable("port_in_use"), before the ticket is used or anything is open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise Unavailable(
            "port_in_use",
            f"Port {port} on {host} cannot be used ({error}); stop what uses it or choose another --port.",
        ) from None
    listener.set_inheritable(True)
    return listener
