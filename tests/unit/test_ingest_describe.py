"""Descriptions of records: who, when, where, what kind, and sections."""

from __future__ import annotations

from datetime import date

import pytest

from ingest import dates, vocabulary
from ingest.describe import describe
from ingest.description import Description
from ingest.fields import fields
from ingest.ocr.engine import Box
from ingest.people import relatives, staff
from ingest.presentation import presented
from ingest.sections import heading_of, split
from ingest.transcript import Line, Page, Source, Transcript, plain_page
from records.texts import IdentifiedText

DISCHARGE = """溪山县中心医院
出 院 记 录
姓名：诸葛文静  性别：女  出生日期：1958年4月  年龄：65岁  科室：内分泌代谢科二病区  床号：12床
住院号：ZY20231187  身份证号：320102195804011234
联系人：诸葛明  关系：儿子  联系电话：13812345678
家庭住址：溪山县清水路18号2单元301室
入院日期：2023-05-01  出院日期：2023-05-12
入院情况：因口渴、多饮10年，视物模糊半年入院。既往史：高血压8年。
诊疗经过：完善检查，予胰岛素降糖。
出院诊断：1.2型糖尿病肾病；2.糖尿病视网膜病变 3.高血压病2级
出院医嘱：低盐低脂糖尿病饮食，定期复查。
主治医师：欧阳建  住院医师：王小燕
2023年5月12日"""


def described(text: str) -> Description:
    return describe(Transcript("text/plain", (plain_page(1, text.splitlines()),)))


def test_a_discharge_record_is_described_whole() -> None:
    record = described(DISCHARGE)
    facts = record.facts
    assert (record.record_type, record.department, record.on, record.age) == ("D33", "内分泌科", date(2023, 5, 12), 65)
    assert facts.name is not None and facts.name.reveal() == "诸葛文静"
    assert facts.sex == "F"
    assert {(item.kind, item.value.reveal()) for item in facts.identifiers} == {
        ("record_number", "ZY20231187"),
        ("id_card", "320102195804011234"),
        ("phone", "13812345678"),
        ("address", "溪山县清水路18号2单元301室"),
    }
    assert [(person.name.reveal(), person.relation) for person in facts.relatives] == [("诸葛明", "儿子")]
    assert [(person.name.reveal(), person.relation) for person in facts.staff] == [
        ("欧阳建", "主治医师"),
        ("王小燕", "住院医师"),
    ]
    assert [item.reveal() for item in facts.diagnoses] == ["2型糖尿病肾病", "糖尿病视网膜病变", "高血压病2级"]
    assert [item.reveal() for item in facts.organisations] == ["溪山县中心医院"]
    assert record.reasons == ()


def test_sections_hold_no_identity_field_of_the_head() -> None:
    record = described(DISCHARGE)
    assert [part.heading for part in record.sections] == ["", "入院情况", "既往史", "诊疗经过", "出院诊断", "出院医嘱"]
    head = record.sections[0].text.reveal()
    assert "内分泌代谢科二病区" in head
    for value in ("诸葛", "ZY2023", "3201", "1381", "清水路", "1958年4月", "中心医院"):
        assert value not in head


def test_a_description_survives_the_vault_and_shows_nothing_in_its_repr() -> None:
    record = described(DISCHARGE)
    again = Description.from_json(record.to_json())
    assert again.to_json() == record.to_json()
    for value in ("诸葛", "1381", "3201", "王小燕", "2023", "口渴"):
        assert value not in repr(record)


@pytest.mark.parametrize("code", sorted(vocabulary.record_types()))
def test_every_record_type_is_known_by_each_of_its_titles(code: str) -> None:
    kind = vocabulary.record_types()[code]
    for title in (kind.zh, *kind.titles):
        assert vocabulary.type_of_title(title) == code, title
        assert vocabulary.type_of_title(" ".join(title)) == code, title


@pytest.mark.parametrize("code", sorted(vocabulary.record_types()))
def test_every_heading_of_a_type_opens_its_section(code: str) -> None:
    for heading in vocabulary.record_types()[code].headings:
        (part,) = split([f"{heading}：此处为正文。"])
        assert part.heading == vocabulary.squeezed(heading)
        assert heading_of(heading) == vocabulary.squeezed(heading)


