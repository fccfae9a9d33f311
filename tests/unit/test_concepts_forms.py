"""Written forms of names that a researcher types, and names followed by the class they belong to."""

from __future__ import annotations

from datetime import date

import pytest

from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.query import understand

TODAY = date(2026, 11, 27)


def _asked(question: str) -> list[str]:
    return [str(ask.wish.concept) for ask in understand(CleanText.from_shelf(question), Lexicon.load(), (), TODAY).asks]


@pytest.mark.parametrize(
    "names",
    [
        "系统性硬化症|系统性硬化|systemic sclerosis",
        "肺泡蛋白沉积症|肺泡蛋白沉积|肺泡蛋白沉着症",
        "贲门失弛缓症|贲门失弛缓|achalasia",
        "冠状动脉肌桥|冠脉肌桥",
        "对比剂肾病|造影剂肾病",
        "嗜酸性粒细胞性肺炎|嗜酸细胞性肺炎",
        "急性呼吸衰竭|急性呼衰",
        "陈旧性心肌梗死|陈旧性心梗",
        "慢性乙型肝炎|慢性乙肝|慢乙肝",
        "呼吸机相关性肺炎|呼吸机相关肺炎",
        "白细胞增多症|白细胞增多",
        "颈动脉狭窄症|颈动脉狭窄|carotid artery stenosis",
        "粘连性肠梗阻|黏连性肠梗阻",
        "necrotizing fasciitis|necrotising fasciitis",
        "leukopenia|leucopenia",
        "hemothorax|haemothorax",
        "AV fistula thrombosis|arteriovenous fistula thrombosis",
        "cytokine release syndrome|细胞因子释放综合征",
        "抗利尿激素分泌不当综合征|抗利尿激素分泌不当|SIADH",
        "高渗高血糖状态|hyperosmolar hyperglycemic state",
    ],
)
def test_every_form_names_one_concept(names: str) -> None:
    asked = [_asked(name) for name in names.split("|")]
    assert len(asked[0]) == 1
    assert all(each == asked[0] for each in asked)


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("MRSA感染", "mrsa"),
        ("MRSA infection", "mrsa"),
        ("弓形虫感染", "toxoplasmosis"),
        ("hookworm infection", "hookworm"),
        ("NTM infection", "ntm"),
        ("CAP肺炎", "community-acquired-pneumonia"),
        ("HAP肺炎", "hospital-acquired-pneumonia"),
    ],
)
def test_a_name_and_its_class_are_one_name(question: str, concept: str) -> None:
    assert _asked(question) == [concept]


@pytest.mark.parametrize(
    "question",
    [
        "糖尿病、感染",
        "肺炎 心力衰竭",
        "糖尿病合并肺部感染",
        "肺癌 肺炎",
        "hypertension and infection",
        "肺炎，感染性休克",
    ],
)
def test_two_things_stay_two(question: str) -> None:
    assert len(_asked(question)) == 2


@pytest.mark.parametrize(
    "words", ["口唇干燥", "伤口干燥", "代谢旺盛", "引流管粘连", "一度好转", "心率减少", "植入", "缺乏锻炼"]
)
def test_ordinary_words_are_no_disease(words: str) -> None:
    derived = {
        "sjogren-syndrome",
        "systemic-sclerosis",
        "metabolic-syndrome",
        "alopecia",
        "av-block",
        "factor-deficiency",
    }
    assert not {str(each.concept) for each in Lexicon.load().find(words)} & derived
