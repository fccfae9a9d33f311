"""What affirms, what only seems to deny or to speak of a relative, questions with their answers, and what was not given
after all: families of phrases, each with phrases that only look like them. Invented; rules alone."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

OWN = frozenset({Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE})
DISEASES = ("癫痫", "肺结核", "痛风")
ACTS = ("利妥昔单抗", "气管切开", "血液透析")
SAID = {"own": OWN, "open": frozenset({Assertion.POSSIBLE}), "gone": frozenset({Assertion.NEGATED})}
SAID |= {"kin": frozenset({Assertion.FAMILY}), "plan": frozenset({Assertion.PLANNED})}
SAID |= {"not": frozenset(Assertion) - OWN}

# What is said of a disease | how. {d} stands for each of DISEASES.
OF_DISEASES = """
{d}成立；无皮疹 | own
{d}诊断成立，今日用药 | own
未能排除的{d}，今培养阳性，诊断落实 | own
昨尚不能排除{d}，今抗体阳性，诊断确立 | own
抗体阳性，{d}可成立 | own
{d}诊断无疑 | own
{d}不容否认，父母未查 | own
{d}确凿无疑 | own
{d}得到证实 | own
{d}已获证实，转专科 | own
{d}病理证实 | own
{d}诊断确凿 | own
{d}无可否认 | own
{d}可确诊 | own
外院疑似{d}，今复查，诊断成立 | own
{d}难以成立 | gone
{d}的诊断很难成立 | gone
{d}不成立 | gone
{d}未必成立 | gone
{d}无法成立 | gone
{d}未获证实 | gone
{d}未能成立 | gone
{d}是否成立，再看 | open
{d}能否成立 | open
{d}待病理证实 | open
{d}有待活检证实 | open
未能排除的{d}，今日复查未明 | open
没有一天不{d} | own
没有哪天不犯{d} | own
几乎没有一周不发{d} | own
无日不{d} | own
并非没有{d} | own
并非无{d} | own
不能说没有{d}，证据在 | own
不是没有{d}，只是轻 | own
不否认{d} | own
他并不否认有{d} | own
从不否认{d} | own
没有{d} | gone
否认{d} | gone
并非{d} | gone
家长问是不是{d}，查体无异常，答复不是 | gone
家属追问是不是{d}所致，抗体阴性，答复：不是 | gone
患者疑是否{d}，复查后告知不是 | gone
担心是{d}，查后解释并非 | gone
母亲怕是{d}，脑电图好，告知排除 | gone
反复问会不会是{d}，影像无异常，回答不是 | gone
以为得了{d}，查过，回复否 | gone
家长问是不是{d} | open
老人怀疑自己是不是得了{d} | open
追问会不会是{d}，先做检查 | open
怕会不会得{d} | open
妻子咨询像不像{d} | not
问诊：{d}三年 | own
{d}：多见于青年，本例血清正常，影像无异常，据此排除 | gone
{d}：可有发热，但本例抗体阴性，不支持 | gone
与{d}鉴别：后者有家族史，本例无，故不予诊断 | gone
{d}应予鉴别，查抗体阴性，可排除 | gone
{d}为除外性诊断，本例另有原因，故不作此诊断 | gone
1.{d}：起病缓，查体无体征，不予考虑 | gone
{d}，查体无异常，予用药 | own
{d}：本例典型，予用药，感染不支持 | own
畏寒、{d}、皮疹，一概否认 | gone
咯血、{d}、水肿，均否认 | gone
{d}、耳鸣、皮疹，都没有 | gone
皮疹、{d}，以上均无 | gone
心慌、{d}、手抖，统统否认 | gone
{d}、高血压，均予治疗 | own
{d}三次送检，回报全阴 | gone
{d}抗体，结果阴性 | gone
此药可并{d} | open
长期用可并发{d} | open
偶可引发{d} | open
用后{d}发生率增高 | open
老人{d}的发生率较高 | open
停药后{d}风险上升 | open
{d}患病率增加 | open
糖尿病可并存，{d}五年 | own
{d}，病因未定，收住 | own
{d}（分型不详） | own
{d}发病时间不详，已过窗 | own
{d}，诱因不明 | own
{d}待病情稳定后手术 | own
{d}待治 | own
{d}待纠正 | own
{d}性质待定 | open
{d}待查 | open
考虑{d}可能，请结合痰检 | open
考虑{d}，标本已送，结果未回 | open
{d}可能性大，建议住院穿刺明确 | open
首先考虑{d}可能，建议急查CTPA后再定 | open
印象：{d}可能，消肿后磁共振 | open
拟诊{d}，血沉已约 | open
高度疑似{d}，标本已送疾控，结果未归 | open
倾向{d}，确诊有待免疫组化 | open
{d}可能大，约增强CT | open
考虑{d}可能，病理未回 | open
高度怀疑{d}，约PSG | open
倾向{d}，等石蜡 | open
{d}的可能大，待活检 | open
考虑{d}可能性大，予雾化、翻身 | own
考虑{d}，予抗感染，痰培养未回 | own
{d}可能性大，已用激素，待结果 | own
考虑{d}，给予对症，明日复查 | own
考虑{d} | own
{d}可能性大 | own
印象：{d}，口服药物，约复诊 | own
外院单据写{d}，系误录 | gone
首页{d}为误填 | gone
病史{d}系模板带入 | gone
排除感染后诊为{d} | own
不像脑炎，故诊为{d} | own
曾误诊为{d} | gone
排除{d} | gone
"""

# Whose it is. {d} as before.
OF_RELATIVES = """
妻子喊吃饭时发现他{d} | own
丈夫夜里听见响动，见其四肢乱动，{d}发作 | own
母亲哄睡，其双眼上翻，{d} | own
婆婆述不哭不闹、{d}半天 | own
姐姐发现{d}，送来 | own
其夫代诉：2小时前妻在家{d} | own
家里人都没事，就她一人{d} | own
父母健康，独其一人{d} | own
妈妈有病他也有{d} | own
与其母同患{d} | own
跟妈妈一样{d} | own
与弟弟同病，{d}三年 | own
患者及其子女均知情，{d}继续治疗 | own
误服父亲的药后{d} | own
随外婆在乡下住过，回来后{d} | own
被邻居家的狗咬后{d} | own
双胎之小，纳奶可，另一胎{d} | kin
早产双胎，黄疸退，另一儿{d}住监护室 | kin
新生儿黄疸，同胎{d} | kin
出生3天，皮肤红润，另一婴{d} | kin
另一胎{d}，本儿体健 | kin
双胎，另一胎夭折，患儿{d} | own
孕30周双胎，一胎小，另一胎{d} | own
双胎妊娠，另一胎{d} | own
工友在非洲打工得{d}，他没出过国 | kin
同学上月在外地确诊{d} | kin
邻居去年冬天查出{d} | kin
她爸早年{d}，本人无 | kin
他妈有{d}，来问 | kin
他妈说他{d} | own
她姐送来，{d} | own
与同事聚餐后感染{d} | own
同事送来后确诊{d} | own
其夫上周{d}住院，病人无恙 | kin
其妻{d}，本人来查 | kin
母亲{d}，妻子喊他来查 | kin
其姐{d}后去世 | kin
跟妈妈住，母亲{d} | kin
同室8床{d}已隔离 | kin
隔壁12床患者{d} | kin
与兄同住，其兄{d} | kin
"""

# Of an operation, a drug or a device. {d} stands for each of ACTS.
OF_ACTS = """
听病友打{d}效果好，要求试用 | kin
家属称邻床上了{d}才好 | kin
同事做过{d}，问能否 | kin
邻居用{d}后好转，患者想试 | kin
朋友换了{d}，来咨询 | kin
室友去年做{d} | kin
岸上由教练做过{d} | own
经同事帮助做了{d} | own
请邻居开车来院做{d} | own
因血管差，{d}未予置入 | gone
{d}未予实施 | gone
{d}未能使用 | gone
{d}最终未施行 | gone
{d}没能做成 | gone
{d}缺货 | gone
{d}，已退药 | gone
{d}药房断货 | gone
{d}因故取消 | gone
{d}做不了 | gone
{d}已弃用 | not
{d}因感染未用 | gone
{d}因真菌感染，未做 | gone
{d}因出血未做 | gone
{d}因高热停，后续做 | own
未同期{d} | gone
未予{d} | gone
未再行{d} | gone
并未使用{d} | gone
免于{d} | gone
无需同期{d} | gone
强酸，禁{d} | gone
严禁{d} | gone
切忌{d} | gone
禁食后{d} | own
{d}后切口好，未发热 | own
皮试（+），{d}改别药 | gone
若0.40以上→{d} | plan
PLT<10→{d} | plan
血压≥160→{d} | plan
一旦呼吸停→{d} | plan
{d}→好转 | own
SpO2 88→95%，{d}中 | own
定于周四行{d} | plan
安排后天上午行{d} | plan
计划于下月行{d} | plan
约在周三做{d} | plan
欲做{d} | plan
打算用{d} | plan
有意做{d} | plan
{d}皮试中 | plan
昨日定时行{d} | own
拟停{d} | own
计划下周停{d} | not
{d}未停 | own
{d}在用 | own
目前用{d} | own
正用{d} | own
{d}没在用 | gone
"""

# Several names of one concept, or a denial that is a relative's: heading|text | words | how.
NAMES = """
|1.糖尿病酮症酸中毒；2.胃炎。乳酸酸中毒已除外 | 糖尿病酮症酸中毒 | own
|大骨节病Ⅱ度，氟骨症未见 | 大骨节病 | own
|大骨节病登记，克山病筛查阴性 | 大骨节病 | own
|打鼾3年，AHI 3，不够呼吸暂停诊断 | 打鼾 | gone
|打鼾求查，AHI 2.1，不够呼吸暂停诊断，单纯鼾症 | 打鼾 | gone
|漏尿，垫试验1g，不够压力性尿失禁诊断 | 漏尿 | gone
|多动坐不住，不够多动症诊断 | 多动 | gone
|睡眠呼吸暂停综合征，夜间无憋醒 | 睡眠呼吸暂停综合征 | own
|碳氧血红蛋白1.1%，头晕，CO中毒不成立 | 碳氧血红蛋白 | gone
|别嘌醇因HLA-B*5801阳性弃用，痛风石外露 | 痛风石 | own
|肺栓塞？CTPA阴性，肺栓塞除外 | 肺栓塞 | gone
|血钾6.9溶血，非高钾 | 高钾 | gone
家族史|其母多囊肾透析；患者28岁体检亦见多囊肾 | 多囊肾 | mixed
家族史|母亲胃癌已故；至于患者自己，上月报贲门癌 | 贲门癌 | own
家族史|双亲无糖尿病，唯患者42岁查出哮喘 | 哮喘 | own
家族史|其父胃癌，患者自己慢性萎缩性胃炎多年 | 慢性萎缩性胃炎 | own
家族史|患者父亲高血压 | 高血压 | kin
家族史|患者的姐姐乳腺癌 | 乳腺癌 | kin
家族史|患者之母糖尿病 | 糖尿病 | kin
家族史|患者家中多人肺结核 | 肺结核 | kin
诊疗计划|下周加用利妥昔单抗，环磷酰胺未停，照旧 | 环磷酰胺 | own
诊疗计划|环磷酰胺每月一次 | 环磷酰胺 | plan
鉴别诊断|川崎病：冠脉不宽，不符。水痘：疱液阳性，水痘成立 | 水痘 | mixed
"""


def _said(text: str, name: str, heading: str = "") -> set[Assertion]:
    mentions = annotate(CleanText.certified(text), heading, Lexicon.load())
    return {one.assertion for one in mentions if one.words in name or name in one.words}


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "said"), _rows(OF_DISEASES + OF_RELATIVES.lstrip("\n")))
def test_a_disease(text: str, said: str) -> None:
    for name in DISEASES:
        found = _said(text.format(d=name), name)
        assert found and found <= SAID[said], (name, found)


@pytest.mark.parametrize(("text", "said"), _rows(OF_ACTS))
def test_a_treatment(text: str, said: str) -> None:
    for name in ACTS:
        found = _said(text.format(d=name), name)
        assert found and found <= SAID[said], (name, found)


@pytest.mark.parametrize(("text", "words", "said"), _rows(NAMES))
def test_other_names_and_headings(text: str, words: str, said: str) -> None:
    heading, _, text = text.rpartition("|")
    found = _said(text, words, heading)
    assert found & OWN and found - OWN if said == "mixed" else found and found <= SAID[said]
