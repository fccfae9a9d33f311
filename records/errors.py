"""The one error tree. A message is one clear sentence that says what to do; it never holds record text or names."""

from __future__ import annotations

from typing import ClassVar


class LantaiError(Exception):
    """Anything Lantai tells a person. `code` is stable and is what screens translate; `message` is English."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[LantaiError], tuple[str, str]]:
        """It crosses from one process to another as it is."""
        return type(self), (self.code, self.message)


class BadInput(LantaiError):
    """What was given cannot be used as it is (exit 2)."""

    exit_code = 2


class Refused(LantaiError):
    """The person may not do this (exit 3)."""

    exit_code = 3


class IntegrityFailure(LantaiError):
    """Stored bytes are not what was written (exit 4)."""

    exit_code = 4


class Unavailable(LantaiError):
    """Something needed is not there just now: a room, a port, a disk, a program (exit 5)."""

    exit_code = 5
