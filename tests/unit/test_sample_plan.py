"""What the issue promises of the sample, counted before anything is written."""

from __future__ import annotations

from collections import Counter

import pytest

from records.errors import BadInput
from sample import plan, scan, seeds

_SEED = 20260101


def _concepts(story: seeds.Story) -> set[str]:
    return {seeds.blocks()[b].concept for b in story.blocks}


def test_shares_add_up_to_the_120_patients() -> None:
    assert len(plan.story_order(_SEED)) == 120


def test_enough_diabetics_with_each_complication() -> None:
    order = plan.story_order(_SEED)
    diabetics = [s for s in order if {"t2dm", "t1dm"} & _concepts(s)]
    assert len(diabetics) >= 45
    for complication in ("dn", "dr", "dpn", "dfoot"):
        assert sum(complication in _concepts(s) for s in diabetics) >= 18, complication


def test_twelve_diseases_have_two_complications_with_several_records() -> None:
    records: dict[str, Counter[str]] = {}
    for story in plan.story_order(_SEED):
        for visit in story.visits:
            for name in visit.blocks:
                block = seeds.blocks()[name]
                for disease in (a for a in block.after if a in story.blocks):
                    records.setdefault(disease, Counter())[block.concept] += len(visit.records)
    rich = {d for d, counts in records.items() if sum(n >= 3 for n in counts.values()) >= 2}
    assert len(rich) >= 12, sorted(rich)


def test_about_600_records_of_12_types_in_12_departments() -> None:
    order = plan.story_order(_SEED)
    slots = [slot for i, story in enumerate(order) for slot in plan.slots_of(i, story)]
    assert 580 <= len(slots) <= 680
    assert plan.count_records(120, order) == len(slots)
    assert plan.count_records(250, order) == sum(len(plan.slots_of(i, order[i % 120])) for i in range(250))
    types = Counter(slot.code for slot in slots)
    assert len(types) == 12
    assert min(types.values()) >= 8
    assert {visit.dept for story in order for visit in story.visits} == {
        d["name"] for d in seeds.read("hospital.toml")["department"]
    }
    assert len(seeds.read("hospital.toml")["department"]) == 12


def test_scans_and_pdfs_are_handed_out_over_all_types() -> None:
    order = plan.story_order(_SEED)
    out = plan.hand_out(120, order, _SEED, 36, 90, plan.KINDS)
    assert Counter(out.values()) == {"scan": 36, "pdf": 90}
    codes = {(s.patient, s.serial): s.code for i, story in enumerate(order) for s in plan.slots_of(i, story)}
    assert {codes[key] for key, kind in out.items() if kind == "scan"} == set(codes.values())
    assert not plan.hand_out(120, order, _SEED, 36, 90, ("fhir",))
    assert plan.usual_kind(("pdf",)) == "pdf"


def test_one_scan_stands_on_its_head_and_one_lies_on_its_side() -> None:
    turns = [scan.damage_for(i).turn for i in range(36)]
    assert (turns.count(2), turns.count(1)) == (1, 1)
    assert {scan.damage_for(i).face for i in range(36)} >= {"hei", "song", "ming", "kai", "wqy"}


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="scan, fhir and pdf"):
        plan.hand_out(1, plan.story_order(1), 1, 1, 1, ("tiff",))
