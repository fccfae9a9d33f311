"""Keyring, vault and catalogue of one home, opened together in the order in which they need each other. It must never
be opened without the home's lock."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from archive import fixity
from archive.catalogue import Catalogue
from archive.keyring import FILE as KEYRING_FILE
from archive.keyring import Keyring
from archive.keys import Keys
from archive.problem import Problem, problem
from archive.rows import FILE as CATALOGUE_FILE
from archive.vault import FOLDER as VAULT_FOLDER
from archive.vault import SEGMENT_BYTES, Vault
from records.errors import LantaiError

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Stacks:
    """The closed stacks (闭架)."""

    keyring: Keyring
    vault: Vault
    catalogue: Catalogue

    @classmethod
    def open(cls, strong: Path, keys: Keys, segment_bytes: int = SEGMENT_BYTES) -> Stacks:
        """`strong` is the strong room's folder. Raises Unavailable or IntegrityFailure; nothing stays open then."""
        with contextlib.ExitStack() as opened:
            keyring = Keyring.open(strong / "keyring.db", keys)
            opened.callback(keyring.close)
            vault = Vault.open(strong / "vault", keyring, segment_bytes)
            opened.callback(vault.close)
            catalogue = Catalogue.open(strong / "catalogue.db", keys, keyring)
            opened.pop_all()
        return cls(keyring, vault, catalogue)

    def verify(self) -> list[Problem]:
        """What is wrong; empty when every acknowledged deposit is whole."""
        return fixity.verify(self.vault, self.catalogue, self.keyring)

    def close(self) -> None:
        """Closes all three."""
        self.catalogue.close()
        self.vault.close()
        self.keyring.close()

    def __enter__(self) -> Stacks:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def verify_home(strong: Path, keys: Keys) -> list[Problem]:
    """Like Stacks.verify for a home of which a part may not even open: that part is named, the others are verified."""
    found: list[Problem] = []
    with contextlib.ExitStack() as opened:
        keyring = _opened(found, KEYRING_FILE, lambda: Keyring.open(strong / "keyring.db", keys))
        if keyring is None:
            return found
        opened.callback(keyring.close)
        vault = _opened(found, VAULT_FOLDER, lambda: Vault.open(strong / "vault", keyring))
        if vault is not None:
            opened.callback(vault.close)
        catalogue = _opened(found, CATALOGUE_FILE, lambda: Catalogue.open(strong / "catalogue.db", keys, keyring))
        if catalogue is not None:
            opened.callback(catalogue.close)
        if vault is not None and catalogue is not None:
            return fixity.verify(vault, catalogue, keyring)
        checks = [(KEYRING_FILE, keyring.verify)]
        checks += [(VAULT_FOLDER, vault.verify)] if vault is not None else []
        checks += [(CATALOGUE_FILE, catalogue.verify)] if catalogue is not None else []
        for file, check in checks:
            found += fixity.guarded(file, check)
    return found


def _opened(found: list[Problem], file: str, opening: Callable[[], _Part]) -> _Part | None:
    try:
        return opening()
    except LantaiError as failure:
        found.append(problem(file, "", f"cannot be opened: {failure.code}"))
    except (sqlite3.Error, SQLAlchemyError, OSError, ValueError) as error:
        found.append(problem(file, "", f"cannot be opened: {type(error).__name__}"))
    return None
