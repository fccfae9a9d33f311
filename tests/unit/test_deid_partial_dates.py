"""Days, months and years by themselves, old calendars and torn writings: what is one, and durations that are not."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier
from deid.recognizers.tagged import Tagged
from deid.registry import recognizers
from records.entities import Entity
from records.texts import IdentifiedText
from tests.unit.test_deid_recognizers import unmark

RULES = Deidentifier([r for r in recognizers() if not isinstance(r, Tagged) and not r.name.startswith("person")])

DAYS = r"""
帮厨的小马⟦7日⟧起腹泻|空调滤网⟦18日⟧更换|陪护⟦23日⟧离开|护工⟦9号⟧来上班|家属⟦15号⟧才到|儿子⟦12号⟧回老家|陪护⟦3号⟧走
输液泵⟦26日⟧送修|探视⟦11日⟧停|⟦30号⟧复查|⟦8号⟧再来|她⟦6号⟧又吐了一次|老周⟦14号⟧转院|标本⟦20日⟧补送|他⟦25号⟧没来
本月⟦21号⟧|⟦本月1日⟧起|⟦上月二十七⟧来潮|⟦上月廿八⟧行经|⟦本月初三⟧来诊|⟦上个月十五⟧净|⟦下月二十⟧复诊|⟦本月17⟧来潮
药服到⟦廿二⟧止|⟦廿五⟧来复诊|从⟦廿一⟧起泻|⟦廿六⟧晚又发作|到⟦廿九⟧热退|,⟦初四⟧来|自⟦初八⟧起咳|于⟦初五⟧返家|,⟦初二晚⟧又热
约⟦二十四号下午三点⟧|⟦二十一号⟧来取|⟦十五号上午⟧手术|⟦三号晚上⟧发热|⟦十六日晨⟧解便|她⟦十二号⟧又来|⟦二十八号⟧出院
⟦三十号⟧复查
⟦三十一日夜⟧呕吐
管子写的⟦0903⟧，|别再贴错成⟦1102⟧|标签上写着⟦0615⟧。|瓶子上写的是⟦1230⟧|标注⟦0228⟧,
"""
MONTHS = r"""
妻子⟦9月⟧起回娘家|未种原因:⟦2月⟧肺炎住院|约⟦10月⟧上门抽血|预约⟦4月⟧复查|老伴⟦6月⟧起卧床|延期原因:⟦11月⟧骨折
他⟦8月⟧起跑外卖
拟:⟦12月⟧手术|约定⟦5月⟧来院|女儿⟦7月⟧起住校|约在⟦3月⟧随访|父亲⟦1月⟧起透析
"""
YEARS = r"""
⟦2020年⟧前列腺癌|⟦2019年⟧后腹腔镜肾切除|⟦2018年⟧前交叉韧带重建|⟦2016年⟧后颅窝减压|⟦2021年⟧前庭神经炎|⟦2017年⟧后循环缺血
⟦2015年⟧以来反复|⟦2014年⟧前后发病|⟦2012年⟧后未复查|⟦2022年⟧轻度脑梗死|⟦2013年⟧来我院|⟦2011年⟧前壁心梗|⟦2010年⟧以前体健
⟦23年底⟧宰羊|⟦19年底⟧确诊|⟦21年年底⟧发现|⟦08年末⟧手术|⟦1928年腊月⟧生|⟦2026年元月⟧入院|⟦2019年冬月⟧|⟦1956年正月初三⟧
,⟦15年⟧因车祸截肢|。⟦22年⟧做心脏支架|,⟦18年⟧确诊红斑狼疮|(⟦23年⟧体检发现|
⟦2025年霜降⟧后|⟦乙巳年霜降后三日⟧初诊|⟦甲辰年立冬前一日⟧|⟦癸卯年谷雨⟧复诊|⟦丙午年惊蛰后二日⟧|⟦壬寅年大雪日⟧|⟦辛丑年芒种⟧
⟦2024年处暑⟧|⟦庚子年端午⟧|⟦己亥年中秋前两日⟧|⟦甲辰年除夕⟧|⟦2022年白露⟧前后
"""
MOON = r"""
\n⟦九月十二⟧  低热|\n⟦三月十八⟧陪母亲来|"⟦四月十八⟧陪我妈|,⟦七月廿四⟧复诊|\n⟦腊月十九⟧ 咳|\n⟦二月十一⟧  夜汗
。⟦五月三十⟧药尽|,⟦八月二十三⟧起
\n⟦六月十五⟧返来了|\n⟦十月廿四⟧|于⟦四月\n卄二日⟧出院|⟦一九八一年四月\n卄二日⟧
"""
TORN = r"""
送达：⟦2O26 6 l⟧ 签收|签收 ⟦2024 3 5⟧\n|\n⟦2O25 11 2⟧ 患者|FAX 12 ⟦23 1O l4 16:O9⟧ PAGE|⟦24 03 05 08:30⟧
│ ⟦23/O7/O2⟧ │ ⟦23/O8/\nO6⟧\nX|│ ⟦23.7.O3⟧ │ ⟦23.8.O7⟧\n
\n1 ⟦25.3.l2⟧ 14+1|\n2 ⟦25.4.2O⟧ 19+5|\n4⟦25.6.15⟧ 27+5 57|from ⟦19/O7/24⟧ to ⟦O1/\n08/24⟧.|⟦l4.Feb.l983⟧\n
⟦Jul\nl8, 2O24⟧ 就诊
⟦22 NOV 2O23 l9:44:O7⟧|Fri, ⟦17 May 2024 11:48:20 +0800⟧|⟦12MAR⟧在外地|起⟦UN/JAN/2024⟧|⟦UNK-FEB-2023⟧|止⟦29/JAN/2024⟧
⟦03-SEP-2O22⟧|⟦05OCT2023⟧
⟦民国三十\n七年⟧生|⟦2|0|2|3|年|1|1|月|1|6|日⟧|HIS|HQ|⟦20240611083015⟧||ORU|F|||⟦20240611082944⟧||审核|^^⟦20230405⟧^A
"""
LEFT = r"""
住院21日出院|抗炎3日停药|腹泻2日来诊|服药7日复诊|术后9日起进食|第12日起加量|发热3日来院|隔离14日解除|治疗10日换药
每月15日间隔|卧床8日又发热
输液5日未愈|咳嗽6日再发|12号染色体|3号病房|5号诊室|2号楼|7号方加减|4号线|1号手术间|6号取药窗口|9号针|10号床旁|3号台
第8号起|8号导管|5号起搏
孕6月起补钙|满6月起添加辅食|术后3月起负重|8月起坐|病程2月住院|停经3月来诊|近1月起床头晕|3月起夜|生后6月起添加
反复腹痛3月入院|年龄:6月 体重8kg
3月余|病史：2月余|约3月前|约2月后复查|预约3月内|高血压10年，糖尿病5年|吸烟20年，戒烟3年|病史20年初期未治|10年前因
患病15年初发|近5年底物|30年余
初一学生|初三年级|初二辍学|初中文化|初八角|廿四味凉茶|廿余年|初诊|初五班|三号病房|十二号染色体|服三十日|第十五日起
术后十四日拆线|住院二十日出院|每日二十号
写的1200ml|标注0.5|贴成1350单|一月三次|三月十余次|十月怀胎|二月半|五月大小|五月十个|1200年前|300年后|二十四小时
十二号手术刀|十五日量|三十日内复诊
2023年级|3年级|PLT 25 3 5|8 12 25|12 3 5 8|2000 5 10 15|1.5 2.5|25.3.12.1|3DEC5|5MARK|10MAYO
"""


def _rows(table: str) -> list[str]:
    out = []
    for line in table.strip().split("\n"):
        row = ""
        for piece in line.replace("\\n", "\n").split("|"):
            row = f"{row}|{piece}" if row else piece
            if row.count("⟦") == row.count("⟧"):
                out.append(row)
                row = ""
    return [row for row in out if row]


@pytest.mark.parametrize("marked", [row for table in (DAYS, MONTHS, YEARS, MOON, TORN) for row in _rows(table)])
def test_a_part_of_a_date_is_found(marked: str) -> None:
    text, wanted = unmark(marked)
    masked = {at for span in RULES.spans(IdentifiedText(text)) for at in range(span.start, span.end)}
    for start, end in wanted:
        assert {at for at in range(start, end) if not text[at].isspace()} <= masked, text[start:end]


@pytest.mark.parametrize("text", _rows(LEFT))
def test_durations_numbers_and_classes_stay(text: str) -> None:
    assert [text[s.start : s.end] for s in RULES.spans(IdentifiedText(text)) if s.entity is Entity.DATE] == []
