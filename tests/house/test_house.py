"""The shape of the house: sizes, names, who may make clean text, and that documents name things that exist."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("records", "deid", "semantic", "approvals", "archive", "ingest", "rooms", "portal", "sample", "bench")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
VAGUE = {"utils", "helpers", "common", "misc", "manager", "service", "base"}

pytestmark = pytest.mark.filterwarnings("default")


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    limit = 150 if path.parent.name == "pages" else 400
    assert text.count("\n") <= limit, f"over {limit} lines: it wants to be two ideas"
    assert path.stem not in VAGUE
    if path.name == "__init__.py":
        assert not text.strip(), "an __init__ stays empty"
        return
    assert ast.get_docstring(tree), "a module says what it is"
    for function in _functions(tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= 50, f"{function.name} has {length} lines"


def test_every_package_folder_has_an_init() -> None:
    bare = {path.parent for path in SOURCES if not (path.parent / "__init__.py").exists()}
    assert not bare, "import-linter would skip these folders silently"


@pytest.mark.parametrize(
    ("method", "allowed"),
    [("certified", {"deid"}), ("from_shelf", {"semantic", "bench"}), ("received", {"rooms/front.py"})],
)
def test_clean_text_is_made_in_few_places(method: str, allowed: set[str]) -> None:
    callers = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == method and getattr(node.value, "id", "") == "CleanText":
                callers.add(path.relative_to(ROOT).as_posix())
    callers -= {"records/texts.py"}
    strangers = {caller for caller in callers if not any(caller.startswith(place) for place in allowed)}
    assert not strangers
    assert callers, f"nobody calls CleanText.{method}: drop it"


def test_every_direct_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[=<>\[ ]", item)[0] for item in wanted}
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    explained = {name.strip() for row in re.findall(r"^\| ([^|]+) \|", page, re.M) for name in row.split(",")}
    assert names <= explained, names - explained
    assert explained - {"package", "---"} <= names, "explained but not used"


def test_dependencies_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for item in project["dependencies"] + project["optional-dependencies"]["dev"]:
        assert "==" in item, item


def test_no_print_outside_the_command_line() -> None:
    for path in SOURCES:
        if path.is_relative_to(ROOT / "rooms/cli") or path.is_relative_to(ROOT / "bench"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"), path


PATHS_IN_DOCS = re.compile(r"`((?:[a-z_]+/)+[a-z_0-9]+\.(?:py|csv|toml|conf|md))(?::([A-Za-z_][A-Za-z_0-9.]*))?`")


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name
)
def test_documents_name_files_and_functions_that_exist(page: Path) -> None:
    for file, name in PATHS_IN_DOCS.findall(page.read_text(encoding="utf-8")):
        path = ROOT / file
        assert path.exists(), f"{page.name} names {file}"
        if name and path.suffix == ".py":
            assert _defines(ast.parse(path.read_text(encoding="utf-8")), name.split(".")), f"{page.name}: {file}:{name}"


def _defines(node: ast.AST, names: list[str]) -> bool:
    for child in ast.iter_child_nodes(node):
        defined = getattr(child, "name", None)
        if isinstance(child, ast.Assign | ast.AnnAssign):
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            defined = next((target.id for target in targets if isinstance(target, ast.Name)), None)
        if defined == names[0] and (len(names) == 1 or _defines(child, names[1:])):
            return True
    return False


def test_shipped_data_is_listed_with_source_and_licence() -> None:
    sets = [
        item
        for file in sorted((ROOT / "data/MANIFEST.d").glob("*.toml"))
        for item in tomllib.loads(file.read_text())["set"]
    ]
    for item in sets:
        assert {"name", "files", "what", "source", "licence"} <= set(item), item.get("name")
    listed = {
        path
        for item in sets
        for pattern in item["files"]
        for path in (ROOT / "data").glob(pattern.removeprefix("data/"))
    }
    shipped = {
        path
        for path in (ROOT / "data").rglob("*")
        if path.is_file() and "MANIFEST.d" not in path.parts and path.name != "README.md"
    }
    covered = {path for path in shipped if path in listed or any(parent in listed for parent in path.parents)}
    assert shipped == covered, sorted(str(path.relative_to(ROOT)) for path in shipped - covered)
