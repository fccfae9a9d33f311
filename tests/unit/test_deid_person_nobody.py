"""What only looks like a name by its rule; surnames and given names that are words, where people stand."""

from __future__ import annotations

import pytest

from deid.document import Document
from deid.mentions import could_be
from deid.propagate import propagate
from deid.recognizers.person_acting import PersonActing
from deid.recognizers.person_cue import PersonCue
from deid.recognizers.person_nickname import PersonNickname
from deid.recognizers.person_title import PersonTitle
from deid.spans import Finding
from deid.vetoes import nobody
from records.entities import Entity
from tests.unit.test_deid_recognizers import unmark

BEFORE_TITLES = [
    "请精神科⟦从⟧医师会诊", "由疾控的⟦单⟧科长对接", "单位工会⟦常⟧主席转告", "医保办⟦苏⟧科员核对",
    "畜牧中心⟦边⟧站长采血",
    "医务处的⟦车⟧科员来电", "器械厂⟦乐⟧工已换滤芯", "设备科⟦成⟧工更换传感器", "请信息中心⟦安⟧主任查看",
    "医联体办⟦时⟧科长转来",
    "残联的⟦项⟧会长联系", "红会⟦季⟧干事登记", "保卫处⟦雷⟧股长到场", "街道办⟦门⟧科员送来", "血站⟦水⟧站长同意",
]  # fmt: skip
BEFORE_TITLES_NOBODY = [
    "交方医师在场", "接方护士清点", "审方药师退回", "甲方主任签", "附一院行胆总管取石", "左髂总动脉闭塞",
    "右髂总静脉血栓",
    "出院时总费用58214元", "时总价未定", "路段施工,被撞", "伦理委员会秘书签收", "只担心婆婆受累", "要求换护工",
    "要求见院长",
    "编委会主席发言", "家委会会长在", "由麻醉医师实施", "经护士长同意",
]  # fmt: skip
AFTER_CUES = [
    "评估人:移植协调员⟦仲维娜⟧", "访视人:器官协调员⟦毛小芳⟧", "记录人:⟦安静⟧", "医师:⟦谈笑⟧", "家长:⟦文明⟧",
]  # fmt: skip
AFTER_CUES_NOBODY = [
    "主任行DCD肾移植", "医师谈20分钟", "本报告依 WS/T", "会诊:利格列汀5mg qd", "会诊:替格瑞洛停用",
    "患者:\n甲:71岁", "实习生语言、带教缺位",
    "打入本人银行卡6217", "交接时患者安静,无哭", "与同室病友谈笑。", "家长文明配合", "参加:胸外、骨外",
    "会诊:心内、神内",
    "护士:\n乙:同前",
]  # fmt: skip
IN_FIELDS = [
    "患者签名:⟦田翠兰⟧    代理人签名:⟦邵永康⟧", "主持:⟦佟丽华⟧　参加:胸外、影像、病理", "汇报(规培):⟦王海波⟧",
    "签名:⟦时学礼⟧",
    "审核:⟦代明亮⟧", "参加:⟦张敏霞⟧、⟦左秋生⟧", "联系人:⟦齐全胜⟧",
]  # fmt: skip
IN_FIELDS_NOBODY = [
    "汇报(小翁,规培):咳嗽、痰血2月", "病史汇报(褚一鸣):当日16时", "发言(营养科):建议肠内", "签字:居民(捺印)",
    "签字:已知晓", "供史者:患者之女",
    "尊敬的患者、家属:\n患者因呕吐", "联系人:医务科", "家属签字:同意手术", "参加:护理、药学",
]  # fmt: skip
ACTING_NOBODY = [
    ",二人要求顺产", "。手印已按", ",要求开车送", "教授代为转达", "校方同意缓考", "。孙女协助喂饭",
    ":宝宝吐奶2次", "警方要求",
    ",双方同意", "。三人要求转院", "院方已签字", ",居民拒绝",
]  # fmt: skip
KIN = [
    "小姨", "二姨", "大姑", "三舅", "二婶", "大孙", "二儿", "小叔", "幺妗", "姑妈", "姨娘", "舅父", "大伯",
    "四叔", "五婶", "二孙子", "大侄女", "小舅舅",
    "姑娘", "大儿媳", "小孙女", "二甥",
]  # fmt: skip
NO_KIN = ["伯涛", "孙大", "孙二妹", "叔宝", "姚娘", "小芳", "大山", "姑苏"]


def _found(marked: str, recognizer: type) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    text, spans = unmark(marked)
    return {(f.start, f.end) for f in recognizer().find(Document(text))}, set(spans)


@pytest.mark.parametrize("marked", [*BEFORE_TITLES, *BEFORE_TITLES_NOBODY])
def test_a_surname_that_is_a_word_before_a_title(marked: str) -> None:
    found, expected = _found(marked, PersonTitle)
    assert found == expected


