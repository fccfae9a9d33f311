"""Numbers of people as systems, clerks and scanners write them: shapes times labels times damage; look-alikes stay."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from deid.api import Deidentifier
from deid.recognizers.tagged import Tagged
from deid.registry import recognizers
from records.texts import IdentifiedText
from tests.unit.test_deid_recognizers import unmark

RULES = Deidentifier([r for r in recognizers() if not isinstance(r, Tagged) and not r.name.startswith("person")])
CONFUSED = {"0": "O", "1": "l", "2": "Z", "5": "S", "8": "B"}
MOBILES = ("13812345678", "15900012345", "18601018899", "19912008710")
CARDS = ("110105194912310021", "11010519491231002X", "330621198805124437", "510722200102291234", "65010319760315003x")
NAMES_OF_NUMBERS = """
住院号|住院号码|病案号|病历号|门诊号|门诊卡号|就诊卡号|就诊号|登记号|医保号|医保卡号|社保卡号|健康卡号|检查号|影像号
放射号|CT号|MR号|MRI号|X线号|片号|病理号|活检号|细胞学号|超声号|彩超号|B超号|心电图号|脑电图号|胃镜号|肠镜号|内镜号
标本号|标本编号|样本号|条码|条码号|条形码|申请单号|申请号|报告单号|处方号|手术号|麻醉单号|血袋号|献血码|供血者编号
产品码|腕带号|患者ID|病人ID|病人号|ID号|ID|流水号|体检号|档案号|健康档案号|透析号|随访号|预约号|排队号|床号|急诊号
留观号|新农合号|新农合证号|保健手册号|出生证号|出生医学证明编号|死亡证明编号|结算单号|收费单号|检验号|检验单号
化验单号|蜡块号|切片号|会诊号|登录号|HIS号|PACS号|LIS号|MRN|PID|EMPI|ID|住院ID|病案首页号|卡号|诊疗卡号|一卡通号
医技号|采血管号|试管号|核酸条码|特病证号|慢病证号|残疾证号|母子手册号|孕册号|接种证号|儿保号|疫苗接种编号
输血申请单号|交叉配血号|住院流水号|入院登记号|病房号|诊断号|骨髓号|基因检测编号|样品编号|分子病理号|冰冻号
免疫组化号|会诊病理号|DR号|DSA号|PET-CT号|骨密度号|肺功能号|肌电图号|动态心电图号|眼科检查号|听力号|高压氧号|放疗号
化疗登记号|器官移植号|传染病卡号|病例号|上报编号|Patient ID|Accession No|住 院 号|病 案 号|门 诊 号|住院 号
住院号/病案号|病案号（住院号）|住院（门诊）号|住院/门诊号|门诊/住院号|登记号(ID)
"""
VALUES = """
00123456|ZY00123456|ZY-2024-00123|2024-0123|24-01234|B24-1234|S2024/01234|MR20240305001|20240305-0012|ZY000012345601
012345-1|D1234567|123456|1234|8812_01|0012 3456|0 0 1 2 3 4 5 6|№0012345|K-0123/24|P-23-08812|2024031500128
CT240315-08|M24-00123-2|0031887(02)|W24031500045|230508113|Z231187|京A00123|10086-2|0-123456|XJ/2024/0012|a0012345
zy00123456|330***1234|12*****89|T8812|24B0123|24LC00123|2403150012A|0012345－6|ＺＹ００１２３４５６|001 234 567
O0123456|ZY-OO12345|l23456|I2345678|Z00477l2
"""
AFTER_A_LABEL = (
    "{label}：{}", "{label}:{} 姓名：张三", "{label} {}", "{label}： {}\n性别", "({label}:{})",
    "{label}：  {}  床号：12",
    "{label}\n{}\n性别：男", "{label}={};", "{label}是{}，", "{label}【{}】", "{label}为 {}。",
)  # fmt: skip
TELEPHONE_PLACES = (
    "联系电话：{}", "手机{}。", "电话 {} 家属", "（{}）", "其子{}，", "打{}联系", "Tel: {}", "{}(妻)", "张三 {}\n",
    "来电{}告知",
)  # fmt: skip
CARD_PLACES = (
    "身份证号：{}", "身份证 {}", "身份证号码:{} 性别", "证件号码：{}", "公民身份号码{}", "居民身份证{}，",
    "（身份证{}）", "身份证：{}\n",
    "身份证号码(18位)：{}", "身 份 证 号 {}", "监护人身份证号:{}", "患者身份证为{}，", "证号：{}",
)  # fmt: skip
LANDLINES = """
0571-87654321|0571 87654321|(0571)87654321|（0571）8765 4321|057187654321|0571—8765—4321|0571/87654321|010-6275 8812
01062758812|0571-87654321-8012|0571-87654321转8012|0571-87654321 转 8012|0571-87654321 ext 8012
0571-87654321 ext.8012|0571-87654321×8012|0571-87654321*8012|0571-87654321分机8012|0571-87654321（分机8012）
0571-87654321/22|0571-8765 4321|+86-571-87654321|+86 (571) 8765 4321|86-0571-87654321|+86571 87654321
(86-571)87654321|0351 - 463 9114|0 5 7 1 - 8 7 6 5 4 3 2 1|400-820-6611|4008206611|400 8206 611|400-8206-611
800-820-1234|0871-6512345|0571.87654321|0571_87654321|0571·87654321|0086-571-87654321|+852 9123 4567|+852-2345 6789
00852-91234567|+853 6612 3456|+886 912 345 678|+1 (415) 555-0132|+1-415-555-0132|+44 20 7946 0958|+81-3-1234-5678
+81 90-1234-5678|+65 9123 4567|+7 912 345-67-89|O571-87654321|0571-8765432l|0571-876543Z1|(0571) 87654321
（0571）-87654321|021-5566 7788-301
"""
TELEPHONES = r"""
电话：⟦13812345678⟧/⟦13987654321⟧|电话⟦13812345678⟧、⟦13987654321⟧|电话⟦13812345678⟧；⟦87654321⟧
电话⟦13812345678⟧或⟦0571-87654321⟧|手机⟦138-1234-5678⟧/5679|电话：⟦0571-87654321⟧／⟦87654322⟧
⟦13812345678⟧（妻）⟦13987654321⟧（子）|联系电话1：⟦13812345678⟧ 联系电话2：⟦13987654321⟧
电话①⟦13812345678⟧②⟦13987654321⟧|电话：⟦13812345678⟧ ⟦13987654321⟧|电话:家⟦87654321⟧ 单位⟦65432187⟧|尾号⟦5678⟧
手机尾号⟦5678⟧|后四位⟦5678⟧|手机号末四位为⟦5678⟧|申话⟦138 1234 5678⟧|电 话⟦l38l2345678⟧|电活：⟦13812345678⟧
手 机 ⟦138 12345 678⟧|手机：⟦13812345678⟧(微信同号)|TEL：⟦0571-87654321⟧|Mob ⟦138 1234 5678⟧|Ph: ⟦87654321⟧
☎⟦87654321⟧|☎：⟦0571-87654321⟧|📞⟦13812345678⟧|℡ ⟦87654321⟧|📱 ⟦13812345678⟧|Phone：⟦87654321⟧|致电⟦8765 4321⟧
护士站 ⟦6120⟧|急诊科⟦87654321⟧（24小时）|王姐 ⟦8278 9163⟧|电⟦8765-4321⟧|TEL⟦13812345678⟧|申 话⟦l 50 2993 44O6⟧
联系人 李四 ⟦1 39 1234 5678⟧|寻呼⟦127-8890⟧|手机号为⟦壹叁捌1234 5678⟧|手机⟦一三八一二三四五六七八⟧
电话：⟦零五七一八七六五四三二一⟧
"""
HOSPITAL_NUMBERS = r"""
住院号⟦0012345⟧（二次入院）|病案号⟦123456⟧-⟦2⟧|住院号 ⟦ZY 0012 345⟧|ID：⟦P-2024-0012⟧ |门诊ID⟦88012347⟧
卡号后四位⟦8812⟧|病人号码⟦000123⟧|医保卡 ⟦33010000123⟧|医保编码⟦330100D15600000123ABC⟧|电子健康卡ID：⟦A1B2C3D4E5F6⟧
就诊流水：⟦20240305000123⟧|挂号序号⟦15⟧|报告编号 ⟦US-20240305-017⟧|Exam No. ⟦CT2403050012⟧|Study ID: ⟦240305-77⟧
Acc# ⟦2403050012⟧|MRN ⟦0012345⟧|Hosp No ⟦A12345⟧|检验编号：⟦L0305017⟧|样品ID⟦S2403-017⟧|蜡块⟦24-08812-A3⟧
切片 ⟦24S08812⟧|病理号 ⟦Z24-0812⟧|外院病理⟦2403812⟧|冰冻号⟦F24-033⟧|骨髓片号⟦BM24-12⟧|血袋编号 ⟦0431220 3301 57⟧
产品码：⟦U0123400⟧|手术间3 手术编号⟦OP240305-3⟧|申请单⟦SQD0012345⟧|处方⟦CF20240305001⟧|取药号 ⟦A012⟧|取号⟦B023⟧
排队号：⟦A023⟧|条码：⟦*0012345678*⟧|条码号 ⟦6901 2345 6789⟧|腕带⟦P0012345⟧|录像编号⟦V-0312⟧|心电编号⟦ECG240305-18⟧
动态血压编号：⟦ABP0312⟧|睡眠监测号⟦PSG24-018⟧|档案⟦DA-0012⟧|慢病档案编号⟦330102001-0123⟧|计免号⟦3301020123⟧
母子健康手册编号⟦330102-2024-0123⟧|出生证编号⟦P330012345⟧|死亡证编号：⟦3301022024000123⟧
疫情卡编号⟦330102-2024-00012⟧|结核登记号⟦2024-0123⟧|HIV筛查编号⟦H24-0012⟧|器官捐献编号⟦C-D-2024-0012⟧
骨髓库编号⟦ZH0012345⟧|移植受者编号⟦R0123⟧|⟦3床⟧王某|⟦03床⟧（李）|⟦16-2床⟧患者|⟦5楼12床⟧|⟦七楼东区21床⟧|床号 ⟦A12⟧
床号：⟦3-12床⟧|电话⟦0571--87654321⟧|电话:⟦0571 8765-4321⟧|TEL.⟦(0571)8765.4321⟧|手机：⟦138-12345678⟧
手机⟦1381234 5678⟧|⟦138 1234 567⟧8|电话：⟦８７６５４３２１⟧|联系：⟦13812345678⟧转告|致电家属⟦13812345678⟧3次未接
⟦138*****678⟧|电话⟦87654321⟧-8012|值班手机⟦681234⟧|护士站：⟦8012⟧|院内短号 ⟦66123⟧|微信同手机⟦13812345678⟧
微信“⟦zw_1988⟧”|微信昵称“⟦快乐老张⟧”|微信名：⟦快乐老张⟧|QQ邮箱⟦123456@qq.com⟧|Email: ⟦wei.zhang@hosp-demo.com.cn⟧.
发至⟦zw1988＠１６３．ｃｏｍ⟧|支付宝：⟦138****5678⟧|农行卡⟦6228480012345678901⟧|尾号⟦8901⟧的银行卡|车牌尾号⟦123⟧
浙⟦A12345⟧|车⟦浙A·1234学⟧|⟦浙AF12345⟧（新能源）|护照 ⟦EJ1234567⟧|身份证⟦3301021949O112OO47⟧|身份证后六位⟦12O047⟧
身份证尾号⟦0047⟧|身份证⟦33010219490112 0047⟧|⟦330102 19490112 004 7⟧|身份证号 ⟦３３０１０２１９４９０１１２００４７⟧
身份证:⟦330102-19490112-0047⟧|证件⟦H12345678⟧|工号⟦00231⟧王医生|发票代码⟦033002200111⟧ 发票号码⟦12345678⟧
票号 ⟦0012345⟧|收费收据⟦No:0012345⟧|收据No⟦0012345⟧|№⟦0012345⟧|合同⟦HT-0012⟧|公证书⟦(2024)浙杭东证字第1234号⟧
⟦杭公(西)不立字〔2024〕12号⟧|⟦浙公交认字[2024]第0012号⟧|起搏器型号A2DR01，序列号⟦PJL123456S⟧|SN.⟦BLE123456⟧
假体 REF 123 LOT ⟦AB1234⟧|镜身号⟦2817043⟧|泵号⟦08812⟧|IP地址 ⟦10.12.3.45⟧|http://⟦pacs.demo-hosp.cn⟧/v
网址：⟦www.demo-hosp.cn/r?id=88⟧
血袋号①⟦O35l2 3O46 771⟧ ②⟦O351223O46772⟧ ③⟦0351223 O46780⟧
住院号   科室   床号\n⟦00123456⟧   内科   ⟦12⟧|住院号  床号\n⟦00123456⟧  ⟦12⟧|姓名  住院号\n张三  ⟦00123456⟧
住院号：\n⟦00123456⟧|住院号\n⟦00123456⟧|住院号      检查号\n⟦ZY0012345⟧    ⟦CT240315-08⟧
标本号 项目 结果 单位\n⟦0315-018⟧ 钾 3.5 mmol/L|⟦00123456⟧（住院号）|⟦ZY00123456⟧(病案号)|⟦B24-1234⟧（病理）
⟦CT240315008⟧（CT号）|病人lD⟦OOO7l8823⟧|病人1D:⟦00071882⟧|患者lD：⟦00071882⟧|病人ld⟦0012345⟧
复查胸片(⟦DR24021 5-088⟧)|胸片⟦DR240215-088⟧|CT(⟦CT2403150 08⟧)|病理(⟦B24-12 34⟧)|MRI号⟦MR 2403 1500 1⟧
住院号⟦0012\n3456⟧|住院号：⟦ZY0012\n3456⟧|主院号⟦ZOO47712⟧|住阮号：⟦00123456⟧|住院号 ⟦OO12345⟧|佳院号：⟦00123456⟧
病案亏：⟦00123456⟧|病案号OO71932血液科⟦8床⟧|住院号⟦0012345⟧血液科⟦8床⟧|门诊号⟦色尼O231⟧|门诊号：⟦门0231⟧
床⟦ll⟧ 住院号|⟦床4l⟧|床:⟦12⟧|床 ⟦12⟧ 姓名|床号⟦ll⟧|病区⟦急诊外科O2床⟧|床位：⟦老年病科二病区06床⟧|病区：⟦血液科12床⟧
科别 ⟦骨二科19床⟧|⟦三病区15床⟧|⟦6楼东23床⟧|⟦外三-12床⟧|⟦心内二区8床⟧|⟦12区08床⟧|⟦A区3床⟧|⟦东区12床⟧|⟦308病房2床⟧
⟦308室2床⟧|⟦308-2床⟧|⟦ICU3床⟧|⟦加12床⟧ 张三|⟦加1床⟧新来的|⟦12床⟧张三|⟦12床⟧，张三|⟦12号床⟧患者|⟦+3床⟧李四
床号：⟦加3⟧|⟦加床2⟧ 张力|走廊⟦加床12号⟧|⟦3加床⟧今晨发热|⟦加床4⟧ 李某|⟦加床 5 床⟧
床号：⟦抢1⟧|床号：⟦EICU-05⟧|床号：⟦三楼12⟧|床号: ⟦12-1⟧|床号 ⟦0 8⟧|Bed No: ⟦12⟧|bed ⟦12⟧|Bed:⟦ICU-3⟧
床别：⟦12⟧|⟦l2床⟧王五|⟦1O床⟧王五|⟦O8床⟧：王五|尾号⟦8892⟧|条码尾号⟦8892⟧|样本⟦0315018⟧|标本 ⟦0315-018⟧ 溶血
血袋⟦0431 2203 3301 57⟧|血袋号：⟦04312203330157⟧|心电图⟦E240315012⟧|病检⟦24-08812⟧示|病理⟦2024-08812⟧示腺癌
镜检号⟦J240315⟧|CT片号⟦123456⟧|片号 ⟦12345⟧|住院号尾号⟦3456⟧|住院号⟦00123456⟧-2|ID⟦00123456⟧|ID:⟦P0012⟧
患者编号⟦001⟧|住院号⟦一二三四五六⟧|健康卡⟦330102********0047⟧|（住院号⟦00123456⟧，床号⟦12⟧）
住院号/床号：⟦00123456⟧/⟦12⟧|门诊号/住院号：⟦0012345⟧/⟦00123456⟧|住院号：⟦00123456⟧，⟦00123457⟧
住院号：⟦00123456⟧、⟦00123457⟧|登记号：[⟦00123456⟧]|登记号'⟦00123456⟧'|⟦ZY00123456⟧号病历|⟦00123456⟧号住院病历
见⟦88012347⟧号病案
"""
FILES = r"""
收据⟦NO.0077416⟧|收据号：⟦NO.0077416⟧|发票号码:⟦00774165⟧|发票 No ⟦00774165⟧|(收据⟦N o 00I8 237⟧)|票据号⟦0018237⟧
受案登记⟦科后公(甘)受案字[2O23]l 482号⟧|⟦科公(甘)受案字[2023]1482号⟧|⟦西公（刑）立字〔2023〕1234号⟧
⟦（2023）浙0102民初1234号⟧|⟦(2023)浙01刑终45号⟧|⟦浙杭西公交认字[2023]第00123号⟧|编号：⟦云滇鉴[2023]临鉴字第0862号⟧
⟦齐精鉴[2024]刑字第037号⟧|⟦杭劳鉴〔2024〕0123号⟧|⟦浙杭公证字第1234号⟧|⟦（2024）浙杭证民字第123号⟧
⟦京朝卫医罚〔2024〕12号⟧|案号：⟦（2023）京0105民初12345号⟧|案件编号⟦A3301020020230315001⟧|接警单号：⟦20230315123456⟧
警情编号 ⟦J3301022023031500012⟧|工号：⟦0231⟧|工号⟦A0231⟧|医师工号 ⟦10231⟧|护士工号:⟦N0231⟧|（工号⟦0231⟧）
员工号⟦0231⟧|执业证号：⟦110330000012345⟧|医师资格证书编号:⟦200433110330102198001012345⟧
执业证书编码⟦110330102001234⟧|护士执业证⟦201233012345⟧|胸牌号⟦0231⟧|警号⟦012345⟧|警号：⟦X012345⟧|筛选号：⟦S0123⟧
随机号⟦R0045⟧|受试者编号：⟦01-003⟧|受试者号⟦0103⟧|入组号：⟦C01023⟧|中心编号⟦08⟧|课题编号：⟦2023YFC250123⟧
伦理批件号：⟦2023-伦审-012⟧|伦理批号 ⟦KY2023-012⟧|合同号：⟦HT-2023-0123⟧|合同编号:⟦JS20230315⟧
保单号：⟦PDZA20233301000012345⟧|保单号⟦8003 2023 0012 3456⟧|学号：⟦2020110456⟧|学籍号⟦G330102200801012345⟧
准考证号⟦33010212345⟧|考号：⟦0123456⟧|快递单号⟦SF1234567890123⟧|订单号：⟦2023031512345678⟧|运单号⟦YT8812345678901⟧
投诉单号：⟦TS20230315-01⟧|工单⟦GD20230315001⟧|车架号⟦LSVAU2A37CN123456⟧|车架号LSVAU2A3 7CN123456
税号⟦91330102MA2ABC123X⟧|统一社会信用代码：⟦91330102MA2ABC123X⟧|许可证号⟦浙卫医证字(2020)第012号⟧
判决书号⟦(2022)浙0106刑初55号⟧|鉴定书编号：⟦浙迪司鉴[2023]临鉴字第123号⟧|出警单⟦120-2023-0315-08⟧
调解协议⟦杭医调(2023)123号⟧|介绍信⟦字第0123号⟧|转诊单号：⟦ZZ2023-0012⟧|报告卡编号⟦330102-2023-00123⟧
传染病卡⟦3301022023031500⟧|低保证号：⟦3301020123⟧|囚号⟦0231⟧|房号⟦308⟧|取件码⟦8-2-1234⟧|验证码⟦123456⟧
献血证号⟦330100012345⟧|党员证⟦0123⟧|预约码 ⟦882031⟧|批件号⟦2023S012⟧|会员号⟦VIP00123⟧
"""
ACCOUNTS = r"""
微信⟦zhang_wei88⟧|微信号：⟦wxid_abc123⟧|微信(⟦kenichi_ yn77⟧)告知|微信：⟦kenichi- yn77⟧|微信号 ⟦ken ichi77⟧
威信⟦zhang88⟧|V信:⟦zhang88⟧|vx：⟦zhang88⟧|wx⟦zhang88⟧|加v ⟦zhang88⟧|WeChat ID: ⟦zhang88⟧|Wechat：⟦zhang88⟧
微 信 号 ⟦zhang88⟧|微倍号：⟦zhang88⟧|徽信：⟦zhang88⟧|薇信⟦zhang88⟧|QQ：⟦356781234⟧|QQ号⟦3567 81234⟧|qq群 ⟦123456789⟧
Q Q：⟦356781234⟧|QQ⟦3S678I234⟧|扣扣⟦356781234⟧|支付宝⟦13812345678⟧|支付宝账号：⟦zhang@163.com⟧|抖音号⟦dy12345⟧
小红书：⟦xhs_1234⟧|微博@⟦zhangwei88⟧|Line：⟦kaogau66⟧|LINE ID:⟦kaogau66⟧|WhatsApp: ⟦+852 9123 4567⟧
Skype: ⟦zhang.wei⟧|Facebook：⟦zhang.wei.88⟧|IG：⟦zhang_88⟧|KakaoTalk：⟦kim88⟧|Zalo ⟦0912345678⟧|快手号⟦ks88123⟧
钉钉号⟦dd88123⟧|账号⟦zhang88⟧|用户名:⟦zhang88⟧|登录名：⟦zhang88⟧ 密码：⟦Abc12345⟧
图像网址⟦hrtps://pacs.hx2-demo.cn/v?k=77lOf3⟧|⟦https://pacs.hx2-demo.cn/v?k=77⟧|⟦http：//www.abc.cn⟧
⟦http:/ /pacs.abc.cn/1⟧|⟦https;//pacs.abc.cn⟧|⟦htttps://pacs.abc.cn/a⟧|⟦httqs://pacs.abc.cn/a⟧
⟦hitps://pacs.abc.cn/a⟧|⟦https//pacs.abc.cn/a⟧|⟦www.abc.cn⟧|⟦www,abc.cn⟧|⟦www.abc,cn⟧|⟦wvvw.abc.cn⟧|⟦WWW.ABC.COM.CN⟧
⟦pacs.abc.cn/v?id=1⟧|⟦pacs.abc.com:8080/x⟧|⟦abc.com.cn⟧|⟦10.2.3.4⟧|IP：⟦192.168.1.20⟧|IP⟦10. 2. 3. 4⟧|IP ⟦lO.2.3.4⟧
⟦192.168.1.20:8080⟧|MAC：⟦00-1A-2B-3C-4D-5E⟧|⟦00:1A:2B:3C:4D:5E⟧|银行卡号 ⟦6222 0216 0200 1887⟧
银行卡⟦6222021602001887123⟧|工行卡⟦6222 0216 0200 1887 123⟧|建行⟦6217 0000 1234 5678 901⟧
开户行工行，账号⟦1202 0230 0990 0123 456⟧|卡号：⟦6228 48** **** 1234⟧|信用卡尾号⟦1234⟧|银行卡(尾号⟦1234⟧)
⟦62220216O2OO1887⟧|存折账号:⟦1202023009900123456⟧|车牌⟦浙A12345⟧|车牌号：⟦浙A·12345⟧|⟦浙A D12345⟧|⟦浙AD12345⟧
⟦浙 A 12345⟧|⟦浙A1234警⟧|⟦粤Z1234港⟧|⟦京A·D12345⟧|⟦浙A12O45⟧|⟦苏E-88A12⟧|车牌 ⟦沪C 8K2Z1⟧|⟦WJ浙12345⟧
电动车牌⟦杭州123456⟧|护照⟦E12345678⟧|护照号：⟦EA1234567⟧|护照 No.⟦G12345678⟧|护照TR⟦7l2O458⟧|passport ⟦P1234567⟧
Passport No: ⟦AB1234567⟧|港澳通行证⟦C12345678⟧|回乡证⟦H1234567800⟧|台胞证：⟦12345678⟧
台湾居民来往大陆通行证⟦12345678⟧|军官证 ⟦军字第123456号⟧|士兵证⟦士字第1234567号⟧|军人证⟦南字第0123456号⟧
残疾军人证⟦军X123456⟧|驾驶证号：⟦330102198001012345⟧|驾驶证档案编号⟦330100123456⟧|香港身份证⟦A123456(7)⟧
台湾身份证⟦A123456789⟧|外国人永久居留证⟦CHN330098101012⟧|居留许可⟦12345678⟧|起搏器序列号：⟦PJN123456⟧
支架（SN：⟦A1234567⟧）|人工晶体序列号 ⟦12345678 012⟧|晶体 SN:⟦2134567890⟧|髋关节假体编号⟦H-12345⟧|S/N：⟦BLX123456H⟧
UDI ⟦(01)06901234567892(17)251231(10)A123⟧|REF ⟦DES3518⟧ LOT ⟦0012345678⟧|植入物条码：⟦690123456789⟧
设备编号⟦YL-0012⟧|呼吸机编号⟦HX-08⟧|监护仪SN⟦MD12345⟧|耳蜗序列号⟦1234567⟧|泵编号⟦P-0123⟧|IMEI:⟦861234567890123⟧
除颤器 ICD 序列号⟦BXX123456S⟧|瓣膜编号：⟦8812345⟧|密码：⟦Abc123⟧|验证码：⟦778812⟧|POS终端号⟦88123456⟧
"""
ADDRESSES = r"""
邮箱⟦k .sato@ryokou-demo.jp⟧|邮箱：⟦zhou@163.com⟧|⟦a.b @ example . com⟧|⟦a.b(at)example.com⟧
⟦a.b[at]example[dot]com⟧|⟦a.b at example dot com⟧|⟦a.b＠example．com⟧|邮箱 ⟦a.b@example,com⟧|邮箱⟦a.b@example.c0m⟧
邮箱：⟦a.b@163 com⟧|邮箱:⟦ab®163.com⟧|邮箱:⟦ab©qq.com⟧|E-mail:⟦a.b@ example.com⟧|Email ⟦a_b@mail.hosp.com.cn⟧
⟦123456789@qq.com⟧|⟦ZHANG.WEI@HOSP.CN⟧|mail: ⟦z@x.cn⟧|邮箱⟦zhang- wei@163.com⟧|邮箱⟦zhang_ wei@163.com⟧
邮箱：⟦zhang.wei#163.com⟧|邮箱⟦zhangwei艾特163点com⟧|邮件⟦z.wei@hosp-demo.cn⟧|⟦z.wei@hosp-demo。cn⟧
⟦z.wei@hosp-\ndemo.cn⟧|⟦z.wei@\nhosp-demo.cn⟧|<⟦z.wei@hosp.cn⟧>|（⟦z.wei@hosp.cn⟧）|电邮⟦z.wei@hosp.cn⟧
邮 箱 ⟦z . wei@hosp . cn⟧|邮箱z⟦hang8812@l63.com⟧|⟦zhang8812@l63.com⟧|⟦zhang88l2@qq.com⟧|⟦zhang+lab@gmail.com⟧
⟦zhang&lab@gmail.com⟧|⟦z_w-88@sub.dom-ain.edu.cn⟧|联系：⟦z.wei@hosp.cn⟧；|⟦zhang@163.com⟧/⟦li@qq.com⟧
⟦zhang＠163.com⟧|⟦zhang﹫163.com⟧|⟦zhang@163.corn⟧|⟦zhang(a)163.com⟧|⟦zhang AT 163.com⟧|⟦zhang @163.com⟧
⟦zhang@l63 .com⟧|⟦zhang@163. com⟧
"""
LEFT = r"""
符合HLH-2004标准|HLH-94方案|LCH-III
ICD-10 I21.900|C50.9|Ki-67 30%|T2N1M0|BP 120/80|WBC 12300|HbA1c 7.2%|EGFR 19del|HER2 2+|CA125 35|CD20+|HLA-B27|p53
M8140/3|rs1801133|G6PD|IL-6 12.3|5-FU|FOLFOX6|CHOP-14|T12-L1|L4/5|D-二聚体 1234|0.9%氯化钠250ml|阿司匹林100mg
国药准字H20230511|现有12床|增设12床|空3床|双人床旁超声|第2次住院|2型糖尿病|3号染色体|12导联|18导联心电图|1.5T磁共振
64排CT|DR片|CT平扫+增强|MRI示|型号 GIF-HQ290|3M敷料|6F鞘|5Fr导管|4-0丝线|3.0×23mm支架|AO分型B2.1|Garden IV型
NYHA III级|ASA II级|Child-Pugh B(8分)|PT 12.5s|INR 2.31|APTT 38|K+ 3.51|Na+ 138|CO2CP 22|pH7.352|PO2 88|SpO2 98%
FiO2 0.4|PEEP 8|R 18|P 88|T 36.8|GCS 15|APACHE II 12|SOFA 4|CURB-65 2分|PHQ-9 12|MMSE 28|V4A|B12|C3 0.89
C-13呼气试验|99mTc|18F-FDG|I-131|Y-90|Gy 50|2Gy×25F|qd|bid|q8h|40U|3升袋|5%GNS 500ml|TP 6.5|A/G 1.2|费用2356元|1:160
1:320|NCT01234567|GB 12345-2020|WS/T 123-2020|第12版|2次/分|A超|B超|H7N9|H1N1|COVID-19|HPV16|HPV 52|EB病毒
CMV-DNA 1250|HCV-RNA<500|Hp(+)|MRSA|ESBL|VRE|CRE|编号规则|住院号未知|病案号：无|住院号：＿＿＿|条码打印|微信支付
微信扫码|QQ群通知|支付宝付款|网站查询|邮箱未填|护照未带|车牌不详|工号不清|发票遗失|案例讨论|第3例|病例3|例1|图2|表3
见附件1|步骤12|编码错误|3楼|12层|急诊科3诊室|体温36.5℃，脉搏80次/分|血小板 138000|WBC 12345/ul|拨打120送院|拨打110
HBV-DNA 13812345 IU/mL|2.5×10^9|BNP 13812|CK 12345 U/L|NT-proBNP 18601 pg/ml|电话随访1次|电话回访3个月
电话通知2小时后|手机使用2小时|内线照明|电话询问病情，10点|急救3次|预约3天后|联系2次未果|门诊预约5月|咨询10分钟|分机
CA19-9 1380.12|费用13812.34元|身高168cm 体重60kg|滴速40-60滴/分
第3次住院|2号手术间|3号诊室|5楼电梯|12楼|8区|B区|检查号未打印|电话未接|电话联系2次|微信联系|短信通知3次|心率88次
处方3张|处方7天量|条码2张|标本3份|切片5张|蜡块3块|血2U|红细胞4单位|PLT 1治疗量|腕带完好|手术2次|预约3天后|排队2小时
申请会诊1次|报告3份|报告时间2小时|CT 3次|MR 1.5T|DR 2张|超声3次|心电图2次|活检6块|编号1-6|图1-3|病例1|例2|受试者3例
随机分2组|1:1随机|合同约定3条|发票3张|床旁2次|现有加床3张|加床2人|共加床5例|每日加床费30元
床头抬高30度|卧床3天|双床|单人床1张|加床紧张|3张床|床位12张
床位使用率95%|病床50张|Line 2 治疗|IG 0.5%|FB 5.6|Signal 强|PS 1分|SN 征阳性|LOT 率|IP 关节|MAC 0.8|URL 检测|DIP 3
ID 5|No 3|a@b|T@1.5|5@qd|//|a/b//c|3//4|V信号|WX|QQ
"""


def _rows(table: str) -> list[str]:
    return [row.replace("\\n", "\n") for line in table.strip().split("\n") for row in line.split("|")]


def _groups(value: str, *sizes: int, sign: str = " ") -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(value[at : at + size])
        at += size
    return sign.join([*pieces, value[at:]] if at < len(value) else pieces)


def mobiles(value: str) -> list[str]:
    """One mobile number in every grouping, with its country, or with a part of it hidden."""
    signs = (" ", "-", "·", ".", "—", "–", "_", "  ", " - ", "－", "/", "一")
    lands = ("+86", "+86 ", "+86-", "0086", "0086-", "(+86)", "（86）", "86-", "86 ", "＋86 ", "+ 86 ")
    hides = ("****", "xxxx", "XXXX", " **** ", "____", "××××", "○○○○", "####", "••••", "…")
    return [
        value, " ".join(value), _groups(value, 4, 3), _groups(value, 3), _groups(value, 3, 3),
        f"{value[:3]}({value[3:7]}){value[7:]}",
        *(_groups(value, 3, 4, sign=sign) for sign in signs), *(land + value for land in lands),
        *(land + _groups(value, 3, 4) for land in lands), *(value[:3] + hide + value[7:] for hide in hides),
        value[:7] + "****",
    ]  # fmt: skip


def cards(value: str) -> list[str]:
    """One identity number in every grouping, or with a part of it hidden."""
    hides = ("*" * 8, "X" * 8, "x" * 8, "×" * 8, "●" * 8, " ******** ", "_" * 8, "#" * 8, "◆◆◆◆")
    return [
        value, " ".join(value),
        value[:17], value[:10] + "1" + value[10:], value[:3] + "*" * 11 + value[14:], value[:14] + "****",
        *(_groups(value, 6, 8, sign=s) for s in (" ", "-", "·", "  ")),
        *(_groups(value, 6, 4, 4, sign=s) for s in (" ", "-", "·", "  ")),
        *(_groups(value, 3, 3, 4, 4, sign=s) for s in (" ", "-")), *(_groups(value, 4, 4, 4, 4, sign=s) for s in (" ",
        "-")),
        *(value[:6] + hide + value[14:] for hide in hides),
    ]  # fmt: skip


def damaged(value: str, chance: random.Random) -> Iterator[str]:
    """One number as scanners and faxes leave it."""
    yield "".join(CONFUSED[c] if c in CONFUSED and chance.random() < 0.4 else c for c in value)
    yield value.replace("0", "O")
    yield value.replace("0", "O").replace("1", "l")
    at = chance.randrange(2, len(value) - 1)
    yield value[:at] + " " + value[at:]
    yield (value[:at] + " " + value[at:]).replace("0", "O").replace("1", "l")
    yield "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)
    yield value[:at] + "\n" + value[at:]
    yield value.replace("-", "一")
    yield value.replace("-", " - ")


def _covered(text: str, start: int, end: int) -> bool:
    masked = {at for span in RULES.spans(IdentifiedText(text)) for at in range(span.start, span.end)}
    return all(at in masked for at in range(start, end) if not text[at].isspace())


def _stands(value: str, place: str) -> bool:
    at = place.index("{}")
    return _covered(place.replace("{}", value), at, at + len(value))


@pytest.mark.parametrize("mobile", MOBILES)
def test_every_writing_of_a_mobile_number_is_found_in_every_place(mobile: str) -> None:
    chance = random.Random(3)
    assert [(v, p) for v in mobiles(mobile) for p in chance.sample(TELEPHONE_PLACES, 5) if not _stands(v, p)] == []


@pytest.mark.parametrize("place", ["电话：{}", "科室{}。", "（{}）", "联系{}", "Tel {}", "{}(护士站)"])
def test_landlines_and_foreign_numbers_are_found(place: str) -> None:
    assert [value for value in _rows(LANDLINES) if not _stands(value, place)] == []


@pytest.mark.parametrize("card", CARDS)
def test_every_writing_of_an_identity_number_is_found_after_every_label(card: str) -> None:
    chance = random.Random(3)
    assert [(v, p) for v in cards(card) for p in chance.sample(CARD_PLACES, 6) if not _stands(v, p)] == []


@pytest.mark.parametrize("label", _rows(NAMES_OF_NUMBERS))
def test_a_number_after_its_name_is_found(label: str) -> None:
    chance = random.Random(label)
    values = [v for v in _rows(VALUES) if not (label[-1].isascii() and v[0].isascii())] or _rows(VALUES)
    places = [place.replace("{label}", label) for place in AFTER_A_LABEL]
    drawn = [(value, chance.choice(places)) for value in chance.sample(values, min(12, len(values)))]
    assert [case for case in drawn if not _stands(*case)] == []


def test_damage_hides_almost_none() -> None:
    chance = random.Random(5)
    telephones = [v for m in MOBILES for v in (m, _groups(m, 3, 4), _groups(m, 3, 4, sign="-"))] + ["0571-87654321"]
    cases = [(bad, place) for v in telephones for bad in damaged(v, chance) for place in TELEPHONE_PLACES[:3]]
    cases += [(bad, place) for v in CARDS for bad in damaged(v, chance) for place in CARD_PLACES]
    cases += [(bad, f"{label}{{}} 姓名") for label in ("住院号：", "检查号 ", "病案号:", "标本号", "门诊号：")
              for v in _rows(VALUES)[:10] for bad in damaged(v, chance)]  # fmt: skip
    missed = [case for case in cases if not _stands(*case)]
    assert len(cases) > 1000
    assert len(missed) <= len(cases) * 0.03, missed[:20]


@pytest.mark.parametrize(
    "marked", [r for t in (TELEPHONES, HOSPITAL_NUMBERS, FILES, ACCOUNTS, ADDRESSES) for r in _rows(t)]
)
def test_the_number_is_found(marked: str) -> None:
    text, wanted = unmark(marked)
    assert all(_covered(text, start, end) for start, end in wanted)


@pytest.mark.parametrize("text", _rows(LEFT))
def test_measures_codes_and_counts_stay(text: str) -> None:
    assert [(span.entity, span.rule) for span in RULES.spans(IdentifiedText(text))] == []
