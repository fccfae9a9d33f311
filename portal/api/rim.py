"""The rim of the portal: whatever fails inside ends as one sentence for the reader and one word in the log. A traceback
may quote what somebody typed, so none is written."""

from __future__ import annotations

import logging

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.ui.texts import LANGUAGES, texts

_LOG = logging.getLogger("lantai.portal")


class Rim:
    """ASGI middleware around every route; an answer that has begun is cut off."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer 500 for what nobody caught."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - the rim: whatever it is
            _LOG.error("a request failed: %s", type(error).__name__)
            if scope["type"] == "http" and not begun:
                sentence = " ".join(texts(language)("frame.failed") for language in LANGUAGES)
                await PlainTextResponse(sentence, status_code=500)(scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1011, "reason": ""})
