"""`python -m bench.scale --passages N`: build, memory, disk, speed and recall of search over N invented passages."""

from __future__ import annotations

import argparse
import json
import resource
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
from records.threads import give_way
from semantic.allowed import AllowedParts
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import Encoder, open_encoder
from semantic.grams import query_terms
from semantic.lexical import Bm25
from semantic.ranking import DenseRules, ranking
from semantic.rows import Filters, Scope
from semantic.search import SearchEngine

KEYS: Final = ShelfKeys(b"bench-index-key!", b"bench-text-key!!")  # the corpus is invented; these protect nothing
SEGMENT: Final = 50_000
SELECTIVITIES: Final = (0.001, 0.01, 0.1, 0.5)
THOROUGH: Final = DenseRules(
    candidates=3000, probe=1 << 20, exact_below=1 << 40, pool=20_000
)  # the yardstick of recall
_SEED: Final = 11
_SURE: Final = 60  # questions asked of the yardstick too
_ADDED: Final = 200  # passages of a batch while questions are asked


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


def measure(folder: Path, passages: int, questions: int, adding: float) -> dict[str, Any]:
    """Open the shelf as the front does and ask."""
    start = time.perf_counter()
    shelf = Shelf.open(folder, ShelfKeys(KEYS.index, None))
    encoder, lexicon = open_encoder(), Lexicon.load()
    edition = shelf.edition()
    engine = SearchEngine(edition, encoder, lexicon)
    exact = SearchEngine(edition, encoder, lexicon, rules=replace(ranking(), dense=THOROUGH))
    asked = Notes(_SEED).questions(questions)
    _timed(engine, asked[:6], Scope())
    opened = time.perf_counter() - start
    found, took, beside = _in_turn(engine, asked, Scope())
    report: dict[str, Any] = {
        "passages": passages,
        "segments": len(edition.segments),
        "disk_bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "open_s": round(opened, 2),
        "rss_bytes": psutil.Process().memory_info().rss,
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        **took.percentiles(),
        "recall@10": _recall(found, exact, asked, Scope()),
    }
    report["baselines"] = {"bm25": beside.percentiles()}
    draw = np.random.default_rng(_SEED)
    names = edition.names(range(edition.bases[-1]))
    report["filters"] = {}
    for share in SELECTIVITIES:
        chosen = draw.choice(len(names), size=max(1, round(share * len(names))), replace=False)
        scope = Scope(records=frozenset(names[at] for at in chosen.tolist()))
        first = _timed(engine, asked[:1], scope)[1]
        found, took, beside = _in_turn(engine, asked, scope)
        recall = _recall(found, exact, asked, scope)
        report["filters"][str(share)] = {
            **took.percentiles(),
            "first_ms": round(first.clock[0], 2),
            "recall@10": recall,
            "baselines": {"bm25": beside.percentiles()},
        }
    if adding:
        report["while_adding"] = while_adding(folder, shelf, asked, adding)
    return report


def while_adding(folder: Path, shelf: Shelf, asked: Sequence[str], seconds: float) -> dict[str, Any]:
    """Ask on, as the front does, while another process publishes a batch each second and joins segments. Opening each
    new edition is part of the question that meets it. `quiet` was asked the same way before the first batch."""
    command = [sys.executable, "-m", "bench.scale", "--add", str(folder), "--seconds", str(seconds)]
    encoder, lexicon = open_encoder(), Lexicon.load()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None and writer.stdin is not None
        writer.stdout.readline()
        quiet, _ = _follow(shelf, encoder, lexicon, asked, lambda: False, seconds)
        writer.stdin.write("go\n")
        writer.stdin.flush()
        took, seen = _follow(shelf, encoder, lexicon, asked, lambda: writer.poll() is not None, seconds * 3)
        published = [json.loads(line) for line in writer.stdout]
    waited = [seen[one["edition"]] - one["at"] for one in published if one["edition"] in seen]
    return {
        **took.percentiles(),
        "quiet": quiet.percentiles(),
        "questions": len(took.clock),
        "editions": len(published),
        "segments": len(shelf.edition().segments),
        "searchable_after_s": round(max(waited), 2) if waited else None,
    }


def _follow(
    shelf: Shelf, encoder: Encoder, lexicon: Lexicon, asked: Sequence[str], done: Callable[[], bool], seconds: float
) -> tuple[Times, dict[int, float]]:
    """The time of each question, and when each edition was first searched."""
    engine = SearchEngine(shelf.edition(), encoder, lexicon)
    took = Times()
    seen: dict[int, float] = {}
    end = time.perf_counter() + seconds
    while not done() and time.perf_counter() < end:
        with took:
            edition = shelf.edition()
            if edition is not engine.edition:
                engine = SearchEngine(edition, encoder, lexicon)
            engine.search(CleanText.from_shelf(asked[len(took.clock) % len(asked)]), Scope(), Filters(), 20)
        seen.setdefault(int(edition.number), time.time())
    return took, seen


