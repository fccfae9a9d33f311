"""Days without their year as charts, registers, chats and stickers write them, and the fractions beside them.

⟦ ⟧ is found; nothing else may be found as a date.
"""

from __future__ import annotations

import pytest

from deid.api import Deidentifier
from deid.recognizers.tagged import Tagged
from deid.registry import recognizers
from records.entities import Entity
from records.texts import IdentifiedText
from tests.unit.test_deid_recognizers import unmark

RULES = Deidentifier([r for r in recognizers() if not isinstance(r, Tagged) and not r.name.startswith("person")])

# Month and day by a slash: heading a chat, before what is done to a film or sample, between words.
SLASHES = """
【骨科值班群 ⟦8/14⟧】\\n21:07 三楼来个人
【产科夜班 ⟦11/3⟧】
神内群(⟦9/26⟧)\\n08:02 收到
急诊二线群 ⟦12/9⟧\\n22:15 床满了
影像:DR 右腕(⟦10/31⟧ 摄)
心电图(⟦7/16⟧ 描)示窦律
老片(⟦6/28⟧ 拍)对比
病理片(⟦3/22⟧ 切)再阅
血标本(⟦5/19⟧ 采)溶血
痰培养(⟦4/27⟧ 留)未回
胸片(⟦2/18⟧ 出)见右下渗出
第2次 ⟦5/13⟧ 停机
第3次 ⟦8/12⟧ 语音通话 6 分钟
第4次 ⟦11/10⟧ 约回院
第二次 ⟦6/17⟧ 无人接
一访 ⟦7/21⟧ 短信已读
二访 ⟦9/15⟧ 拒接
首访 ⟦1/29⟧ 女儿接
末次 ⟦10/8⟧ 转社区
镇痛随访 ⟦31/5⟧:NRS 2
复核 ⟦14/8⟧ 已改
拆线 ⟦22/9⟧ 门诊
停泵 ⟦16/6⟧,余液弃
回电 ⟦27/11⟧ 家属在外地
开瓶 ⟦9/12⟧
开封 ⟦3/27⟧ 用至 ⟦4/24⟧
贴于 ⟦6/30⟧ 换药
置管 ⟦7/8⟧,维护 ⟦7/15⟧
上环 ⟦5/6⟧ 取环
导尿管 ⟦8/3⟧ 更换
胃管 ⟦8/29⟧ 留置
与⟦9/18⟧片比无变化
对比⟦8/25⟧旧片
较⟦6/11⟧前片吸收
参照 ⟦4/19⟧ CT
送检 ⟦5/28⟧,报告 ⟦6/2⟧
欠费单 ⟦10/17⟧ 已补
夜班(⟦2/13⟧)交接
中班 ⟦7/30⟧ 接
值班 ⟦1/18⟧ 全天
周四 ⟦5/21⟧ 查房
⟦8/20⟧(四) 大查房
⟦12/24夜⟧ 产房
"""
FRACTIONS = """
肌力5/5级
双侧3/4对称
淋巴结2/15见癌
胃周淋巴结(3/12)转移
第3次 8/12 疗程
化疗第2次 4/6 周期
切片3/12张
4/6级收缩期杂音
NRS 3/10
VAS 4/10分
GCS 10/15分
Apgar 9/10分
Bishop 6/13
视力 4/10
(3/10 阳性)
随访率 8/10
完成 5/12 次
第 2/3 页
共 3/6 联
鼻饲 1/2 量
浸泡 1/4 稀释
取 1/3 片
滴眼 4/6 次
心率/脉搏 12/10
第5/8肋
腰4/5椎间隙
颈5/6间盘
T4/T5 水平
血压 12/8 kPa
HE 4/6 张
蜡块 3/4
盒 2/5
床位 6/8 占用
阳性 2/6 孔
分期 3/4 期
左 5/6 右 4/6
牙周 3/4/3
缝线 4/0 号
针 5/0
Vicryl 3/0
ECOG 1/4
活检 4/12 针阳性
前列腺 12 针 3/12 阳性
孔径 5/8
评估 8/10 合格
核对 4/4 人
考核 9/10
随访 5/6 例
"""
# Month and day by a hyphen: in the column of a register, before a colon, beside films and events.
HYPHENS = """
⟦2024年第二季度⟧\\n序1 ⟦4-9⟧ 首例合并\\n序2 ⟦4-23⟧ 同名\\n序3 ⟦5-15⟧ 补建
登记\\n1 ⟦3-2⟧ 复印全套\\n2 ⟦3-18⟧ 封存\\n3 ⟦4-6⟧ 外借
编号1 ⟦7-9⟧ 跌倒\\n编号2 ⟦7-22⟧ 压疮\\n编号3 ⟦8-4⟧ 坠床
① ⟦5-3⟧ 退药\\n② ⟦5-17⟧ 换药\\n③ ⟦6-1⟧ 补药
例1 ⟦9-4⟧ 输错液\\n例2 ⟦9-16⟧ 标本凝
No1 ⟦2-6⟧ 误吸\\nNo2 ⟦2-19⟧ 脱管
第1例 ⟦6-8⟧ 漏报\\n第2例 ⟦6-25⟧ 迟报
1) ⟦1-4⟧ 催缴\\n2) ⟦1-19⟧ 补缴
与⟦9-18⟧术后片比无移位
和⟦8-25⟧CT比缩小
较⟦10-12⟧前片吸收
对比⟦7-16⟧旧片
参⟦6-28⟧彩超
化疗前(⟦8-25⟧):WBC 4.1
术前(⟦3-17⟧):Hb 96
透析前(⟦11-26⟧):K 5.8
治疗后(⟦5-21⟧):CEA 3.2
出院前(⟦12-19⟧):CRP 8
复查(⟦4-27⟧):ALT 33
血常规(⟦9-13⟧):PLT 118
入院时(⟦2-28⟧):体重 54
放疗后(⟦7-30⟧):口腔黏膜炎
"""
RANGES = """
每日3-5次
心率 6-8 次
C4-5 间盘
L4-5 突出
病程3-4周
2-3 个月
Ⅱ级 1-2 度
(3-5):轻度
肌力 3-4
序1 3-5分钟
序2 4-6级
1 3-5 个
2 2-4 片
间隙 3-4
与 3-5 岁儿童比
较 4-6 岁
对比 3-5 倍
评分前(3-5):中
参考 4-9
5-8 mm
化疗前(4-6周期):稳定
入院前(3-4天):发热
量表(0-10):6
正常(3-9):5
1. 2-3 支/日
1 5-8 次\\n2 6-9 次\\n3 7-10 次
14-3-3 蛋白
"""
# Four figures that are a month and a day: under the heading of a column, in the name of a chat or a shift.
JOINED = """
日期 病案 患者 产品\\n⟦0316⟧ 118827 甲 髋臼杯\\n⟦0317⟧ 118902 乙 锁定板 7孔 左
日期|项目|量\\n⟦0822⟧|换膜|1\\n⟦0823⟧|换液|2
日 期  出量  入量\\n⟦1105⟧  900  1200\\n⟦1106⟧  850  1100
领用日期 品名 数\\n⟦0228⟧ 纱布 3\\n⟦0301⟧ 缝线 2
日期 班次 签名\\n⟦0930⟧ 夜 甲\\n⟦1001⟧ 白 乙
送修日 设备\\n⟦0412⟧ 泵\\n⟦0419⟧ 监护仪
⟦0317⟧夜班交班
⟦0822⟧白班 平稳
⟦1003⟧中班 加床
⟦1107⟧晨会记录
⟦0609⟧晚 呕吐一次
⟦0714⟧早 空腹
【产房群⟦0317⟧】
【ICU 交班 ⟦1212⟧】
"""
FOURS = """
时间 体温\\n0830 36.5\\n1230 37.1
0830 体温 36.5
0800 测血糖
时间 用药\\n0600 头孢\\n1400 头孢
编号 品名\\n0316 纱布\\n0317 缝线
工号 0317
病区电话 0822
(0010,1030) DS 63
(0008,0412) LO
分机 1105
每日 1200 大卡
型号 0609
床号 患者\\n0316 甲\\n0317 乙
尿量 1105 ml
入量 1212
Ca 0412
"""
# As na, nb and nc of the world write days: weeks, stamps, the moon, parts of a month.
WRITINGS = """
⟦2026-W12⟧ 周报
⟦2026W07⟧ 随访窗
⟦2026年第12周⟧ 哨点
⟦20260314T0812⟧ 采样
⟦20260314T081205⟧ 上机
⟦2026-03-14T08:12⟧ 发送
⟦20260314_0812⟧ 导出
⟦26.3.7⟧ 拆线
⟦26.12.30⟧ 复诊
⟦26/3/7⟧ 复查
⟦26-3-7⟧ 术
⟦260307 09:12⟧ 采
⟦三月初七⟧ 初诊
⟦十月廿二晚8点⟧ 发动
⟦冬月十九⟧ 腹痛
⟦闰六月初三⟧ 生
⟦腊月廿九子时⟧ 生
⟦本月9号⟧ 来潮
⟦上月26⟧ 来潮
⟦这个月12号⟧ 拔牙
⟦下月初5⟧ 复诊
⟦5号晨⟧ 解便
⟦17日夜⟧ 抽搐
⟦9号早上⟧ 空腹
⟦22号下午3点⟧ 出院
⟦3月9⟧ 换药
⟦11月2⟧ 复诊
⟦3.9⟧ 拆线,⟦3.16⟧ 复诊
⟦7/Mar/26⟧ visit
⟦7Mar26⟧
⟦07-MAR-2026⟧
⟦March 7⟧ follow-up
⟦2026/03/07(六)⟧
⟦丙午年二月廿三⟧
⟦二〇二六年三月七日⟧
⟦二六年三月七日⟧
⟦2026.Mar.7⟧
⟦2026年03月⟧
⟦民国115年3月7日⟧
⟦115.03.07⟧ 门诊
⟦115/03/07⟧ 领药
⟦令和8年3月7日⟧
⟦’26.3.7⟧
"""
NO_WRITINGS = """
W12 孕周
孕 12W3
BMI 26.37
初七教室
三月龄
5号床晨护
9号方早晚各一次
本月9例
上月26例
第12周复查
3月9次
"""


