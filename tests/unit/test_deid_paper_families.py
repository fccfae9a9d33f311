"""Numbers of papers, charges, lots, accounts and extensions: what is found (⟦ ⟧), as what, and what stays."""

from __future__ import annotations

import time

import pytest

from deid.document import Document
from deid.recognizers.account import Account
from deid.recognizers.code import Code
from deid.recognizers.medical_id import MedicalId
from deid.recognizers.other_id import OtherId
from deid.recognizers.phone import Phone
from deid.recognizers.table import Table, charged
from records.entities import Entity
from tests.unit.test_deid_recognizers import unmark

ACCOUNTS = [
    "微信我发了,号是⟦feiyq-doctor⟧那个",
    "微信加一下,号⟦lin_2031⟧",
    "加微信吧,我的号是⟦sunny0415⟧",
    "QQ上联系,我的账号⟦hbz_77⟧",
    "微信备注好,ID是⟦tang.wei88⟧",
    "企微找我,账号叫⟦zhaoq-icu⟧",
    "钉钉群里那个叫⟦xin_lu9⟧的",
    "微信群里搜⟦qiao-mei⟧",
    "抖音关注我,号是⟦yunduo2020⟧",
    "小红书也行,名叫⟦mama_of_2⟧",
    "飞书发我,名是⟦dr-pan1⟧就行",
    "微信不常看,急事加⟦he_1987⟧",
    "微信换了,新号:⟦lushan-22⟧",
    "qq早不用了,老号⟦20813377⟧",
    "微信二维码发你,名⟦guanyu.7⟧",
    "微信搜一下账号⟦kk_1123⟧",
    "QQ空间里,ID⟦xiao.bai3⟧",
    "微信视频过,号⟦shimei-03⟧",
    "微信已加,他叫⟦wdj_0926⟧",
    "微信发片子,加我⟦ortho-li6⟧",
]
NO_ACCOUNTS = [
    "微信发了CT片", "微信视频看DSA", "微信群里说PICC号", "QQ群公告:ICU探视", "微信小程序预约", "微信支付35.6元",
    "微信加急,号源紧张",
    "微信说名额满了", "抖音上讲BMI 24", "微信里问COVID-19", "钉钉打卡,号排到12", "微信叫号到35",
    "小红书说叫CAR-T", "微信名单见附件",
    "微信随访后加metformin", "企微嘱其加amlodipine", "抖音看到名叫ashwagandha", "微信咨询后搜levothyroxine",
    "微信转账2000", "微信号未留", "加微信未果,号码空", "QQ邮箱未填", "微信约号周三", "微信搜索未见",
]  # fmt: skip
EXTENSIONS = [
    "总机转⟦8 1107⟧", "总机转⟦81107⟧", "总机:⟦6231 5588⟧", "总机转接⟦3302⟧", "总机 转⟦5519⟧", "请拨总机转⟦2208⟧",
    "总机转接 ⟦6608⟧",
    "分机⟦8206⟧", "分机号⟦30 71⟧", "内线⟦6655⟧", "短号⟦66721⟧", "护士站⟦7712⟧", "值班室⟦8830⟧",
    "外线⟦0571-87654321⟧",
    "总机⟦87001122⟧", "专线⟦96301⟧", "内线:⟦51-03⟧", "总机转拨⟦4471⟧", "联系:总机转⟦90210⟧", "电话:总机转⟦1126⟧",
]  # fmt: skip
NO_EXTENSIONS = [
    "总机关机", "转出3床", "转1次院", "转入8人", "拨打120", "转120急救", "分机房", "转科2次", "转接1人",
    "转氨酶186", "总机械通气48小时",
    "转归见第3页", "转速3000", "转头30°", "转流45分钟", "拨出2枚", "转移灶2个", "接120车", "总机构2023年",
    "旋转15度",
]  # fmt: skip
LOCAL = [
    "案号:⟦SW-泉-0147⟧", "编号:⟦皖社-0231⟧", "个案号:⟦YX-闽-2023-018⟧", "登记号:⟦宁救-0093⟧",
    "档号:⟦LC-浙-20240⟧", "编号:⟦社工-112⟧",
    "文号:⟦川医-2209⟧", "存号:⟦TJ-津-0031⟧", "受理号:⟦GS-陇-0417⟧", "协查号:⟦HN-湘-8812⟧", "报备号:⟦鄂疾-0702⟧",
    "转介号:⟦ZJ-温-0056⟧", "编号:⟦粤救-2024-11⟧", "回访号:⟦HF-苏-3301⟧", "督办号:⟦DB-冀-0029⟧",
    "编码:⟦QX-赣-00761⟧", "来件号:⟦琼访-0188⟧",
    "卷号:⟦JZ-青-4410⟧", "归档号:⟦GD-蒙-0912⟧", "救助号:⟦豫慈-0640⟧",
]  # fmt: skip
NO_LOCAL = [
    "诊断:上-中-下", "批号:未记", "型号:小-中-大", "编号:见附件", "床号:待定", "号:甲-乙", "位置:左-右",
    "项目:肝-脾-肾", "频次:早-中-晚",
    "编号:无-无", "时间:上午-下午", "病案号:同前", "号码:不详-", "等级:中-2", "方案:A-乙", "编号:一-二",
    "科别:内-外", "结果:阴-阴",
    "编号:空", "分期:早-中期",
]  # fmt: skip
LOTS = [
    "导管批号⟦BD-731902⟧", "骨水泥 批号 ⟦RX88123⟧", "锁定板,批号⟦240316A07⟧", "钛板批号:⟦TI22K0917⟧",
    "透析器 批号⟦DL2033071⟧",
    "粘弹剂批号 ⟦VE2208177⟧", "椎弓根钉6枚,批号⟦T21-0934⟧", "补片批号:⟦HM20331⟧", "人工血管 批号⟦V28T-40772⟧",
    "封堵器批号⟦OC-118803⟧",
    "支架批号 ⟦XT998021⟧", "髓内钉批号⟦PF2207741⟧", "球囊批号:⟦BL-550213⟧", "起搏器 批号⟦PM300912⟧",
    "人工晶体批号⟦AC20-9931⟧",
    "吻合器批号⟦EC60-2218⟧", "植入物批号:⟦IM-77120⟧", "螺钉批号⟦SC-90031⟧", "假体批号⟦JT88-0316⟧",
    "瓣膜批号⟦VA2311-07⟧",
]  # fmt: skip
DRUG_LOTS = [
    "乙肝疫苗首针已接种(批号202508A17)", "麻腮风第2剂,左上臂,批号20240311", "卡介苗批号:202309a11",
    "注射用紫杉醇 批号 2309112", "阿莫西林胶囊批号230711A",
    "破伤风类毒素 0.5ml 批号22113307", "狂犬疫苗第3针 批号20230712-2", "人血白蛋白批号 202301008",
    "流感疫苗,右上臂三角肌,批号20231015", "奥沙利铂 批号 230901K",
    "头孢曲松钠批号:2302117", "静注人免疫球蛋白(批号20230408)", "肝素钠 批号 A230218",
    "甘精胰岛素 生产批号 3F1187A", "对比剂:碘海醇 批号 15688231",
    "脊灰第1剂 批号202211007", "青霉素批号 22071933", "地塞米松磷酸钠 批号2304151",
    "生理盐水注射液批号 C23050711", "试剂批号 20230901",
]  # fmt: skip
PAPERS = [
    ("保单号:⟦202151030042008⟧", Entity.OTHER_ID), ("健康证号⟦JKZ33092210⟧", Entity.OTHER_ID),
    ("献血证号⟦4401201900871⟧", Entity.OTHER_ID),
    ("卡片编号:⟦CRB-540102-0023⟧", Entity.OTHER_ID), ("出生医学证明编号⟦U330123456⟧", Entity.OTHER_ID),
    ("死亡证明编号:⟦140105002401⟧", Entity.OTHER_ID),
    ("运单号⟦SF1407735520917⟧", Entity.OTHER_ID), ("接种证号⟦3611280090012⟧", Entity.OTHER_ID),
    ("审批号⟦YB23120500418⟧", Entity.OTHER_ID),
    ("编号⟦MDT-23-144⟧", Entity.OTHER_ID), ("编号 ⟦SF-02961⟧", Entity.OTHER_ID),
    ("诊断书号⟦CF2011-0392⟧", Entity.OTHER_ID),
    ("住院号⟦00912345⟧", Entity.MEDICAL_ID), ("就诊卡号:⟦8812003471⟧", Entity.MEDICAL_ID),
    ("标本编号⟦B23-88123⟧", Entity.MEDICAL_ID),
    ("病理号:⟦2312345⟧", Entity.MEDICAL_ID), ("医保卡号⟦330106123456⟧", Entity.MEDICAL_ID),
    ("检查报告单号⟦R2023110077⟧", Entity.MEDICAL_ID),
    ("卡号:⟦6217004220018835091⟧", Entity.ACCOUNT), ("镇痛泵编号⟦PCA-0291⟧", Entity.ACCOUNT),
    ("记录仪编号:⟦HL12-0735⟧", Entity.ACCOUNT),
    ("制氧机(编号⟦YJ-30881⟧)", Entity.ACCOUNT), ("矫形器编号⟦AFO-24-0339⟧", Entity.ACCOUNT),
]  # fmt: skip


