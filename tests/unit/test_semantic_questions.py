"""What is read out of a question: periods, ages, sexes, unwished concepts, filler, and how much of it concepts are."""

from __future__ import annotations

import re
from datetime import date

import pytest

from records.errors import BadInput
from records.mentions import Assertion
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.cues import number
from semantic.query import Question, understand
from semantic.rows import Filters


def read(text: str) -> Question:
    return understand(CleanText.from_shelf(text), Lexicon.load(), ("心内科", "内科"), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("近3年的糖尿病", Filters(since=2024)),
        ("最近三年糖尿病", Filters(since=2024)),
        ("过去十年糖尿病", Filters(since=2017)),
        ("2023年以来的糖尿病", Filters(since=2023)),
        ("2021-2023年糖尿病", Filters(since=2021, until=2023)),
        ("2021年至2023年的糖尿病", Filters(since=2021, until=2023)),
        ("2022年糖尿病", Filters(since=2022, until=2022)),
        ("2020年以前的糖尿病", Filters(until=2019)),
        ("去年的糖尿病", Filters(since=2025, until=2025)),
        ("今年糖尿病", Filters(since=2026, until=2026)),
        ("近半年糖尿病", Filters(since=2025, until=2026)),
        ("diabetes last year", Filters(since=2025, until=2025)),
        ("diabetes in the past six months", Filters(since=2025, until=2026)),
        ("diabetes in the last two years", Filters(since=2025)),
        ("diabetes since 2023", Filters(since=2023)),
        ("diabetes in the last 5 years", Filters(since=2022)),
        ("diabetes between 2019 and 2021", Filters(since=2019, until=2021)),
        ("diabetes before 2020", Filters(until=2019)),
        ("65岁以上糖尿病", Filters(age_min=65)),
        ("60岁及以上的糖尿病", Filters(age_min=60)),
        ("18-40岁糖尿病", Filters(age_min=18, age_max=40)),
        ("<18岁糖尿病", Filters(age_max=18)),
        ("老年糖尿病患者", Filters(age_min=65)),
        ("diabetes over 65", Filters(age_min=65)),
        ("over 65 minor stroke", Filters(age_min=65)),
        ("women over 65 htn/dm", Filters(sex="F", age_min=65)),
        ("over 60 cmv pneumonia", Filters(age_min=60)),
        ("children under 5 with pneumonia", Filters(age_max=5)),
        ("stroke, BP above 180/110", Filters()),
        ("stroke, NIHSS score above 15", Filters()),
        ("pneumonia, WBC under 1 or over 50", Filters()),
        ("weight loss of over 10 percent", Filters()),
        ("kidney stone over 2 cm", Filters()),
        ("children with diabetes", Filters(age_max=17)),
        ("女性糖尿病", Filters(sex="F")),
        ("male patients with diabetes", Filters(sex="M")),
        ("心内科的糖尿病", Filters(department="心内科")),
        ("糖尿病", Filters()),
        ("血糖 2000", Filters()),
    ],
)
def test_filters(text: str, filters: Filters) -> None:
    assert read(text).soft == filters


@pytest.mark.parametrize(
    ("text", "unwished"),
    [
        ("无高血压的糖尿病", {"hypertension"}),
        ("没有高血压的糖尿病患者", {"hypertension"}),
        ("diabetes without hypertension", {"hypertension"}),
        ("糖尿病 不伴高血压", {"hypertension"}),
        ("糖尿病合并高血压", set()),
        ("无吸烟史的肺癌", {"smoking"}),
        ("从不吸烟的肺癌患者", {"smoking"}),
        ("未患阑尾炎的右下腹痛", {"appendicitis"}),
        ("无高血压、糖尿病的脑梗死", {"hypertension", "diabetes-mellitus"}),
    ],
)
def test_what_is_not_wished_for(text: str, unwished: set[str]) -> None:
    question = read(text)
    assert {ask.wish.concept for ask in question.unwished} == unwished
    assert question.wished
    assert not question.denials