def add(folder: Path, seconds: float) -> None:
    """Publish small batches and join segments beside, one JSON line for each: its edition, and when it began. Those who
    ask come first, as before the strong room's jobs."""
    give_way()
    shelf = Shelf.open(folder, KEYS)
    encoder, lexicon = open_encoder(), Lexicon.load()
    shelf.edition()
    notes = Notes(_SEED).records(1 << 40)
    print("ready", flush=True)
    sys.stdin.readline()
    end = time.time() + seconds
    while time.time() < end:
        at = time.time()
        batch = [next(notes) for _ in range(_ADDED // 4)]
        fresh = [replace(one, row=replace(one.row, record=RecordId(f"N{at:.6f}{one.row.record}"))) for one in batch]
        number = shelf.publish(fresh, encoder, lexicon)
        print(json.dumps({"edition": int(number), "at": at}), flush=True)
        shelf.merge_later()
        time.sleep(max(0.0, at + 1 - time.time()))


def _recall(found: Sequence[Sequence[str]], exact: SearchEngine, asked: Sequence[str], scope: Scope) -> float:
    """Share of the yardstick's first ten that were found, over the questions that have any."""
    sure, _ = _timed(exact, asked[:_SURE], scope)
    shares = [len(set(one) & set(other)) / len(other) for one, other in zip(found, sure, strict=False) if other]
    return round(float(np.mean(shares)), 4) if shares else 1.0


class Times:
    """Milliseconds by the clock and by the processor, of each block it was entered for."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.processor: list[float] = []

    def __enter__(self) -> None:
        self._start = time.perf_counter(), time.thread_time()

    def __exit__(self, *_: object) -> None:
        self.clock.append((time.perf_counter() - self._start[0]) * 1000)
        self.processor.append((time.thread_time() - self._start[1]) * 1000)

    def percentiles(self) -> dict[str, float]:
        """`cpu_` ones are what the others would be on a machine that nobody else uses."""
        return {
            "p50_ms": round(float(np.percentile(self.clock, 50)), 2),
            "p95_ms": round(float(np.percentile(self.clock, 95)), 2),
            "cpu_p50_ms": round(float(np.percentile(self.processor, 50)), 2),
            "cpu_p95_ms": round(float(np.percentile(self.processor, 95)), 2),
        }


def _timed(
    engine: SearchEngine, asked: Sequence[str], scope: Scope, took: Times | None = None
) -> tuple[list[list[str]], Times]:
    """The first ten records of each answer, and the times it took, behind those that `took` holds already."""
    found: list[list[str]] = []
    took = Times() if took is None else took
    for question in asked:
        text = CleanText.from_shelf(question)
        with took:
            result = engine.search(text, scope, Filters(), 20)
        found.append([hit.record for hit in result.hits[:10]])
    return found, took


def _in_turn(engine: SearchEngine, asked: Sequence[str], scope: Scope) -> tuple[list[list[str]], Times, Times]:
    """As `_timed`, with exact BM25 asked the same in turn, so that whoever else uses the machine is met by both; one
    half of the questions it is asked first, since the second finds the postings at hand."""
    found: list[list[str]] = []
    took, beside = Times(), Times()
    bm25 = _bm25(engine, scope)
    bm25(asked[0])
    for at, question in enumerate(asked):
        first = at // 6 % 2  # six forms of question
        for exact in (first, 1 - first):
            if exact:
                with beside:
                    bm25(question)
            else:
                found += _timed(engine, [question], scope, took)[0]
    return found, took, beside


def _bm25(engine: SearchEngine, scope: Scope) -> Callable[[str], None]:
    """Exact BM25 alone over the same postings and the same filter: every term, every posting, then the best twenty."""
    rules = replace(ranking().lexical, common=1.0)
    mask = engine.edition.rows.mask(scope, Filters())
    allowed = AllowedParts(engine.edition).of(mask, whole=scope == Scope())
    parts, size = allowed.parts, (allowed.passages, allowed.length)

    def ask(question: str) -> None:
        terms, counts = query_terms(question)
        bm25 = Bm25(parts, terms, counts, rules, size)
        whole = np.concatenate([bm25.score(at, cover=False).scores for at in range(len(parts))])
        np.argpartition(-whole, min(20, len(whole) - 1))

    return ask


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one JSON document. The build runs in a process of its own, so that memory is the reader's only."""
    parser = argparse.ArgumentParser(prog="bench.scale")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="use this folder for the shelf, and leave it there")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long batches are added; 0 leaves that out")
    parser.add_argument("--add", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.build is not None:
        print(json.dumps(build(chosen.build, chosen.passages)))
        return
    if chosen.add is not None:
        add(chosen.add, chosen.seconds)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch) / "shelf"
        took = None
        if not (folder / "CURRENT").exists():
            command = [sys.executable, "-m", "bench.scale", "--passages", str(chosen.passages), "--build", str(folder)]
            built = subprocess.run(command, check=True, capture_output=True, text=True)
            took = round(float(built.stdout.splitlines()[-1]), 1)
        report = {"build_s": took, **measure(folder, chosen.passages, chosen.questions, chosen.seconds)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
