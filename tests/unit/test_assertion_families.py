"""Families of clinical phrases around a disease, each with several diseases: denied, of a relative, or in doubt."""

from __future__ import annotations

import time

import pytest

from records.ids import ConceptId
from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_cues import load_cues
from semantic.concepts import Lexicon

DISEASES = {"冠心病": "coronary-heart-disease", "肺栓塞": "pulmonary-embolism", "类风湿关节炎": "rheumatoid-arthritis"}
DENIED = (
    "无{d}依据|{d}证据不足|{d}可以排除|{d}不成立|与{d}不符|并非{d}|非{d}所致|{d}诊断依据不足|{d}暂不考虑|{d}可能性极低|未达{d}诊断标准|"
    "尚不足以诊断{d}|{d}未证实|曾疑{d}，已排除|疑似{d}，现已排除|不能诊断{d}|未查出{d}|{d}无依据|不属于{d}|称不上{d}|未罹患{d}|"
    "不认为是{d}|误诊为{d}|不同于{d}|假性{d}|检查正常，排除{d}|家属否认{d}|排{d}，随访|不构成{d}|{d}，已排除|{d}，证据不足|"
    "不再考虑{d}|{d}指标不支持|{d}依据缺乏|追问无{d}|未进展为{d}|{d}均阴|外院{d}，复查后非{d}|误当作{d}"
)
DISMISSED = (
    "{d}站不住脚|{d}的诊断站不住|{d}诊断被否|{d}谈不上|{d}还说不上|{d}够不上|{d}排开|{d}可以放下不提|{d}没有依据|{d}没有根据|{d}也没证据|"
    "{d}没看到|{d}没发生过|{d}未查到|{d}找不到|{d}得不到证实|{d}还没有|{d}尚不够标准|{d}没过线|{d}不太像|{d}都不符合|{d}对不上号|"
    "{d}概率极低|{d}被推翻|{d}诊断撤掉|{d}作罢|谈不上{d}|算不上{d}|不能归为{d}|撇开{d}|推翻了{d}的诊断|还没到{d}的程度|尚不到{d}的标准|"
    "{d}摘帽|{d}的帽子摘了|{d}没戏|{d}没有踪影|{d}靠后放|{d}为时过早|{d}排了|{d}不是|{d}查无|{d}不作数|{d}不在考虑范围|{d}落空|"
    "没看到{d}|没查出{d}|没出过{d}|未找到{d}的证据|暂不支持{d}|不再考虑{d}|没有{d}的迹象|{d}已不再考虑|{d}均不支持"
)
NOT_GIVEN = (
    "不必{d}|用不着{d}|{d}用不着|没有必要{d}|{d}没有必要|{d}没做|没有使用{d}|{d}备而未用|{d}免了|{d}取消|家属不同意{d}|{d}家长不同意|{d}没有用处|"
    "尚不到{d}的时候|{d}无指征|{d}指征不够|不适合{d}|{d}不适用|不需要{d}|{d}不需要|无须{d}|未安排{d}|{d}未安排|谢绝{d}|轮不到{d}|{d}属禁忌|"
    "{d}未列入方案|{d}未选|{d}做不得|{d}走不到那步|{d}谈早了|{d}错过|{d}为时尚早|{d}不够条件|{d}被否决|{d}落选|"
    "不做{d}|{d}不做|不值得{d}|免去{d}"
)
GIVEN = (
    "视力下降，今日{d}|依从性好，{d}三次|如期{d}|如厕后{d}|若干次{d}|{d}不成功|{d}没有并发症|{d}未用完|{d}完毕出院|{d}中未见出血|予{d}，不需调整|{d}没用满疗程|{d}不能停|急诊{d}|"
    "{d}不到一小时结束|家属同意{d}|{d}备血400毫升|已做{d}|今日{d}|{d}顺利|接受{d}|{d}完成|{d}第三天|继续{d}"
)
IN_ORDER = "在正常范围内|都在参考范围|没问题|没什么毛病|均好|不高|没有升高|在参考值内|未见增高|不偏快"
FAMILY = (
    "牛羊检出{d}|羊群发生{d}|家畜患{d}|同村两例{d}|同班多人{d}|邻床患{d}|室友确诊{d}|同事数人{d}|接触者查出{d}|同车间先后{d}|宠物犬确诊{d}|"
    "同校暴发{d}|邻村死于{d}|同学患{d}|病畜检出{d}|同病房出现{d}|同宿舍一例{d}|野鼠检出{d}|同伴均有{d}|密接者一人{d}|"
    "父兄都有{d}|母姐均患{d}|父与兄{d}|一家三代{d}|家系中多人{d}|祖上{d}|父系亲属{d}|亲哥{d}|表姨{d}|堂叔{d}|二姑妈{d}|兄弟俩{d}|姐妹几人{d}|"
    "父{d}|母{d}；本人体检正常|母亲因{d}去世|大伯{d}|二姨{d}|表哥{d}|家兄{d}|老伴{d}|家里老人{d}|家族{d}史|孪生哥哥{d}|亡母{d}|父辈{d}|"
    "母系多人{d}|家族中{d}|三姨{d}|老爸{d}|姊弟均{d}|堂兄弟{d}|阿嬷{d}"
)
UNDECIDED = (
    "若为{d}，转专科|如果是{d}，住院|一旦{d}，急诊|家属担心{d}|母亲怀疑{d}|患者怕{d}|担心自己{d}|{d}打着问号|{d}存疑问|穿刺后{d}见分晓|{d}不敢放过|{d}仍是悬案|"
    "起病两天，{d}可能，明日再查|{d}可能，待结果|{d}之可能，建议查抗体|乏力一周，{d}的可能，抗体未回|{d}可能性大，备急救|{d}风险高，预防用药|"
    "{d}不好下结论|{d}现在还难说|{d}定不了|{d}分不清|{d}无结论|{d}没有定论|{d}悬而未决|{d}没把握|{d}再评|{d}满三月再判|{d}排查中|{d}求证中|{d}在排查|"
    "{d}仍存疑|{d}还没排完|{d}尚未定论|{d}一时不能断定|{d}说不准|{d}只是怀疑|{d}才能下结论"
)
TALKED_ABOUT = (
    "若明日不好转则行{d}|如果指标不降再{d}|视尿量决定{d}|根据病理决定是否{d}|一旦恶化就行{d}|如仍无效再予{d}|依结果酌情{d}|若血钾再升则急诊{d}|"
    "{d}评估中|{d}等待名单|{d}再谈|{d}下月再议|{d}备用|{d}配型中|{d}视情况再定|{d}排队中|{d}已约好|{d}论证中|{d}列入计划|{d}日后再做|{d}看结果再定|"
    "{d}届时再议|{d}待命|{d}审批中|{d}择日再安排|{d}讨论中|{d}候选名单|{d}准备中"
)
POSSIBLE = (
    "{d}待排|{d}性质不明|{d}尚未明确|{d}与其他难分|{d}待回报|{d}诊断待定|担心{d}|怕得{d}|要求筛查{d}|{d}筛查|{d}高危人群|{d}宣教|{d}样表现|"
    "按{d}治疗无效|咨询{d}|{d}的危险因素|将来{d}|{d}待活检|"
    "{d}待增强CT明确|{d}，待排|先排除{d}|首先排除{d}|必须排除{d}|务必排除{d}|尽快排除{d}|做CT来排除{d}|{d}有待证实|同病房病人{d}|接触{d}|{d}与否未定|{d}不能完全排除|{d}或结核难分|讲解{d}|{d}知识讲座"
)