@pytest.mark.parametrize("marked", [*AFTER_CUES, *AFTER_CUES_NOBODY])
def test_what_follows_a_cue(marked: str) -> None:
    found, expected = _found(marked, PersonCue)
    assert found == expected


@pytest.mark.parametrize("marked", [*IN_FIELDS, *IN_FIELDS_NOBODY])
def test_what_stands_in_a_field(marked: str) -> None:
    found, expected = _found(marked, PersonCue)
    assert found == expected


@pytest.mark.parametrize("text", ACTING_NOBODY)
def test_nobody_acts(text: str) -> None:
    assert _found(text, PersonActing)[0] == set()


@pytest.mark.parametrize("word", KIN)
def test_kin_without_a_name_are_nobody(word: str) -> None:
    assert nobody(f"换成{word},陪夜", 2, 2 + len(word))


@pytest.mark.parametrize("name", NO_KIN)
def test_names_with_a_character_for_kin_stay(name: str) -> None:
    assert not nobody(f"换成{name},陪夜", 2, 2 + len(name))


@pytest.mark.parametrize("label", ["来访人", "代理人", "安全员", "施救者", "沙疗员"])
def test_a_label_speaks_for_nobody(label: str) -> None:
    assert not could_be(label)


GIVEN = [
    ("訾东海", ",⟦东海⟧骑车到家"), ("孔彩虹", "。⟦彩虹⟧向丈夫交代"), ("仇大山", ";⟦大山⟧要带光盘"),
    ("郑自强", "女士称⟦自强⟧酗酒"),
    ("许国防", "06:09⟦国防⟧一过性黑矇"), ("贺胜利", "12:30 ⟦胜利⟧突然抽搐"), ("宋建设", "。⟦建设⟧开车送来"),
    ("田丰收", ",⟦丰收⟧建议转院"), ("程木兰", "\n⟦木兰⟧续访"), ("韩平安", "称⟦平安⟧抽烟多年"),
]  # fmt: skip
NOT_GIVEN = [
    ("訾东海", "住东海县城"), ("孔彩虹", "呈彩虹样反光"), ("仇大山", "在大山里"), ("郑自强", "为人自强向上"),
    ("许国防", "从国防部门退休"),
    ("贺胜利", "住胜利路"), ("宋建设", "搞建设开车"), ("田丰收", "今年丰收建议早卖"),
    ("韩平安", "一路平安开车"), ("高明亮", "光线明亮可视"),
]  # fmt: skip


LONE = [
    ("逯婷", "、⟦婷⟧做一次专题"), ("邢露", ",⟦露⟧配图"), ("蒲燕", "。⟦燕⟧的丈夫来"), ("韩磊", ";⟦磊⟧哭了两次"),
    ("白雪", "\n⟦雪⟧建议查血"),
    ("冯静", ",⟦静⟧说夜里痛"), ("秦娟", "。⟦娟⟧从外地赶回"), ("鲁强", ",⟦强⟧签字"), ("葛敏", ":⟦敏⟧同意"),
    ("卢军", "。⟦军⟧问能否出院"),
]  # fmt: skip
NOT_LONE = [
    ("冯静", ",静脉说明"), ("鲁强", ",强烈建议"), ("宋平", ",平卧说话"), ("卢军", "。军人来访"),
    ("方明", "、明确诊断"), ("秦红", ",红肿要求处理"),
    ("孔高", "。高度同意"), ("贺和", ",和他签字"), ("蒋丽", "美丽说"), ("王海波", ",波说明"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "marked"), [*GIVEN, *NOT_GIVEN, *LONE, *NOT_LONE])
def test_a_given_name_that_is_a_word_stands_before_what_people_do(name: str, marked: str) -> None:
    text, expected = unmark(marked)
    known = Finding(0, len(name), Entity.PERSON, "known", 0.9, "known")
    found = propagate([known], f"{name}。\n{text}")
    shift = len(name) + 2
    assert {(one.start - shift, one.end - shift) for one in found} == set(expected)


OLD = [
    "请村里⟦老周头⟧扎针", "由⟦老游头⟧接的", "老伴⟦老孟头⟧说", "邻居⟦老葛头⟧,", "找⟦老贺头⟧。", "跟⟦老谭头⟧来",
    "把⟦老潘头⟧叫来",
    "喊⟦老邹头⟧,", "给⟦老熊头⟧打电话", "叫⟦老侯头⟧。",
]  # fmt: skip
NOT_OLD = ["由老馒头店送", "其老石头部落", "把老木头搬走", "和老龙头漏水", "给老骨头止痛"]


@pytest.mark.parametrize("marked", [*OLD, *NOT_OLD])
def test_old_men_are_called_heads(marked: str) -> None:
    found, expected = _found(marked, PersonNickname)
    assert found == expected
