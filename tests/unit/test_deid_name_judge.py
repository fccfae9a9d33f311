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

AUTHORS = {f"{FOLDER}/{path.stem}" for path in (data_dir() / "deid" / FOLDER).glob("*.txt")}


@pytest.mark.parametrize(("author", "vain", "lost"), [("aa", 0.35, 0.02), ("bb", 0.4, 0.02), ("z", 0.25, 0.02)])
def test_words_of_an_author_not_learnt_from_are_told_from_names(author: str, vain: float, lost: float) -> None:
    own = f"{FOLDER}/{author}"
    judge = NameJudge(learn_names(marked_lines(FOLDER, but={own})))
    judged = [
        (judge.share(each.seen) >= LEAST, bool(each.way))
        for line in marked_lines(FOLDER, but=AUTHORS - {own})
        for each in examples(line)
    ]
    nobody = [kept for kept, somebody in judged if not somebody]
    somebody = [kept for kept, somebody in judged if somebody]
    assert len(nobody) > 15 and len(somebody) > 60
    assert nobody.count(False) >= vain * len(nobody)
    assert somebody.count(False) <= lost * len(somebody)


def test_what_a_rule_or_the_archive_knows_is_never_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "患者姓名：高兴，夜间咳嗽，柳月今晨陪护。"
    ours = Deidentifier.load()
    monkeypatch.setattr(NameJudge, "load", lambda: NameJudge({"#2": (9999, 0), "#3": (9999, 0)}))
    known = [Known(Entity.PERSON, IdentifiedText("柳月"))]
    found = {text[span.start : span.end] for span in ours.spans(IdentifiedText(text), known)}
    assert {"高兴", "柳月"} <= found
