"""Downloads: a release bundle, a cohort definition, an opened original, a blacked-out page. Each asks the strong room
again, in the visitor's own name; a link is worth nothing to anybody else."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import AsyncIterator
from functools import partial

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from portal.api.door import guest_of
from portal.api.held import take
from portal.api.screens import refusal
from records.errors import BadInput, IntegrityFailure, LantaiError

_PIECE = 64 * 1024
_NUMBER = re.compile(r"[0-9]{1,4}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_SHOWN_AS_IS = {"application/pdf", "image/png", "image/jpeg"}


async def release(request: Request) -> Response:
    """GET /download/release/{id}: the bundle as a zip, under the visitor's own grant."""
    try:
        found = _checked(request.path_params["id"])
        answer = await to_thread.run_sync(partial(guest_of(request).ask, "release.fetch", release=found))
        return _attachment(
            _decoded(str(answer["zip_b64"])), str(answer.get("name") or f"{found}.zip"), "application/zip"
        )
    except LantaiError as error:
        return refusal(request, error)


async def cohort(request: Request) -> Response:
    """GET /download/cohort/{hash}: a saved definition as TOML."""
    try:
        found = _checked(request.path_params["id"])
        answer = await to_thread.run_sync(partial(guest_of(request).ask, "cohort.show", hash=found))
        return _attachment(str(answer["toml"]).encode(), f"cohort-{found[:12]}.toml", "application/toml")
    except LantaiError as error:
        return refusal(request, error)


async def original(request: Request) -> Response:
    """GET /download/original/{id}: an original opened on a call slip a moment ago, once, by the one who opened it."""
    try:
        media_type, data = take(guest_of(request), _checked(request.path_params["id"]))
    except LantaiError as error:
        return refusal(request, error)
    if media_type not in _SHOWN_AS_IS:
        return _attachment(data, "original.bin", "application/octet-stream")
    return Response(data, media_type=media_type, headers={"content-disposition": "inline"})


async def page(request: Request) -> Response:
    """GET /download/page/{grant}/{record}/{number}: one blacked-out page of a granted scan, shown and not kept."""
    try:
        grant, record, number = (_checked(request.path_params[name]) for name in ("grant", "record", "number"))
        page = int(number) if _NUMBER.fullmatch(number) else 0
        asked = partial(guest_of(request).ask, "reading.page", grant=grant, record=record, page=page)
        answer = await to_thread.run_sync(asked)
        picture = _decoded(str(answer["jpeg_b64"]))
    except LantaiError as error:
        return refusal(request, error)
    return Response(picture, media_type="image/jpeg", headers={"content-disposition": "inline"})


def _checked(value: str) -> str:
    if not _ID.fullmatch(value):
        raise BadInput("bad_link", "This download link is not complete; open it from its page again.")
    return value


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise IntegrityFailure(
            "bundle_unreadable", "The bundle arrived damaged; try again or tell the operator."
        ) from None


def _attachment(data: bytes, name: str, media_type: str) -> Response:
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".")[:100] or "download"
    headers = {"content-disposition": f'attachment; filename="{safe}"', "content-length": str(len(data))}
    return StreamingResponse(_pieces(data), media_type=media_type, headers=headers)


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]