PROBABLE = (
    "{d}可能|考虑{d}可能，今起治疗|印象：{d}可能，已用药|首先考虑{d}可能，住院|"
    "考虑{d}|首先考虑{d}|考虑为{d}|初步考虑{d}|倾向于{d}|多考虑{d}|临床考虑{d}|诊断考虑{d}|主要考虑{d}|高度怀疑{d}|高度可疑{d}|拟诊{d}|"
    "印象：{d}可能|{d}可能性大|{d}可能大|{d}可能性较大|{d}可能性高|可能为{d}|可能系{d}|仍考虑{d}|"
    "故考虑{d}|probable {d}|presumed {d}"
)
# Two diseases of which nobody knows yet which it is, or whether it is either.
OPEN = (
    "{d}与支气管哮喘待排|{d}和支气管哮喘均需排|{d}还是支气管哮喘待查|{d}或支气管哮喘待CT|{d}、支气管哮喘待鉴别|{d}与支气管哮喘待别|"
    "{d}与支气管哮喘难分|{d}抑或支气管哮喘不确定|{d}与支气管哮喘需影像区分|{d}/支气管哮喘待辨|{d}跟支气管哮喘极难辨|{d}与支气管哮喘一时不能分辨|"
    "{d}或支气管哮喘不定|{d}与支气管哮喘待核酸|{d}和支气管哮喘待病理回报|{d}与支气管哮喘须鉴别|{d}与支气管哮喘二者待除外|{d}或支气管哮喘未定|"
    "{d}与支气管哮喘尚待排除|{d}与支气管哮喘靠活检鉴别"
)
# No doubt: the words of a doubt mean something else here.
FIRM = (
    "{d}与支气管哮喘待产前评估|{d}和支气管哮喘需长期服药|{d}合并支气管哮喘，待床|{d}，待出院|{d}确诊|诊断为{d}|{d}明确|{d}急性期|"
    "同村医生诊断{d}|养宠物犬，{d}|放牛羊十年，{d}|同车间共事，{d}|{d}控制不达标|{d}不存在争议|{d}没有规律治疗|{d}未用药|{d}不是第一次发作|入院不到两小时{d}发作|家里有宠物，{d}|{d}找不到诱因|"
    "{d}拒绝住院|{d}没有及时就医|{d}不是新发|{d}未随访|{d}还没复查|{d}不愿住院|{d}用药不够|{d}未见好转|{d}不能平卧|{d}不敢活动|{d}再发|"
    "{d}治疗中|因{d}入院|{d}待术|{d}与支气管哮喘均已控制饮食"
)


