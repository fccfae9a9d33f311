"""The variables that may be asked for and released (policies/variables.toml). An unknown name is never let through."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from records.errors import IntegrityFailure
from records.paths import policies_dir

ALWAYS: Final = "record"
COARSER: Final = {"age": "age_band"}  # who may have the first may have the second


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable in two languages; `type` is text, code, integer or list."""

    name: str
    zh: str
    en: str
    type: str
    about_zh: str
    about_en: str


@cache
def variables() -> Mapping[str, Variable]:
    """All of them by name, in the order of the file, which is the order of the columns."""
    path = policies_dir() / "variables.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Variable(name=name, **fields) for name, fields in raw.items()}
    except (OSError, TypeError, tomllib.TOMLDecodeError):
        raise IntegrityFailure("policy_broken", "policies/variables.toml is broken; reinstall policies/.") from None


def allowed(granted: Collection[str]) -> frozenset[str]:
    """What may leave under a grant of these variables: themselves, `record`, and coarser forms of them."""
    return frozenset({ALWAYS, *granted, *(COARSER[name] for name in granted if name in COARSER)})


def ordered(names: set[str]) -> list[str]:
    """The names in the order of columns, with `record` first and always there."""
    return [name for name in variables() if name in names or name == ALWAYS]
