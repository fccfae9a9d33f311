"""De-identification figures on anybody's gold file, with three baselines in the same run.

    python -m bench.deid GOLD.jsonl [--traps FILE] [--no-known] [--presidio]

GOLD holds `{"text", "spans": [{"start", "end", "entity"}], "known": [{"entity", "value"}]}` a line
(docs/deid-annotation-guide.md), FILE `{"text"}` a line without identifiers.
JSON comes last on stdout; no text of a record is printed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.deid_baselines import posseg_baseline
from deid.api import Deidentifier, Known
from deid.cli import known_of
from deid.lists import medical_words
from deid.phrases import Phrases
from deid.recognizers.tagged import Tagged
from deid.registry import recognizers
from deid.spans import Span
from deid.tags import Kind
from records.entities import Entity
from records.texts import IdentifiedText

REPEATS = 3  # the quickest counts: the first one warms up, and other programs run too
Case = tuple[str, Sequence[Known]]
Finder = Callable[[Sequence[Case]], Sequence[Sequence[Span]]]  # all texts at once, as the sections of records come


@dataclass(frozen=True, slots=True)
class Passage:
    """One gold line."""

    text: str
    spans: tuple[tuple[int, int, Entity], ...]
    known: tuple[Known, ...]


def read(path: Path, with_known: bool) -> list[Passage]:
    """The gold file. Raises BadInput or KeyError on a malformed line."""
    passages = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            raw = json.loads(line)
            spans = tuple((s["start"], s["end"], Entity(s["entity"])) for s in raw.get("spans", []))
            passages.append(Passage(raw["text"], spans, known_of(raw.get("known")) if with_known else ()))
    return passages


def measure(finder: Finder, passages: Sequence[Passage]) -> dict[str, Any]:
    """The figures of one system."""
    cases = [(passage.text, passage.known) for passage in passages]
    finder([("预热", ())])
    seconds = 1e9
    for _ in range(REPEATS):
        began = time.process_time()
        found = finder(cases)
        seconds = min(seconds, max(time.process_time() - began, 1e-9))
    characters = sum(len(p.text) for p in passages)
    total, covered, hit = Counter[str](), Counter[str](), Counter[str]()
    ours, right = Counter[str](), Counter[str]()
    for passage, spans in zip(passages, found, strict=True):
        masked = {at for span in spans for at in range(span.start, span.end)}
        for start, end, entity in passage.spans:
            total[entity] += 1
            covered[entity] += all(at in masked for at in range(start, end) if not passage.text[at].isspace())
            hit[entity] += any(s.entity is entity and s.start < end and s.end > start for s in spans)
        for span in spans:
            ours[span.entity] += 1
            right[span.entity] += any(span.start < end and span.end > start for start, end, _ in passage.spans)
    false = sum(ours.values()) - sum(right.values())
    return {
        "by_entity": {
            e.value: {
                "gold": total[e],
                "covered": _share(covered[e], total[e]),
                "recall": _share(hit[e], total[e]),
                "precision": _share(right[e], ours[e]),
            }
            for e in Entity
            if total[e] or ours[e]
        },
        "covered": _share(sum(covered.values()), sum(total.values())),
        "recall": _share(sum(hit.values()), sum(total.values())),
        "precision": _share(sum(right.values()), sum(ours.values())),
        "false_spans_per_100k": round(false * 100_000 / max(1, characters), 1),
        "chars_per_cpu_s": round(characters / seconds),
        "utility": _utility(passages, found),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _utility(passages: Sequence[Passage], found: Sequence[Sequence[Span]]) -> float | None:
    """Share of medical words outside gold spans that no span of ours touches."""
    phrases = Phrases(medical_words())
    mentions = kept = 0
    for passage, spans in zip(passages, found, strict=True):
        gold = {at for start, end, _ in passage.spans for at in range(start, end)}
        masked = {at for span in spans for at in range(span.start, span.end)}
        for start, phrase in phrases.find(passage.text):
            places = range(start, start + len(phrase))
            if not any(at in gold for at in places):
                mentions += 1
                kept += not any(at in masked for at in places)
    return _share(kept, mentions)


def traps(finder: Finder, path: Path) -> dict[str, Any]:
    """False spans on sentences without identifiers."""
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    false = sum(map(len, finder([(text, ()) for text in texts])))
    return {"sentences": len(texts), "false_spans": false, "per_100": round(100 * false / max(1, len(texts)), 2)}


def _finder(deidentifier: Deidentifier) -> Finder:
    return lambda cases: deidentifier.spans_of([(IdentifiedText(text), known) for text, known in cases])


def finders(through_presidio: bool) -> dict[str, Finder]:
    """The systems compared; the first is ours."""
    ours = Deidentifier.load()
    if through_presidio:
        from deid.presidio import PresidioDeidentifier

        ours = PresidioDeidentifier.load()
    rules = [r for r in recognizers() if not isinstance(r, Tagged)]
    return {
        "ours": _finder(ours),
        "presidio_posseg": posseg_baseline(),
        "rules": _finder(Deidentifier(rules)),
        "tagger": _finder(Deidentifier([Tagged(kind) for kind in Kind])),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the JSON."""
    parser = argparse.ArgumentParser(prog="bench.deid")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--traps", type=Path)
    parser.add_argument("--no-known", action="store_true")
    parser.add_argument("--presidio", action="store_true", help="run ours through Presidio's engine")
    options = parser.parse_args(arguments)
    passages = read(options.gold, not options.no_known)
    results: dict[str, dict[str, Any]] = {}
    for name, finder in finders(options.presidio).items():
        results[name] = measure(finder, passages)
        if options.traps:
            results[name]["traps"] = traps(finder, options.traps)
    ours = results.pop("ours")
    print(json.dumps({**ours, "passages": len(passages), "baselines": results}, ensure_ascii=True, indent=1))


if __name__ == "__main__":
    main()