# A month alone where something is planned or was done then, and what children of that age do.
MONTHS = """
同意,⟦4月⟧质控会讨论
余阴性,⟦6月⟧复查
转述母亲⟦8月⟧清醒时说过
定⟦5月⟧开会
计划⟦9月⟧手术
拟⟦11月⟧拔管
父亲⟦7月⟧去世
妻子⟦10月⟧分娩
他⟦6月⟧离职
她⟦2月⟧回国
。⟦12月⟧抽血未到
,⟦1月⟧复诊
,⟦8月⟧病理回报
;⟦4月⟧随访
,⟦9月⟧入组
,⟦3月⟧停药
,⟦5月⟧换方案
去看⟦7月⟧片子
用⟦6月⟧旧片
"""
NO_MONTHS = """
6月复查一次
每6月复查
术后6月复查
3月复诊一次
每隔2月随访
停药3月复发
化疗6月稳定
病程8月余
婴儿8月会坐
月龄4月
孕4月产检
哺乳6月断奶
随访12月无复发
术后,6月内避孕
服药,3月后复查
疗程3月
,3月内禁重
等3月再查
他3月未来院
用3月停药
术后1月,3月复查
化疗后2月,6月随访
儿子8月大
,6月一次
满6月
;3月前手术
早产2月
生存期8月
"""

