"""Beds and wards as wards write them: added, in lists, by the code of the ward. Counts, linen and machines stay."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier, Known
from records.entities import Entity
from records.texts import IdentifiedText

DEIDENTIFIER = Deidentifier.load()


def covered(text: str, *known: Known) -> set[int]:
    """The places of the characters inside spans."""
    spans = DEIDENTIFIER.spans(IdentifiedText(text), known)
    return {place for span in spans for place in range(span.start, span.end)}


def holds(text: str, value: str, *known: Known) -> bool:
    at = text.index(value)
    return set(range(at, at + len(value))) <= covered(text, *known)


@pytest.mark.parametrize(
    ("text", "beds"),
    [
        ("呼吸科(6A)31床 吸氧3L/min", ["6A", "31床"]),
        ("科室：血液内科（11B）　床号：07", ["11B", "07"]),
        ("骨科(9F)12床 牵引中", ["9F", "12床"]),
        ("心内科（A3）复查", ["A3"]),
        ("申请科室：神内二病区 加5　请会诊", ["二病区", "加5"]),
        ("手足外加7，今日换药", ["加7"]),
        ("今天急诊收心外科加12。", ["加12"]),
        ("泌外15、16、21床今日拔尿管", ["15、16、21床"]),
        ("骨三7床糖尿病餐，9床流质，14床普食", ["7床", "9床", "14床"]),
        ("骨科3床、加2床夜间止痛针已用", ["3床", "加2床"]),
        ("请看一下血液科层流2床", ["层流2床"]),
        ("转结核科隔2床", ["隔2床"]),
        ("送进心外监护3床", ["监护3床"]),
        ("日间手术中心 日12床 术后4小时", ["日12床"]),
        ("住院号：00583340　床号：分2　待产", ["分2"]),
        ("床位 新12　母乳喂养", ["新12"]),
        ("07:58：23床昨晚发热", ["23床"]),
        ("床号 安宁疗护 05　面谈日期", ["安宁疗护 05"]),
        ("床号：烧伤 17", ["烧伤 17"]),
        ("From: Ward 7B Bed 21  To: ICU", ["7B", "21"]),
    ],
)
def test_beds_of_wards_are_found(text: str, beds: list[str]) -> None:
    assert [bed for bed in beds if not holds(text, bed)] == []


@pytest.mark.parametrize(
    "text",
    [
        "电动翻身床2台，气垫床12床，防压疮垫15块，已盘点。",
        "棉被8床，棉絮5床，毛毯12床，均交总务科清洗。",
        "床垫6床，枕套20床，凉席4床",
        "医用病床采购30床，单价3850元",
        "等床位3天，今日入院",
        "采集1床位3分钟，共7个床位。",
        "血液透析机24台，水处理设备1套。",
        "透析机12套已验收",
        "叶酸片(5mg)口服",
        "外用药加2片",
        "内科加3人值班",
        "腰4、5椎体，血糖6.7、7.8",
        "床位86张，亚重症床位230张。",
        "自伤风险评估高，10分钟巡视一次",
        "床位预约登记满30人",
    ],
)
def test_counts_and_linen_stay(text: str) -> None:
    assert not covered(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("发票号：赣财00387126　收款人", "赣财00387126"),
        ("电子票号 京税0123456789", "京税0123456789"),
        ("票据号：(2024)沪增第12345678号", "(2024)沪增第12345678号"),
        ("票据编号：川财税A1029384", "川财税A1029384"),
        ("上周去大新乡中心小学上班", "大新乡中心小学"),
        ("在新和镇中学读书", "新和镇中学"),
        ("住址：薛城区常庄街道金水湾小区11-2-402　报告发送至邮箱 ningj_85@qq.com", "ningj_85@qq.com"),
        ("家庭住址 岳麓区望城坡街道3号 电子邮箱lili.w@163.com 电话不详", "lili.w@163.com"),
        ("单位地址：朝阳路18号 email a_b-9@hosp.org.cn", "a_b-9@hosp.org.cn"),
        ("孙媳秋月推轮椅来诊", "秋月"),
        ("侄媳桂香代诉", "桂香"),
    ],
)
def test_the_whole_value_is_covered(text: str, value: str) -> None:
    assert holds(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("灸室叫号 灸08", "灸08"),
        ("绿通 创-26-58　腕带 黄", "创-26-58"),
        ("预约序 下午03", "下午03"),
        ("门诊序号：上午 15号，皮肤科", "上午 15号"),
        ("就诊序号 上12", "上12"),
        ("取药号 中药23", "中药23"),
        ("胎心监护序O7 宫口3cm", "O7"),
        ("排号 下午第5号", "下午第5号"),
        ("候诊序：03；超声室", "03"),
        ("抽血排队号 B-117", "B-117"),
        ("病案袋 3-1182", "3-1182"),
        ("胶片袋号：右2-0417", "右2-0417"),
    ],
)
def test_places_in_a_queue_and_bags_on_a_shelf_are_found(text: str, value: str) -> None:
    assert holds(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "叫号器已坏",
        "排队3小时",
        "叫号后3分钟未到",
        "取号机2台",
        "叫号屏 2块",
        "片袋 5 个",
        "胶片袋 3张",
        "绿通 3 例",
        "分诊号Ⅲ级",
        "候诊号 120 人",
        "治疗序号 5 次",
        "绿通开启后12分钟",
    ],
)
def test_what_queues_and_bags_count_stays(text: str) -> None:
    assert not covered(text)


@pytest.mark.parametrize("text", ["转诊至农村小学就读", "在乡村小学教书", "乡镇中学集体用餐"])
def test_schools_of_no_name_stay(text: str) -> None:
    assert not covered(text)


def test_the_surname_beside_a_known_signature_is_found() -> None:
    assert holds("医师：冷云　喻主任已阅", "喻", Known(Entity.PERSON, IdentifiedText("冷云")))


def test_a_clock_before_the_bedside_is_no_bed() -> None:
    assert not covered("今日13:50床边站立时突发胸闷，02:10床旁拍片")


def test_the_value_of_a_label_ends_where_it_ends() -> None:
    text = "床号：12　性别：男"
    assert covered(text) == {3, 4}


def test_a_known_number_takes_what_is_glued_to_it() -> None:
    known = Known(Entity.MEDICAL_ID, IdentifiedText("B2609917-01"))
    assert holds("图像：IMG-B26O99l7-0l、IMG-B26O99l7-O2", "IMG-B26O99l7-0l", known)
    assert 13 not in covered("号B2609917-01 3片", known)


def test_a_known_name_of_two_does_not_reach_over_a_comma() -> None:
    text = "微信问了汪倩倩，倩倩当即转告"
    known = [Known(Entity.PERSON, IdentifiedText(name)) for name in ("汪倩倩", "倩倩")]
    assert holds(text, "汪倩倩", *known) and text.index("，") not in covered(text, *known)


@pytest.mark.parametrize(
    ("text", "age"), [("死者：洪宝珠  女  九十三岁  老年医学科", "九十三岁"), ("邻居 九十 一岁 的老人", "九十 一岁")]
)
def test_an_age_in_words_beside_a_name_is_found(text: str, age: str) -> None:
    assert holds(text, age)


@pytest.mark.parametrize(
    "text",
    [
        "骨盆外测量24-26-20-9cm，先露头",
        "奥沙利铂由130减至100mg/m²（170mg）",
        "UGT1A1*28杂合，伊立替康减量",
        "流感疫苗已于上周由村医接种",
        "父亲在外务工地点不详",
        "病例讨论地点：外科楼3楼示教室",
    ],
)
def test_what_only_looks_like_a_number_or_a_place_stays(text: str) -> None:
    assert not covered(text)
