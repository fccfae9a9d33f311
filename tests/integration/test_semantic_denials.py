"""Nobody who only denies a disease, or tells it of a relative, is among the first three records found for it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from records.ids import ConceptId
from records.shelf import ShelfRecord
from records.texts import CleanText
from semantic.assertion_words import denying
from semantic.concepts import ConceptKind, Lexicon
from semantic.encoder import open_encoder
from semantic.ranking import ranking
from semantic.search import Filters, Scope, SearchEngine
from tests.semantic_shelf import record, shelf_with
from tests.unit.test_assertion_families import DENIED, FAMILY, POSSIBLE

DRAWN = 12


def diseases() -> list[ConceptId]:
    """Diseases with at least three Chinese names that do not hold one another, drawn with a fixed seed."""
    found = sorted(each.id for each in Lexicon.load() if each.kind is ConceptKind.DISEASE and len(_names(each.id)) >= 3)
    return random.Random(20260102).sample(found, DRAWN)


def _names(disease: ConceptId) -> list[str]:
    concept = Lexicon.load().concept(disease)
    return [name for name in (concept.zh, *concept.synonyms) if not name.isascii() and len(name) > 2]


@pytest.mark.parametrize("disease", diseases())
def test_the_first_three_have_it(tmp_path: Path, disease: ConceptId) -> None:
    names = _names(disease)
    records: list[ShelfRecord] = [
        record(number, ("出院诊断", f"{name}，好转出院。"), day=number) for number, name in enumerate(names[:3])
    ]
    for number, phrase in enumerate((*DENIED.split("|"), *FAMILY.split("|"), *POSSIBLE.split("|")), 100):
        records.append(record(number, ("病程记录", f"今日查房，{phrase.format(d=names[number % len(names)])}。")))
    lexicon = Lexicon.load()
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), lexicon)
    for question in (names[0], lexicon.concept(disease).en, f"{names[0]}的患者"):
        hits = engine.search(CleanText.from_shelf(question), Scope(), Filters(), 3).hits
        assert {int(hit.record[1:]) for hit in hits} == {0, 1, 2}, question


def test_who_says_nothing_of_it_comes_before_who_denies_it(tmp_path: Path) -> None:
    """One record has it; the others shown are not those that deny it, however near their words are to the question."""
    texts = [
        "突发胸痛气促，CT肺动脉造影示肺栓塞，抗凝治疗。",
        "胸痛气促，CT肺动脉造影未见充盈缺损，排除肺栓塞。",
        "胸痛气促，肺栓塞待排，待CT肺动脉造影。",
        "母亲肺栓塞去世。本人胸痛，心电图正常。",
        "胸痛，心电图下壁ST段抬高，急诊介入。",
        "肺部感染，抗感染治疗后好转。",
    ]
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    hits = engine.search(CleanText.from_shelf("肺栓塞"), Scope(), Filters(), 3).hits
    found = [int(hit.record[1:]) for hit in hits]
    assert found[0] == 0 and hits[1].score < hits[0].score / 2
    assert not {1, 3} & set(found)


def test_a_doubt_about_a_wider_disease_is_one_about_its_kind(tmp_path: Path) -> None:
    """ "肝脓肿？" leaves open what is asked for by a narrower name; who only says something near to it comes first."""
    texts = [
        "化脓性肝脓肿，穿刺引流，头孢曲松。",
        "发热、肝区叩痛，肝脓肿？肝内低回声6cm，待增强CT。",
        "发热、肝区不适，肝内囊性低回声，穿刺引流出脓液。",
    ]
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    hits = engine.search(CleanText.from_shelf("化脓性肝脓肿"), Scope(), Filters(), 3).hits
    assert [int(hit.record[1:]) for hit in hits] == [0, 2, 1]


def test_who_has_it_and_denies_it_in_one_comes_behind_who_only_has_it(tmp_path: Path) -> None:
    """A lay name beside a denial by name is worth less than the same without it, in a broad question too."""
    texts = [
        "尿急尿频、急迫漏尿，无压力性尿失禁。盆底评估。",
        "咳嗽漏尿，尿垫试验阳性，行吊带术，复查良好，无特殊不适，嘱避免负重。",
        "阑尾炎术后换药，切口愈合好。",
    ]
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    for question in ("压力性尿失禁", "女性盆底功能障碍"):
        hits = engine.search(CleanText.from_shelf(question), Scope(), Filters(), 3).hits
        assert hits[0].record == records[1].row.record, question


def test_words_of_a_denial_are_no_words_in_common(tmp_path: Path) -> None:
    texts = ["倾斜试验阳性，无停搏及结性逸搏间歇，血管迷走。", "动态心电图见结性逸搏间歇两次。"]
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    hits = engine.search(CleanText.from_shelf("结性逸搏间歇"), Scope(), Filters(), 2).hits
    assert hits[0].record == records[1].row.record
    assert ["文字相近" in hit.why for hit in hits] == [True, False][: len(hits)]


@pytest.mark.parametrize(
    ("question", "holds", "denies"),
    [
        # One of two wishes is denied; a finding of what is denied; an operation for what is denied, by its class.
        ("骨密度检查 骨质疏松", "骨密度T值-3.1，骨质疏松。", "骨密度T值-0.4，未达骨质疏松。"),
        ("脑膜炎的腰椎穿刺", "脑膜炎，腰椎穿刺压力高。", "头痛行腰椎穿刺，排除脑膜炎。"),
        ("川崎病 静脉注射免疫球蛋白", "川崎病，静脉注射免疫球蛋白。", "川崎病待排，静脉注射免疫球蛋白备用。"),
        ("冠状动脉血运重建", "冠心病，前降支支架植入。", "胸痛，冠脉CTA光滑，排除冠心病。"),
    ],
)
def test_who_denies_one_of_two_wishes_stands_behind(tmp_path: Path, question: str, holds: str, denies: str) -> None:
    texts = [denies, holds, "门诊随访，血压平稳。", "换药一次，伤口愈合好。"]
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    hits = engine.search(CleanText.from_shelf(question), Scope(), Filters(), 4).hits
    scores = {int(hit.record[1:]): hit.score for hit in hits}
    assert hits[0].record == records[1].row.record and scores.get(0, 0.0) < scores[1] * 0.6


def test_a_question_for_a_denial_takes_denied_signs_and_leaves_shown_ones(tmp_path: Path) -> None:
    texts = [
        "撕裂样胸背痛，CTA示内膜片自升主动脉至髂动脉，急诊孙氏手术。",
        "胸背痛，CTA管壁光整，未见内膜片及真假腔，右冠狭窄。",
        "胸痛，CTA全程未见主动脉夹层。",
        "阑尾炎术后三天，伤口干燥。",
    ]
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    hits = engine.search(CleanText.from_shelf("排除主动脉夹层"), Scope(), Filters(), 4).hits
    assert {int(hit.record[1:]) for hit in hits[:2]} == {1, 2}
    assert not any(hit.matched for hit in hits if hit.record == records[0].row.record)


@pytest.mark.parametrize(
    "told",
    [
        "父亲曾患{w}，本人体检",
        "姐姐有{w}，来咨询",
        "{w}的诊断站不住脚，门诊随访",
        "{w}谈不上，观察",
        "{w}没有依据，停药",
    ],
)
def test_unknown_words_of_a_relative_or_a_verdict_are_no_words_in_common(tmp_path: Path, told: str) -> None:
    word = "蓝斑樟芽症"
    assert not Lexicon.load().find(word)
    texts = [told.format(w=word) + "，换药一次。", f"{word}三年，换药一次。"]
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    hits = engine.search(CleanText.from_shelf(word), Scope(), Filters(), 2).hits
    assert hits[0].record == records[1].row.record
    assert ["文字相近" in hit.why for hit in hits] == [True, False][: len(hits)]


def test_a_relative_who_has_it_says_nothing_of_a_patient_who_denies_it(tmp_path: Path) -> None:
    texts = ("否认哮喘", "母亲患哮喘，入院查体", "哮喘待排，入院查体", "入院查体，阑尾炎", "哮喘十年")
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    for question in ("无哮喘", "denies asthma", "排除了哮喘的患者"):
        hits = engine.search(CleanText.from_shelf(question), Scope(), Filters()).hits
        assert hits[0].record == records[0].row.record
        assert {hit.record for hit in hits if hit.matched} == {records[0].row.record}


@pytest.mark.parametrize(
    ("text", "much"),
    [
        ("夜间足痛，秋水仙碱，饮水", 0),
        ("足未痛，无红肿，不饮酒", 4),
        ("足痛，血压平，体温平，心率齐，双肺清，腹软，下肢不肿，神清", 2),
        ("阴道出血，阴囊肿", 0),
        ("结核菌素阴性", 4),
        ("no gout, never drank", 4),
        ("a nodule on the nose", 0),
        ("非小细胞肺癌", 0),
        ("不稳定型心绞痛，心功能不全", 0),
        ("免疫性血小板减少", 0),
        ("transferred to the unit", 0),
        ("it isn't gout", 4),
        ("", 0),
    ],
)
def test_how_much_of_a_text_denies(text: str, much: int) -> None:
    assert denying(text) == much


def test_what_denies_by_words_nobody_knows_is_put_back_and_nothing_else_is(tmp_path: Path) -> None:
    """None of them names the stoma that is asked for; one says by a word of its own that there is none."""
    texts = ("袋子每日更换，皮肤完好", "袋子不必更换，皮肤完好，肚子未开口", "结肠造口，无破溃，不渗漏")
    records = [record(number, ("护理记录", text)) for number, text in enumerate(texts)]
    edition = shelf_with(tmp_path, records).edition()

    def scores(share: float) -> list[float]:
        rules = replace(ranking(), concept=replace(ranking().concept, denying=share))
        engine = SearchEngine(edition, open_encoder(), Lexicon.load(), rules=rules)
        hits = engine.search(CleanText.from_shelf("肠造口的病人换袋子"), Scope(), Filters()).hits
        found = {hit.record: hit.score for hit in hits}
        return [found[one.row.record] for one in records]

    before, after = scores(0), scores(ranking().concept.denying)
    assert after[0] == before[0]
    assert after[1] == pytest.approx(before[1] * (1 - ranking().concept.denying), rel=1e-4)
    assert after[2] == before[2]


def test_signs_that_are_only_thought_of_are_doubtful(tmp_path: Path) -> None:
    """Nobody names the tear; one shows it, one shows it only as something to be ruled out, one is silent."""
    texts = ("膝扭伤，前抽屉试验阳性，拟重建", "膝扭伤，ACL断裂待排，ACL断裂可能，消肿后再看", "膝扭伤，消肿后再看")
    records = [record(number, ("病程记录", text)) for number, text in enumerate(texts)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    order = [hit.record for hit in engine.search(CleanText.from_shelf("前交叉韧带断裂"), Scope(), Filters()).hits]
    assert order[0] == records[0].row.record
    assert order.index(records[1].row.record) > 0
