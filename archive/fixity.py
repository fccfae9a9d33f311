"""Fixity: whether the closed stacks are what was acknowledged. It reads everything and must never change anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue import Catalogue
from archive.keyring import FILE as KEYRING_FILE
from archive.keyring import Keyring
from archive.problem import Problem, problem
from archive.rows import FILE as CATALOGUE_FILE
from archive.vault import FOLDER as VAULT_FOLDER
from archive.vault import Vault
from records.errors import LantaiError
from records.ids import RecordId


@dataclass(frozen=True, slots=True)
class Examination:
    """`problems` are losses or changes; `leftovers` are harmless: bytes or keys that no acknowledged deposit needs."""

    problems: list[Problem] = field(default_factory=list)
    leftovers: list[Problem] = field(default_factory=list)


def verify(vault: Vault, catalogue: Catalogue, keyring: Keyring) -> list[Problem]:
    """What is wrong across the three; empty when every acknowledged deposit is whole."""
    return examine(vault, catalogue, keyring).problems


def examine(vault: Vault, catalogue: Catalogue, keyring: Keyring) -> Examination:
    """Verifies each part by itself, then that each deposit has its key and its parts."""
    result = Examination()
    for file, check in (
        (KEYRING_FILE, keyring.verify),
        (CATALOGUE_FILE, catalogue.verify),
        (VAULT_FOLDER, vault.verify),
    ):
        result.problems.extend(guarded(file, check))
    cross = Examination()
    failed = guarded("strong", lambda: _compare(vault, catalogue, keyring, cross))
    result.problems.extend(cross.problems)
    result.leftovers.extend(cross.leftovers)
    if failed and not result.problems:
        result.problems.extend(failed)
    return result


def _compare(vault: Vault, catalogue: Catalogue, keyring: Keyring, into: Examination) -> list[Problem]:
    expected, held, keys = catalogue.expected_parts(), vault.inventory(), keyring.records()
    for record, parts in expected.items():
        if record not in keys:
            into.problems.append(problem(KEYRING_FILE, record, "the data key is missing"))
        elif keys[record]:
            missing = sorted(set(parts) - held.get(record, set()))
            into.problems.extend(problem(VAULT_FOLDER, record, f"{part} is missing") for part in missing)
    loose: set[RecordId] = (held.keys() | {record for record, live in keys.items() if live}) - expected.keys()
    into.leftovers.extend(problem(VAULT_FOLDER, record, "not in the catalogue") for record in sorted(loose))
    return []


def guarded(file: str, check: Callable[[], list[Problem]]) -> list[Problem]:
    """A check that cannot finish has found something."""
    try:
        return check()
    except LantaiError as failure:
        return [problem(file, "", f"cannot be read through: {failure.code}")]
    except (sqlite3.Error, SQLAlchemyError, OSError, ValueError, TypeError, KeyError) as error:
        return [problem(file, "", f"cannot be read through: {type(error).__name__}")]
