"""The de-identifier against gold sets written by somebody who never saw its rules. Says ids and shares, never values.

`-s` prints the table; LANTAI_GOLD_UPDATE=1 writes tests/gold/known_failures.json anew.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from deid.api import Deidentifier, Known, Span
from records.entities import Entity
from records.texts import IdentifiedText
from tests.gold.load import FOLDER, GoldSpan, Passage, ordinary, passages, traps

FAILURES = FOLDER / "known_failures.json"
WAYS = ("without", "with")
FLOORS = FOLDER / "floors.json"
SETS = (
    "deid_passages",
    *(
        f"documents_{author}"
        for author in (*"abcdefghijklmnopqrstuvwxyz", *(letter * 2 for letter in "abcdefghijklmnopqrst"))
    ),
)
# Of the held-out sets nobody who works on the rules or the tagger may look at more than the totals.
HELD_OUT = (
    "documents_i",
    "documents_j",
    "documents_o",
    "documents_q",
    "documents_t",
    "documents_v",
    "documents_w",
    "documents_x",
)
FEWEST = 20  # mentions that a share is worth saying of
BELOW = 0.015  # a floor stands this far below what was reached, and is never lowered
# Authors of few sentences are looked at together with the one beside them: a share of fifty says little.
PAIRS = (
    "_i _j",
    "_k _m",
    "_n _p",
    "_o",
    "_q",
    "_t _u",
    "_v _w _x",
    "_y _z",
    "_aa _bb",
    "_cc _dd",
    "_ee _ff",
    "_gg _hh",
    "_ii _jj",
    "_kk _ll",
    "_mm _nn",
    "_oo _pp",
    "_qq _rr",
    "_ss _tt",
)
AUTHORS = ("", *(f"_{author}" for author in "abcdefgh"), *PAIRS)
SENTENCES = tuple(f"{kind}{author}" for kind in ("ordinary", "traps") for author in AUTHORS)
FALSE_PER_100_CEILING = {"ordinary": 2.0, "traps": 10.0}


@dataclass(slots=True)
class Tally:
    """Counts over one run: gold spans, covered, recalled, by entity; our spans and those that overlap gold."""

    gold: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    recalled: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    by_kind: dict[str, list[int]] = field(default_factory=dict)

    def share(self, part: Counter[str], whole: Counter[str], entity: str | None = None) -> float:
        """A share over one entity or all; 1.0 of nothing."""
        above, below = (part[entity], whole[entity]) if entity else (part.total(), whole.total())
        return above / below if below else 1.0


def _overlaps(one: Span | GoldSpan, other: Span | GoldSpan) -> bool:
    return one.start < other.end and other.start < one.end


def _masked(found: Iterable[Span]) -> set[int]:
    return {position for span in found for position in range(span.start, span.end)}


def _kinds(passage: Passage, gold: GoldSpan) -> list[str]:
    """What the span is counted under besides its entity."""
    person = gold.entity is Entity.PERSON and "ocr" not in passage.kinds
    return [
        *(kind for kind in ("cue", "bare") if person and kind in passage.kinds),
        *(["ocr"] if "ocr" in passage.kinds else []),
    ]


def _count(tally: Tally, passage: Passage, found: Sequence[Span]) -> None:
    masked = _masked(found)
    for gold in passage.spans:
        entity = gold.entity.value
        # White space inside a value tells nobody anything.
        positions = (at for at in range(gold.start, gold.end) if not passage.text[at].isspace())
        covered = all(at in masked for at in positions)
        tally.gold[entity] += 1
        tally.covered[entity] += covered
        for kind in _kinds(passage, gold):
            part = tally.by_kind.setdefault(kind, [0, 0])
            part[0] += covered
            part[1] += 1
        tally.recalled[entity] += any(span.entity == gold.entity and _overlaps(span, gold) for span in found)
        if not covered and passage.id not in tally.failed:
            tally.failed.append(passage.id)
    for span in found:
        tally.ours[span.entity.value] += 1
        tally.right[span.entity.value] += any(_overlaps(span, gold) for gold in passage.spans)


@pytest.fixture(scope="module")
def deidentifier() -> Deidentifier:
    return Deidentifier.load()


@pytest.fixture(scope="module")
def tallies(deidentifier: Deidentifier) -> dict[str, dict[str, Tally]]:
    """For each set one run without, one with what the hospital knows."""
    every = {}
    for name in SETS:
        run = every[name] = {way: Tally() for way in WAYS}
        for passage in passages(name):
            text = IdentifiedText(passage.text)
            known = [Known(entity, IdentifiedText(value)) for entity, value in passage.known]
            bare = deidentifier.spans(text)
            _count(run["without"], passage, bare)
            _count(run["with"], passage, deidentifier.spans(text, known) if known else bare)
        _table(name, run)
    if os.environ.get("LANTAI_GOLD_UPDATE"):
        lists = {name: {way: sorted(every[name][way].failed) for way in WAYS} for name in SETS if name not in HELD_OUT}
        FAILURES.write_text(json.dumps(lists, indent=1) + "\n", encoding="utf-8")
        floors = _floors()
        for name, shares in ((name, _shares(every[name])) for name in SETS):
            old = floors.get(name, {})
            floors[name] = {key: max(old.get(key, 0), round(share - BELOW, 3)) for key, share in sorted(shares.items())}
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    return every


def _floors() -> dict[str, dict[str, float]]:
    """What each set must reach: shares covered by entity and by kind of text, and precision."""
    loaded: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return loaded


def _shares(run: dict[str, Tally]) -> dict[str, float]:
    """The lower of the two ways; entities and kinds with too few mentions to speak of are left out."""
    shares: dict[str, float] = {}
    for tally in run.values():
        parts = {entity: (tally.covered[entity], total) for entity, total in tally.gold.items()}
        parts |= {kind: (covered, total) for kind, (covered, total) in tally.by_kind.items()}
        reached = {key: covered / total for key, (covered, total) in parts.items() if total >= FEWEST}
        reached["precision"] = tally.share(tally.right, tally.ours)
        shares = {key: min(share, shares.get(key, 1.0)) for key, share in reached.items()}
    return shares


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _table(name: str, run: dict[str, Tally]) -> None:
    for way, tally in run.items():
        _say(f"\n{name}, {way} known identifiers")
        _say(f"{'entity':14}{'gold':>6}{'covered':>9}{'recall':>8}{'precision':>10}")
        for entity in [*(item.value for item in Entity), None]:
            figures = [
                tally.share(part, whole, entity)
                for part, whole in (
                    (tally.covered, tally.gold), (tally.recalled, tally.gold), (tally.right, tally.ours),
                )
            ]  # fmt: skip
            count = tally.gold[entity] if entity else tally.gold.total()
            _say(f"{entity or 'all':14}{count:6}{figures[0]:9.3f}{figures[1]:8.3f}{figures[2]:10.3f}")
        for kind, (covered, total) in sorted(tally.by_kind.items()):
            _say(f"{'kind ' + kind:14}{total:6}{covered / total:9.3f}")


def test_the_sets_are_large_and_say_each_thing_once() -> None:
    found = passages()
    assert len(found) >= 400
    assert len({passage.id for passage in found}) == len({passage.text for passage in found}) == len(found)
    assert {span.entity for passage in found for span in passage.spans} == set(Entity)
    assert sum("ocr" in passage.kinds for passage in found) >= 80
    assert len(set(traps())) == len(traps()) >= 150
    assert len(set(ordinary())) == len(ordinary()) >= 100


def test_each_set_says_each_thing_once() -> None:
    for name in SETS:
        found = passages(name)
        assert len({passage.id for passage in found}) == len({passage.text for passage in found}) == len(found)


@pytest.mark.parametrize("name", SETS)
def test_what_was_reached_is_kept(tallies: dict[str, dict[str, Tally]], name: str) -> None:
    """Covered: every character masked, whatever the type; precision: what is masked was an identifier."""
    floors, shares = _floors()[name], _shares(tallies[name])
    assert {"PERSON", "DATE", "precision"} <= set(floors) <= set(shares)
    assert {key: shares[key] for key, floor in floors.items() if shares[key] < floor} == {}


@pytest.mark.parametrize("name", [name for name in SETS if name not in HELD_OUT])
@pytest.mark.parametrize("way", WAYS)
def test_the_failures_are_the_known_ones(tallies: dict[str, dict[str, Tally]], name: str, way: str) -> None:
    known = json.loads(FAILURES.read_text(encoding="utf-8"))
    failed = sorted(tallies[name][way].failed)
    assert failed == known[name][way], "regenerate with LANTAI_GOLD_UPDATE=1 and look at the difference"


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_without_identifiers_stay_whole(deidentifier: Deidentifier, name: str) -> None:
    kind, *authors = name.split("_")
    read = traps if kind == "traps" else ordinary
    sentences = [line for author in authors or [""] for line in read(f"{kind}_{author.strip()}".rstrip("_"))]
    false = [
        (number, span.entity.value, span.rule)
        for number, sentence in enumerate(sentences)
        for span in deidentifier.spans(IdentifiedText(sentence))
    ]
    per_100 = 100 * len(false) / len(sentences)
    detail = "" if f"documents_{name[-1]}" in HELD_OUT else f": {false}"
    _say(f"\n{name}: {len(sentences)} sentences, {len(false)} false spans, {per_100:.1f} per 100{detail}")
    assert per_100 <= FALSE_PER_100_CEILING[kind]
