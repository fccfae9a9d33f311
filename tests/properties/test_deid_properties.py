"""What holds for any text: offsets add up, nothing found survives, a second pass finds nothing new, time is linear."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.api import Deidentifier, Known
from deid.folding import fold
from deid.residual import scan
from deid.sequence import Sequence
from records.entities import Entity
from records.slots import SLOT
from records.texts import IdentifiedText

DEID = Deidentifier.load()
PIECES = [
    "患者",
    "张伟",
    "，男，",
    "92岁",
    "住院号：",
    "00123456",
    "2023年3月5日",
    "14:30",
    "王建国主任医师",
    "查房",
    "电话",
    "138 0013 8000",
    "。",
    "\n",
    "白塞病",
    "市一院",
    "浙江省杭州市",
    "文三路12号",
    "身份证号：",
    "11010519491231002X",
    "〔患者#1〕",
    "\u200b",
    "\ud800",
    "\x00",
    "\u202e",
    "Ａ",
    "㎎",
    " ",
    "é",
    "e\u0301",
    "·",
    "3月",
    "去年",
    "QQ",
    "a@b.cn",
    "某",
    "×",
    "签名：",
    "李",
    "、",
    "/",
    "12床",
]
TEXTS = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


@settings(max_examples=120, deadline=None)
@given(TEXTS)
def test_offsets_add_up(text: str) -> None:
    reached = 0
    spans = DEID.spans(IdentifiedText(text))
    for span in spans:
        assert reached <= span.start < span.end <= len(text)
        reached = span.end
    done = DEID.deidentify(IdentifiedText(text), anchor=date(2023, 1, 1))
    assert done.spans == spans
    rest = "".join(text[a.end : b.start] for a, b in pairwise(spans))
    assert len(SLOT.sub("", done.text.value)) == len(text) - sum(s.end - s.start for s in spans), rest


@settings(max_examples=120, deadline=None)
@given(TEXTS)
def test_nothing_new_in_clean_text(text: str) -> None:
    clean = DEID.deidentify(IdentifiedText(text), anchor=date(2023, 1, 1)).text.value
    slots = [m.span() for m in SLOT.finditer(clean)]
    for span in DEID.spans(IdentifiedText(clean)):
        inside = any(a < span.end and span.start < b for a, b in slots)
        assert not inside, "a slot was taken for an identifier"


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=8), st.sampled_from(["联系人：", "住院号:", "陈", "住址杭州市", "\x1a", "\x00", ""]))
def test_texts_together_are_read_as_each_alone(texts: list[str], end: str) -> None:
    texts = [text + end for text in texts]
    tagger = Sequence.load()
    assert tagger.read_all(texts) == [tagger.read_all([text])[0] for text in texts]
    cases = [(IdentifiedText(text), ()) for text in texts]
    assert DEID.spans_of(cases) == [DEID.spans(text) for text, _ in cases]


def test_long_texts_together_are_read_as_each_alone() -> None:
    line = "".join(PIECES).replace("\n", "，")
    texts = [line * 40, "联系人：", "张伟", line * 3, "", "王" * 5000, "建国住院号:", line * 20]
    tagger = Sequence.load()
    alone = [tagger.read_all([text])[0] for text in texts]
    assert tagger.read_all(texts) == alone
    assert sum(len(reading.found) for reading in alone) > len(texts)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_folding_maps_back(text: str) -> None:
    folded = fold(text)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)
    scan(text)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.text(min_size=2, max_size=12))
def test_a_known_value_never_survives(text: str, value: str) -> None:
    if len("".join(c for c in value if c.isalnum())) < 4 or SLOT.search(value):
        return
    done = DEID.deidentify(IdentifiedText(f"{text}，{value}。"), [Known(Entity.ACCOUNT, IdentifiedText(value))])
    assert f"，{value}。" not in done.text.value


HOSTILE = [
    "xID|",
    "外号糯米,",
    "(王晓丽录)",
    "11/20√",
    "骨三7床,4床\n",
    "3.7,血钾3.6,",
    "骨三7床,4床吃,",
    "3.7,3.12\n",
    "1",
    "a",
    "张",
    "市",
    "路",
    "：",
    "号",
    "1-",
    "张某",
    "、张伟",
    "2023年",
    "姓名：",
    " ",
    "王·",
    "主任",
    "村",
    "@",
    "医院",
    "(",
    "12床",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_in_the_text(unit: str) -> None:
    """Eight times the text may take at most some 28 times as long (caches); quadratic time takes 64 times."""

    def seconds(length: int) -> float:
        text = IdentifiedText((unit * length)[:length])
        best = 1e9
        for _ in range(4):
            began = time.process_time()
            DEID.spans(text)
            best = min(best, time.process_time() - began)
        return best

    assert seconds(24_000) <= 28 * max(seconds(3_000), 0.002)