@pytest.mark.parametrize(
    "text",
    [
        "无高血压",
        "否认糖尿病史",
        "从不吸烟",
        "排除肺栓塞",
        "肺栓塞已排除",
        "no history of hypertension",
        "pulmonary embolism ruled out",
        "acute appendicitis excluded",
    ],
)
def test_a_question_for_nothing_but_denials(text: str) -> None:
    question = read(text)
    assert question.denials
    assert question.unwished


def test_focus_tells_a_concept_question_from_a_sentence() -> None:
    assert read("糖尿病的并发症有哪些").focus == 1.0
    assert read("糖尿病人晚上能不能吃一点西瓜或者葡萄").focus < 0.5
    assert read("随便说点什么别的").focus == 0.0


def test_filler_goes_but_concepts_stay_whole() -> None:
    assert "糖尿病人" in read("糖尿病人能吃西瓜吗").text
    assert read("请问糖尿病怎么办？").text.startswith("糖尿病")


def test_question_words_are_no_concepts_of_their_own() -> None:
    assert [ask.wish.concept for ask in read("糖尿病并发症").asks] == ["diabetes-mellitus"]
    assert read("糖尿病并发症").asks[0].kind_of


def test_a_value_asks_for_what_it_means() -> None:
    concepts = [ask.wish.concept for ask in read("eGFR 45 ml/min 的糖尿病").asks]
    assert "diabetes-mellitus" in concepts
    assert "egfr" not in concepts
    assert len(concepts) == 2


def test_language() -> None:
    assert read("diabetes").language == "en"
    assert read("T2DM 并发症").language == "zh"


def test_numerals() -> None:
    assert [number(word) for word in ("3", "三", "十", "十二", "二十", "five")] == [3, 3, 10, 12, 20, 5]


@pytest.mark.parametrize("text", ["", " \n", "〔患者#1〕", "糖" * 2001])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read(text)


def test_a_long_account_with_few_names_is_a_story() -> None:
    story = read("孩子三岁半，昨晚开始拉肚子，一天七八次，像水一样，没有发烧，嘴唇有点干，精神还可以，请问怎么办")
    assert story.story
    assert "没有发烧" in story.text
    assert not read("没有发热的腹泻").story


@pytest.mark.parametrize(
    "text",
    [
        "腰上身上忽然长出一长串水泡、疼得整夜整夜睡不着觉的带状疱疹",
        "shingles, a painful rash of blisters in a band on one side of the body, which burns and keeps awake",
    ],
)
def test_who_names_a_disease_and_describes_it_tells_no_story(text: str) -> None:
    question = read(text)
    assert not question.story
    assert "herpes-zoster" in {ask.wish.concept for ask in question.asks}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我今年二十五岁，去年得了脂肪肝，一直没管它，谢谢大夫，请问吃鸡蛋行吗", "脂肪肝 没管 吃鸡蛋行"),
        ("我老公最近两个半月胸口闷，去医院做了心电图是好的，怎么回事啊", "老公 胸口闷 心电图是好"),
        ("想咨询一下，我邻居家的孩子突然抽筋，据说癫痫会遗传，是真的吗", "家 孩子 抽筋 癫痫会遗传 是真"),
        ("我爸爸确诊感觉障碍和乙肝已经三年多了，后来又得了痛风，还能喝酒吗", "爸爸 感觉障碍和乙肝 痛风 还能喝酒"),
    ],
)
def test_what_a_story_tells_of_itself_is_aside(text: str, left: str) -> None:
    story = read(text)
    assert story.story
    assert [each for each in re.split(r"\W+", story.text) if each] == left.split()
    assert story.aside.startswith(text[:5])


def test_what_a_clause_asks_is_apart_from_what_another_tells() -> None:
    story = read("我去年得了肺炎，住了一周院，现在怀孕三个月了，乙肝疫苗能打吗？谢谢")
    assert story.asked == "乙肝疫苗能打吗?"
    assert {ask.wish.words: ask.told for ask in story.asks} == {"肺炎": True, "怀孕": True, "乙肝疫苗": False}
    silent = read("孩子三岁半，昨晚开始拉肚子，一天七八次，像水一样，没有发烧，嘴唇有点干，精神还可以")
    assert silent.story
    assert silent.asked == silent.aside
    assert not read("糖尿病").asked


