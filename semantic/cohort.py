"""Cohorts evaluated on an edition: which records and patients meet a definition, and how many fall away per step.
Whole columns at a time: no loop here runs over records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from records.errors import BadInput
from records.ids import RecordId
from records.mentions import Assertion
from semantic.cohort_concepts import concepts_of, limit_of
from semantic.cohort_definition import CohortDefinition, Criterion, Group, Who
from semantic.concepts import Lexicon, Want
from semantic.explain import Understood
from semantic.rows import Filters, Scope
from semantic.segment import ASSERTIONS, NO_DAY
from semantic.snapshot import Edition

__all__ = ["CohortDefinition", "CohortResult", "Criterion", "Group", "Who", "evaluate", "from_search", "holding"]

Mask = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int64]
_WHOLE: Final = (str(Want.ABOUT), str(Want.KINDS))
_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class CohortResult:
    """Raw counts. `attrition`: (step, patients, records) from everything the asker may see to what is left; `places`
    int64: where the records stand in the edition."""

    edition: Edition = field(repr=False)
    places: Days = field(repr=False)
    patients: int
    attrition: tuple[tuple[str, int, int], ...]

    @property
    def size(self) -> int:
        """How many records."""
        return len(self.places)

    @property
    def records(self) -> frozenset[RecordId]:
        """Their ids."""
        return frozenset(self.edition.names(self.places))


def evaluate(definition: CohortDefinition, edition: Edition, lexicon: Lexicon, scope: Scope) -> CohortResult:
    """Evaluate inside the scope only. BadInput("unknown_concept") names a concept that the lexicon lacks."""
    return _Evaluation(edition, lexicon, scope).run(definition)


def holding(edition: Edition, lexicon: Lexicon, scope: Scope, one: Criterion) -> tuple[int, int]:
    """(patients, records) of the scope that hold one concept, as `evaluate` would count it; raw counts, at the cost of
    its own mentions."""
    allowed = edition.rows.mask(scope, Filters())
    found = [place[allowed[place]] for place, _ in _mentions(edition, lexicon, one)]
    rows = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    return len(np.unique(edition.patients[rows])), len(rows)


def from_search(understood: Understood, filters: Filters, name: str = "") -> CohortDefinition:
    """The definition that a search stands for: its concepts, what it does not wish for, and its filters. A wish for
    something of a disease ("糖尿病并发症") wishes for the disease too. A search also counts what signs and treatments
    make likely, which a cohort does not."""
    joined = {concept for one in understood.either for concept in one}
    single = [each for each in understood.concepts if each[0] not in joined or each[2] not in _WHOLE]
    include = tuple(_one(name if limit_of(name) else concept, want) for concept, name, want in single)
    include += tuple(Group(tuple(Criterion(concept) for concept in one), 1) for one in understood.either)
    own = {concept: None for concept, _, want in understood.concepts if want not in _WHOLE}
    include += tuple(_one(concept, str(Want.ABOUT)) for concept in own)
    include += tuple(_one(concept, want, (Assertion.FAMILY,)) for concept, _, want in understood.family)
    exclude = tuple(_one(name if limit_of(name) else concept, want) for concept, name, want in understood.unwished)
    if not include:  # a question for nothing but denials means the records that deny
        denied = [each for each in understood.unwished if not limit_of(each[1])]
        include = tuple(_one(concept, want, (Assertion.NEGATED,)) for concept, _, want in denied)
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
        raise BadInput(
            "search_no_cohort",
            "The search names nothing that is wished for and no filter: add one to make it a cohort.",
        )
    return CohortDefinition(include, exclude, who, name=name)


def _one(concept: str, want: str, says: tuple[Assertion, ...] | None = None) -> Group:
    reach = "itself" if want == str(Want.ABOUT) else want
    criterion = Criterion(concept, reach) if says is None else Criterion(concept, reach, says)
    return Group((criterion,), 1)


class _Evaluation:
    """One run: `_mask` is what the asker may see at all; `_patient` int32 [rows] numbers the patients; `_start` int64
    [patients] is the day of the start event, _NEVER for who has none."""

    def __init__(self, edition: Edition, lexicon: Lexicon, scope: Scope) -> None:
        self._edition = edition
        self._lexicon = lexicon
        self._scope = scope
        self._mask = edition.rows.mask(scope, Filters())
        self._patient = edition.patients
        self._patients = int(self._patient.max()) + 1 if len(self._patient) else 0
        self._start: Days = np.full(self._patients, _NEVER, dtype=np.int64)

    def run(self, definition: CohortDefinition) -> CohortResult:
        steps = [("all", self._mask)]
        mask = self._within(definition.who)
        if definition.who != Who():
            steps.append(("who", mask))
        base = mask
        if definition.start is not None:
            self._start = self._event(definition.start, base)
            mask = mask & (self._start != _NEVER)[self._patient]
            steps.append((f"start: {definition.start.concept}", mask))
        for word, groups in (("include", definition.include), ("exclude", definition.exclude)):
            for number, group in enumerate(groups, 1):
                holds = self._group(group, base, definition.unit)
                mask = mask & (holds if word == "include" else ~holds)
                steps.append((group.label or f"{word} {number}: {_names(group)}", mask))
        counted = tuple((step, self._count(one), int(np.count_nonzero(one))) for step, one in steps)
        return CohortResult(self._edition, np.flatnonzero(mask), counted[-1][1], counted)

    def _within(self, who: Who) -> Mask:
        filters = Filters(since=who.since, until=who.until, sex=who.sex, age_min=who.age_min, age_max=who.age_max)
        mask = self._edition.rows.mask(self._scope, filters) & self._mask
        for name in ("department", "record_type"):
            wanted = getattr(who, name)
            if wanted:
                mask = mask & self._edition.rows.among(name, wanted)
        return mask

    def _group(self, group: Group, base: Mask, unit: str) -> Mask:
        """bool [rows]; a patient's rows all hold it when the unit is the patient or the criterion is about patients."""
        held = np.zeros(len(base), dtype=np.int64)
        patient = np.zeros(self._patients, dtype=np.int64)
        for one in group.of:
            if one.of_patient or unit == "patient":
                holds = self._patients_of(one, base)
                patient += holds
                held += holds[self._patient]
            else:
                held += self._rows(one, base)
        counts = patient[self._patient] if unit == "patient" else held
        found: Mask = (counts >= group.at_least) & base
        return found

    def _patients_of(self, one: Criterion, base: Mask) -> Mask:
        """bool [patients]: whose records in `base` hold the criterion often enough, and when it asks for."""
        if one.timed and one.which == "any":
            rows = self._rows(one, base, self._anchor(one, base))
            return self._times(rows) >= one.times
        holds: Mask = self._times(self._rows(one, base)) >= one.times
        if one.timed:
            holds &= _fits(one, self._event(one, base), self._anchor(one, base))
        return holds

    def _anchor(self, one: Criterion, base: Mask) -> Days:
        """int64 [patients]: the day that the criterion's window is counted from."""
        other = one.after if one.after is not None else one.before
        return self._start if other is None else self._event(Criterion(other), base)

    def _times(self, rows: Mask) -> Days:
        """int64 [patients]: in how many of the marked rows."""
        return np.bincount(self._patient[rows], minlength=self._patients)

    def _rows(self, one: Criterion, base: Mask, anchor: Days | None = None) -> Mask:
        """bool [rows]: rows of `base` with such a mention; with an anchor, one on a day that fits."""
        rows = np.zeros(len(base), dtype=bool)
        for place, day in _mentions(self._edition, self._lexicon, one):
            rows[place if anchor is None else place[_fits(one, day, anchor[self._patient[place]])]] = True
        return rows & base

    def _event(self, one: Criterion, base: Mask) -> Days:
        """int64 [patients]: the first (or last) day of such a mention in `base`, _NEVER without one."""
        sign = -1 if one.which == "last" else 1
        found = np.full(self._patients, _NEVER, dtype=np.int64)
        for place, day in _mentions(self._edition, self._lexicon, one):
            good = base[place] & (day != _NEVER)
            np.minimum.at(found, self._patient[place[good]], sign * day[good])
        return np.where(found == _NEVER, _NEVER, sign * found)

    def _count(self, mask: Mask) -> int:
        return int(np.count_nonzero(np.bincount(self._patient[mask], minlength=self._patients)))