def _found(marked: str, *recognizers: type) -> tuple[set[int], set[int]]:
    """Places that are found, and those that should be."""
    text, spans = unmark(marked)
    doc = Document(text)
    found = {at for one in recognizers for span in one().find(doc) for at in range(span.start, span.end)}
    return found, {at for start, end in spans for at in range(start, end)}


@pytest.mark.parametrize("marked", [*ACCOUNTS, *NO_ACCOUNTS])
def test_an_account_stands_a_few_words_after_where_it_is(marked: str) -> None:
    found, expected = _found(marked, Account)
    assert found == expected


@pytest.mark.parametrize("marked", [*EXTENSIONS, *NO_EXTENSIONS])
def test_an_extension_follows_the_exchange(marked: str) -> None:
    found, expected = _found(marked, Phone)
    assert found == expected


@pytest.mark.parametrize("marked", [*LOCAL, *NO_LOCAL])
def test_a_number_may_hold_the_short_name_of_a_place(marked: str) -> None:
    found, expected = _found(marked, OtherId)
    assert found == expected


@pytest.mark.parametrize("marked", [*LOTS, *DRUG_LOTS])
def test_lots_of_implants_are_found_and_lots_of_drugs_stay(marked: str) -> None:
    found, expected = _found(marked, Code, Account, MedicalId)
    assert found == expected


