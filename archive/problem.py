"""What verification says of one thing it found wrong. It must never hold record text, only names of files and ids."""

from __future__ import annotations

Problem = dict[str, str]


def problem(file: str, subject: str, words: str) -> Problem:
    """{"file","id","problem"}: `file` relative to the home; `id` of a record, deposit or patient token, "" if none."""
    return {"file": file, "id": subject, "problem": words}
