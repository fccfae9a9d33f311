"""Feasibility (可行性): in how many of a cohort's records and patients a wanted variable is known at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from records.errors import BadInput
from records.mentions import Assertion
from semantic.cohort import CohortResult
from semantic.cohort_concepts import concepts_of, limit_of
from semantic.concepts import Lexicon
from semantic.lab_values import is_value
from semantic.labs_asked import Asked
from semantic.segment import ASSERTIONS, ROWS
from semantic.snapshot import Edition

Mask = npt.NDArray[np.bool_]
USUAL: Final = ("sex", "age", "department", "year", "day", "concepts")
_NAMED: Final = {"type": "record_type", "age_band": "age"}
_DOCUMENTED: Final = np.array([one not in (Assertion.FAMILY, Assertion.PLANNED) for one in ASSERTIONS])
_AFFIRMED: Final = np.array([one in (Assertion.PRESENT, Assertion.PAST) for one in ASSERTIONS])


@dataclass(frozen=True, slots=True)
class Known:
    """Raw counts: records where the variable has a value, and patients with at least one such record."""

    variable: str
    records: int
    patients: int


def feasibility(result: CohortResult, lexicon: Lexicon, wanted: Sequence[str] = ()) -> tuple[Known, ...]:
    """For each variable of policies/variables.toml by its name, and for any other name the concept of the lexicon:
    known where a record says anything of the patient about it, a denial included. BadInput("unknown_variable")."""
    found = []
    patients = result.edition.patients[result.places]
    for name in wanted or USUAL:
        known = _known(result.edition, lexicon, name)[result.places]
        found.append(Known(name, int(np.count_nonzero(known)), len(np.unique(patients[known]))))
    return tuple(found)


def _known(edition: Edition, lexicon: Lexicon, name: str) -> Mask:
    """bool [rows]"""
    column = _NAMED.get(name, name)
    if column in ROWS.names:
        values = edition.table.column(column)
        known = pc.is_valid(values)
        if ROWS.field(column).type == "string":
            known = pc.and_(known, pc.not_equal(values, ""))
        return np.asarray(known.to_numpy(), dtype=bool)
    if name == "text":
        rows = np.zeros(edition.bases[-1], dtype=bool)
        for base, segment in zip(edition.bases, edition.segments, strict=False):
            rows[segment.passage_record + base] = True
        return rows
    if name == "concepts":
        return _marked(edition, None, _AFFIRMED)
    try:
        return _marked(edition, concepts_of(lexicon, name, "itself"), _DOCUMENTED, limit_of(name))
    except BadInput as unknown:
        raise BadInput("unknown_variable", f"There is no variable or concept '{name}'; look it up first.") from unknown


def _marked(edition: Edition, concepts: Sequence[str] | None, accepted: Mask, limit: Asked | None = None) -> Mask:
    """bool [rows]: with a mention so asserted of one of the concepts, of any, or of a value of the limit's test."""
    rows = np.zeros(edition.bases[-1], dtype=bool)
    for base, segment in zip(edition.bases, edition.segments, strict=False):
        table = segment.mentions
        good = accepted[table.assertion]
        if concepts is None:
            named = np.array([not is_value(each) for each in table.concepts], dtype=bool)
            good &= np.repeat(named, np.diff(table.starts))
        values = chain.from_iterable(limit.bounds.among(table.concepts)) if limit else ()
        for where in [slice(None)] if concepts is None else map(table.of, (*concepts, *values)):
            rows[segment.passage_record[table.passage[where][good[where]]] + base] = True
    return rows