@pytest.mark.parametrize(("marked", "entity"), PAPERS)
def test_the_words_before_a_number_say_what_it_numbers(marked: str, entity: Entity) -> None:
    text, [(start, end)] = unmark(marked)
    doc = Document(text)
    spans = [span for one in (Code, MedicalId) for span in one().find(doc) if span.start < end and start < span.end]
    best = max(spans, key=lambda span: (span.end - span.start, span.score))
    assert best.entity is entity


ROWS = [
    "110200005 住院诊查费 日 9.00 1 9.00", "430000006 普通针刺 次 24.00 1 24.00",
    "ZY00231 中药饮片 付 41.62 2 83.24",
    "XB05BB 氯化钠注射液 100ml 3.15 2 6.30", "250403 C反应蛋白测定 次 20.00 1 20.00",
    "1 120100003 一级护理 天 30.00 2 60.00",
    "2. 310701001 心电图 次 25.50 1 25.50", "|330100015|全身麻醉|次|800.00|1|800.00|",
    "C02-17731 一次性导管 根 118.00 1 118.00",
    "86978001 阿托伐他汀钙片 盒 38.20 1 38.20", "A0441 床位费 日 40.0 6 240.0", "3204-11 换药(小) 次 15.00 3 45.00",
    "T10023 陪护椅 张 5.00 2 10.00", "221100 特级护理 小时 8.00 24 192.00", "HC200831 留置针 支 12.60 2 25.20",
    "150101 冷冻血浆 单位 100.00 2 200.00", "F0003377 手术费 次 1200.00 1 1200.00",
    "20 410000112 中药封包 次 35.00 4 140.00",
    "QT-0081 取暖费 天 4.00 7 28.00", "D1134 空气消毒 次 10.00 1 10.00",
]  # fmt: skip
NO_ROWS = [
    "姓名 张三",
    "合计:180.54",
    "住院号:ZY0093712",
    "收费员:金银珠(工号0417)",
    "",
    "电子票据号:370602250087716402",
]


@pytest.mark.parametrize("row", ROWS)
def test_codes_of_charges_number_no_patient(row: str) -> None:
    heading = "项目编码 名称 规格 单价 数量 金额\n"
    assert len(charged(heading + row + "\n合计 80.00")) == 1
    assert charged(row) == set()
    assert charged("标本编号 姓名 结果\n" + row) == set()


@pytest.mark.parametrize(
    "heading",
    ["住院号 项目编码 名称 金额", "病案号|收费编码|名称|费用", "序号 门诊号 物价编码 名称 单价", "姓名 药品代码 单价"],
)
def test_what_stands_before_the_code_of_a_charge_may_number_a_patient(heading: str) -> None:
    assert charged(f"{heading}\nZY0093712 110200001 床位费 日 40.00 6 240.00\n") == set()


@pytest.mark.parametrize("heading", ["序号 国家编码 名称 单价", "|医保项目编码|名称|金额|", "No. 材料编码 规格 总价"])
def test_a_row_number_may_stand_before_the_code_of_a_charge(heading: str) -> None:
    assert len(charged(f"{heading}\n1 110200001 床位费 日 40.00 6 240.00\n")) == 1


def test_a_long_line_of_headings_takes_no_time() -> None:
    began = time.process_time()
    assert charged("单价\n" + "项目编码" * 50_000 + "\n") == charged("项目编码" * 50_000 + "单价") == set()
    assert time.process_time() - began < 5


@pytest.mark.parametrize("row", NO_ROWS)
def test_a_list_of_charges_ends_where_no_charge_stands(row: str) -> None:
    assert charged("收费编码 名称 单价 金额\n" + row + "\n" + ROWS[0]) == set()


@pytest.mark.parametrize(
    "row",
    [
        "1 S07-001 ⟦GXC⟧ 2025-08-04 入组", "2 S07-002 ⟦CZZ⟧ 2025-08-06 筛败 不符",
        "3 S07-003 ⟦OYXM⟧ 2025-08-11 待 中心 复核",
        "12 R0412 ⟦LW⟧ 2024-01-02 入组", "4 S1 ⟦ZQ⟧ 2024-03-03 退出 本人 要求",
    ],
)  # fmt: skip
def test_initials_stand_under_their_heading(row: str) -> None:
    marked = "序 筛选号 缩写 签署日期 结果\n" + row
    text, [(start, end)] = unmark(marked)
    assert (start, end, Entity.PERSON) in {(f.start, f.end, f.entity) for f in Table().find(Document(text))}
