"""Writing the little TOML that forms produce. Only tables, lists, text, numbers, booleans and dates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any


def dump(table: Mapping[str, Any], prefix: str = "") -> str:
    """`table` as TOML: plain values first, then sub-tables, then lists of tables. None values are left out."""
    plain = [(name, value) for name, value in table.items() if value is not None and not _nested(value)]
    lines = [f"{name} = {_value(value)}" for name, value in plain]
    for name, value in table.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{prefix}{name}]", dump(value, f"{prefix}{name}.").strip()]
        elif _nested(value):
            for item in value:
                lines += ["", f"[[{prefix}{name}]]", dump(item, f"{prefix}{name}.").strip()]
    return "\n".join(lines).strip() + "\n"


def _nested(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
