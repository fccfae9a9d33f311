"""What the screens are made of: escaped pieces, charts of published counts, little TOML, safe targets."""

from __future__ import annotations

import tomllib
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.api.held import hold, picture_type, take
from portal.api.login import safe_target
from portal.desk import Visit, _Token
from portal.ui import charts, pieces
from portal.ui.texts import texts
from portal.ui.toml import dump
from records.errors import Refused
from tests.portal_fake import HOSTILE

WORDS = texts("zh")
OURS = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "mark", "h4", "dl", "dt", "dd"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers |= {name for name, _ in attrs if name.startswith("on") or name in ("src", "href")}


def _tags(fragment: str) -> _Tags:
    parser = _Tags()
    parser.feed(fragment)
    return parser


@given(st.text(max_size=60).map(lambda text: text + HOSTILE + text))
def test_no_text_becomes_markup(text: str) -> None:
    fragment = (
        pieces.table([text], [[text, [text], pieces.chip(text)]], text)
        + pieces.marked(WORDS, [[text, None], [text, "患者"], [text, text]])
        + pieces.record(text, text)
        + pieces.facts([(text, text)])
        + charts.bars(text, {text: "<10", "x": "~20"}).replace("figure", "div").replace("figcaption", "div")
    )
    found = _tags(fragment)
    assert found.tags <= OURS
    assert not found.handlers


def test_each_kind_of_replacement_has_its_colour_and_its_name() -> None:
    fragment = pieces.marked(WORDS, [["张三", "患者"], ["2024-01-01", "日期"]])
    assert 'class="slot slot-patient" title="患者">张三' in fragment
    assert 'class="slot slot-date" title="日期">2024-01-01' in fragment
    assert "slot-patient" in pieces.legend(WORDS)


@pytest.mark.parametrize(("published", "size"), [("<10", 10), ("~120", 120), (37, 37), ("", 0)])
def test_bars_know_published_counts(published: object, size: int) -> None:
    assert charts.size(published) == size


def test_a_suppressed_bar_is_hatched_and_says_so() -> None:
    fragment = charts.bars("科室", {"眼科": "<10", "内科": "~40"})
    assert fragment.index("内科") < fragment.index("眼科"), "longest first"
    assert "hidden-count" in fragment
    assert "&lt;10" in fragment


def test_a_track_shows_how_far_it_is() -> None:
    fragment = pieces.track(WORDS, ["in_review", "approved"], "approved")
    assert 'class="done"' in fragment
    assert 'class="now"' in fragment


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cs"]))
        | st.integers(-9, 9)
        | st.booleans()
        | st.dates()
        | st.lists(st.text("a\"\\'\n好")),
        max_size=5,
    )
)
def test_toml_comes_back_as_it_went(table: dict[str, object]) -> None:
    assert tomllib.loads(dump(table)) == table


def test_toml_has_tables_and_leaves_nothing_out_but_none() -> None:
    table = {"purpose": "a\nb", "none": None, "period": {"start": date(2026, 1, 2)}, "include": [{"concept": "x"}]}
    assert tomllib.loads(dump(table)) == {name: value for name, value in table.items() if value is not None}


@pytest.mark.parametrize(
    "target",
    [
        "//evil.invalid",
        "https://evil.invalid/",
        "/\\evil.invalid",
        "javascript:alert(1)",
        "",
        "/a\nb",
        "/x" * 400,
        "/login?next=/",
    ],
)
def test_only_paths_of_our_own_are_targets(target: str) -> None:
    assert safe_target(target) == "/"


def test_a_path_of_our_own_stays() -> None:
    assert safe_target("/requests?request=Q1") == "/requests?request=Q1"


def _visit(token: str) -> Visit:
    return Visit(_Token(token), "doc", "doc", frozenset({"clinician"}), "内分泌科")


def test_an_original_is_handed_out_once_and_to_its_own_session_only() -> None:
    name = hold(_visit("one"), "image/png", b"bytes")
    with pytest.raises(Refused, match="not yours"):
        take(_visit("two"), name)
    assert take(_visit("one"), name) == ("image/png", b"bytes")
    with pytest.raises(Refused):
        take(_visit("one"), name)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"<html>", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_media_types_come_from_the_bytes(data: bytes, media_type: str) -> None:
    assert picture_type(data) == media_type


def test_a_session_token_does_not_print_itself() -> None:
    assert "secret-token" not in repr(_visit("secret-token"))
