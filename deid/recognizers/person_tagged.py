"""Names in running text that no label announces: the trained tagger's own finds."""

from __future__ import annotations

from deid.document import Document
from deid.spans import Finding, Tier
from deid.tagger import Tagger
from records.entities import Entity

THRESHOLD = 0


class PersonTagged:
    """The tagger as one recognizer among the others, with the lowest rank."""

    name = "person_tagged"
    entity = Entity.PERSON

    def __init__(self) -> None:
        self._tagger = Tagger.load()

    def find(self, doc: Document) -> list[Finding]:
        return [
            Finding(
                start,
                end,
                self.entity,
                "person_tagged.model",
                min(0.85, 0.5 + score / 4000),
                "name by the tagger",
                Tier.MODEL,
            )
            for start, end, score in self._tagger.names(doc.text, THRESHOLD)
        ]
