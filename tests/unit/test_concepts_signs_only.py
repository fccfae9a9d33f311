"""Diseases that a record never names: what pathology, genes, images and wards say instead."""

from __future__ import annotations

import pytest

from records.ids import ConceptId
from semantic.concepts import Lexicon

SHOWN = {
    "eb-acquisita": ("盐裂皮肤真皮侧线状IgG沉积", "抗Ⅶ型胶原抗体阳性"),
    "hemolytic-disease-newborn": ("放散试验阳性", "母O型子A型，光疗中"),
    "portal-hypertension": ("食管静脉曲张套扎术后", "脾静脉增宽"),
    "epilepsy": ("左颞叶内侧硬化", "术后Engel I级"),
    "thyroid-cancer": ("PTC根治术后", "TSH抑制治疗"),
    "papillary-thyroid-carcinoma": ("毛玻璃样核、核沟",),
    "urolithiasis": ("成分为胱氨酸石", "尿酸结石", "鸟粪石"),
    "lesch-nyhan": ("HPRT1突变", "反复自咬手指"),
    "multiple-system-atrophy": ("脑桥十字面包征",),
    "psp": ("垂直性凝视麻痹",),
    "neurodegeneration-with-brain-iron-accumulation": ("双侧苍白球虎眼征",),
    "angiostrongyliasis": ("生食福寿螺",),
    "sheehan-syndrome": ("产后大出血后无乳、闭经",),
    "maple-syrup": ("尿有枫糖味",),
    "mucopolysaccharidosis": ("面容粗陋，尿GAG升高",),
    "gm2-gangliosidosis": ("氨基己糖苷酶A缺乏", "黄斑樱桃红斑，声响惊跳"),
    "homocystinuria": ("CBS基因突变", "晶状体向下方脱位"),
    "ehlers-danlos": ("皮肤可过度拉长，关节活动过度",),
    "williams-syndrome": ("7q11.23缺失",),
    "sturge-weber": ("面部鲜红斑痣，抽搐",),
    "giant-cell-arteritis": ("咀嚼跛行", "颞浅动脉压痛"),
    "anti-gbm-disease": ("IgG沿毛细血管壁线状沉积",),
    "mantle-cell-lymphoma": ("t(11;14)",),
    "burkitt-lymphoma": ("镜下满天星",),
    "hairy-cell-leukemia": ("脾大，涂片见毛细胞",),
    "bacterial-vaginosis": ("线索细胞阳性", "胺臭味"),
    "trimethylaminuria": ("FMO3基因突变", "汗液有烂鱼臭味"),
}
OTHERWISE = {
    "hairy-cell-leukemia": "耳蜗毛细胞损伤",
    "medullary-thyroid-carcinoma": "甲状腺术后感染，降钙素原升高",
    "venous-ulcer": "食管静脉曲张，胃溃疡",
    "lymphangioleiomyomatosis": "皮肤黑色素瘤HMB45阳性，肺转移",
    "bronchiectasis": "第一跖趾关节超声双轨征",
}


@pytest.mark.parametrize(("disease", "text"), [(name, text) for name, texts in SHOWN.items() for text in texts])
def test_what_is_asked_for_reaches_what_only_shows_it(disease: str, text: str) -> None:
    lexicon = Lexicon.load()
    assert {found.concept for found in lexicon.find(text)} & lexicon.expand(ConceptId(disease)).keys()


@pytest.mark.parametrize(("disease", "text"), OTHERWISE.items())
def test_what_only_looks_alike_is_no_sign(disease: str, text: str) -> None:
    assert f"signs-of-{disease}" not in {found.concept for found in Lexicon.load().find(text)}
