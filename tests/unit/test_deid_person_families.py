"""Names by what stands around them: nicknames, whom one goes to see, brackets, initials; and what only looks so."""

from __future__ import annotations

import pytest

from deid.document import Document
from deid.recognizers.organisation import Organisation
from deid.recognizers.person_acting import PersonActing
from deid.recognizers.person_cue import PersonCue
from deid.recognizers.person_latin import PersonLatin
from deid.recognizers.person_nickname import PersonNickname
from deid.recognizers.person_title import PersonTitle
from tests.unit.test_deid_recognizers import unmark

CALLED = [
    "小名⟦糯米⟧。", "小名叫⟦石头⟧,", "乳名⟦年糕⟧,", "奶名⟦招财⟧)", "外号⟦铁塔⟧,", "绰号“⟦麻雀⟧”", "诨名⟦黑子⟧。",
    "人称⟦老歪⟧。",
    "都叫⟦胖墩⟧,", "大家都喊⟦豆芽⟧。", "名叫⟦满仓⟧,", "唤作⟦招弟⟧,", "名唤⟦春芽⟧。", "取名⟦谷雨⟧。",
    "起名⟦沐阳⟧,", "拟名⟦子墨⟧。",
    "女儿叫⟦麦穗⟧,", "孩子小名⟦核桃⟧,", "一个叫⟦秃鹫⟧的", "我叫⟦应届⟧,", "两个叫⟦大毛⟧、",
]  # fmt: skip
NOT_CALLED = [
    "药名叫泰能,", "菌名叫念珠,", "我叫救护车来", "她叫妈妈,", "我叫医生,", "他叫疼痛,", "我叫护士。",
    "她叫起床,", "他叫不醒,", "病名叫白塞。",
    "一个叫胃镜的检查", "都叫苦。", "都喊累", "孩子叫声弱", "我叫了车。", "人称代词的用法", "取名次", "村名叫李庄,",
    "书名叫家,", "我叫外卖,",
    "她叫奶奶。",
]  # fmt: skip
SEEN = [
    "在医院⟦温如玉⟧处随诊", "赴⟦蒋月泉⟧处求诊", "至门诊⟦樊守义⟧处复诊", "到⟦郝春妮⟧处就诊",
    "于内科⟦庄静怡⟧处配药", "往⟦屠志远⟧处看病",
    "找⟦鲍国安⟧处开药", "从⟦闵秋水⟧处抄方", "在⟦瞿文亮⟧处门诊随访", "去科里,⟦雷建新⟧处取药", "到⟦田秀英⟧处看诊",
    "在卫生室⟦韩大福⟧处治疗",
    "在诊所⟦褚明志⟧处诊治", "经⟦邓启明⟧处诊治", "往康复科⟦宋立峰⟧处治疗", "赴心理科⟦薛晓岚⟧处复诊",
    "在中心⟦葛红梅⟧处随访", "至⟦侯永强⟧处求医", "到眼科⟦贺云飞⟧处复查", "于⟦钱伯钧⟧处学医",
]  # fmt: skip
NOT_SEEN = [
    "在何处就诊", "到别处就诊", "去他处求医", "伤处随访", "患处治疗", "多处求诊", "此处就诊", "痛处治疗",
    "于两处随诊", "远处看病",
    "何处门诊", "在外处配药", "某处就医", "四处求医", "到处看病", "原处复诊", "好处就诊", "在老家住处治疗",
    "在我处随诊", "创处治疗",
]  # fmt: skip
OF_PLACE = [
    "内镜中心的⟦柏文青⟧说", "检验科的⟦张敏霞⟧来", "药房的⟦李卫东⟧说", "手术室的⟦王海波⟧去", "病区的⟦陈晓燕⟧告知",
    "急诊科的⟦赵立新⟧通知",
    "放射科的⟦周国强⟧提醒", "输液室的⟦吴美兰⟧带", "护理站的⟦郑小红⟧送", "透析室的⟦孙志刚⟧转告",
    "血库的" + "人说", "麻醉科的⟦何建军⟧解释",
    "隔壁楼的⟦冯玉珍⟧来", "产科的⟦蒋丽华⟧说", "骨科的⟦沈德明⟧认为", "信息部的⟦韩雪梅⟧联系", "供应室的⟦杨金凤⟧收",
    "心电图室的⟦朱秀兰⟧记录",
    "康复组的⟦徐文杰⟧指导", "神经内科的⟦许志华⟧会诊",
]  # fmt: skip
NOT_OF_PLACE = [
    "内科的常规检查", "病房的安静环境", "中心的方案已定", "医院的白班护士", "科室的高年资医师",
    "检验科的危急值来电", "药房的黄芪说明",
    "病区的温度", "手术室的时候", "骨科的石膏拆除", "急诊科的金标准", "放射科的平片提示", "心内科的药物",
    "外科的敷料送检", "产科的安全问题",
    "血库的单采说明", "隔壁楼的高处坠落", "医院的方便门诊", "输液室的曲线", "透析室的管路",
]  # fmt: skip
WHOSE = [
    "⟦桂枝⟧(女儿)", ",⟦成敏⟧(治疗师)", "那天⟦汪洋⟧(我儿子)", "昨晚⟦白鸽⟧(妻子)", "。⟦向前⟧(工友)",
    "与⟦林立⟧(同学)", "⟦杜鹃⟧(护工)",
    ":⟦高明⟧(丈夫)", "和⟦安然⟧(邻居)", "叫⟦万里⟧(弟弟)", "由⟦金凤⟧(儿媳)", ",⟦石榴⟧(孙女)", "8点⟦田野⟧(同事)",
    "跟⟦云霞⟧(母亲)", "。⟦海涛⟧(司机)", "请⟦江帆⟧(社工)", ",⟦康宁⟧(药师)", "让⟦雷鸣⟧(女婿)", "对⟦水莲⟧(婆婆)",
    "\n⟦郝运⟧(室友)",
]  # fmt: skip
NOT_WHOSE = [
    "陪同(女儿)", "家属(儿子)", "联系人(妻子)", "陈述(母亲)", "通知(丈夫)", "签字(女儿)", "核对(药师)",
    "执行(护工)", "照护(老伴)", "告知(配偶)",
    "供肾(母亲)", "提供(父亲)", "代述(儿媳)", "沟通(邻居)", "申请(班主任)", "监护人(父亲)", "关系(母亲)",
    "安排(司机)", "陪护(保姆)", "管理(社工)",
]  # fmt: skip
INITIALS = [
    "受试者缩写 ⟦B S H⟧ ", "缩写 ⟦Z L J⟧ 随机", "姓名缩写|⟦M_H_⟧|", "姓名缩写:⟦GXC⟧,", "首字母 ⟦L.Q⟧ ",
    "拼音缩写:⟦WJG⟧;", "缩写:⟦T-Y-F⟧ ", "患者缩写 ⟦OYXM⟧ ", "缩写⟦HZ⟧,", "姓名首字母:⟦C M⟧,", "缩写 ⟦XWJ⟧ 性别",
    "缩 写:⟦DLB⟧ ",
    "缩写|⟦QJH⟧|", "首字母缩写 ⟦S_R⟧ ", "缩写:⟦KYL⟧)", "缩写 ⟦NZX⟧\n", "缩写: ⟦FWQ⟧ ", "受试者缩写:⟦JPW⟧。",
    "缩写 ⟦Y T⟧ 年龄", "缩写:⟦R·H⟧ ",
]  # fmt: skip
NO_INITIALS = [
    "CT平扫", "BMI 24", "COPD急性加重", "缩写见附表", "首字母大写", "缩写词 表", "缩写(略)", "缩写:Wang123",
    "EGFR突变", "IgA肾病",
    "缩写未填", "PICC置管", "缩写:无", "ST段抬高", "HER-2(+)", "缩写规则", "ECOG 1", "GCS 15", "首字母顺序",
    "缩写 12", "慢阻肺(英文缩写:COPD)", "缩写:DVT预防", "检查缩写 CT", "缩写:ALT、AST", "疾病首字母缩写 PTE",
]  # fmt: skip
# After a relative in brackets, a preposition, the end of a noun, an eponym: nobody.
NO_CUE = [
    "邱志远(父亲)以身份证登记", "佟建国(爸爸)用过", "签署于10:22", "医师于9月18日执行", "检验报告单 第1页",
    "麻醉记录单 第1/2页", "陪护人员到场",
    "专科检查:House-Brackmann Ⅱ级", "随访单 第3次", "签字齐全,归档", "记录完整,无涂改", "晏主任:下一个。",
    "麻护士长:收到,马上", "由梅护士长考核。",
    "姜主任谈,先观察", "与沙医生通话,同意", "覃护士代看。", "韦医师开单,缴费", "母亲(家属)及班主任到场",
    "核对双签齐全,",
]  # fmt: skip
NO_TITLE = [
    "由送餐站长翻译", "由上级医师复核", "经主治医师同意", "由主管护师核对", "向上级医师汇报", "请会诊医师评估",
    "由值班医生处理", "让责任护士宣教",
    "由班组长送来", "经科主任批准", "由交班护士说明", "对实习医生讲解", "由街道主任陪同", "将住院医师名单",
    "由工地队长送来", "据值班护士述",
    "与主管医师沟通", "由社区民警协助", "请麻醉医师访视", "由病区主任主持",
]  # fmt: skip


