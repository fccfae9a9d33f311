"""A treatment that has ended, in a search for those who get it, and for those who did."""

from __future__ import annotations

from pathlib import Path

from records.ids import RecordId
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine
from tests.semantic_shelf import record, shelf_with

ENDED = "原服华法林抗凝，上月已改达比加群"
GIVEN = "二尖瓣机械瓣术后，INR 2.4，香豆素类，华法林钠片每晚一次"
SILENT = "瓣膜置换，口服抗凝三年"


def test_who_gets_it_comes_first(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, [record(at, ("门诊", text)) for at, text in enumerate((ENDED, GIVEN, SILENT), 1)])
    engine = SearchEngine(shelf.edition(), open_encoder(), Lexicon.load())

    def score(question: str) -> dict[RecordId, float]:
        return {hit.record: hit.score for hit in engine.search(CleanText.from_shelf(question), Scope(), Filters()).hits}

    now, then = score("正在口服华法林抗凝"), score("停用华法林")
    ended, given = RecordId(f"R{1:020d}"), RecordId(f"R{2:020d}")
    assert now[ended] < now[given] / 4
    assert then[ended] > then[given] / 2
