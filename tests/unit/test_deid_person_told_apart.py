"""What stands where names do and is none: parties, forms, counts, trades, speech; and names that stand there."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier
from deid.document import Document
from deid.naming import is_placeholder
from deid.recognizers.person_acting import PersonActing
from deid.recognizers.person_beside import PersonBeside
from deid.recognizers.person_cue import PersonCue
from deid.recognizers.person_foreign import PersonForeign
from deid.recognizers.person_latin import PersonLatin
from deid.recognizers.person_title import PersonTitle
from records.entities import Entity
from records.texts import IdentifiedText
from tests.unit.test_deid_recognizers import unmark

OURS = Deidentifier.load()
RULES = [PersonActing, PersonBeside, PersonCue, PersonForeign, PersonLatin, PersonTitle]

AFTER_A_TASK = [
    "麻醉药柜双人核对无误", "避免挥发性麻醉药,备用", "步态评估;若10米步行改善", "查对;应2人签",
    "本月统计:危急值 87 例", "汇总:应访 5,成功3", "登记:实到 12,缺席1", "值班医师:明早PPI泵入",
    "医生:白细胞4.9,可以", "护士:血糖7.8", "呼吸科医生查CT:左肺肿块", "急诊医生查NT-proBNP 8764",
    "影像科阅片示Evans指数0.38", "主持人签名:(见原件)", "签字:巳签", "签字:末签", "输注记录:\n开姶 14:45",
    "技师甲  技师乙  体重kg", "核对:甲  复核:乙", "术前检查:TnI 4.62ng/ml", "(法人代表)\n沟通时间:2025年5月",
    "门诊随访医师:副主任,周二上午。", "管床医师于洪涛,计划由物理师完成", "交叉配血:盐水法、凝聚胺法",
]  # fmt: skip
AFTER_A_TASK_SOMEBODY = [
    "护士⟦姜⟧核对。", "护士⟦汪⟧签名", "医师⟦彭⟧会诊", "护士⟦邹⟧交班时", "技师⟦傅⟧操作", "护士⟦孟⟧执行",
    "医生⟦廖⟧接诊", "麻醉:⟦药建国⟧", "评估:⟦应小梅⟧", "统计:⟦应芳⟧", "汇总:⟦危国强⟧", "医生:⟦白晓雯⟧",
    "值班医师:⟦明建华⟧", "阅片:⟦查良镛⟧", "检查:⟦查小燕⟧", "记录:⟦开颜⟧", "技师:⟦甲文斌⟧", "主持:⟦周一鸣⟧",
    "审核:⟦周三省⟧", "医师⟦于洪涛⟧,⟦计春华⟧", "监查员:⟦Petra Horváth⟧", "阅片:⟦António Ferreira⟧",
    "研究者:⟦Zoë Müller⟧", "签名:⟦见国华⟧", "姓名:⟦周一⟧",
]  # fmt: skip
AFTER_KIN = [
    "后由邻居开车先送医", "大儿子问能不能转腹透", "从岳父家拜年回来", "女婿留联系手机", "老伴问可否进食",
    "女儿家里常住", "儿子只知大概", "弟弟开门发现", "外甥开药给他", "邻居留电话", "妹妹问要不要住院",
    "同事留下陪夜", "患者方留存一份", "家属联 扫描件", "他本人只知胃溃疡", "本人只要止痛", "患者联存根",
    "儿子留院照看", "女儿问何时出院", "孙子家吃住",
]  # fmt: skip
AFTER_KIN_SOMEBODY = [
    "儿子⟦家豪⟧陪同", "女儿⟦家欣⟧陪护", "邻居⟦方建国⟧送来", "患者⟦方桂兰⟧,女", "老伴⟦于淑珍⟧陪",
    "女婿⟦刘联军⟧,电话", "儿子⟦时建军⟧签字", "丈夫⟦买建国⟧陪同", "妻子⟦白晓燕⟧签字", "弟弟⟦安志强⟧在场",
    "邻居⟦连国富⟧,电话", "家属⟦要小红⟧,女", "女儿⟦付小敏⟧陪", "儿子⟦常胜利⟧在外地", "患者⟦联秀英⟧,女",
    "妹妹⟦祝家慧⟧来院", "儿媳⟦管玉梅⟧喂饭", "外甥⟦明志远⟧陪同", "丈夫⟦全有才⟧签字", "母亲⟦万家珍⟧陪",
]  # fmt: skip
BESIDE = [
    "一、投诉信(原文照录)", "二、家属陈述(原话照录)", "(原样照录)", "(据实记录)",
    "一、基本情况。被保险人,男,50岁", "委托人,女,41岁", "职业:屠宰工\n工作单位", "工种:电焊工,汉族",
    "岗位:油漆工,高中", "国际门诊楼\n主任查房记录", "Rh 阳\n科主任", "随太奶奶生活", "随主任查房",
    "七、贵司要求调取", "(朝文签名)", "同练的父亲喊他", "补开说明:产妇之母", "NCPAP PEEP 5 FiO2 0.25",
    "SIMV PEEP 6, PIP 18", "BIPAP IPAP 14,", "APACHE SOFA 评分",
]  # fmt: skip
BESIDE_SOMEBODY = [
    "(⟦原建国⟧记)", "(⟦冉冉⟧记)", "⟦宝平安⟧,男,50岁", "⟦时光⟧,女,41岁", "⟦陈⟧工,电话", "找⟦周⟧工确认",
    "⟦王⟧\n主任医师", "⟦李⟧太奶奶来看", "请⟦随建国⟧主任看", "⟦向东⟧拒绝", "⟦贵生⟧拒绝住院", "⟦丁⟧医师在场",
    "⟦Maria Rosário⟧女士", "家属⟦José Álvarez⟧陪同", "⟦LIN MEILING⟧,女", "翻译:⟦Björn Åkesson⟧,在场",
    "⟦张⟧主任查房", "⟦朝霞⟧拒绝", "⟦司⟧医师看过", "⟦关⟧主任来",
]  # fmt: skip
DOING = [
    "儿媳管家", "患者能自理", "患者向医生致谢", "家属向主任反映", "病人向护士要水", "母亲都知道病情",
    "丈夫须签字", "儿子将归国", "患者会用吸入器", "家属会操作", "患者却拒绝", "家属直言不满", "邻居遇车祸",
    "儿子骑电动车来", "女儿未成年", "患者只喝水", "研究护士随机化", "司机酒驾", "护士随手关灯",
    "朋友向老师求助", "患者能下床", "病人要回家",
]  # fmt: skip
DOING_SOMEBODY = [
    "患者⟦向红梅⟧,女", "家属⟦向建国⟧反映", "儿媳⟦管玉兰⟧陪", "医生⟦向东升⟧查房", "⟦向⟧医生致谢", "请⟦向⟧主任看",
    "母亲⟦都小芳⟧签字", "护士⟦要小红⟧,电话", "朋友⟦向国强⟧送来", "丈夫⟦直建军⟧签字", "患者⟦能秀英⟧,女",
    "护士⟦随红梅⟧核对", "司机⟦酒建国⟧,男", "邻居⟦方大勇⟧送来", "家属⟦未小军⟧,男", "儿子⟦向前进⟧陪",
    "联系⟦向⟧护士长", "病人⟦向阳花⟧,女", "社工⟦向春兰⟧到场", "女儿⟦向晓燕⟧陪护", "父亲⟦向德福⟧签字",
]  # fmt: skip
SCRIPTS = [
    "患者签字:⟦김순희⟧(朝文签名)", "奶奶⟦박순자⟧94岁", "亲笔签名“⟦김성호⟧”,其女见证", "家属⟦이영희⟧到场",
    "翻译⟦최민수⟧在场", "患者⟦정미경⟧,女", "⟦강동원⟧ 男 50岁", "由⟦조현우⟧陪同", "女儿⟦윤서연⟧签字",
    "丈夫⟦장기영⟧", "⟦임재범⟧씨 来电", "⟦한지민⟧님", "联系人⟦오세훈⟧,电话", "⟦서인국⟧(首尔)",
    "⟦신동엽⟧、⟦권나라⟧在场", "⟦황정민⟧先生", "⟦안성기⟧,男", "⟦송혜교⟧,女", "⟦남궁민수⟧到场", "⟦김 순희⟧ 女",
    "签名:⟦たろう⟧", "本名:⟦Нина Петрова⟧,女", "签字:⟦สมชาย⟧", "姓名:⟦محمد⟧",
]  # fmt: skip
SCRIPTS_NOBODY = [
    "患者说“아파요”", "问候안녕하세요", "고혈압 3级", "说한국어交流", "药名타이레놀", "标签:방사선", "심장병史",
    "당뇨병用药", "写着감사합니다", "병원门口", "약국取药", "翻译한국인在场", "“괜찮아요”", "수술同意",
    "서울시来", "주사기一支", "간호사说", "의사来", "응급실", "입원동의서一份", "β-hCG 5", "α波", "Δ值 3",
    "カルテ一份",
]  # fmt: skip
LISTED = [
    "夜班⟦全香花⟧与白班⟦王璐⟧床旁交接", "主刀⟦成海燕⟧、一助⟦贺小军⟧", "夜班⟦苏敏⟧、小夜⟦邱霞⟧核对",
    "交斑:⟦赵 雪⟧\n5床", "接斑:⟦钱红⟧", "5床 ⟦周顺 清⟧ 男 71岁", "12床 ⟦李铁 柱⟧ 女 40岁",
    "督导:⟦Margaret Liu⟧ 地点:谈心室", "记录:⟦John Smith⟧ 地点:会议室", "护士⟦全香花⟧与护士⟦葛梅⟧核对",
]  # fmt: skip
WORDS = [
    "贵司", "我司", "贵院", "案主", "被保险人", "韩方", "甲方", "勾选", "涂改", "补签", "原件", "见原件",
    "巳签", "己签", "末签", "联糸", "登汜", "白斑", "开姶", "应访", "实到", "失访", "筛败", "入组", "大双",
    "小双", "朝文", "蒙汉", "双语", "纯合", "杂合", "先证", "苏醒期", "顺产",
]  # fmt: skip
NAMES = [
    "贵生", "贵芳", "安科", "韩芳", "甘方", "许诺", "韩文", "袁建", "安原", "付建国", "应芳", "史芳", "双喜",
    "小霜", "潮文", "孟涵", "纯燕", "苏星", "顺昌", "白班达", "连芳", "登高", "危国强", "计春华", "季华",
    "关玉", "汪原", "明早春", "原照", "英文",
]  # fmt: skip


def _by_rules(text: str) -> set[tuple[int, int]]:
    doc = Document(text)
    return {(one.start, one.end) for rule in RULES for one in rule().find(doc)}


@pytest.mark.parametrize("text", [*AFTER_A_TASK, *AFTER_KIN, *BESIDE, *DOING, *SCRIPTS_NOBODY])
def test_nobody_stands_there(text: str) -> None:
    assert {text[start:end] for start, end in _by_rules(text)} <= {"于洪涛"}


@pytest.mark.parametrize(
    "marked", [*AFTER_A_TASK_SOMEBODY, *AFTER_KIN_SOMEBODY, *BESIDE_SOMEBODY, *DOING_SOMEBODY, *SCRIPTS, *LISTED]
)
def test_somebody_stands_there(marked: str) -> None:
    text, expected = unmark(marked)
    hidden = {
        at
        for span in OURS.spans(IdentifiedText(text))
        if span.entity is Entity.PERSON
        for at in range(span.start, span.end)
    }
    assert hidden >= {at for start, end in expected for at in range(start, end)}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_where_a_name_could_stand(word: str) -> None:
    assert is_placeholder(word)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_no_such_word(name: str) -> None:
    assert not is_placeholder(name)
