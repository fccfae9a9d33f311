"""A section of any length is read in time that grows with its length; cues hold as far as anybody writes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from time import process_time

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion_scope import sentences
from semantic.concepts import Lexicon
from semantic.reading import read

FORMS = (
    "其父高血压，",
    "高血压、",
    "否认糖尿病，",
    "血钾6.9，",
    "血钾3.9，",
    "〔date:d100|2020〕高血压，",
    "高血压糖尿病",
    "排除双相，",
    "家族史：父亲高血压。",
    "右上叶见浸润性腺癌，",
    "高血压？糖尿病待排 ",
    "高血压\n",
    "除高血压外，",
    "高血压的糖尿病",
    "无高血压及",
    "TSH1.9，",
    "本人。",
)


@pytest.fixture
def _own_garbage() -> Iterator[None]:
    """The objects of other tests are no garbage of this one."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_own_garbage")
@pytest.mark.parametrize("form", FORMS)
def test_time_grows_with_length(form: str) -> None:
    def spent(size: int) -> float:
        text = CleanText.from_shelf((form * size)[:size])
        took = []
        for _ in range(2):  # the better of two: what else the process collects or waits for is no part of it
            start = process_time()
            read(text, "", Lexicon.load())
            took.append(process_time() - start)
        return min(took)

    spent(2_000)
    assert spent(32_000) < 32 * max(spent(4_000), 0.02)  # eight times the text; quadratic would take 64 times


def test_a_sentence_without_end_is_cut_at_a_comma_and_loses_nothing() -> None:
    for text in ("无发热," * 900, "无" * 5000, "发热," + "无" * 700 + "," * 700):
        parts = sentences(text)
        assert "".join(text[part.start : part.end] for part in parts) == text
        assert max(part.end - part.start for part in parts) <= 600


def test_a_long_list_is_denied_to_its_end() -> None:
    listed = "、".join(["高血压", "糖尿病", "冠心病", "结核", "肝炎"] * 20)
    mentions = read(CleanText.from_shelf(f"否认{listed}等病史。"), "", Lexicon.load())
    assert len(mentions) == 100
    assert {each.assertion for each in mentions} == {Assertion.NEGATED}
