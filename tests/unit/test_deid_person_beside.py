"""Names by what stands beside them: carets, sex and age in short, numbers, a second signer, a role above.

⟦ ⟧ is found; nothing else may be found.
"""

from __future__ import annotations

import time

import pytest

from deid.document import Document
from deid.recognizers.person_beside import PersonBeside
from deid.recognizers.person_cue import PersonCue
from deid.recognizers.person_foreign import PersonForeign
from deid.recognizers.person_nickname import PersonNickname
from deid.recognizers.person_title import PersonTitle
from deid.vetoes import nobody
from tests.unit.test_deid_recognizers import unmark

CARETS = """
PID|1||P7710482||⟦LIN^XIUFANG⟧||19580211
(0010,0010) PN ⟦YANG^HESHENG⟧
(0008,0090) PN ⟦WANG^XIAO MING⟧
PV1||I|||||D3305^⟦花^蕊⟧
PID|2||77||⟦乐^毅⟧||1962
PID|||MR8||⟦欧阳^若水⟧||2001
OBR|1|||| ⟦CHEN^YU⟧^^DR
|⟦Zhang^Wei⟧|M
NK1|1|⟦何^丽华⟧|SPO
PatientName=⟦LUO^YAN⟧
⟦GUO^JIA HUI⟧^^^
PN [⟦SHI^TAO⟧]
|⟦司马^青⟧^^^MD|
ROL|AT|⟦FENG^LEI⟧|
PatName ⟦QIAN^MEI⟧
|⟦罗^冬生⟧|
ORC|RE|||||||⟦DENG^HAO⟧
|⟦Xu^Ting⟧^MD
NTE|⟦谢^安⟧|
DG1 ⟦TANG^RUI⟧ ok
"""
NO_CARETS = """
OBX|1|NM|8302-2^身高||172
GLU^葡萄糖^LN
ORU^R01
K^血清钾^LN
10^9/L
MSH|^~\\\\&|HIS
CBC^血常规^L
NM^BODY WEIGHT
x^2
CT^胸部平扫
ADT^A08
"""
SEXES = """
Chart K-20771 ⟦凤小满⟧ F/24 Tel
⟦陈雨⟧ M/55 胸外
Pt ⟦成功⟧ M 55 70kg
⟦明媚⟧ 34F LMP
⟦Zhou Min⟧ 34F LMP
⟦Lin Y.H.⟧ F/67 MRN
⟦WEN LJ⟧ F 31
⟦卓玛⟧ ♀ 39
#12 ⟦柳青⟧ M/8
⟦来福⟧ (M/72)
|⟦黄河⟧ M 61|
⟦甘露⟧ 45 F
⟦Ana Pereira⟧ 29F
⟦石磊⟧,M/40
⟦白雪⟧ ♀
⟦许愿⟧ F/3
23: ⟦万里⟧ M/66
⟦Li Na⟧ F/50
⟦江海⟧ M 18
⟦高兴⟧ M/59
"""
NO_SEXES = """
分期 T2 M 0
血压 M 55
双侧 F/24
Fr 16F
引流管 16F 通畅
尿管 14F 气囊
Foley 16F
男性 M/55
阳性率 M 45
Grade II M 55
Total Count 34F
左侧 M/3
对照组 F/24
"""
ALONE = """
袋面JY317-22 ⟦曾阿水⟧
14  ⟦方秋莲⟧  07-114
机位B区11 ⟦宋元发⟧ 干重56.5
入观 06:20 ⟦郝大庆⟧ 观3
LA43-06-1127 ⟦翁春梅⟧ 孕3产2
#7 ⟦林秀芳⟧ 术前
12床⟦陈国强⟧ 禁食
8830147 ⟦王建华⟧ 37.2
03|⟦刘桂英⟧|平
S12 ⟦张玉兰⟧(家属在)
5 ⟦李志明⟧/陪1
D10-09 ⟦周德昌⟧ 今出
(3) ⟦吴美玲⟧ 换药
ICU4 ⟦赵文斌⟧ 镇静
2210 ⟦孙丽娟⟧,已通知
E2405 ⟦徐海峰⟧ 缝合
9  ⟦胡晓燕⟧\\n10 ⟦朱永福⟧
\\n⟦何金凤⟧ 38.2
A-16 ⟦罗志强⟧;
#3 ⟦谢春花⟧ 拆线
留观23座 ⟦阿聪⟧ 3岁 雾化
⟦小宝⟧ 5岁
"""
NOT_ALONE = """
01 干体重 62.5
04:15 宫口开 3cm
罗库50mg 舒芬 20
2028-11 陶瓷头 28/0
32.5 蓝光 18h
150mg 米索 600μg
5 黄卡 5520
3 平卧位 2h
12 高流量 40L
01 白细胞 6.2
7 金属片 2
11 马尾 正常
4 方颌 未见
6 温盐水 500
2 石膏托 固定
8 元胡 15
3 牛膝 10
2019 年人流 1次
发病 3岁
初潮 13岁
绝经 50岁
男婴 2岁
儿童 7岁
"""
CHILDREN = """
⟦刘佳之女⟧ 采血卡
听力 ⟦王芳之子⟧ 通过率
3床⟦陈丽之婴⟧
⟦李秀梅之女⟧ 13.8mg
⟦汪长生⟧之女汪小燕代签
⟦汪长生⟧之女 汪小燕 代签
⟦郭建军⟧之子陪同
⟦何玉兰⟧之女,同意手术
新生儿:⟦张敏之子⟧
⟦赵雪之子⟧,男
⟦周小燕之女⟧ 3.1kg
⟦吴桂兰之子⟧ 监护室
⟦欧阳静之女⟧ 采足跟血
⟦郑晓红之子⟧ 卡介苗 0.1ml
"""
NO_CHILDREN = """
患者之子签字
死者之女到场
产妇之子
其弟之子
本人之女
黄昏之子
两者之间
独生之女
邻居之子
"""
PAIRS = """
明日拔尿管。\\n⟦汪洋⟧/⟦区婉仪⟧(实习)
\\n    ⟦明媚⟧/⟦樊心⟧
双人核对  ⟦蓝天⟧/⟦林静⟧
\\n⟦冷静⟧/⟦陈国强⟧
\\n        ⟦张敏⟧/⟦白雪⟧
。⟦高远⟧/⟦李秀梅⟧
\\n⟦黄河⟧/⟦周德昌⟧\\n
\\n  ⟦万里⟧ / ⟦郑晓红⟧
"""
NO_PAIRS = """
\\n阳性/阴性
\\n白细胞/红细胞
\\n安静/活动
\\n高压/低压
\\n黄连/黄芩
\\n左侧/右侧
\\n成人/儿童
\\n金葡/表葡
\\n白班/夜班
"""
UNDER = """
检验者 审核者\\n⟦鄢小丽⟧ ⟦向前⟧
报告医师 复核医师\\n⟦冷静⟧   ⟦安康⟧\\n
记录人  核对人\\n⟦来源⟧  ⟦时新⟧
采样者 送检者 接收者\\n⟦方向⟧ ⟦石头⟧ ⟦黄芪⟧
"""
NO_UNDER = """
检验者 审核者\\n仪器
检验者 审核者\\n签名 日期
记录人 核对人\\n
"""