def test_a_title_that_holds_another_title_goes_to_the_longer_one() -> None:
    assert vocabulary.type_of_title("术后首次病程记录") == "D21"
    assert vocabulary.type_of_title("首次病程记录") == "D05"
    assert vocabulary.type_of_title("病程记录") == "D06"
    assert vocabulary.type_of_title("24小时内入院死亡记录") == "D35"
    assert vocabulary.type_of_title("双下肢动脉彩色超声检查报告单") == "D24"
    assert vocabulary.type_of_title("关于规范病历书写的通知") == ""


def test_without_a_title_the_headings_tell_the_type() -> None:
    record = described(
        "主诉：咳嗽3天。\n现病史：受凉后咳嗽。\n既往史：体健。\n月经史：规律。\n婚育史：已婚。\n家族史：无。\n专科情况：略。"
    )
    assert record.record_type == "D02"
    assert described("今日天气晴。").record_type == ""


HEADING_LINES = [
    ("主 诉：多饮多尿5年。", [("主诉", "多饮多尿5年。")]),
    ("【现病史】患者5年前起病。", [("现病史", "患者5年前起病。")]),
    ("一、体格检查：T 36.5℃", [("体格检查", "T 36.5℃")]),
    ("诊疗经讨：予补液。", [("诊疗经过", "予补液。")]),  # one character misread
    ("体健。家族史：父亲患糖尿病。", [("", "体健。"), ("家族史", "父亲患糖尿病。")]),
    ("血常规：WBC 5.6×10^9/L", [("", "血常规：WBC 5.6×10^9/L")]),
    ("患者否认既往史中有肝炎", [("", "患者否认既往史中有肝炎")]),
]


@pytest.mark.parametrize(("line", "parts"), HEADING_LINES)
def test_headings_are_found_where_they_open_a_section_only(line: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.heading, part.text.reveal()) for part in split([line])] == parts


