"""What no rule announces: the trained tagger's own names, addresses and institutions, one recognizer for each."""

from __future__ import annotations

from typing import Final

from deid.document import Document
from deid.lists import medical_words
from deid.spans import Finding, Tier
from deid.tags import ENTITIES, Kind
from deid.vetoes import before_gap, misplaced, nobody, nothing, nowhere
from records.entities import Entity

SUREST: Final = 0.49  # below every rule, so that no engine drops a rule's finding for one of the tagger's
_WORD: Final = 500  # what a word of medicine must be worth to be somebody
_HARDLY: Final = 600  # below this it is looked at again how a name stands
_VETOES: Final = {Entity.PERSON: nobody, Entity.ADDRESS: nowhere, Entity.ORGANISATION: nothing}
_WHY: Final = ("name by the tagger", "address by the tagger", "institution by the tagger")


class Tagged:
    """One kind of the tagger's finds, with the lowest rank; the document is tagged once for all of them."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.entity = ENTITIES[kind]
        self.name = f"tagged_{kind.name.lower()}"

    def find(self, doc: Document) -> list[Finding]:
        return [
            Finding(
                start,
                before_gap(doc.text, start, end) if self._kind is Kind.PERSON else end,
                self.entity,
                f"{self.name}.model",
                min(SUREST, score / 2000),
                _WHY[self._kind],
                Tier.MODEL,
            )
            for start, end, kind, score in doc.reading.found
            if kind is self._kind
            and (score >= _WORD or doc.text[start:end] not in medical_words())
            and not _VETOES[self.entity](doc.text, start, end)
            and not (kind is Kind.PERSON and score < _HARDLY and misplaced(doc.text, start, end))
        ]
