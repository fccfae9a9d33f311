"""One table per kind of identifier: what is found (between ⟦ and ⟧) and what must stay."""

from __future__ import annotations

import re

import pytest

from deid.api import Deidentifier
from records.entities import Entity
from records.texts import IdentifiedText

DEID = Deidentifier.load()

FOUND: dict[Entity, list[str]] = {
    Entity.PERSON: [
        "姓名：⟦卫青禾⟧ 性别：女",
        "姓  名:⟦张  弛⟧    性别:男",
        "患者⟦龙在田⟧，男，45岁，因胸痛2小时入院。",
        "其妻⟦沈秀莲⟧签署知情同意书。",
        "今日⟦秦⟧主任查房，同意目前治疗。",
        "⟦欧阳明月⟧副主任医师查房后指示：完善检查。",
        "手术者：⟦高峰⟧；第一助手：⟦温和⟧；麻醉医师：⟦安静⟧",
        "参加人员：⟦钟立⟧主任医师、⟦迪丽努尔·买买提⟧住院医师、⟦韩雪松⟧护士长。",
        "报告医师：⟦段小楼⟧  审核医师：⟦程蝶衣⟧",
        "经⟦陈刚⟧、⟦林小玲⟧、⟦何⟧主任共同讨论，诊断明确。",
        "⟦赵氏⟧，女，卧床3年。",
        "来访者⟦李某某⟧，自诉失眠。",
        "母亲⟦王×芳⟧陪诊。",
        "⟦朱一一⟧之子，生后2小时。",
        "Patient: ⟦ZHANG WEI⟧",
        "会诊意见（⟦雷诺⟧医师）：雷诺现象，随诊。",
        "病史由其外甥⟦甘草⟧提供，甘草片过敏。",
        "查房时⟦李建军⟧诉胸闷，无发热。",
    ],
    Entity.ID_CARD: [
        "身份证号：⟦110105194912310021⟧",
        "身份证 ⟦330621 1988 0512 4437⟧",
        "⟦11010519491231002X⟧",
        "证件号码：⟦3301**********0047⟧",
        "身份证号：⟦33O1O219561O12O03l⟧",
        "身份证号：⟦110105491231002⟧",
    ],
    Entity.MEDICAL_ID: [
        "住院号：⟦00123456⟧",
        "病理号⟦B2023-0456⟧",
        "门诊号:⟦M00876532⟧ 条码号：⟦690012345678⟧",
        "床号：⟦12⟧",
        "转入⟦三病区15床⟧",
        "医保卡号：⟦A12345678⟧",
        "影像号 ⟦CT20230618045⟧",
    ],
    Entity.PHONE: [
        "电话：⟦138 0013 8000⟧",
        "手机⟦+86 139-1234-5678⟧",
        "联系电话：⟦0571-87654321转8012⟧",
        "电话⟦l3857l23456⟧",
        "⟦(0351)4639114⟧",
    ],
    Entity.ADDRESS: [
        "住址：⟦浙江省杭州市西湖区文三路12号3幢2单元501室⟧",
        "来自⟦甘肃省定西市陇西县⟧",
        "籍贯：⟦山东济南⟧",
        "在⟦昆明⟧打工",
        "邮编：⟦310003⟧",
    ],
    Entity.ORGANISATION: [
        "就诊于⟦杭州市第一人民医院⟧，予抗感染。",
        "转⟦省人民医院⟧继续治疗",
        "在⟦北京协和医院⟧确诊",
        "工作单位：⟦红星轴承厂⟧",
        "就读于⟦长春市第十一中学⟧",
    ],
    Entity.DATE: [
        "于⟦2023年3月5日14:30⟧入院",
        "⟦2023.3.5⟧复查",
        "⟦23-03-05⟧ 病程记录",
        "⟦二〇二三年三月五日⟧",
        "⟦3月5日⟧、⟦8日⟧复查",
        "⟦去年3月⟧行手术",
        "⟦2019年⟧行胆囊切除术",
        "⟦20230618⟧",
        "⟦2O23年O3月l5日⟧",
        "⟦农历八月十五⟧",
    ],
    Entity.AGE_OVER_89: ["患者⟦92岁⟧，女", "⟦九十三岁⟧高龄", "年龄：⟦95⟧"],
    Entity.EMAIL: ["邮箱 ⟦lixf_1979@163.com⟧", "⟦a.b＠example.com⟧"],
    Entity.ACCOUNT: [
        "微信号：⟦zhang_wei88⟧",
        "QQ⟦356781234⟧",
        "车牌⟦浙A12345⟧",
        "护照号⟦E12345678⟧",
        "起搏器序列号：⟦PJN123456⟧",
        "IP⟦10.20.30.41⟧",
    ],
    Entity.OTHER_ID: ["工号：⟦0231⟧", "筛选号：⟦S0123⟧", "学号⟦2020110456⟧"],
}

