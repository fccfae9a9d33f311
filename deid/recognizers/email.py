"""E-mail addresses, also torn, misread or written around their @. Asks no network which domains exist."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import led
from deid.spans import Finding, Tier
from records.entities import Entity

_AT: Final = Held(r"@|[(\[](?:at|AT|a)[)\]]| (?:at|AT) |艾特")
_DOT: Final = r"(?:[ \n]?[.。][ \n]?|\s?[(\[]dot[)\]]\s?| dot |点|[ ,](?=(?:com|cn|net|org)(?![A-Za-z])))"
_DOMAIN: Final = re.compile(
    rf"[ \n]{{0,2}}(?:[A-Za-z0-9](?:[A-Za-z0-9\-]|(?<=-)\n){{0,40}}{_DOT}){{1,4}}(?:[A-Za-z][A-Za-z0-9]{{1,11}}|c0m)"
    r"(?![A-Za-z0-9])"
)
_LOCAL: Final = re.compile(
    r"[A-Za-z0-9_%+](?:[A-Za-z0-9_%+&*]| ?[_\-+] ?(?=[A-Za-z0-9])| ?\.(?=[A-Za-z0-9_])| \. )*[ \n]?$"
)
_NAMED: Final = re.compile(
    r"(?:邮\s?箱|电邮|邮件|[Mm]ail|MAIL)(?:地址|号码"
    r"|号)?\s?[:为是]?\s{0,3}(?P<local>[A-Za-z0-9][A-Za-z0-9._%+\- ]{0,60})$"
)
_LABEL: Final = led(
    r"(?:邮\s?箱|电子邮件|[Ee]-?mail|E-?MAIL)(?:地址|号码|号)?\s?[:为是]?\s{0,3}"
    r"(?P<value>[A-Za-z0-9][A-Za-z0-9._%+\-]{1,63} ?[@©®a○〇Q#] ?[A-Za-z0-9\-]{1,40}"
    r"(?: ?[.,。] ?[A-Za-z0-9]{1,12}){0,3})"
)
_REACH: Final = 72  # characters before the sign that are looked at


class Email:
    """From the sign between name and domain to both sides, or what stands after the label."""

    name = "email"
    entity = Entity.EMAIL

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = []
        for sign in _AT.finditer(doc):
            before = text[max(0, sign.start() - _REACH) : sign.start()]
            domain = _DOMAIN.match(text, sign.end())
            local = _NAMED.search(before) or _LOCAL.search(before) if domain else None
            if domain and local and not (sign.group() == " at " and " dot " not in domain.group()):
                named = "local" if local.re is _NAMED else 0
                start = sign.start() - len(before) + local.start(named)
                why = "shape of an address"  # nothing else has it: no field before it may take a part
                found.append(Finding(start, domain.end(), self.entity, "email.shape", 0.95, why, Tier.CHECKSUM))
        found += [
            Finding(*m.span("value"), self.entity, "email.label", 0.9, "what follows the label")
            for m in _LABEL.finditer(text)
        ]
        return found