SPEAKERS = """
22:07 ⟦林国强⟧:来个人\\n22:09 ⟦白雪⟧:收到
08:15 ⟦王秀兰⟧:到了\\n08:16 ⟦冷静⟧:我来处理\\n08:20 ⟦高兴⟧:好
[21:03 ⟦陈志明⟧:备血\\n21:05 ⟦安康⟧:已取
23:40 ⟦周晓燕⟧:谁值班\\n23:41 ⟦方圆⟧:我
"""
NO_SPEAKERS = """
08:00 体温:36.5\\n10:00 血压:120
22:33 麻醉:备血4U\\n22:34 急诊:好
09:00 查体:清\\n10:00 常规:送
07:05 温度:22\\n08:05 温度:23
"""
SIGNERS = """
\\n——⟦方向⟧
谢谢\\n    ——⟦安静⟧ 3月
(口述,⟦冉冉⟧记):
(⟦王晓燕⟧整理)
(⟦江山⟧记)
(⟦李建国⟧口述)
"""
NO_SIGNERS = """
\\n——良性
(护士记)
(家属口述)
(患者口述)
诊断——肺炎
(下肢誊写)
(录音整理)
"""
NEAR = """
邻居⟦国庆⟧报警
其夫⟦建军⟧签字
同事⟦长江⟧送来
女婿⟦建华⟧背到
儿子⟦志强⟧陪同
工友⟦永强⟧拨打120
老伴⟦秀英⟧说
"""
NO_NEAR = """
丈夫建设银行上班
儿子今天送
邻居刚才说
母亲昨天称
女儿连夜赶来
"""


def _rows(table: str) -> list[str]:
    return [row.replace("\\n", "\n") for row in table.strip().split("\n")]


def _found(text: str) -> set[int]:
    return {at for one in PersonBeside().find(Document(text)) for at in range(one.start, one.end)}


