"""What no rule announces: the trained tagger's own names, addresses and institutions, one recognizer for each."""

from __future__ import annotations

from typing import Final

from deid.document import Document
from deid.lists import medical_words
from deid.spans import Finding, Tier, made
from deid.tags import ENTITIES, Kind
from deid.vetoes import before_gap, misplaced, nobody, nothing, nowhere

SUREST: Final = 0.49  # below every rule, so that no engine drops a rule's finding for one of the tagger's
_WORD: Final = 500  # what a word of medicine must be worth to be somebody
_HARDLY: Final = 600  # below this it is looked at again how a name stands
_VETOES: Final = (nobody, nowhere, nothing)  # by kind
_PERSON, _MODEL = Kind.PERSON, Tier.MODEL  # they take long to look up
_WHY: Final = ("name by the tagger", "address by the tagger", "institution by the tagger")


class Tagged:
    """One kind of the tagger's finds, with the lowest rank; the document is tagged once for all of them."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.entity = ENTITIES[kind]
        self.name = f"tagged_{kind.name.lower()}"
        self._rule = f"{self.name}.model"

    def find(self, doc: Document) -> list[Finding]:
        kind, text, none = self._kind, doc.text, _VETOES[self._kind]
        found = []
        for start, end, of, score in doc.reading.found:
            if of is not kind or (score < _WORD and text[start:end] in medical_words()) or none(text, start, end):
                continue
            if kind is _PERSON:
                if score < _HARDLY and misplaced(text, start, end):
                    continue
                end = before_gap(text, start, end)
            worth = min(SUREST, score / 2000)
            found.append(made(Finding, (start, end, self.entity, self._rule, worth, _WHY[kind], _MODEL)))
        return found
