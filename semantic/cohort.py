"""Cohorts evaluated on an edition: which records and patients meet a definition, and how many fall away per step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from records.errors import BadInput
from records.ids import ConceptId, RecordId
from records.mentions import Assertion
from semantic.cohort_definition import CohortDefinition, Criterion, Group, Who
from semantic.concepts import Lexicon, Want
from semantic.explain import Understood
from semantic.query import itself
from semantic.rows import Filters, Scope
from semantic.segment import ASSERTIONS, NO_DAY, MentionTable
from semantic.snapshot import Edition

__all__ = ["CohortDefinition", "CohortResult", "Criterion", "Group", "Who", "completeness", "evaluate", "from_search"]

Mask = npt.NDArray[np.bool_]
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class CohortResult:
    """Raw counts. `attrition`: (step, patients, records) from everything the asker may see to what is left."""

    records: frozenset[RecordId]
    patients: int
    attrition: tuple[tuple[str, int, int], ...]


def evaluate(definition: CohortDefinition, edition: Edition, lexicon: Lexicon, scope: Scope) -> CohortResult:
    """Evaluate inside the scope only. BadInput("unknown_concept") names a concept that the lexicon lacks."""
    return _Evaluation(edition, lexicon, scope).run(definition)


def completeness(edition: Edition, records: Sequence[RecordId], columns: Sequence[str]) -> dict[str, int]:
    """For each column of the rows: how many of the records have a value there (raw counts)."""
    places = edition.places(list(records))
    rows = edition.facts(places[places >= 0], columns)
    return {name: sum(row[name] not in (None, "") for row in rows) for name in columns}


def from_search(understood: Understood, filters: Filters, name: str = "") -> CohortDefinition:
    """The definition that a search stands for: its concepts, what it does not wish for, and its filters."""
    include = tuple(_one(concept, want) for concept, _, want in understood.concepts)
    include += tuple(_one(concept, want, (Assertion.FAMILY,)) for concept, _, want in understood.family)
    exclude = tuple(_one(concept, want) for concept, _, want in understood.unwished)
    if not include:  # a question for nothing but denials means the records that deny
        include = tuple(_one(concept, want, (Assertion.NEGATED,)) for concept, _, want in understood.unwished)
    chosen: dict[str, object] = dict(understood.filters)
    for key in Filters.__dataclass_fields__:
        value = getattr(filters, key)
        if value is not None:
            chosen[key] = value
    for key in ("department", "record_type"):
        if key in chosen:
            chosen[key] = (str(chosen[key]),)
    who = Who(**chosen)  # type: ignore[arg-type]
    if not include and who == Who():
        raise BadInput("search_no_cohort", "The search names no concept and no filter: add one to make it a cohort.")
    return CohortDefinition(include, exclude, who, name=name)


def _one(concept: str, want: str, says: tuple[Assertion, ...] | None = None) -> Group:
    reach = "itself" if want == str(Want.ABOUT) else want
    criterion = Criterion(concept, reach) if says is None else Criterion(concept, reach, says)
    return Group((criterion,), 1)


class _Evaluation:
    """One run: `_mask` is what the asker may see at all; `_patient` int64 [rows] numbers the patients."""

    def __init__(self, edition: Edition, lexicon: Lexicon, scope: Scope) -> None:
        self._edition = edition
        self._lexicon = lexicon
        self._scope = scope
        self._mask = edition.rows.mask(scope, Filters())
        self._patient = edition.patients
        self._patients = int(self._patient.max()) + 1 if len(self._patient) else 0
        self._day = edition.days

    def run(self, definition: CohortDefinition) -> CohortResult:
        steps = [("all", self._mask)]
        mask = self._within(definition.who)
        if definition.who != Who():
            steps.append(("who", mask))
        base = mask
        for word, groups in (("include", definition.include), ("exclude", definition.exclude)):
            for number, group in enumerate(groups, 1):
                holds = self._group(group, base, definition.unit)
                mask = mask & (holds if word == "include" else ~holds)
                steps.append((group.label or f"{word} {number}: {_names(group)}", mask))
        counted = tuple((step, self._count(one), int(np.count_nonzero(one))) for step, one in steps)
        records = frozenset(self._edition.names(np.flatnonzero(mask)))
        return CohortResult(records, self._count(mask), counted)

    def _within(self, who: Who) -> Mask:
        filters = Filters(since=who.since, until=who.until, sex=who.sex, age_min=who.age_min, age_max=who.age_max)
        mask = self._edition.rows.mask(self._scope, filters) & self._mask
        for name in ("department", "record_type"):
            wanted = getattr(who, name)
            if wanted:
                column = np.asarray(self._edition.table.column(name), dtype=np.str_)
                mask = mask & np.isin(column, wanted)
        return mask

    def _group(self, group: Group, base: Mask, unit: str) -> Mask:
        """bool [rows]; a patient's rows all hold it when the unit is the patient or the criterion is about patients."""
        held = np.zeros(len(base), dtype=np.int64)
        patient = np.zeros(self._patients, dtype=np.int64)
        for one in group.of:
            rows = self._rows(one.concept, one.reach, one.says, base)
            if one.of_patient or unit == "patient":
                holds = self._patients_of(one, rows, base)
                patient += holds
                held += holds[self._patient]
            else:
                held += rows
        counts = patient[self._patient] if unit == "patient" else held
        found: Mask = (counts >= group.at_least) & base
        return found

    def _patients_of(self, one: Criterion, rows: Mask, base: Mask) -> Mask:
        times = np.bincount(self._patient[rows], minlength=self._patients)
        holds: Mask = times >= one.times
        if one.after is not None:
            other = self._rows(one.after, "itself", (Assertion.PRESENT, Assertion.PAST), base)
            first = self._first_day(one.concept, one.reach, one.says, rows)
            start = self._first_day(one.after, "itself", (Assertion.PRESENT, Assertion.PAST), other)
            known = (first != _NEVER) & (start != _NEVER)
            gap = np.where(known, first, 0) - np.where(known, start, 0)
            holds &= known & (gap >= 0)
            if one.within_days is not None:
                holds &= gap <= one.within_days
        return holds

    def _rows(self, concept: str, reach: str, says: Sequence[Assertion], base: Mask) -> Mask:
        """bool [rows]: rows of `base` with such a mention."""
        rows = np.zeros(len(base), dtype=bool)
        for at, table, chosen in self._mentions(concept, reach, says):
            segment = self._edition.segments[at]
            rows[segment.passage_record[table.passage[chosen]] + self._edition.bases[at]] = True
        return rows & base

    def _first_day(self, concept: str, reach: str, says: Sequence[Assertion], rows: Mask) -> npt.NDArray[np.int64]:
        """int64 [patients]: the earliest day of such a mention in the marked rows; the record's day unless dated."""
        first = np.full(self._patients, _NEVER, dtype=np.int64)
        for at, table, chosen in self._mentions(concept, reach, says):
            segment = self._edition.segments[at]
            place = segment.passage_record[table.passage[chosen]] + self._edition.bases[at]
            day = np.where(table.day[chosen] != NO_DAY, table.day[chosen], self._day[place])
            good = rows[place] & (day != NO_DAY)
            np.minimum.at(first, self._patient[place[good]], day[good])
        return first

    def _mentions(
        self, concept: str, reach: str, says: Sequence[Assertion]
    ) -> Iterator[tuple[int, MentionTable, npt.NDArray[np.int64]]]:
        """Segment number, its table, and the places in the table of the mentions that count."""
        accepted = np.array([one in says for one in ASSERTIONS])
        wanted = self._concepts(concept, reach)
        for at, segment in enumerate(self._edition.segments):
            table = segment.mentions
            for each in wanted:
                where = table.of(each)
                if where.stop > where.start:
                    yield at, table, np.arange(where.start, where.stop)[accepted[table.assertion[where]]]

    def _concepts(self, name: str, reach: str) -> tuple[ConceptId, ...]:
        found = self._lexicon.lookup(name)
        if not found:
            raise BadInput("unknown_concept", f"The lexicon has no concept '{name}'; look it up by name first.")
        wanted: dict[ConceptId, None] = {}
        for each in found:
            if reach == "exact":
                wanted[each.id] = None
            elif reach == "itself":
                wanted.update(dict.fromkeys(itself(self._lexicon.expand(each.id))))
            else:
                wanted.update(dict.fromkeys(self._lexicon.expand(each.id, Want(reach))))
        return tuple(wanted)

    def _count(self, mask: Mask) -> int:
        return len(np.unique(self._patient[mask]))


def _names(group: Group) -> str:
    names = [one.concept for one in group.of]
    if len(names) == 1:
        return names[0]
    return f"{group.at_least} of {', '.join(names)}"
