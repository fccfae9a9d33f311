"""Dates as hospitals, machines, scanners and typists write them: forms times clock times times damage.

The tables hold pieces; every test multiplies them. What must stay stands beside what must go.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date

import pytest

from deid.api import Deidentifier
from deid.calendar import read
from deid.recognizers.tagged import Tagged
from deid.registry import recognizers
from deid.resolve import resolve
from deid.spans import Finding
from records.entities import Entity
from records.texts import IdentifiedText
from tests.unit.test_deid_recognizers import unmark

RULES = Deidentifier([r for r in recognizers() if not isinstance(r, Tagged) and not r.name.startswith("person")])
DAYS = ((2024, 3, 5), (2023, 11, 18), (2019, 10, 30), (2021, 1, 1), (1998, 7, 26), (2022, 12, 31))
NUMERALS = "〇一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PLACES = (
    "入院日期：{} 科室：内科", "于{}入院", "{} 查房记录：患者神志清", "（{}）血常规正常", "复查时间{}\n结果",
    "患者{}因胸痛就诊",
    "自{}起发热", "| {} | 胸片 |", "首诊，{}。", "{}行CT检查", "{}\n今日患者", "诊断于{}、外院", "\n{}：患者诉头痛",
    "签名日期 {}",
)  # fmt: skip
CLOCKS = (
    "14:30", "14：30", "9:05", "08:14:22", "14.30", "14时30分", "14点30分", "9时", "9点半", "下午2时", "下午2:30",
    "凌晨3点", "PM 2:30",
    "2:30PM", "2:30 p.m.", "14h30", "14:30:22.123", "辰时", "寅时", "酉时三刻", "下午三点", "晚8点", "中午12时许",
    "早上7点左右", "14；30",
    "14∶30", "14 : 30", "８：３０", "1430",
)  # fmt: skip
PARTS = ("上午", "晨", "夜", "午后", "傍晚", "凌晨", "晚")


def _year(year: int, nought: str = "〇") -> str:
    return "".join(NUMERALS[int(c)] for c in str(year)).replace("〇", nought)


def _count(value: int) -> str:
    tens, ones = divmod(value, 10)
    return (("" if tens == 1 else NUMERALS[tens]) + "十" if tens else "") + (NUMERALS[ones] if ones else "")


def _formal(value: int) -> str:
    tens, ones = divmod(value, 10)
    return (FORMAL[tens] + "拾" if tens else "零") + (FORMAL[ones] if ones else "")


def forms(y: int, m: int, d: int) -> list[str]:
    """One day in every writing that names its year."""
    short, name = y % 100, ENGLISH[m - 1]
    signs = ("-", "/", ".", "．", "。", "、", "—", "–", "－", "·", "_", "~", "～", "\\", ",", "，")
    return [
        f"{y}年{m}月{d}日", f"{y}年{m:02}月{d:02}日", f"{y}年{m}月{d}号", f"{y} 年 {m} 月 {d} 日",
        f"{y}年 {m:02}月 {d:02}日",
        f"{y}年{m}月{d}", f"{y}年{m}.{d}", f"{y}年{m:02}-{d:02}", f"{y}.{m}月{d}日", f"{y}-{m}月{d}日", f"{y}年{m}/{d}",
        f"{short:02}年{m}月{d}日", f"{short:02}.{m}.{d}", f"{short:02}/{m}/{d}", f"{short:02}-{m:02}-{d:02}",
        f"'{short:02}.{m}.{d}",
        f"{short:02}年{m}.{d}", f"{y}{m:02}{d:02}", f"{d:02}/{m:02}/{y}", f"{d}.{m}.{y}", f"{m:02}/{d:02}/{y}",
        f"{y} {m:02} {d:02}",
        f"{d:02}-{name}-{y}", f"{name} {d}, {y}", f"{d:02}{name.upper()}{y}", f"{d:02}-{name}-{short:02}",
        f"{y}-{name}-{d:02}",
        f"{y} {name} {d}", f"{name} the {d}th, {y}", f"Tue, {d} {name} {y}", f"{_year(y)}年{_count(m)}月{_count(d)}日",
        f"{_year(y, '零')}年{_count(m)}月{_count(d)}日", f"{_year(y, 'O')}年{_count(m)}月{_count(d)}日",
        f"{y}年{_count(m)}月{_count(d)}日",
        f"{_year(y, '○')} 年 {_count(m)} 月 {_count(d)} 日", f"{_year(y)}.{_count(m)}.{_count(d)}",
        f"公元{y}年{m}月{d}日",
        "".join(FORMAL[int(c)] for c in str(y)) + f"年{_formal(m)}月{_formal(d)}日", f"民国{y - 1911}年{m}月{d}日",
        *(f"{y}{s}{m}{s}{d}" for s in signs), *(f"{y}{s} {m:02}{s} {d:02}" for s in signs), f"{y}-{m:02}/{d:02}",
        f"{y}--{m:02}--{d:02}",
    ]  # fmt: skip


def stamps(y: int, m: int, d: int) -> list[str]:
    """What machines write: ISO 8601, DICOM, HL7, and a date that lost the blank before its clock time."""
    day = f"{y}{m:02}{d:02}"
    return [
        f"{y}-{m:02}-{d:02}T14:30:22Z", f"{y}-{m:02}-{d:02}T14:30:22.123+08:00", f"{day}143022", f"{day}T143022",
        f"{day}T143022Z",
        f"{day}1430", f"{day}143022.123", f"{day}143022+0800", f"{day}14:30", f"{day} 14:30:22", f"{day}-143022",
        f"{day}_1430",
        f"{y}-{m:02}-{d:02}14:30", f"{y}-{m:02}-{d:02}14:30:22", f"{y}/{m}/{d}14:30", f"{y}.{m:02}.{d:02}14:30",
        f"{y}年{m}月{d}日14:30",
        f"{y}-{m:02}-{d:02}-14:30", f"{y}-{m:02}-{d:02}/14:30", f"{y}.{m}.{d}14.30",
    ]  # fmt: skip


def damaged(value: str, chance: random.Random) -> Iterator[str]:
    """One writing as scanners and faxes leave it."""
    yield value.replace("0", "O")
    yield value.replace("1", "l")
    yield value.replace("0", "O").replace("1", "l")
    yield value.replace("0", "o").replace("1", "I")
    yield "".join(DAMAGE.get(c, c) if chance.random() < 0.5 else c for c in value)
    at = chance.randrange(1, len(value))
    yield value[:at] + " " + value[at:]
    yield (value[:at] + " " + value[at:]).replace("0", "O").replace("1", "l")
    yield value.replace("日", "曰")
    yield value.replace("日", "目")
    yield value.replace("-", "- ").replace(".", ". ").replace("年", "年 ").replace("月", "月 ")
    yield "".join(chr(ord(c) + 0xFEE0) if "!" < c < "~" else c for c in value)
    yield value.replace("-", "一")
    yield value.replace("-", "--")
    yield value.replace(":", ";")


DAMAGE = {"0": "O", "1": "l", "2": "Z", "5": "S", "8": "B"}
LEAST = 0.99  # of damaged writings; every undamaged one must be found

# One stretch each; a range or a list is as many stretches as it has days.
SURROUNDED = r"""
⟦3月5日⟧入院|⟦3月5号⟧出院|于⟦03月05日⟧手术|⟦3月5⟧复查|⟦三月五日⟧来诊|⟦三月五号⟧住院|⟦3月上旬⟧发病|⟦3月初⟧外出
⟦3月底⟧复诊|⟦2024年3月⟧体检
⟦2024-03⟧体检|⟦2024.3⟧行手术|于⟦2024/03⟧确诊|⟦2024年初⟧起病|⟦2024年春⟧起病|⟦2024年春节⟧后发病|⟦2023年国庆⟧期间
⟦2022年冬至⟧前后
⟦2020年夏天⟧|⟦2019年秋季⟧起|⟦2018年底⟧确诊|⟦2017年上半年⟧|⟦2016年年底⟧|⟦2015年5月份⟧|⟦2015年暑假⟧|⟦2023年第三季度⟧
⟦2014年元旦⟧摔倒
⟦去年3月⟧手术|⟦今年3月5日⟧|⟦去年3月5号⟧|⟦去年十月⟧|⟦大前年5月⟧|⟦当年8月⟧|⟦同年11月⟧|⟦本月3日⟧|⟦上月28日⟧
⟦同月15日⟧复查|⟦上个月28号⟧
⟦24年3月⟧|⟦98年5月⟧做胆囊手术|⟦08年⟧因车祸住院|于⟦19年⟧诊断糖尿病|⟦95年底⟧下岗|⟦03/2024⟧确诊|⟦Mar 2024⟧|⟦Mar-24⟧ 复查
⟦2018至2020年⟧服药
⟦2018、2020年⟧两次住院|⟦2018年、2019年、2021年⟧各一次|曾于⟦2018⟧、⟦2020年⟧住院|⟦2012—2018年⟧|⟦15日上午⟧复查
⟦15日晨⟧查房|⟦15日14:30⟧病情变化
，⟦22日夜⟧发热|赶回来是⟦22日凌晨⟧|⟦8号晚⟧吐了一次|⟦8号下午⟧拔管|于⟦8日⟧出院|⟦3日⟧、⟦5日⟧复查|腊月⟦廿三⟧
⟦3月4日⟧-⟦8日⟧化疗|⟦3月4~8日⟧
⟦3.4⟧~⟦3.8⟧化疗|⟦3/5⟧-⟦3/8⟧化疗|⟦2024.3.4⟧至今|⟦2024年3月4日⟧至⟦3月8日⟧|⟦2024.3.4⟧-⟦2024.3.8⟧|⟦2024.3.4⟧-⟦3.8⟧
⟦2024.3.4⟧-⟦8⟧化疗
⟦2019年⟧至⟦2021年⟧|⟦2024年3-5月⟧|⟦3-5月份⟧放疗|⟦2024.3-2024.5⟧|⟦3月4、5、8日⟧|⟦2023.12～2024.01⟧
⟦2024.3.4⟧、⟦3.18⟧、⟦4.2⟧各化疗一次
⟦3/4⟧、⟦3/18⟧、⟦4/2⟧化疗|⟦20240304⟧-⟦20240308⟧|⟦2019.5—2020.11⟧|⟦3-4 08:00⟧至⟦3-5 08:00⟧|⟦正月十五⟧|⟦农历八月十五⟧
⟦甲辰年三月初五⟧
⟦腊月二十三⟧|⟦乙巳年七月廿四日⟧|⟦闰六月初二⟧|⟦农历2月初8⟧|⟦癸卯年冬⟧|⟦六月初一⟧|⟦八月廿九⟧|⟦3/5⟧ 查房|⟦3/5⟧：发热
⟦03-05⟧ 查房|⟦3.5⟧复诊
下次⟦3.5⟧复诊|于⟦3.5⟧出院|⟦10/12 08:30⟧ 交班|⟦10-12 8:30⟧|⟦10.12 8:30⟧体温38.5|（⟦3/5⟧）CT示|⟦3/5晨⟧|⟦3.5晨⟧
预约⟦4/12⟧ 超声
复查(⟦4.12⟧)|CT⟦11.06⟧：|血常规(⟦3.5⟧)：WBC 12.3|⟦3-5⟧我院CT|⟦3.5⟧我院CT|2.⟦3月⟧失恋后情绪低落|。⟦3月⟧接羔
未诊. ⟦8月⟧ 经工友提醒|⟦9月⟧开学后
⟦12月⟧行手术|至⟦8月⟧仍未愈|到⟦10月⟧已不能下床|⟦11月份⟧|⟦4月间⟧丧偶|生于⟦1956年⟧|出生日期 ⟦1956-07⟧|出生：⟦56.7.3⟧
出生年月 ⟦195607⟧|手术日期⟦0305⟧
日期 ⟦3 5⟧|日期：⟦24 3 5⟧|日期⟦2024 3 5⟧|日期：⟦240305⟧|时间：⟦0305 14:30⟧|手术日期：⟦24/3⟧|DOB ⟦03/07/1956⟧
DOB:⟦07.03.56⟧|末次月经⟦3.5⟧
LMP ⟦3.5⟧|EDD ⟦12.10⟧|预产期⟦12-10⟧|⟦Mon 06-Nov-2023⟧|⟦March 5⟧ follow-up|since ⟦2019⟧,|⟦5-Mar⟧|⟦2024-03-05 at 14:30⟧
⟦昭和56年7月3日⟧
⟦二○二四年三月十 七日⟧|⟦三月廿 四⟧来诉|⟦二 〇二四年三月⟧|⟦五六年七月⟧生|⟦贰零贰肆年叁月⟧|⟦2o24年O3月O5日⟧
⟦lO月19日上午⟧第一台|⟦1月9日寅时⟧殁
⟦l月9曰⟧|⟦I2月3O日⟧|⟦8月\n15日⟧|⟦2024年8\n月15日⟧|⟦2023年1\n1月9日⟧|⟦20\n24年3月5日⟧|⟦2024年3月1 5日⟧|⟦3 月 5 日⟧
⟦O3-O5⟧ 查房|⟦2024-O3⟧
——⟦3.11⟧无人接；⟦3.12⟧其母来电|\n⟦10.05⟧ 第二针\n⟦10.06⟧ 第三针|\n⟦l0.O5⟧ 第二针\n⟦1O.O6⟧ 复诊\n⟦lO.l6⟧ 告知
\n⟦3.1⟧ 发热\n⟦3.4⟧ 热退
⟦11.8⟧ ⟦11.9⟧两日引流量|；⟦04-06⟧幽门螺杆菌阳性|⟦3.5⟧、⟦3.6⟧两天发热|⟦8.15⟧入院，⟦8.17⟧手术，⟦8.25⟧出院|已阅 ⟦ll/1O⟧
护士 ⟦3.5⟧|⟦6月 15日 0230⟧
患者⟦03-05⟧夜班突发|⟦3月5号⟧到⟦8号⟧住县医院|⟦3/5⟧夜查房|⟦2024-3-5⟧日查房|⟦2024.03.05⟧日|⟦2024年3月5⟧日夜
⟦2024/3/5⟧ (D3)|D3(⟦3/7⟧)|第3天（⟦3月7日⟧）|化疗C1（⟦2024.3.5⟧）、C2（⟦3.26⟧）、C3（⟦4.16⟧）|C1D1 ⟦2024-03-05⟧
末次化疗时间⟦2024.3.5⟧|⟦2024.3.5⟧、⟦2024.3.26⟧、⟦4.16⟧行TACE|于⟦2023.3⟧、⟦2023.9⟧、⟦2024.3⟧复查
⟦2023.3⟧—⟦2023.9⟧口服|于⟦23.11⟧复查|⟦2023年3⟧、⟦9月⟧复查|⟦2023-03⟧至⟦2023-09⟧|⟦05/03/2024⟧ 14:30|⟦05.03.2024⟧
⟦2024年3月5日⟧（农历⟦正月廿五⟧）|⟦甲辰年正月廿五⟧|生于⟦一九五六年七月三日⟧（⟦丙申年五月廿五⟧）|⟦1956.7⟧出生
⟦56年7月⟧生|⟦1956年7月3日⟧生|⟦56-7-3⟧生|出生⟦560703⟧|出生于⟦1956⟧年|婚后⟦1980年⟧生育|⟦1980⟧年顺产一女
⟦80年⟧结婚，⟦82年⟧生一子|⟦2003年⟧非典时|⟦08年⟧地震时|⟦2020年初⟧疫情|⟦2022年12月⟧感染新冠|⟦22年12月⟧“阳”过
⟦21年⟧、⟦22年⟧各打一针|疫苗：⟦2021.6.3⟧第一针，⟦2021.7.1⟧第二针，⟦2022.1.8⟧加强|接种⟦6/3⟧、⟦7/1⟧|出院日⟦3.12⟧
⟦3.12⟧号复诊|⟦3.12⟧日复诊|明日（⟦3月6日⟧）手术|明天⟦3/6⟧手术|拟⟦3-6⟧手术|定⟦3.6⟧手术|约⟦3/20⟧胃镜|⟦3/20上午⟧胃镜
⟦3月20日8:00⟧空腹|⟦3月20⟧空腹来|⟦20号⟧来拿报告|⟦20日⟧前来办|下周三（⟦20号⟧）|周三⟦3.20⟧|⟦3月5日⟧周二|⟦5/3(周二)⟧
签于⟦二0二四年三月五日⟧|时间：⟦2024年3月5日20时05分⟧|死亡时间：⟦2024年3月5日3时12分⟧|⟦2024-03-05 03:12⟧宣布临床死亡
⟦3月5日3:12⟧|⟦3.5 3:12⟧|⟦03-05 03：12⟧|⟦03/05 0312⟧|⟦24-03-05 0312⟧|⟦24/03/05 03:12⟧|⟦240305 0312⟧|⟦240305⟧-03:12
记录时间 ⟦0305⟧ 1400|⟦20240305⟧T0312|交班⟦3.5⟧-⟦3.6⟧|夜班(⟦3.5⟧~⟦3.6⟧)|有效期至⟦2025.03.05⟧
签发日期⟦2015.06.18⟧-⟦2035.06.18⟧|⟦2024年度⟧体检|⟦2024年⟧第12次|⟦2023年春节⟧|⟦二〇二三年⟧|⟦10.1⟧国庆|⟦5.1⟧假期
⟦11月11日⟧|⟦12.8⟧~⟦12.20⟧住院|⟦2023.12.8⟧~⟦12.20⟧在我科|住院日期：⟦2023.12.08⟧--⟦2023.12.20⟧
⟦2023/12/8⟧至⟦2023/12/20⟧|⟦2023-12-8⟧～⟦20⟧|⟦12月8日～20日⟧住院|⟦2023.12.8⟧住院，⟦12.20⟧出院
Admitted ⟦2023-12-08⟧, discharged ⟦2023-12-20⟧|DOA: ⟦Dec 8⟧|DOB ⟦Jul 3, 1956⟧|born ⟦3 July 1956⟧|⟦8th Dec 2023⟧
⟦Dec. 2023⟧|⟦12/2023⟧|⟦Fri Dec 8 2023⟧|⟦2023年12月8日⟧08:00-⟦12月9日⟧08:00|⟦12月8日8时⟧-⟦9日8时⟧|24h出入量（⟦12.8⟧）
⟦12.8⟧出入量|⟦12月8日⟧T38.5℃|⟦12.08⟧ WBC 12.3|血培养（⟦12.8⟧送检）|痰培养⟦12-08⟧：|⟦12/8⟧血培养|⟦12.8⟧血培养：
血气⟦12.8 8:00⟧|肌酐（⟦12/8⟧）88，（⟦12/10⟧）102|Cr 88（⟦12.8⟧）→102（⟦12.10⟧）|PCT 0.5（⟦12-08⟧）
CT(⟦2023-12-08⟧，本院)
"""
LEFT = r"""
3天|3-5天|术后第3日|病程3月|3月余|3月前|3月后复查|3月龄|孕3月|近3月体重下降|停经3月|服药3月|间断咳嗽3月
术后1月、3月、6月复查|拆线 1、3、6月程控
0、1、6月免疫程序|3月抬头，6月会坐，8月会爬|每日3次|1/2片|0.5-1.0mg|120/80mmHg|BP 110/70|肌力4/5级|L3/4椎间盘|T2N1M0
3-0可吸收线|4-0丝线|5.0mm
VAS 3/10|Apgar 9-10-10|3.5×2.4cm|K 3.5 mmol/L|Na 138.5|白蛋白 35.5|体温36.5-37.2|1.5mg/kg|HbA1c 7.2%|Ki-67 30%
ICD-10 I21.9|8:30-9:00|30分钟
14:30|第3-5肋|C3-4|2-3次/日|2/6级|1:2|(1-3)级|视力0.8/1.0|0.9%NS|10-20滴/分|每4-6小时
1-2周|3-4月复查|1-3个月
6月后复诊|24小时|12/24小时|住院5日|5日后|3日内|第15日|术后5日晨|住院3日晚|HP 3-5个|WBC 3-5/HP|pH 7.35|3.12×10^9/L
参考值3.5-5.5
切口3.5cm|2022版指南|2019年版|AJCC 2017|《中国高血压防治指南2018年修订版》|WHO 2016分类|80年代|20世纪90年代|G3P1
孕3产1|1-0-1-2|妊娠37+2周|6月大
1岁6月|2岁3月|年龄3月|8月婴儿|男，5月|第2-3周期|3/4脱落|1/3处|2/3以上|8/10HPF|淋巴结0/12|3/12枚|6-8h|8-10cmH2O
PEEP 5-8|12-14次/分|3.0T磁共振
第5.6肋|ST段抬高0.1-0.3mV|5-6处|10-11点方向|3点钟位置|截石位3、7、11点|周三|今日|次日|昨晚|春节后|去年|上周|1.2.3项
3.5岁|2-8℃|130-150g/L
三日后|二月余|五日一次|一年前|十余年|病程多年|Lac 2.7\n15:30|凝血酶原时间 12.5秒|手术时间：2.5小时
白细胞4.0~10.0，红细胞3.5~5.5，|S: 10分
血钾3.5，血钠138|肌酐88（53-97）|白细胞12.3(4.0-10.0)|PCT 0.5(0-0.5)|比值1.2(1.1-1.5)|血糖5.6/7.8|OGTT 5.1-10.0-8.5
血压130/80-140/90|3/5肋间|1/4象限|左下肢肌力3/5|右上肢3+/5|眼压12/15|视力0.3/0.5|矫正1.0/1.2|听力30/35dB
APGAR 8-9-10|孕1产1|G2P1|1-0-0-1|末次月经：记不清|停经40天|月经5/28|初潮13岁，5-7/28-30天|心率80-90
BMI 23.5|3.5×2.1×1.2|SUV 3.5|CT值35HU|层厚5.0|2.5/次|1/日|2/周|3/d|5/7天|D-D 1.2|FiO2 0.35|PEEP 5|f 12|Vt 450
I:E 1:2|1.5:1|导管深度12.5|F8/F10|8/0线|10/0线|5-0线|2-0可吸收|0/10线|T8-10|L4-5|S1-2|C5/6|Th1/Th2 0.5|CD4/CD8 1.2
A/G 1.5|AST/ALT 1.2|E/A 0.8|E/e' 12.5|FEV1/FVC 0.65|V/Q|P/F 200|LA 3.5|LV 4.8|EF 65|IVS 1.1|AO 3.1|PASP 35|1.5 T
3.0 T|方案 R-CHOP 21|紫杉醇175 d1,8|吉西他滨 d1、d8、d15|卡铂 AUC 5 d1|口服 d1-14|q3w×6|10mg(3/日)|5/10mg|50/850mg
0.5/2mg|10/1.2g|80/12.5|16/12.5mg|1 2 3 4|(1)(2)(3)|1)2)3)|第1、2、3页|第3/5页|共12页|页码 3-5|表3-5|图3.5|附录3.5
条款3.5|5.1.2条|版本3.5|V3.5|2.0版|第3版|3.5寸|GCS 3-5-6|E3V4M5|E4V5M6 15|NRS 3-5分|ECOG 1-2|KPS 80-90|HAMD 12-15
MMSE 25/30|MoCA 22/30|3-5HP|0-1/HP|1-3/LP|pH 6.0-7.0|SG 1.015|24h尿量1200|12h引流50|每8小时|持续3-5分钟|咳嗽5-6天
3、4天|三四天|十月余|3月28天大|2月5天|1岁2月|12月龄|8月龄|孕8月|8月孕|怀孕3月|3月胎龄|近1月|1月来|半月
每月1次|3月1次|6月1次|1月1次复查|术后1、3、6月|1月、3月、6月各1次|6-12月|12-18月龄|3月内|6月以上|3月疗程|服药满6月
禁酒6月|戒烟8月|10月前|2月前|随访12月|14-3-3蛋白阳性|胃小弯(2/8)、大弯(1/5)|约1/3、约3.6左右
"""


def _rows(table: str) -> list[str]:
    return [row.replace("\\n", "\n") for line in table.strip().split("\n") for row in line.split("|")]


def _covered(text: str, start: int, end: int) -> bool:
    masked = {at for span in RULES.spans(IdentifiedText(text)) for at in range(span.start, span.end)}
    return all(at in masked for at in range(start, end) if not text[at].isspace())


def _stands(value: str, place: str) -> bool:
    at = place.index("{}")
    return _covered(place.replace("{}", value), at, at + len(value))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_writing_of_a_day_is_found_in_every_place(day: tuple[int, int, int]) -> None:
    values = forms(*day) + stamps(*day)
    chance = random.Random(7)
    assert [(v, p) for v in values for p in chance.sample(PLACES, 4) if not _stands(v, p)] == []


@pytest.mark.parametrize("clock", CLOCKS + PARTS)
def test_a_clock_time_belongs_to_its_date(clock: str) -> None:
    chance = random.Random(11)
    days = (
        "2024年3月5日",
        "2024年03月05日",
        "2024-03-05",
        "2024/3/5",
        "2024.3.5",
        "二〇二四年三月五日",
        "24-03-05",
        "2024年3月5号",
    )
    joints = ("", " ", "  ", "，", ", ") if clock in PARTS or "时" in clock else (" ", "  ", "，", ", ", "T", "_")
    values = [day + joint + clock for day in days for joint in joints]
    assert [v for v in values if not _stands(v, chance.choice(PLACES))] == []


@pytest.mark.parametrize("weekday", ["（星期二）", " 星期二", "周二", "(二)", "（周二）", " Tue", " 礼拜三"])
def test_a_weekday_stands_between(weekday: str) -> None:
    values = [day + weekday + clock for day in forms(2024, 3, 5)[:4] for clock in ("", " 14:30", "上午", "晨")]
    assert [v for v in values if not _stands(v, "于{}入院")] == []


def test_damage_hides_almost_none() -> None:
    chance = random.Random(5)
    writings = [
        form + clock
        for day in DAYS
        for form in [f for f in forms(*day) if re.match(r"[12]\d{3}[年\-/.]\d", f)][:9]
        for clock in ("", " 14:30", "14:30", " 08:10", "08:15")
    ]
    values = [bad for value in writings for bad in damaged(value, chance) if bad != value]
    missed = [value for value in values if not _stands(value, chance.choice(PLACES))]
    assert len(values) > 2000
    assert 1 - len(missed) / len(values) >= LEAST, missed[:20]


@pytest.mark.parametrize("marked", _rows(SURROUNDED))
def test_a_part_of_a_date_is_known_by_its_surroundings(marked: str) -> None:
    text, wanted = unmark(marked)
    assert all(_covered(text, start, end) for start, end in wanted)


@pytest.mark.parametrize("text", _rows(LEFT))
def test_durations_doses_and_scores_stay(text: str) -> None:
    assert [span.rule for span in RULES.spans(IdentifiedText(text)) if span.entity is Entity.DATE] == []


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2O23-O9-O5O8:14", date(2023, 9, 5)), ("二○二四年三月十 七日", date(2024, 3, 17)), ("Mon 06-Nov-2023",
        date(2023, 11, 6)),
        ("2024-Mar-05", date(2024, 3, 5)), ("公元2024年3月5日", date(2024, 3, 5)), ("2023年1\n1月9日",
        date(2023, 11, 9)),
        ("12/06 09:00", date(2024, 12, 6)), ("3.5", date(2024, 3, 5)), ("去年三月", date(2023, 3, 1)),
        ("2024年三月五日", date(2024, 3, 5)),
    ],
)  # fmt: skip
def test_what_was_found_is_read_as_the_day_it_names(value: str, day: date) -> None:
    reading = read(value, date(2024, 1, 1))
    assert reading is not None
    assert reading.day == day


def test_what_another_finding_leaves_of_a_date_is_masked() -> None:
    text = "7月30日   古丽巴哈尔"
    day = Finding(0, 5, Entity.DATE, "date.month_day", 0.9, "")
    name = Finding(4, 13, Entity.PERSON, "tagged_person.model", 0.9, "")
    assert [(f.start, f.end) for f in resolve([day, name], text)] == [(0, 4), (4, 13)]


@pytest.mark.parametrize("join", ["至", "~", " 至 ", "到", "~ "])
@pytest.mark.parametrize("date_and_time", ["2024-03-05 09:30", "3月5日 8:55", "2024年3月5日 14:10", "2024/3/5 07:00"])
def test_where_a_span_of_hours_ends_is_no_part_of_the_date(date_and_time: str, join: str) -> None:
    text = f"麻醉时间:{date_and_time}{join}12:50,术中平稳"
    found = {text[span.start : span.end] for span in RULES.spans(IdentifiedText(text)) if span.entity is Entity.DATE}
    assert found == {date_and_time}
