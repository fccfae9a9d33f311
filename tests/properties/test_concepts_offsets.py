"""Whatever the text, offsets are those of the text, in order, and nothing raises."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon
from semantic.lexicon_fold import fold, squeeze

PIECES = st.sampled_from(
    [
        "否认",
        "糖尿病",
        "、",
        "，",
        "。",
        "无",
        "高血压",
        "父亲",
        "HbA1c",
        "8.9%",
        "？",
        "ＣＯＰＤ",
        "除",
        "外",
        "〔日期+37〕",
        "〔患者#1〕",
        "史",
        "考虑",
        "的",
        "Ⅱ型糖尿病",
        "ß",
        "İ",
        "㎎",
        "ﬁ",
        "e\u0301",
        "😀",
        "血压160/100",
        "拟行",
        "胃镜",
        "1.",
        "但",
        "有",
        " ",
        "\n",
        "\u200b",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["", "家族史", "既往史", "诊疗计划"]))
def test_mentions_stand_where_they_say(text: str, heading: str) -> None:
    lexicon = Lexicon.load()
    mentions = annotate(CleanText.certified(text), heading, lexicon)
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    for mention in mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.words
        assert mention.concept in lexicon


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_names_never_overlap(text: str) -> None:
    found = Lexicon.load().find(text)
    assert all(left.end <= right.start for left, right in pairwise(found))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_folding_keeps_its_map(text: str) -> None:
    folded = fold(text)
    assert len(folded.flat) == len(text)
    assert len(folded.origin) == len(folded.tight)
    assert all(0 <= at < len(text) for at in folded.origin)
    assert list(folded.origin) == sorted(folded.origin)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([concept.zh for concept in Lexicon.load()]), st.sampled_from([" ", "\u3000", "\t"]))
def test_spaces_and_width_do_not_hide_a_name(name: str, space: str) -> None:
    lexicon = Lexicon.load()
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    want = [each.concept for each in lexicon.find(name)]
    if not squeeze(name).isascii() and not any(c.isascii() for c in name):
        assert [each.concept for each in lexicon.find(space.join(name))] == want
    assert [each.concept for each in lexicon.find(wide)] == want


def test_a_slot_is_opaque() -> None:
    lexicon = Lexicon.load()
    assert lexicon.find("〔患者#1〕糖〔日期+3〕尿病") == ()


def test_time_grows_with_the_text_and_not_with_its_square() -> None:
    lexicon = Lexicon.load()
    block = "否认高血压、糖尿病、冠心病病史，无发热、咳嗽，父亲患糖尿病，糖化血红蛋白 8.9%。"

    def took(times: int) -> float:
        text = CleanText.certified(block * times)
        start = time.process_time()
        annotate(text, "", lexicon)
        return time.process_time() - start

    took(5)
    assert min(took(100) for _ in range(3)) < 40 * min(took(10) for _ in range(3))
