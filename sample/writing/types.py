"""Which writer writes which record type; a writer turns a stay into a record and knows no file format."""

from __future__ import annotations

from collections.abc import Callable

from sample.record import Record
from sample.writing import forms, inpatient, notes, reports
from sample.writing.case import Case

WRITERS: dict[str, Callable[[Case, str], Record]] = {
    "D01": forms.front_page,
    "D02": inpatient.admission,
    "D05": notes.first_course,
    "D06": notes.daily,
    "D07": notes.round_note,
    "D14": notes.consultation,
    "D19": reports.operation,
    "D22": reports.pathology,
    "D23": reports.laboratory,
    "D24": reports.examination,
    "D33": inpatient.discharge,
    "D38": forms.outpatient,
}
