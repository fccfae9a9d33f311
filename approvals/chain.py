"""One entry of the register and how it is chained to the one before. Pure; an entry never carries record text or
an identifier.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from records.canonical import canonical
from records.seal import hmac_sm3, sm3

GENESIS: Final = "0" * 64
WITHHELD: Final = "<withheld>"
CLEAN_KEYS: Final = frozenset(
    {"query", "department"}
)  # clean text from deid, and department names, may hold any script

_TOKEN = re.compile(r"[RP]?[0-9a-f]{20}|[0-9a-f]{64}")
_PLAIN = re.compile(r"[A-Za-z0-9 ._:/~<>+,=@#*|()-]{0,300}")
_LONG_NUMBER = re.compile(r"[0-9][0-9 -]{5,}[0-9Xx]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is about to be done: who, which action, on what, why. `reason` is cleaned by the ledger before it is kept;
    `subject` and the strings of `detail` are ids, hashes and enum values, and anything else in them is withheld."""

    actor: str
    action: str
    subject: str = ""
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place in the chain; `hash` is the SM3 of everything else, `detail` canonical JSON."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    reason: str
    detail: str
    prev: str

    @property
    def hash(self) -> str:
        """64 hex digits."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return sm3(b"lantai/register/1" + canonical(fields)).hex()


def mac(key: bytes, value: str) -> str:
    """The ledger key's seal over a hash or another short text; 64 hex digits."""
    return hmac_sm3(key, b"lantai/ledger/1" + value.encode()).hex()


def safe(value: Any, key: str = "") -> Any:
    """`value` with every string that is not an id, a hash, a date or a plain ASCII word withheld."""
    if isinstance(value, Mapping):
        return {safe(str(name)): safe(item, str(name)) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [safe(item, key) for item in items]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    text = str(value)
    if key in CLEAN_KEYS:
        return text[:2000]
    return text if _is_safe(text) else WITHHELD


def _is_safe(text: str) -> bool:
    if not _PLAIN.fullmatch(text):
        return False
    if _TOKEN.fullmatch(text):
        return True
    words = [word for word in re.split(r"[ /,=|]", text) if not _TOKEN.fullmatch(word)]
    return not _LONG_NUMBER.search(_DATE.sub("", " ".join(words)))
