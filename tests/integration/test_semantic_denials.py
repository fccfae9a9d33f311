"""Nobody who only denies a disease, or tells it of a relative, is among the first three records found for it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from records.ids import ConceptId
from records.shelf import ShelfRecord
from records.texts import CleanText
from semantic.concepts import ConceptKind, Lexicon
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine
from tests.semantic_shelf import record, shelf_with
from tests.unit.test_assertion_families import DENIED, FAMILY

DRAWN = 12


def diseases() -> list[ConceptId]:
    """Diseases with at least three Chinese names that do not hold one another, drawn with a fixed seed."""
    found = sorted(each.id for each in Lexicon.load() if each.kind is ConceptKind.DISEASE and len(_names(each.id)) >= 3)
    return random.Random(20260102).sample(found, DRAWN)


def _names(disease: ConceptId) -> list[str]:
    concept = Lexicon.load().concept(disease)
    return [name for name in (concept.zh, *concept.synonyms) if not name.isascii() and len(name) > 2]


@pytest.mark.parametrize("disease", diseases())
def test_the_first_three_have_it(tmp_path: Path, disease: ConceptId) -> None:
    names = _names(disease)
    records: list[ShelfRecord] = [
        record(number, ("出院诊断", f"{name}，好转出院。"), day=number) for number, name in enumerate(names[:3])
    ]
    for number, phrase in enumerate((*DENIED.split("|"), *FAMILY.split("|")), 100):
        records.append(record(number, ("病程记录", f"今日查房，{phrase.format(d=names[number % len(names)])}。")))
    lexicon = Lexicon.load()
    engine = SearchEngine(shelf_with(tmp_path, records).edition(), open_encoder(), lexicon)
    for question in (names[0], lexicon.concept(disease).en, f"{names[0]}的患者"):
        hits = engine.search(CleanText.from_shelf(question), Scope(), Filters(), 3).hits
        assert {int(hit.record[1:]) for hit in hits} == {0, 1, 2}, question