# Torn at the end of a line, and numbers that end one before another that begins the next.
TORN = """
就诊 ⟦24.6.\\nl9⟧ 未到
复诊 ⟦24.\\n6.19⟧ 到
置管:⟦25/O3/\\nl2⟧ 右
签收 ⟦24-1l-\\n05⟧ 代
⟦2O24年\\n6月l9日⟧ 入院
送谷雨 ⟦l8\\n日⟧ 再打通了
家属 ⟦21\\n日⟧ 来
于⟦6月\\nl9日⟧ 手术
于⟦6月l9\\n日⟧ 手术
⟦2024-06-\\n19⟧ 出院
⟦2024-\\n06-19⟧ 出院
⟦2024.06.\\n19⟧ 出院
接种 0天⟦10/\\n8⟧ 3天⟦10/11⟧
第二针 ⟦11/\\n5⟧ 未打
⟦2024年6\\n月19日⟧ 来诊
⟦2024\\n年6月19日⟧ 来诊
⟦2024-06-1\\n9⟧ 来诊
⟦20\\n24-06-19⟧ 来诊
⟦2024-06-19 08:\\n30⟧ 采
⟦二〇二四年六月\\n十九日⟧
⟦二〇二四年\\n六月十九日⟧
⟦民国一一三年\\n六月十九日⟧
"""
NOT_TORN = """
WBC:12.6.\\n3.继续抗炎
白蛋白 24.6.\\n19:00 交班
Hb:11.8.\\n12床 稳定
K 4.1,\\n8 时复查
肌力 4/\\n5级
GCS 10/\\n15分
胰岛素 12.\\n8 单位
血压 110/\\n70
体重 24.6.\\n19、换药
"""

