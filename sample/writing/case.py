"""What the writers share: who writes, when, the header of the page, and the list of diagnoses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sample import seeds
from sample.clinic import Hospital, Staff
from sample.idnumbers import scrambled
from sample.markup import identifier, mention
from sample.people import Patient
from sample.record import Record, Section
from sample.scribe import Scribe, Stay
from sample.values import Values


@dataclass(slots=True)
class Case:
    """A patient in one stay, about to be written about."""

    hospital: Hospital
    patient: Patient
    values: Values
    stay: Stay
    rng: Random
    serial: int  # number of this record among the patient's

    def doctor(self, rank: int = -1, dept: str | None = None) -> Staff:
        """A doctor of the department: 0 chief, 1 associate chief, -1 whoever writes the notes."""
        team = self.hospital.doctors[dept or self.stay.visit.dept]
        if rank >= 0:
            return team[rank]
        # the same two people look after a patient through one stay
        return team[2 + (self.patient.index * 7 + self.stay.number * 3 + self.rng.randrange(2)) % (len(team) - 2)]

    def unit(self, name: str) -> Staff:
        """Somebody of a laboratory or examination unit."""
        return self.rng.choice(self.hospital.units[name])

    def scribe(self, author: Staff, when: datetime, phase: float) -> Scribe:
        """The author at work."""
        return Scribe(self.hospital, self.patient, self.values, self.stay, author, when, phase, self.rng)

    def at(self, phase: float, hour: int = 9) -> datetime:
        """A moment of the stay: phase 0 is its start, 1 its end."""
        if not self.stay.visit.inpatient:
            return self.stay.start + timedelta(minutes=int(40 * phase))
        days = (self.stay.end.date() - self.stay.start.date()).days
        moment = self.stay.start + timedelta(days=int(days * phase))
        if phase <= 0:
            return self.stay.start + timedelta(hours=self.rng.randrange(1, 4), minutes=self.rng.randrange(60))
        return moment.replace(hour=hour, minute=self.rng.randrange(60))

    def number(self, digits: int) -> str:
        """A number that only this record of this patient has."""
        return scrambled(self.patient.index * 40 + self.serial, digits)

    def header(self, scribe: Scribe, *more: tuple[str, str]) -> list[tuple[str, str]]:
        """The row of identity at the head of every page."""
        label = "住院号" if self.stay.visit.inpatient else "门诊号"
        rows = [
            ("姓名", scribe.person(self.patient.name, "patient")),
            ("性别", self.patient.sex),
            ("年龄", scribe.age_text),
            ("科别", self.stay.visit.dept),
        ]
        if self.stay.visit.inpatient:
            rows.append(("床号", f"{self.stay.ward}{self.stay.bed}"))
        rows.append((label, identifier("MEDICAL_ID", "patient", self.stay.id)))
        rows.extend(more)
        return rows

    def record(
        self, code: str, scribe: Scribe, sections: list[Section], signatures: list[tuple[str, str]], *,
        title: str = "", header: list[tuple[str, str]] | None = None, diagnoses: list[tuple[str, str]] | None = None,
    ) -> Record:  # fmt: skip
        """The finished record."""
        return Record(
            type_code=code, title=title or str(self.hospital.types[code]["title"]), department=self.stay.visit.dept,
            when=scribe.when, patient=self.patient, visit=self.stay.number, inpatient=self.stay.visit.inpatient,
            admitted=self.stay.start, discharged=self.stay.end, visit_number=self.stay.id, author=scribe.author.name,
            header=header if header is not None else self.header(scribe), sections=sections, signatures=signatures,
            diagnoses=diagnoses or [],
        )  # fmt: skip


def diagnoses(scribe: Scribe, blocks: tuple[seeds.Block, ...] | None = None) -> list[tuple[str, str]]:
    """(concept id, marked name) of what this visit is about, main one first."""
    out: dict[str, str] = {}
    for block in blocks if blocks is not None else scribe.stay.blocks:
        if block.concept not in out:
            row = seeds.concepts()[block.concept]
            # lists of diagnoses are coded later, so doctors write them out more often than not
            formal = row.formal[scribe.choose(row.number, len(row.formal))]
            surface = formal if scribe.rng.random() < 0.8 else None
            name = mention(row.number, "present", surface) if surface else scribe.name_concept(row.id, "present")
            stage = scribe.say(block, "stage")
            out[block.concept] = name + stage
    return list(out.items())


def signature(scribe: Scribe, *staff: Staff) -> list[tuple[str, str]]:
    """Signature of the author, of seniors if any, and the time."""
    rows = [("医师签名", scribe.person(scribe.author.name, "staff"))]
    rows.extend((("上级医师" if s.title != "住院医师" else "住院医师"), scribe.person(s.name, "staff")) for s in staff)
    rows.append(("日期", scribe.moment(scribe.when)))
    return rows
