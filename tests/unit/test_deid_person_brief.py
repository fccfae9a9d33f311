"""A surname alone, what people call each other, and whose number it is; and what only looks so."""

from __future__ import annotations

import pytest

from deid.document import Document
from deid.recognizers.person_brief import PersonBrief
from deid.recognizers.person_nickname import PersonNickname
from deid.recognizers.person_title import PersonTitle
from deid.vetoes import nobody, nowhere
from tests.unit.test_deid_recognizers import unmark

WARD = [
    "01:50 普外⟦田⟧、骨科韦国威到;", "骨科⟦岑⟧、麻醉⟦雷⟧到,", "二线⟦祝⟧到场,", "神外⟦尚⟧来看,",
    "请心内⟦祁⟧会诊后转入", "麻醉⟦冉⟧已到。", "急诊⟦白⟧、ICU戚国安到", "总值班⟦骆⟧到场。", "脑外⟦蓝⟧看过,",
    "呼内⟦鲍⟧、心内徐鹏来看", "产科⟦骆⟧赶到,", "新生儿⟦涂⟧在场。", "儿科⟦温⟧到,", "肾内⟦池⟧来了,", "超声⟦苗⟧到床旁",
    "胸外⟦柳⟧、普外⟦路⟧到。", "血库⟦伍⟧、检验⟦兰⟧到", "院总⟦覃⟧急到,", "医务⟦纪⟧、护理部⟦阮⟧到场", "骨外⟦褚⟧接手。",
    "眼科⟦司徒⟧到。",
]  # fmt: skip
NO_WARD = [
    "内科单、外科单到", "外科方、内科方来", "普外总到", "骨科本到位", "检验科查到", "急诊车到场前", "外科会诊意见",
    "妇科白带来看", "超声来看", "检验单来了,", "麻醉药到达", "儿科门诊来看", "血库血到,", "药房药到。", "手术室台到",
    "内科左到右", "二线药到位,", "一线时到", "口腔黄斑看过", "骨科全到。", "重症高到", "产房方到,",
]  # fmt: skip
HELD = [
    "交护士长⟦代⟧处,", "存主任⟦雷⟧处保管", "单据在会计⟦石⟧处。", "钥匙交班长⟦韦⟧处存放", "样本送技师⟦贺⟧处登记",
    "材料放书记⟦莫⟧处,", "片子交医生⟦岑⟧处;", "病历在医师⟦欧⟧处、", "证件由警官⟦支⟧处领取", "药送护士⟦冉⟧处。",
    "报告交教授⟦付⟧处,", "卡在师傅⟦杨⟧处保存", "存折交老师⟦白⟧处代管", "手机交所长⟦童⟧处,", "衣物在站长⟦蓝⟧处代存",
    "首饰交护士长⟦祁⟧处登记", "单子送科长⟦余⟧处盖章", "U盘在老师⟦柏⟧处,", "钱交组长⟦龚⟧处。", "药盒在药师⟦谭⟧处,",
]  # fmt: skip
NOT_HELD = [
    "交护士长处,", "到主任处登记", "在医师处开药。", "骨折处,", "送经理处盖章", "破溃处。", "到药师的处,",
    "在老师家处,", "主任本处,", "护士长该处,", "交班长处。", "送师傅各处,", "在院长单处保管", "教授来处登记",
    "医生由处,", "到站长每处,", "会计某处。", "组长此处,", "送队长别处,",
]  # fmt: skip
MOBILE = [
    "校方心理老师⟦冷月⟧ 18785930028", "⟦方圆⟧ 13985960417", "⟦时光⟧:15908590118", "家属⟦高原⟧13800138000",
    "邻居⟦黄河⟧(13912345678)", "网格员⟦常青⟧ 151-8593-7740", "⟦路通⟧ 电话13700001111", "司机⟦石头⟧ 18687654321",
    "护工⟦金钱⟧ 13311112222", "房东⟦安静⟧ 13655556666", "班主任⟦文明⟧ 13122223333", "女儿⟦向阳⟧ 15612345678",
    "⟦路遥⟧ 手机 17612345678", "联系人⟦安康⟧ 13012345678", "民警⟦高明⟧ 13212345678", "儿子⟦田野⟧ 18912345678",
    "社工⟦江河⟧ 13498765432", "村医⟦马力⟧ 15598765432", "同事⟦白云⟧ 18198765432", "⟦万里⟧ 17798765432",
]  # fmt: skip
NO_MOBILE = [
    "电话 13985960417", "急诊 13800138000", "门诊电话13912345678", "护士站 13700001111", "车队 18687654321",
    "单位 13311112222", "宁波 13655556666", "家属 13122223333", "项目组 15612345678", "联系电话17612345678",
    "党办 13012345678", "居委会 13212345678", "高新区 18912345678", "保卫科 13498765432", "车间 15598765432",
    "安徽 18198765432", "项目部 17798765432", "单号 13812345678", "包裹单号13912345678", "何时13912345678",
]  # fmt: skip
TITLED = [
    "产房⟦单⟧护士长", "人事⟦单⟧科长", "药房⟦白⟧主任", "血库⟦石⟧主任", "急诊⟦温⟧医生", "财务⟦付⟧科长", "病理⟦花⟧主任",
    "后勤⟦贾⟧科长", "心内⟦祁⟧主任", "普外⟦冷⟧主任", "导管⟦蓝⟧护士长", "超声⟦苗⟧医生", "放射⟦凌⟧技师",
    "康复⟦柏⟧治疗师", "输血⟦卞⟧技师", "信息⟦乔⟧工程师", "营养⟦米⟧医师", "我让她等⟦字⟧主任查房", "质控⟦骆⟧老师",
    "院感⟦娄⟧老师",
]  # fmt: skip
NOT_TITLED = [
    "产房护士长", "人事科长", "药房主任", "血库总护士长", "急诊班护士", "财务总监", "等主任查房", "心内主任",
    "普外总住院医师", "导管室护士", "门诊由护士", "放射技师", "病房由医生告知", "病房护士长", "康复治疗师",
    "输血技师", "信息工程师", "营养医师", "检验技师", "急诊原主任", "外科本主任", "质控总医师",
]  # fmt: skip
CALLED = [
    "给隔壁⟦老韦⟧分着吃", "小卖部⟦老关⟧的", "工头⟦老邓⟧用皮卡", "同室⟦老曾⟧也是", "同伴⟦老鲍⟧、", "砸邻居⟦老郭⟧家门",
    "驾驶员⟦老谭⟧,车号", "前台⟦小郑⟧把", "当班⟦小韩⟧按规范", "伴侣⟦小江⟧", "交⟦小何⟧登记", "公司⟦小赖⟧送的",
    "糕点店⟦老佟⟧连夜", "夜班⟦小廖⟧态度差", "二助⟦小尹⟧ 器械", "急诊⟦老张⟧:", "工会⟦老窦⟧一份", "师傅⟦老秦⟧还寄",
    "超声的⟦小毕⟧,", "队长⟦老谢⟧骑车", "站长⟦老姚⟧帮忙",
]  # fmt: skip
NOT_CALLED = [
    "小梁切除术后", "海绵状小梁网", "老陈醋敷脚", "最小方差", "夷陵区小溪塔", "义堂镇小葛庄", "养老金发放",
    "衰老于皮肤", "古老方剂", "大小平均", "缩小包块", "较小黄斑", "年老病程", "细小白点", "矮小于同龄", "老年于门诊",
    "弱小孟", "小便黄", "小叶中心", "小结石",
]  # fmt: skip


