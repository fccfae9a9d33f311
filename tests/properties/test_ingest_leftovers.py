"""The second scan finds an identifier however it is spaced, widened or cut by lines, never inside a slot or number."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.leftovers import left_over
from records.entities import Entity

NAMES = ["诸葛文静", "张伟", "巴合提·努尔兰", "Maria Garcia"]
NUMBERS = ["13812345678", "320102196001011234", "ZY20231187", "32010219600101123X"]
FILLER = "患者神志清楚，精神可，血糖控制平稳。继续目前治疗，随诊。"
BLANKS = ["", "", " ", "\u3000", "\n", "\u200b", "  "]
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def disguised(value: str, seed: int, wide: bool, joints: list[str]) -> str:
    dice = random.Random(seed)
    text = value.translate(WIDE) if wide else value
    return "".join(character + dice.choice(joints) for character in text[:-1]) + text[-1]


@given(st.sampled_from(NAMES), st.integers(0, 10**6), st.booleans(), st.integers(0, len(FILLER)))
@settings(max_examples=150, deadline=None)
def test_a_name_is_found_in_any_width_and_spacing(name: str, seed: int, wide: bool, at: int) -> None:
    text = FILLER[:at] + disguised(name, seed, wide, BLANKS) + FILLER[at:]
    assert left_over(text, [(Entity.PERSON, name)]) == {Entity.PERSON}


@given(st.sampled_from(NUMBERS), st.integers(0, 10**6), st.booleans(), st.integers(0, len(FILLER)))
@settings(max_examples=150, deadline=None)
def test_a_number_is_found_with_any_separators(number: str, seed: int, wide: bool, at: int) -> None:
    text = FILLER[:at] + disguised(number, seed, wide, [*BLANKS, "-", "－"]) + FILLER[at:]
    assert left_over(text, [(Entity.PHONE, number)]) == {Entity.PHONE}


def test_a_number_inside_a_longer_one_is_another_number() -> None:
    assert not left_over("编号 9913812345678 号", [(Entity.PHONE, "13812345678")])


def test_a_slot_hides_nothing_and_joins_nothing() -> None:
    assert not left_over("张〔患者#1〕伟", [(Entity.PERSON, "张伟")])
    assert left_over("〔患者#1〕张伟", [(Entity.PERSON, "张伟")]) == {Entity.PERSON}


def test_clean_text_is_clean() -> None:
    everything = [(Entity.PERSON, name) for name in NAMES] + [(Entity.MEDICAL_ID, number) for number in NUMBERS]
    assert not left_over(FILLER, everything)