def said(text: str, disease: str) -> set[Assertion]:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    return {each.assertion for each in mentions if each.concept == ConceptId(DISEASES[disease])}


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [(phrase, Assertion.NEGATED) for phrase in (*DENIED.split("|"), *DISMISSED.split("|"))]
    + [(phrase, Assertion.POSSIBLE) for phrase in UNDECIDED.split("|")]
    + [(phrase, Assertion.FAMILY) for phrase in FAMILY.split("|")]
    + [(phrase, Assertion.POSSIBLE) for phrase in POSSIBLE.split("|")]
    + [(phrase, Assertion.PROBABLE) for phrase in PROBABLE.split("|")]
    + [(phrase, Assertion.POSSIBLE) for phrase in OPEN.split("|")]
    + [(phrase, Assertion.PRESENT) for phrase in FIRM.split("|")],
)
def test_a_phrase_means_the_same_for_every_disease(phrase: str, expected: Assertion) -> None:
    for disease in DISEASES:
        assert said(phrase.format(d=disease) + "。", disease) == {expected}, disease


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [(phrase, Assertion.NEGATED) for phrase in NOT_GIVEN.split("|")]
    + [(phrase, Assertion.PLANNED) for phrase in TALKED_ABOUT.split("|")]
    + [(phrase, Assertion.PRESENT) for phrase in GIVEN.split("|")],
)
def test_a_phrase_means_the_same_for_every_treatment(phrase: str, expected: Assertion) -> None:
    for words, concept in {
        "血液透析": "hemodialysis",
        "肝移植": "liver-transplantation",
        "化疗": "chemotherapy",
    }.items():
        mentions = annotate(CleanText.certified(phrase.format(d=words) + "。"), "", Lexicon.load())
        assert {one.assertion for one in mentions if one.concept == ConceptId(concept)} == {expected}, words


