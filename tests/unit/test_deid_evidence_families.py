"""What the whole document says of a name: lists of people, given names, surnames; who speaks.

⟦ ⟧ is found beforehand, ⟪ ⟫ is what that leads to; nothing else may be found.
"""

from __future__ import annotations

import re

import pytest

from deid.propagate import propagate
from deid.recognizers.person_title import speaks
from deid.spans import Finding
from deid.vetoes import misplaced, nobody
from records.entities import Entity

_MARKS = re.compile(r"[⟦⟧⟪⟫\[\]]")


def _marked(marked: str, opening: str, closing: str) -> list[tuple[int, int]]:
    """Where the stretches between two marks stand once all marks are gone."""
    out, at, start = [], 0, 0
    for char in marked:
        if char == opening:
            start = at
        elif char == closing:
            out.append((start, at))
        at += not _MARKS.match(char)
    return out


def _led_to(marked: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    text = _MARKS.sub("", marked)
    found = [Finding(*place, Entity.PERSON, "test", 0.8, "test") for place in _marked(marked, "⟦", "⟧")]
    more = {(one.start, one.end) for one in propagate(found, text)} - {(one.start, one.end) for one in found}
    return sorted(more), _marked(marked, "⟪", "⟫")


LISTS = [
    "同室:⟦严守正⟧、⟪代强⟫、⟪海潮⟫、⟦尹松⟧。",
    "参加:⟦郝建⟧、⟦鲍春⟧、⟪方圆⟫、⟪白露⟫。",
    "值班:⟪高山⟫、⟦严守正⟧、⟦尹松⟧",
    "密接者⟦邱实⟧、⟦贺喜⟧、⟪万里⟫等三人",
    "同去的有⟦葛亮⟧、⟦章远⟧、⟪成安⟫(工友)",
    "护理组 ⟦邹莉⟧、⟪温馨⟫、⟦施琴⟧",
    "同车:⟦樊建⟧、⟪常青⟫、⟪石磊⟫、⟦卞强⟧;均无伤",
    "到场:⟦鲁平⟧、⟦郎毅⟧、⟪史实⟫,开始讨论",
    "抄送:⟦卫红⟧、⟦阮兰⟧、⟪安康⟫。",
    "兄弟:⟦杭永⟧、⟦杭远⟧、⟪杭立⟫。",
    "一组:⟪康健⟫、⟪严宽⟫、⟦沃明⟧、⟦童新⟧。",
    "合影:⟦戚彩⟧、⟦蒙娜⟧、⟪云朵⟫",
    "签到 ⟦车勇⟧、⟦苗青⟧、⟪时新⟫",
    "同批学员⟦乔英⟧、⟪和平⟫、⟦裴静⟧。",
    "证人:⟦娄山⟧、⟦臧克⟧、⟪成宇⟫;",
    "陪护:⟦缪春⟧、⟦应华⟧、⟪秋香⟫。",
    "舍友⟦席军⟧、⟦柏林⟧、⟪海洋⟫,体健",
    "主管:⟦宣平⟧、⟦雷雨⟧、⟪向阳⟫。",
    "随访名单:⟦欧阳春⟧、⟪夏侯明⟫、⟦邬丽⟧",
    "监护:⟦甄伟⟧、⟦宁静⟧、⟪阳春⟫。",
    "夜班⟦佟云⟧、⟦燕飞⟧、⟪江月⟫、⟪文静⟫。",
]
# What stands in a list beside one name or is none itself.
NO_LISTS = [
    "⟦严守正⟧、家属、护工在场",
    "⟦尹松⟧、血常规、胸片已回",
    "查⟦邱实⟧、⟦贺喜⟧、肺气肿、糖尿病、冠心病、脑梗死",
    "⟦葛亮⟧、代强",
    "由⟦邹莉⟧、护士长、医师共同核对",
    "⟦樊建⟧,黄芪、白术、党参",
    "⟦鲁平⟧、⟦郎毅⟧、主任、院长",
    "⟦卫红⟧、⟦阮兰⟧、患者、家属",
    "⟦车勇⟧、⟦苗青⟧、头痛、发热",
    "通知⟦乔英⟧、⟦裴静⟧、护士、护工",
    "⟦娄山⟧。张口、闭口",
    "⟦缪春⟧、⟦应华⟧、CT室",
    "⟦席军⟧、⟦柏林⟧、3床",
    "咳嗽、咳痰、⟦宣平⟧",
    "⟦甄伟⟧、⟦宁静⟧、肿瘤、结核",
    "⟦佟云⟧、体温、脉搏",
    "胸闷、气促、心悸",
    "⟦戚彩⟧、⟦蒙娜⟧、母亲、丈夫",
    "⟦沃明⟧(胸片、心电图、彩超)",
    "⟦章远⟧、⟦葛亮⟧、诊断、治疗",
]
GIVEN = [
    "⟦陆银花⟧来电。⟪银花⟫记下了",
    "⟦邹立冬⟧,58岁。主任:⟪立冬⟫啊,伸舌",
    "⟦竺可心⟧汇报。请⟪可心⟫整理上报",
    "⟦池早早⟧不肯。来电;⟪早早⟫的血样两管",
    "⟦常春天⟧入院。⟪春天⟫说不疼",
    "⟦邵阳光⟧复查,⟪阳光⟫自述好转",
    "⟦杜鹃花⟧陪护。与⟪鹃花⟫谈话",
    "⟦鲍小雪⟧今晨退热,⟪小雪⟫今早吃粥",
    "⟦娄海燕⟧开通静脉。回来后⟪海燕⟫又来",
    "⟦柯红梅⟧来诊。叫⟪红梅⟫找药",
    "⟦唐秋月⟧术后,⟪秋月⟫仍疼",
    "⟦霍新年⟧出院;⟪新年⟫走前致谢",
    "⟦路光明⟧在场,问⟪光明⟫还好吗",
    "⟦韦金谷⟧跌倒。⟪金谷⟫醒后不记得",
    "⟦柳青山⟧病重,⟪青山⟫的妻子在外",
    "⟦汤团圆⟧拒绝。⟪团圆⟫之父签字",
    "⟦顾胜利⟧住院,与⟪胜利⟫通话",
    "⟦苗丰收⟧拔管,⟪丰收⟫听懂了",
    "⟦申黎明⟧值班,请⟪黎明⟫负责",
    "⟦程解放⟧到院;⟪解放⟫昨晚入睡",
    "⟦姬国庆⟧家访,由⟪国庆⟫带去",
]
NO_GIVEN = [
    "⟦常春天⟧去年春天发病",
    "⟦邵朝代⟧不同朝代",
    "⟦路光明⟧出生于光明村",
    "⟦霍新年⟧新年期间在家",
    "⟦顾胜利⟧手术胜利完成",
    "⟦苗丰收⟧秋季丰收时受伤",
    "⟦申明天⟧于明天复查",
    "⟦程解放⟧解放前参军",
    "⟦姬国庆⟧国庆期间停药",
    "⟦柳青山⟧青山路口被撞",
    "⟦汤团圆⟧盼家人团圆",
    "⟦韦上海⟧予上海产沙参",
    "⟦唐秋月⟧秋月季节加重",
    "⟦邹立冬⟧立冬后复发",
    "⟦鲍小雪⟧小雪节气前后",
    "⟦陆银花⟧金银花10g",
    "⟦池早早⟧早早入睡",
    "⟦娄水仙⟧水仙牌轮椅",
    "⟦柯星海⟧星海路药店",
    "⟦龚白城⟧白城医院",
]
SURNAMES = [
    f"⟦{given}⟧去过。\n⟪{surname}{given}⟫{after}"
    for surname, given, after in (
        ("关", "淑云", ":可以"), ("花", "满枝", " 血糖"), ("皮", "小松", "、"), ("卜", "志远", ",男"),
        ("毛", "建平", "说"),
        ("石", "榴红", ":好"), ("雷", "春生", "到"), ("柴", "桂芳", ",女"), ("车", "永福", " 6床"),
        ("苗", "秀兰", "诉"),
        ("鱼", "得水", ":是"), ("项", "南飞", "。"), ("牛", "春燕", "入院"), ("牟", "其中", "," ),
        ("蓝", "采荷", "的"),
        ("云", "中鹤", ":嗯"), ("白", "求真", "(家属)"), ("温", "如春", "处"), ("巫", "启航", "。"),
        ("危", "志刚", "拔管"),
        ("阙", "玉成", ","),
    )
]  # fmt: skip
NO_SURNAMES = [
    f"⟦{given}⟧在。{before}{given}{after}"
    for before, given, after in (
        ("和", "淑云", "谈"), ("向", "满枝", "说"), ("与", "小松", "同去"), ("请", "志远", "来"),
        ("找", "建平", "问"),
        ("把", "榴红", "送走"), ("让", "春生", "等"), ("对", "桂芳", "讲"), ("给", "永福", "喂药"),
        ("由", "秀兰", "陪"),
        ("同", "得水", "住"), ("经", "南飞", "劝"), ("从", "春燕", "处"), ("跟", "采荷", "说"),
        ("被", "中鹤", "发现"),
        ("叫", "求真", "来"), ("问", "如春", "过"), ("替", "启航", "签"), ("陪", "志刚", "去"),
        ("安", "玉成", "心"),
    )
]  # fmt: skip


@pytest.mark.parametrize("marked", [*LISTS, *NO_LISTS])
def test_a_list_of_people_says_who_is_one(marked: str) -> None:
    found, expected = _led_to(marked)
    assert found == expected


@pytest.mark.parametrize("marked", [*GIVEN, *NO_GIVEN])
def test_a_given_name_that_is_a_word_is_one_where_somebody_does_something(marked: str) -> None:
    found, expected = _led_to(marked)
    assert found == expected


@pytest.mark.parametrize("marked", SURNAMES)
def test_a_surname_before_a_given_name_belongs_to_it(marked: str) -> None:
    found, expected = _led_to(marked)
    assert expected[0] in found


@pytest.mark.parametrize("marked", NO_SURNAMES)
def test_what_stands_before_a_given_name_in_a_sentence_is_no_surname(marked: str) -> None:
    found, _ = _led_to(marked)
    assert {end - start for start, end in found} <= {2}


@pytest.mark.parametrize(
    ("label", "speaking"),
    [
        *((label, True) for label in (
            "晏主任", "麻护士长", "闻人主任", "崔副主任", "滕医师", "蒯大夫", "尉迟老师", "罗教授", "丁院长",
            "谷医生", "欧阳医生",
            "史主治", "孔令芳主任", "郎毅医师", "查房。姚主任医师", "3.费主任", "游科长", "祝师傅", "解护士",
            "牛总住院", "龙博士",
        )),
        *((label, False) for label in (
            "主任", "护士长", "科主任", "值班医师", "责任护士", "管床医生", "主管护师", "麻醉医师", "班主任",
            "单位医师",
            "上级医师", "全科医生", "住院医师", "经治医师", "进修医生", "病区主任", "巡回护士", "台上护士",
            "审核药师", "检验医师", "记录",
            "护士",
        )),
    ],
)  # fmt: skip
def test_after_a_named_title_somebody_speaks(label: str, speaking: bool) -> None:
    assert speaks(label) is speaking


# What the tagger took for a name with little worth: [ ] is it.
MISPLACED = [
    "昨天[练台阶]时头晕", "椎间[植骨]融合术", "23时[许在]大集镇", "随身红[松石]项链", "便还[黑不黑]?",
    "问[何时]停药", "说[第三针]可补打",
    "因[高龄]拒绝", "下午的[高铁]回", "住女生[楼三层],", "门诊[楼六楼]示教室", "患者[于走廊]徘徊",
    "告知[向社区]报告", "母亲及[其舅]到",
    "家属[我姐]来院", "病历是[越南文],", "原[原方加]当归", "签收[单在]抽屉", "小学[教过书]。", "今年[谷雨后])",
    "热咳 [黄痰] 三天",
    "夜里[读着]书", "钾[高者]停药", "胃[窦红白]相间", "壹仟[元陆角]整",
]  # fmt: skip
PLACED = [
    "嘱[石榴]今晚禁食", "由[包容]看诊", ",[宁静]负责", "护士[文静]到场", "请[向阳]来", "。[于洋]说",
    "妻[高兰]陪同", "与[楼兰]通话", "、[原野]等",
    "(女儿[何雨])", "师[程度]查房", "[第五伦]诉", "\n[白露]:好", "叫[谷雨]来", "@[黄河] 请看", "[安德天]诉",
    "生[越秀]在", "对[任可]说",
    "家属[席慕]签", "其[三妹]陪",
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), [*((m, True) for m in MISPLACED), *((m, False) for m in PLACED)])
def test_what_hardly_is_a_name_is_looked_at_as_it_stands(marked: str, expected: bool) -> None:
    [(start, end)] = _marked(marked, "[", "]")
    assert misplaced(_MARKS.sub("", marked), start, end) is expected


@pytest.mark.parametrize(
    "label",
    [
        "项 目", "印 象", "车 牌", "明 书", "存 根", "方 笺", "民  族 汉", "职  业 文员", "性 别 女", "年 龄 岁",
        "病 区 三", "科 室 内",
        "收到", "下一个", "岳父", "岳母", "宝宝", "阿姨", "二老", "小姑娘", "顾客", "批 表", "血 型 甲",
    ],
)  # fmt: skip
def test_a_label_whose_characters_stand_apart_is_nobody(label: str) -> None:
    assert nobody(label, 0, len(label))
