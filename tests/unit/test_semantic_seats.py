"""Arrays over what an asker may see agree with a slow walk over the records one by one."""

from __future__ import annotations

import numpy as np
import pytest

from bench.notes import Notes
from records.mentions import Assertion
from semantic.allowed import Allowed, AllowedParts
from semantic.concepts import Lexicon
from semantic.matches import Mentions
from semantic.ranking import ranking
from semantic.segment import ASSERTIONS
from semantic.snapshot import Edition
from semantic.turns import Turns
from tests.semantic_shelf import shelf_with

SHARES = (0.0, 0.05, 0.5, 1.0)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Three segments, one of which replaces records of the first."""
    records = list(Notes(3).records(480))
    return shelf_with(tmp_path_factory.mktemp("seats"), records[:50], records[40:90], records[90:]).edition()


def allowed_of(edition: Edition, share: float) -> Allowed:
    """A drawn share of the records that count."""
    mask = edition.live & (np.random.default_rng(7).random(len(edition.live)) < share)
    return AllowedParts(edition).of(mask, whole=False)


@pytest.mark.parametrize("share", SHARES)
def test_seats_are_the_allowed_places_in_their_order(edition: Edition, share: float) -> None:
    allowed = allowed_of(edition, share)
    assert allowed.seat[allowed.places].tolist() == list(range(len(allowed)))
    assert np.count_nonzero(allowed.seat >= 0) == len(allowed)
    assert np.array_equal(allowed.order, edition.order[allowed.places])
    spans = [one.span for one in allowed.seats]
    assert spans[0].start == 0 and spans[-1].stop == len(allowed)
    for base, segment, span in zip(edition.bases, edition.segments, spans, strict=False):
        here = allowed.places[span]
        assert ((here >= base) & (here < base + segment.records)).all()


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("weighed", [False, True])
def test_the_best_passage_speaks_for_its_record(edition: Edition, share: float, weighed: bool) -> None:
    allowed = allowed_of(edition, share)
    for number, (base, segment) in enumerate(zip(edition.bases, edition.segments, strict=False)):
        scores = np.random.default_rng(number).random(segment.passages).astype(np.float32)
        found = allowed.best(number, scores, weighed=weighed)
        worth = scores * segment.passage_weight if weighed else scores
        here = allowed.places[allowed.seats[number].span] - base
        slow = [worth[segment.passage_record == record].max() for record in here]
        assert found.tolist() == slow


@pytest.mark.parametrize("sizes", [[4, 4, 4], [1, 0, 9, 2, 0, 5, 3, 17, 0], [0, 0, 1], [6], []])
def test_a_record_may_have_any_number_of_passages(sizes: list[int]) -> None:
    ends = np.cumsum(sizes, dtype=np.int64)
    scores = np.random.default_rng(1).random(sum(sizes)).astype(np.float32)
    slow = [max(scores[end - size : end].tolist(), default=0.0) for size, end in zip(sizes, ends.tolist(), strict=True)]
    assert Turns.of(np.array(sizes, dtype=np.int64)).best(scores).tolist() == slow


@pytest.mark.parametrize("share", SHARES)
def test_what_a_record_holds_is_what_its_mentions_say(edition: Edition, share: float) -> None:
    allowed, rules = allowed_of(edition, share), ranking().concept
    reached = Lexicon.load().expand(Lexicon.load().lookup("高血压")[0].id)
    backward = dict(reversed(list(reached.items())))
    mentions = Mentions(edition, allowed, reached, rules)
    told = [
        (place, concept, ASSERTIONS[int(segment.mentions.assertion[at])])
        for base, segment in zip(edition.bases, edition.segments, strict=False)
        for concept in reached
        for at in range(*segment.mentions.of(concept).indices(len(segment.mentions.passage)))
        for place in [int(segment.passage_record[segment.mentions.passage[at]]) + base]
        if allowed.seat[place] >= 0
    ]
    assert mentions.seats.tolist() == sorted({int(allowed.seat[place]) for place, *_ in told})
    affirmed = {(place, concept) for place, concept, said in told if rules.worth(said) > 0}
    every = np.arange(len(allowed))
    for asked in (reached, backward):
        slow = [tuple(one for one in asked if (place, one) in affirmed) for place in allowed.places.tolist()]
        assert mentions.holders(asked, every) == slow
    evidence = mentions.evidence(reached)
    assert evidence.at(evidence.held, every).tolist() == [bool(one) for one in slow]
    assert np.array_equal(mentions.marks((backward, mentions.affirming()))[0], evidence.held)
    assert evidence.where(evidence.held).tolist() == [seat for seat, one in enumerate(slow) if one]
    denied = {place for place, _, said in told if said in (Assertion.NEGATED, Assertion.FAMILY)}
    only = [place in denied and not one for place, one in zip(allowed.places.tolist(), slow, strict=True)]
    assert evidence.at(evidence.denied, every).tolist() == only


def test_what_else_is_gathered_moves_no_strength(edition: Edition) -> None:
    allowed, rules, lexicon = allowed_of(edition, 1.0), ranking().concept, Lexicon.load()
    reached, other = (lexicon.expand(lexicon.lookup(name)[0].id) for name in ("高血压", "糖尿病"))
    alone = Mentions(edition, allowed, reached, rules).evidence(reached)
    beside = Mentions(edition, allowed, [*other, *reversed(list(reached))], rules).evidence(reached)
    assert len(beside.seats) > len(alone.seats) > 0
    assert np.array_equal(alone.strength, beside.strength[np.isin(beside.seats, alone.seats)])