@pytest.mark.parametrize("words", IN_ORDER.split("|"))
def test_a_sign_in_order_is_no_sign(words: str) -> None:
    mentions = annotate(CleanText.certified(f"乏力，TRAb{words}，缺铁。"), "", Lexicon.load())
    assert Assertion.PRESENT not in {one.assertion for one in mentions if one.concept.startswith("signs-of")}


def test_a_sign_of_what_is_denied_by_name_is_denied_too() -> None:
    mentions = annotate(CleanText.certified("静止性震颤、面具脸，服药所致，排除帕金森病。"), "", Lexicon.load())
    signs = {each.assertion for each in mentions if each.concept == ConceptId("signs-of-parkinson-disease")}
    assert signs == {Assertion.NEGATED}


@pytest.mark.parametrize(
    ("text", "concept", "expected"),
    [
        ("复发抑郁，排除双相，舍曲林。", "bipolar-disorder", Assertion.NEGATED),
        ("抑郁所致，不考虑阿尔茨海默。", "alzheimer-disease", Assertion.NEGATED),
        ("原发痛经，内异证据无，布洛芬。", "endometriosis", Assertion.NEGATED),
        ("血钾6.9，标本溶血，重抽4.3，非高钾血症。", "severe-hyperkalemia", Assertion.NEGATED),
        ("不用抗癫痫药。", "antiepileptic-drug", Assertion.NEGATED),
        ("纯音正常，不是突发性聋，取耵聍。", "sudden-deafness", Assertion.NEGATED),
        ("多饮，中枢性及肾性尿崩均排除，限水。", "diabetes-insipidus", Assertion.NEGATED),
        ("晕厥，无停搏及传导阻滞，倾斜试验阳性。", "conduction-block", Assertion.NEGATED),
        ("夜间监测无呼吸暂停，减重。", "sleep-apnea", Assertion.NEGATED),
        ("不支持吉兰巴雷综合，停激素。", "guillain-barre-syndrome", Assertion.NEGATED),
        ("窦性停搏已除外，无束支传导阻滞，二度房室传导阻滞。", "second-degree-av-block", Assertion.PRESENT),
        ("乏力怕冷，TSH 1.9，缺铁。", "signs-of-hypothyroidism", Assertion.NEGATED),
        ("高血压3级 很高危，调药。", "hypertension", Assertion.PRESENT),
        ("社区高血压高危人群筛查。", "hypertension", Assertion.POSSIBLE),
        ("孕50天，吃不吃黄体酮。", "progesterone", Assertion.PRESENT),
        ("乏力怕冷，TSH 4.2偏高，缺铁。", "signs-of-hypothyroidism", Assertion.PRESENT),
        ("家属担心心肌病，心超室壁及收缩均正常，予以排除。", "cardiomyopathy", Assertion.NEGATED),
        ("眼睑下垂，重症肌无力可能，新斯的明试验阳性待复查。", "signs-of-myasthenia-gravis", Assertion.POSSIBLE),
        ("囊虫、血吸虫、旋毛虫、包虫抗体均阴性。", "cysticercosis", Assertion.NEGATED),
        ("肺癌骨转移依据不足。", "lung-cancer", Assertion.PRESENT),
        ("肺癌骨转移依据不足。", "bone-metastasis", Assertion.NEGATED),
        ("否认高钾血症，今血钾5.9mmol/L。", "hyperkalemia", Assertion.PRESENT),
    ],
)
def test_a_short_name_a_taken_back_value_or_a_drug_not_given(text: str, concept: str, expected: Assertion) -> None:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    judged = [each.assertion for each in mentions if each.concept == ConceptId(concept)]
    assert judged and judged[-1] is expected
    assert expected is Assertion.PRESENT or set(judged) == {expected}


def test_a_sign_that_is_missing_takes_no_other_back() -> None:
    text = "结肠节段裂隙溃疡、非干酪肉芽肿、回末受累，克罗恩病。"
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    signs = [each.assertion for each in mentions if each.concept == ConceptId("signs-of-crohn-disease")]
    assert Assertion.PRESENT in signs


