"""Names as doctors clip them in notes: read where they stand as words of their own, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.errors import BadInput
from records.ids import ConceptId
from semantic.concepts import Lexicon
from semantic.lexicon_match import Name
from semantic.lexicon_short import ShortNames


def _found(text: str) -> set[str]:
    return {each.concept for each in Lexicon.load().find(text)}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("胆结，LC", "cholelithiasis"),
        ("急胰，禁食", "acute-pancreatitis"),
        ("左输结、右肾积", "ureteral-stone"),
        ("左输结、右肾积", "hydronephrosis"),
        ("上消出，呕咖啡", "upper-gi-bleeding"),
        ("三房阻，装起搏", "complete-heart-block"),
        ("股颈骨折半髋术后", "femoral-neck-fracture"),
        ("桥甲伴甲减", "hashimoto-thyroiditis"),
        ("卵囊，蒂扭？", "ovarian-cyst"),
        ("冠搭术后5年", "cabg"),
        ("膀Ca术后", "bladder-cancer"),
        ("社区肺炎，左下", "community-acquired-pneumonia"),
        ("非干酪肉芽肿", "granuloma"),
        ("药肝？停药", "drug-induced-liver-injury"),
        ("稽流，清宫", "missed-miscarriage"),
        ("网静阻，雷珠", "retinal-vein-occlusion"),
        ("慢阻肺急加", "aecopd"),
        ("既往慢阻20年", "copd"),
        ("否认胆结史", "cholelithiasis"),
        ("剖2次", "caesarean-section"),
        ("皮肌CK 3000", "dermatomyositis"),
        ("胆结高血压", "cholelithiasis"),
        ("女性胆结患者", "cholelithiasis"),
        ("硬下血肿钻引", "subdural-hematoma"),
        ("幽梗，胃肠减压", "pyloric-obstruction"),
        ("卵扭，急诊镜下", "ovarian-torsion"),
        ("髌折，张力带", "patella-fracture"),
        ("黄裂，玻切", "macular-hole"),
        ("颈动脉斑", "carotid-stenosis"),
        ("右上切，N0", "lobectomy"),
        ("特震，心得安", "essential-tremor"),
        ("肺感，头孢", "pneumonia"),
        ("尿潴，留置", "urinary-retention"),
        ("主动夹B，保守", "aortic-dissection"),
        ("新溶病，换血", "hemolytic-disease-newborn"),
        ("闭青急发", "angle-closure-glaucoma"),
        ("鼻出，填塞", "epistaxis"),
        ("颞动炎，TAB+", "giant-cell-arteritis"),
        ("红皮银屑", "erythrodermic-psoriasis"),
        ("肝移排异，加量", "liver-transplant-rejection"),
        ("烟雾，搭桥术后", "moyamoya"),
        ("胰Ca术后", "pancreatic-cancer"),
    ],
)
def test_a_clipped_name_is_found(text: str, concept: str) -> None:
    assert concept in _found(text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("紧急胰岛素泵入", "acute-pancreatitis"),
        ("胆结晶阴性", "cholelithiasis"),
        ("胃切片送检", "gastrectomy"),
        ("卵囊虫", "ovarian-cyst"),
        ("心内科会诊", "infective-endocarditis"),
        ("心内，请会诊", "infective-endocarditis"),
        ("宫颈，光滑", "cervicitis"),
        ("内膜，8mm", "endometritis"),
        ("胆总管，不扩张", "cholangitis"),
        ("药敏与肾损，待查", "renal-trauma"),
        ("皮肌电图", "dermatomyositis"),
        ("解剖2次", "caesarean-section"),
        ("继发性高眼压", "secondary-hypertension"),
        ("骨转移并发症", "transplant-complication"),
        ("胃炎转癌的几率", "metastasis"),
        ("孕高症", "hypertension"),
        ("呋塞米后尿量增，尿色清", "polyuria"),
        ("甲床，苍白", "thyroidectomy"),
        ("吸入烟雾，咳", "moyamoya"),
        ("大血管，未见夹层", "large-vessel-vasculitis"),
        ("内膜厚，8mm", "endometrial-hyperplasia"),
        ("换液，每日4次", "crrt"),
        ("面麻，MVD后", "facial-palsy"),
        ("皮下血肿，便秘", "lower-gi-bleeding"),
        ("测一下血糖，大便正常", "lower-gi-bleeding"),
        ("如高脂血症则用他汀，多囊肿", "pcos"),
    ],
)
def test_a_piece_of_another_word_is_none(text: str, concept: str) -> None:
    assert concept not in _found(text)


@pytest.mark.parametrize(
    ("text", "concept", "not_meant"),
    [
        ("下血，肠镜示憩室", "lower-gi-bleeding", "vaginal-bleeding"),
        ("停经，阴道下血", "vaginal-bleeding", "lower-gi-bleeding"),
        ("高脂，瑞舒在服", "dyslipidemia", ""),
        ("多囊，促排", "pcos", "polycystic-kidney"),
        ("多囊，双肾大", "polycystic-kidney", "pcos"),
        ("SOB on exertion", "dyspnea", ""),
        ("old CVA, L hemi", "stroke", ""),
        ("febrile, CVA tenderness", "", "stroke"),
        ("PIH on labetalol, G1P0", "gestational-hypertension", "hyperpigmentation"),
        ("PIH after acne", "hyperpigmentation", "gestational-hypertension"),
        ("ASD device closure", "asd", "autism"),
        ("ASD, speech delay", "autism", "asd"),
        ("CHB on entecavir", "chronic-hepatitis-b", "complete-heart-block"),
        ("CHB, paced", "complete-heart-block", "chronic-hepatitis-b"),
        ("TGA s/p arterial switch", "tga", "amnesia"),
        ("Vt 450 ml, PEEP 8", "", "ventricular-tachycardia"),
        ("EP方案第3程", "", "ectopic-pregnancy"),
        ("NOF fracture, hemiarthroplasty", "femoral-neck-fracture", "non-ossifying-fibroma"),
        ("PPH，痔脱出", "hemorrhoidectomy", "postpartum-hemorrhage"),
        ("PPH 1.5 L, Bakri", "postpartum-hemorrhage", "hemorrhoidectomy"),
        ("CEA 12 ng/ml", "", "carotid-endarterectomy"),
        ("PKP，角膜植片透明", "corneal-transplant", "vertebroplasty"),
        ("AIS, Cobb 42", "adolescent-scoliosis", "cerebral-infarction"),
        ("OM of the hallux, probe to bone", "osteomyelitis", "otitis-media"),
        ("AMS, NH3 120", "disorder-of-consciousness", "altitude-sickness"),
        ("HLD，ATP7B复合杂合", "hepatolenticular-degeneration", "dyslipidemia"),
    ],
)
def test_words_nearby_decide_a_short_name(text: str, concept: str, not_meant: str) -> None:
    found = _found(text)
    assert (not concept or concept in found) and not_meant not in found


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("矽肺叁期", "silicosis"),
        ("下壁心梗", "myocardial-infarction"),
        ("陈旧前壁心梗", "old-myocardial-infarction"),
        ("III°AVB", "complete-heart-block"),
        ("慢肾衰", "chronic-kidney-disease"),
        ("β地贫", "thalassemia"),
        ("脑转移灶3个", "brain-metastasis"),
        ("ONFH", "femoral-head-necrosis"),
        ("RPGN", "rpgn"),
    ],
)
def test_a_stage_or_a_place_of_a_disease_names_it(text: str, concept: str) -> None:
    assert concept in _found(text)


def _short(tmp_path: Path, body: str) -> ShortNames:
    path = tmp_path / "short.toml"
    path.write_text(body, encoding="utf-8")
    known = {each.id: each for each in Lexicon.load()}
    return ShortNames.read(path, known)


def test_what_two_are_cut_to_is_neither_unless_one_is_a_kind_of_the_other(tmp_path: Path) -> None:
    short = _short(tmp_path, '[cuts]\n"结核" = ["结"]\n"结节" = ["结"]\n"结石" = ["结"]\n')
    concepts = {each.id: each for each in Lexicon.load()}
    owners = {
        "肺结核": "pulmonary-tuberculosis",
        "肺结节": "pulmonary-nodule",
        "肾结核": "renal-tuberculosis",
        "肝结核": "leukemia",
        "肝结石": "all",
    }
    names = {word: Name(ConceptId(concept), word) for word, concept in owners.items()}
    made = {form: name.concept for form, name in short.of(names, concepts, Lexicon.load().relations).items()}
    assert made == {"肾结": "renal-tuberculosis", "肝结": "leukemia"}


@pytest.mark.parametrize("body", ['[names]\nnowhere = ["甲乙"]\n', '[names]\ngout = ["甲乙"]\nasthma = ["甲乙"]\n'])
def test_a_wrong_short_name_says_what_to_change(tmp_path: Path, body: str) -> None:
    with pytest.raises(BadInput, match="甲乙"):
        _short(tmp_path, body)
