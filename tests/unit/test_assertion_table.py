"""What sentences say of concepts, one case a line: text, then words=assertion for every mention that matters."""

from __future__ import annotations

import pytest

from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

SHORT = {"+": "present", "-": "negated", "f": "family", "p": "past", "?": "possible", "~": "probable", "!": "planned"}

# text | mention=mark … ; a line that begins with # names the group. Heading cases: [heading] text
CASES = """
# plain
患者因胸痛入院 | 胸痛=+
诊断为2型糖尿病，予二甲双胍治疗 | 2型糖尿病=+ 二甲双胍=+
双肺可闻及湿啰音 | 湿啰音=+
患者意识清楚，咳嗽、咳痰 | 咳嗽=+ 咳痰=+
出院诊断：高血压3级、冠心病 | 高血压3级=+ 冠心病=+
# left behind
早已脱离血液透析，他克莫司维持 | 血液透析=p 他克莫司=+
尚未脱离呼吸机 | 呼吸机=+
原服华法林，上月已改达比加群 | 华法林=p 达比加群=+
回肠造口上月已还纳 | 回肠造口=p
粒细胞缺乏已恢复，出层流 | 粒细胞缺乏=p
# denial
否认高血压 | 高血压=-
否认高血压、糖尿病、冠心病病史 | 高血压=- 糖尿病=- 冠心病=-
否认高血压，糖尿病，冠心病病史 | 高血压=- 糖尿病=- 冠心病=-
否认高血压、糖尿病史，有哮喘病史5年 | 高血压=- 糖尿病=- 哮喘病=p
否认肝炎、结核、疟疾等传染病史，吸烟20年 | 肝炎=- 结核=- 疟疾=- 吸烟=+
否认有糖尿病及高血压病史 | 糖尿病=- 高血压病=-
患者自诉无胸痛、胸闷 | 胸痛=- 胸闷=-
否认高血压病史，糖尿病病史5年 | 糖尿病=p
既往否认冠心病、脑梗死病史 | 冠心病=- 脑梗死=-
均否认癫痫 | 癫痫=-
从未患过肺结核 | 肺结核=-
没得过肝炎 | 肝炎=-
# not seen
双肺未闻及干湿啰音 | 干湿啰音=-
肝胆胰脾未见异常，未见肝硬化 | 肝硬化=-
未见明显胸腔积液及心包积液 | 胸腔积液=- 心包积液=-
未发现糖尿病肾病及视网膜病变 | 糖尿病肾病=- 视网膜病变=-
颅内未见脑出血，可见腔隙性脑梗死 | 脑出血=- 腔隙性脑梗死=+
超声未提示下肢深静脉血栓 | 下肢深静脉血栓=-
未触及腹部包块 | 腹部包块=-
未诉胸痛，诉头晕 | 胸痛=- 头晕=+
未出现低血糖 | 低血糖=-
未及淋巴结肿大 | 淋巴结肿大=-
未检出幽门螺杆菌感染 | 幽门螺杆菌感染=-
# without
无发热、咳嗽、咳痰 | 发热=- 咳嗽=- 咳痰=-
无发热，胸痛3天 | 发热=- 胸痛=+
无发热，胸痛，呼吸困难 | 发热=- 胸痛=- 呼吸困难=-
无发热但咳嗽明显 | 发热=- 咳嗽=+
无发热有咳嗽 | 发热=- 咳嗽=+
无恶心、呕吐，伴腹泻 | 恶心=- 呕吐=- 腹泻=+
不伴头晕、恶心 | 头晕=- 恶心=-
不伴有水肿 | 水肿=-
没有糖尿病 | 糖尿病=-
无明显胸痛及心悸 | 胸痛=- 心悸=-
双下肢无水肿，足部坏疽 | 水肿=- 坏疽=+
无高血压史，无糖尿病史，有痛风史 | 高血压=- 糖尿病=- 痛风=p
无吸烟史的肺癌患者 | 吸烟史=- 肺癌=+
并无心力衰竭表现 | 心力衰竭=-
患者暂无出血倾向，血小板减少3年 | 出血倾向=- 血小板减少=+
皮肤无黄疸、皮疹 | 黄疸=- 皮疹=-
无手术、外伤史，无输血史 | 输血=-
不咳嗽，不发热 | 咳嗽=- 发热=-
# excluded
已排除肺栓塞 | 肺栓塞=-
排除急性心肌梗死，考虑心绞痛 | 急性心肌梗死=- 心绞痛=~
不考虑肺结核 | 肺结核=-
不支持系统性红斑狼疮 | 系统性红斑狼疮=-
肺栓塞已排除 | 肺栓塞=-
结核除外 | 结核=-
除外甲状腺功能亢进 | 甲状腺功能亢进=-
肺癌诊断不成立 | 肺癌=-
急性胰腺炎依据不足 | 急性胰腺炎=-
肺栓塞可能性不大 | 肺栓塞=-
# judged behind
糖尿病(-)、高血压(+) | 糖尿病=- 高血压=+
糖尿病：无；高血压：有 | 糖尿病=- 高血压=+
糖尿病：否认 | 糖尿病=-
双下肢水肿(-) | 双下肢水肿=-
乙肝表面抗原阴性 | 乙肝表面抗原=-
类风湿因子、抗核抗体均阴性 | 类风湿因子=- 抗核抗体=-
双肺湿啰音未闻及 | 湿啰音=-
腹水未见 | 腹水=-
双肺结节未见增大 | 肺结节=+
乏力不明显 | 乏力=-
# look like cues and are none
无明显诱因出现胸痛 | 胸痛=+
无诱因反复咳嗽 | 咳嗽=+
咳嗽无好转，发热 | 咳嗽=+ 发热=+
不明原因发热1周 | 不明原因发热=+
原因不明的贫血 | 贫血=+
未规律服用二甲双胍 | 二甲双胍=+
血糖未控制，糖尿病足 | 糖尿病足=+
无症状性心肌缺血，冠心病 | 冠心病=+
咳嗽未见好转，胸闷 | 咳嗽=+ 胸闷=+
患者少尿、无尿 | 少尿=+ 无尿=+
非霍奇金淋巴瘤 | 非霍奇金淋巴瘤=+
不稳定型心绞痛 | 不稳定型心绞痛=+
未分化结缔组织病 | 未分化结缔组织病=+
血压控制不佳，高血压肾病 | 高血压肾病=+
无创呼吸机治疗呼吸衰竭 | 呼吸衰竭=+
# negation of negation
不能排除肺栓塞 | 肺栓塞=?
肺癌不能排除 | 肺癌=?
不除外肺结核 | 肺结核=?
尚不能除外急性冠脉综合征 | 急性冠脉综合征=?
未排除结核性脑膜炎 | 结核性脑膜炎=?
否认无糖尿病 | 糖尿病=+
并非没有高血压 | 高血压=+
需排除肺栓塞 | 肺栓塞=?
行CTPA以排除肺栓塞 | 肺栓塞=?
# except
除高血压外，否认其他慢性病史 | 高血压=+
除糖尿病外无冠心病、脑卒中病史 | 糖尿病=+ 冠心病=- 脑卒中=-
除了痛风以外，无特殊病史 | 痛风=+
否认除哮喘外的其他疾病 | 哮喘=+
# possible
考虑肺炎 | 肺炎=~
肺癌？ | 肺癌=?
肺癌?肺结核? | 肺癌=? 肺结核=?
急性阑尾炎待排 | 急性阑尾炎=?
1.高血压 2.肺栓塞待排 | 高血压=+ 肺栓塞=?
疑似肺结核 | 肺结核=?
可疑甲状腺癌 | 甲状腺癌=?
拟诊急性胰腺炎 | 急性胰腺炎=~
肝癌可能性大 | 肝癌=~
脑梗死可能 | 脑梗死=~
有无糖尿病 | 糖尿病=?
明确是否存在冠心病 | 冠心病=?
警惕低血糖 | 低血糖=?
预防深静脉血栓 | 深静脉血栓=?
如出现胸痛、呼吸困难及时就诊 | 胸痛=? 呼吸困难=?
术后可能出现切口感染、肺栓塞 | 切口感染=? 肺栓塞=?
若有发热随时就诊 | 发热=?
发热待查 | 发热待查=+
# family
父亲患糖尿病 | 糖尿病=f
父亲患糖尿病，母亲有高血压 | 糖尿病=f 高血压=f
其母因脑出血去世，患者有高血压 | 脑出血=f 高血压=+
有糖尿病家族史 | 糖尿病=f
否认糖尿病家族史 | 糖尿病=-
否认家族性遗传病史，否认高血压家族史 | 高血压=-
一级亲属中有结直肠癌患者 | 结直肠癌=f
祖母死于胃癌 | 胃癌=f
哥哥患强直性脊柱炎，弟弟体健 | 强直性脊柱炎=f
姐姐有系统性红斑狼疮，本人有皮疹 | 系统性红斑狼疮=f 皮疹=+
家族中无糖尿病患者 | 糖尿病=-
女儿代诉患者发热 | 发热=+
母亲陪同就诊，咳嗽3天 | 咳嗽=+
妻子发现其昏迷 | 昏迷=+
父母体健，糖尿病10年 | 糖尿病=+
# past
既往有高血压10年 | 高血压=p
糖尿病病史10年 | 糖尿病=p
曾患肺结核，已治愈 | 肺结核=p
5年前行胆囊切除术 | 胆囊切除术=p
3年前因冠心病行PCI术 | PCI术=p
幼时患麻疹 | 麻疹=p
有脑梗死病史 | 脑梗死=p
有青霉素过敏史，高血压史 | 高血压=p
胸痛已消失 | 胸痛=p
陈旧性心肌梗死 | 陈旧性心肌梗死=+
# planned
拟行冠脉造影 | 冠脉造影=!
建议完善胃镜、肠镜 | 胃镜=! 肠镜=!
择期行胆囊切除术 | 胆囊切除术=!
计划化疗 | 化疗=!
必要时行血液透析 | 血液透析=!
预约下周肠镜检查 | 肠镜检查=!
拟行甲状腺切除术治疗甲状腺癌 | 甲状腺切除术=! 甲状腺癌=+
已行阑尾切除术 | 阑尾切除术=+
# treatment refused or given up
患者拒绝化疗 | 化疗=-
未行冠脉造影 | 冠脉造影=-
停用二甲双胍，改用胰岛素 | 二甲双胍=p 胰岛素=+
未规律服用阿司匹林 | 阿司匹林=+
# who speaks, and who is meant
患者爱人诉其近期抑郁 | 抑郁=+
父亲代述患儿发热 | 发热=+
其父〔亲属#1〕患糖尿病，患者有痛风 | 糖尿病=f 痛风=+
与其女儿沟通病情，肺癌晚期 | 肺癌=+
诊断：高血压病3级（很高危） | 高血压病3级=+
无家族遗传病史，糖尿病10年 | 糖尿病=+
左乳癌术后，未见复发转移 | 左乳癌=+ 复发转移=-
# headings
[家族史] 糖尿病、高血压 | 糖尿病=f 高血压=f
[家族史] 父亲糖尿病，否认高血压 | 糖尿病=f 高血压=-
[既往史] 高血压10年，糖尿病5年 | 高血压=p 糖尿病=p
[既往史] 否认肝炎、结核 | 肝炎=- 结核=-
[鉴别诊断] 肺结核：多有低热、盗汗 | 肺结核=?
[诊疗计划] 胃镜检查，奥美拉唑 | 胃镜检查=! 奥美拉唑=!
[诊疗计划] 消化性溃疡患者予禁食 | 消化性溃疡=+
[手术风险] 切口感染、深静脉血栓 | 切口感染=? 深静脉血栓=?
[现病史] 咳嗽3天 | 咳嗽=+
[Family History] diabetes and stroke | diabetes=f stroke=f
[Past Medical History] hypertension, gout | hypertension=p gout=p
家族史：母亲患乳腺癌。既往史：高血压。现病史：发热 | 乳腺癌=f 高血压=p 发热=+
【既往史】糖尿病。【体格检查】双下肢水肿 | 糖尿病=p 双下肢水肿=+
# English
Patient denies chest pain, fever, or dyspnea | chest pain=- fever=- dyspnea=-
Denies chest pain but has diabetes | chest pain=- diabetes=+
No evidence of pulmonary embolism | pulmonary embolism=-
Rule out pulmonary embolism | pulmonary embolism=?
Pulmonary embolism was ruled out | Pulmonary embolism=-
Family history of colon cancer | colon cancer=f
Mother had breast cancer. Patient has asthma | breast cancer=f asthma=+
Possible pneumonia | pneumonia=?
History of stroke | stroke=p
s/p CABG | CABG=p
Scheduled for hip replacement | hip replacement=!
No improvement in cough | cough=+
Cannot exclude tuberculosis | tuberculosis=?
Positive for influenza, negative for COVID-19 | influenza=+ COVID-19=-
Hypertension without heart failure | Hypertension=+ heart failure=-
# width, spacing, wrapped lines
否认糖 尿 病 | 糖 尿 病=-
否认ＣＯＰＤ | ＣＯＰＤ=-
"""


