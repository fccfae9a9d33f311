"""BEIR folders (corpus.jsonl, queries.jsonl, qrels.tsv) and the trec_eval measures over rankings of them."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from records.errors import BadInput

Ranking = Sequence[str]


@dataclass(frozen=True, slots=True)
class Query:
    """One question; `lang` and `kind` from its metadata, "" when it has none."""

    id: str
    text: str
    lang: str
    kind: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents (id -> (title, text)), judged questions, and judgements (question -> document -> grade)."""

    corpus: Mapping[str, tuple[str, str]]
    queries: Sequence[Query]
    qrels: Mapping[str, Mapping[str, int]]


def read(folder: Path) -> Collection:
    """Read a folder; questions without a positive judgement are left out. BadInput when a file is missing or odd."""
    try:
        corpus = {str(one["_id"]): (one.get("title") or "", one["text"]) for one in _lines(folder / "corpus.jsonl")}
        qrels = _qrels(folder)
        queries = []
        for one in _lines(folder / "queries.jsonl"):
            meta = one.get("metadata") or {}
            if any(grade > 0 for grade in qrels.get(str(one["_id"]), {}).values()):
                found = Query(str(one["_id"]), one["text"], str(meta.get("lang", "")), str(meta.get("kind", "")))
                queries.append(found)
    except FileNotFoundError as missing:
        name = Path(str(missing.filename)).name
        raise BadInput("beir_missing", f"The folder has no {name}: give a BEIR collection.") from None
    except (KeyError, ValueError) as odd:
        raise BadInput("beir_malformed", f"The collection is not in BEIR form ({type(odd).__name__}).") from None
    return Collection(corpus, queries, qrels)


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _qrels(folder: Path) -> dict[str, dict[str, int]]:
    path = folder / "qrels.tsv"
    if not path.exists() and (folder / "qrels" / "test.tsv").exists():
        path = folder / "qrels" / "test.tsv"
    found: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t")
        next(rows)
        for query, document, grade in rows:
            found.setdefault(query, {})[document] = int(grade)
    return found


def measure(runs: Mapping[str, Ranking], collection: Collection, queries: Sequence[Query]) -> dict[str, float]:
    """nDCG@10, recall@10, recall@100 and success@10, averaged over the questions, as trec_eval defines them."""
    rows = [_one(runs.get(query.id, ()), collection.qrels[query.id]) for query in queries]
    names = ("ndcg@10", "recall@10", "recall@100", "success@10")
    return {name: round(fmean(row[at] for row in rows), 4) if rows else 0.0 for at, name in enumerate(names)}


def _one(ranking: Ranking, grades: Mapping[str, int]) -> tuple[float, float, float, float]:
    positive = {document for document, grade in grades.items() if grade > 0}
    gained = sum(max(grades.get(document, 0), 0) / math.log2(at + 2) for at, document in enumerate(ranking[:10]))
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:10]
    best = sum(grade / math.log2(at + 2) for at, grade in enumerate(ideal))
    hits = [len(positive.intersection(ranking[:depth])) for depth in (10, 100)]
    return gained / best, hits[0] / len(positive), hits[1] / len(positive), float(hits[0] > 0)


def write_run(path: Path, runs: Mapping[str, Sequence[tuple[str, float]]], tag: str) -> None:
    """The ranking in TREC form: question Q0 document rank score tag; scores fall with the rank."""
    with path.open("w", encoding="utf-8") as out:
        for query, ranking in runs.items():
            last = math.inf
            for rank, (document, value) in enumerate(ranking, 1):
                last = min(value, math.nextafter(last, -math.inf))
                out.write(f"{query} Q0 {document} {rank} {last!r} {tag}\n")
