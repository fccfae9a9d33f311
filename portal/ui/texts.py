"""The words on the screens, in Chinese and English, from data/i18n. A missing key is a fault that a test finds."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, Final

from records.errors import LantaiError
from records.paths import data_dir

LANGUAGES: Final = ("zh", "en")


class Texts:
    """All texts of one language; `words("page.search")`, with fields for `{names}` in them."""

    def __init__(self, language: str, table: dict[str, str]) -> None:
        self.language = language
        self._table = table

    def __call__(self, key: str, **fields: object) -> str:
        """The text under `key`. Raises KeyError for a key that is not there."""
        text = self._table[key]
        return text.format(**fields) if fields else text

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def word(self, group: str, value: object) -> str:
        """A value of some list (a role, a state, a record type) in this language; the value itself without a word."""
        return self._table.get(f"{group}.{value}", str(value))

    def listed(self, group: str) -> list[str]:
        """The values of a list that have a word, in the order of the file."""
        return [key.removeprefix(f"{group}.") for key in self._table if key.startswith(f"{group}.")]

    def error(self, error: LantaiError) -> str:
        """The translated sentence for the error's code, around its own where that says what is wrong; else its own."""
        return self._table.get(f"error.{error.code}", error.message).replace("{message}", error.message)

    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._table)


@cache
def texts(language: str) -> Texts:
    """The texts of "zh" or "en"."""
    raw = tomllib.loads((data_dir() / "i18n" / f"portal.{language}.toml").read_text(encoding="utf-8"))
    return Texts(language, _flat(raw, ""))


def _flat(table: dict[str, Any], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = str(value)
    return flat
