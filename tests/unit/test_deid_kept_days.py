"""Days that were ticked off, and days on which somebody was called or visited."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier
from deid.document import Document
from deid.recognizers.person_title import PersonTitle
from records.entities import Entity
from records.texts import IdentifiedText


@pytest.fixture(scope="module")
def deidentifier() -> Deidentifier:
    return Deidentifier.load()


def _days(deidentifier: Deidentifier, text: str) -> list[str]:
    spans = deidentifier.spans(IdentifiedText(text))
    return [text[one.start : one.end] for one in spans if one.entity is Entity.DATE]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("服药 11/20√ 11/21√ 11/22√ 11/23× 饮酒 11/24√", ["11/20", "11/21", "11/22", "11/23", "11/24"]),
        ("打卡 8.14✓ 8.15✓ 8.16✗", ["8.14", "8.15", "8.16"]),
        ("翻身卡 6/1 ✔ 6/2 ✔", ["6/1", "6/2"]),
        ("雾化4/28√、4/29√、5/2√", ["4/28", "4/29", "5/2"]),
        ("口腔护理(9/30√ 10/1√)", ["9/30", "10/1"]),
        ("PEG冲管\n12/1☑\n12/2☑\n12/3☑", ["12/1", "12/2", "12/3"]),
        ("胰岛素注射:07/08√,07/09√,07/10×", ["07/08", "07/09", "07/10"]),
        ("康复训练 5.6√ 5.8√ 5.9×", ["5.6", "5.8", "5.9"]),
        ("阿司匹林 11/20√ 11/21√\n氯吡格雷 11/20√ 11/21×", ["11/20", "11/21", "11/20", "11/21"]),
        ("服药 12/30√ 12/31√ 1/1√ 1/2√", ["12/30", "12/31", "1/1", "1/2"]),
        ("服药 11/20√ 11/21√ 依从性3/5√", ["11/20", "11/21"]),
        ("晨尿已留 2/27√ 2/28√ 3/1√", ["2/27", "2/28", "3/1"]),
        ("腹透换液 3/28√ 4/11√", ["3/28", "4/11"]),
        ("家访 9/20√ 10/8√", ["9/20", "10/8"]),
    ],
)
def test_days_that_were_ticked_go_up(deidentifier: Deidentifier, text: str, days: list[str]) -> None:
    assert _days(deidentifier, text) == days


@pytest.mark.parametrize(
    "text",
    [
        "配合度 3/5√ 4/5√ 5/5√", "四肢肌力:左上4/5√ 右上5/5√", "1/2√ 2/2√", "完成 7/10√", "组数 3/4√ 2/4×",
        "滴眼 3/4× 2/4×", "视力0.8√ 1.0√", "第2/3√ 第3/3√", "规格 5.5×6.2 7.1×8.3", "血压120/80√ 118/76√",
        "达标率 9/12√", "2/3× 4/9×2", "完成 2/5√ 3/4√", "左 1/3× 右 2/2√", "应答 1/6√ 2/5√ 3/4×",
    ],
)  # fmt: skip
def test_scores_and_sizes_that_were_ticked_are_no_days(deidentifier: Deidentifier, text: str) -> None:
    assert _days(deidentifier, text) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("男63 高血压 4/9 微信回复在吃药", ["4/9"]),
        ("高血压 4/7 未接;4/9 关机", ["4/7", "4/9"]),
        ("肺结核,6/15 入户", ["6/15"]),
        ("高血压 10/3 上门随访", ["10/3"]),
        ("随访:5/6 空号", ["5/6"]),
        ("高血压 2/5 无人接", ["2/5"]),
        ("术后 7/11 电话随访", ["7/11"]),
        ("高血压 9/4 已接", ["9/4"]),
    ],
)
def test_days_on_which_somebody_was_called(deidentifier: Deidentifier, text: str, days: list[str]) -> None:
    assert _days(deidentifier, text) == days


@pytest.mark.parametrize(
    "text",
    [
        "疼痛评分 3/10 未接受治疗", "血压 1/2 电话随访", "得分 3/5 微信填报", "肌力 4/5 入户评估",
        "完成率 7/9 短信提醒", "病理分级 2/3 电话联系", "规律服药 1/2 片", "尿量 3/4 已接近正常",
    ],
)  # fmt: skip
def test_quantities_before_a_call_are_no_days(deidentifier: Deidentifier, text: str) -> None:
    assert _days(deidentifier, text) == []


@pytest.mark.parametrize("text", ["HCT｜0.17　PLT｜96　ALT｜22", "WBC|8.2|HGB|121|CRP|3", "TSH｜2.1｜FT4｜15"])
def test_names_in_a_table_are_no_numbers_of_somebody(deidentifier: Deidentifier, text: str) -> None:
    assert deidentifier.spans(IdentifiedText(text)) == ()


@pytest.mark.parametrize("text", ["血栓风险亦已告知。\n　　我已充分了解", "均已说明！\n　　一切费用自理"])
def test_a_name_never_runs_over_the_end_of_a_sentence(deidentifier: Deidentifier, text: str) -> None:
    assert not [one for one in deidentifier.spans(IdentifiedText(text)) if set(text[one.start : one.end]) & set("。！")]


@pytest.mark.parametrize("name", ["王 小明", "欧阳 晓明"])
@pytest.mark.parametrize("title", ["\n(主任医师)", "\n   主任医师"])
def test_a_name_set_apart_stands_above_its_title(name: str, title: str) -> None:
    doc = Document(f"审核:\n{name}{title}")
    assert [doc.text[one.start : one.end].strip() for one in PersonTitle().find(doc)] == [name]
