"""One author writing one record: fills templates with this patient's values in this author's manner."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from sample import idnumbers, seeds
from sample.clinic import Hospital, Staff, Style
from sample.markup import identifier, mention
from sample.people import Patient
from sample.templates import parse
from sample.values import Values

# an abbreviation and a number must not run together: "T2DM6年"
_GLUED = re.compile("([A-Za-z]\uf000)([0-9])")
_DATES = ("{0:%Y}-{0:%m}-{0:%d}", "{0.year}年{0.month}月{0.day}日", "{0:%Y}.{0:%m}.{0:%d}", "{0:%Y}年{0:%m}月{0:%d}日")
_NUMBERS = ("{}.", "{}、", "（{}）", "{}）")


@dataclass(slots=True)
class Stay:
    """One visit: when, where, its number, which blocks have happened by then."""

    number: int
    visit: seeds.Visit
    start: datetime
    end: datetime
    id: str
    ward: str
    bed: str
    blocks: tuple[seeds.Block, ...]
    said: dict[str, str] = field(default_factory=dict)  # what every record of the stay must put alike


class Scribe:
    """Writes for one record. `phase` runs from 0 (admission) to 1 (discharge)."""

    def __init__(
        self, hospital: Hospital, patient: Patient, values: Values, stay: Stay, author: Staff, when: datetime,
        phase: float, rng: Random,
    ) -> None:  # fmt: skip
        self.hospital, self.patient, self.values, self.stay = hospital, patient, values, stay
        self.author, self.when, self.phase, self.rng = author, when, phase, rng
        self.style: Style = author.style
        self.named: set[str] = set()

    # -- templates -------------------------------------------------------------------------------------------------
    def fill(self, template: str) -> str:
        """The template with everything in its place, marked."""
        text = parse(template)(self)
        return _GLUED.sub(r"\1 \2", text) if "\uf000" in text else text

    def pick(self, options: Sequence[str], key: int = 0) -> str:
        """One of several wordings, filled in; an author tends to the same one."""
        return self.fill(options[self.choose(key + 17, len(options))]) if options else ""

    def phrase(self, name: str) -> str:
        """A general sentence."""
        return self.pick(seeds.read_phrases()[name], len(name))

    def say(self, block: seeds.Block, *fields: str) -> str:
        """What `block` has to say under the first of these fields that it knows; empty if none."""
        for name in fields:
            if name in block.lines:
                return self.pick(block.lines[name], len(name))
        return ""

    def all_say(self, fields: Sequence[str], blocks: Sequence[seeds.Block] | None = None) -> str:
        """Every block's sentence, one after the other."""
        return "".join(self.say(block, *fields) for block in (self.stay.blocks if blocks is None else blocks))

    def chief_complaint(self) -> str:
        """主诉, the same in every record of the stay."""
        if "chief" not in self.stay.said:
            fields = ("chief", "op_chief") if self.stay.visit.inpatient else ("op_chief", "chief")
            self.stay.said["chief"] = self.say(self.stay.blocks[0], *fields)
        return self.stay.said["chief"]

    def numbered(self, items: Sequence[str]) -> list[str]:
        """Items with this author's kind of numbers; a single item stands alone."""
        if len(items) == 1:
            return list(items)
        sign = _NUMBERS[self.style.numbering]
        return [f"{sign.format(i)}{item}" for i, item in enumerate(items, 1)]

    def choose(self, key: int, count: int) -> int:
        """Half the time what this author always writes."""
        if self.rng.random() < 0.45:
            return (self.style.habit * 31 + key * 7) % count
        return int(self.rng.random() * count)

    def name_concept(self, concept: str, status: str) -> str:
        """A concept in this author's words, marked."""
        row = seeds.concepts()[concept] if concept != "none" else None
        if row is None:
            return "类似疾病"
        if status == "implied":
            return mention(row.number, status, "")
        return mention(row.number, status, self._surface(row))

    def _surface(self, row: seeds.Concept) -> str:
        chance = self.rng.random()
        self.named.add(row.id)
        if row.abbr and chance < self.style.abbreviations:
            return self.rng.choice(row.abbr)
        if row.english and chance > 1 - self.style.english:
            return self.rng.choice(row.english)
        return row.formal[self.choose(row.number, len(row.formal))]

    # -- values ----------------------------------------------------------------------------------------------------
    def value(self, name: str, argument: str) -> str:
        """What stands for `{name argument}`. ValueError on a name nobody knows."""
        if name[0] == "@":
            return self.drug(name[1:])
        if name == "n":
            return self._number(argument)
        if name == "same":  # one draw for all records of the stay
            return self.stay.said.setdefault(argument, self._number(argument.rpartition(" ")[2]))
        if name in seeds.quantities():
            return self.values.text(name, self.stay.number, self.phase)
        if name in self.patient.picks:
            return self.patient.picks[name]
        maker = _MAKERS.get(name)
        if maker is None:
            raise ValueError(f"the sample's templates ask for an unknown value: {name}")
        return maker(self, argument)

    def _number(self, argument: str) -> str:
        low, _, high = argument.partition("-")
        if "." in argument:
            digits = max(len(part.partition(".")[2]) for part in (low, high))
            return f"{self.rng.uniform(float(low), float(high)):.{digits}f}"
        return str(self.rng.randint(int(low), int(high)))

    def drug(self, key: str) -> str:
        """A drug under one of its names."""
        generic, english, other = _drugs()[key]
        chance = self.rng.random()
        if chance < self.style.english:
            return english
        return other if chance > 0.9 else generic

    def day(self, on: date) -> str:
        """A date in this author's manner, marked."""
        return identifier("DATE", "patient", _DATES[self.style.dates].format(on))

    def moment(self, at: datetime) -> str:
        """Date and time."""
        return f"{self.day(at.date())} {at:%H:%M}"

    def person(self, name: str, role: str) -> str:
        """A name, marked."""
        return identifier("PERSON", role, name)

    def relative(self) -> tuple[str, str, str]:
        """(relation as said of a child of, marked name, marked phone) of the first relative."""
        first = self.patient.relatives[0]
        phone = first.phone
        if self.style.numbering == 2:  # some write it in groups
            phone = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
        return first.relation, self.person(first.name, "relative"), identifier("PHONE", "relative", phone)

    @property
    def age_text(self) -> str:
        age = self.patient.age(self.when.date())
        text = f"{age}岁"
        return identifier("AGE_OVER_89", "patient", text) if age > 89 else text

    def subject(self, _: str = "") -> str:
        """How this author calls the patient."""
        if self.patient.is_child:
            return "患儿"
        words = seeds.read_phrases()["opening"]
        return self.fill(words[self.style.habit % len(words)])


