"""Relatives in polite words, those whom a patient nurses, fetches for or comes with, and what is his own beside them or
in spite of words of denial. Invented; rules alone but for the last test."""

from __future__ import annotations

import pytest

from records.mentions import Assertion, Mention
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_judge import Judge
from semantic.assertion_words import spoken
from semantic.concepts import Lexicon

OWN = {Assertion.PRESENT, Assertion.PROBABLE, Assertion.PAST}

# Text | the words asked about | what holds of them; "own" is whatever is the patient's.
TABLE = """
令堂青光眼术后，您本人眼压正常 | 青光眼 | family
因令郎白血病来做配型 | 白血病 | family
先慈死于乳腺癌，每年自查 | 乳腺癌 | family
岳丈肝硬化卧床，轮流守夜致腰酸 | 肝硬化 | family
内子甲亢，代其取药 | 甲亢 | family
内人去年做了子宫切除 | 子宫切除 | family
科内人员肺结核筛查，确诊肺结核一名即患者 | 肺结核 | own
腔内子宫肌瘤突起，子宫肌瘤3cm | 子宫肌瘤 | own
照料患阿尔茨海默病的丈夫多年，失眠 | 阿尔茨海默病 | family
伺候瘫痪在床的公公，肩痛 | 瘫痪 | family
陪妻子来血透室，顺便量血压 | 血透 | family
陪母亲做化疗时受凉咳嗽 | 化疗 | family
陪妻子散步时急性心肌梗死发作 | 急性心肌梗死 | own
由儿子陪来做化疗 | 化疗 | own
替父亲领造口袋，自己无不适 | 造口 | family
为外婆买胰岛素，顺便测血糖 | 胰岛素 | family
女儿替父亲领造口袋，自己肠道一切如常 | 造口 | family
女儿代取报告，胃癌 | 胃癌 | own
照顾住院的母亲期间突发脑梗死 | 脑梗死 | own
陪妻产检时胸痛，急性心肌梗死 | 急性心肌梗死 | own
老伴去世后失眠，抑郁症 | 抑郁症 | own
父亲去世前患肝癌 | 肝癌 | family
儿子劝他做了冠脉搭桥 | 冠脉搭桥 | own
夫妻同时新冠肺炎住院 | 新冠肺炎 | own
妹妹捐髓，移植后移植物抗宿主病 | 移植物抗宿主病 | own
父亲在外地未能签字，急性阑尾炎手术 | 急性阑尾炎 | own
女儿本人有偏头痛，患者血压平稳 | 偏头痛 | family
同产房另一产妇产后出血，本例出血180ml | 产后出血 | family
恩师死于喉癌，患者忧心忡忡 | 喉癌 | family
听说网友得了胰腺癌，要求查CT | 胰腺癌 | family
目睹路人癫痫发作，受惊 | 癫痫 | family
猫咪肾衰去世，情绪低落 | 肾衰 | family
被小狗咬伤，蜂窝织炎 | 蜂窝织炎 | own
供者乙肝，受者术后肺炎 | 肺炎 | own
捐肾者高血压五年 | 高血压 | family
不肯住院的心衰病人 | 心衰 | own
从未治疗的梅毒 | 梅毒 | own
并未好转的蜂窝织炎 | 蜂窝织炎 | own
拒绝手术的原因为担心脑梗死 | 脑梗死 | possible
家属不同意手术，股骨颈骨折保守牵引 | 股骨颈骨折 | own
与丙肝丈夫生活二十年，抗体阴性 | 丙肝 | family
为瘫痪的儿子翻身，腰痛 | 瘫痪 | family
父亲供肝，移植后胆漏 | 胆漏 | own
母亲供肝，术前查出轻度脂肪肝 | 脂肪肝 | family
起初考虑异位妊娠，镜下双侧输卵管完好 | 异位妊娠 | negated
与其说是哮喘，不如说是肺气肿 | 哮喘 | negated
与其说是哮喘，不如说是肺气肿 | 肺气肿 | own
无人察觉的房颤 | 房颤 | own
药停了，但痛风还在 | 痛风 | own
痛风仍存疑 | 痛风 | possible
女儿牵着进来，帕金森病 | 帕金森病 | own
带孙子打疫苗时突发脑梗死 | 脑梗死 | own
姐夫开车送来，主动脉夹层 | 主动脉夹层 | own
姐妹中只有她患多发性硬化 | 多发性硬化 | own
拒绝激光的糖尿病视网膜病变 | 糖尿病视网膜病变 | own
无手术指征的肝癌 | 肝癌 | own
未达到糖尿病诊断标准 | 糖尿病 | negated
未曾料到是卵巢癌 | 卵巢癌 | own
没睡好诱发癫痫 | 癫痫 | own
非心源性的肺水肿 | 肺水肿 | own
痛风在祖父和父亲身上都发作过 | 痛风 | family
高血压（父）、胃癌（母） | 高血压 | family
肾移植（母供），急性排斥（父母知情） | 急性排斥 | own
同胞供者筛选：患者PNH，本供者流式无缺失 | PNH | family
女儿说她妈夜里喘，心衰 | 心衰 | own
奶奶带孙子来诊，手足口病 | 手足口病 | own
奶奶说爸爸小时候也哮喘，患儿初喘 | 哮喘 | family
曾疑三叉神经痛，血管无责任，拔牙即愈，已否 | 三叉神经痛 | negated
宁可疼也不要造口 | 造口 | negated
老伴搀着来的，膝骨关节炎 | 膝骨关节炎 | own
儿子远在外地，邻居送来，脑梗死 | 脑梗死 | own
妻子在家做腹透，本人学换液 | 腹透 | family
被丈夫殴打致脾破裂 | 脾破裂 | own
不像父亲那样是肝炎，酒精性肝硬化 | 酒精性肝硬化 | own
陪护的奶奶晕车后呕吐，患儿安静 | 呕吐 | family
解剖过鼠疫死者的法医 | 鼠疫 | family
羊群布病阳性，本人虎红阴性 | 布病 | family
羊场工人布病 | 布病 | own
没有及时复位的肩关节脱位 | 肩关节脱位 | own
无药可用的肺结核 | 肺结核 | own
外院说的肺大泡，CT上找不见 | 肺大泡 | negated
肌酐恢复而蛋白尿仍未转阴 | 蛋白尿 | own
乙肝DNA已转阴 | 乙肝 | negated
停用阿司匹林后发生脑梗死 | 脑梗死 | own
停用激素后可能发生肾上腺危象 | 肾上腺危象 | possible
脓毒症仍需抗感染 | 脓毒症 | own
脓毒症仍需明确 | 脓毒症 | possible
曾疑淋巴瘤，活检已否 | 淋巴瘤 | negated
外院曾诊断狼疮，我科复核后予否定 | 狼疮 | negated
曾疑肺癌，病理证实肺癌 | 肺癌 | own
劝其用胰岛素，坚决不肯 | 胰岛素 | negated
开了阿托伐他汀，一粒没吃 | 阿托伐他汀 | negated
因室速临时取消胆囊切除 | 胆囊切除 | negated
肝移植停在术前 | 肝移植 | negated
"""


def _mentions(text: str, words: str, judge: Judge | None = None) -> list[Mention]:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load(), judge=judge)
    at = text.rindex(words)
    return [one for one in mentions if one.start < at + len(words) and at < one.end]


@pytest.mark.parametrize(("text", "words", "said"), [line.split(" | ") for line in TABLE.strip().splitlines()])
def test_whose_it_is(text: str, words: str, said: str) -> None:
    found = {one.assertion for one in _mentions(text, words)}
    assert found <= OWN if said == "own" else found == {Assertion(said)}, found
    assert found


@pytest.mark.parametrize(
    "text", ["家母去世，患者抑郁症复发", "父母体健，唯患者强直性脊柱炎", "其父同病，患者本人血压亦高，高血压2级"]
)
def test_the_judge_gives_nobody_else_what_stands_behind_the_patient(text: str) -> None:
    last = max(_mentions(text, text[-4:], Judge.load()), key=lambda one: one.start)
    assert last.assertion is Assertion.PRESENT and last.sure > 0.5


def test_what_a_relative_in_polite_words_has_is_no_word_of_the_record() -> None:
    assert "渐冻" not in spoken("令兄渐冻之身，本人无力", [])
