"""Logging in and out. The password goes to the strong room and nowhere else; the browser keeps an opaque cookie."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from portal.api.door import COOKIE, from_elsewhere
from portal.api.screens import language_of, login_page, remember_language, status_of, wants_json
from portal.desk import desk
from records.errors import BadInput, LantaiError, Refused

_FORM_BYTES = 8192


async def show_login(request: Request) -> Response:
    """GET /login."""
    return login_page(request, safe_target(request.query_params.get("next", "/")))


async def do_login(request: Request) -> Response:
    """POST /login with the form fields username and password: a cookie, or the reason why not."""
    target = "/"
    try:
        _same_origin(request)
        form = await _form(request)
        target = safe_target(form["next"])
        answer = await to_thread.run_sync(lambda: _login(form["username"], form["password"]))
    except LantaiError as error:
        return _failed(request, target, error)
    response: Response
    if wants_json(request):
        known = {name: answer.get(name) for name in ("user", "display", "roles", "department")}
        response = JSONResponse(known)
    else:
        response = RedirectResponse(target, status_code=303)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, str(answer["token"]), path="/", secure=secure, httponly=True, samesite="strict")
    remember_language(response, language_of(request), secure=secure)
    return response


async def do_logout(request: Request) -> Response:
    """End the session in the strong room and forget the cookie; another site's page may not ask for it."""
    token = request.cookies.get(COOKIE, "")
    try:
        _same_origin(request)
        await to_thread.run_sync(lambda: desk().call(token, "logout"))
    except LantaiError as error:
        if status_of(error) >= 500 or error.code == "foreign_origin":  # the session lives on: say so
            return _failed(request, "/", error)
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


def safe_target(target: str) -> str:
    """`target` if it is a path on this portal, else "/"."""
    local = target.startswith("/") and not target.startswith(("//", "/\\", "/login", "/logout"))
    plain = target.isprintable() and "\\" not in target
    return target if local and plain and len(target) <= 500 else "/"


def _login(username: str, password: str) -> dict[str, Any]:
    return desk().call(None, "login", username=username, password=password)


def _failed(request: Request, target: str, error: LantaiError) -> Response:
    status = status_of(error)
    if isinstance(error, Refused) and error.code != "foreign_origin":
        status = 429 if "throttl" in error.code or "too_many" in error.code else 401
    if wants_json(request):
        return JSONResponse({"error": {"code": error.code, "message": error.message}}, status_code=status)
    return login_page(request, target, error, status)


def _same_origin(request: Request) -> None:
    """Refuse a form that another site's page sent."""
    if from_elsewhere(request):
        raise Refused(
            "foreign_origin", "This form came from another site; open the log-in page of Lantai and try again."
        )


async def _form(request: Request) -> dict[str, str]:
    """username, password and next. Raises BadInput("login_form") for anything else or anything large."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _FORM_BYTES:
            raise BadInput("login_form", "The log-in form is too large; send username and password only.")
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    try:
        if kind != "application/x-www-form-urlencoded":
            raise ValueError(kind)
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=10, strict_parsing=False)
        username, password = fields["username"][0].strip(), fields["password"][0]
    except (KeyError, ValueError):
        raise BadInput("login_form", "Send username and password as form fields.") from None
    if not username or not password:
        raise BadInput("login_form", "Enter both the user name and the password.")
    return {"username": username, "password": password, "next": fields.get("next", ["/"])[0]}
