"""Each rule recognizer alone, without the tagger: the families it finds (between ⟦ and ⟧) and what it leaves."""

from __future__ import annotations

import pytest

from deid.document import Document, Recognizer
from deid.recognizers.account import Account
from deid.recognizers.address import Address
from deid.recognizers.address_field import AddressField
from deid.recognizers.address_free import AddressFree
from deid.recognizers.age import AgeOver89
from deid.recognizers.bed import Bed
from deid.recognizers.code import Code
from deid.recognizers.date import CalendarDate
from deid.recognizers.date_loose import LooseDate
from deid.recognizers.email import Email
from deid.recognizers.id_card import IdCard
from deid.recognizers.medical_id import MedicalId
from deid.recognizers.organisation import Organisation
from deid.recognizers.other_id import OtherId
from deid.recognizers.person_acting import PersonActing
from deid.recognizers.person_cue import PersonCue
from deid.recognizers.person_foreign import PersonForeign
from deid.recognizers.person_latin import PersonLatin
from deid.recognizers.person_nickname import PersonNickname
from deid.recognizers.person_title import PersonTitle
from deid.recognizers.phone import Phone
from deid.recognizers.table import Table
from deid.vetoes import nobody, nothing, nowhere
from records.entities import Entity
from tests.unit.test_deid_recognizers import unmark

