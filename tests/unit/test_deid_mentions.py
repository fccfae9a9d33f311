"""Mentions of people that are no copy of a name: torn, misread, beside a tick, speaking; and what only looks so."""

from __future__ import annotations

import pytest

from deid.document import Document
from deid.mentions import could_be, misread, speakers, squeezed, stands_alone, ticked, torn
from deid.propagate import propagate
from deid.recognizers.person_cue import PersonCue
from deid.spans import Finding
from records.entities import Entity
from tests.unit.test_deid_recognizers import unmark

TICKED = [
    "{雷鸣}查房 10/28|✓⟦雷⟧|✓", "✓{黄连生}|✓ 明日✓⟦黄⟧|", "{佘茂菊}/⟦岑⟧\n", "{韦来顺} 术后√⟦韦⟧,",
    "✔{白雪} 夜班✔⟦白⟧;", "☑{单丽} ☑⟦单⟧ √", "核对{祁同}/⟦骆⟧。", "{田野}到 |⟦田⟧|", "{欧成}值班 √⟦欧⟧)",
    "双签{冉红} / ⟦凌⟧\n", "{岑丽}守 ✓ ⟦岑⟧|", "|{左娜}|✓|⟦左⟧|", "{莫愁}/⟦班⟧,", "{余同}交 ✓⟦余⟧/",
    "{皮开云}签 ☑⟦皮⟧。", "{常青}|✓|{汤丽}|⟦汤⟧|", "{伍胜}执行 √⟦伍⟧ ", "{覃燕}/⟦凌⟧", "✓{全胜}|✓⟦全⟧|",
    "{褚林}巡视 ✓⟦褚⟧✓",
]  # fmt: skip
NOT_TICKED = [
    "{雷鸣} 尿色☑黄 □红", "{黄连生} 尿色✓黄|", "{白雪} 舌苔√白,", "{左娜} 侧别√左|", "{单丽}/单", "{高峰} 血压√高,",
    "{平安}/平", "{田野}|男|", "{雷鸣}|好|", "{韦来顺} 未诉✓痛", "{佘茂菊}/女", "{全胜} 禁食✓全,", "{门志} 部位|门|",
    "{车前}乘✓车|", "{方圆} √无", "{常青} √常|", "{雷鸣}✓雨|", "{祁同}/日", "{冉红}/次", "{岑丽}/月",
]  # fmt: skip
SPOKEN = [
    "{常青山}:好 {欧冶子}:行 ⟦雷呜⟧:晚了", "{李明}:降温\n{王芳}:同意\n⟦毛哓丽⟧:补液",
    "{张伟}:会诊。{赵敏}:好。⟦冉红⟧:转科", "{孙立}:查\n{周洁}:做\n⟦水清浅⟧:类风湿", "{吴刚}:是;{郑爽}:对;⟦帅小玉⟧:可",
    "{高峰}:到 {蒙勇}:在 ⟦韦国咸⟧:来", "{贺燕}:交 {班兰}:接 ⟦罗正样⟧:齐", "{冯唐}:问 {陈皮}:答 ⟦褚士建⟧:记",
    "{卫红}:说 {蒋勤}:听 ⟦沈晓梅⟧:看", "{韩冬}:快 {杨树}:慢 ⟦朱砂明⟧:停", "{秦岭}:先 {尤物}:后 ⟦许可欣⟧:并",
    "{何平}:左 {吕布}:右 ⟦施工平⟧:上", "{孔亮}:一 {曹操}:二 ⟦严格林⟧:三", "{华佗}:甲 {金花}:乙 ⟦魏巍然⟧:丙",
    "{陶然}:冷 {姜维}:热 ⟦戚继先⟧:温", "{谢安}:开 {邹忌}:关 ⟦喻晓东⟧:合", "{柏林}:进 {水生}:出 ⟦窦尔敦⟧:入",
    "{章鱼}:红 {云朵}:白 ⟦苏打明⟧:黑", "{潘安}:东 {葛优}:西 ⟦奚梦瑶⟧:南", "{范蠡}:天 {彭祖}:地 ⟦郎永安⟧:人",
]  # fmt: skip
NOT_SPOKEN = [
    "{常青山}:好 {欧冶子}:行 时间:晚", "{李明}:降温\n{王芳}:同意\n计划:补液", "{张伟}:会诊。体温:36",
    "{孙立}:查 {周洁}:做 方案:改", "{吴刚}:是;{郑爽}:对;安排:可", "{高峰}:到 {蒙勇}:在 车牌:来",
    "{贺燕}:交 {班兰}:接 全身:齐", "{冯唐}:问 {陈皮}:答 单位:记", "{卫红}:说 {蒋勤}:听 左眼:看",
    "{韩冬}:快 {杨树}:慢 高压:停", "{秦岭}:先 {尤物}:后 白细胞:并", "{何平}:左 {吕布}:右 项目:上", "雷呜:晚了",
    "{孔亮}:一 路线:三", "{华佗}:甲 {金花}:乙 温度:丙", "{陶然}:冷 {姜维}:热 皮肤:温", "{谢安}:开 {邹忌}:关 关节:合",
    "{柏林}:进 {水生}:出 毛发:入", "{章鱼}:红 {云朵}:白 黄疸:黑", "{潘安}:东 {葛优}:西 平时:南",
]  # fmt: skip
DAMAGED = [
    ("班有才", "患者⟦班有オ⟧一月"), ("雷鸣", "值得肯定 ⟦雷呜⟧:"), ("毛晓丽", "配血⟦毛哓丽⟧复"),
    ("韦金花", "见⟦韦金 花⟧诉"), ("蒋一清", "由⟦蒋 一 清⟧签"), ("罗正祥", "嘱⟦罗正详⟧卧"), ("李明", " ⟦李 明⟧ "),
    ("令狐彬", "请⟦令 狐彬⟧看"), ("陈春兰", "告⟦陈舂兰⟧后"), ("赵贵生", "叫⟦赵责生⟧来"), ("孙建国", "扶⟦孙健国⟧坐"),
    ("周佳", " ⟦周住⟧ "), ("吴梅芳", "问⟦吴悔芳⟧痛"), ("郑帆远", "陪⟦郑机远⟧做"), ("王晨光", "见⟦王辰光⟧醒"),
    ("冯祥瑞", "给⟦冯样瑞⟧换"), ("褚铭心", "拉⟦褚名心⟧手"), ("卫柱子", "让⟦卫住子⟧等"), ("蒋润生", "帮⟦蒋闰生⟧翻"),
    ("沈婉如", "抱⟦沈 婉如⟧起"),
]  # fmt: skip


