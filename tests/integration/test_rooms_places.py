"""An address becomes its city for those who were granted the text, where enough patients share it; and nowhere else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from approvals import egress
from records.entities import Entity
from records.errors import BadInput, Unavailable
from rooms.dataset import leftover_scan
from rooms.homes import Homes
from rooms.identifiers import ArchiveIdentifiers
from rooms.strong import StrongRoom
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import open_encoder
from semantic.segment import record_line
from semantic.segment_store import INDEX
from tests.rooms_open import Person, granted_home, release, strong_room
from tests.semantic_shelf import record, shelf_with

NOTE = """出院记录
姓名：{name}  性别：男  年龄：61岁  科别：内分泌科  住院号：{number}
入院日期：2024-03-03  出院日期：2024-03-11
出院诊断：2型糖尿病，糖尿病足。
现病史：患者住{address}，多饮3年。
诊疗经过：足部换药，血糖平稳后出院。
"""
ADDRESSES = [
    *("浙江省杭州市西湖区文三路{0}号2幢301室",) * 20,
    *("宁波市鄞州区中兴路{0}号",) * 3,
    *("四川省成都市武侯区人民南路{0}号",) * 19,
    "四川省绵阳市涪城区临园路{0}号",
    "昆明市盘龙区北京路{0}号",
    "西湖区天目山路{0}号",
]
SHOWN = re.compile(r"〔[^〔〕]*〕|地址[A-Z0-9]{10}")
FINER = re.compile("西湖|鄞州|武侯|涪城|盘龙|文三路|中兴路|人民南路|临园|天目|宁波|成都|绵阳|昆明")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    notes = []
    for number, address in enumerate(ADDRESSES):
        name = "覃佟闵祁"[number % 4] + "怀予"[number // 4 % 2] + "安瑜川岚乔"[number // 8 % 5]
        note = NOTE.format(name=name, number=77430000 + number, address=address.format(100 + number))
        notes.append(("a.txt", note.encode()))
    place = tmp_path_factory.mktemp("places") / "home"
    granted_home(place, notes)
    return place


@pytest.fixture
def room(home: Path) -> Iterator[StrongRoom]:
    with strong_room(home) as opened:
        yield opened


def _texts(room: StrongRoom) -> list[str]:
    researcher = Person(room, "researcher")
    rows = researcher("reading.list", grant="G1", limit=500)["rows"]
    opened = [researcher("reading.open", grant="G1", record=row["record"])["sections"] for row in rows]
    return ["\n".join(part["text"] for part in sections) for sections in opened]


def test_cities_that_enough_patients_share_are_shown_and_rare_ones_are_not(room: StrongRoom) -> None:
    texts = _texts(room)
    assert len(texts) == len(ADDRESSES)
    said = [SHOWN.search(text.split("患者住")[1])[0] for text in texts]  # type: ignore[index]
    assert said.count("〔杭州市〕") == 20
    assert said.count("〔四川省〕") == 20
    assert len([one for one in said if one.startswith("地址")]) == 5  # three of Ningbo, Kunming, an ambiguous 西湖区
    assert [text for text in texts if FINER.search(text)] == []


def test_the_shelf_keeps_the_slots_and_the_place_beside_them(room: StrongRoom) -> None:
    on = room.shelf.edition()
    records = [room.shelf.read(None, record) for record in on.records]
    assert {place for record in records for _, place in record.places} == {
        "杭州市", "宁波市", "成都市", "绵阳市", "昆明市",
    }  # fmt: skip
    for one in records:
        text = "\n".join(part.text.value for part in one.sections)
        assert "〔地址#1〕" in text
        assert not re.search("杭州|四川|浙江", text)
        assert all(f"〔{label}〕" in text for label, _ in one.places)


def test_what_a_browser_reaches_holds_no_city(room: StrongRoom, home: Path) -> None:
    front = Shelf.open(home / "shelf", ShelfKeys(index=room.shelf_keys.index, text=None))
    name = next(iter(front.edition().records))
    for read in (lambda: front.read(None, name), lambda: Homes(front).shown(front.current(), [name], 1)):
        with pytest.raises(Unavailable):
            read()
    for entry in front.manifest().segments:
        index = room.shelf._store._open(entry, INDEX, room.shelf_keys.index)
        assert not any(
            city.encode(code) in index for city in ("杭州", "宁波", "成都") for code in ("utf-8", "utf-16-le")
        )
    for file in home.rglob("*"):
        assert not (file.is_file() and "杭州市".encode() in file.read_bytes())


def test_a_record_that_is_kept_back_changes_nothing_in_the_others(room: StrongRoom) -> None:
    once = _texts(room)
    assert _texts(room) == once
    records = (room.shelf.read(None, name) for name in room.shelf.edition().records)
    room.shelf.withhold([next(one.row.record for one in records if ("地址#1", "杭州市") in one.places)])
    try:
        left = _texts(room)
        assert len(left) == len(once) - 1
        assert set(left) <= set(once)
    finally:
        room.shelf.withhold([])


def test_a_sample_for_reviewers_shows_what_the_grant_would(room: StrongRoom) -> None:
    request = Person(room, "researcher")("request.list")["rows"][0]["request"]
    samples = Person(room, "reviewer")("review.sheet", request=request)["samples"]
    whole = "\n".join(_texts(room))
    shown = {piece for sample in samples for piece, kind in sample["pieces"] if kind == "地址"}
    assert shown and all(piece in whole for piece in shown)


def test_a_release_passes_the_egress_check_with_its_cities(room: StrongRoom) -> None:
    _, zipped = release(room, "G1")
    with zipfile.ZipFile(io.BytesIO(zipped)) as bundle:
        data = next(bundle.read(name) for name in bundle.namelist() if name.endswith("data.csv")).decode("utf-8-sig")
    assert data.count("〔杭州市〕") == 20
    assert not FINER.search(data)


def test_the_egress_check_takes_a_city_and_nothing_finer() -> None:
    known = ArchiveIdentifiers()
    known.add([(Entity.ADDRESS, "浙江省杭州市"), (Entity.ADDRESS, "西双版纳傣族自治州")])
    for shown in ("住〔杭州市〕", "住〔西双版纳傣族自治州〕"):
        assert _codes(shown, known) == set()
    assert _codes("住〔西湖区〕", known) == {"identifier_left"}
    assert _codes("住西双版纳傣族自治州", known) == {"known_identifier"}


def _codes(text: str, known: ArchiveIdentifiers) -> set[str]:
    findings = egress.check(
        [{"record": "raaaaaaaaaaaaaaaa", "text": text}],
        ["record", "text"],
        scan=leftover_scan,
        known=lambda value: {left.entity.value for left in known.find(value)},
    )
    return {finding.code for finding in findings}


def test_a_record_shelved_before_places_were_kept_gets_a_stand_in(tmp_path: Path) -> None:
    old = record(1, ("现病史", "患者住〔地址#1〕，多饮3年。"))
    assert b"places" not in record_line(old)
    shelf = shelf_with(tmp_path, [old])
    there = shelf.read(None, old.row.record)
    assert there == old
    assert Homes(shelf).shown(shelf.current(), [old.row.record], 1) == {}
    new = replace(old, places=(("地址#1", "杭州市"),))
    shelf.publish([new], open_encoder(), Lexicon.load())
    assert shelf.read(None, old.row.record) == new
    assert Homes(shelf).shown(shelf.current(), [old.row.record], 1) == {"杭州市": "杭州市"}
    moved = replace(old, places=(("地址#1", "宁波市"),))
    shelf.publish([moved], open_encoder(), Lexicon.load())
    assert Homes(shelf).shown(shelf.current(), [old.row.record], 1) == {"宁波市": "宁波市"}


def test_a_typed_city_is_told_as_a_stand_in_whoever_lives_there(room: StrongRoom) -> None:
    researcher = Person(room, "researcher")
    name = researcher("reading.list", grant="G1", limit=1)["rows"][0]["record"]
    for words in ("杭州市", "〔乌鲁木齐市〕"):
        with pytest.raises(BadInput) as refused:
            researcher("leak.report", record=name, text=words, grant="G1", entity="ADDRESS")
        assert refused.value.code == "leak_stand_in"
