"""Treatments as notes write them: short names, brands, doses, devices; and the words that only look like them."""

from __future__ import annotations

import pytest

from records.ids import ConceptId
from semantic.concepts import Lexicon


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("甘精14u睡前", "insulin"),
        ("门冬三餐前各6u", "insulin"),
        ("可密定 3/4片", "warfarin"),
        ("维K拮抗剂在用", "anticoagulant"),
        ("帕母第6程", "immunotherapy"),
        ("pembro C5D1", "immunotherapy"),
        ("米芙360mg bid", "mycophenolate"),
        ("激素减到2片", "corticosteroid"),
        ("特治星4.5 q8h", "piperacillin-tazobactam"),
        ("GP方案第2周期", "chemotherapy"),
        ("LTG加至100", "lamotrigine"),
        ("剖腹取胎1男", "caesarean-section"),
        ("OLT术后3年", "liver-transplantation"),
        ("供心植入后", "heart-transplantation"),
        ("端式开口排便", "colostomy"),
        ("起搏阈值0.5V", "pacemaker"),
        ("HD一年", "hemodialysis"),
        ("冻胚2枚", "assisted-reproduction"),
        ("50Gy/25f", "radiotherapy"),
        ("血板1个治疗量", "blood-transfusion"),
    ],
)
def test_a_note_says_it_shortly(text: str, asked: str) -> None:
    lexicon = Lexicon.load()
    assert lexicon.expand(ConceptId(asked)).keys() & {each.concept for each in lexicon.find(text)}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("提供心理支持", "heart-transplantation"),
        ("提供肾功能结果", "kidney-transplantation"),
        ("颈椎曲度拉直", "glp1-agonist"),
        ("当地特色饮食", "insulin"),
        ("门冬氨酸钾镁", "insulin"),
        ("他汀类停药一周", "infliximab"),
        ("解剖出胆囊动脉", "caesarean-section"),
        ("局部解剖1次", "caesarean-section"),
        ("blood C/S sent", "caesarean-section"),
        ("换肺部CT复查", "lung-transplantation"),
        ("移植肺炎", "lung-transplantation"),
        ("予更换膝关节支具", "knee-replacement"),
        ("空气净化中心", "hemodialysis"),
        ("甲状腺激素减量", "corticosteroid"),
        ("雌激素减量后停药", "corticosteroid"),
        ("口服激素避孕", "corticosteroid"),
        ("胆管内植入金属支架1枚", "pci"),
        ("该病可威胁生命", "oseltamivir"),
        ("天门冬中药", "insulin"),
        ("肝硬化患者今晨呕吐咖啡色液体", "amebic-liver-abscess"),
        ("心肌梗死后心衰，双肺底可闻及捻发音", "gas-gangrene"),
        ("鼻导管吸氧，左肺空洞", "gpa"),
        ("The scars were old", "severe-drug-eruption"),
    ],
)
def test_a_lookalike_is_none(text: str, concept: str) -> None:
    assert ConceptId(concept) not in {each.concept for each in Lexicon.load().find(text)}
