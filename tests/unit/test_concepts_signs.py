"""Signs and composed names: what shows a disease without naming it, and where it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.errors import BadInput
from records.ids import ConceptId
from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon, Relation
from semantic.lexicon_compose import Composer
from semantic.lexicon_signs import Signs


def said(text: str) -> dict[str, Assertion]:
    return {each.concept: each.assertion for each in annotate(CleanText.from_shelf(text), "", Lexicon.load())}


@pytest.mark.parametrize(
    ("text", "concept", "assertion"),
    [
        ("P波消失，代之以f波", "signs-of-atrial-fibrillation", Assertion.PRESENT),
        ("CTPA右主干骑跨充盈缺损", "signs-of-pulmonary-embolism", Assertion.PRESENT),
        ("CTPA：肺动脉主干及分支未见充盈缺损", "signs-of-pulmonary-embolism", Assertion.NEGATED),
        ("父亲双手静止性震颤、面具脸", "signs-of-parkinson-disease", Assertion.FAMILY),
        ("右上叶穿刺：浸润性腺癌", "lung-cancer", Assertion.PRESENT),
        ("DM 10年，肾病3年", "diabetic-nephropathy", Assertion.PRESENT),
        ("左股骨颈见骨折", "hip-fracture", Assertion.PRESENT),
        ("甲状腺针吸无癌，年复查", "thyroid-cancer", Assertion.NEGATED),
    ],
)
def test_a_sign_or_a_composed_name_is_found_and_judged(text: str, concept: str, assertion: Assertion) -> None:
    assert said(text).get(ConceptId(concept)) is assertion


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("肝癌，肺转移", "lung-cancer"),
        ("肺动脉显影良好。股静脉见充盈缺损", "signs-of-pulmonary-embolism"),
        ("肺癌不能排除", "signs-of-lung-cancer"),
        ("结节良性，无癌，年复查，喉返正常", "laryngeal-cancer"),
        ("母甲状腺乳头癌手术", "breast-cancer"),
    ],
)
def test_pieces_of_other_names_and_other_sentences_are_no_sign(text: str, concept: str) -> None:
    assert ConceptId(concept) not in said(text)


def test_a_sign_in_a_question_asks_for_what_it_shows() -> None:
    (found,) = Lexicon.load().find("搓丸样", question=True)
    assert found.concept == "parkinson-disease"


def test_every_sign_speaks_for_one_disease_that_has_it_in_no_name() -> None:
    lexicon = Lexicon.load()
    signs = [concept for concept in lexicon if concept.targets(Relation.SIGN_OF)]
    assert len(signs) > 300
    for concept in signs:
        (disease,) = concept.targets(Relation.SIGN_OF)
        assert not set(concept.synonyms) & set(lexicon.concept(disease).names)


def test_a_sign_of_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signs.toml"
    path.write_text('[x]\nno-such-thing = ["abc"]\n', encoding="utf-8")
    with pytest.raises(BadInput, match="no-such-thing"):
        Signs.read(path, list(Lexicon.load()), ())


def test_a_composed_name_of_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "compose.toml"
    path.write_text('[[compose]]\npart = ["x"]\nmakes = { fracture = "no-such-thing" }\n', encoding="utf-8")
    with pytest.raises(BadInput, match="no-such-thing"):
        Composer.load(path, {concept.id: concept for concept in Lexicon.load()})


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("cannot stop washing hands", "ocd"),
        ("flashes of light and a curtain across the eye", "retinal-detachment"),
        ("肺破了漏气", "pneumothorax"),
        ("腰疼还连着右腿后面麻到脚", "lumbar-disc-herniation"),
    ],
)
def test_a_lay_phrase_asks_for_what_it_describes(question: str, concept: str) -> None:
    assert concept in {each.concept for each in Lexicon.load().find(question, question=True)}


def test_a_lay_phrase_takes_no_name_apart_and_is_read_in_no_record() -> None:
    lexicon = Lexicon.load()
    assert [each.concept for each in lexicon.find("无吸烟史的肺癌", question=True)] == ["smoking", "lung-cancer"]
    assert "pneumothorax" not in {each.concept for each in lexicon.find("肺破了漏气")}


def test_a_choice_of_a_sign_may_be_nothing_or_many(tmp_path: Path) -> None:
    disease = Lexicon.load().concept(ConceptId("gout"))
    (tmp_path / "signs.toml").write_text('[x]\ngout = ["(红|肿|)…(海鲜|啤酒)(后|)", "石"]\n', encoding="utf-8")
    signs = Signs.read(tmp_path / "signs.toml", [disease], set())
    assert set(signs.concepts[0].synonyms) == {"海鲜后", "海鲜", "啤酒后", "啤酒", "石"}
    assert [way for _, way in signs.apart] == [(("红", "肿"), ("海鲜后", "海鲜", "啤酒后", "啤酒"))]


@pytest.mark.parametrize(
    "name", ["Sjögren综合征", "sjogren综合征", "Sjo\u0308gren syndrome", "Ménière病", "Guillain-Barré综合征"]
)
def test_a_latin_letter_is_found_with_and_without_its_marks(name: str) -> None:
    (found, *_) = Lexicon.load().find(name)
    assert found.concept in ("sjogren-syndrome", "meniere-disease", "guillain-barre-syndrome")
    assert (found.start, found.words) == (0, name[: len(found.words)])