def test_only_a_story_tells_of_itself() -> None:
    assert "最近" in read("最近出现的胸闷").text


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("haemoglobin below 60", "severe-anemia"),
        ("hemoglobin less than 110", "anemia"),
        ("血红蛋白低于60", "severe-anemia"),
        ("血红蛋白<60g/L", "severe-anemia"),
        ("creatine kinase over 10000", "ck-extreme"),
        ("CK高于5000", "ck-extreme"),
        ("CK大于1000U/L", "ck-very-high"),
        ("血钾大于6.5mmol/L", "severe-hyperkalemia"),
        ("血钾高于5.5", "hyperkalemia"),
        ("potassium below 2.5", "severe-hypokalemia"),
        ("血钠低于120", "severe-hyponatremia"),
        ("sodium under 135", "hyponatremia"),
        ("血小板低于20", "severe-thrombocytopenia"),
        ("platelets below 100", "thrombocytopenia"),
        ("总胆红素超过171", "severe-jaundice"),
        ("甘油三酯大于11.3", "severe-hypertriglyceridemia"),
        ("肌酐大于707", "severe-azotemia"),
        ("骨密度T值小于负2.5", "osteoporosis"),
        ("eGFR低于60", "egfr-low"),
        ("HbA1c above 6.5%", "hba1c-high"),
    ],
)
def test_a_limit_asks_for_the_finding_beyond_it(text: str, finding: str) -> None:
    question = read(text)
    assert finding in {ask.wish.concept for ask in question.asks}
    assert question.soft.is_empty()


def test_an_age_is_no_limit_of_a_test() -> None:
    assert read("anaemia in women over 60").soft == Filters(sex="F", age_min=60)
    assert read("diabetes below 40").soft == Filters(age_max=40)


@pytest.mark.parametrize(
    ("text", "disease"),
    [
        ("二甲双胍", "type-2-diabetes"),
        ("降眼压药物", "glaucoma"),
        ("溴吡斯的明", "myasthenia-gravis"),
        ("metformin", "pcos"),
    ],
)
def test_a_question_for_a_remedy_knows_what_it_is_for(text: str, disease: str) -> None:
    (ask,) = read(text).asks
    assert disease in ask.treats


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("高血压患者能吃党参吗", True),
        ("老是咳嗽吃什么药好得快", True),
        ("孩子发烧三天要不要去医院", True),
        ("我爸中风两年了走路还是不稳", True),
        ("乙肝妈妈可以给宝宝喂奶吗", True),
        ("why does my knee hurt after running", True),
        ("can i take aspirin with warfarin", True),
        ("慢性肝炎会过给别人不?", True),
        ("水痘疫苗打不打", True),
        ("肺结节严不严重", True),
        ("甲亢手术疼不疼", True),
        ("小三阳耽误上班么?", True),
        ("痛风还能喝汤么", True),
        ("破伤风疫苗要打几次", True),
        ("阑尾炎住几天院", True),
        ("肺炎要住几天", True),
        ("胃癌能好的几率", True),
        ("癫痫遗传的概率", True),
        ("高血压的饮食注意事项", True),
        ("脂肪肝食疗", True),
        ("哮喘和支气管炎的区别", True),
        ("甲减和甲亢有何不同", True),
        ("看白癜风的医院在哪", True),
        ("治癫痫哪家医院好", True),
        ("发烧多高要去急诊", True),
        ("脚气好得多快", True),
        ("肾结石喝水顶不顶用", True),
        ("乙肝会引发胸痛？", True),
        ("高血压可以吃鹅蛋？", True),
        ("甲亢能治断根？", True),
        ("痛风是吃西药还是中药？", True),
        ("糖尿病查哪几项", True),
        ("引发脂肪肝的原因？", True),
        ("痛风影响寿命？", True),
        ("甲亢秘方？", True),
        ("风湿病医院那家强", True),
        ("哮喘有什么症状？", True),
        ("肺炎的早期表现有哪些？", True),
        ("肝炎容易转成肝癌？", True),
        ("痛风患者应该多喝水？", True),
        ("饭后总是腹胀？", True),
        ("甲亢怎治疗？", True),
        ("胃炎的饮食调养？", True),
        ("胃溃疡怎么办", True),
        ("哮喘咳嗽怎么治", True),
        ("头痛呕吐是怎么回事", True),
        ("荨麻疹吃什么药", True),
        ("胆结石会不会腹痛", True),
        ("肺炎和哮喘要紧吗", True),
        ("糖尿病的并发症有什么", False),
        ("肺炎用什么药", False),
        ("糖尿病", False),
        ("糖尿病并发症", False),
        ("肾功能衰竭？肾前性？", False),
        ("糖尿病有哪些并发症", False),
        ("糖尿病有哪些并发症？", False),
        ("肺癌？转移性？", False),
        ("左颞叶癫痫？", False),
        ("哮喘的症状", False),
        ("痛风，脚趾疼得不敢碰的那种病", False),
        ("发热几天的肺炎", False),
        ("咳嗽几年的慢阻肺", False),
        ("不明原因发热", False),
        ("咽不下吐不出，食管癌", False),
        ("肝癌复发率", False),
        ("多重耐药菌肺炎", False),
        ("左肺占位？待排", False),
        ("控制不佳的糖尿病", False),
        ("久治不愈的溃疡", False),
        ("哪些患者用过华法林后出血", False),
        ("有没有慢阻肺合并肺心病的病人", False),
        ("我想找肺癌术后复发的", False),
        ("多少病例术后感染", False),
        ("无吸烟史的肺癌", False),
        ("what patients had a stroke after stenting", False),
        ("diabetic complications", False),
    ],
)
def test_who_asks_for_advice_tells_a_story_and_who_asks_for_records_does_not(text: str, story: bool) -> None:
    assert read(text).story is story
    assert bool(read(text).aside) is story


