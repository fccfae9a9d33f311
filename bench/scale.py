"""`python -m bench.scale --passages N`: build, memory, disk, speed and recall of search over N invented passages."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from bench.notes import Notes
from records.ids import RecordId
from records.shelf import ShelfRecord
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import open_encoder
from semantic.grams import query_terms
from semantic.lexical import Bm25, Part
from semantic.ranking import ranking
from semantic.rows import Filters, Scope
from semantic.search import SearchEngine

KEYS: Final = ShelfKeys(b"bench-index-key!", b"bench-text-key!!")  # the corpus is invented; these protect nothing
SEGMENT: Final = 50_000
SELECTIVITIES: Final = (0.001, 0.01, 0.1, 0.5)
_SEED: Final = 11


def build(folder: Path, passages: int) -> float:
    """Publish N passages in segments and join them; seconds taken, making up the notes not counted."""
    shelf = Shelf.open(folder, KEYS)
    encoder, lexicon = open_encoder(), Lexicon.load()
    took = 0.0
    batch: list[ShelfRecord] = []
    size = 0

    def publish() -> None:
        nonlocal took
        start = time.perf_counter()
        shelf.publish(batch, encoder, lexicon)
        took += time.perf_counter() - start

    for record in Notes().records(passages):
        batch.append(record)
        size += len(record.sections)
        if size >= SEGMENT:
            publish()
            batch, size = [], 0
    if batch:
        publish()
    start = time.perf_counter()
    shelf.merge(above=4)
    shelf.prune([])
    return took + time.perf_counter() - start


def measure(folder: Path, passages: int, questions: int) -> dict[str, Any]:
    """Open the shelf as the front does and ask."""
    start = time.perf_counter()
    shelf = Shelf.open(folder, ShelfKeys(KEYS.index, None))
    encoder, lexicon = open_encoder(), Lexicon.load()
    edition = shelf.edition()
    engine = SearchEngine(edition, encoder, lexicon)
    rules = ranking()
    exact = SearchEngine(
        edition, encoder, lexicon, rules=replace(rules, dense=replace(rules.dense, exact_below=1 << 40))
    )
    asked = Notes(_SEED).questions(questions)
    _timed(engine, asked[:6], Scope())
    opened = time.perf_counter() - start
    report: dict[str, Any] = {
        "passages": passages,
        "segments": len(edition.segments),
        "disk_bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "open_s": round(opened, 2),
        **_asked(engine, exact, asked, Scope()),
    }
    draw = np.random.default_rng(_SEED)
    names = edition.names(range(edition.bases[-1]))
    report["filters"] = {}
    for share in SELECTIVITIES:
        chosen = draw.choice(len(names), size=max(1, round(share * len(names))), replace=False)
        scope = Scope(records=frozenset(RecordId(str(name)) for name in names[chosen]))
        report["filters"][str(share)] = _asked(engine, exact, asked, scope)
    report["baselines"] = {"bm25": _bm25(engine, asked)}
    report["rss_bytes"] = psutil.Process().memory_info().rss
    return report


def _asked(engine: SearchEngine, exact: SearchEngine, asked: Sequence[str], scope: Scope) -> dict[str, float]:
    _timed(engine, asked[:1], scope)
    found, took = _timed(engine, asked, scope)
    sure, _ = _timed(exact, asked[:60], scope)
    shares = [len(set(one) & set(other)) / len(other) for one, other in zip(found, sure, strict=False) if other]
    return {**_percentiles(took), "recall@10": round(float(np.mean(shares)), 4) if shares else 1.0}


def _timed(engine: SearchEngine, asked: Sequence[str], scope: Scope) -> tuple[list[list[str]], list[float]]:
    found: list[list[str]] = []
    took: list[float] = []
    for question in asked:
        text = CleanText.from_shelf(question)
        start = time.perf_counter()
        result = engine.search(text, scope, Filters(), 20)
        took.append((time.perf_counter() - start) * 1000)
        found.append([hit.record for hit in result.hits[:10]])
    return found, took


def _bm25(engine: SearchEngine, asked: Sequence[str]) -> dict[str, float]:
    """Exact BM25 alone over the same postings: every term, every posting, then the best twenty."""
    rules = replace(ranking().lexical, common=1.0)
    parts = [Part.of(segment.postings, None) for segment in engine.edition.segments]

    def ask(question: str) -> None:
        terms, counts = query_terms(question)
        bm25 = Bm25(parts, terms, counts, rules)
        whole = np.concatenate([bm25.score(at, cover=False).scores for at in range(len(parts))])
        np.argpartition(-whole, min(20, len(whole) - 1))

    return _percentiles([_clock(lambda question=question: ask(question)) for question in asked])  # type: ignore[misc]


def _clock(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _percentiles(took: Sequence[float]) -> dict[str, float]:
    return {"p50_ms": round(float(np.percentile(took, 50)), 2), "p95_ms": round(float(np.percentile(took, 95)), 2)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one JSON document. The build runs in a process of its own, so that memory is the reader's only."""
    parser = argparse.ArgumentParser(prog="bench.scale")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="use this folder for the shelf, and leave it there")
    chosen = parser.parse_args(arguments)
    if chosen.build is not None:
        print(json.dumps(build(chosen.build, chosen.passages)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch) / "shelf"
        took = None
        if not (folder / "CURRENT").exists():
            command = [sys.executable, "-m", "bench.scale", "--passages", str(chosen.passages), "--build", str(folder)]
            built = subprocess.run(command, check=True, capture_output=True, text=True)
            took = round(float(built.stdout.splitlines()[-1]), 1)
        report = {"build_s": took, **measure(folder, chosen.passages, chosen.questions)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
