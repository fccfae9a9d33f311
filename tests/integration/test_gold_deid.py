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
# A little below what is reached; may only be raised. Covered: every character masked, whatever the type.
COVERED_FLOOR = {
    "PERSON": 0.68, "ID_CARD": 1.0, "MEDICAL_ID": 0.62, "PHONE": 0.86, "ADDRESS": 0.66, "ORGANISATION": 0.70,
    "DATE": 0.79, "AGE_OVER_89": 0.80, "EMAIL": 1.0, "ACCOUNT": 0.85, "OTHER_ID": 0.56,
}  # fmt: skip
OVERALL_FLOOR = {"without": 0.72, "with": 0.74}
PRECISION_FLOOR = 0.95
FALSE_PER_100_CEILING = {"ordinary": 1.0, "traps": 4.0}


@dataclass(slots=True)
class Tally:
    """Counts over one run: gold spans, covered, recalled, by entity; our spans and those that overlap gold."""

    gold: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    recalled: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def share(self, part: Counter[str], whole: Counter[str], entity: str | None = None) -> float:
        """A share over one entity or all; 1.0 of nothing."""
        above, below = (part[entity], whole[entity]) if entity else (part.total(), whole.total())
        return above / below if below else 1.0


def _overlaps(one: Span | GoldSpan, other: Span | GoldSpan) -> bool:
    return one.start < other.end and other.start < one.end


def _masked(found: Iterable[Span]) -> set[int]:
    return {position for span in found for position in range(span.start, span.end)}


def _count(tally: Tally, passage: Passage, found: Sequence[Span]) -> None:
    masked = _masked(found)
    for gold in passage.spans:
        entity = gold.entity.value
        # White space inside a value tells nobody anything.
        positions = (at for at in range(gold.start, gold.end) if not passage.text[at].isspace())
        covered = all(at in masked for at in positions)
        tally.gold[entity] += 1
        tally.covered[entity] += covered
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
def tallies(deidentifier: Deidentifier) -> dict[str, Tally]:
    """One run over the passages without, one with what the hospital knows; the second over those that have any."""
    run = {way: Tally() for way in WAYS}
    for passage in passages():
        text = IdentifiedText(passage.text)
        known = [Known(entity, IdentifiedText(value)) for entity, value in passage.known]
        bare = deidentifier.spans(text)
        _count(run["without"], passage, bare)
        _count(run["with"], passage, deidentifier.spans(text, known) if known else bare)
    if os.environ.get("LANTAI_GOLD_UPDATE"):
        lists = {way: sorted(run[way].failed) for way in WAYS}
        FAILURES.write_text(json.dumps(lists, indent=1) + "\n", encoding="utf-8")
    _table(run)
    return run


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _table(run: dict[str, Tally]) -> None:
    for way, tally in run.items():
        _say(f"\n{way} known identifiers\n{'entity':14}{'gold':>6}{'covered':>9}{'recall':>8}{'precision':>10}")
        for entity in [*(item.value for item in Entity), None]:
            figures = [
                tally.share(part, whole, entity)
                for part, whole in (
                    (tally.covered, tally.gold), (tally.recalled, tally.gold), (tally.right, tally.ours),
                )
            ]  # fmt: skip
            count = tally.gold[entity] if entity else tally.gold.total()
            _say(f"{entity or 'all':14}{count:6}{figures[0]:9.3f}{figures[1]:8.3f}{figures[2]:10.3f}")


def test_the_sets_are_large_and_say_each_thing_once() -> None:
    found = passages()
    assert len(found) >= 400
    assert len({passage.id for passage in found}) == len({passage.text for passage in found}) == len(found)
    assert {span.entity for passage in found for span in passage.spans} == set(Entity)
    assert sum("ocr" in passage.kinds for passage in found) >= 80
    assert len(set(traps())) == len(traps()) >= 150
    assert len(set(ordinary())) == len(ordinary()) >= 100


@pytest.mark.parametrize("way", WAYS)
def test_identifiers_are_covered(tallies: dict[str, Tally], way: str) -> None:
    tally = tallies[way]
    shares = {entity: tally.share(tally.covered, tally.gold, entity) for entity in COVERED_FLOOR}
    assert {entity: share for entity, share in shares.items() if share < COVERED_FLOOR[entity]} == {}
    assert tally.share(tally.covered, tally.gold) >= OVERALL_FLOOR[way]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_masked_was_an_identifier(tallies: dict[str, Tally], way: str) -> None:
    assert tallies[way].share(tallies[way].right, tallies[way].ours) >= PRECISION_FLOOR


@pytest.mark.parametrize("way", WAYS)
def test_the_failures_are_the_known_ones(tallies: dict[str, Tally], way: str) -> None:
    known = json.loads(FAILURES.read_text(encoding="utf-8"))
    assert sorted(tallies[way].failed) == known[way], "regenerate with LANTAI_GOLD_UPDATE=1 and look at the difference"


@pytest.mark.parametrize(("name", "sentences"), [("ordinary", ordinary()), ("traps", traps())])
def test_sentences_without_identifiers_stay_whole(deidentifier: Deidentifier, name: str, sentences: list[str]) -> None:
    false = [
        (number, span.entity.value, span.rule)
        for number, sentence in enumerate(sentences)
        for span in deidentifier.spans(IdentifiedText(sentence))
    ]
    per_100 = 100 * len(false) / len(sentences)
    _say(f"\n{name}: {len(sentences)} sentences, {len(false)} false spans, {per_100:.1f} per 100: {false}")
    assert per_100 <= FALSE_PER_100_CEILING[name]