@lru_cache(maxsize=1)
def _drugs() -> dict[str, list[str]]:
    return seeds.read("drugs.toml")


def _stage(scribe: Scribe, _: str) -> str:
    egfr = scribe.values.egfr(scribe.stay.number, scribe.phase)
    stages = ((90, "G1期"), (60, "G2期"), (45, "G3a期"), (30, "G3b期"), (15, "G4期"))
    return "CKD " + next((name for limit, name in stages if egfr >= limit), "G5期")


def _years(scribe: Scribe, _: str) -> str:
    return str(scribe.patient.years + int(scribe.stay.visit.month // 12))


def _denied(scribe: Scribe, _: str) -> str:
    wanted = [
        d for d in scribe.patient.denies if d in _MAIN_DENIALS or scribe.patient.is_child or scribe.rng.random() < 0.55
    ]
    return "、".join(scribe.name_concept(d, "negated") for d in wanted) or "重大疾病"


def _denied_en(scribe: Scribe, _: str) -> str:
    rows = [seeds.concepts()[d] for d in scribe.patient.denies]
    return ", ".join(mention(r.number, "negated", r.english[0]) for r in rows if r.english) or "major illness"


def _outside(scribe: Scribe, _: str) -> str:
    return identifier("ORGANISATION", "place", scribe.patient.outside[scribe.choose(3, 2)])


def _spouse(scribe: Scribe, _: str) -> str:
    names = [r.name for r in scribe.patient.relatives if r.relation in ("妻子", "丈夫")]
    return scribe.person(names[0], "relative") if names else "配偶"


def _smoke(scribe: Scribe, _: str) -> str:
    return scribe.phrase("smoke_m" if scribe.patient.male else "smoke_f")


def _chief(scribe: Scribe, _: str) -> str:
    boss = scribe.hospital.doctors[scribe.stay.visit.dept][scribe.choose(5, 2)]
    return f"{scribe.person(boss.name, 'staff')}{boss.title}"


def _first_creatinine(scribe: Scribe, _: str) -> str:
    return scribe.values.text("cr", 0, 0)


def _ago(scribe: Scribe, argument: str) -> str:
    return scribe.day(scribe.when.date() - timedelta(days=int(argument)))


def _kin(scribe: Scribe, _: str) -> str:
    return scribe.patient.kin[0][0]


def _kin_ill(scribe: Scribe, _: str) -> str:
    return scribe.name_concept(scribe.patient.kin[0][1], "family")


def _bmi(scribe: Scribe, _: str) -> str:
    return f"{scribe.patient.weight / (scribe.patient.height / 100) ** 2:.1f}"


def _pressure(scribe: Scribe, _: str) -> str:
    at = (scribe.stay.number, scribe.phase)
    return f"{scribe.values.text('sbp', *at)}/{scribe.values.text('dbp', *at)}"


def _colleague(scribe: Scribe, _: str) -> str:
    team = scribe.hospital.doctors[scribe.stay.visit.dept]
    return scribe.person(team[scribe.choose(9, len(team))].name, "staff")


_MAIN_DENIALS = ("dm", "htn")
_SHORT = {"儿子": "子", "女儿": "女", "妻子": "妻", "丈夫": "夫", "母亲": "母", "父亲": "父"}
_MAKERS: dict[str, Callable[[Scribe, str], str]] = {
    "pt": Scribe.subject,
    "name": lambda s, _: s.person(s.patient.name, "patient"),
    "sex": lambda s, _: s.patient.sex,
    "age": lambda s, _: s.age_text.replace("岁", ""),
    "yrs": _years,
    "rel": lambda s, _: s.relative()[0],
    "relname": lambda s, _: s.relative()[1],
    "account": lambda s, _: identifier("ACCOUNT", "patient", s.patient.account),
    "email": lambda s, _: identifier("EMAIL", "patient", s.patient.email),
    "relshort": lambda s, _: _SHORT.get(s.relative()[0], s.relative()[0]),
    "weight": lambda s, _: str(s.patient.weight),
    "opp": lambda s, pick: {"左": "右", "右": "左"}.get(s.patient.picks[pick], "双"),
    "relphone": lambda s, _: s.relative()[2],
    "spouse": _spouse,
    "outhosp": _outside,
    "birthplace": lambda s, _: identifier("ADDRESS", "patient", s.patient.birthplace),
    "district": lambda s, _: identifier("ADDRESS", "patient", s.patient.district),
    "denied": _denied,
    "denied_en": _denied_en,
    "smoke": _smoke,
    "allergy": lambda s, _: s.patient.allergy,
    "kin": _kin,
    "kinill": _kin_ill,
    "chief": _chief,
    "doc": _colleague,
    "dept": lambda s, _: s.stay.visit.dept,
    "hospphone": lambda s, _: identifier("PHONE", "place", s.hospital.phone),
    "ckdstage": _stage,
    "egfr": lambda s, _: f"{s.values.egfr(s.stay.number, s.phase):.0f}",
    "bmi": _bmi,
    "bp": _pressure,
    "cr_first": _first_creatinine,
    "ago": _ago,
    "los": lambda s, _: str((s.stay.end.date() - s.stay.start.date()).days),
}


def new_stay(patient: Patient, number: int, hospital: Hospital, rng: Random) -> Stay:
    """The visit as it took place: dates, number, ward and bed."""
    visit = patient.story.visits[number]
    day = patient.first_day + timedelta(days=round(visit.month * 30.4) + (rng.randrange(6) if number else 0))
    start = datetime(day.year, day.month, day.day, rng.randrange(8, 17), rng.randrange(60))
    end = start + timedelta(minutes=40)
    if visit.inpatient:
        end = (start + timedelta(days=rng.randrange(7, 16))).replace(hour=10, minute=rng.randrange(60))
    wards = hospital.departments[visit.dept]["wards"]
    order = patient.index * 12 + number
    serial = f"{start:%Y}{idnumbers.scrambled(order, 7)}" if visit.inpatient else f"MZ{idnumbers.scrambled(order, 9)}"
    blocks = tuple(seeds.blocks()[b] for b in visit.blocks)
    return Stay(number, visit, start, end, serial, rng.choice(wards), f"{rng.randrange(1, 49):02d}床", blocks)
