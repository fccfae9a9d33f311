"""From an address to its city: what is certain, what is not, and which cities are shown."""

from __future__ import annotations

import pytest

from deid.lists import file_rows, lines_of
from deid.places import as_shown, city_of, province_of, shared, without_shown
from deid.render import Renderer, load_profile
from deid.residual import scan
from records.errors import BadInput
from records.ids import PatientToken
from records.texts import CleanText

CERTAIN = {
    # the whole chain, as forms ask for it
    "浙江省杭州市西湖区文三路12号3幢2单元501室": "杭州市",
    "四川省 成都市 武侯区 桐梓林中路 8 号": "成都市",
    "江苏省徐州市沛县大屯镇陈家村3组": "徐州市",
    "新疆维吾尔自治区伊犁哈萨克自治州霍城县": "伊犁哈萨克自治州",
    "内蒙古自治区锡林郭勒盟锡林浩特市": "锡林郭勒盟",
    "北京市朝阳区三里屯路19号": "北京市",
    "重庆市万州区高峰镇": "重庆市",
    "中国浙江省宁波市": "宁波市",
    "黑龙江省大兴安岭地区加格达奇区": "大兴安岭地区",
    "广东省东莞市长安镇": "东莞市",
    # as people say it
    "山东济南": "济南市",
    "内蒙古呼和浩特": "呼和浩特市",
    "广西南宁": "南宁市",
    "吉林长春": "长春市",
    "北京朝阳三里屯": "北京市",
    "上海浦东": "上海市",
    "陕西西安碑林": "西安市",
    "苏州吴江": "苏州市",
    "昆明": "昆明市",
    "西双版纳": "西双版纳傣族自治州",
    "延边州": "延边朝鲜族自治州",
    "香港": "香港特别行政区",
    # a county or what it used to be, where its name is the only one
    "余杭区": "杭州市",
    "桐庐县": "杭州市",
    "桐庐": "杭州市",
    "昆山": "苏州市",
    "萧山市": "杭州市",
    "江阴县": "无锡市",
    "海淀": "北京市",
    "阿拉善左旗": "阿拉善盟",
    "福建鼓楼区": "福州市",
    # the province alone
    "浙江": "浙江省",
    "吉林": "吉林省",
    "海南": "海南省",
    "河北": "河北省",
    "广西省": "广西壮族自治区",
    "云南省云岭市青屏区翠湖西路3号": "云南省",
    "云南云岭市": "云南省",
    "江苏省鼓楼区": "江苏省",
    "湖北省仙桃市": "湖北省",
    "新疆石河子": "新疆维吾尔自治区",
    "台北市": "台湾省",
    "江苏省南京西路": "江苏省",
    "浙江省中山路12号": "浙江省",
}
UNCERTAIN = (
    # one name, several places
    "朝阳区", "鼓楼区", "西湖区文三路12号", "和平区", "通州区", "长安区", "铁西区", "白云区", "宝山",
    # words that any city uses
    "城区", "郊区", "城东区", "市中区", "新城区", "城关镇", "开发区", "高新区", "东区", "矿区",
    # a road, a village or an estate that is called after a city
    "北京路12号", "南京西路1266号", "上海路街道", "中山路5号", "中山一路", "延安中路", "广州大道中", "长沙坝村3组",
    "桂林街道", "中山镇", "长沙社区", "北京小区", "遵义路", "大连西路", "重庆南路", "西安村", "杭州花园", "苏州弄",
    # what contradicts itself
    "四川省涪陵市", "广东省通州区", "浙江省南京市",
    # no place of ours
    "文三路12号", "陈家村3组", "310012", "日本东京", "韩国首尔", "泗水", "蒙古乌兰巴托", "", " ", "12号", "小区",
)  # fmt: skip


@pytest.mark.parametrize(("address", "city"), CERTAIN.items())
def test_an_address_gives_its_city_or_its_province(address: str, city: str) -> None:
    assert city_of(address) == city


@pytest.mark.parametrize("address", UNCERTAIN)
def test_what_is_not_certain_gives_nothing(address: str) -> None:
    assert city_of(address) == ""


