"""The de-identifier: identified text in, clean text out. The only road from IdentifiedText to CleanText."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from deid.document import Document, Recognizer
from deid.recognizers.known import KnownValues
from deid.registry import first_pass, recognizers, settle
from deid.replace import FoundSlot, Numbering, Replacer, same
from deid.spans import Finding, Span
from records.entities import Entity
from records.ids import PersonToken
from records.slots import SlotKind
from records.texts import CleanText, IdentifiedText

__all__ = ["Deidentified", "Deidentifier", "FoundSlot", "Known", "Numbering", "Span"]


_WARM = "姓名:张三,住址:杭州市文三路1号,记录者:李四。王五医师查房,市一院,电话13800138000,2023年3月5日。扎西多吉"


@dataclass(frozen=True, slots=True)
class Known:
    """One identifier known beforehand. `role` says who a PERSON is; `token` ties the slot to that person or thing."""

    entity: Entity
    value: IdentifiedText
    role: SlotKind = SlotKind.PERSON
    token: PersonToken | None = None


@dataclass(frozen=True, slots=True)
class Deidentified:
    """Clean text with slots, the spans of the input that were replaced, and what each slot stands for."""

    text: CleanText
    spans: tuple[Span, ...]
    slots: tuple[FoundSlot, ...]


class Deidentifier:
    """Recognizers in the order of the pipeline, without any engine. Pure: keeps nothing of a text."""

    def __init__(self, using: Sequence[Recognizer]) -> None:
        self._recognizers = tuple(using)

    @classmethod
    def load(cls) -> Deidentifier:
        """All shipped recognizers, lists and the tagger; no torch, no engine, well under a second."""
        ready = cls(recognizers())
        ready.spans(IdentifiedText(_WARM))  # reads every list now, not at the first record
        return ready

    def spans(self, text: IdentifiedText, known: Sequence[Known] = ()) -> tuple[Span, ...]:
        """What would be replaced: sorted, non-overlapping, in code points of the input."""
        doc = Document(text.reveal())
        return settle(doc, self._found(doc, known))

    def _found(self, doc: Document, known: Sequence[Known]) -> list[Finding]:
        """Everything found in the folded text, unresolved."""
        found = first_pass(doc, self._recognizers)
        if known:
            found += first_pass(doc, [KnownValues([(k.entity, k.value.reveal()) for k in known])])
        return found

    def deidentify(
        self,
        text: IdentifiedText,
        known: Sequence[Known] = (),
        anchor: date | None = None,
        numbering: Numbering | None = None,
    ) -> Deidentified:
        """Spans replaced by slots.

        `anchor` is day 0 of the dates; `numbering` carries slots across a record's sections.
        """
        spans = self.spans(text, known)
        people = {same(k.value.reveal()): (k.role, k.token) for k in known if k.entity is Entity.PERSON}
        tokens: dict[tuple[Entity, str], PersonToken] = {
            (k.entity, same(k.value.reveal())): k.token for k in known if k.token and k.entity is not Entity.PERSON
        }
        replacer = Replacer(numbering or Numbering(), anchor, people, tokens)
        clean, slots = replacer.replace(text.reveal(), spans)
        return Deidentified(CleanText.certified(clean), spans, slots)
