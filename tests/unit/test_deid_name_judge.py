"""The judge of names that only the tagger finds, on authors it has not learnt from, and what it may not touch."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier, Known
from deid.marked import marked_lines
from deid.name_judge import LEAST, NameJudge
from deid.name_train import FOLDER, examples, learn_names
from records.entities import Entity
from records.paths import data_dir
from records.texts import IdentifiedText

OURS = Deidentifier.load()
AUTHORS = {f"{FOLDER}/{path.stem}" for path in (data_dir() / "deid" / FOLDER).glob("*.txt")}


@pytest.mark.parametrize(
    ("authors", "vain", "lost"), [("aa bb", 0.35, 0.03), ("ee ff", 0.4, 0.04), ("gg hh", 0.4, 0.03)]
)
def test_words_of_authors_not_learnt_from_are_told_from_names(authors: str, vain: float, lost: float) -> None:
    own = {f"{FOLDER}/{author}" for author in authors.split()}
    judge = NameJudge(learn_names(marked_lines(FOLDER, but=own)))
    judged = [
        (judge.share(each.seen) >= LEAST, bool(each.way))
        for line in marked_lines(FOLDER, but=AUTHORS - own)
        for each in examples(line)
    ]
    nobody = [kept for kept, somebody in judged if not somebody]
    somebody = [kept for kept, somebody in judged if somebody]
    assert len(nobody) > 20 and len(somebody) > 200
    assert nobody.count(False) >= vain * len(nobody)
    assert somebody.count(False) <= lost * len(somebody)


def test_what_a_rule_or_the_archive_knows_is_never_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "患者姓名：高兴，夜间咳嗽，柳月今晨陪护。"
    ours = Deidentifier.load()
    monkeypatch.setattr(NameJudge, "load", lambda: NameJudge({"#2": (9999, 0), "#3": (9999, 0)}))
    known = [Known(Entity.PERSON, IdentifiedText("柳月"))]
    found = {text[span.start : span.end] for span in ours.spans(IdentifiedText(text), known)}
    assert {"高兴", "柳月"} <= found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("患者爱人柏静补充：昨日步行。静询问乘飞机时间。", "静"),
        ("女儿邹萱在外地上学，萱周末返。", "萱"),
        ("家属：江梅（女）。送养老院，梅不同意。", "梅"),
        ("丈夫：林飞。与飞交待病情", "飞"),
        ("记录：白露。回头写个案例，露配图", "露"),
    ],
)
def test_a_given_name_of_one_character_is_found_where_its_bearer_acts(text: str, name: str) -> None:
    at = text.rindex(name)
    spans = OURS.spans(IdentifiedText(text))
    assert any(span.start == at and span.end == at + 1 for span in spans)


@pytest.mark.parametrize(
    "text", ["家属：江生（子）。体重3.2kg，生后无窒息", "记录：白明。，明日复查，明显好转", "医师：林平。，平时服药"]
)
def test_a_word_that_begins_with_such_a_character_stays(text: str) -> None:
    at = text.index("。")
    assert all(span.end <= at for span in OURS.spans(IdentifiedText(text)))


@pytest.mark.parametrize(
    "text",
    [
        "长子签字后返家，其妻诉不识字",
        "由小姑扶着，老公说在外面跑车",
        "女方诉睡眠浅，家姐下周来",
        "打入本人银行卡，交医保办",
    ],
)
def test_kin_without_a_name_are_nobody(text: str) -> None:
    assert OURS.spans(IdentifiedText(text)) == ()


@pytest.mark.parametrize("text", ["当地疾控窦科长建议筛查", "人民调解委员会康调解员见证"])
def test_a_surname_behind_an_office_is_found(text: str) -> None:
    assert [text[span.start : span.end] in "窦康" for span in OURS.spans(IdentifiedText(text))] == [True]