def _mentions(edition: Edition, lexicon: Lexicon, one: Criterion) -> Iterator[tuple[Days, Days]]:
    """Row and day of the mentions that count; the record's day where the text dates none, _NEVER if unknown."""
    says = {*one.says, *([Assertion.PROBABLE] if Assertion.POSSIBLE in one.says else [])}
    accepted = np.array([each in says for each in ASSERTIONS])
    wanted, limit = concepts_of(lexicon, one.concept, one.reach), limit_of(one.concept)
    for base, segment in zip(edition.bases, edition.segments, strict=False):
        table = segment.mentions
        within, outside = limit.bounds.among(table.concepts) if limit else ((), ())
        missed = np.zeros(segment.records, dtype=bool)  # whose values all lie elsewhere
        for names, says_so in ((outside, True), *([] if limit and limit.bounds.every else [(within, False)])):
            for each in names:
                missed[segment.passage_record[table.passage[table.of(each)]]] = says_so
        for each in (*wanted, *within):
            where = table.of(each)
            chosen = np.arange(where.start, where.stop)[accepted[table.assertion[where]]]
            chosen = chosen[~missed[segment.passage_record[table.passage[chosen]]]]
            if len(chosen):
                place = segment.passage_record[table.passage[chosen]] + np.int64(base)
                day = np.where(table.day[chosen] != NO_DAY, table.day[chosen], edition.days[place])
                yield place, np.where(day == NO_DAY, _NEVER, day)


def _fits(one: Criterion, day: Days, anchor: Days) -> Mask:
    """Whether the days lie in the criterion's window, counted from these anchors; unknown days never do."""
    known: Mask = (day != _NEVER) & (anchor != _NEVER)
    gap = np.where(known, day, 0) - np.where(known, anchor, 0)
    low, high = one.window
    if low is not None:
        known &= gap >= low
    if high is not None:
        known &= gap <= high
    return known


def _names(group: Group) -> str:
    names = [one.concept for one in group.of]
    if len(names) == 1:
        return names[0]
    return f"{group.at_least} of {', '.join(names)}"