def test_every_county_gives_its_own_city() -> None:
    for province, city, counties in file_rows("cities.tsv"):
        for county in counties.split():
            whole = f"{province}{city}{county}人民路1号"
            assert city_of(whole) == (city or province), whole


def test_nowhere_abroad_is_taken_for_a_city_of_ours() -> None:
    for line in lines_of("foreign_cities.txt"):
        country, *cities = line.split()
        assert {city_of(word) for word in (country, *cities, *(country + city for city in cities))} == {""}, line


def test_a_city_is_shown_from_so_many_patients_on_and_a_patient_counts_once() -> None:
    homes = [(f"P{number}", ("杭州市", "杭州市")) for number in range(19)] + [("P0", ("杭州市",))]
    assert shared(homes, 20) == {}
    assert shared([*homes, ("P19", ("杭州市",))], 20) == {"杭州市": "杭州市"}


def test_rare_cities_share_their_province_and_those_of_a_common_city_do_not_help_them() -> None:
    chengdu = [(f"P{number}", ("成都市",)) for number in range(19)]
    assert shared([*chengdu, ("Q", ("绵阳市",))], 20) == {"成都市": "四川省", "绵阳市": "四川省"}
    hangzhou = [(f"P{number}", ("杭州市",)) for number in range(500)]
    assert shared([*hangzhou, ("Q", ("宁波市",)), ("R", ("浙江省",))], 20) == {"杭州市": "杭州市"}


def test_a_place_that_is_neither_city_nor_province_is_never_shown() -> None:
    homes = [(f"P{number}", ("西湖区", "文三路12号", "张伟")) for number in range(50)]
    assert shared(homes, 20) == {}
    for finer in ("西湖区", "文三路", "杭州", "", "〔杭州市〕"):
        assert province_of(finer) == ""
        with pytest.raises(ValueError, match="neither"):
            as_shown(finer)


def _render(profile: str, places: dict[str, str]) -> str:
    text = CleanText.certified("住〔地址#1〕，生于〔地址#2〕，就诊于〔机构#1〕。")
    return Renderer(profile, b"k" * 16, {}, PatientToken("P1"), places=places).render(text)


def test_research_shows_the_city_and_the_other_profiles_never_do() -> None:
    shown = _render("research", {"地址#1": "杭州市"})
    assert shown.startswith("住〔杭州市〕，生于地址")
    assert _render("tags", {"地址#1": "杭州市"}) == "住〔地址#1〕，生于〔地址#2〕，就诊于〔机构#1〕。"
    assert _render("strict", {"地址#1": "杭州市"}) == "住〔地址〕，生于〔地址〕，就诊于〔机构〕。"
    assert _render("research", {}) == _render("research", {"机构#1": "杭州市"})


def test_the_residual_scan_takes_a_city_and_nothing_finer() -> None:
    assert scan("家住〔杭州市〕，生于〔四川省〕，迁自〔西双版纳傣族自治州〕，现居〔北京市〕。") == ()
    for finer in ("〔西湖区〕", "〔杭州市西湖区〕", "〔杭州市文三路〕", "〔桐庐县〕", "〔陈家村〕", "〔某某地区〕"):
        assert [span.rule for span in scan(f"家住{finer}，")] == ["residual.finer"], finer
    assert scan("〔杭州市〕西湖区文三路12号")


def test_a_shown_city_is_passed_over_with_its_offsets_kept() -> None:
    text = "住〔杭州市〕西湖"
    assert without_shown(text, "*") == "住*****西湖"
    assert without_shown("住〔西湖区〕", "*") == "住〔西湖区〕"


def test_a_profile_without_a_safe_least_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for least in (0, 9, -1, "20", True):
        monkeypatch.setattr(
            "deid.render.tomllib.loads",
            lambda _, least=least: {
                "person": "surrogate", "thing": "surrogate", "address": "city", "date": "shift", "age": "90+",
                "city_min": least,
            },
        )  # fmt: skip
        load_profile.cache_clear()
        with pytest.raises(BadInput, match="city_min"):
            load_profile("research")
    load_profile.cache_clear()
    monkeypatch.undo()
    assert load_profile("research").city_min == 20
