"""Passwords by argon2id, a bounded number at a time. Never logs, returns or compares one in any other way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from records.errors import BadInput, Unavailable

SHORTEST: Final = 8
LONGEST: Final = 256  # bytes; beyond it a password is a way to keep the machine busy
WAIT_SECONDS: Final = 20.0


@dataclass
class Passwords:
    """argon2id with its cost, and how many may be computed at once (64 MiB each by default)."""

    hasher: PasswordHasher = field(
        default_factory=lambda: PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
    )
    at_once: int = 2

    def __post_init__(self) -> None:
        self._turns = threading.BoundedSemaphore(self.at_once)
        self._nobody = self.hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The stored form. Raises BadInput when it is too short or too long."""
        if not len(password) >= SHORTEST or len(password.encode(errors="replace")) > LONGEST:
            raise BadInput(
                "bad_password", f"Choose a password of at least {SHORTEST} characters and at most {LONGEST} bytes."
            )
        with self.turn():
            return self.hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password; without a stored one the same work is done and the answer is no. Take a turn
        first.
        """
        if len(password.encode(errors="replace")) > LONGEST:
            password = ""
        try:
            genuine = self.hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError, UnicodeError):
            return False
        return genuine and stored is not None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One of the few places at the anvil. Raises Unavailable("login_busy")."""
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("login_busy", "Too many people are logging in at once; try again in a moment.")
        try:
            yield
        finally:
            self._turns.release()


PASSWORDS: Final = Passwords()