def _cases() -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for line in CASES.strip().splitlines():
        if line.startswith("#"):
            continue
        text, _, marks = line.rpartition(" | ")
        heading = ""
        if text.startswith("["):
            heading, _, text = text[1:].partition("] ")
        pairs = [piece.strip() for piece in _split_marks(marks)]
        found.append((heading, text, dict(pair.rsplit("=", 1) for pair in pairs)))
    return found


def _split_marks(marks: str) -> list[str]:
    """ "chest pain=- fever=-" -> ["chest pain=-", "fever=-"]: a mark is one character behind '='."""
    pieces, start = [], 0
    for at, char in enumerate(marks):
        if char == "=":
            pieces.append(marks[start : at + 2])
            start = at + 2
    return pieces


TABLE = _cases()


@pytest.mark.parametrize(("heading", "text", "expected"), TABLE, ids=[f"{h}:{t}"[:60] for h, t, _ in TABLE])
def test_sentence_says(heading: str, text: str, expected: dict[str, str]) -> None:
    mentions = annotate(CleanText.certified(text), heading, Lexicon.load())
    said = {mention.words: mention.assertion.value for mention in mentions}
    assert {words: said.get(words, "no mention") for words in expected} == {
        words: SHORT[mark] for words, mark in expected.items()
    }


def test_the_table_is_as_long_as_promised() -> None:
    assert len(TABLE) >= 150
