"""The few pages that are plain HTML: the log-in and the refusals. Everything put into them is escaped."""

from __future__ import annotations

from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from portal.ui.texts import LANGUAGES, Texts, texts
from records.errors import BadInput, IntegrityFailure, LantaiError, Refused, Unavailable

LANGUAGE_COOKIE: Final = "lantai_lang"
_STATUS: Final = ((BadInput, 400), (Refused, 403), (IntegrityFailure, 500), (Unavailable, 503))


def status_of(error: LantaiError) -> int:
    """The HTTP status that says the same as the error's class."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def language_of(request: Request) -> str:
    """`?lang=`, else the cookie, else Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE) or ""
    return asked if asked in LANGUAGES else LANGUAGES[0]


def wants_json(request: Request) -> bool:
    """Whether the client asked for JSON rather than a page."""
    return "application/json" in request.headers.get("accept", "")


def refusal(request: Request, error: LantaiError, status: int | None = None) -> Response:
    """One clear sentence and the way back, as JSON or as a page."""
    code = status or status_of(error)
    if wants_json(request):
        return JSONResponse({"error": {"code": error.code, "message": error.message}}, status_code=code)
    words = texts(language_of(request))
    body = f'<p class="message">{escape(words.error(error))}</p><p><a href="/">{escape(words("login.home"))}</a></p>'
    return HTMLResponse(_page(words, words("login.stopped"), body), status_code=code)


def login_page(request: Request, target: str, error: LantaiError | None = None, status: int = 200) -> Response:
    """The log-in form, with the reason of a failed try above it. `target` is where to go afterwards."""
    language = language_of(request)
    words = texts(language)
    message = f'<p class="message" role="alert">{escape(words.error(error))}</p>' if error else ""
    hidden = f'<input type="hidden" name="next" value="{escape(target)}">' if target != "/" else ""
    form = f"""<form method="post" action="/login" autocomplete="on">{hidden}
<label for="username">{escape(words("login.username"))}</label>
<input id="username" name="username" autocomplete="username" required autofocus maxlength="100">
<label for="password">{escape(words("login.password"))}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1000">
<button type="submit">{escape(words("login.submit"))}</button></form>
<p class="fine">{escape(words("login.notice"))}</p>"""
    response = HTMLResponse(_page(words, words("login.title"), message + form), status_code=status)
    # With no-referrer a browser posts the form under "Origin: null", which the origin check would have to refuse.
    response.headers["referrer-policy"] = "same-origin"
    if request.query_params.get("lang") in LANGUAGES:
        remember_language(response, language, secure=request.url.scheme == "https")
    return response


def remember_language(response: Response, language: str, *, secure: bool) -> None:
    """Keep the choice of language for a year."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=31_536_000, path="/", secure=secure, httponly=True, samesite="strict"
    )


def _page(words: Texts, title: str, body: str) -> str:
    others = "".join(
        f'<a href="/login?lang={language}" lang="{language}">{escape(texts(language)("language.name"))}</a>'
        for language in LANGUAGES
        if language != words.language
    )
    return f"""<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)} · 兰台 Lantai</title>
<link rel="icon" href="/favicon.png"><link rel="stylesheet" href="/assets/portal.css"></head>
<body class="door"><main><header><h1><span class="wordmark">兰台</span><span class="latin">Lantai</span></h1>
<p class="tagline">{escape(words("login.tagline"))}</p></header><section><h2>{escape(title)}</h2>{body}</section>
<footer>{others}</footer></main></body></html>"""