FIELD_LINES = [
    ("姓名：张三性别：男年龄：30岁", [("name", "张三"), ("sex", "男"), ("age", "30岁")]),
    ("姓 名：李四    性 别：女", [("name", "李四"), ("sex", "女")]),
    ("姓名李四 性别：女", [("name", "李四"), ("sex", "女")]),
    ("手术者  杨霞涵  麻醉医师  彭凤婧", [("staff", "杨霞涵"), ("staff", "彭凤婧")]),
    ("（病理号：614619）回报：甲状腺癌，直径0.3cm", [("exam_number", "614619")]),
    ("序  项目  结果  单位  参考区间", []),
    ("无电话随访。", []),
    (
        "姓名徐某，性别男，工作单位溪山水泥厂，现住址溪山县清水路18号，联系电话13912345678，联系人徐小某（女儿，1390000）",
        [("name", "徐某"), ("sex", "男"), ("employer", "溪山水泥厂"), ("address", "溪山县清水路18号"),
         ("phone", "13912345678"), ("contact", "徐小某（女儿")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), FIELD_LINES)
def test_labelled_values(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(field.kind, field.value) for field in fields([line])] == expected


PEOPLE_LINES = [
    ("病史陈述者：患者之子 张强", [("张强", "子")], []),
    ("家属签名：王芳（配偶）", [("王芳", "配偶")], []),
    ("病史陈述者：患者本人", [], []),
    ("参加人员：张三主任医师、李四副主任医师、欧阳娜娜护士长", [], ["张三", "李四", "欧阳娜娜"]),
    ("术者助手：术者许志强，Ⅰ助张晓梅", [], ["许志强", "张晓梅"]),
    ("会诊医师：巴合提·努尔兰", [], ["巴合提·努尔兰"]),
    ("医师签名：", [], []),
]


@pytest.mark.parametrize(("line", "kin", "doctors"), PEOPLE_LINES)
def test_people_in_fields(line: str, kin: list[tuple[str, str]], doctors: list[str]) -> None:
    found = fields([line])
    assert [(person.name.reveal(), person.relation) for person in relatives(found)] == kin
    assert [person.name.reveal() for person in staff(found, [line])] == doctors


def test_a_name_alone_under_a_note_is_its_signature() -> None:
    lines = ["2024-03-19 12:32", "患者病情平稳，继续治疗。", "周嫣刚", "2024-03-20 16:40", "无特殊。", "周嫣刚"]
    assert [person.name.reveal() for person in staff([], lines)] == ["周嫣刚"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-19 12:32", date(2024, 3, 19)),
        ("2021/04/10", date(2021, 4, 10)),
        ("2022.11.25", date(2022, 11, 25)),
        ("2023年07月07日15:06", date(2023, 7, 7)),
        ("20240319", date(2024, 3, 19)),
        ("2023-02-0315:26", date(2023, 2, 3)),
        ("２０２３年７月７日", date(2023, 7, 7)),
        ("2023-13-40", None),
        ("编号120240319", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert dates.first_date(text) == day


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("内分泌科二病区", "内分泌科"),
        ("心内科", "心血管内科"),
        ("ICU", "重症医学科"),
        ("Nephrology", "肾内科"),
        ("14病区", ""),
        ("神经内科护理单元", "神经内科"),
    ],
)
def test_departments_by_any_name(written: str, name: str) -> None:
    assert vocabulary.department(written) == name


def scanned(*rows: tuple[str, Box]) -> Description:
    lines = tuple(Line(IdentifiedText(text), 0.99, box) for text, box in rows)
    return describe(Transcript("image/png", (Page(1, Source.OCR, lines, 2400, 3400),)))


def test_lines_wrapped_at_the_margin_are_whole_again() -> None:
    record = scanned(
        ("现病史：患者五年前无明显诱因出现口渴多饮，由其子诸葛", (100, 100, 2300, 150)),
        ("明送来我院，现病情平稳，无特殊不适主诉，今日随访。", (100, 160, 1500, 210)),
        ("既往史：体健，否认肝炎结核等传染病史，否认食物药物过", (100, 220, 2300, 270)),
        ("敏史。", (100, 280, 300, 330)),
    )
    first, second = record.sections
    assert (first.heading, second.heading) == ("现病史", "既往史")
    assert "诸葛明送来" in first.text.reveal()
    assert second.text.reveal().endswith("食物药物过敏史。")


def test_a_value_on_the_line_below_its_label_is_found() -> None:
    record = described("住院病案首页\n联系人：\n诸葛明  关系：儿子  电话：\n13812345678")
    assert [person.name.reveal() for person in record.facts.relatives] == ["诸葛明"]
    assert [item.value.reveal() for item in record.facts.identifiers] == ["13812345678"]


def test_running_heads_and_page_numbers_stay_out_of_the_sections() -> None:
    def page(number: int, body: str) -> Page:
        rows = [("溪山县中心医院  姓名：诸葛文静", 20), (body, 900), (f"第{number}页 共2页", 3300)]
        lines = tuple(Line(IdentifiedText(text), 0.99, (100, y, 900, y + 40)) for text, y in rows)
        return Page(number, Source.OCR, lines, 2400, 3400)

    record = describe(Transcript("image/png", (page(1, "诊疗经过：平稳。"), page(2, "出院医嘱：随诊。"))))
    whole = "\n".join(part.text.reveal() for part in record.sections)
    assert "第1页" not in whole and "第2页" not in whole
    assert whole.count("诸葛文静") == 0


def test_what_is_missing_is_said() -> None:
    assert set(described("咳嗽三天。").reasons) == {
        "no_name",
        "no_identity",
        "no_record_type",
        "no_date",
        "no_department",
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("患者 游丝雨，女，72岁，急诊号 JZ20230226031", ("游丝雨", "F", 72)),
        ("患者张三，男，45岁，因胸痛入院。", ("张三", "M", 45)),
        ("欧阳修，男，9岁。", ("欧阳修", "M", 9)),
        ("古丽娜尔·买买提（女，42岁）", ("古丽娜尔·买买提", "F", 42)),
        ("古丽娜尔·买买提，女，42岁", ("古丽娜尔·买买提", "F", 42)),
        ("患者诉胸痛，男。", None),
        ("高血压，男性多见", None),
        ("家族史：母亲，女，60岁", None),
    ],
)
def test_a_sentence_presents_the_patient(line: str, expected: tuple[str, str, int | None] | None) -> None:
    found = presented([line])
    assert (found and (found.name.reveal(), found.sex, found.age)) == expected


def test_cells_parted_by_bars_are_fields() -> None:
    found = {
        item.kind: item.value
        for item in fields(["姓名|尤金娜|性别|女|年龄|22岁", "门诊号|FR-20230111-06|电话|13314548871"])
    }
    assert found == {
        "name": "尤金娜",
        "sex": "女",
        "age": "22岁",
        "record_number": "FR-20230111-06",
        "phone": "13314548871",
    }
