"""There is one road into the ledger: nothing else in the project opens a transaction, writes a row or deletes one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROAD = {"approvals/ledger.py", "approvals/transactions.py", "approvals/database.py"}
VERBS = {"insert", "update", "delete"}
OPENERS = {
    "begin",
    "begin_nested",
    "connect",
    "exec_driver_sql",
    "execute",
    "executemany",
    "raw_connection",
    "create_engine",
}
FILES = sorted((ROOT / "approvals").glob("*.py"))

pytestmark = pytest.mark.filterwarnings("default")


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", name.name) for name in node.names)
        elif isinstance(node, ast.Import):
            yield from ((name.name, "") for name in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_the_road_writes(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = set(_imports(tree))
    if here not in ROAD:
        assert not {name for module, name in imported if module.startswith("sqlalchemy")} & (
            VERBS | {"create_engine", "text"}
        )
        assert "sqlite3" not in {module for module, _ in imported}
        called = {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not called & OPENERS
    assert ("sqlalchemy", "delete") not in imported, "nobody deletes from the ledger"


def test_nobody_outside_approvals_knows_the_tables() -> None:
    strangers = set()
    for package in ("rooms", "portal", "ingest", "archive", "semantic", "deid", "sample"):
        for path in (ROOT / package).rglob("*.py"):
            known = {"approvals.schema", "approvals.transactions", "approvals.database"}
            for module, name in _imports(ast.parse(path.read_text(encoding="utf-8"))):
                if module in known or f"{module}.{name}" in known:
                    strangers.add(path.relative_to(ROOT).as_posix())
    assert not strangers


def test_every_write_says_who_and_what() -> None:
    """`ledger.write` and `ledger.record` are called with an Entry made on the spot, naming actor and action."""
    calls = 0
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "write":
                if getattr(node.func.value, "id", "") != "ledger":
                    continue
                entry = node.args[0]
                assert isinstance(entry, ast.Call) and getattr(entry.func, "id", "") == "Entry", (
                    f"{path.name}:{node.lineno}"
                )
                assert len(entry.args) >= 2, f"{path.name}:{node.lineno}"
                calls += 1
    assert calls >= 12


def test_no_clock_is_read_but_the_one_handed_in() -> None:
    for path in FILES:
        if path.name == "times.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today", "time"}:
                assert getattr(node.value, "id", "") not in {"datetime", "date", "time"}, f"{path.name}:{node.lineno}"
