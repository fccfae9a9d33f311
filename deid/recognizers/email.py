"""E-mail addresses, spaced or with a full-width sign too. Asks no network which domains exist."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.spans import Finding
from records.entities import Entity

_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9_][A-Za-z0-9._%+\-]{0,63} ?(?:@|\(at\)|\[at\]|＠) ?"
    r"(?:[A-Za-z0-9\-]{1,40} ?[.。] ?){1,4}[A-Za-z]{2,12}(?![A-Za-z0-9])"
)
_LABEL: Final = re.compile(
    r"(?:邮\s?箱|电子邮件|[Ee]-?mail|E-?MAIL)(?:地址|号码|号)?\s?[:为是]?\s{0,3}"
    r"(?P<value>[A-Za-z0-9][A-Za-z0-9._%+\-]{1,63} ?[@©®a○Q] ?[A-Za-z0-9\-]{1,40}"
    r"(?: ?[.,。] ?[A-Za-z0-9]{1,12}){0,3})"
)


class Email:
    """Shape alone, or what stands after the label."""

    name = "email"
    entity = Entity.EMAIL

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = []
        if "@" in text or "at" in text:
            found = [
                Finding(*m.span(), self.entity, "email.shape", 0.95, "shape of an address")
                for m in _EMAIL.finditer(text)
            ]
        found += [
            Finding(*m.span("value"), self.entity, "email.label", 0.9, "what follows the label")
            for m in _LABEL.finditer(text)
        ]
        return found
