"""A wrong lexicon file is refused with its name, the entry and what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.errors import BadInput
from records.paths import data_dir
from semantic.assertion_cues import load_cues
from semantic.concepts import Lexicon
from semantic.lexicon_files import expand_choices
from semantic.lexicon_questions import Questions
from semantic.lexicon_variants import plural, variants

GOOD = '[[concept]]\nid = "{id}"\nkind = "disease"\nzh = ["{zh}"]\nen = ["{en}"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("questions", "variants", "labs"):
        (tmp_path / f"{name}.toml").write_bytes((data_dir() / "concepts" / f"{name}.toml").read_bytes())
    (tmp_path / "ambiguous.toml").write_text("", encoding="utf-8")
    return tmp_path


def _put(folder: Path, body: str) -> None:
    (folder / "heart.toml").write_text(body, encoding="utf-8")


A = GOOD.format(id="a", zh="甲病", en="disease a")
B = GOOD.format(id="b", zh="乙病", en="disease b")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("[[concept]", "heart.toml is not readable TOML"),
        (GOOD.format(id="Bad Id", zh="甲", en="a"), "lower-case English words"),
        (A.replace("disease", "illness", 1), "kind must be one of"),
        (A.replace('zh = ["甲病"]', "zh = []"), "zh and en each need"),
        (A.replace('["甲病"]', '"甲病"'), "must be a list of non-empty strings"),
        (A + 'icd10 = ["E1"]\n', "'E1' is not an ICD-10 code"),
        (A + 'colour = "red"\n', "unknown key 'colour'"),
        (A + 'is-a = ["nowhere"]\n', "'nowhere', which no file defines"),
        (A + 'is-a = ["a"]\n', "names the concept itself"),
        (A + 'is-a = ["b"]\n' + B + 'is-a = ["a"]\n', "run in a circle"),
        (A + A, "both define 'a'"),
        (A + B.replace("乙病", "甲病"), "'甲病' names both 'a' and 'b'"),
    ],
)
def test_a_wrong_file_says_what_to_change(folder: Path, body: str, says: str) -> None:
    _put(folder, body)
    with pytest.raises(BadInput) as caught:
        Lexicon.from_folder(folder)
    assert says in caught.value.message


def test_a_declared_ambiguity_is_allowed(folder: Path) -> None:
    _put(folder, A.replace('"甲病"', '"甲病", "XY"') + B.replace('"乙病"', '"乙病", "XY"'))
    (folder / "ambiguous.toml").write_text(
        '[[alias]]\nwords = "XY"\n[[alias.reading]]\nconcept = "a"\nnear = ["头"]\n'
        '[[alias.reading]]\nconcept = "b"\nnear = ["脚"]\n',
        encoding="utf-8",
    )
    lexicon = Lexicon.from_folder(folder)
    assert [each.concept for each in lexicon.find("头部XY")] == ["a"]
    assert [each.concept for each in lexicon.find("脚部XY")] == ["b"]
    assert lexicon.find("XY") == ()
    assert {each.concept for each in lexicon.find("XY", question=True)} == {"a", "b"}


def test_a_wrong_question_pattern_is_named(folder: Path) -> None:
    path = folder / "questions.toml"
    path.write_text('[[question]]\nwant = "drugs"\nafter = "("\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(BadInput, match="is no regex"):
        Questions.load(path)


def test_a_wrong_cue_is_named(tmp_path: Path) -> None:
    (tmp_path / "xx.toml").write_text('[[cue]]\nid = "c"\nsays = "perhaps"\nwords = ["x"]\n', encoding="utf-8")
    with pytest.raises(BadInput, match="cue 'c'"):
        load_cues(tmp_path)


def test_choices_in_a_name() -> None:
    assert expand_choices(["肺(上叶|下叶|)癌"]) == ["肺上叶癌", "肺下叶癌", "肺癌"]
    assert expand_choices(["尿蛋白(+)"]) == ["尿蛋白(+)"]


def test_written_forms() -> None:
    assert "oedema" not in variants("oedema", [("oedema", "edema")])
    assert variants("oedema", [("oedema", "edema")]) == ["edema"]
    assert plural("heartattack") == "heartattacks"
    assert plural("metastasis") == "metastases"
    assert plural("arrhythmias") is None
