"""Random cohort definitions on small random editions: the same records, patients and attrition as by reading every
record one after another, the slow and obvious way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from records.ids import ConceptId
from records.mentions import Assertion, Mention
from records.shelf import ShelfRecord
from semantic.cohort import CohortDefinition, Criterion, Group, Who, evaluate, holding
from semantic.cohort_feasibility import feasibility
from semantic.concepts import Lexicon, Want
from semantic.encoder import open_encoder
from semantic.reading import read
from semantic.search import Scope
from semantic.snapshot import Edition
from tests.semantic_shelf import record, shelf_with

SENTENCES = (
    "2型糖尿病。", "否认糖尿病。", "母亲患糖尿病。", "既往有高血压病史。", "高血压待排。", "糖尿病肾病。", "糖尿病足。",
    "〔日期+30〕诊断糖尿病。", "于〔日期+400〕诊断糖尿病肾病。", "〔日期+900〕发现高血压。", "eGFR 45 ml/min/1.73m2。",
    "〔日期+200〕复查 eGFR 52 mL/min/1.73m²。", "HbA1c 8.1%。", "肺炎。", "拟行血液透析。", "呋塞米 20mg 口服。",
)  # fmt: skip
CONCEPTS = (
    "糖尿病",
    "高血压",
    "糖尿病肾病",
    "eGFR < 60",
    "肺炎",
    "diabetic foot",
    "HbA1c ≥ 6.5",
    "肾功能不全",
    "E11",
    "eGFR < 50",
    "HbA1c 8-9",
)
LIMITS = {  # the findings that imply it, and the values of SENTENCES that lie within
    "eGFR < 60": (["egfr-low"], ["=egfr:45", "=egfr:52"]),
    "eGFR < 50": ([], ["=egfr:45"]),
    "HbA1c ≥ 6.5": (["hba1c-high"], ["=hba1c:8.1"]),
    "HbA1c 8-9": ([], ["=hba1c:8.1"]),
}
REACHES = ("itself", "exact", "complications", "about", "kinds", "findings")
SAYS = ((Assertion.PRESENT, Assertion.PAST), (Assertion.NEGATED,), (Assertion.FAMILY, Assertion.POSSIBLE))


def _told(says: Sequence[Assertion]) -> set[Assertion]:
    """What is probable counts where what is possible does."""
    return {*says, *([Assertion.PROBABLE] if Assertion.POSSIBLE in says else [])}


GAPS = (0, 1, 30, 200, 400, 700)
DEPARTMENTS = ("内分泌科", "肾内科", "")
LEXICON = Lexicon.load()


@dataclass
class Read:
    """A record as somebody reads it."""

    record: ShelfRecord
    mentions: list[Mention]

    def days(self, one: Criterion, wanted: set[ConceptId]) -> list[int | None]:
        """The day of each mention that counts."""
        counted = [each for each in self.mentions if each.concept in wanted and each.assertion in _told(one.says)]
        return [self.record.row.day if each.day is None else each.day for each in counted]


class Oracle:
    """Reads every record for every criterion."""

    def __init__(self, records: list[ShelfRecord], definition: CohortDefinition, scope: Scope) -> None:
        self.definition = definition
        self.all = [
            Read(one, [each for part in one.sections for each in read(part.text, part.heading, LEXICON)])
            for one in records
            if scope.departments is None or one.row.department in scope.departments
        ]
        self.base = [one for one in self.all if self._within(one)]
        self.start = {patient: self._day(definition.start, patient) for patient in self._patients(self.base)}

    def steps(self) -> list[list[Read]]:
        """What is left after each step."""
        left, steps = self.base, [self.all]
        if self.definition.who != Who():
            steps.append(left)
        if self.definition.start is not None:
            left = [one for one in left if self.start[one.record.row.patient] is not None]
            steps.append(left)
        for groups, keep in ((self.definition.include, True), (self.definition.exclude, False)):
            for group in groups:
                left = [one for one in left if self._group(group, one) is keep]
                steps.append(left)
        return steps

    def _within(self, one: Read) -> bool:
        who, row = self.definition.who, one.record.row
        return (
            (not who.department or row.department in who.department)
            and (not who.record_type or row.record_type in who.record_type)
            and (who.sex is None or row.sex == who.sex)
            and (who.since is None or (row.year is not None and row.year >= who.since))
            and (who.until is None or (row.year is not None and row.year <= who.until))
            and (who.age_min is None or (row.age is not None and row.age >= who.age_min))
            and (who.age_max is None or (row.age is not None and row.age <= who.age_max))
        )

    def _group(self, group: Group, one: Read) -> bool:
        return sum(self._holds(each, one) for each in group.of) >= group.at_least

    def _holds(self, one: Criterion, read: Read) -> bool:
        if not one.of_patient and self.definition.unit == "record":
            return bool(read.days(one, wanted(one)))
        patient = read.record.row.patient
        held = [each for each in self._own(patient) if each.days(one, wanted(one))]
        if not one.timed:
            return len(held) >= one.times
        anchor = self._anchor(one, patient)
        if one.which == "any":
            held = [each for each in held if any(fits(one, day, anchor) for day in each.days(one, wanted(one)))]
            return len(held) >= one.times
        return len(held) >= one.times and fits(one, self._day(one, patient), anchor)

    def _anchor(self, one: Criterion, patient: str) -> int | None:
        other = one.after or one.before
        return self._day(Criterion(other), patient) if other else self.start[patient]

    def _day(self, one: Criterion | None, patient: str) -> int | None:
        if one is None:
            return None
        days = [day for each in self._own(patient) for day in each.days(one, wanted(one)) if day is not None]
        return (max(days) if one.which == "last" else min(days)) if days else None

    def _own(self, patient: str) -> list[Read]:
        return [one for one in self.base if one.record.row.patient == patient]

    @staticmethod
    def _patients(reads: list[Read]) -> set[str]:
        return {one.record.row.patient for one in reads}


def fits(one: Criterion, day: int | None, anchor: int | None) -> bool:
    """Whether a day lies where the criterion wants it."""
    if day is None or anchor is None:
        return False
    if one.after is not None:
        return (one.at_least_days or 0) <= day - anchor and (one.within_days is None or day - anchor <= one.within_days)
    if one.before is not None:
        return (one.at_least_days or 0) <= anchor - day and (one.within_days is None or anchor - day <= one.within_days)
    return (one.from_day is None or day >= anchor + one.from_day) and (one.to_day is None or day <= anchor + one.to_day)


def wanted(one: Criterion) -> set[ConceptId]:
    """Concepts by walking the relations step by step, only what each reach may walk."""
    if one.concept in LIMITS:
        findings, values = LIMITS[one.concept]
        return {ConceptId(value) for value in values} | _reached(one, {ConceptId(each) for each in findings})
    return _reached(one, {each.id for each in LEXICON.lookup(one.concept)})


def _reached(one: Criterion, named: set[ConceptId]) -> set[ConceptId]:
    if one.reach == "exact":
        return set(named)
    if one.reach != "itself":
        return {
            other
            for each in named
            for other, way in LEXICON.expand(each, Want(one.reach)).items()
            if one.reach == "about" or not {"sign", "remedy"} & {step for step, _ in way.steps}
        }
    return {
        other
        for each in named
        for other, way in LEXICON.expand(each).items()
        if {step for step, _ in way.steps} <= {"child", "implied"}
    }


def criterion(rng: random.Random, start: bool) -> Criterion:
    """Any kind of criterion."""
    time: dict[str, object] = {}
    kind = rng.choice(["", "", "", "after", "before", "start"])
    near, far = sorted(rng.sample(GAPS, 2))
    if kind == "start" and start:
        time = dict(rng.sample([("from_day", rng.choice([-far, near])), ("to_day", far)], rng.choice([1, 2])))
    elif kind in ("after", "before"):
        time = {kind: rng.choice(CONCEPTS), "within_days": rng.choice([None, far]), "at_least_days": near}
    if time:
        time["which"] = rng.choice(["first", "last", "any"])
    says, times = rng.choice(SAYS[:1] * 3 + SAYS[1:]), rng.choice([1, 1, 1, 2])
    return Criterion(rng.choice(CONCEPTS), rng.choice(REACHES[:1] * 3 + REACHES[1:]), says, times, **time)  # type: ignore[arg-type]


def group(rng: random.Random, start: bool) -> Group:
    of = tuple(criterion(rng, start) for _ in range(rng.choice([1, 1, 2, 3])))
    return Group(of, rng.choice([1, 1, len(of)]))


def definition(rng: random.Random) -> CohortDefinition:
    """A definition that says something."""
    start = rng.random() < 0.3
    who = Who(
        department=rng.choice([(), (), (), ("内分泌科",), ("内分泌科", "肾内科")]),
        sex=rng.choice([None] * 5 + ["F"]),
        age_min=rng.choice([None] * 5 + [50]),
        since=rng.choice([None] * 5 + [2022]),
    )
    return CohortDefinition(
        tuple(group(rng, start) for _ in range(rng.choice([1, 1, 2]))),
        tuple(group(rng, start) for _ in range(rng.choice([0, 0, 1]))),
        who,
        rng.choice(["record", "patient"]),
        start=Criterion(rng.choice(CONCEPTS), which=rng.choice(["first", "last"])) if start else None,
    )


def world(rng: random.Random, folder: Path) -> tuple[Edition, list[ShelfRecord]]:
    """An edition of several segments, some records replaced and one withdrawn; and the records that count."""
    latest: dict[str, ShelfRecord] = {}
    batches = []
    for _ in range(rng.randint(1, 3)):
        batch = [any_record(rng, number) for number in sorted(rng.sample(range(1, 31), rng.randint(6, 14)))]
        latest |= {str(one.row.record): one for one in batch}
        batches.append(batch)
    shelf = shelf_with(folder, *batches)
    gone = rng.choice(sorted(latest))
    shelf.publish([], open_encoder(), LEXICON, withdrawn=[latest.pop(gone).row.record])
    return shelf.edition(), list(latest.values())


def any_record(rng: random.Random, number: int) -> ShelfRecord:
    sections = [
        (rng.choice(["诊断", "既往史", "家族史", ""]), "".join(rng.sample(SENTENCES, rng.randint(2, 6))))
        for _ in range(rng.randint(1, 2))
    ]
    return record(
        number,
        *sections,
        department=rng.choice(DEPARTMENTS),
        year=rng.choice([None, 2020, 2022, 2024]),
        sex=rng.choice(["F", "M", ""]),
        age=rng.choice([None, 40, 50, 70]),
        patient=number % 8,
        day=rng.choice([None, 0, 30, 365, 800]),
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_cohort_is_what_reading_every_record_gives(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    edition, records = world(rng, tmp_path)
    met = 0
    for _ in range(120):
        wish = definition(rng)
        assert CohortDefinition.parse(wish.to_toml()) == wish
        scope = rng.choice([Scope(), Scope(departments=frozenset({"内分泌科", ""}))])
        found = evaluate(wish, edition, LEXICON, scope)
        steps = Oracle(records, wish, scope).steps()
        assert found.records == {one.record.row.record for one in steps[-1]}, wish.to_toml()
        counted = [(len({one.record.row.patient for one in step}), len(step)) for step in steps]
        assert [step[1:] for step in found.attrition] == counted, wish.to_toml()
        assert (found.patients, found.size) == counted[-1]
        known = feasibility(found, LEXICON, ["age", "糖尿病"])
        aged = [one.record.row for one in steps[-1] if one.record.row.age is not None]
        assert (known[0].records, known[0].patients) == (len(aged), len({row.patient for row in aged}))
        met += bool(found.size)
    for name in CONCEPTS:
        alone = CohortDefinition((Group((Criterion(name),), 1),))
        whole = evaluate(alone, edition, LEXICON, Scope())
        assert holding(edition, LEXICON, Scope(), Criterion(name)) == (whole.patients, whole.size)
    assert met > 15, "the definitions must not all be empty"
