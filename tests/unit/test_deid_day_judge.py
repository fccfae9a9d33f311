"""The judge of days on an author it has not learnt from, the families it knows, and what it says of them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import pairwise

import pytest

from deid.api import Deidentifier
from deid.day_judge import RULE, DayJudge
from deid.day_train import FOLDERS, learn_days
from deid.days import days
from deid.document import Document
from deid.lists import words
from deid.marked import Marked, authors, marked_lines
from records.entities import Entity
from records.paths import data_dir
from records.texts import IdentifiedText

OURS = Deidentifier.load()
SILENT = DayJudge({"": (9999, 0)})
FAMILIES = "days/families"


def _figures(lines: Iterable[Marked]) -> tuple[float, float]:
    """Shares: of dates that are covered, of dates found that touch one."""
    of = covered = found = right = 0
    for line in lines:
        spans = list(OURS.spans(IdentifiedText(line.text)))
        masked = {at for span in spans for at in range(span.start, span.end)}
        wanted = [span for span in line.spans if span.entity is Entity.DATE]
        dates = [span for span in spans if span.entity is Entity.DATE]
        of += len(wanted)
        covered += sum(
            all(at in masked or line.text[at].isspace() for at in range(span.start, span.end)) for span in wanted
        )
        found += len(dates)
        right += sum(any(one.start < span.end and span.start < one.end for one in line.spans) for span in dates)
    return covered / of, right / found


def test_days_of_an_author_not_learnt_from_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list(marked_lines("days", but=set(authors("days")) - {"days/d"}))
    judge = DayJudge(learn_days(marked_lines(*FOLDERS, but={"days/d"})))
    monkeypatch.setattr(DayJudge, "load", lambda: SILENT)
    rules, _ = _figures(lines)
    monkeypatch.setattr(DayJudge, "load", lambda: judge)
    both, precision = _figures(lines)
    assert both >= rules + 0.25
    assert precision >= 0.9


def test_the_families_are_known() -> None:
    lines = list(marked_lines("days", but=set(authors("days")) - {FAMILIES}))
    covered, precision = _figures(lines)
    assert len(lines) > 2000
    assert covered >= 0.95
    assert precision >= 0.96


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024年3月2日入院。\n07:30 3日复称体重56kg", ["2024年3月2日", "3日"]),
        ("4月12日拔管，4.15行EC方案化疗", ["4月12日", "4.15"]),
        ("2024-11-28 夜班→11-29 白班", ["2024-11-28", "11-29"]),
        ("烧是从6.1起的，8.20复查", ["6.1", "8.20"]),
        ("C1 2.18 C2 3.11 C3 4.17", ["2.18", "3.11", "4.17"]),
    ],
)
def test_a_day_is_known_by_the_others(text: str, days: list[str]) -> None:
    spans = [span for span in OURS.spans(IdentifiedText(text)) if span.entity is Entity.DATE]
    assert [text[span.start : span.end] for span in spans] == days


@pytest.mark.parametrize(
    "text",
    [
        "肌力4/5级，肌张力正常", "K 3.5mmol/L，Na 140", "阿司匹林 1/2片 qd", "3/6级收缩期杂音", "L4-5椎间盘突出",
        "第3-5天拆线", "2022版指南推荐", "参考值 3.5-5.5", "7号丝线缝合", "Apgar 9-10-10分",
    ],
)  # fmt: skip
def test_values_stay(text: str) -> None:
    assert [text[span.start : span.end] for span in OURS.spans(IdentifiedText(text))] == []


def test_the_reason_holds_no_word_of_a_record() -> None:
    reasons = {
        span.why for line in marked_lines("days") for span in OURS.spans(IdentifiedText(line.text)) if span.rule == RULE
    }
    assert reasons == {"day, month or year by what stands beside it"}


def test_the_weights_hold_nobody() -> None:
    lines = marked_lines(*FOLDERS)
    people = {
        line.text[one.start : one.end] for line in lines for one in line.spans if one.entity is Entity.PERSON
    } - words()
    weights = (data_dir() / "deid" / "days.tsv").read_text(encoding="utf-8")
    assert len(people) > 3000
    assert [name for name in people if len(name) > 2 and name in weights] == []


@pytest.mark.parametrize("text", ["O3.12 复查", "三月 12-13 复查", "十二月 03.12 复查", "5-8日 12Mar 3"])
def test_what_may_be_a_day_stands_apart(text: str) -> None:
    found = days(Document(text), [])
    assert found
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("piece", ["3.1 ", "15拍", "三.六", "5/8-", "初九", "24.3", "Mar 3 ", "9^8", "12号"])
def test_many_of_them_are_judged_in_linear_time(piece: str) -> None:
    took = []
    for size in (2_000, 16_000):
        text = IdentifiedText("2024年3月1日 " + piece * (size // len(piece)))
        least = float("inf")
        for _ in range(2):
            began = time.process_time()
            OURS.spans(text)
            least = min(least, time.process_time() - began)
        took.append(least)
    assert took[1] < 24 * took[0] + 0.05