NOBODY = [
    "布依", "哈尼", "仡佬", "孙媳", "侄婿", "曾孙", "母名", "夫名", "闭引", "胸引", "宫高", "全口", "窦律", "舒芬",
    "瑞芬", "阿奇", "黑便", "脐红", "高铁", "泥头车", "回执", "来问", "若转", "高新区", "连枷胸",
]  # fmt: skip
SOMEBODY = [
    "白露", "高山", "舒芳", "全英", "窦绿", "宫雪", "黑妞", "布仁", "孙梅", "曾勇", "母秀", "若兰", "来福", "连枝",
    "安全福", "时雨", "应春", "单云", "祝安", "程琳",
]  # fmt: skip
NOWHERE = ["装柄10号", "扩髓9号", "取针7号", "置管12号", "换头28号", "布依族", "仡佬族", "第2台 7号", "3台", "土家族"]
SOMEWHERE = [
    "文三路10号",
    "柳巷7号",
    "三都水族自治县",
    "布依族乡纳灰村",
    "桔园路9号",
    "老街12号",
    "东湖里28号",
    "槐树屯3号",
    "北门巷2号",
    "后坪村7号",
]


@pytest.mark.parametrize("word", NOBODY)
def test_what_only_looks_like_a_name(word: str) -> None:
    assert nobody(f"{word}。", 0, len(word))


@pytest.mark.parametrize("name", SOMEBODY)
def test_names_that_begin_like_such_words(name: str) -> None:
    assert not nobody(f"{name}。", 0, len(name))


@pytest.mark.parametrize("place", [*NOWHERE, *SOMEWHERE])
def test_sizes_and_peoples_are_no_places(place: str) -> None:
    assert nowhere(f"{place}。", 0, len(place)) is (place in NOWHERE)


@pytest.mark.parametrize("marked", [*WARD, *NO_WARD, *HELD, *NOT_HELD, *MOBILE, *NO_MOBILE])
def test_people_named_most_briefly(marked: str) -> None:
    text, expected = unmark(marked)
    assert {(one.start, one.end) for one in PersonBrief().find(Document(text))} == set(expected)


@pytest.mark.parametrize("marked", [*TITLED, *NOT_TITLED])
def test_a_surname_between_a_department_and_a_title(marked: str) -> None:
    text, expected = unmark(marked)
    assert {(one.start, one.end) for one in PersonTitle().find(Document(text))} == set(expected)


@pytest.mark.parametrize("marked", [*CALLED, *NOT_CALLED])
def test_old_and_little_before_a_surname(marked: str) -> None:
    text, expected = unmark(marked)
    assert {(one.start, one.end) for one in PersonNickname().find(Document(text))} == set(expected)


@pytest.mark.parametrize("before", ["", "：", "电话", "手机：", "李", " ", "\n", "联系电话:"])
def test_a_number_with_only_its_label_before_it_names_nobody(before: str) -> None:
    assert PersonBrief().find(Document(f"{before}13800001111")) == []