LISTED = [
    "随车:⟦岑一鸣⟧、⟦时光⟧。", "参加:⟦王明⟧、⟦方圆⟧、⟦高峰⟧。", "助手:⟦韦国威⟧、⟦田野⟧,", "主持人:⟦雷鸣⟧、⟦白云⟧;",
    "记录:⟦冉红⟧、⟦江河⟧\n", "核对:⟦贺小燕⟧、⟦金星⟧。", "出席:⟦祝国强⟧、⟦黄河⟧、", "翻译:⟦罗秀英⟧、⟦石林⟧。",
    "护送:⟦向光明⟧、⟦马力⟧,", "值班:⟦岑丽华⟧、⟦文明⟧。", "带教:⟦覃志刚⟧、⟦万里⟧。", "汇报:⟦欧阳成⟧、⟦路遥⟧。",
    "术者:⟦卞海洋⟧、⟦杜鹃⟧。", "签名:⟦苗玉兰⟧、⟦安康⟧。", "接诊:⟦黎建国⟧、⟦明月⟧。",
]  # fmt: skip
NOT_LISTED = [
    "随车:⟦岑一鸣⟧、氧气。", "参加:⟦王明⟧、全科。", "护送:⟦向光明⟧、轮椅。", "汇报:⟦欧阳成⟧、家属。",
    "参加:⟦王明⟧、护士。", "记录:⟦冉红⟧、时间另定", "核对:⟦贺小燕⟧、血袋。", "带教:⟦覃志刚⟧、医生。",
    "出席:⟦祝国强⟧、院方。", "值班:⟦岑丽华⟧、电话。", "助手:⟦韦国威⟧、全麻。", "翻译:⟦罗秀英⟧、患者。",
    "主持人:⟦雷鸣⟧、科室。", "术者:⟦卞海洋⟧、器械。", "签名:⟦苗玉兰⟧、手印。",
]  # fmt: skip
RELATED = [
    "长孙⟦安旭东⟧、次子⟦安顺利⟧表示不再升级", "妻子⟦冉秀英⟧、长女⟦雷小雨⟧同意", "父亲⟦韦国强⟧、母亲⟦岑丽华⟧陪同",
    "儿子⟦罗志明⟧、儿媳⟦石英兰⟧来院", "女儿⟦贺晓燕⟧、女婿⟦田建国⟧签字", "哥哥⟦祁大勇⟧、弟弟⟦祁小勇⟧到场",
    "老伴⟦苗玉兰⟧、孙子⟦向志远⟧在旁", "姐姐⟦覃丽娟⟧、姐夫⟦莫家荣⟧商量",
]  # fmt: skip


