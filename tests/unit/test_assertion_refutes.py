"""How notes refute, revise and put off, families of their own, with sentences that only look like them. Invented."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

NOT = """
肺穿刺干净，肺癌警报解除 | 肺癌
抗HIV阴，艾滋病的念头可断 | 艾滋病
脑脊液清亮，脑膜炎就此打住 | 脑膜炎
补体、双链正常，狼疮的帽子可摘 | 狼疮
腹部CT未见肿物，胰腺癌虚惊一场 | 胰腺癌
气道评估栏：困难气道这格空着 | 困难气道
尿酸320，痛风证据欠 | 痛风
先心病一项划去，超声心动图正常 | 先心病
新生儿甲低复筛通过 | 新生儿甲低
隐球菌培养两周不长 | 隐球菌
曲霉培养7天未生长 | 曲霉
淋巴瘤被病理否定 | 淋巴瘤
肠镜取材5块，肠结核经病理推翻 | 肠结核
类风湿关节炎查分类标准只够两条 | 类风湿关节炎
川崎病的诊断标准不满足 | 川崎病
肠结核误诊一年，终为克罗恩病 | 肠结核
当哮喘治了三年，支气管镜取出瓜子壳 | 哮喘
被当抑郁症吃了两年药，甲功一查TSH 90 | 抑郁症
差点当脑梗溶栓，一测血糖1.9 | 脑梗
街坊说是带状疱疹，其实隐翅虫皮炎 | 带状疱疹
三家医院看成银屑病，取皮一看实为体癣 | 银屑病
初诊偏头痛，MRV出来才知静脉窦血栓 | 偏头痛
按胆囊炎输液，后更名阑尾炎 | 胆囊炎
家长问是不是先天性髋脱位，答否 | 先天性髋脱位
肾移植本人不肯做 | 肾移植
腹膜透析家属死活不让做 | 腹膜透析
心脏支架介绍两遍，她婉拒 | 心脏支架
美沙拉嗪嫌贵，处方退回药房 | 美沙拉嗪
气管切开已谈，家属未签字 | 气管切开
甲氨蝶呤因备孕，没敢开 | 甲氨蝶呤
镜下血尿，患者不肯做肾穿刺活检 | 肾穿刺活检
入睡幻觉误诊精神分裂症两年，实为发作性睡病 | 精神分裂症
"""
PUT_OFF = """
室缺封堵因肺炎推迟 | 室缺封堵
疝修补原定昨天，咳嗽重撤台 | 疝修补
白内障手术订在下月 | 白内障手术
植皮须等肉芽新鲜 | 植皮
依那西普首针未打，等结核筛查 | 依那西普
"""
OPEN = """
?噬血细胞综合征，铁蛋白在途 | 噬血细胞综合征
要当心脑疝，备甘露醇 | 脑疝
"""
OTHERS = """
聚餐后另三人诊为布鲁菌病，患者无不适 | 布鲁菌病
家里的狗钩端螺旋体病，主人来抽血 | 钩端螺旋体病
"""
OWN = """
无法控制的癫痫，四联药 | 癫痫
哪里没有肺气肿，CT满布大泡 | 肺气肿
高血压否认不了，三次都过180 | 高血压
当地医院按肺炎治疗5天，仍热，今入院续抗感染 | 肺炎
诊断糖尿病5年，其实也不难控制 | 糖尿病
前列腺癌误诊为增生一年，骨转移才确诊 | 前列腺癌
当天脑梗，右侧肢体无力 | 脑梗
曲霉培养5天生长，烟曲霉 | 曲霉
血培养大肠埃希菌生长，菌血症 | 菌血症
肠梗阻解除，已排气 | 肠梗阻
子宫肌瘤剔除术后，恢复好 | 子宫肌瘤
诊断高血压，更正为3级高血压，极高危 | 高血压
肾移植术后5年，FK506 6.2 | 肾移植
血液透析因瘘闭改颈内导管 | 血液透析
化疗因血象低推迟一周，今第4程 | 化疗
家里养的狗咬伤，狂犬病暴露III级 | 狗咬伤
患者说得了乳腺癌，术后化疗六程，原来单位不知 | 乳腺癌
支气管哮喘，其他三人陪同 | 支气管哮喘
入睡幻觉误诊精分两年，实为发作性睡病 | 入睡幻觉
"""
SAID = {
    NOT: {Assertion.NEGATED},
    PUT_OFF: {Assertion.PLANNED},
    OPEN: {Assertion.POSSIBLE},
    OTHERS: {Assertion.FAMILY},
    OWN: {Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE},
}
ROWS = [(*row.split(" | "), says) for table, says in SAID.items() for row in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "words", "says"), ROWS)
def test_what_is_said_of_it(text: str, words: str, says: set[Assertion]) -> None:
    start = text.index(words)
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    read = {one.assertion for one in mentions if one.start < start + len(words) and start < one.end}
    assert read and read <= says
