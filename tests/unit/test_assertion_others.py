"""Whose illness it is, and what was offered, told or measured and is not so: families of ward notes, each with
sentences that only look like them. Invented; rules alone, without the judge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from records.mentions import Assertion, Mention
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_words import spoken
from semantic.concepts import Lexicon

OWN = {Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE}

# Text | the words asked about | what holds of them; "own" is whatever is the patient's.
OTHERS = """
布病患者之妻，共同接羔，虎红阴 | 布病 | family
肺结核患者的室友，来查胸片 | 肺结核 | family
乙肝携带者之女，要求打疫苗 | 乙肝 | family
艾滋病感染者的配偶，检测阴性 | 艾滋病 | family
梅毒病人的丈夫，无皮疹 | 梅毒 | family
猩红热患儿之母，咽不红 | 猩红热 | family
带状疱疹第四天，尚不能称带状疱疹后神经痛 | 带状疱疹后神经痛 | negated
血压142，还够不上高血压 | 高血压 | negated
空腹6.3，算不上糖尿病 | 糖尿病 | negated
情绪低落两天，不足以诊断为抑郁症 | 抑郁症 | negated
只是打鼾，谈不上睡眠呼吸暂停 | 睡眠呼吸暂停 | negated
区别肩袖损伤与肩周炎，约磁共振 | 肩袖损伤 | possible
甄别肺炎与肺栓塞 | 肺炎 | possible
肘肿不敢动，恐有肱骨骨折，片未到 | 肱骨骨折 | possible
恐系胃癌，待胃镜 | 胃癌 | possible
恐合并肺栓塞，约CTPA | 肺栓塞 | possible
孕24周，剖宫产商议 | 剖宫产 | planned
截肢再议，先清创 | 截肢 | planned
化疗待家属商量 | 化疗 | planned
备考心烦，失眠症待评 | 失眠症 | possible
吞咽障碍待评估 | 吞咽障碍 | possible
咨询人工耳蜗，未定 | 人工耳蜗 | planned
来问试管婴儿，未建档 | 试管婴儿 | planned
布病患者，共同接羔者之子无恙 | 布病 | own
肺结核患者，其妻体健 | 肺结核 | own
肩周炎与糖尿病同治 | 肩周炎 | own
已行剖宫产，与家属商量喂养 | 剖宫产 | own
高血压控制好，达不到140 | 高血压 | own
失眠症，睡眠日记待评 | 失眠症 | own
截肢术后三天，义肢再议 | 截肢 | own
教练得过沉箱病，他只下9米，出水无症状 | 沉箱病 | family
邻床老爷子得了带状疱疹，患者要求换床 | 带状疱疹 | family
室友上周确诊肺结核，患者前来筛查 | 肺结核 | family
工友因中暑送医，本人仅口渴 | 中暑 | family
同事曾患甲亢，劝其来查 | 甲亢 | family
朋友去年查出胃癌，患者因此焦虑不安 | 胃癌 | family
隔壁床装着起搏器，患者询问费用 | 起搏器 | family
邻居做过胆囊切除术，患者想同法处理 | 胆囊切除 | family
本病房今日收一例水痘，患儿已隔离 | 水痘 | family
班上有三名同学腮腺炎，患儿仅咽痛 | 腮腺炎 | family
车间出现两人苯中毒，来院体检 | 苯中毒 | family
幼儿园发现5例手足口病，患儿无疹 | 手足口病 | family
源患者丙肝阳性，护士针刺伤后来诊 | 丙肝 | family
暴露源为梅毒，处理伤口 | 梅毒 | family
供者有高血压，术前血压控制好 | 高血压 | family
为乙肝患者拔针时刺破手指 | 乙肝 | family
被艾滋病患者咬伤前臂 | 艾滋病 | family
产妇夜不能寐。早产女婴因新生儿呼吸窘迫综合征上机 | 新生儿呼吸窘迫综合征 | family
产后35天，伤口好。小宝因肺炎住院，奶少 | 肺炎 | family
大宝在NICU插管通气，小宝体温36.2 | 插管 | family
双胎老大已打针（ROP），老二两眼3区无病变 | ROP | family
老大黄疸退尽，老二今日转暖箱 | 黄疸 | family
同事发现其癫痫发作后送来 | 癫痫 | own
工友送来，中暑，体温40.1 | 中暑 | own
于工地中暑，体温41 | 中暑 | own
在单位突发心绞痛一次 | 心绞痛 | own
病房内发生癫痫发作一次 | 癫痫 | own
邻居陪同，肺炎第3天 | 肺炎 | own
供者型嵌合98%，肺炎好转 | 肺炎 | own
产妇，产后3天，肺炎，退热中 | 肺炎 | own
老大黄疸未退，老二体健 | 黄疸 | own
产后会阴裂伤，贫血 | 贫血 | own
"""

UNDONE = """
蜗神经缺如，不能做人工耳蜗，转脑干植入评估 | 人工耳蜗 | negated
凝血差，无法行肝穿刺 | 肝穿刺 | negated
血压低，未能上CRRT | CRRT | negated
肌酐高，不能用二甲双胍 | 二甲双胍 | negated
出血未止，不敢用肝素 | 肝素 | negated
气道水肿，没能做支气管镜 | 支气管镜 | negated
肾差，不宜使用万古霉素 | 万古霉素 | negated
糖耐量不愿喝，家测血糖可 | 糖耐 | negated
家属问可否用氯氮平，待商 | 氯氮平 | planned
询问能否做胃镜 | 胃镜 | planned
打听要不要打胰岛素 | 胰岛素 | planned
问是否需做血液透析 | 血液透析 | planned
下周启用氯氮平，先查血象 | 氯氮平 | planned
明起加用华法林 | 华法林 | planned
下周期改用紫杉醇 | 紫杉醇 | planned
想用甲氨蝶呤，备孕，禁用 | 甲氨蝶呤 | negated
推荐帕博利珠单抗，胆红素高，至今未用 | 帕博利珠单抗 | negated
开了胰岛素，怕针，一针没打 | 胰岛素 | negated
若pCO2>60或呼吸暂停即气管插管 | 气管插管 | planned
一旦血压掉立即输血 | 输血 | planned
急性黄疸肝炎，无需人工肝，退黄输液 | 人工肝 | negated
不能手术切除的胃癌，化疗中 | 胃癌 | own
二甲双胍不能用其他药替代 | 二甲双胍 | own
气胸未引流，吸氧 | 气胸 | own
肺炎未规律用药，咳嗽加重 | 肺炎 | own
心跳骤停后，现华法林抗凝 | 华法林 | own
呼吸暂停，无创通气中 | 无创通气 | own
明日复查，今已用华法林 | 华法林 | own
"""

NOT_SO = """
外院曾按系统性红斑狼疮用激素3月，本院复核后撤销该诊断，实为乙肝相关性肾炎 | 系统性红斑狼疮 | negated
当地诊为肺炎，输液无效，实为心衰 | 肺炎 | negated
初以阑尾炎收入，术中更正为憩室炎 | 阑尾炎 | negated
外院诊断癫痫，随访推翻，其实是晕厥 | 癫痫 | negated
原考虑痛风，后否定 | 痛风 | negated
HADS焦虑3，睡眠可 | 焦虑 | negated
HADS抑郁4 | 抑郁 | negated
HADS焦虑13，失眠 | 焦虑 | own
HADS抑郁 15 | 抑郁 | own
焦虑自评32分，情绪可 | 焦虑 | negated
焦虑自评61分，夜不能寐 | 焦虑 | own
抑郁自评40分 | 抑郁 | negated
抑郁自评66分 | 抑郁 | own
术后可能声嘶、饮水呛咳、吞咽困难，知情 | 吞咽困难 | possible
将来可能肾衰竭，知晓 | 肾衰竭 | possible
告知家属随时脑疝，要求积极 | 脑疝 | possible
三药联用易诱发恶性综合征 | 恶性综合征 | possible
极少数孩子会肠套叠 | 肠套叠 | possible
艾滋病 0.11 COI，余阴 | 艾滋病 | negated
RPR 0.08 COI，梅毒 0.06 S/CO | 梅毒 | negated
外院曾按肺炎治疗，后CT证实 | 肺炎 | own
当地诊为肺炎，输液好转 | 肺炎 | own
术后可，肾衰竭好转 | 肾衰竭 | own
糖尿病诱发酮症酸中毒 | 酮症酸中毒 | own
告知患者已确诊肺癌 | 肺癌 | own
"""


def _rows(table: str) -> list[tuple[str, str, str]]:
    rows = [tuple(each.strip() for each in line.split("|")) for line in table.strip().splitlines()]
    return [(text, words, said) for text, words, said in rows]


def _read(text: str) -> tuple[Mention, ...]:
    return annotate(CleanText.certified(text), "", Lexicon.load())


@pytest.mark.parametrize(("text", "words", "said"), [*_rows(OTHERS), *_rows(UNDONE), *_rows(NOT_SO)])
def test_whose_it_is_and_whether(text: str, words: str, said: str) -> None:
    start = text.index(words)
    end = start + len(words)
    found = {one.assertion for one in _read(text) if one.start < end and start < one.end}
    assert found
    assert bool(found & OWN) is (said == "own")
    assert said == "own" or said in found


@pytest.mark.parametrize("text", ["无需人工肝", "不能做人工耳蜗", "未行气管插管", "父亲做过人工肝"])
def test_a_sign_that_is_only_the_name_of_a_treatment_goes_with_it(text: str) -> None:
    assert not {one.assertion for one in _read(text)} & OWN


@pytest.mark.parametrize(
    ("scale", "low", "high", "sign"),
    [
        ("PHQ-9", 2, 16, "signs-of-depression"),
        ("PHQ-9", 9, 10, "signs-of-depression"),
        ("GAD-7", 3, 12, "signs-of-anxiety-disorder"),
        ("HADS-A", 5, 9, "signs-of-anxiety-disorder"),
        ("HADS-D", 2, 11, "signs-of-depression"),
        ("SAS", 38, 61, "signs-of-anxiety-disorder"),
        ("SDS", 41, 60, "signs-of-depression"),
        ("HAMD-17", 5, 22, "signs-of-depression"),
    ],
)
def test_a_score_counts_from_its_limit_on(scale: str, low: int, high: int, sign: str) -> None:
    for score, held in ((low, False), (high, True)):
        found = {one.concept for one in _read(f"{scale} {score}分，合作") if one.assertion in OWN}
        assert (sign in found) is held


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("邻床得了怪毛病，患者怕", "怪毛病"),
        ("妈妈小时候烧起来就抽，患儿今热", "烧起来就抽"),
        ("姑姑查出基因有变", "查出基因有变"),
        ("老伴前年换过膝盖，患者腰痛", "前年换过膝盖"),
        ("造影后支架没放过，服药", "支架"),
        ("全程未做过环扎，卧床", "环扎"),
        ("各瓣区怪声听不到，律齐", "怪声"),
        ("双侧附件团块未触及", "团块"),
        ("两肺怪音：无", "两肺怪音"),
        ("震颤、怪音阙如", "怪音"),
        ("尿管√ 酱油色尿×", "酱油色尿"),
    ],
)
def test_words_of_unknown_things_that_are_not_his_are_not_spoken_of_him(text: str, gone: str) -> None:
    assert gone not in spoken(text, _read(text))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("母亲代诉孩子烧起来就抽", "烧起来就抽"),
        ("邻居发现其倒地送来", "倒地"),
        ("怪痛不退，夜间重", "怪痛"),
        ("怪痛没有好转", "怪痛"),
        ("怪包：3cm", "怪包"),
        ("妻子陪来，怪痛3天", "怪痛"),
    ],
)
def test_what_he_has_stays(text: str, left: str) -> None:
    assert left in spoken(text, _read(text))


@pytest.mark.parametrize(("sure", "left"), [(0.1, False), (0.9, True)])
def test_a_test_that_the_judge_finds_in_order_is_no_word_of_the_record(sure: float, left: bool) -> None:
    test = replace(next(one for one in _read("血氨41，精神好") if one.words == "血氨"), sure=sure)
    assert ("血氨" in spoken("血氨41，精神好", [test])) is left
