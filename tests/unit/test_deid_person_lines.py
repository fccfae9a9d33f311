"""Names on lines of staff, beside kin, before titles, that are words or in Latin letters; and what is none."""

from __future__ import annotations

import pytest

from deid.document import Document, Recognizer
from deid.recognizers.address_field import AddressField
from deid.recognizers.person_acting import PersonActing
from deid.recognizers.person_beside import PersonBeside
from deid.recognizers.person_cue import PersonCue
from deid.recognizers.person_latin import PersonLatin
from deid.recognizers.person_nickname import PersonNickname
from deid.recognizers.person_title import PersonTitle
from records.entities import Entity
from tests.unit.test_deid_recognizers import unmark

RULES: list[Recognizer] = [
    PersonActing(), PersonBeside(), PersonCue(), PersonLatin(), PersonNickname(), PersonTitle(),
    AddressField(),
]  # fmt: skip


def _found(text: str) -> set[tuple[int, int]]:
    doc = Document(text)
    return {(one.start, one.end) for rule in RULES for one in rule.find(doc) if one.entity is not Entity.DATE}


@pytest.mark.parametrize(
    "marked",
    [
        "术者 慕容雪　一助 ⟦富强⟧　器械 佟晓蕾",
        "一助 ⟦高峰⟧　洗手 温馨　巡回 卢丹",
        "2 A-0072 ⟦李铁 柱⟧ 男 清砂 22年",
        "5 A-0075 ⟦郝 美 凤⟧ 女 行车",
        "育1子1女。子⟦宫艳军⟧在外地跑船",
        "阁楼上，弟弟⟦过敏华⟧定居国外",
        "联系人：妻⟦Pema Tsering⟧　手机",
        "其女⟦Anna Petrova⟧计划飞来；其母⟦Maria Gomez⟧陪同",
        "请核实，⟦Xu⟧女士邮箱；⟦Kim⟧先生来电",
        "（维修部，13800000091找⟦小马⟧）。",
        "打扑克，赢了⟦老柴头⟧二十块钱",
        "垫子由后勤⟦老周⟧2月21日前铺完",
        "见证：⟦向北⟧；律师（某某律师事务所）",
        "；其女⟦方敏⟧签字；⟦阿珍⟧来了",
        "姓名｜⟦张晓雯⟧｜性别｜女｜科室｜骨科\n床号｜12｜住院号｜12345｜诊断｜骨折",
    ],
)
def test_the_name_is_found(marked: str) -> None:
    text, wanted = unmark(marked)
    found = {at for start, end in _found(text) for at in range(start, end)}
    assert all(at in found for start, end in wanted for at in range(start, end) if text[at] != " ")


@pytest.mark.parametrize(
    "text",
    [
        "序号｜姓名｜异常｜电话｜摘要",
        "（研究生）协助，对服务满意",
        "危急值报告登 记本(内科) 第4册",
        "医生来看过，重置，深55cm",
        "告知家属陪护须知，已签字；登记换新；写信到院长信箱（信）",
        "（7月始，精神科某主任开）；三步检查比CT还准",
        "★本报告须医师手签方为有效；要求加护工，但护工走了",
        "影像科Tan某（进修），某（访问学者）讨论",
        "床位｜透析号｜姓 名｜干体重｜上机前BP\nA-01｜HD10023｜某｜52.5kg｜158/92",
        "FOLFOX第1程定7月1日，在肿瘤科",
        "：阿公的疝卡住了；回乡探阿爷，阿爷今年七十；她小叔在外地",
        "女方手机：13960218845　男方年龄：34　女方职业：",
        "家属一再说上一胎生得快；我讲侄女要考试；医师问名字",
        "代办；余额经确认退至",
        "科主任：Dieulafoy出血可反复",
        "口腔卫生：全口软垢Ⅰ度",
        "危险评估：暴力 4 级，出走 2级",
        "专家组，成员:",
        "户名：，经办人：",
        "职业：退休工人　原单位：",
        "过来换护工。",
        "社 区精防医生：",
        "恶露暗红，量如月经末",
        "，维语沟通，由翻译",
        "（再破裂率高，2周内约20%，病死率",
        "供史者:母(可靠)",
        "新生儿：母婴同室",
        "其老家电话号码",
        "问小便，找老师，叫小夜班；",
        "母Rh Negative",
        "在外地打工，有事",
        "请留意，别让老人上当",
        "我和所长都不同意",
        "随Lan（越南留学生）跟诊，学号",
        "随访护士严肃告知禁酒；社区医生家访，",
        "在家属区蹲地哭",
        "三天后女婿才说出来",
        "参加：肝胆外科全体；参加者：全科医师及",
        "随台技师：",
        "退到其妻农行卡，",
        "自动思维记录：情境——",
        "地点：远程会诊中心　主持：",
        "主持：科主任；翻译：外聘；代理人：法定；审核：通过",
        "报告医生：已处理；核对者：双人；送检：外送；打印：自助机",
        "康复师来评定；表示听大姐的",
    ],
)
def test_nobody_is_found(text: str) -> None:
    assert _found(text) == set()
