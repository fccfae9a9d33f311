"""Containers, terms, passages, postings and vectors, each against an obvious answer."""

from __future__ import annotations

import numpy as np
import pytest

from records.errors import IntegrityFailure
from records.ids import PatientToken, RecordId
from records.shelf import Section, ShelfRecord, ShelfRow
from records.texts import CleanText
from semantic.container import pack, unpack
from semantic.dense import DenseSegment, build_vectors, quantise, query_codes
from semantic.grams import PAIR_BIT, UNSAID, WORD_BIT, query_terms, terms_of, weighed, word_term
from semantic.lexical import Bm25, LexicalRules, Part, Postings, build_postings, coded, counts_of
from semantic.passages import MAX_CHARS, kind_of, passages_of, section_kinds

ROW = ShelfRow(RecordId("R1"), PatientToken("P1"), "D33", "内科", 2024, 1, "F", 60, 0)


def test_a_container_gives_back_what_was_packed() -> None:
    numbers = np.arange(12, dtype=np.int32).reshape(3, 4)
    parts = unpack(pack({"bytes": b"abc", "numbers": numbers, "none": np.zeros((0, 4), dtype=np.int8)}))
    assert parts["bytes"] == b"abc"
    assert np.array_equal(parts["numbers"], numbers)
    assert parts["none"].shape == (0, 4)


def test_a_container_of_another_form_is_refused() -> None:
    with pytest.raises(IntegrityFailure):
        unpack(b"something else")


def test_terms_are_characters_pairs_and_words() -> None:
    terms, _ = query_terms("糖尿HbA1c 8.9")
    kinds = [("word" if term & WORD_BIT else "pair" if term & PAIR_BIT else chr(term)) for term in map(int, terms)]
    assert sorted(kinds) == sorted(["糖", "尿", "pair", "word", "word"])
    assert word_term("complications") == word_term("complication")


def test_slots_and_width_leave_no_terms() -> None:
    assert len(query_terms("〔患者#1〕〔日期+37〕")[0]) == 0
    assert np.array_equal(query_terms("ＨｂＡ１ｃ")[0], query_terms("hba1c")[0])


def test_terms_never_cross_texts() -> None:
    terms, owners = terms_of(["糖", "尿"])
    assert sorted(owners) == [0, 1]
    assert not any(int(term) & PAIR_BIT for term in terms)


def test_long_sections_are_cut_at_sentences() -> None:
    text = "患者一般情况可。" * 120
    record = ShelfRecord(ROW, (Section("病程", CleanText.from_shelf(text)), Section("", CleanText.from_shelf(" "))))
    pieces = list(passages_of(record))
    assert len(pieces) > 1
    assert all(len(piece.text) <= MAX_CHARS and piece.text.value.endswith("。") for piece in pieces)
    assert "".join(piece.text.value for piece in pieces) == text
    assert [text[piece.start : piece.start + len(piece.text)] for piece in pieces] == [p.text.value for p in pieces]


def test_headings_find_their_kind() -> None:
    codes = [
        section_kinds()[kind_of(heading)].code
        for heading in ("家族史", "出院诊断", "既往史", "Chief complaint", "某某")
    ]
    assert codes == ["family", "diagnosis", "past", "complaint", "other"]


def test_bm25_agrees_with_the_formula() -> None:
    texts = ["糖尿病", "糖尿病糖尿病肾病", "高血压", "阑尾炎 CT"]
    postings = build_postings(texts)
    found = Bm25([Part.of(postings, None)], *query_terms("肾 CT"), LexicalRules(1.2, 0.75, 1.0)).score(0).scores
    length, mean = postings.lengths[1], postings.lengths.mean()
    expected = np.log1p((4 - 1 + 0.5) / 1.5) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / mean))
    assert found[1] == pytest.approx(expected, rel=1e-5)
    assert found[0] == found[2] == 0
    assert found[3] > 0


def test_codes_keep_usual_counts_and_lengths_and_the_order_of_others() -> None:
    counts = np.array([1, 15, 16, 31, 200, 4000])
    assert counts_of(coded(counts, np.full(6, 80))).tolist() == [1, 15, 16, 24, 136, 136]
    lengths = np.array([0, 1, 1023, 1024, 5000, 100_000])
    assert (np.diff(coded(np.ones(6), lengths).astype(np.int64)) > 0).all()


def test_looking_up_few_rows_finds_what_reading_all_does() -> None:
    draw = np.random.default_rng(5)
    texts = ["".join(draw.choice(list("糖尿病肾高血压的"), size=12)) for _ in range(400)]
    postings = build_postings(texts)
    for few in (1, 5, 12):
        mask = np.zeros(400, dtype=bool)
        mask[draw.choice(400, size=few, replace=False)] = True
        alone = build_postings([text for text, kept in zip(texts, mask, strict=True) if kept])
        terms = query_terms("糖尿病的肾")
        rules = LexicalRules(1.2, 0.75, 1.0)
        found = Bm25([Part.of(postings, mask)], *terms, rules).score(0).scores
        assert np.array_equal(found[mask], Bm25([Part.of(alone, None)], *terms, rules).score(0).scores)
        assert not found[~mask].any()


