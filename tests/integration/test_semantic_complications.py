"""Questions for complications drawn from the lexicon's own relations: every kind early, no denial, no relative."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from records.ids import ConceptId
from records.shelf import ShelfRecord
from records.texts import CleanText
from semantic.concepts import Lexicon, Want
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine
from tests.semantic_shelf import record, shelf_with

DRAWN = 10


def diseases() -> list[ConceptId]:
    """Diseases with three to nine direct complications, drawn with a fixed seed."""
    lexicon = Lexicon.load()
    ordered = sorted(lexicon, key=lambda each: each.id)
    found = [concept.id for concept in ordered if 3 <= len(_direct(concept.id)) <= 9]
    return random.Random(20260101).sample(found, min(DRAWN, len(found)))


def _direct(disease: ConceptId) -> list[ConceptId]:
    reached = Lexicon.load().expand(disease, Want.COMPLICATIONS)
    return [concept for concept, way in reached.items() if len(way.steps) == 1]


def _records(disease: ConceptId) -> tuple[list[ShelfRecord], dict[str, ConceptId]]:
    """Two records with the disease and each complication, and twelve that deny it or speak of a father who has it."""
    lexicon = Lexicon.load()
    name = lexicon.concept(disease).zh
    records: list[ShelfRecord] = []
    truth: dict[str, ConceptId] = {}
    for number, complication in enumerate(_direct(disease) * 2):
        records.append(record(number, ("出院诊断", f"{name}；{lexicon.concept(complication).zh}。"), day=number))
        truth[records[-1].row.record] = complication
    for number in range(100, 106):
        records.append(record(number, ("既往史", f"否认{name}病史。"), ("出院诊断", "阑尾炎。")))
        records.append(record(number + 50, ("家族史", f"父亲患{name}。"), ("出院诊断", "阑尾炎。")))
    return records, truth


@pytest.mark.parametrize("disease", diseases())
def test_every_kind_of_complication_is_among_the_first_ten(tmp_path: Path, disease: ConceptId) -> None:
    records, truth = _records(disease)
    lexicon = Lexicon.load()
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), lexicon)
    concept = lexicon.concept(disease)
    for question in (f"{concept.zh}并发症", f"{concept.zh}的并发症", f"complications of {concept.en}"):
        hits = engine.search(CleanText.from_shelf(question), Scope(), Filters(), 20).hits
        first = [hit.record for hit in hits[:10]]
        assert {truth[name] for name in first if name in truth} == set(_direct(disease)), question
        assert not [hit.record for hit in hits if int(hit.record[1:]) >= 100], question


def test_who_may_not_have_the_disease_stands_for_no_kind_of_its_complications(tmp_path: Path) -> None:
    """Only the doubtful one has a bleeding in the brain; kinds are given turns among those who have diabetes."""
    texts = ["2型糖尿病，糖尿病足", "2型糖尿病，糖尿病肾病", "2型糖尿病，糖尿病视网膜病变", "脑出血。糖尿病肾病待排"]
    records = [record(number, ("诊断", text), patient=number) for number, text in enumerate(texts * 3)]
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), Lexicon.load())
    hits = engine.search(CleanText.from_shelf("糖尿病并发症"), Scope(), Filters(), 9).hits
    assert all(int(hit.record[1:]) % 4 != 3 for hit in hits)