@pytest.mark.parametrize(
    "text",
    [
        "痛风都有哪些人",
        "患有痛风的人",
        "得了痛风的都有谁",
        "谁有痛风",
        "哪些人得过痛风",
        "哪几个人是痛风",
        "我们科的痛风",
        "给我痛风的病历",
        "痛风的有多少人",
        "有多少痛风",
        "诊断为痛风的",
        "被确诊痛风的病人",
        "既往有痛风的患者",
        "痛风史",
        "因痛风住院的病人",
        "收治的痛风",
        "所有痛风患者",
        "查一下痛风的病例",
        "和痛风有关的记录",
        "痛风者",
        "痛风队列",
        "各种痛风",
        "任何类型的痛风",
        "长期痛风患者",
        "anyone with gout",
        "gout of any cause",
        "episodes of gout",
        "who has had gout",
        "those who suffer from gout",
        "admitted for gout",
        "evidence of gout",
        "history of gout",
        "list every patient diagnosed with gout",
        "I want to see gout",
        "notes that mention gout",
        "people living with gout",
    ],
)
def test_who_is_sought_leaves_nothing_but_the_name(text: str) -> None:
    question = read(text)
    assert (question.focus, question.story, re.sub("[的 ]|病(?=$)", "", question.text)) in [
        (1, False, name) for name in ("痛风", "gout")
    ]


@pytest.mark.parametrize("text", ["痛风的诊断标准", "痛风住院费用", "gout diagnostic criteria", "哪些人容易得痛风"])
def test_where_more_is_said_all_words_stay(text: str) -> None:
    assert read(text).focus < 1


