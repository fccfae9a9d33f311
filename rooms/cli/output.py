"""How a command answers: one JSON document last on stdout, or lines for people; everything else goes to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

LONGEST_CELL = 60
err = Console(stderr=True)
out = Console(width=240)  # rows stay whole; a narrower terminal wraps them itself


def emit(answer: Mapping[str, Any], as_json: bool) -> None:
    """Print an answer. Text is printed as text: nothing in a record is read as markup."""
    if as_json:
        print(json.dumps(answer, ensure_ascii=True))
        return
    for name, value in answer.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            out.print(Text(name))
            table(value)
        elif isinstance(value, Mapping):
            out.print(Text(f"{name}: " + ", ".join(f"{key} {_cell(item)}" for key, item in value.items())))
        elif isinstance(value, list):
            out.print(Text(f"{name}: " + (", ".join(str(item) for item in value) or "none")))
        else:
            out.print(Text(f"{name}: {value}"))


def table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of like shape as a table."""
    if not rows:
        out.print(Text("nothing here"))
        return
    columns = list(dict.fromkeys(name for row in rows for name in row))
    view = Table(box=None, pad_edge=False)
    for column in columns:
        view.add_column(column, no_wrap=True)
    for row in rows:
        view.add_row(*(Text(_cell(row.get(column))) for column in columns))
    out.print(view)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_cell(item)}" for name, item in value.items())
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def note(line: str) -> None:
    """A line for whoever watches, on stderr."""
    print(line, file=sys.stderr)
