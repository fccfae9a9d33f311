"""A hospital's own code list and synonyms extend the lexicon through an overlay and change nothing that is shipped."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from records.errors import BadInput
from records.ids import ConceptId
from semantic.concepts import Lexicon, Want
from semantic.lexicon_import import import_codes, import_synonyms

ROWS = [
    ("序号", "疾病编码", "疾病名称"),
    (1, "E11.900", "2型糖尿病"),
    (2, "E11.401", "2型糖尿病性痛性神经病变"),
    (3, "K80.200x001", "胆囊泥沙样结石"),
    (4, "", "无编码的名称"),
    (5, "E11.401", "2型糖尿病性痛性神经病变"),
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def _workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_extends_the_lexicon(lexicon: Lexicon, tmp_path: Path) -> None:
    overlay = tmp_path / "own.toml"
    report = import_codes(_workbook(tmp_path / "codes.xlsx"), overlay, lexicon)
    assert (report.added, report.known, report.skipped) == (2, 2, [(5, "no ICD-10 code")])
    wider = Lexicon.load(overlay)
    (found,) = wider.find("诊断：2型糖尿病性痛性神经病变")
    assert wider.concept(found.concept).is_a == ("diabetic-neuropathy",)
    assert found.concept in wider.expand(ConceptId("diabetes-mellitus"), Want.COMPLICATIONS)
    (stone,) = wider.find("胆囊泥沙样结石")
    assert wider.concept(stone.concept).is_a == ("cholelithiasis",)
    assert found.concept not in lexicon


def test_importing_twice_adds_nothing(lexicon: Lexicon, tmp_path: Path) -> None:
    overlay = tmp_path / "own.toml"
    source = _workbook(tmp_path / "codes.xlsx")
    import_codes(source, overlay, lexicon)
    before = overlay.read_bytes()
    assert import_codes(source, overlay, lexicon).added == 0
    assert overlay.read_bytes() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_any_usual_encoding(lexicon: Lexicon, tmp_path: Path, encoding: str) -> None:
    source = tmp_path / "codes.csv"
    source.write_bytes("K80.2,胆囊泥沙样结石\nI10,高血压\n".encode(encoding))
    assert import_codes(source, tmp_path / "own.toml", lexicon).added == 1


def test_synonyms_go_to_the_concept_they_name(lexicon: Lexicon, tmp_path: Path) -> None:
    source, overlay = tmp_path / "own.csv", tmp_path / "own.toml"
    source.write_text("名称,同义词\n痛风,石头关节病；王侯足疾\n没有这种病,某某\n", encoding="utf-8")
    report = import_synonyms(source, overlay, lexicon)
    assert (report.extended, report.skipped) == (2, [(3, "the first column names no concept")])
    assert [each.id for each in Lexicon.load(overlay).lookup("石头关节病")] == ["gout"]


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02PK", "只有一列\n甲\n".encode()])
def test_what_cannot_be_read_is_refused_in_one_sentence(lexicon: Lexicon, tmp_path: Path, body: bytes) -> None:
    for name in ("bad.xlsx", "bad.csv"):
        source = tmp_path / name
        source.write_bytes(body)
        with pytest.raises(BadInput) as caught:
            import_codes(source, tmp_path / "own.toml", lexicon)
        assert caught.value.message.endswith(".")
        assert not (tmp_path / "own.toml").exists()


def test_an_overlay_cannot_replace_a_shipped_concept(tmp_path: Path) -> None:
    overlay = tmp_path / "own.toml"
    overlay.write_text('[[concept]]\nid = "gout"\nkind = "disease"\nzh = ["别的"]\nen = ["other"]\n', encoding="utf-8")
    with pytest.raises(BadInput, match="defines 'gout' again"):
        Lexicon.load(overlay)


def test_an_overlay_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"own\.toml"):
        Lexicon.load(tmp_path / "own.toml")