FOUND: dict[type, list[str]] = {
    Account: [
        "微信：⟦zhou_yu175⟧",
        "银行卡号 ⟦6222 0216 0200 1887⟧",
        "车牌⟦皖B7K392⟧",
        "QQ:⟦3O8 812 774⟧",
        "IP ⟦10.2.3.4⟧",
        "军人 ⟦31304472⟧",
    ],
    Address: ["⟦贵州省遵义市红花岗区中华路3号2栋⟧", "从⟦临夏⟧赶来", "在⟦昆明⟧打工", "⟦云南省昭通市彝良县龙街乡⟧务工"],
    AddressField: [
        "住址⟦山东省临沂市兰山区\n银雀山路41号院3号楼⟧",
        "籍贯 ⟦湖北监利⟧",
        "邮编：⟦310003⟧",
        "家住⟦青园路15号⟧",
    ],
    AddressFree: ["在⟦京藏线K1203⟧处翻车"],
    AgeOver89: ["⟦9O岁⟧", "年龄：⟦9 3 岁⟧", "女，⟦93⟧，", "享年⟦九十七⟧。"],
    Bed: [
        "⟦三病区6床⟧",
        "床号：⟦+3⟧",
        "⟦5床⟧张建军今日出院",
        "⟦ICU-6床⟧",
        "床号⟦42⟧ 病案号",
        "⟦十二病区⟧",
        "⟦十二病 区⟧",
    ],
    Code: [
        "留观号⟦LG0912-15⟧",
        "腕带⟦E2023081507⟧",
        "申请单号: ⟦SQ 1 1 2 8 8 0⟧",
        "编号⟦MDT-23-144⟧",
        "尾号⟦8892⟧",
        "血袋 ⟦0431 2203 3301 57⟧",
        "档案号〇〇七三：无",
        "转诊单编号⟦ZZ-2023-00781⟧",
        "见⟦88012347⟧之档",
        "编号“⟦127⟧”",
    ],
    CalendarDate: [
        "⟦2023年3月5日14:30⟧",
        "⟦2023-3⟧复查",
        "⟦三月五日⟧",
        "于⟦20日⟧上午来院",
        "生于⟦一九四八⟧",
        "⟦5th March 2023⟧".replace("5th", "5"),
    ],
    LooseDate: [
        "⟦2024一0l一03⟧",
        "⟦20 23-0 5-1 2 09:30⟧",
        "⟦癸卯年三月廿一⟧",
        "⟦贰零贰叁年陆月拾日⟧",
        "→普外：⟦1/3 11:00⟧ 交班",
        "⟦8/8⟧送外科面诊",
        "下次⟦5.20⟧复诊",
        "⟦3月5、6日⟧",
        "⟦2019-2021年⟧",
        "，⟦13日⟧出现呼吸衰竭",
        "于⟦11月⟧起咳嗽",
        "与⟦10月⟧MR比较",
        "⟦初八号⟧更换",
    ],
    Email: ["邮箱：⟦zhou@163.com⟧"],
    IdCard: ["身份证⟦33O1O2 19490112 O047⟧", "⟦11010519491231002X⟧"],
    MedicalId: ["住院号：⟦O0387l2⟧", "病理号 ⟦F2023-12876⟧", "MRN-⟦12345⟧", "住院#⟦12345⟧", "BARCODE ⟦4471-9⟧"],
    Organisation: [
        "转⟦河西走廊敦和堂中医医院⟧",
        "在⟦鸿运果业包装厂⟧打工",
        "⟦郑大一附院⟧示",
        "由⟦长岭殡仪馆⟧接走",
        "⟦顺丰速运⟧工牌",
        "供职于⟦红星轴承厂⟧",
        "就诊于⟦吉大二院⟧",
        "加公众号“⟦康心之家⟧”",
        "⟦中山眼科⟧示",
        "⟦市实验小学⟧三年级",
        "⟦省儿保⟧复查",
        "转⟦陆军特色医学中心⟧",
    ],
    OtherId: ["工号：⟦0231⟧", "案号⟦兴劳人仲案〔2023〕117号⟧"],
    PersonActing: [
        "破水，⟦蓝光亮⟧驾车送来。",
        "护士汇报(⟦温岭⟧)：",
        "科主任⟦富强⟧表示接受。",
        "送检。⟦招娣⟧睁眼，可握手。",
    ],
    PersonCue: [
        "Patient: ⟦ZHANG WEI⟧",
        "报告医师：⟦段小楼⟧",
        "医师签名 ⟦祝鸿 飞⟧   2023",
        "审核 ⟦宓⟧",
        "经办：⟦花蕊⟧，",
        "护工⟦老周⟧协助",
        "长子⟦多杰⟧陪同",
        "姓名：⟦时间⟧ 性别：男",
        "参加人员:⟦訾有福⟧ ⟦檀健⟧ 主持",
        "其舅⟦闾丘山⟧患",
        "签名：＿＿＿⟦郑娟⟧",
        "姓 名⟦裴 志 刚⟧ 性 别",
    ],
    PersonForeign: ["⟦古丽娜尔·买买提⟧，女", "⟦阿不力克木⟧帮忙", "受试者⟦W.J.G⟧（", "⟦扎西多吉⟧，牧民"],
    PersonLatin: [
        "姓名:⟦CHAN Tai Man⟧（⟦陈泰文⟧）",
        "研究者⟦Zhao Mingyang⟧判定",
        "监查员⟦Priya Sharma⟧（",
        "拼音首 字母：⟦WYF⟧",
    ],
    PersonNickname: ["由⟦吴氏⟧照料", "，⟦小罗⟧说", "患儿“⟦豆豆⟧”", "同事⟦芬姐⟧来"],
    PersonTitle: ["请⟦都⟧主任会诊", "⟦翦莉⟧女士", "交⟦茹⟧护士", "⟦欧阳明月⟧副主任医师"],
    Phone: [
        "电话⟦0537一2289041⟧",
        "( ⟦010 ) 6275 - 8812⟧",
        "内线⟦6120⟧",
        "⟦400-820-6611转2⟧",
        "急救：⟦8273645⟧",
        "联系 ⟦8273645⟧",
        "电话女儿 ⟦8273645⟧",
    ],
    Table: ["床号 姓名 诊断\n⟦03⟧ ⟦孙赶超⟧ 肺炎"],
}

