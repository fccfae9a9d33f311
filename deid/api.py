"""The de-identifier: identified text in, clean text out. The only road from IdentifiedText to CleanText."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from deid.document import Document, Recognizer, read
from deid.recognizers.known import KnownValues
from deid.registry import first_pass, recognizers, settle
from deid.replace import FoundSlot, Numbering, Replacer, same
from deid.spans import Finding, Span
from records.entities import Entity
from records.ids import PersonToken
from records.slots import SlotKind
from records.texts import CleanText, IdentifiedText

_TOGETHER, _AT_ONCE = 256, 200_000  # texts, and their characters, that go through the rules side by side

__all__ = ["Deidentified", "Deidentifier", "FoundSlot", "Known", "Numbering", "Span"]


_WARM = "姓名:张三,住址:杭州市文三路1号,记录者:李四。王五医师查房,市一院,电话13800138000,2023年3月5日。扎西多吉"


@dataclass(frozen=True, slots=True)
class Known:
    """One identifier known beforehand. `role` says who a PERSON is; `token` ties the slot to that person or thing."""

    entity: Entity
    value: IdentifiedText
    role: SlotKind = SlotKind.PERSON
    token: PersonToken | None = None


Case = tuple[IdentifiedText, Sequence[Known]]  # a text, and what is known of it


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
        return self.spans_of([(text, known)])[0]

    def spans_of(self, cases: Iterable[Case]) -> list[tuple[Span, ...]]:
        """`spans` of each text with what is known of it: the same, and quicker than one text after the other."""
        spans: list[tuple[Span, ...]] = []
        for some in _batches(cases):
            docs = [Document(text.reveal()) for text, _ in some]
            read(docs)
            spans += settle(docs, self._found(docs, [known for _, known in some]))
        return spans

    def _found(self, docs: Sequence[Document], known: Sequence[Sequence[Known]]) -> list[list[Finding]]:
        """Everything found in each folded text, unresolved."""
        found = first_pass(docs, self._recognizers)
        for doc, values, here in zip(docs, known, found, strict=True):
            if values:
                here += first_pass([doc], [KnownValues([(k.entity, k.value.reveal()) for k in values])])[0]
        return found

    def deidentify(
        self,
        text: IdentifiedText,
        known: Sequence[Known] = (),
        anchor: date | None = None,
        numbering: Numbering | None = None,
    ) -> Deidentified:
        """Spans replaced by slots.

        `anchor` is day 0 of the dates; `numbering` carries slots from one text to the next.
        """
        return self.deidentify_all([text], known, anchor, numbering)[0]

    def deidentify_all(
        self,
        texts: Sequence[IdentifiedText],
        known: Sequence[Known] = (),
        anchor: date | None = None,
        numbering: Numbering | None = None,
    ) -> list[Deidentified]:
        """`deidentify` for the sections of a record, whose slots are numbered together."""
        people = {same(k.value.reveal()): (k.role, k.token) for k in known if k.entity is Entity.PERSON}
        tokens: dict[tuple[Entity, str], PersonToken] = {
            (k.entity, same(k.value.reveal())): k.token for k in known if k.token and k.entity is not Entity.PERSON
        }
        replacer = Replacer(numbering or Numbering(), anchor, people, tokens)
        done = []
        for text, spans in zip(texts, self.spans_of([(text, known) for text in texts]), strict=True):
            clean, slots = replacer.replace(text.reveal(), spans)
            done.append(Deidentified(CleanText.certified(clean), spans, slots))
        return done


def _batches(cases: Iterable[Case]) -> Iterator[list[Case]]:
    batch: list[Case] = []
    characters = 0
    for case in cases:
        batch.append(case)
        characters += len(case[0].reveal())
        if len(batch) == _TOGETHER or characters >= _AT_ONCE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
