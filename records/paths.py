"""Where the shipped data and policies lie, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


def data_dir() -> Path:
    """Shipped read-only data (lexicons, encoder, record types)."""
    return _ROOT / "data"


def policies_dir() -> Path:
    """Casbin policy, workflow tables, disclosure and de-identification profiles."""
    return _ROOT / "policies"