def _people(marked: str) -> tuple[str, list[Finding], set[tuple[int, int]]]:
    """The text, the people found in it ({...}), and what is to be found (⟦...⟧)."""
    text, known = unmark(marked.replace("⟦", "").replace("⟧", "").replace("{", "⟦").replace("}", "⟧"))
    _, wanted = unmark(marked.replace("{", "").replace("}", ""))
    return text, [Finding(start, end, Entity.PERSON, "x", 0.9, "x") for start, end in known], set(wanted)


@pytest.mark.parametrize("marked", [*TICKED, *NOT_TICKED])
def test_a_surname_beside_a_tick(marked: str) -> None:
    text, people, wanted = _people(marked)
    assert set(ticked(text, people)) - {(one.start, one.end) for one in people} == wanted


@pytest.mark.parametrize("marked", [*SPOKEN, *NOT_SPOKEN])
def test_a_speaker_among_speakers(marked: str) -> None:
    text, people, wanted = _people(marked)
    assert set(speakers(text, people)) - {(one.start, one.end) for one in people} == wanted


@pytest.mark.parametrize(("name", "marked"), DAMAGED)
def test_a_name_of_a_damaged_document_is_found_torn_or_misread(name: str, marked: str) -> None:
    text, wanted = unmark(f"姓名:{name}\n{marked}")
    found = [Finding(3, 3 + len(name), Entity.PERSON, "x", 0.9, "x")]
    whole = {(one.start, one.end) for one in propagate(found, text, damaged=True)}
    assert set(wanted) <= whole
    assert not set(wanted) & {(one.start, one.end) for one in propagate(found, text)}


def test_forms_of_a_name() -> None:
    assert squeezed("蒋 一 清", rare=False) == "蒋一清"
    assert squeezed("沙 朗 男", rare=False) == "沙朗"
    assert squeezed("草 回 执", rare=False) == "草 回 执"
    assert set(torn("李明")) == {"李 明", "李  明"}
    assert "雷呜" in set(misread("雷鸣"))
    assert stands_alone("见 雷呜:", 2, 4)
    assert not stands_alone("惊雷呜叫", 1, 3)
    assert could_be("毛哓丽")
    assert not could_be("时间")


@pytest.mark.parametrize("marked", [*LISTED, *NOT_LISTED, *RELATED])
def test_names_in_a_list_after_a_task_or_a_relative(marked: str) -> None:
    text, expected = unmark(marked)
    assert {(one.start, one.end) for one in PersonCue().find(Document(text))} == set(expected)


RARE = [
    "{夏榴花}诉痛。⟦榴花⟧在学校做工", "{查阿秀}到。⟦查阿秀⟧骶尾", "{王春杏}述。⟦春杏⟧嫁入",
    "{陈铁柱}来。⟦铁柱⟧种地为生",
]  # fmt: skip


@pytest.mark.parametrize("marked", RARE)
def test_a_given_name_that_is_a_rare_word(marked: str) -> None:
    text, people, wanted = _people(marked)
    assert wanted <= {(one.start, one.end) for one in propagate(people, text)}
