"""A pattern behind a look at its first character finds what it finds without."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.leads import Ended, holds, led, matches

_LED = [
    r"[病床]号|ID|(?<!\d)\d{2,4}",
    r"(?:^|\n)\s?[-\]^]x?|(?P<a>号)\s?:(?P<b>[0-9A-F]+)$",
    r"id|[&~|#]{2}",
    r"(?:张|李)?(?:医师|\.)|(?!x)[x-z](?<=[yz])",
    r"(?:(?:住\s?院)?\s?号){1,3}(?P<same>\d)(?P=same)",
    r"(?<=院)号(?P<b>\d{2,})?",
    r"住(?P<a>院){2}|住?\s?(?:号\d?){1,2}\d",
    r"(?:院?住?){2}号|院(?=住).{1,2}号",
    r"住(?:院|号)",
    r"(?:住|院(?!号))(?:号|(?<=院)师)?|张(?=李)",
]
_PLAIN = [r"[^a]b", r".号", r"(?:张)?", r"\b号|", r"\D号", r"(?i:id)号", r"(?P<a>x)?(?(a)y|z)", r"\w+医院"]


@pytest.mark.parametrize("pattern", _LED)
@given(text=st.text(alphabet="病床号ID1234 \n-]^:AFx&~|#张李医师.yz住院id", max_size=40))
def test_a_led_pattern_finds_the_same(pattern: str, text: str) -> None:
    found = [(m.span(), m.groups(), m.lastgroup) for m in led(pattern).finditer(text)]
    assert found == [(m.span(), m.groups(), m.lastgroup) for m in re.finditer(pattern, text)]


@pytest.mark.parametrize("pattern", _LED)
def test_it_looks_at_one_character_first(pattern: str) -> None:
    assert led(pattern).pattern.endswith(f"(?:{pattern})")
    assert led(pattern).pattern.startswith("(?=[")


@pytest.mark.parametrize("pattern", _PLAIN)
def test_what_may_begin_with_anything_stays_as_it_is(pattern: str) -> None:
    assert led(pattern).pattern == pattern


def test_the_characters_it_looks_at_are_those_it_begins_with() -> None:
    assert led(r"(?:甲|乙{2,3})?丙|(?<=子)丁").pattern.startswith("(?=[丁丙乙甲][丙乙]|[丁丙])(")
    assert led(r"甲|(?<=子)丁.").pattern.startswith("(?=[丁甲])(")
    assert led(r"甲?乙|丙(?=丁)").pattern.startswith("(?=[丙乙甲][乙]|[丙乙])(")
    assert led(r"(?:甲|乙{2,3})?丙戊|(?<=子)丁?\d{2}").pattern.startswith(r"(?=[\d丁丙乙甲][\d丙乙戊])(")


_ENDED = [
    r"(?:[病床]号|ID\.?|(?<!\d)\d{2,4})\s?[:.]{0,2}$",
    r"(?:(?:住\s?院)?\s?号){1,3}(?:\([^)\n]{0,3}\))?$",
    r"(?:张|李)(?:医师|[x-z])?(?<!x)$",
    r"(?:^|[^张医师])[张李]{1,2}?\s?(?:医(?=师)|医师|(?<=李)师(?!\n))\s?$",
]


@pytest.mark.parametrize("pattern", _ENDED)
@given(text=st.text(alphabet="病床号ID1234 \n:.()张李医师xyz住院", max_size=12))
def test_a_pattern_of_an_end_finds_the_same(pattern: str, text: str) -> None:
    found, same = Ended(pattern).search(text), re.search(pattern, text)
    assert (found and found.span()) == (same and same.span())
    assert Ended(pattern).ends(text) == (same is not None)


@pytest.mark.parametrize("pattern", _ENDED)
@given(
    text=st.text(alphabet="病床号ID1234 \n:.()张李医师xyz住院", max_size=12),
    at=st.integers(0, 12),
    reach=st.integers(1, 12),
)
def test_an_end_before_a_place_is_that_of_what_stands_there(pattern: str, text: str, at: int, reach: int) -> None:
    at = min(at, len(text))
    same = re.search(pattern, text[max(0, at - reach) : at])
    found = Ended(pattern).before(text, at, reach)
    assert (found and found.span()) == (same and same.span())
    assert Ended(pattern).stands(text, at, reach) == (same is not None)
    assert same is None or Ended(pattern).may_end(text, at)


@given(text=st.text(alphabet="12/.- 号", max_size=30))
def test_matches_at_their_places_are_all_there_are(text: str) -> None:
    pattern = re.compile(r"(?<![0-9.])[12]{1,2}[/.-][12]")
    places = [at for at, char in enumerate(text) if char in "12"]
    assert [m.span() for m in matches(pattern, text, places)] == [m.span() for m in pattern.finditer(text)]


def test_whether_a_text_holds_one_of_some_words() -> None:
    assert holds("住院号12", ("门诊", "院号"))
    assert not holds("住院号12", ("门诊", "院 号"))


def test_what_stands_last_in_an_end_before_what_is_passed_over() -> None:
    lasts = Ended(r"(?:病案|编\s?号|ID|[a-c]证|卡)(?:\(内\))?\s?[:为#]?\s{0,3}$").lasts(" :为\n")
    assert lasts.keys() == set("案号D证卡)#")
    before = {last: {char for char in ["", *"病编 I甲丙案号D内:=ab"] if lasts[last][char]} for last in lasts}
    assert before["案"] == {"病"} and before["号"] == {*"编 "} and before["D"] == {"I"} and before[")"] == {"内"}
    assert before["证"] == {*"ab"} and before["卡"] >= {"", *"病内:="} and before["#"] >= {*"案号D "}


@pytest.mark.parametrize("pattern", [r"[:为]?$", r"号[^,]?$", r"[一-龥]:$"])
def test_an_end_that_may_have_nearly_anything_last_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="write a pattern"):
        Ended(pattern).lasts(":为")


@pytest.mark.parametrize("pattern", [r"号", r"号|码$", r"(?:号)?$", r"[^号]$", r"号(?=$)$", r"(号)\1$"])
def test_a_pattern_that_may_end_elsewhere_or_with_anything_is_refused(pattern: str) -> None:
    with pytest.raises((ValueError, LookupError)):
        Ended(pattern).search("号")
