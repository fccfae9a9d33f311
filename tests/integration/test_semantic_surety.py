"""How sure a mention is the patient's own: kept with it, and worth something in a search."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from records.ids import RecordId
from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion_judge import Judge
from semantic.concepts import Lexicon
from semantic.encoder import open_encoder
from semantic.merge import combine_index
from semantic.reading import read
from semantic.search import Filters, Scope, SearchEngine
from semantic.segment import SURE, Segment, build_index
from tests.semantic_shelf import record, shelf_with

UNSURE = "痛风放一放"
SURELY = "左足红肿三天来诊，昨夜痛醒，抽血查体，仍是痛风"
BARE = "1.痛风 2.高血压"
DENIED = "没有痛风"


@pytest.fixture(autouse=True)
def judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sure of all but what stands before 放."""
    judge = Judge({"kdisease": (600, 0, 0, 0, 0), "r放": (-500, 0, 0, 0, 0)})
    monkeypatch.setattr(Judge, "load", staticmethod(lambda: judge))


def test_a_mention_says_how_sure_it_is() -> None:
    read_as = {
        text: [(m.assertion, round(m.sure, 2)) for m in read(CleanText.from_shelf(text), "", Lexicon.load())]
        for text in (UNSURE, SURELY, BARE, DENIED)
    }
    assert (Assertion.PRESENT, 0.4) in read_as[UNSURE]
    assert (Assertion.PRESENT, 0.99) in read_as[SURELY]
    assert (Assertion.PRESENT, 1.0) in read_as[BARE]
    assert (Assertion.NEGATED, 1.0) in read_as[DENIED]  # a rule said it, nobody asked the judge


def test_the_surest_of_what_a_passage_says_alike_is_kept_also_where_segments_are_joined() -> None:
    lexicon = Lexicon.load()
    gout = lexicon.lookup("痛风")[0].id
    texts = (UNSURE, f"{UNSURE}；{SURELY}", SURELY)
    parts = [
        Segment(build_index([record(at, ("", text))], open_encoder(), lexicon), str(at))
        for at, text in enumerate(texts)
    ]
    joined = Segment(combine_index(parts, [np.ones(1, dtype=bool)] * 3), "joined").mentions
    assert [part.mentions.sure[part.mentions.of(gout)].tolist() for part in parts] == [[1], [SURE - 1], [SURE - 1]]
    assert joined.sure[joined.of(gout)].tolist() == [1, SURE - 1, SURE - 1]


def test_the_surest_records_come_first_whatever_words_they_use(tmp_path: Path) -> None:
    shelf = shelf_with(
        tmp_path, [record(1, ("门诊", UNSURE)), record(2, ("门诊", SURELY)), record(3, ("门诊", DENIED))]
    )
    hits = SearchEngine(shelf.edition(), open_encoder(), Lexicon.load()).search(
        CleanText.from_shelf("痛风"), Scope(), Filters()
    )
    assert [hit.record for hit in hits.hits if hit.matched] == [RecordId(f"R{number:020d}") for number in (2, 1)]
