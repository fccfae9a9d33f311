"""Whatever an address says and wherever patients live: never finer than a city, never a name that few share."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from deid.lists import file_rows
from deid.places import city_of, province_of, shared
from deid.render import Renderer
from deid.residual import scan
from records.ids import PatientToken
from records.texts import CleanText

ROWS = [(province, city, counties.split()) for province, city, counties in file_rows("cities.tsv")]
COARSE = frozenset(name for province, city, _ in ROWS for name in (province, city) if name)
FINER = sorted({county for *_, counties in ROWS for county in counties} - COARSE)
TAILS = [
    "",
    "文三路12号",
    "中山路5号",
    "陈家村3组",
    "长安镇",
    "人民小区3幢2单元501室",
    "路",
    "市区",
    "〕",
    "\ud800",
    "\n",
]


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """Names of places, whole or cut, in any order, with anything between."""
    row = st.sampled_from(ROWS)
    names = st.one_of(
        row.map(lambda one: one[0]),
        row.map(lambda one: one[1]),
        st.sampled_from(FINER),
        st.sampled_from(FINER).map(lambda name: name[:-1]),
        row.map(lambda one: one[1][:-1]),
        st.sampled_from(TAILS),
        st.text(max_size=4),
    )
    return "".join(draw(st.lists(names, max_size=6)))


@settings(max_examples=600, deadline=None)
@given(st.one_of(addresses(), st.text()))
def test_any_text_gives_a_city_a_province_or_nothing(text: str) -> None:
    assert city_of(text) in COARSE | {""}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ROWS), st.integers(0, 40), st.sampled_from(TAILS[:6]))
def test_a_whole_address_gives_exactly_its_city_whatever_its_end(
    row: tuple[str, str, list[str]], number: int, tail: str
) -> None:
    province, city, counties = row
    county = counties[number % len(counties)] if counties else ""
    assert city_of(province + city + county + tail) == (city or province)


SOME = [*sorted(COARSE)[:14], "西湖区", "文三路"]
homes = st.lists(
    st.tuples(
        st.integers(0, 12).map(str),
        st.frozensets(st.sampled_from(SOME), max_size=3),
    ),
    max_size=60,
)


@settings(max_examples=400, deadline=None)
@given(homes, st.integers(1, 8))
def test_every_name_shown_stands_for_enough_patients_and_is_no_finer_than_the_place(
    found: list[tuple[str, frozenset[str]]], least: int
) -> None:
    shown = shared(found, least)
    behind: dict[str, set[str]] = {}
    for patient, places in found:
        for place in places & shown.keys():
            behind.setdefault(shown[place], set()).add(patient)
    assert all(len(who) >= least for who in behind.values())
    assert all(name in (place, province_of(place)) and name in COARSE for place, name in shown.items())
    assert shared(reversed(found), least) == shown


@settings(max_examples=200, deadline=None)
@given(addresses(), homes, st.integers(1, 8))
def test_no_finer_place_is_ever_rendered(address: str, found: list[tuple[str, frozenset[str]]], least: int) -> None:
    shown = shared([*found, ("P", frozenset({city_of(address)}))], least)
    places = {"地址#1": shown[city_of(address)]} if city_of(address) in shown else {}
    text = CleanText.certified("住〔地址#1〕。")
    rendered = Renderer("research", b"k" * 16, {}, PatientToken("P"), places=places).render(text)
    said = rendered.removeprefix("住").removesuffix("。")
    assert said.strip("〔〕") in COARSE if places else said.startswith("地址")
    assert scan(rendered) == ()