@pytest.mark.parametrize("marked", _rows(CARETS + SEXES + ALONE + CHILDREN + PAIRS + UNDER + SPEAKERS + SIGNERS + NEAR))
def test_what_stands_beside_a_name_says_that_it_is_one(marked: str) -> None:
    text, spans = unmark(marked)
    assert _found(text) == {at for start, end in spans for at in range(start, end)}


@pytest.mark.parametrize(
    "text",
    _rows(NO_CARETS + NO_SEXES + NOT_ALONE + NO_CHILDREN + NO_PAIRS + NO_UNDER + NO_SPEAKERS + NO_SIGNERS + NO_NEAR),
)
def test_codes_sizes_and_words_stay(text: str) -> None:
    assert _found(text) == set()


# Names of the Hui and of the Yi after a surname or a clan, whatever stands around them.
ETHNIC = """
夜间⟦马尔酒⟧呕血
⟦马尔不都⟧ 男
⟦马阿西也⟧签字
妻⟦马阿依舍⟧在家
⟦韩乃比⟧来诊
⟦丁哈三⟧之弟
⟦马海迪彻⟧复查
⟦陕法图麦⟧
⟦马易卜拉⟧住院
⟦罗尔沙⟧摔伤
⟦白麦燕⟧产检
⟦哈主麻⟧今晨
⟦杨胡赛尼⟧签
⟦马达吾德⟧出院
⟦冶色力麦⟧
⟦沙穆萨⟧转院
⟦马则乃拜⟧,回族
⟦马克里木⟧在场
⟦米尤素⟧
⟦阿苦日者莫⟧ 女
⟦沙玛伍合⟧翻译
⟦吉克么么⟧检测
⟦海来日火⟧
⟦曲别伍果⟧陪同
⟦果基木呷⟧
⟦阿说日则莫⟧
"""
NO_ETHNIC = """
马尔堡病毒
马尔可夫链
马尔尼菲青霉
阿里地区
外力作用
主麻日聚礼
达吾尔族
热者寒之
海底电缆
木沙发
"""
# What relatives and staff do, in two characters that could be a name.
ACTS = """
费用由家属缴纳。
已向家属解释。
责任护士随行。
器械护士清点。
护士知晓。
同桌多人发病。
母亲安抚后入睡
患者家属商量后
父亲陪护。
妻子照料。
家属承诺。
母亲担心。
护工搀扶。
家属协助。
丈夫反映。
责任护士宣教。
主管护士指导。
家属申请。
女儿联系。
儿子外出。
同事转告。
做过8年翻砂工。
当了3年护工
住院5天护士
编码员改:主诊 I63
审核:单 JS2403
报告:卡 A77
"""
# Drugs and scores in short, forms and words of the clinic that the tagger takes for names.
NOBODY = """
首程 干鸣 巢状 程控 悬红 白悬红 管数 阴超 平顺 揭顶 戴冠 全瓷 艾灸 储值 老号 册号 护级 公卫科 费用日 保健册
遇寒 脱矿 张数 Trocar Hem-o-lok Phaco Vojta Axis Glu Room Birth Cyclin Hoehn Ventana Gy·cm
"""
DRUGS = """
二甲0.5 阿卡 50
阿奇 10mg/kg
阿普加评分
阿托 20mg
阿司 100
阿莫西林
阿替 25
阿昔 0.2
"""


@pytest.mark.parametrize("marked", _rows(ETHNIC + NO_ETHNIC))
def test_a_surname_and_a_given_name_of_the_hui_or_of_the_yi(marked: str) -> None:
    text, spans = unmark(marked)
    found = {at for one in PersonForeign().find(Document(text)) for at in range(one.start, one.end)}
    assert found == {at for start, end in spans for at in range(start, end)}


@pytest.mark.parametrize("word", NOBODY.split())
def test_a_word_of_the_clinic_is_nobody(word: str) -> None:
    assert nobody(f"见{word} 一次", 1, 1 + len(word))


@pytest.mark.parametrize("text", _rows(DRUGS))
def test_a_drug_in_short_is_nobody(text: str) -> None:
    assert PersonNickname().find(Document(text)) == []


@pytest.mark.parametrize("text", _rows(ACTS))
def test_what_somebody_does_is_nobody(text: str) -> None:
    assert [one for kind in (PersonCue, PersonTitle) for one in kind().find(Document(text))] == []


def test_a_long_row_of_roles_takes_no_time() -> None:
    text = "检验者 \n" + "检验者 审核者 " * 10_000
    began = time.process_time()
    assert PersonBeside().find(Document(text)) == []
    assert time.process_time() - began < 10
