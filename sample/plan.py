"""Who gets which story and which record becomes a scan, a PDF or a FHIR bundle; known before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from records.errors import BadInput
from sample import seeds

KINDS = ("scan", "fhir", "pdf")
# the order in which scans are handed out: every type, the ones that archives scan most first
_SCAN_ORDER = ("D23", "D33", "D02", "D24", "D38", "D22", "D19", "D05", "D06", "D01", "D07", "D14")


@dataclass(frozen=True, slots=True)
class Slot:
    """A record to be written: its patient, number among that patient's, visit, type and what it is about."""

    patient: int
    serial: int
    visit: int
    code: str
    about: str


def story_order(seed: int) -> list[seeds.Story]:
    """One story a patient, for as many as the shares add up to; it then repeats."""
    order = [story for story in seeds.stories() for _ in range(story.share)]
    Random(f"{seed}/stories").shuffle(order)
    return order


def slots_of(patient: int, story: seeds.Story) -> list[Slot]:
    """The records of one patient."""
    wanted = [(v, code, about) for v, visit in enumerate(story.visits) for code, about in visit.records]
    return [Slot(patient, i, v, code, about) for i, (v, code, about) in enumerate(wanted)]


def count_records(patients: int, order: list[seeds.Story]) -> int:
    """Records in a run."""
    sizes = [sum(len(v.records) for v in story.visits) for story in order]
    rounds, rest = divmod(patients, len(order))
    return rounds * sum(sizes) + sum(sizes[:rest])


def hand_out(
    patients: int, order: list[seeds.Story], seed: int, scans: int, pdfs: int, kinds: tuple[str, ...]
) -> dict[tuple[int, int], str]:
    """(patient, serial) -> kind for the records that are not of the usual kind. BadInput on kinds nobody knows."""
    if not kinds or set(kinds) - set(KINDS):
        raise BadInput("sample_kinds", "The kinds of a sample are scan, fhir and pdf: give one of them at least.")
    pool: dict[str, list[Slot]] = {}
    for patient in range(min(patients, max(len(order), scans + pdfs))):
        for slot in slots_of(patient, order[patient % len(order)]):
            pool.setdefault(slot.code, []).append(slot)
    rng = Random(f"{seed}/kinds")
    for slots in pool.values():
        rng.shuffle(slots)
    out: dict[tuple[int, int], str] = {}
    for kind, wanted in (("scan", scans), ("pdf", pdfs)):
        for _ in range(wanted if kind in kinds else 0):
            chosen = _next(pool, len(out))
            if chosen is None:
                return out
            out[chosen.patient, chosen.serial] = kind
    return out


def _next(pool: dict[str, list[Slot]], number: int) -> Slot | None:
    for step in range(len(_SCAN_ORDER)):
        slots = pool.get(_SCAN_ORDER[(number + step) % len(_SCAN_ORDER)])
        if slots:
            return slots.pop()
    return None


def usual_kind(kinds: tuple[str, ...]) -> str:
    """What every other record becomes."""
    return "fhir" if "fhir" in kinds else kinds[0]