# The day before its month: only where the day is no month, by a slash or with the month in Roman figures.
SWAPPED = """
限还⟦30/4⟧
登记小周 ⟦17/3⟧
预产⟦14/8⟧;唐筛低危
复诊 2 周 ⟦17/4⟧ 拆线
⟦14/8 23:10⟧ 监护
⟦14/8⟧ Phaco 超声
采 ⟦13/3⟧ 送
⟦17/2⟧ 退样 3支
工本 10 元 ⟦16/3⟧
术 ⟦29/6⟧ 顺
LMP ⟦23/11⟧
EDD ⟦30/7⟧
入院 ⟦18/5⟧,出院 ⟦27/5⟧
签 ⟦28/2⟧
⟦15/10⟧\\n血压平
复诊:⟦19/1⟧
换药 ⟦25/6⟧、⟦27/6⟧
生 ⟦31/12⟧
末针 ⟦16/9⟧
摘自 ⟦20/5⟧ 病程
质控 ⟦9/III⟧ 合格
⟦24/Ⅲ⟧ 胆总管 14mm
随访 ⟦22/XI⟧ 未到
⟦7/IV⟧ 拔管
出院⟦30/XII⟧
"""
NOT_SWAPPED = """
血压 16/10 kPa
断食 16/8
断食 16/8 法
GCS 15/12
视力 20/10
按压通气 30/2
呼吸比 15/2
培哚普利 13/2mg
阳性 14/6 例
灵敏度 20/8 dB
胰岛素 25/5 U
间隔 30/5 min
卵泡 R 14/12/11 L 13×10
囊肿 14/12 mm
层厚间距 13/3
Se 14/6
吸 30/4 片
二尖瓣区 3/VI 级杂音
闻及 2/Ⅵ 级
SM 3/VI
心尖部收缩期杂音 2/VI
NYHA II/III
"""
# Month, day, hour and minute in figures.
STAMPS = """
⟦0316 2140⟧ NIHSS 14→6
录入⟦0318 07:05⟧ 夜入量 640
⟦0311 0640⟧ 血培养 阳性
采 ⟦1105 0612⟧ 送
入量\\n⟦0822 0530⟧ 尿 300
⟦1212 23:59⟧ 出观
抽血 ⟦0704 0600⟧ 空腹
开医嘱⟦0929 14:20⟧ 停氧
停 ⟦0131 2200⟧ 胰岛素泵
⟦0503 0915⟧ 转ICU
报告 ⟦0617 1133⟧ 危急
带入 ⟦0730 03:40⟧ 压疮
上机 ⟦0217 0810⟧ 下机 ⟦0217 1215⟧
收样 ⟦0808 0755⟧ 溶血
交班 ⟦1130 0800⟧ 平稳
"""
NOT_STAMPS = """
电话 0316 2140
条码 0316 2140
ID 0316 2140
3501 0412 0815
0412 0815 3321
分机 1105 1212
0316 4412 甲
工号 0317 0822
座机0310 2140
卡 0412 1130
0591 2345
"""
# One day by what is done on it; values and parts beside events.
SINGLE = """
检 ⟦3-17⟧
签 ⟦11-24⟧
归还 ⟦18日⟧
限还 ⟦9日⟧
拆线 ⟦21日⟧
复诊 ⟦26日⟧
护理部通知:⟦4-12⟧考核
拟⟦3/18⟧肠镜
拟 ⟦7/2⟧ 出院
计划⟦11/6⟧手术
体温单:⟦3/6⟧ 入院第1日 T 39.2
⟦5/9⟧ 术后第3天
⟦8/14⟧ 首剂 ⟦9/4⟧ 二剂
⟦8/14⟧ 第3程 紫杉醇
⟦6/2⟧ 三针 乙肝
贴面 BL2 ⟦3/2⟧ 取模
冠 ⟦3/16⟧ 试戴
⟦26.3.7⟧入 ⟦3.15⟧出 8天
⟦26/3/7⟧入 ⟦3/15⟧出
"""
NOT_SINGLE = """
呼气 DOB 8.9 (<4)
DOB 11.2‰ 截断4.0
Lac 4.4→1.9,PCT 18.6
PCT 8.6 → 2.4
L1 压缩 1/3
管腔狭窄 2/3
拟 1/2 量
换 2-3 次
停 3-5 天
抽 2-10 ml
限 2-15 分钟
08:00 4.1 16:00 5.3
危急 K+ 7.1 10:42
Na 12.8 09:30
拔 1-2 根
"""

