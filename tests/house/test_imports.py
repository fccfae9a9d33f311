"""What a process loads: no archive where a browser can reach, no torch and no engine where speed was promised."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STRONG = {"archive", "ingest", "rooms.strong", "rooms.calls", "sample"}


def _loaded(statement: str) -> set[str]:
    """Names of all modules that a fresh interpreter has after a statement."""
    code = f"{statement}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", ["rooms.front", "rooms.slot_client", "portal.server", "portal.desk"])
def test_nothing_a_browser_reaches_loads_the_archive(module: str) -> None:
    loaded = _loaded(f"import {module}")
    assert not {name for name in loaded if any(name == room or name.startswith(room + ".") for room in STRONG)}


@pytest.mark.parametrize(
    "statement",
    ["from deid.api import Deidentifier; Deidentifier.load()", "import rooms.front", "import rooms.cli.main"],
)
def test_torch_stays_away(statement: str) -> None:
    loaded = _loaded(statement)
    assert not loaded & {"torch", "sentence_transformers", "spacy", "streamlit"}


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
