"""The parts of the sequence tagger: no word is lost, the choice of spans is the best one, samples are true."""

from __future__ import annotations

import random
from itertools import combinations, islice, pairwise

import numpy as np

from deid.dictionary import Dictionary
from deid.lists import words
from deid.recognizers.person_title import TITLE, titles
from deid.samples import Samples
from deid.sequence import HIDDEN, Sequence, TaggedSpan, _chosen, _with_repeated
from deid.signals import NOTHING, ROWS, TEMPLATES, signals
from deid.tags import Kind, closes, may_follow, opens, tags_of


def _begins(text: str) -> bool:
    codes = np.array([*map(ord, text), *[0] * 8], dtype="uint16")
    count = len(text)
    wide = [sum(int(codes[at + k]) << (16 * k) for k in range(4)) for at in range(count)]
    four = np.array(wide, dtype="uint64")
    two, three = four & 0xFFFFFFFF, four & 0xFFFFFFFFFFFF
    return bool(Dictionary.load().look(two, three, four, codes[:count])[0][0])


def test_no_word_of_the_lists_is_lost() -> None:
    known = sorted(word for word in words() if 2 <= len(word) <= 5 and word.isalnum())
    assert all(_begins(word + "。。。。") for word in random.Random(1).sample(known, 300))


def test_the_chosen_spans_are_worth_most() -> None:
    rng = random.Random(2)
    for _ in range(60):
        rows = sorted(
            ((start := rng.randrange(12)), start + rng.randrange(4), rng.randrange(3), rng.randrange(1, 50))
            for _ in range(7)
        )
        rows.sort(key=lambda row: row[1])
        columns = [list(column) for column in zip(*rows, strict=True)]
        found = _chosen(*columns)
        best = max(
            sum(row[3] for row in chosen)
            for size in range(len(rows) + 1)
            for chosen in combinations(rows, size)
            if all(a[1] < b[0] or b[1] < a[0] for a, b in combinations(chosen, 2))
        )
        assert sum(worth for _, _, _, worth in found) == best
        assert all(last < start for (_, last, _, _), (start, _, _, _) in pairwise(found))


def test_a_long_text_is_read_as_its_parts_are() -> None:
    line = "患者刘雨桐诉头晕，由其女陈思琪陪同，昨日自潇湘湖康复医院转来。\n"
    spans = Sequence.load().spans(line * 400)
    assert len(spans) >= 400 * len(Sequence.load().spans(line)) - 8
    assert {(line * 400)[span.start : span.end] for span in spans} <= {"刘雨桐", "陈思琪", "潇湘湖康复医院"}


def test_a_name_that_stands_twice_is_believed_where_once_is_too_little() -> None:
    once, twice = {(0, 2): -300}, {(0, 2): -300, (5, 7): -700}
    assert _with_repeated([], once, "向前走了") == []
    assert [span[:2] for span in _with_repeated([], twice, "向前走了，向前说")] == [(0, 2), (5, 7)]
    assert _with_repeated([], twice, "向前走了，老人说") == []
    found = TaggedSpan(4, 7, Kind.PERSON, 900)
    assert _with_repeated([found], twice, "向前走了，向前说")[1:] == [found], "what is found keeps its place"


def test_no_name_goes_on_over_the_gap_between_two_columns() -> None:
    text = "审核者：陈思琪        仪器：全自动"
    assert all(" " * 4 not in text[span.start : span.end] for span in Sequence.load().spans(text))


def test_no_span_touches_a_slot() -> None:
    text = f"患者{HIDDEN * 6}由其女{HIDDEN * 4}陪同，{HIDDEN}医院。"
    assert not any(HIDDEN in text[span.start : span.end] for span in Sequence.load().spans(text))


def test_rows_lie_in_the_table_whatever_the_text() -> None:
    for text in ("", "a", "\ud800", "𠮷野家", "：" * 40, "张" * 5000):
        rows = np.stack(list(signals(text)))
        assert rows.shape == (len(TEMPLATES), len(text))
        assert not len(text) or (rows.min() >= 0 and rows.max() < ROWS == NOTHING)


def test_samples_are_the_same_again_and_mark_what_was_put_in() -> None:
    first, second = (list(islice(Samples(7).draw(), 400)) for _ in range(2))
    assert first == second
    kinds = set()
    for sample in first:
        reached = 0
        for start, end, kind in sample.spans:
            assert reached <= start < end <= len(sample.text)
            reached = end
            kinds.add(kind)
    assert kinds == set(Kind)


def test_the_tags_of_every_span_follow_each_other() -> None:
    for kind in Kind:
        for size in range(1 if kind is Kind.PERSON else 2, 8):
            tags = tags_of(size, kind)
            assert opens(tags[0])
            assert closes(tags[-1])
            assert all(may_follow(before, after) for before, after in zip([0, *tags], [*tags, 0], strict=True))


def test_titles_are_those_the_pattern_finds() -> None:
    text = "王主任（李 护士）、副 教授，张   医生  (主治医师)老先生先生，规培医生总胆红素老板娘工，(  教授"
    assert [m.span() for m in titles(text)] == [m.span() for m in TITLE.finditer(text)]
