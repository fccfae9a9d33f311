"""Rendering: consistent inside a project, unlinkable between projects, intervals and weekdays kept."""

from __future__ import annotations

import re
from datetime import date

import pytest

from deid.api import Deidentifier
from deid.render import Renderer, profile_names
from deid.residual import scan
from deid.surrogates import SURROGATE, shift
from records.errors import BadInput
from records.ids import PatientToken, PersonToken
from records.texts import CleanText, IdentifiedText

TEXT = "患者张伟，男，92岁，2023年3月5日入院，3月9日手术。电话：13800138000。记录者：钱多多"
ANCHOR = date(2023, 3, 1)
PATIENT = PatientToken("P1")


def _clean() -> CleanText:
    return Deidentifier.load().deidentify(IdentifiedText(TEXT), anchor=ANCHOR).text


def _render(key: bytes, profile: str = "research") -> str:
    people = {"人员#1": PersonToken("zhang"), "医师#1": PersonToken("qian")}
    return Renderer(profile, key, people, PATIENT, ANCHOR).render(_clean())


def test_two_projects_share_no_surrogate_and_keep_the_interval() -> None:
    one, other = _render(b"a" * 16), _render(b"b" * 16)
    assert not {m.group() for m in SURROGATE.finditer(one) if m.group() != "≥90岁"} & {
        m.group() for m in SURROGATE.finditer(other)
    }
    for text in (one, other):
        first, second = (date.fromisoformat(d) for d in re.findall(r"≈(\d{4}-\d\d-\d\d)", text))
        assert (second - first).days == 4
        assert first.weekday() == date(2023, 3, 5).weekday()
        assert first != date(2023, 3, 5)


def test_the_same_person_is_the_same_surrogate_in_every_record_of_a_project() -> None:
    people = {"人员#7": PersonToken("zhang")}
    elsewhere = Renderer("research", b"a" * 16, people, PATIENT).render(CleanText.certified("见〔人员#7〕"))
    assert elsewhere.removeprefix("见") in _render(b"a" * 16)


@pytest.mark.parametrize("profile", ["research", "strict", "tags"])
def test_rendered_text_passes_the_residual_scan(profile: str) -> None:
    text = _render(b"a" * 16, profile)
    assert scan(text) == ()
    assert not any(value in text for value in ("张伟", "92", "2023年", "13800138000", "钱多多"))


def test_tags_is_the_shelf_text_and_strict_shows_years_only() -> None:
    assert _render(b"a" * 16, "tags") == _clean().value
    strict = _render(b"a" * 16, "strict")
    assert "≈2023" in strict
    assert not re.search(r"≈\d{4}-|#", strict)


def test_marked_pieces_put_together_are_the_rendered_text() -> None:
    renderer = Renderer("research", b"a" * 16, {}, PATIENT, ANCHOR)
    pieces = renderer.marked(_clean())
    assert "".join(piece for piece, _ in pieces) == renderer.render(_clean())
    assert sum(kind is not None for _, kind in pieces) == 6


def test_the_shift_is_whole_weeks_and_never_none() -> None:
    days = {shift(bytes([n]) * 16, "P1").days for n in range(200)}
    assert all(d % 7 == 0 and 7 <= abs(d) <= 182 for d in days)
    assert len(days) > 30


def test_an_unknown_profile_is_refused_with_the_names_of_the_others() -> None:
    with pytest.raises(BadInput, match="research"):
        Renderer("nonsense", b"a" * 16, {}, PATIENT)
    assert set(profile_names()) >= {"research", "strict", "tags"}
