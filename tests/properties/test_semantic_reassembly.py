"""Segments joined, split and masked hold what their records hold, whatever the order."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from semantic.concepts import Lexicon
from semantic.encoder import open_encoder
from semantic.grams import terms_of
from semantic.lexical import build_postings, counts_of
from semantic.merge import combine_index
from semantic.segment import Segment, build_index
from tests.semantic_shelf import record

TEXTS = st.lists(
    st.sampled_from(["糖尿病", "否认高血压", "肺炎，咳嗽", "CT 示结节", "父亲糖尿病", " ", "a b"]),
    min_size=1,
    max_size=6,
)


def contents(segment: Segment) -> list[object]:
    """What a segment holds, as plain values."""
    lex, table, vec = segment.postings, segment.mentions, segment.vectors
    return [
        segment.rows.to_pydict(),
        segment.roll.keys.tolist(),
        segment.passage_record.tolist(),
        segment.passage_kind.tolist(),
        *(getattr(lex, name).tolist() for name in ("terms", "starts", "docs", "codes", "lengths")),
        table.concepts,
        *(getattr(table, name).tolist() for name in ("starts", "passage", "assertion", "sure", "day")),
        *(getattr(vec, name).tolist() for name in ("codes", "passage", "starts")),
    ]


@settings(max_examples=30, deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_joined_segments_equal_one_built_at_once(left: list[str], right: list[str], data: st.DataObject) -> None:
    first = [record(at, ("诊断", text)) for at, text in enumerate(left)]
    second = [record(50 + at, ("既往史", text)) for at, text in enumerate(right)]
    keep = [np.array([data.draw(st.booleans()) for _ in part], dtype=bool) for part in (first, second)]
    if not any(mask.any() for mask in keep):
        keep[0][0] = True
    kept = [
        one
        for part, mask in zip((first, second), keep, strict=True)
        for one, stays in zip(part, mask, strict=True)
        if stays
    ]
    parts = [Segment(build_index(part, open_encoder(), Lexicon.load()), "") for part in (first, second)]
    joined = Segment(combine_index(parts, keep), "")
    assert contents(joined) == contents(Segment(build_index(kept, open_encoder(), Lexicon.load()), ""))


@given(st.lists(st.text(alphabet="糖尿病 ab1.。\n〔", max_size=12), min_size=1, max_size=5))
def test_postings_hold_every_term_once_per_passage(texts: list[str]) -> None:
    texts = [text.replace("\n", " ") for text in texts]
    postings = build_postings(texts)
    terms, owners = terms_of(texts)
    assert postings.lengths.tolist() == [int((owners == at).sum()) for at in range(len(texts))]
    for term in set(terms.tolist()):
        [where] = postings.of(np.array([term], dtype=np.uint64))
        expected = {at: int(((terms == term) & (owners == at)).sum()) for at in set(owners[terms == term].tolist())}
        assert (
            dict(zip(postings.docs[where].tolist(), counts_of(postings.codes[where]).tolist(), strict=True)) == expected
        )
        assert (np.diff(postings.docs[where]) > 0).all()


def test_a_vector_is_of_what_is_said_of_the_patient() -> None:
    def codes(*texts: str) -> list[list[int]]:
        segment = Segment(
            build_index([record(at, ("", one)) for at, one in enumerate(texts)], open_encoder(), Lexicon.load()), ""
        )
        placed = dict(zip(segment.vectors.passage.tolist(), segment.vectors.codes.tolist(), strict=True))
        return [placed[at] for at in range(len(texts))]

    denied, bare, told, has, nothing = codes(
        "咳嗽。否认糖尿病", "咳嗽。否认", "咳嗽。其父糖尿病", "咳嗽。糖尿病", "糖尿病(-)"
    )
    assert denied == bare and told == codes("咳嗽。")[0]
    assert has not in (denied, told) and any(has) and nothing != has
