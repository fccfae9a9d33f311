"""The text as recognizers see it: folded, with the facts several of them need worked out once."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

from deid.folding import Folded, fold
from deid.spans import Finding
from records.entities import Entity


class Document:
    """One text on its way through the recognizers. `text` is folded; `input` is what came in."""

    def __init__(self, text: str) -> None:
        self.input = text
        self.folded: Folded = fold(text)
        self.text: str = self.folded.text

    @cached_property
    def has_digit(self) -> bool:
        """Whether any ASCII digit stands in the folded text."""
        return any(d in self.text for d in "0123456789")


class Recognizer(Protocol):
    """One way of finding one kind of identifier. Pure; keeps no text between calls."""

    name: str
    entity: Entity

    def find(self, doc: Document) -> list[Finding]:
        """Findings over `doc.text`, in any order, overlaps allowed. Must be linear in the text and never raise."""
        ...
