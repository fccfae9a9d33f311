"""Every word on the screens in both languages, and every word that the code asks for."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from portal.ui.texts import LANGUAGES, texts
from portal.web.contents import PAGES
from records.entities import Entity
from records.people import Role
from records.slots import SlotKind

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "portal").rglob("*.py"))
PLAIN_KEY = re.compile(r"""(?:words|view\.words|texts\([^)]*\))\(\s*"([a-z_]+\.[a-zA-Z_.\-]+)\"""")
LISTED = re.compile(r'words\(f"field\.\{name\}"\) for name in \(([^)]*)\)')


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_fields() -> None:
    zh, en = (texts(language) for language in LANGUAGES)
    assert zh.keys() == en.keys()
    for key in sorted(zh.keys()):
        assert _fields(zh._table[key]) == _fields(en._table[key]), key
        assert zh._table[key].strip()
        assert en._table[key].strip()


def test_english_is_english_but_for_the_examples() -> None:
    en = texts("en")
    chinese = {key for key in sorted(en.keys()) if re.search(r"[\u4e00-\u9fff]", en._table[key])}
    assert chinese <= {"search.example1"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_code_asks_for_words_that_exist(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    asked = set(PLAIN_KEY.findall(source))
    for names in LISTED.findall(source):
        asked |= {f"field.{name}" for name in re.findall(r'"(\w+)"', names)}
    assert asked <= texts("zh").keys()


def test_every_page_role_and_kind_has_words() -> None:
    known = texts("en").keys()
    for slug, page in PAGES.items():
        assert {f"page.{slug or 'home'}", f"group.{page.group}"} <= known
        assert not slug or f"home.{slug}" in known
    assert {f"role.{role}" for role in Role} <= known
    assert {f"kind.{kind}" for kind in SlotKind} <= known
    assert {f"entity.{entity}" for entity in Entity} <= known
    assert {f"type.D{number:02d}" for number in range(1, 41)} <= known


def test_every_state_of_the_workflows_has_a_word() -> None:
    from approvals.states import GrantState, LeakState, ReleaseState, RequestState

    states = {str(state) for kind in (RequestState, GrantState, ReleaseState, LeakState) for state in kind}
    assert {f"state.{state}" for state in states} <= texts("zh").keys()


def test_every_finding_and_every_reject_has_a_word() -> None:
    from approvals.egress import CODES
    from ingest.rejects import Reason

    known = texts("zh").keys()
    assert {f"{group}.{code}" for group in ("finding", "remedy") for code in CODES} <= known
    assert {f"reject.{reason}" for reason in Reason} <= known
