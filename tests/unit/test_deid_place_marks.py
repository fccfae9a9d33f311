"""Further families of places and institutions by the rules alone: crossings, doors, letters for cities, labels.

⟦ ⟧ is found; nothing else may be found. Every name but those of public places is invented.
"""

from __future__ import annotations

import pytest

from deid.document import Document
from tests.unit.test_deid_place_families import RULES
from tests.unit.test_deid_recognizers import unmark

CROSSINGS = """
摩托行至⟦蒸湘区船山大道与立新大道交叉口⟧，被撞
在⟦长沙市芙蓉路与解放路交汇处⟧摔倒
于⟦武汉市建设大道与青年路路口⟧追尾
至⟦成都市人民南路和桐梓林路交叉路口⟧
⟦合肥市长江路与金寨路口⟧车祸
在⟦昆明市北京路与东风路交界⟧
⟦石家庄市中山路与体育大街交叉口⟧
⟦南宁市民族大道与古城路交汇处⟧晕倒
于⟦洛阳市九都路与王城大道路口⟧
⟦贵阳市瑞金路与中华路交叉口⟧被电动车撞
"""
DOORS = """
⟦福州市鼓楼区东街9弄3号 350001⟧ 复印
⟦哈尔滨市南岗区学府路246号 150086⟧
⟦渝北区龙塔街道五黄路2 6号1O幢4-3⟧
⟦南安市水头镇朴里村 顶厝60号⟧
⟦晋江市安海镇东蔡村西厝12号⟧
⟦诸暨市枫桥镇杜黄村里畈33号⟧
现居⟦佛山市禅城区⟧，丈夫在
现住⟦广州市越秀区⟧。
⟦苏州市吴江区⟧，务农
⟦重庆市渝北区红锦大道5 7号⟧
⟦长沙市岳麓区枫林路1 08号⟧
"""
CARETS = """
PID|1||M|||⟦凉城路1315弄22支弄9号^^上海市^^200434⟧||133
|F||⟦黑龙江省哈尔滨市南岗区学府路246号^^^^150086⟧||186
PID|||⟦翠苑三区7号^^杭州^浙江^310012⟧|
NK1|1|甲|⟦桂花巷9号^^^^⟧|1
"""
NO_CARETS = """
OBX|1|NM|8302-2^身高||172
OBR|1||77|腹部区^CT|
PV1||I|骨科三病区^12^床|
ORC|RE|申请^检验|
"""
LETTERS = """
今年8月回⟦沪⟧，现在
返⟦京⟧后复查
来⟦沪⟧务工三年
赴⟦京⟧求医
抵⟦穗⟧当日
离⟦渝⟧前
在⟦沪⟧打工
回⟦粤⟧途中
返⟦津⟧，继续
来⟦京⟧就诊
在⟦甬⟧工作
离⟦蓉⟧后
赴⟦沪⟧治疗
返⟦皖⟧过年
回⟦黔⟧休养
来⟦深⟧务工
"""
NO_LETTERS = """
回肠
返流
来甘露醇
赴宴
在京剧团
回湘妃
离心
沪产试剂
京尼平
穗花杉
在津液
返晋升
"""
FIELDS = """
门牌⟦江岸小区18栋3单元⟧，张姨收
门牌号:⟦翠苑三区7-2-301⟧
宿舍:⟦砂子坳校区博学楼7栋413⟧
宿舍楼:⟦兰苑5栋220⟧
寝室:⟦竹园3号楼412⟧
上门地址:⟦桂花巷9号⟧
"""
NO_FIELDS = """
永久居留身份证 号码
死亡地点:3养老服务机构
死亡地点:2家中
地点 NICU办公室
地点:PICU谈话间
发生地点:5医疗卫生机构
头孢曲松治疗社区获得性肺炎
头孢曲松钠
"""
HOUSES = """
寄⟦重庆市新生儿疾病筛查中心⟧。
⟦福州市急救中心 晋安站⟧
⟦杭州市急救中心滨江分站⟧
⟦合肥市急救中心 瑶海站⟧出车
⟦The First Affiliated Hospital of Dali University⟧
⟦Second Hospital of Shanxi Medical University⟧
⟦Children's Hospital of Fudan University⟧
⟦佛山市⟧一名患者
⟦南昌市⟧一带
⟦杭州市⟧三例
带他来⟦佛山市一⟧急诊
去⟦南昌市一⟧门诊
在⟦绍兴市二⟧住院
到⟦中山市三⟧复查
⟦兵团四师七十三团⟧职工
⟦八师一四三团⟧退休
⟦兵团十师185团⟧
"""
NO_HOUSES = """
出生医院:
交接医院:
接诊医院：
首诊医院 :
本院共三个院区
(本部透析中心)
(南院区)
转新生儿疾病筛查中心
"""


def _rows(table: str) -> list[str]:
    return table.strip().split("\n")


def _found(text: str) -> set[int]:
    doc = Document(text)
    return {at for rule in RULES for one in rule.find(doc) for at in range(one.start, one.end)}


@pytest.mark.parametrize("marked", _rows(CARETS + CROSSINGS + DOORS + LETTERS + FIELDS + HOUSES))
def test_the_family_is_found_whole(marked: str) -> None:
    text, spans = unmark(marked)
    assert _found(text) == {at for start, end in spans for at in range(start, end)}


@pytest.mark.parametrize("text", _rows(NO_CARETS + NO_LETTERS + NO_FIELDS + NO_HOUSES))
def test_what_only_looks_like_one_is_left(text: str) -> None:
    assert _found(text) == set()