def test_denials_keep_the_words_beside_them() -> None:
    assert "已" in read("已排除痛风").text


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("心境障碍的病人（抑郁、躁狂、双相等）", {"mood-disorder"}),
        ("肾上腺有病的病人（功能亢进、减退、肿瘤）", {"adrenal-disease"}),
        ("parasitic worms (flukes, tapeworms and the like)", {"helminthiasis"}),
        ("高钾血症（血钾大于5.5）", {"hyperkalemia"}),
        ("贫血（血红蛋白<90g/L）", {"anemia", "severe-anemia"}),
        ("肺炎（无糖尿病、高血压）", {"pneumonia", "diabetes-mellitus", "hypertension"}),
        ("stroke (with atrial fibrillation and diabetes)", {"stroke", "atrial-fibrillation", "diabetes-mellitus"}),
        ("（肺炎、哮喘）", {"pneumonia", "asthma"}),
        ("骨科的病人（骨折、脱位）", {"fracture", "dislocation"}),
    ],
)
def test_a_bracket_that_lists_kinds_of_a_name_wishes_for_nothing_beside_it(text: str, wished: set[str]) -> None:
    assert {ask.wish.concept for ask in read(text).asks} == wished


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("胆管有病的病人", "biliary-disease"),
        ("角膜有毛病", "corneal-disease"),
        ("甲状腺出了问题的人", "thyroid-disease"),
        ("心脏有问题", "heart-disease"),
    ],
)
def test_an_organ_that_has_something_asks_for_its_diseases(text: str, concept: str) -> None:
    assert [ask.wish.concept for ask in read(text).asks] == [concept]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("没有青霉素过敏的病人", "penicillin-allergy"),
        ("Documented as never having smoked", "smoking"),
        ("patients confirmed not to have tuberculosis", "tuberculosis"),
    ],
)
def test_what_is_denied_is_not_wished_for(text: str, concept: str) -> None:
    assert [ask.wish.concept for ask in read(text).unwished] == [concept]
    assert not read(text).wished


@pytest.mark.parametrize(
    "text", ["denies illicit drug use", "patients denying any history of asthma", "denied chest pain"]
)
def test_who_denies_wishes_for_a_denial(text: str) -> None:
    assert read(text).unwished
    assert not read(text).wished


@pytest.mark.parametrize("text", ["养鸽子养鸟过敏得的肺病", "养鸽子得的肺病", "养猫过敏"])
def test_who_keeps_animals_is_no_animal(text: str) -> None:
    assert read(text).wished
    assert all(ask.sign is Assertion.PRESENT for ask in read(text).asks)


GENERIC = {
    "正在做透析的病人": "dialysis", "移植": "organ-transplantation", "人工关节": "joint-replacement",
    "除颤器": "icd-device", "transfusion": "blood-transfusion", "激素": "corticosteroid", "vertigo": "vertigo-disease",
    "neuropathy": "peripheral-neuropathy", "寄生虫": "parasitic-disease", "心脏搭桥": "cabg",
    "血液透析": "hemodialysis",
}  # fmt: skip


@pytest.mark.parametrize("text", GENERIC)
def test_a_short_word_asks_for_all_that_it_may_mean(text: str) -> None:
    assert [ask.wish.concept for ask in read(text).asks] == [GENERIC[text]]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("装有心脏起搏器或除颤器", ["pacemaker", "icd-device"]),
        ("warfarin or heparin", ["warfarin", "heparin"]),
        ("肺炎或哮喘或慢阻肺", ["pneumonia", "asthma", "copd"]),
        ("肺炎、哮喘或慢阻肺", ["pneumonia", "asthma", "copd"]),
        ("pneumonia, asthma, or COPD", ["pneumonia", "asthma", "copd"]),
    ],
)
def test_of_alternatives_one_will_do(text: str, concepts: list[str]) -> None:
    (ask,) = read(text).asks
    assert [ask.wish.concept, *ask.others] == concepts
    assert set(concepts) <= set(ask.root)
    assert read(text).focus == 1


def test_what_and_joins_is_wished_for_together() -> None:
    assert len(read("糖尿病和高血压").asks) == len(read("diabetes with hypertension").asks) == 2


def test_a_bracket_keeps_who_is_sought() -> None:
    assert read("乳腺癌(女性,50岁以上)").soft == Filters(sex="F", age_min=50)


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("哪些患儿有先天性心脏病?", False),
        ("哪些女性有PCOS?", False),
        ("患癫痫(含癫痫持续状态)者有哪些?", False),
        ("多少新生儿有黄疸?", False),
        ("得过肺炎的孩子有哪些?", False),
        ("哪位产妇发生了产后出血?", False),
        ("哪些女性容易得PCOS?", True),
        ("哪些孩子不能打乙肝疫苗?", True),
        ("孕妇能吃螃蟹吗?", True),
    ],
)
def test_who_has_it_asks_for_records_and_who_may_for_advice(text: str, story: bool) -> None:
    assert read(text).story is story