# Values by their days, days of a course, days in a list.
TRENDS = """
T ⟦3/24⟧ 37.2 ⟦3/25⟧ 38.1
WBC ⟦3/14⟧ 12.3 → ⟦3/16⟧ 8.1
CRP:⟦3-14⟧ 56,⟦3-16⟧ 22
血红蛋白 ⟦8/25⟧ 98,⟦8/27⟧ 87,⟦8/30⟧ 91
体重 ⟦6/12⟧ 62.5 ⟦6/19⟧ 61.8
PCT ⟦11-28⟧ 6.4;⟦12-1⟧ 2.2
肌酐 ⟦5/9⟧ 112、⟦5/16⟧ 98
hCG ⟦2/20⟧ 1180 → ⟦2/22⟧ 2260
PLT ⟦9/3⟧: 45,⟦9/13⟧: 88
尿量 ⟦7/22⟧ 900ml ⟦7/23⟧ 1200ml
⟦3-14⟧:WBC 12.3
⟦8-25⟧:血红蛋白 98
第3天 ⟦3-14⟧
POD3 ⟦3/14⟧
D5 ⟦10-21⟧ 拔管
下次 ⟦4/2⟧ 或 ⟦4/9⟧
复诊时间:⟦3-14⟧或⟦3-21⟧
⟦14、15日⟧均未解便
她⟦6、7号⟧没来
于⟦21、22、23日⟧静滴
⟦8和9日⟧体温正常
⟦阴历3.15⟧生
⟦农历5-18⟧
"""
NO_TRENDS = """
肌力 3/5 4/5
每次 3-5 片,4-6 次
参考 3-9 5 4-10 6
分级 1/6 2 3/6 4
第14、15日复查
术后5、6日拔管
住院14、15日
3、5号染色体
D3 2-3 片
孕14、15日
"""


def _rows(table: str) -> list[str]:
    return [row.replace("\\n", "\n") for row in table.strip().split("\n")]


def _dates(text: str) -> set[int]:
    spans = RULES.spans(IdentifiedText(text))
    return {at for span in spans if span.entity is Entity.DATE for at in range(span.start, span.end)}


@pytest.mark.parametrize(
    "marked", _rows(SLASHES + HYPHENS + JOINED + WRITINGS + MONTHS + TORN + SWAPPED + STAMPS + SINGLE + TRENDS)
)
def test_a_day_without_its_year_is_found_and_nothing_beside_it(marked: str) -> None:
    text, spans = unmark(marked)
    wanted = {at for start, end in spans for at in range(start, end)}
    assert {at for at in _dates(text) ^ wanted if not text[at].isspace()} == set()


@pytest.mark.parametrize(
    "text",
    _rows(
        FRACTIONS
        + RANGES
        + FOURS
        + NO_WRITINGS
        + NO_MONTHS
        + NOT_TORN
        + NOT_SWAPPED
        + NOT_STAMPS
        + NOT_SINGLE
        + NO_TRENDS
    ),
)
def test_fractions_ranges_and_counts_stay(text: str) -> None:
    assert _dates(text) == set()
