"""Names that stand for a record or a patient in one place only; letters, so that no scan takes them for a number."""

from __future__ import annotations

from typing import Final

from records.seal import token

_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghkmnpqrst")


def pseudonym(key: bytes, kind: str, value: str) -> str:
    """17 letters: the first tells the kind ("c" card, "r" record, "p" patient), the rest is a keyed hash."""
    return kind + token(key, kind, value, size=16).translate(_LETTERS)
