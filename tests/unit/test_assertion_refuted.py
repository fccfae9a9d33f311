"""A sign denied by a piece of its disease's name, a contrary word, a treatment only asked for: what they take back."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

OWN = {Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE}
TAKEN_BACK = [
    ("中央前置，MRI胎盘肌层界线连续，无植入征象。", "signs-of-placenta-accreta"),
    ("彩超睾丸血流对称，扭转排除。", "signs-of-testicular-torsion"),
    ("全血少，FLAER克隆0.01%，PNH克隆未检出。", "signs-of-pnh"),
    ("养羊，发热九天，羊热病证据不足。", "signs-of-brucellosis"),
    ("系继发性醛固酮增多，支架。", "primary-aldosteronism"),
    ("获得性，与遗传性血友病不同。", "hemophilia"),
    ("布氏杆菌抗体两次均＜1:25。", "brucellosis"),
    ("与克罗恩病影像有别。", "crohn-disease"),
    ("震颤要求DBS被劝退。", "dbs"),
    ("家属要求高压氧。", "hyperbaric-oxygen"),
    ("ECMO团队待命。", "ecmo"),
    ("家属签字拒绝体外膜肺。", "ecmo"),
    ("申请血浆置换会诊。", "plasma-exchange"),
    ("老年男，巨大血肿，抑制物12BU，获得性血友病。", "signs-of-hemophilia"),
]
STANDS = [
    ("胎盘植入，子宫切除。无植入征象见于前片。", "placenta-accreta"),
    ("原发性醛固酮增多，切左肾上腺。", "primary-aldosteronism"),
    ("男孩，关节血肿，抑制物12BU，血友病A。", "signs-of-hemophilia"),
    ("布氏杆菌抗体1:400。", "brucellosis"),
    ("因胆石要求手术，遂行腹腔镜胆囊切除术。", "cholecystectomy"),
    ("ECMO第三天，撤机评估。", "ecmo"),
    ("高压氧十次，未诉不适。", "hyperbaric-oxygen"),
]


def _said(text: str, concept: str) -> set[Assertion]:
    return {one.assertion for one in annotate(CleanText.certified(text), "", Lexicon.load()) if one.concept == concept}


@pytest.mark.parametrize(("text", "concept"), TAKEN_BACK)
def test_what_is_taken_back_is_not_the_patients(text: str, concept: str) -> None:
    said = _said(text, concept)
    assert said and not said & OWN


@pytest.mark.parametrize(("text", "concept"), STANDS)
def test_what_is_named_stands(text: str, concept: str) -> None:
    assert _said(text, concept) & OWN