LEFT: dict[type, list[str]] = {
    Address: ["朝阳的房间", "云南白药2粒"],
    AddressField: ["住址：同上", "地点：医生办公室", "籍贯：不详"],
    Bed: ["现有12床，空3床", "双人床旁超声", "增设12床"],
    CalendarDate: ["AJCC 2017分期", "2022版指南", "3天后"],
    PersonActing: ["家属表示同意。", "孙女陪护期间发热。", "今晨复查，呼之睁眼。", "手术记录(见后)"],
    Code: [
        "WBC 12300，PLT 256",
        "NT-proBNP 12850",
        "C50.900x001",
        "HLA-B*5801",
        "CA19-9 37",
        "国药准字H20230511",
        "T12-L1椎体",
        "给予10000U",
        "rs1801133",
        "3.0×23mm",
        "BP 120/80",
        "ICD编码 I21.900",
        "费用23560元",
    ],
    LooseDate: ["肌力4/5级", "淋巴结（3/12）", "每日3次", "住院5日", "体温36.5", "术后3日", "心脏2/6级杂音"],
    Organisation: [
        "走访医院三家",
        "付款银行卡尾号",
        "身上一张银行卡",
        "他们学校",
        "这家医院",
        "签约医院",
        "对口医院",
        "选择医院时",
        "发卡银行",
        "借读学校",
        "在当地医院治疗",
        "我院门诊",
        "上级医院",
        "某三甲医院",
        "社区卫生服务中心",
        "建议外院就诊",
    ],
    PersonCue: [
        "签名：＿＿＿",
        "麻醉满意后",
        "家属代述",
        "患者神志清",
        "记录单",
        "手术顺利，",
        "父母体健",
        "记录者：同上",
    ],
    PersonLatin: ["Child-Pugh A级", "Glasgow Coma Scale 15", "按Los Angeles分级", "Whipple手术"],
    PersonNickname: ["小便、老年、阿托品、大便", "常常、慢慢", "小李法则".replace("李", "字")],
    PersonTitle: ["主任医师查房，值班护士，应邀医师", "三名护士", "班主任来院"],
    Account: ["沪A BCDEF"],
    Phone: ["体温36.5，脉搏1305次", "拨打120", "下次预约:2024-07-23"],
    Table: ["白细胞 红细胞 血红蛋白\n12.3 4.5 130"],
}

FOUND_CASES = [(kind, marked) for kind, rows in FOUND.items() for marked in rows]
LEFT_CASES = [(kind, text) for kind, rows in LEFT.items() for text in rows]


@pytest.mark.parametrize(("kind", "marked"), FOUND_CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_family_is_found(kind: type, marked: str) -> None:
    text, wanted = unmark(marked)
    recognizer: Recognizer = kind()
    doc = Document(text)
    found = recognizer.find(doc)
    masked = {at for finding in found for at in range(*doc.folded.span(finding.start, finding.end))}
    for start, end in wanted:
        assert all(at in masked for at in range(start, end) if not text[at].isspace()), text[start:end]
    assert all(finding.rule and finding.why for finding in found)


@pytest.mark.parametrize(
    ("text", "entity"), [("免疫证625464937862893465", Entity.OTHER_ID), ("住院625464937862893465", Entity.MEDICAL_ID)]
)
def test_a_long_number_is_of_the_kind_that_stands_before_it(text: str, entity: Entity) -> None:
    assert {finding.entity for finding in MedicalId().find(Document(text))} == {entity}


@pytest.mark.parametrize(("kind", "text"), LEFT_CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_rest_is_left(kind: type, text: str) -> None:
    recognizer: Recognizer = kind()
    assert recognizer.find(Document(text)) == []


@pytest.mark.parametrize(
    "value", ["SLE", "APACHE II", "周三", "Sheehan", "kg·min", "记 录 单", "狗", "健康·随访记录", "马鲛鱼"]
)
def test_what_the_tagger_may_not_take_for_a_name(value: str) -> None:
    assert nobody(value, 0, len(value))


@pytest.mark.parametrize("value", ["Priya Sharma", "Li Na", "W.J.G", "王芳", "汪洋", "宓", "Schneider"])
def test_what_it_may(value: str) -> None:
    assert not nobody(value, 0, len(value))


@pytest.mark.parametrize("value", ["L   208-428", "3+2+2=7", "阵房速12阵", "22号T", "120送"])
def test_what_measures_is_no_address(value: str) -> None:
    assert nowhere(value, 0, len(value))


@pytest.mark.parametrize("value", ["我院门诊部", "由养老院", "150分钟", "428元", "中心"])
def test_what_names_nothing_is_no_institution(value: str) -> None:
    assert nothing(value, 0, len(value))


@pytest.mark.parametrize("value", ["文三路12号", "陈家村3组", "昆明"])
def test_an_address_may_be_one(value: str) -> None:
    assert not nowhere(value, 0, len(value))
