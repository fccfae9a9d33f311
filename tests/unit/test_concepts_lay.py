"""Everyday questions reach what they mean, classes are reached with their kinds, and everyday talk reaches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from records.ids import ConceptId
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.lexicon_fold import fold
from semantic.lexicon_lay import LayPhrases, read_words
from semantic.query import understand
from semantic.rows import Filters

QUESTIONS = Path(__file__).parents[1] / "questions"
TODAY = date(2026, 11, 1)


def table(name: str) -> Iterator[tuple[str, set[str]]]:
    """(question, any of these concepts answers it) of every line."""
    for line in (QUESTIONS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        question, _, concepts = line.partition(" | ")
        yield question, set(concepts.split())


def reached(question: str) -> set[str]:
    asks = understand(CleanText.from_shelf(question), Lexicon.load(), (), TODAY).asks
    return {ask.wish.concept for ask in asks}


@pytest.mark.parametrize("name", ["lay_en", "lay_zh", "classes"])
def test_a_question_reaches_what_it_means(name: str) -> None:
    lost = [(question, wanted, reached(question)) for question, wanted in table(name) if not wanted & reached(question)]
    assert lost == []


def test_everyday_talk_reaches_nothing() -> None:
    assert [(question, found) for question, _ in table("everyday") if (found := reached(question))] == []


@pytest.mark.parametrize(
    ("parent", "kinds"),
    [
        ("vector-borne-disease", {"malaria", "dengue", "scrub-typhus"}),
        ("genetic-disease", {"thalassemia", "down-syndrome", "phenylketonuria", "hemophilia"}),
        ("autoimmune-disease", {"sle", "celiac-disease", "primary-sclerosing-cholangitis", "graves-disease"}),
        ("mental-disorder", {"eating-disorder", "bulimia", "adhd", "ocd", "alcohol-dependence"}),
        ("venous-disease", {"varicose-veins", "deep-vein-thrombosis", "portal-vein-thrombosis"}),
        ("environmental-injury", {"heat-stroke", "frostbite", "drowning"}),
        ("puerperal-disease", {"mastitis", "postpartum-hemorrhage", "postpartum-depression"}),
        ("trauma", {"snake-bite", "splenic-rupture", "burn"}),
        ("liver-disease", {"liver-cirrhosis", "alcoholic-liver-disease", "autoimmune-hepatitis", "liver-cancer"}),
        ("vaccine", {"rabies-vaccine", "hpv-vaccine"}),
    ],
)
def test_a_class_has_its_kinds(parent: str, kinds: set[str]) -> None:
    assert not kinds - set(Lexicon.load().expand(ConceptId(parent)))


def test_a_name_may_mean_more_in_a_question_than_in_a_record() -> None:
    lexicon = Lexicon.load()
    assert [each.concept for each in lexicon.find("肾功能衰竭")] == ["chronic-kidney-disease"]
    assert [each.concept for each in lexicon.find("肾功能衰竭", question=True)] == ["renal-failure"]
    assert {"acute-kidney-injury", "chronic-kidney-disease"} <= set(lexicon.expand(ConceptId("renal-failure")))


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("2021年1月至2023年6月的脑梗死", Filters(since=2021, until=2023)),
        ("2020年及以后的肝癌", Filters(since=2020)),
        ("前年的骨折", Filters(since=2024, until=2024)),
        ("过去12个月的心衰", Filters(since=2025, until=2026)),
        ("近几年的痛风", Filters(since=2022, until=2026)),
        ("去年以来的流感", Filters(since=2025, until=2026)),
        ("heart failure from 2019 onwards", Filters(since=2019)),
        ("sepsis during 2022", Filters(since=2022, until=2022)),
        ("diabetes within the last year", Filters(since=2025, until=2026)),
        ("gout over the last couple of years", Filters(since=2025)),
        ("stroke in the past decade", Filters(since=2017)),
        ("measles prior to 2020", Filters(until=2019)),
        ("五十岁以上女性的骨质疏松", Filters(age_min=50, sex="F")),
        ("六十五岁以上的肺炎", Filters(age_min=65)),
        ("三岁以下儿童的肺炎", Filters(age_max=3)),
        ("五十多岁的胃癌", Filters(age_min=50, age_max=59)),
        ("青少年抑郁", Filters(age_min=10, age_max=19)),
        ("中年男性痛风", Filters(age_min=40, age_max=64, sex="M")),
        ("asthma in children under five", Filters(age_max=5)),
        ("hypertension in people in their fifties", Filters(age_min=50, age_max=59)),
        ("stroke in her 60s", Filters(age_min=60, age_max=69)),
        ("falls in the over-65s", Filters(age_min=65)),
        ("stroke in patients 60 years and older", Filters(age_min=60)),
        ("depression among teenagers", Filters(age_min=10, age_max=19)),
        ("三年前年纪轻轻得痛风", Filters()),
    ],
)
def test_time_and_age(text: str, filters: Filters) -> None:
    assert understand(CleanText.from_shelf(text), Lexicon.load(), (), TODAY).soft == filters


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("用过胰岛素的患者", "insulin"),
        ("服用华法林的房颤", "warfarin"),
        ("做过胆囊切除的", "cholecystectomy"),
        ("髋关节置换术后感染", "prosthetic-infection"),
        ("接受透析的患者", "dialysis"),
        ("patients treated with insulin", "insulin"),
        ("after gallbladder surgery", "cholecystectomy"),
        ("patients who received dialysis", "dialysis"),
        ("on blood thinners", "antithrombotic"),
        ("keyhole surgery", "minimally-invasive"),
    ],
)
def test_treatments(text: str, concept: str) -> None:
    assert concept in reached(text)


def test_short_latin_pieces_are_whole_words(tmp_path: Path) -> None:
    (tmp_path / "lay.toml").write_text('[x]\ngout = ["pus…<joint>"]\n', encoding="utf-8")
    (tmp_path / "words.toml").write_text('joint = ["joint", "knee"]\n', encoding="utf-8")
    lexicon = Lexicon.load()
    known = {concept.id: concept for concept in lexicon}
    lay = LayPhrases.load([tmp_path / "lay.toml"], read_words(tmp_path / "words.toml"), known)
    assert [each.concept for each in lay.find("pus in the knees", fold("pus in the knees"), ())] == ["gout"]
    assert lay.find("push the knee", fold("push the knee"), ()) == ()