def _found(marked: str, recognizer: type) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    text, spans = unmark(marked)
    return {(f.start, f.end) for f in recognizer().find(Document(text))}, set(spans)


@pytest.mark.parametrize("marked", [*CALLED, *NOT_CALLED])
def test_what_somebody_is_called(marked: str) -> None:
    found, expected = _found(marked, PersonNickname)
    assert found == expected


@pytest.mark.parametrize("marked", [*SEEN, *NOT_SEEN, *OF_PLACE, *NOT_OF_PLACE, *WHOSE, *NOT_WHOSE])
def test_somebody_of_a_place_or_told_in_brackets(marked: str) -> None:
    found, expected = _found(marked, PersonActing)
    assert found == expected


@pytest.mark.parametrize("marked", [*INITIALS, *NO_INITIALS])
def test_initials_follow_their_label(marked: str) -> None:
    found, expected = _found(marked, PersonLatin)
    assert found == expected


@pytest.mark.parametrize("marked", NO_CUE)
def test_no_name_follows(marked: str) -> None:
    assert _found(marked, PersonCue)[0] == set()


@pytest.mark.parametrize("marked", NO_TITLE)
def test_a_preposition_before_a_title_is_nobody(marked: str) -> None:
    assert _found(marked, PersonTitle)[0] == set()


CHILDREN = [
    "高子轩", "糜子轩", "余子轩", "张宇轩", "李明轩", "王浩轩", "陈梓轩", "赵俊轩", "周文轩", "吴泽轩", "郑逸轩",
    "孙铭轩", "黄宸轩", "徐皓轩",
    "何一轩", "冯雨轩", "邓博轩", "曹志轩", "彭嘉轩", "董晨轩",
]  # fmt: skip


@pytest.mark.parametrize("name", CHILDREN)
@pytest.mark.parametrize("before", ["拟用名", "学名", "小朋友", "患儿:", "姓名:"])
def test_children_are_called_like_tea_houses(name: str, before: str) -> None:
    assert list(Organisation().find(Document(f"{before}{name}。"))) == []


@pytest.mark.parametrize("house", ["鸿运大酒店", "聚贤阁酒楼", "福满楼饭店", "望江茶楼", "蓝海幼儿园", "明轩大药房"])
def test_houses_of_trade_stay_institutions(house: str) -> None:
    assert list(Organisation().find(Document(f"在{house}聚餐后腹泻。")))
