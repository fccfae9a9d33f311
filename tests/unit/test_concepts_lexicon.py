"""The shipped lexicon is consistent, and finds, expands and explains."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.errors import BadInput
from records.ids import ConceptId
from records.paths import data_dir
from semantic.concepts import ConceptKind, Lexicon, Relation, Want
from semantic.lexicon_files import read_ambiguous, read_concepts, specialty_files
from semantic.lexicon_fold import squeeze

FOLDER = data_dir() / "concepts"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def test_it_covers_what_was_promised(lexicon: Lexicon) -> None:
    assert len(lexicon) >= 800
    chapters = {code[0] for concept in lexicon for code in concept.icd10}
    assert chapters >= set("ABCDEFGHIJKLMNOPQRSTZ")
    assert {concept.kind for concept in lexicon} == set(ConceptKind)


def test_every_relation_leads_somewhere_and_no_name_has_two_owners(lexicon: Lexicon) -> None:
    unclear = {squeeze(each.words) for each in read_ambiguous(FOLDER / "ambiguous.toml")}
    owners: dict[str, str] = {}
    for path in specialty_files(FOLDER):
        for concept in read_concepts(path):
            assert all(target in lexicon for _, target in concept.relations), concept.id
            for name in concept.names:
                folded = squeeze(name)
                assert folded in unclear or owners.setdefault(folded, concept.id) == concept.id, name


def test_no_two_concepts_share_a_preferred_name(lexicon: Lexicon) -> None:
    for names in ([each.zh for each in lexicon], [squeeze(each.en) for each in lexicon]):
        assert sorted(names) == sorted(set(names))


def test_every_disease_reaches_its_complications(lexicon: Lexicon) -> None:
    for concept in lexicon:
        for target in (*concept.targets(Relation.COMPLICATION_OF), *concept.targets(Relation.DUE_TO)):
            if concept.kind in (ConceptKind.DISEASE, ConceptKind.COMPLICATION, ConceptKind.SYMPTOM):
                assert concept.id in lexicon.expand(target, Want.COMPLICATIONS), (concept.id, target)


def test_every_preferred_name_is_found_as_its_concept(lexicon: Lexicon) -> None:
    lost = [
        (concept.id, name)
        for concept in lexicon
        for name in (concept.zh, concept.en)
        if not concept.targets(Relation.SIGN_OF)
        and [each.concept for each in lexicon.find(name, question=True)] != [concept.id]
    ]
    assert lost == []


def test_the_version_is_that_of_the_files(lexicon: Lexicon, tmp_path: Path) -> None:
    assert Lexicon.from_folder(FOLDER).version == lexicon.version
    overlay = tmp_path / "own.toml"
    overlay.write_text('[[extend]]\nid = "gout"\nnames = ["石头关节病"]\n', encoding="utf-8")
    assert Lexicon.load(overlay).version != lexicon.version


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("患者糖尿病肾病10年", ["diabetic-nephropathy"]),
        ("糖 尿 病 肾 病", ["diabetic-nephropathy"]),
        ("ＣＯＰＤ急性加重期", ["copd"]),
        ("II型糖尿病", ["type-2-diabetes"]),
        ("Ⅱ型糖尿病", ["type-2-diabetes"]),
        ("急性心肌梗塞", ["myocardial-infarction"]),
        ("返流性食管炎", ["gerd"]),
        ("肺ca", ["lung-cancer"]),
        ("肺恶性肿瘤", ["lung-cancer"]),
        ("heart attacks", ["myocardial-infarction"]),
        ("COVID19", ["covid-19"]),
        ("anemia and edema", ["anemia", "edema"]),
        ("midnight", []),
        ("as usual", []),
        ("主动脉瓣AS重度，跨瓣压差", ["aortic-stenosis"]),
        ("AS患者骶髂关节炎", ["ankylosing-spondylitis", "sacroiliitis"]),
        ("PE：孕32周，尿蛋白", ["preeclampsia", "urine-protein"]),
        ("PE，D-二聚体升高", ["pulmonary-embolism", "ddimer-high"]),
        ("NS 100ml静滴", []),
        ("双肺呼吸音粗，盲肠未见异常", []),
    ],
)
def test_names_are_found(lexicon: Lexicon, text: str, concepts: list[str]) -> None:
    named = [each.concept for each in lexicon.find(text) if not lexicon.concept(each.concept).targets(Relation.SIGN_OF)]
    assert named == concepts


@pytest.mark.parametrize(
    ("question", "concept", "want"),
    [
        ("糖尿病并发症", "diabetes-mellitus", Want.COMPLICATIONS),
        ("糖尿病的慢性并发症有哪些", "diabetes-mellitus", Want.COMPLICATIONS),
        ("diabetic complications", "diabetes-mellitus", Want.COMPLICATIONS),
        ("complications of liver cirrhosis", "liver-cirrhosis", Want.COMPLICATIONS),
        ("cirrhotic complications", "liver-cirrhosis", Want.COMPLICATIONS),
        ("高血压用药", "hypertension", Want.DRUGS),
        ("drugs for hypertension", "hypertension", Want.DRUGS),
        ("胆囊结石手术", "cholelithiasis", Want.PROCEDURES),
        ("肺炎的症状", "pneumonia", Want.FINDINGS),
        ("causes of heart failure", "heart-failure", Want.CAUSES),
        ("types of diabetes", "diabetes-mellitus", Want.KINDS),
        ("treatment of gout", "gout", Want.TREATMENTS),
        ("老年痴呆", "alzheimer-disease", Want.ABOUT),
        ("heart attack", "myocardial-infarction", Want.ABOUT),
        ("kidney disease due to diabetes", "diabetic-nephropathy", Want.ABOUT),
    ],
)
def test_questions_are_read(lexicon: Lexicon, question: str, concept: str, want: Want) -> None:
    (wish,) = lexicon.ask(question)
    assert (wish.concept, wish.want) == (concept, want)


@pytest.mark.parametrize("pattern", ["{zh}并发症", "{zh}的并发症有哪些", "complications of {en}", "{en} complications"])
def test_every_disease_can_be_asked_for_its_complications(lexicon: Lexicon, pattern: str) -> None:
    causes = {
        target
        for concept in lexicon
        for target in (*concept.targets(Relation.COMPLICATION_OF), *concept.targets(Relation.DUE_TO))
    }
    wrong = []
    for cause in sorted(causes):
        concept = lexicon.concept(cause)
        wishes = lexicon.ask(pattern.format(zh=concept.zh, en=concept.en))
        if [(wish.concept, wish.want) for wish in wishes] != [(cause, Want.COMPLICATIONS)]:
            wrong.append(cause)
    assert len(causes) > 150
    assert wrong == []


def test_the_complications_of_diabetes(lexicon: Lexicon) -> None:
    (wish,) = lexicon.ask("糖尿病并发症")
    reached = lexicon.reach(wish)
    for name in ("diabetic-nephropathy", "diabetic-retinopathy", "diabetic-neuropathy", "diabetic-foot"):
        assert reached[ConceptId(name)].weight == 1.0
    assert ConceptId("diabetes-mellitus") not in reached
    assert reached[ConceptId("proliferative-diabetic-retinopathy")].weight < 1.0


def test_a_joined_question_means_the_common_answer(lexicon: Lexicon) -> None:
    (wish,) = lexicon.ask("糖尿病引起的肾功能不全")
    assert (wish.concept, wish.joined) == ("chronic-kidney-disease", "diabetes-mellitus")
    reached = lexicon.reach(wish)
    assert next(iter(reached)) == "diabetic-nephropathy"
    assert reached[ConceptId("chronic-kidney-disease")].weight < 0.6


def test_a_child_inherits_the_complications_of_its_parent(lexicon: Lexicon) -> None:
    reached = lexicon.expand(ConceptId("type-2-diabetes"), Want.COMPLICATIONS)
    assert 0 < reached[ConceptId("diabetic-foot")].weight < 1
    assert ConceptId("type-1-diabetes") not in reached


def test_paths_are_told_in_both_languages(lexicon: Lexicon) -> None:
    start = ConceptId("diabetes-mellitus")
    reached = lexicon.expand(start, Want.COMPLICATIONS)[ConceptId("diabetic-foot")]
    assert lexicon.say(start, reached, "zh") == "糖尿病 → 并发症：糖尿病足"
    assert lexicon.say(start, reached, "en") == "diabetes mellitus → complication: diabetic foot"


def test_lookup_by_name_code_and_id(lexicon: Lexicon) -> None:
    assert [each.id for each in lexicon.lookup("心梗")] == ["myocardial-infarction"]
    assert "diabetic-nephropathy" in [each.id for each in lexicon.lookup("N08.3")]
    assert [each.id for each in lexicon.lookup("gout")] == ["gout"]
    assert {each.id for each in lexicon.lookup("PE")} >= {"pulmonary-embolism", "preeclampsia"}
    assert lexicon.lookup("没有这样的词语") == ()


def test_an_unknown_concept_is_refused(lexicon: Lexicon) -> None:
    with pytest.raises(BadInput, match="no concept"):
        lexicon.concept(ConceptId("no-such-thing"))
    with pytest.raises(BadInput, match="no concept"):
        lexicon.expand(ConceptId("no-such-thing"))


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("同屋大爷带造口", "colostomy"),
        ("气管造口带管", "tracheostomy"),
        ("膀胱造口换管", "suprapubic-cystostomy"),
        ("肾盂造口引流畅", "nephrostomy"),
        ("大动脉转位，球囊房隔造口", None),
    ],
)
def test_an_opening_alone_is_one_of_the_bowel(text: str, concept: str | None) -> None:
    openings = {"colostomy", "tracheostomy", "suprapubic-cystostomy", "nephrostomy"}
    assert {each.concept for each in Lexicon.load().find(text)} & openings == ({concept} if concept else set())
