"""What verification says of one thing it found wrong. It must never hold record text, only names of files and ids."""

from __future__ import annotations

from typing import TypedDict


class Problem(TypedDict):
    """`file` relative to the home, `id` of the record, deposit or patient token ("" if none), `problem` in words."""

    file: str
    id: str
    problem: str


def problem(file: str, subject: str, words: str) -> Problem:
    """One problem."""
    return Problem(file=file, id=subject, problem=words)