def test_bm25_counts_allowed_rows_only() -> None:
    rules = LexicalRules(1.2, 0.75, 1.0, 0.4)
    few = build_postings(["糖尿病", "肾病综合征"])
    more = build_postings(["糖尿病", "糖尿病肾病糖尿病肾病", "肾病综合征"])
    mask = np.array([True, False, True])
    alone = Bm25([Part.of(few, None)], *query_terms("糖尿病肾病"), rules).score(0)
    beside = Bm25([Part.of(more, mask)], *query_terms("糖尿病肾病"), rules).score(0)
    assert np.array_equal(beside.scores[mask], alone.scores)
    assert np.array_equal(beside.cover[mask], alone.cover)
    assert beside.scores[1] == 0


def test_common_characters_count_only_when_nothing_better_does() -> None:
    postings = build_postings(["的糖尿病", "的的", "的高血压", "的"])
    rules = LexicalRules(1.2, 0.75, 1.0, 0.5)
    assert Bm25([Part.of(postings, None)], *query_terms("的糖尿"), rules).score(0).scores[1] == 0
    assert Bm25([Part.of(postings, None)], *query_terms("的"), rules).score(0).scores[1] > 0


def test_words_of_a_denial_are_found_only_by_who_asks_for_unsaid_words() -> None:
    texts = ["无偿献血", "高血压不能献血", "没有糖尿病 b超", "献血"]
    spoken = ["无   ", "高血压不能献血", "没有    b 超"[:10], "献血"]
    postings = build_postings(texts, spoken)
    part, rules = [Part.of(postings, None)], LexicalRules(1.2, 0.75, 1.0)
    plain = Bm25(part, *weighed("献血", ()), rules).score(0)
    assert plain.scores[0] == 0 < plain.scores[1]
    story = Bm25(part, *weighed("献血", ()), rules, unsaid=0.5).score(0)
    assert 0 < story.scores[0] < story.scores[3]
    assert story.cover[0] == 0  # what is denied does not count as a match
    whole = Bm25([Part.of(build_postings(texts), None)], *weighed("献血", ()), rules).score(0)
    as_said = Bm25(part, *weighed("献血", ()), rules, unsaid=1).score(0)
    assert np.array_equal(as_said.scores.argsort(), whole.scores.argsort())
    terms, owners = terms_of(texts)
    held = {
        (int(term & ~UNSAID), at) for term, where in zip(postings.terms, _slices(postings), strict=True) for at in where
    }
    assert {(int(term), int(at)) for term, at in zip(terms, owners, strict=True)} <= held


def test_words_said_and_denied_in_one_passage_count_together() -> None:
    texts, spoken = ["献血 无献血", "献血 献血"], ["献血 无", "献血 献血"]
    rules = LexicalRules(1.2, 0.75, 1.0)
    postings = build_postings(texts, spoken)
    scores = [
        Bm25([Part.of(postings, None)], *weighed("献血", ()), rules, unsaid=share).score(0).scores
        for share in (0, 0.5, 1)
    ]
    assert scores[0][0] < scores[1][0] < scores[2][0]
    length, mean = postings.lengths, postings.lengths.mean()
    norm = 1.2 * (0.25 + 0.75 * length[0] / mean)
    for share, found in zip((0, 0.5, 1), scores, strict=True):
        count = 1 + share
        assert found[0] == pytest.approx(3 * np.log1p(0.5 / 2.5) * count * 2.2 / (count + norm), rel=1e-5)


def _slices(postings: Postings) -> list[list[int]]:
    bounds = zip(postings.starts[:-1], postings.starts[1:], strict=True)
    return [[int(at) for at in postings.docs[low:high]] for low, high in bounds]


def test_other_words_weigh_once_and_the_first_that_names_a_term_decides() -> None:
    terms, weights = weighed("肾肾", [("肾炎", 0.5), ("炎", 0.2)])
    found = dict(zip(terms.tolist(), weights.tolist(), strict=True))
    assert found[ord("肾")] == 2.0
    assert found[ord("炎")] == 0.5
    assert sorted(found.values()) == [0.5, 0.5, 1.0, 2.0]


@pytest.mark.parametrize("tied", [1, 40, 150])
def test_dense_search_equals_exhaustive_search_and_keeps_ties(tied: int) -> None:
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(500, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[100 : 100 + tied] = rows[7]
    centroids = rows[:16].copy()
    index = DenseSegment(build_vectors(rows, centroids), centroids)
    codes, unit = query_codes(rows[7].tobytes())
    assert float(quantise(rows)[7] @ codes.astype(np.float64)) * unit == pytest.approx(1, abs=0.02)
    exact = quantise(rows).astype(np.int64) @ codes.astype(np.int64)
    mask = np.zeros(500, dtype=bool)
    mask[5:300] = True
    for allowed in (None, mask):
        limit = 10
        chosen = None if allowed is None else np.flatnonzero(allowed).astype(np.int32)
        open_rows = exact if allowed is None else np.where(allowed, exact, -(10**9))
        border = np.sort(open_rows)[-limit]
        for passages, scores in (index.nearest(codes, limit, 16, allowed), index.flat(chosen).nearest(codes, limit)):
            assert set(passages.tolist()) == set(np.flatnonzero(open_rows >= border).tolist())
            assert np.array_equal(scores.astype(np.int64), exact[passages])
    few = np.array([3, 9], dtype=np.int32)
    assert sorted(index.flat(few).nearest(codes, 10)[0].tolist()) == [3, 9]
    assert len(index.nearest(codes, 10, 16, None)[0]) == max(10, tied + 1)


def test_codes_are_on_one_fixed_scale() -> None:
    assert quantise(np.array([[1.0, 0.1, -1.0]], dtype=np.float32)).tolist() == [[127, 30, -127]]
