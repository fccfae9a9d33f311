"""The measures of bench.retrieval against values worked out by hand, and its reading of collections."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from bench.beir import Collection, Query, measure, read, write_run
from bench.ranked import PlainBm25, characters, jieba_words
from records.errors import BadInput


def test_measures_are_those_of_trec_eval() -> None:
    queries = [Query("q", "", "", "")]
    judged = Collection({}, queries, {"q": {"a": 2, "b": 1, "c": 0, "d": 1}})
    found = measure({"q": ["x", "a", "c", "b"]}, judged, queries)
    gained = 2 / math.log2(3) + 1 / math.log2(5)
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found["ndcg@10"] == pytest.approx(gained / ideal, abs=1e-4)
    assert found["recall@10"] == found["recall@100"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["success@10"] == 1.0
    assert measure({}, judged, queries)["success@10"] == 0.0


def _collection(folder: Path) -> Path:
    documents = [{"_id": "d1", "title": "诊断", "text": "糖尿病肾病"}, {"_id": "d2", "text": "急性阑尾炎"}]
    queries = [
        {"_id": "q1", "text": "糖尿病并发症", "metadata": {"lang": "zh", "kind": "parent"}},
        {"_id": "q2", "text": "没有答案的问题"},
    ]
    for name, rows in (("corpus", documents), ("queries", queries)):
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t0\n", encoding="utf-8")
    return folder


def test_reading_a_collection(tmp_path: Path) -> None:
    found = read(_collection(tmp_path))
    assert [query.id for query in found.queries] == ["q1"]
    assert found.queries[0].kind == "parent"
    assert found.corpus["d2"] == ("", "急性阑尾炎")


def test_a_folder_that_is_no_collection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read(tmp_path)
    (_collection(tmp_path) / "corpus.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput):
        read(tmp_path)


def test_the_baselines_rank(tmp_path: Path) -> None:
    texts = ["糖尿病肾病", "急性阑尾炎", "糖尿病"]
    assert PlainBm25(texts, characters).rank("糖尿病", 5) == [2, 0]
    assert PlainBm25(texts, characters).rank("阑尾", 5) == [1]


@pytest.mark.filterwarnings("ignore")
def test_the_jieba_baseline_ranks() -> None:
    assert PlainBm25(["糖尿病肾病", "急性阑尾炎"], jieba_words).rank("急性 阑尾炎", 5) == [1]


def test_the_run_file_has_falling_scores(tmp_path: Path) -> None:
    write_run(tmp_path / "run", {"q": [("a", 1.0), ("b", 1.0), ("c", 0.5)]}, "t")
    rows = [line.split() for line in (tmp_path / "run").read_text().splitlines()]
    assert [row[2] for row in rows] == ["a", "b", "c"]
    assert float(rows[0][4]) > float(rows[1][4]) > float(rows[2][4])
