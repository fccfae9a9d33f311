"""The template language and the invisible marks of the sample hospital."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from sample import markup, scribe, seeds, templates

_REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "record_types.csv"


class _Echo:
    def value(self, name: str, argument: str) -> str:
        return f"({name}:{argument})"

    def choose(self, key: int, count: int) -> int:
        return count - 1

    def name_concept(self, concept: str, status: str) -> str:
        return f"{status}={concept}"


def test_template_fills_values_choices_and_concepts() -> None:
    assert templates.parse("甲{n 3-8}[乙|丙{x}]丁<!dm>[|戊]")(_Echo()) == "甲(n:3-8)丙(x:)丁negated=dm戊"


@pytest.mark.parametrize("broken", ["甲{n 3", "甲[乙|丙", "甲<dm"])
def test_template_left_open_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="template"):
        templates.parse(broken)


def test_marks_come_off_and_leave_exact_spans() -> None:
    name, illness = markup.identifier("PERSON", "patient", "李明"), markup.mention(3, "negated", "糖尿病")
    marked = f"患者{name}，{illness}。{markup.mention(4, 'implied', '')}"
    reading = markup.read(marked)
    assert reading.text == markup.plain(marked) == "患者李明，糖尿病。"
    assert [(reading.text[i.start : i.end], i.entity, i.role) for i in reading.identifiers] == [
        ("李明", "PERSON", "patient")
    ]
    assert [(reading.text[m.start : m.end], m.concept, m.status) for m in reading.mentions] == [
        ("糖尿病", 3, "negated"),
        ("", 4, "implied"),
    ]


def _templates() -> list[tuple[str, str]]:
    found = [("phrases", t) for options in seeds.read_phrases().values() for t in options]
    for key, row in seeds.read("exams.toml").items():
        found += [(key, t) for field in ("part", "finding", "impression") for t in row[field]]
    for block in seeds.blocks().values():
        found += [(block.id, t) for options in block.lines.values() for t in options]
        for row in (*block.reports, *block.operations, *block.pathology):
            for text in row.values():
                found += [(block.id, t) for t in (text if isinstance(text, list) else [text])]
    return found


def test_every_template_asks_only_for_what_exists() -> None:
    picks = {name for block in seeds.blocks().values() for name in block.pick}
    known = {"n", "same", *seeds.quantities(), *scribe._MAKERS, *picks}
    drugs = seeds.read("drugs.toml")
    for where, text in _templates():
        templates.parse(text)
        for name in re.findall(r"\{([^} ]+)[^}]*\}", text):
            assert (name[1:] in drugs) if name[0] == "@" else (name in known), f"{where} asks for {name}"
        for concept in re.findall(r"<([^>]*)>", text):
            assert concept == "~none" or concept.lstrip("!~?=") in seeds.concepts(), f"{where} names {concept}"


def test_every_visit_of_every_story_can_be_written() -> None:
    exams, panels, blocks = seeds.read("exams.toml"), seeds.panels(), seeds.blocks()
    for story in seeds.stories():
        for visit in story.visits:
            has = [blocks[b] for b in visit.blocks]
            for code, about in visit.records:
                choices = {
                    "D14": {b.id for b in has if b.dept != visit.dept},
                    "D19": {o["id"] for b in has for o in b.operations},
                    "D22": {p["id"] for b in has for p in b.pathology},
                    "D23": set(panels),
                    "D24": set(exams),
                }
                assert code not in choices or about.partition("@")[0] in choices[code], f"{story.id}: {code}:{about}"


def test_headings_are_those_of_the_reference_table() -> None:
    if not _REFERENCE.is_file():
        pytest.skip("shared/reference/record_types.csv is absent")
    with _REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = {row["Code"]: row["Section headings (generator)"] for row in csv.DictReader(file)}
    ours = seeds.read("hospital.toml")["types"]
    assert len(ours) == 12
    for code in sorted(set(ours) - {"D01"}):  # the front page is a form whose fields are grouped
        # a heading stands there as it is, in front of what it holds, or with the women's part in brackets
        words = {w for w in re.split(r"[;:(),]\s*", rows[code]) if w} | {w.strip() for w in rows[code].split(";")}
        assert set(ours[code]["headings"]) <= words, code
