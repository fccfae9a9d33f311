"""`python -m bench.worlds --worlds 2000`: whether anything an asker sees, or how long it takes, tells that a record
outside the asker's scope exists. Pairs of shelves that differ in hidden records only are asked the same."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.notes import Notes
from records.errors import LantaiError
from records.ids import PatientToken, RecordId
from records.seal import new_key
from records.shelf import Section, ShelfRecord, ShelfRow
from records.texts import CleanText
from semantic.cohort import CohortDefinition, evaluate
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine
from semantic.snapshot import Edition

PIECES: Final = (
    "诊断：2型糖尿病。",
    "否认糖尿病、高血压病史。",
    "父亲患糖尿病。",
    "糖尿病肾病，尿蛋白阳性。",
    "高血压病3级。",
    "双下肢水肿，予呋塞米。",
    "咳嗽咳痰一周，肺炎。",
    "HbA1c 8.9%，eGFR 45。",
    "无明显不适。",
    "的的的的",
    "diabetic retinopathy of both eyes.",
    "糖尿病足溃疡。",
    "2型糖尿病12年，HbA1c 6.1%。",
    "糖尿病3年，eGFR 71。",
)
HEADINGS: Final = ("诊断", "既往史", "家族史", "诊疗经过")
OPEN, ALSO, CLOSED = "内分泌科", "肾内科", "精神科"
QUESTIONS: Final = (
    "糖尿病",
    "糖尿病并发症",
    "diabetic complications",
    "无高血压的糖尿病",
    "否认糖尿病",
    "尿蛋白",
    "精神科的高血压",
    "2023年以来女性肺炎",
    "的",
    "水肿 呋塞米",
    "eGFR < 50",
    "HbA1c 6-7%",
    "糖尿病病史十年以上",
    " ",
    "糖" * 3000,
)
NARROWED: Final = (Filters(), Filters(department=CLOSED), Filters(since=2022, sex="F"))
COHORTS: Final = (
    '[[include]]\nconcept = "糖尿病"\n[[exclude]]\nconcept = "高血压"',
    'unit = "patient"\n[[include]]\nany = ["糖尿病肾病", "高血压"]\n[[exclude]]\nconcept = "肺炎"\ntimes = 2',
    '[[include]]\nconcept = "没有这个概念"',
)
SCOPE: Final = Scope(departments=frozenset({OPEN, ALSO}))


def answers(edition: Edition) -> Iterator[str]:
    """Everything an asker can see, as text: hits with scores and reasons, totals, facets, what was understood, what was
    not found, errors, and cohorts with their attrition."""
    engine = SearchEngine(edition, open_encoder(), Lexicon.load())
    for question in QUESTIONS:
        for filters in NARROWED if question in QUESTIONS[:3] else NARROWED[:1]:
            try:
                result = engine.search(CleanText.from_shelf(question), SCOPE, filters, 50)
                yield repr((result.total, result.hits, result.facets, result.understood, result.not_found))
            except LantaiError as error:
                yield f"{error.code} {error.message}"
    for toml in COHORTS:
        try:
            cohort = evaluate(CohortDefinition.parse(toml), edition, Lexicon.load(), SCOPE)
            yield repr((sorted(cohort.records), cohort.patients, cohort.attrition))
        except LantaiError as error:
            yield f"{error.code} {error.message}"


@dataclass(frozen=True, slots=True)
class World:
    """Records in the order of publishing: shown first, shown later, and hidden, which come with the first or last."""

    shown: tuple[ShelfRecord, ...]
    later: tuple[ShelfRecord, ...]
    hidden: tuple[ShelfRecord, ...]
    first: bool

    @classmethod
    def drawn(cls, seed: int) -> World:
        """One of many worlds."""
        draw = np.random.default_rng(seed)
        first = bool(draw.integers(0, 2))

        def some(low: int, high: int, start: int, department: str) -> tuple[ShelfRecord, ...]:
            return tuple(_note(draw, start + at, department) for at in range(int(draw.integers(low, high + 1))))

        return cls(some(1, 8, 10, OPEN), some(0, 3, 40, ALSO), some(1, 3, 5 if first else 70, CLOSED), first)

    def differs(self, folder: Path) -> str | None:
        """The first answer in which the world with its hidden records differs from the one without, or None."""
        without = _shelf(folder / "without", self.shown, self.later)
        batches = [self.shown + self.hidden, self.later] if self.first else [self.shown, self.later, self.hidden]
        beside = _shelf(folder / "with", *batches)
        seen = list(answers(without.edition()))
        for other in (beside, _merged(beside)):
            for one, two in zip(seen, answers(other.edition()), strict=True):
                if one != two:
                    return f"{one} != {two}"
        return None


def _note(draw: np.random.Generator, number: int, department: str) -> ShelfRecord:
    text = "".join(PIECES[at] for at in draw.integers(0, len(PIECES), size=int(draw.integers(1, 5))))
    year, sex = 2020 + int(draw.integers(0, 6)), "FM"[int(draw.integers(0, 2))]
    heading = HEADINGS[int(draw.integers(0, len(HEADINGS)))]
    row = ShelfRow(
        RecordId(f"R{number:020d}"), PatientToken(f"P{number // 2:020d}"), "D33", department, year, 1, sex, 60, number
    )
    return ShelfRecord(row, (Section(heading, CleanText.from_shelf(text)),))


def _shelf(folder: Path, *batches: Sequence[ShelfRecord]) -> Shelf:
    shelf = Shelf.open(folder, ShelfKeys(new_key(), new_key()))
    for batch in batches:
        if batch:
            shelf.publish(batch, open_encoder(), Lexicon.load())
    return shelf


def _merged(shelf: Shelf) -> Shelf:
    shelf.merge(above=1)
    return shelf


def timing(folder: Path, records: int, rounds: int, apart: bool) -> dict[str, float]:
    """How much better than a coin an attacker with a threshold tells the two worlds apart by time. The threshold and
    its direction are learnt on one half of the rounds for each question and tried on the other. `apart` hides the
    record in a segment of its own."""
    notes = Notes().records(records * 4)
    shown = [replace(record, row=replace(record.row, department=OPEN)) for record in notes]
    hidden = [_note(np.random.default_rng(1), 5, CLOSED)]
    batches = ([shown], [shown, hidden] if apart else [shown + hidden])
    engines = [
        SearchEngine(_shelf(folder / f"{apart}{at}", *one).edition(), open_encoder(), Lexicon.load())
        for at, one in enumerate(batches)
    ]
    asked = [CleanText.from_shelf(one) for one in Notes(11).questions(6)]
    draw = np.random.default_rng(2)
    took = np.zeros((len(asked), 2, rounds))
    for engine in engines:
        for question in asked:
            engine.search(question, SCOPE, Filters(), 20)
    for at in range(rounds):
        for number in draw.permutation(len(asked)):
            for world in draw.permutation(2):
                start = time.perf_counter()
                engines[world].search(asked[number], SCOPE, Filters(), 20)
                took[number, world, at] = time.perf_counter() - start
    half = rounds // 2
    won = [_advantage(one[:, :half], one[:, half:]) for one in took]
    pooled = float(np.mean(won))
    return {"advantage": round(abs(pooled), 4), "error": round(1 / np.sqrt(half * len(asked) * 2), 4)}


def _advantage(learnt: Any, tried: Any) -> float:
    threshold = np.median(learnt)
    slower = 1 if (learnt[1] > threshold).mean() >= (learnt[0] > threshold).mean() else -1
    return float(slower * ((tried[1] > threshold).mean() - (tried[0] > threshold).mean()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one JSON document; exit 1 when a pair of worlds differs."""
    parser = argparse.ArgumentParser(prog="bench.worlds")
    parser.add_argument("--worlds", type=int, default=2000)
    parser.add_argument("--records", type=int, default=1000, help="records of each of the timed worlds")
    parser.add_argument("--rounds", type=int, default=600, help="how often each question is timed in each world")
    chosen = parser.parse_args(arguments)
    report: dict[str, Any] = {"worlds": chosen.worlds}
    scratch = Path(tempfile.mkdtemp())
    try:
        differing = []
        for seed in range(chosen.worlds):
            if World.drawn(seed).differs(scratch / "pair") is not None:
                differing.append(seed)
            shutil.rmtree(scratch / "pair")
        report["differing"] = differing
        report["timing"] = {
            name: timing(scratch, chosen.records, chosen.rounds, apart)
            for name, apart in (("same_segment", False), ("own_segment", True))
        }
    finally:
        shutil.rmtree(scratch)
    print(json.dumps(report))
    if differing:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
