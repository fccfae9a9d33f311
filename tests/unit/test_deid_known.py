"""Known identifiers are found in any width and spacing; record numbers only as they are."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier, Known
from records.entities import Entity
from records.ids import PersonToken
from records.slots import SlotKind
from records.texts import IdentifiedText

DEID = Deidentifier.load()


def _covered(text: str, known: Known, value: str) -> bool:
    start = text.index(value)
    end = start + len(value)
    spans = DEID.spans(IdentifiedText(text), [known])
    return any(s.start <= start and s.end >= end for s in spans)


@pytest.mark.parametrize("written", ["时光", "时 光", "时　光"])
def test_a_name_that_is_a_word_is_found_when_known(written: str) -> None:
    known = Known(Entity.PERSON, IdentifiedText("时光"), SlotKind.PATIENT)
    assert _covered(f"本院职工{written}近日头晕。", known, written)


@pytest.mark.parametrize("written", ["王建囯", "王建国", "王建 国", "土建国"])
def test_one_misread_character_of_a_name(written: str) -> None:
    known = Known(Entity.PERSON, IdentifiedText("王建国"), SlotKind.PATIENT)
    assert _covered(f"遂予{written}吸氧。", known, written)


@pytest.mark.parametrize("written", ["００１２３４５６", "0012 3456", "00123456"])
def test_a_record_number_in_any_width(written: str) -> None:
    assert _covered(f"见{written}之旧档", Known(Entity.MEDICAL_ID, IdentifiedText("00123456")), written)


def test_a_neighbouring_record_number_is_not_taken_for_it() -> None:
    known = Known(Entity.MEDICAL_ID, IdentifiedText("A1234"))
    assert not any(s.rule == "known.value" for s in DEID.spans(IdentifiedText("编码A1235与A12345"), [known]))


def test_the_known_token_and_role_reach_the_slot() -> None:
    known = Known(Entity.PERSON, IdentifiedText("张建国"), SlotKind.PATIENT, PersonToken("t1"))
    done = DEID.deidentify(IdentifiedText("患者张建国诉痛。建国要求出院。张 建 国签字。"), [known])
    assert {(s.label, s.token) for s in done.slots} == {("患者#1", "t1")}
    assert done.text.value.count("〔患者#1〕") == 3


@pytest.mark.parametrize("written", ["张*伟", "李?明", "(王)建国", "陈[二]", "A+B", "欧阳\\德", "|赵|云"])
def test_a_known_name_with_signs_in_it_is_taken_as_it_stands(written: str) -> None:
    for entity in Entity:
        DEID.spans(IdentifiedText(f"家属{written}今日来电。"), [Known(entity, IdentifiedText(written))])
    assert _covered(f"家属{written}今日来电。", Known(Entity.PERSON, IdentifiedText(written)), written)


MARKED = ["Hofstätter Anne", "Hofstatter, Anne", "Hofst tter Anne", "HOFSTÄTTER ANNE", "Anne Hofstätter"]


@pytest.mark.parametrize("written", MARKED)
def test_a_name_in_letters_with_marks(written: str) -> None:
    known = Known(Entity.PERSON, IdentifiedText("Hofstätter Anne"))
    assert _covered(f"联系人为{written}女士", known, written)
    spans = DEID.spans(IdentifiedText("Employer: Germany, Insurer er 3"), [known])
    assert not any(span.rule.startswith("known") for span in spans)


@pytest.mark.parametrize("bed", ["18床", "3床", "07号床", "+2床"])
def test_a_bed_beside_a_known_number_is_covered_as_if_nothing_were_known(bed: str) -> None:
    known = Known(Entity.MEDICAL_ID, IdentifiedText("1208870"))
    assert _covered(f"女 47岁 住院号 1208870 {bed} 诊断 再生障碍性贫血", known, bed)


@pytest.mark.parametrize(
    ("text", "name", "full"),
    [
        ("提前联系南医师（复诊）", "南", "南晓宇"),
        ("永祥表示“听管主任的”", "管", "管仲文"),
        ("请郅护士测压", "郅", "郅建"),
    ],
)
def test_the_surname_of_somebody_known_is_found_before_a_title(text: str, name: str, full: str) -> None:
    assert _covered(text, Known(Entity.PERSON, IdentifiedText(full)), name)


@pytest.mark.parametrize(("text", "full"), [("提高主任的认识", "高峰"), ("嘱老主任休息", "老栓")])
def test_a_word_before_a_title_is_no_surname_of_somebody_known(text: str, full: str) -> None:
    spans = DEID.spans(IdentifiedText(text), [Known(Entity.PERSON, IdentifiedText(full))])
    assert not any(span.rule.startswith("known") for span in spans)
