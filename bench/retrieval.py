"""`python -m bench.retrieval DIR`: the portal's own search on a BEIR collection, with its baselines in the same run."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.beir import Collection, Query, measure, read, write_run
from bench.ranked import Peer, PlainBm25, PlainDense, characters, jieba_words
from records.errors import LantaiError
from records.ids import PatientToken, RecordId
from records.seal import new_key
from records.shelf import Section, ShelfRecord, ShelfRow
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import Encoder, open_encoder
from semantic.search import Filters, Scope, SearchEngine

DEPTH = 100
_BATCH = 20_000
_HEADING = 30  # a longer title is no heading but text


def wrapped(document: str, title: str, text: str) -> ShelfRecord:
    """A document as a shelf record. Collections hold no patients, so this one place says the text is clean."""
    heading = title.strip() if len(title.strip()) <= _HEADING else ""
    body = text if heading == title.strip() else f"{title}\n{text}"
    row = ShelfRow(RecordId(document), PatientToken(document), "", "", None, None, "", None, None)
    return ShelfRecord(row, (Section(heading, CleanText.from_shelf(body)),))


def shelf_of(folder: Path, collection: Collection, encoder: Encoder, lexicon: Lexicon) -> Shelf:
    """Publish the collection as the portal's shelf would hold it."""
    shelf = Shelf.open(folder, ShelfKeys(new_key(), new_key()))
    records = [wrapped(name, *document) for name, document in collection.corpus.items()]
    for start in range(0, len(records), _BATCH):
        shelf.publish(records[start : start + _BATCH], encoder, lexicon)
    return shelf


def run(folder: Path, encoder: Encoder, run_file: Path | None = None, baselines: bool = True) -> dict[str, Any]:
    """All figures of DESIGN §7 for one collection."""
    collection = read(folder)
    lexicon = Lexicon.load()
    with tempfile.TemporaryDirectory() as scratch:
        start = time.perf_counter()
        engine = SearchEngine(
            shelf_of(Path(scratch) / "shelf", collection, encoder, lexicon).edition(), encoder, lexicon
        )
        index_s = time.perf_counter() - start
        scored, took = _ask(engine, collection.queries)
    ranked = {query: [document for document, _ in hits] for query, hits in scored.items()}
    if run_file is not None:
        write_run(run_file, scored, "lantai")
    report: dict[str, Any] = {
        **measure(ranked, collection, collection.queries),
        "p50_ms": round(float(np.percentile(took, 50)), 2) if took else 0.0,
        "p95_ms": round(float(np.percentile(took, 95)), 2) if took else 0.0,
        "index_s": round(index_s, 2),
        "documents": len(collection.corpus),
        "queries": len(collection.queries),
        **_split(ranked, collection),
    }
    if baselines:
        report["baselines"] = _baselines(collection, encoder)
    return report


def _ask(engine: SearchEngine, queries: Sequence[Query]) -> tuple[dict[str, list[tuple[str, float]]], list[float]]:
    found: dict[str, list[tuple[str, float]]] = {}
    took: list[float] = []
    if queries:
        engine.search(CleanText.from_shelf(queries[0].text), Scope(), Filters(), DEPTH)
    for query in queries:
        start = time.perf_counter()
        try:
            hits = engine.search(CleanText.from_shelf(query.text), Scope(), Filters(), DEPTH).hits
        except LantaiError:
            hits = ()
        took.append((time.perf_counter() - start) * 1000)
        found[query.id] = [(hit.record, hit.score) for hit in hits]
    return found, took


def _split(ranked: Mapping[str, Sequence[str]], collection: Collection) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name, key in (("by_lang", "lang"), ("by_kind", "kind")):
        values = sorted({getattr(query, key) for query in collection.queries} - {""})
        parts[name] = {
            value: measure(ranked, collection, [one for one in collection.queries if getattr(one, key) == value])
            for value in values
        }
    return parts


def _baselines(collection: Collection, encoder: Encoder) -> dict[str, Any]:
    names = list(collection.corpus)
    texts = [f"{title} {text}".strip() for title, text in collection.corpus.values()]
    peers: dict[str, Peer] = {
        "bm25": PlainBm25(texts, characters),
        "bm25_jieba": PlainBm25(texts, jieba_words),
        "dense": PlainDense(texts, encoder),
    }
    report: dict[str, Any] = {}
    for label, peer in peers.items():
        ranked = {query.id: [names[at] for at in peer.rank(query.text, DEPTH)] for query in collection.queries}
        report[label] = {**measure(ranked, collection, collection.queries), **_split(ranked, collection)}
    return report


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one JSON document."""
    parser = argparse.ArgumentParser(prog="bench.retrieval")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--run", type=Path, help="write the ranking in TREC form")
    parser.add_argument("--encoder", type=Path, help="a local sentence-transformers folder")
    parser.add_argument("--no-baselines", action="store_true")
    chosen = parser.parse_args(arguments)
    report = run(chosen.folder, open_encoder(chosen.encoder), chosen.run, not chosen.no_baselines)
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