STAYS = [
    "考虑白塞病，给予沙利度胺治疗。",
    "桥本甲状腺炎病史10年，口服优甲乐。",
    "予安博维降压，万古霉素抗感染，黄芪注射液益气。",
    "何杰金淋巴瘤，马凡综合征，帕金森病，川崎病。",
    "3月前无明显诱因，病程3月余，术后第3日，高血压病史20年。",
    "一天3次，每日1.5g，BP130/80mmHg，白细胞12.3×10^9/L。",
    "主任医师查房，上级医师，值班护士，管床医生。",
    "在外院治疗后转入我院，当地医院，上级医院，社区医院。",
    "依据2022版指南，AJCC 2017分期。",
    "患者，女，45岁，孕38周，ICD-10 E11.900。",
    "姓名：　　　性别：　　　年龄：　　　",
    "左额部裂伤，周围组织水肿，高信号影，单侧附件。",
    "患者家属拒绝，患者自诉，患者诉，患者因，患者系。",
    "Murphy征阴性，麦氏点无压痛，Glasgow评分15分。",
]


def unmark(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and where they stood."""
    text, spans = "", []
    for piece in re.split("(⟦[^⟧]*⟧)", marked):
        if piece.startswith("⟦"):
            spans.append((len(text), len(text) + len(piece) - 2))
            piece = piece[1:-1]
        text += piece
    return text, spans


CASES = [(entity, marked) for entity, rows in FOUND.items() for marked in rows]


@pytest.mark.parametrize(("entity", "marked"), CASES)
def test_every_marked_value_is_covered_and_typed(entity: Entity, marked: str) -> None:
    text, wanted = unmark(marked)
    spans = DEID.spans(IdentifiedText(text))
    for start, end in wanted:
        assert any(s.start <= start and s.end >= end and s.entity is entity for s in spans), (text[start:end], spans)


@pytest.mark.parametrize("text", STAYS)
def test_the_medicine_stays(text: str) -> None:
    assert DEID.spans(IdentifiedText(text)) == ()


def test_every_span_says_rule_and_reason() -> None:
    spans = DEID.spans(IdentifiedText("患者张伟，男，住院号：00123456，2023年3月5日入院。"))
    assert len(spans) == 3
    assert all(s.rule and s.why and 0 < s.score <= 1 for s in spans)


def test_the_other_of_two_names_in_one_stretch_is_kept() -> None:
    text = "古再丽量了腿围。血袋号6532022071904，热依罕与古再丽核对无误。"
    spans = Deidentifier.load().spans(IdentifiedText(text))
    masked = {place for span in spans for place in range(span.start, span.end)}
    assert set(range(text.index("热依罕"), text.index("热依罕") + 3)) <= masked


def test_a_given_name_that_is_a_word_is_found_where_the_tagger_hesitates() -> None:
    text = "患者张立国，男，71岁。今晨突发心率下降，立国在旁的妻子不同意插管。"
    spans = Deidentifier.load().spans(IdentifiedText(text))
    assert [text[s.start : s.end] for s in spans if s.entity is Entity.PERSON] == ["张立国", "立国"]
