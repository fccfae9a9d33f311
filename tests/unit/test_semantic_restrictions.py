"""Questions that deny or restrict, as researchers type them: what each wishes for, what it leaves out, who and when."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.query import Question, understand
from semantic.query_asks import Ask

TABLE = Path(__file__).resolve().parents[1] / "data" / "restricted_questions.txt"


def rows() -> list[list[str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def read(text: str) -> Question:
    return understand(CleanText.certified(text), Lexicon.load(), (), date(2026, 11, 27))


def named(names: str) -> set[str]:
    """Concept ids of names with commas between them, prefix and suffix kept."""
    found: set[str] = set()
    for name in filter(None, names.split(",")):
        bare, mark, want = name.removeprefix("family:").partition(">")
        (concept, *_) = Lexicon.load().lookup(bare)
        found.add(f"{'family:' if name.startswith('family:') else ''}{concept.id}{mark}{want}")
    return found


def wished(ask: Ask) -> list[str]:
    return [f"{'family:' if ask.sign is Assertion.FAMILY else ''}{one}" for one in (ask.wish.concept, *ask.others)]


def unwished(ask: Ask) -> str:
    return f"{ask.wish.concept}{'' if ask.wish.want == 'about' else f'>{ask.wish.want}'}"


@pytest.mark.parametrize(("text", "asked", "left_out", "filters"), rows(), ids=[row[0] for row in rows()])
def test_a_question_wishes_for_its_head_and_not_for_what_it_denies(
    text: str, asked: str, left_out: str, filters: str
) -> None:
    question = read(text)
    soft = {f"{name}={value}" for name, value in asdict(question.soft).items() if value is not None}
    assert {each for ask in question.wished for each in wished(ask)} == named(asked)
    assert {unwished(ask) for ask in question.unwished} == named(left_out)
    assert soft == set(filters.split())


@pytest.mark.parametrize(
    ("text", "words", "focus"),
    [
        ("HBsAg阴性的肝癌", "肝癌", 1.0),
        ("无吸烟史的肺癌", "肺癌", 1.0),
        ("没有家族史的乳腺癌", "乳腺癌", 1.0),
        ("未用抗凝的房颤", "房颤", 1.0),
        ("除外结核的胸腔积液", "胸腔积液", 1.0),
        ("atrial fibrillation not on anticoagulants", "atrial fibrillation", 1.0),
        ("HBsAg-negative hepatocellular carcinoma", "hepatocellular carcinoma", 1.0),
        ("gallstones that did not require surgery", "gallstones", 1.0),
        ("无吸烟史的右下肺癌", "右下肺癌", 0.5),
    ],
)
def test_what_is_left_out_is_no_part_of_what_is_compared_nor_of_the_focus(text: str, words: str, focus: float) -> None:
    question = read(text)
    assert question.text == words
    assert question.focus == pytest.approx(focus)


def test_an_operation_left_out_leaves_out_what_operates_on_the_disease_and_not_the_disease() -> None:
    question = read("没做手术的胆囊结石")
    (left_out,) = question.unwished
    assert "cholecystectomy" in left_out.root
    assert "cholelithiasis" not in left_out.root