def test_signs_of_what_is_still_open_are_open_too() -> None:
    mentions = annotate(CleanText.certified("盆腔囊实性包块伴腹水，卵巢癌待排。"), "", Lexicon.load())
    signs = {each.assertion for each in mentions if each.concept == ConceptId("signs-of-ovarian-cancer")}
    assert signs == {Assertion.POSSIBLE}


def test_below_the_family_heading_the_patient_may_be_spoken_of() -> None:
    text = "母亲冠心病，父亲肺栓塞。本人类风湿关节炎十年，无胸痛。"
    mentions = annotate(CleanText.certified(text), "家族史", Lexicon.load())
    said = {str(each.concept): each.assertion for each in mentions}
    assert said["coronary-heart-disease"] is said["pulmonary-embolism"] is Assertion.FAMILY
    assert said["rheumatoid-arthritis"] is Assertion.PRESENT
    assert said["chest-pain"] is Assertion.NEGATED


@pytest.mark.parametrize(
    ("text", "concept", "expected"),
    [
        ("无咯血、发热，肺结核。", "pulmonary-tuberculosis", Assertion.PRESENT),
        ("无发热，咳嗽。", "cough", Assertion.NEGATED),
        ("未见皮疹，系统性红斑狼疮。", "sle", Assertion.PRESENT),
        ("无TRAb，产后甲状腺炎。", "postpartum-thyroiditis", Assertion.PRESENT),
        ("否认外伤，高血压，糖尿病史。", "hypertension", Assertion.NEGATED),
        ("无高血压，糖尿病。", "diabetes-mellitus", Assertion.NEGATED),
        ("无胸痛、心悸，气促。", "dyspnea", Assertion.NEGATED),
        ("流感季，发热待查。", "influenza", Assertion.POSSIBLE),
        ("DIC评分2。", "dic", Assertion.POSSIBLE),
    ],
)
def test_a_list_of_signs_does_not_go_on_with_a_disease(text: str, concept: str, expected: Assertion) -> None:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    assert {each.assertion for each in mentions if each.concept == ConceptId(concept)} == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "超声膀胱左壁新生物，膀胱癌待除外。",
        "膀胱肿物，排除膀胱癌。",
        "右上叶恶性肿瘤不除外，肺癌待排。",
        "膀胱新生物，膀胱癌待查。",
    ],
)
def test_what_only_looks_like_it_is_as_open_as_its_name(text: str) -> None:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    cancer = [one.assertion for one in mentions if one.concept in ("bladder-cancer", "lung-cancer")]
    assert cancer and not {Assertion.PRESENT, Assertion.PROBABLE} & set(cancer)
    firm = annotate(CleanText.certified("超声膀胱左壁新生物，病理示膀胱癌。"), "", Lexicon.load())
    assert Assertion.PRESENT in {one.assertion for one in firm if one.concept == "bladder-cancer"}


@pytest.mark.parametrize("joint", ["及", "和", "与", "或", "及和"])
def test_a_long_row_of_joining_words_before_a_verdict_takes_no_time(joint: str) -> None:
    lexicon = Lexicon.load()
    annotate(CleanText.certified("肺炎、支气管炎及糖尿病阴性。"), "", lexicon)
    began = time.process_time()
    annotate(CleanText.certified(f"肺炎、{joint * 100}为糖尿病阴性。"), "", lexicon)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "row", ["等病史", "慢性疾病", "等等", "其余", "及其他", "慢性病变", "an or ", "anor", "a history of ", "any other "]
)
def test_a_long_row_of_fillers_takes_no_time(row: str) -> None:
    cues = load_cues()
    assert row in {"anor", "其余"} or cues.filler.fullmatch(row * 100)
    began = time.process_time()
    assert not cues.filler.fullmatch(row * 100 + "!") and not cues.opener.fullmatch(row * 100 + "!!%")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("row", ["均", "目前", "的诊断", "还尚", "父亲均"])
def test_unknown_words_are_looked_for_in_little_time(row: str) -> None:
    text = row * 2000
    began = time.process_time()
    assert sum(1 for regex in load_cues().unspoken for _ in regex.finditer(text)) <= 2
    assert time.process_time() - began < 3
