"""Cells between bars, damaged beds, lists and ranges of days; readings, clones, strains and machines that are none."""

from __future__ import annotations

import pytest

from deid.document import Document
from deid.repair import repair
from records.entities import Entity
from records.texts import IdentifiedText
from tests.unit.test_deid_number_families import RULES
from tests.unit.test_deid_recognizers import unmark

FOUND = [
    (Entity.DATE, "3｜⟦5月14日⟧｜牟某｜血钾 6.8｜已告知"),
    (Entity.DATE, "12|⟦2024年3月5日⟧|某某|复查"),
    (Entity.DATE, "|3|⟦5月4日⟧|某某|K 5.6|已报"),
    (Entity.PHONE, "2｜FT4 2.1｜⟦0532-8575 2290⟧｜单位电话"),
    (Entity.PHONE, "1|某某|5|⟦13812345678⟧|已通知"),
    (Entity.MEDICAL_ID, "床号⟦l8⟧ 张某 男"),
    (Entity.MEDICAL_ID, "床号：⟦06⟧ 张某"),
    (Entity.MEDICAL_ID, "交班\n⟦l床⟧ 宋某 男"),
    (Entity.MEDICAL_ID, "交班\n⟦lO床⟧ 宋某 男"),
    (Entity.MEDICAL_ID, "隔壁；⟦I床⟧ 王某"),
    (Entity.DATE, "输液不见好。⟦12日⟧尿量约300ml"),
    (Entity.DATE, "又呕吐，⟦16日⟧尿量减少"),
    (Entity.DATE, "CRP 143，⟦17/4⟧的增强CT示"),
    (Entity.DATE, "。⟦6/5⟧的复查CT较前"),
    (Entity.DATE, "华法林2.5mg，⟦6/5⟧ INR 3.8，停1天"),
    (Entity.DATE, "；⟦12/5⟧ CRP 33。"),
    (Entity.DATE, "接种于⟦2O2l年6月、7月、9月⟧，无异常"),
    (Entity.DATE, "检查日期：⟦2025.4.l8 一 4.22⟧　合同"),
    (Entity.DATE, "检查日期：⟦2025.4.18—4.22⟧　合同"),
    (Entity.DATE, "住院 ⟦2025年3月2日至3月9日⟧。"),
    (Entity.MEDICAL_ID, "交班：⟦12床⟧夜间发热"),
    (Entity.MEDICAL_ID, "，⟦15床⟧拔胃管"),
    (Entity.MEDICAL_ID, "母婴同室⟦12-A床⟧"),
    (Entity.MEDICAL_ID, "床号⟦安宁疗护 05⟧\n"),
    (Entity.MEDICAL_ID, "透析机位⟦A08⟧"),
    (Entity.MEDICAL_ID, "收入⟦温箱07⟧"),
    (Entity.PHONE, "物业报修：⟦8452.6688⟧"),
    (Entity.PHONE, "传呼：⟦127-8812⟧"),
    (Entity.DATE, "生于⟦52年腊月⟧。"),
    (Entity.DATE, "预约⟦4月11（周五）上午⟧"),
    (Entity.DATE, "老家过⟦农历七月半⟧，"),
    (Entity.DATE, "住院⟦2025.O3.l4一2025.O3.2O⟧；"),
    (Entity.DATE, "2025.03.10入院，⟦O3.l4 - O3.2O⟧；"),
    (Entity.ORGANISATION, "由⟦吴堡县残疾人联合会⟧补助"),
    (Entity.ORGANISATION, "异体皮供应：⟦蓉康组织库⟧，"),
    (Entity.ACCOUNT, r"存⟦\\192.168.3.40\video⟧。"),
    (Entity.ACCOUNT, r"见⟦\\nas01\psy\2025⟧，"),
    (Entity.DATE, "小雅称，⟦九月⟧起不洗头"),
    (Entity.DATE, "免费复查三次（⟦7月⟧、9月、12月）；"),
    (Entity.DATE, "免费复查三次（7月、9月、⟦12月⟧）；"),
    (Entity.DATE, "随访：⟦6/14⟧ 疼痛 NRS 静 2 动 4　恶心 0　6/15 无声嘶"),
    (Entity.DATE, "随访：6/14 疼痛 NRS 静 2 动 4　恶心 0　⟦6/15⟧ 无声嘶"),
    (Entity.DATE, "3/12　签字\n3/14　已转\n⟦5/8⟧　Lena来监查\n5/15　审核"),
    (Entity.DATE, "序｜日期｜姓 名｜病案号\n6｜4.9｜蔡某｜C020701\n7｜⟦4.l2⟧｜罗某｜C020702"),
    (Entity.DATE, "停药3周，预约⟦五月六曰⟧。"),
    (Entity.MEDICAL_ID, "留血做ctDNA，管号⟦CT-0423-17⟧。"),
    (
        Entity.MEDICAL_ID,
        "床位｜透析号｜姓 名｜干体重｜上机前BP｜超滤量｜通路｜抗凝\n"
        "⟦A-0l⟧｜HDl0023｜某某｜52.5kg｜158/92｜2.8L｜左AVF｜肝素",
    ),
    (Entity.PHONE, "联系人｜电话 ⟦6123⟧｜45岁｜某某"),
]
LEFT = [
    "治疗三月起效；患儿六月起会坐；服药后三月起红疹",
    "术后1月、3月、6月复查；术后2月、4月、6月随访；3月、6月龄",
    "2月、4月、5月接种百白破；于3月、4月、5月龄各一次；1月、3月、6月复查",
    "疼痛 3/10 无恶心；肌力 4/5 双侧，3/15 枚；3/14 枚阳性 3/15 枚阴性",
    "淋巴结 3/12 转移，另 3/15 阳性；切缘 0/3",
    "37.2｜84｜18｜142/78｜97%｜夜间睡眠差｜某",
    "去向｜陪送人/电话\n1｜18:42｜某｜男/34",
    "气管插管管号7.5；管号 7；管号16F；针号 23",
    "按CCCG-ALL-2020方案，水化；SCMC-ALL-2005方案；ALL-BFM-95",
    "首选KEYNOTE-522方案，CheckMate-649、IMpower133、DESTINY-Breast04",
    "SLEDAI-2K 11分；流式CD19+CD22+CD10+，CNS2；CD3+CD4+CD8-",
    "予1:10000肾上腺素黏膜下注射；ANA 1:3200；血气 PaO2 84 PaC02 39",
    "起搏器型号：美敦力A2DR01　",
    "化疗FOLFOX第1程，定下月",
    "的师傅（内蒙来的小伙子）教她站、教她说话。",
    "请转交。\n　　祝各位医护身体健康，工作顺利！",
    "昨日在抖音发视频指名道姓；在京东买的血压计",
    "床位18张；病床 20 张",
    "血清两次分别 3.2、3.4，随访",
    "2025年6月3日：血钾6.4（复查6.2，无溶血）",
    "呼吸机5号报修，监护仪3号在用，输液泵12号报警",
    "手术间5号清洁，诊室3号开始",
    "利尿，3日尿量2000ml",
    "产品码E0785　失效",
    "产品码 E0336V00，去白",
    "加做PD-L1(22C3) CPS；HER2(4B5) 3+；PD-L1（28-8）",
    "质控。ATCC 29213符合；CMCC 26003；NCTC 8325",
    "ADAMTS13活性，SMARCB1缺失",
    "AFP 1,284 ng/ml，PIVKA-II 906。",
    "腹水PMN 820/mm3；",
    "精神分裂症（ICD-11 6A20）。",
    "依 GBZ 70-2015，GBZ/T 265-2014，GB 18466-2005，YY 0505-2012",
    "分期cT2aN2M0 ⅢA期，ypT0N0",
    "流量3.8L/min，转速3250，",
    "科内共40床，20床规模；12床可开放",
    "chr7:55249071；PMID 31234567；ISBN 978-7-117-12345-6",
    "ATCC25922；O157:H7；MLH1/PMS2/MSH2/MSH6(+)；M1E0S1T0C0",
    "听阈500/1000/2000/4000Hz 25/30/45/70dB；",
    "pT2N1a(2/18)M0",
    "CT值1180HU，CK最高21400U/L，压力310mmH2O，钙4100AXaIU",
    "（PCL-5）44分；NRS-2002 4分",
    "插管7.5号，途中；低于5.6给半杯奶",
    "仪器:BC-7600；内镜25～31cm，cT3N1M0。",
]


@pytest.mark.parametrize(("entity", "marked"), FOUND)
def test_it_is_found(entity: Entity, marked: str) -> None:
    text, ((start, end),) = unmark(marked)
    spans = RULES.spans(IdentifiedText(text))
    assert any(one.start <= start and end <= one.end and one.entity is entity for one in spans)


@pytest.mark.parametrize("text", LEFT)
def test_it_stays(text: str) -> None:
    assert [(one.rule, one.start) for one in RULES.spans(IdentifiedText(text)) if one.entity is not Entity.PERSON] == [
        (one.rule, one.start) for one in RULES.spans(IdentifiedText(text)) if one.rule == "date.full"
    ]


def test_bars_between_cells_are_no_figures() -> None:
    assert repair("3|5月14日|K 6.8") == "3|5月14日|K 6.8"
    assert repair("1|O5O月|K") == "1|O5O月|K".replace("O5O", "050")
    assert [begin for begin, _, _ in Document("3|5月14日|K").runs][:2] == [2, 0]
