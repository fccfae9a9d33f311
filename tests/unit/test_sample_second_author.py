"""The fifty notes of the second author are whole: exact spans, every kind of identifier, nothing of the sample's."""

from __future__ import annotations

import json
import unicodedata

from sample import idnumbers, markup, people, places
from tests.second_author import as_bundle, notes


def test_fifty_notes_with_exact_spans() -> None:
    found = notes()
    assert [n["id"] for n in found] == [f"{i:02d}" for i in range(1, 51)]
    for note in found:
        assert "{{" not in note["text"]
        assert note["spans"] == sorted(note["spans"], key=lambda s: s["start"])
        for span in note["spans"]:
            value = note["text"][span["start"] : span["end"]]
            assert value == value.strip()
            assert value
            assert span["role"] in markup.ROLES
    entities = {s["entity"] for n in found for s in n["spans"]}
    assert entities == {*markup.ENTITIES, "OTHER_ID"}


def test_id_cards_of_the_notes_check() -> None:
    values = [n["text"][s["start"] : s["end"]] for n in notes() for s in n["spans"] if s["entity"] == "ID_CARD"]
    assert len(values) >= 3
    for value in values:
        number = "".join(unicodedata.normalize("NFKC", value).split())
        assert idnumbers.id_card_check(number[:17]) == number[17:]


def test_the_second_author_does_not_use_the_first_ones_city_or_staff_names() -> None:
    text = "".join(n["text"] for n in notes())
    assert "云岭" not in text
    assert not [h for h in places.names()["hospitals"] if h in text]
    assert people.family_name("令狐冲和") == "令狐"


def test_notes_can_travel_as_fhir_documents() -> None:
    for note in notes():
        bundle = json.loads(as_bundle(note))
        assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
        assert note["title"] == bundle["entry"][0]["resource"]["title"]
