"""Numbers without a plain label: beds of wards, papers of offices, people of trials, names online, pieces, messages."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier
from deid.recognizers.tagged import Tagged
from deid.registry import recognizers
from records.entities import Entity
from records.texts import IdentifiedText
from tests.unit.test_deid_partial_dates import _rows
from tests.unit.test_deid_recognizers import unmark

RULES = Deidentifier([r for r in recognizers() if not isinstance(r, Tagged) and not r.name.startswith("person")])
NUMBERS = {Entity.MEDICAL_ID, Entity.OTHER_ID, Entity.ACCOUNT, Entity.PHONE, Entity.EMAIL, Entity.ID_CARD}

BEDS = r"""
病区⟦男二7床⟧,|⟦女三12床⟧家属|转⟦老二6床⟧|⟦精三15床⟧约束|,⟦12床⟧改单间|;⟦11床⟧昨天新收|,⟦9床⟧今晨拔管|。⟦33床⟧换药
,⟦5床⟧仍发热|,⟦7床⟧拒绝
床:⟦产3-加1⟧|床号：⟦内2-15⟧|床:⟦二\n17⟧\n|房床⟦3O6一 2床⟧|机位:⟦A区14号机⟧|机位 ⟦B区3号⟧ |透析机位：⟦12号机⟧|床:⟦女3-08⟧
"""
HOSPITAL = r"""
CT光盘（⟦1228-06⟧）|眼库（⟦C26-088⟧、⟦C26-089⟧）|胶片（⟦20231-04⟧）|玻片(⟦S2301-0042⟧)|骨库（⟦G24-1107⟧）
血样(⟦0913-21⟧)|蜡块（⟦B23-00817⟧）
(李某，日间3床，⟦R0067120⟧)|（王某，⟦K0012345⟧）|Accession:⟦CT24O6l5O82⟧|医保⟦GZ2ll O468 O3⟧\n|新农合 ⟦JX00418823⟧
社保：⟦SB3300128⟧
"""
OFFICES = r"""
编号 ⟦营转2O26一O413⟧|鉴定书 ⟦宛劳鉴2O26 —O2l48⟧|认定书 ⟦唐工伤 2O25-3l9 号⟧|函号:⟦晋髓⟨2023⟩0066⟧
证件:牧民证⟦富草字0287⟧|(⟦定转2O23-O66⟧)
受理编号:⟦平劳鉴2022-1473⟧|⟦2O26 闽O583民初4l9O号⟧|仲裁书：⟦甬劳仲2024-0187⟧|（⟦杭医鉴〔2021〕045号⟧）
决定书 ⟦沪残审2023-00418⟧|案号:⟦皖人社工伤2019-2207号⟧
渔船证⟦舟渔字00812⟧|林权证:⟦桂林证字第004512号⟧|残疾证 ⟦豫残字第00781号⟧|⟦2021京0105刑初318号⟧|⟦2019粤03执2207号⟧
编号：⟦滨安调2025-0031⟧
"""
TRIALS = r"""
受试者⟦S03-007⟧、⟦S03-011⟧病历\n⟦S03-007⟧：签名|受试者编号 ⟦0142-017⟧\n⟦0142-019⟧ 脱落
Subject ⟦A12-0031⟧ withdrew; ⟦A12-0044⟧ ok|志愿者：⟦07-0019⟧，⟦07-0020⟧
校验码:⟦9d8aOf⟧|防伪码：⟦3fA7c2⟧|Operator: ⟦NUR0417⟧ |License ⟦110310000447728⟧|坐席:⟦0092号⟧|柜员 ⟦K0318⟧
User: ⟦HSZ2207⟧|Badge ⟦RN00418⟧
"""
ACCOUNTS = r"""
网友“⟦夜航船_1999⟧”（微信号）|微信叫"⟦木头人2008⟧"。|微信名“⟦静水流深⟧”|抖音号"⟦山里的云⟧"|QQ昵称「⟦风之子⟧」
快手名叫“⟦东北大鹏⟧”|网名"⟦小鱼儿⟧"|小红书博主“⟦阿慢慢慢⟧”
“⟦海边的风⟧”(微信名)|心室导线⟦LEV 442093V⟧。|新导线号⟦LEV 519927V⟧|起搏器⟦PJN 4420931⟧|瓣膜号：⟦EDW 7718204⟧
除颤器 ⟦BLH 600812S⟧|人工耳蜗⟦CI 5120033⟧
查看⟦t.hsz.example/r/9KxQ2⟧\n|⟦https：//pacs.lz-hosp. cn/q?a=CT24O615082⟧|⟦s.yy.link/8Kd2⟧|⟦u.clinic.app/x?id=3⟧
MAC ⟦OO:lB:6C:3F:A2:9\nE⟧\n|MAC地址：⟦0O-1B-6C-3F-A2-9E⟧
条码 ⟦(O1)O69 4l234 5OO781(17)28113O(1O)648l9O27⟧\n
"""
PHONES = r"""
或⟦幺三七三三二八七四〇五⟧|⟦幺三九零零幺二三四五六⟧|座机是⟦七二一四〇六九⟧，|⟦八七六五二〇九⟧打不通
联系方式:⟦8222012/13⟧|电话⟦62758812、13⟧|FAX NO.:⟦0892-8822014⟧
"""
PROBES = r"""
⟦加1床⟧张某|转⟦B12床⟧|⟦+3床⟧李某|⟦外一08床⟧|⟦内三(12床)⟧|床⟦12⟧|床位⟦03A⟧|⟦3楼15床⟧|⟦EICU-4床⟧|⟦11F-23床⟧|床号 ⟦加12⟧
床号：⟦十二⟧|⟦八病区⟧|⟦12/13床⟧互换|⟦二楼东5床⟧|Bed ⟦14B⟧|床：⟦1103-2⟧
住院号末四位⟦4471⟧|尾号⟦8820⟧的手机|病理⟦23-08817⟧|腕带⟦0042213⟧|样本管⟦P230412-07⟧|号⟦Z231187⟧|病历夹⟦0117⟧
片袋号⟦1203⟧|病案 ⟦B-2047⟧|HN:⟦66-012345⟧|UHID ⟦2203317⟧|NHS no ⟦4857773456⟧|EMR#⟦22-1187⟧|MRN⟦8837201⟧
Lab No ⟦L22-00317⟧|Ref: ⟦HZ/22/1187⟧|血袋⟦0532723 134511⟧|献血条码⟦G1234 23 123456⟧
电话⟦8721-3344⟧|小灵通⟦0571 8872213⟧|内线⟦6021⟧|虚拟号⟦66123⟧|手机⟦1 3 8 1 2 3 4 5 6 7 8⟧|⟦138-1234-5678⟧
⟦(0571)87654321-8012⟧|⟦+1 (415) 555-0132⟧|⟦+81-3-1234-5678⟧|⟦00852 2345 6789⟧|tel:⟦+8613812345678⟧
固话⟦87654321⟧/⟦87654322⟧|⟦一三八一二三四五六七八⟧|寻呼⟦127-88213⟧|打⟦7654321⟧找|⟦138****5678⟧|⟦138xxxx5678⟧
⟦139 0000 1234⟧(妻)|⟦13900001234⟧、⟦13900005678⟧|传真:⟦0571-87654321⟧／⟦22⟧
邮箱 ⟦zhang.san@163.com⟧|⟦zhangsan＠qq．com⟧|⟦zhang_san [at] hz-hosp [dot] cn⟧|⟦zs@hz-hosp.example⟧|mailto:⟦a.b@c.org⟧
e-mail ⟦zs 1983 @ 126 . com⟧|邮箱：⟦zs1983艾特qq点com⟧|⟦zs1983@qq。com⟧
身份证⟦33010219490101⟧|身份证后四位⟦0047⟧|证件尾号⟦004X⟧|身份证：⟦330102 1949 0101 0047⟧|护照 ⟦E12345678⟧
港澳通行证⟦H0912345601⟧|台胞证 ⟦01234567⟧|军官证 ⟦南字第0123456号⟧|外国人永居证⟦GBR330182061200⟧
驾照号⟦330102194901010047⟧|车牌 ⟦浙A·8D771⟧|⟦浙AD12345⟧|⟦粤Z1234港⟧|电动车牌⟦杭州K12345⟧|车架号⟦LSVAM4187C2184847⟧
微信 ⟦wx_zhang88⟧|微信号就是手机号|加V：⟦zs-1983⟧|QQ⟦1234567⟧|抖音：⟦dy88213⟧|支付宝⟦zs***@qq.com⟧|银行卡尾号⟦8821⟧
卡号⟦6222 0212 0200 1234 567⟧|账号：⟦33001616735050001234⟧|IP ⟦10.2.33.7⟧|IP：⟦192.168.1.1O⟧|MAC ⟦0A:1B:2C:3D:4E:5F⟧
IMEI ⟦356938035643809⟧|序列号：⟦SN2203-118⟧|S/N ⟦BKX-00817⟧|起搏器型号A3DR01，编号⟦PVX203418⟧|支架LOT⟦1128837⟧
UDI⟦(01)06941234500781⟧|网址 ⟦http://a.b.cn/x⟧|⟦www.hz-hosp.cn⟧
工号⟦3312⟧|工牌⟦A0117⟧|警号⟦012345⟧|执业证书编码⟦110330000012345⟧|合同⟦HT-2023-018⟧|案号（⟦2023⟧）
（⟦2023⟧）浙0102民初123号|发票⟦No.00118273⟧|保单⟦PDAA20233301⟧|快递 ⟦SF1234567890123⟧|运单⟦JD0081237712⟧|筛选号⟦S0117⟧
随机号 ⟦R-042⟧|学号：⟦2019330117⟧|准考证⟦330118201123⟧|报案号⟦A330102000020230317⟧|理赔号：⟦LP2023-00117⟧
受试者⟦01-003⟧|伦理批件⟦2023-KY-117⟧|订单⟦202303170042⟧|接警单 ⟦JJ-0317-22⟧
"""
MESSAGES = (
    "PV1|1|I|⟦9F^0917^02⟧||||⟦D3305⟧^花^蕊",
    "MSH|^~|LAB|HIS|⟦MSG00091774⟧|P|2.4",
    "PID|||X^Y||⟦13321904476⟧\nPV1|1|I^A",
    "PV1|1|O|⟦ICU2^0103^1⟧^A|⟦W20418⟧^钱^医",
    "ORC|NW|⟦PL0041877⟧^HIS||⟦15900012345⟧|",
    "PV1||I|⟦7W^12^03⟧|R|||⟦YS1172⟧^",
)
FOUND = (BEDS, HOSPITAL, OFFICES, TRIALS, ACCOUNTS, PHONES, PROBES)
LEFT = r"""
床旁7项|男二胎|女三岁|12床位|增设18床|颈椎CT（C5-6）|腰椎MR（L4-5）|报告（3-5天）|CT（2-3mm）|标本（2-0丝线）
病历（1-3页）|X线片（正位）|3,120患者|计数1,0067120
转2023-06复查|鉴于2023年|字数2300|签字0930|名字123|数字1234|写字3000|病程2-007次|3-007基因|医保报销8000元|医保2023年
微信“扫一扫”支付|QQ群|“胃康”(中成药)
一二三四五六七|三四五六七八九十|二〇二三年|一九八一年三月|电极 CS 90|ICD 10|支架 3.0mm|导线 8F|起搏器 DDD 60
泵 ECMO 4000转|mg.kg/d|ml/min.1.73|U.kg/h|i.v/p.o
床头抬高30°|5/10床单|CD20|SF-36|PD-L1 50%|IL-6 12|双人间(2床)位|12345政务服务热线|12320卫生热线|PAGE:1/3|WBC|4^10|9
3^2^1|MAC 0.7|(01)项目|用户 30名|User 2|Operator 3
"""


@pytest.mark.parametrize(
    "marked",
    [row for table in (BEDS, HOSPITAL, OFFICES, TRIALS, ACCOUNTS, PHONES, PROBES) for row in _rows(table)]
    + list(MESSAGES),
)
def test_a_number_is_found(marked: str) -> None:
    text, wanted = unmark(marked)
    masked = {at for span in RULES.spans(IdentifiedText(text)) for at in range(span.start, span.end)}
    for start, end in wanted:
        assert {at for at in range(start, end) if not text[at].isspace()} <= masked, text[start:end]


@pytest.mark.parametrize("text", _rows(LEFT))
def test_what_measures_counts_or_names_a_place_stays(text: str) -> None:
    assert [text[s.start : s.end] for s in RULES.spans(IdentifiedText(text)) if s.entity in NUMBERS] == []


@pytest.mark.parametrize(
    "ward",
    [
        "B7病区",
        "A5病区",
        "C-3病区",
        "D11病区",
        "5A病区",
        "12B病区",
        "A病区",
        "三病区",
        "内二病区",
        "第4病区",
        "东3病区",
        "E2护理单元",
    ],
)
def test_a_ward_is_found_with_its_letter(ward: str) -> None:
    for text in (f"病区：{ward}　床号：0721", f"内分泌科{ward}　病案号", f"已通知{ward}接病人"):
        start = text.index(ward)
        masked = {at for span in RULES.spans(IdentifiedText(text)) for at in range(span.start, span.end)}
        assert set(range(start, start + len(ward))) <= masked


@pytest.mark.parametrize(
    "text", ["ICU病区消毒", "COVID病区撤销", "各病区自查", "共27床)", "设30床)", "双人间(2床)", "四人房(4床)"]
)
def test_what_numbers_no_ward_stays(text: str) -> None:
    assert RULES.spans(IdentifiedText(text)) == ()


def test_a_bed_before_a_closing_bracket_is_found() -> None:
    text = "呼吸内科（病案号322196，27床），CT示"
    assert [text[span.start : span.end] for span in RULES.spans(IdentifiedText(text))] == ["322196", "27床"]
