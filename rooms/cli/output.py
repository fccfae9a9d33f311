"""How a command answers: one JSON document last on stdout, or lines for people; everything else goes to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

err = Console(stderr=True)
out = Console()


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
            out.print(Text(f"{name}: " + ", ".join(f"{key} {item}" for key, item in value.items())))
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
        view.add_column(column)
    for row in rows:
        view.add_row(*(Text(_cell(row.get(column))) for column in columns))
    out.print(view)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def note(line: str) -> None:
    """A line for whoever watches, on stderr."""
    print(line, file=sys.stderr)
