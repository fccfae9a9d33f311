"""Latin letters: people, places and institutions of English letters and of foreigners' records; medicine stays."""

from __future__ import annotations

import pytest

from deid.api import Deidentifier
from deid.spans import Span
from records.entities import Entity
from records.texts import IdentifiedText

DEID = Deidentifier.load()
PERSON = [
    "I saw Mrs ⟦Catherine Anne Hollis⟧ today.", "Thank you, Dr ⟦O'Reilly⟧, for the referral.",
    "under the care of Prof. Dr. ⟦Hansjörg Bäumer⟧.",
    "He came with his colleague ⟦Tyler Nakamura⟧ by car.", "her brother ⟦Alan Thwaite⟧ is well",
    "seen by the physiotherapist ⟦Laura Bianchi⟧ today",
    "the case handler ⟦Claire Dubois⟧ was told", "Dear ⟦Weijie⟧,\nMany thanks for the slides.",
    "Yours sincerely\n\n⟦Susan Ridley⟧\nConsultant",
    "With kind regards,\n⟦Olivier Marchand⟧", "From: ⟦Olivier Marchand⟧ at the clinic",
    "Call from ⟦Park Ji-hoon⟧ at the hotel", "Best wishes to ⟦Meiling⟧ and the boys",
    "⟦Wu Peiran⟧, M.D., head of the department", "⟦Jürgen Wolff⟧, a friend, will escort him.",
    "and ⟦Jennifer⟧ joined by phone", "⟦Tanaka Hiroshi⟧ of the insurer was told",
    "Mr ⟦Delgado⟧ is 46. On day two ⟦Delgado⟧ was febrile.",
    "Ms. ⟦XU Jiayi⟧ was seen. ⟦Jiayi⟧ has a brother.",
    "Mr ⟦Mark Whitfield⟧ was admitted. ⟦Mark⟧ was started on esmolol and ⟦Whitfield⟧'s wife told.",
    "Re: Mr ⟦Robert Hale⟧, seen in the clinic.\n中文摘要：患者⟦Robert⟧，英国籍，术后⟦Robert⟧出现乏力。",
    "签名：女方⟦郑嘉雯⟧　男方⟦TAN KOK LEONG⟧　谈话医师",
    "请社工⟦阿May⟧联系。", "病例3 ⟦Maria Santos⟧，女，44岁，菲律宾籍。",
]  # fmt: skip
ADDRESS = [
    "writes from ⟦17 Harrowgate Lane, Stockton-on-Tees, TS19 8TF⟧ in the north",
    "of ⟦51 Little France Crescent, Edinburgh EH16 4SA⟧.",
    "at ⟦2418 Maple Hollow Drive, Apt 6, Columbus, OH 43215, USA⟧ for years",
    "to ⟦300 Grattan Street, Parkville VIC 3050, Australia⟧, phone",
    "at ⟦No. 218 Jiefang Road, Shangcheng District, Hangzhou, Zhejiang 310009, P.R. China⟧ now",
    "live at ⟦Room 502, Building 7, Yinyue Garden, Yuecheng District, Shaoxing⟧. The",
    "德国地址：⟦Bergstraße 14, 70563 Stuttgart⟧；", "from ⟦8 rue des Tanneurs, 69005 Lyon⟧ are attached",
    "lives at ⟦25 Teheran-ro, Gangnam-gu, Seoul 06141⟧, stays",
    "(⟦1-2-1 Marunouchi, Chiyoda-ku, Tokyo 100-8050⟧, in town)", "(⟦12 Tverskaya Street, Moscow 125009⟧, tel)",
    "an engineer seconded to ⟦Rudong⟧ in May", "arrived from ⟦Leith⟧ on the ward", "was born in ⟦Shaoxing⟧ and now",
    "flew in from ⟦Columbus⟧ for work",
]  # fmt: skip
ORGANISATION = [
    "to the ⟦Royal Infirmary of Edinburgh⟧ for care", "by ⟦Harrowgate Lane Surgery⟧ on call",
    "at ⟦James Cook University Hospital⟧ with a stent",
    "employed by ⟦Brightwell Robotics Inc.⟧ in sales",
    "his insurer ⟦Cigna Global⟧ agreed",
    "panel sent to ⟦KingMed Diagnostics⟧, pending",
    "his doctor at ⟦Clintonville Family Practice⟧ knows", "now studies at the ⟦University of Melbourne⟧ there",
    "admitted to ⟦Klinikum Stuttgart⟧, under", "her records from ⟦Clinique Saint-Luc⟧ are attached",
    "a post at the ⟦Lycée Français de Chengdu⟧ here",
    "⟦The Second Affiliated Hospital of Qinzhou Medical University⟧",
    "stays at ⟦Hilton Yantai⟧ for now",
]  # fmt: skip
MEDICINE = [
    "No Murphy sign, McBurney point tender, Rovsing sign negative.",
    "Hughes functional score 4, Miller Fisher syndrome.",
    "Vimentin (+), Melan-A (-), Cathepsin K (+), Ki-67 20%, Cyclin D1 (+).",
    "CD10(+)  Vimentin(部分+)  Melan-A(-)  Cathepsin K(+)",
    "Discussed with Cardiology and Infectious Diseases; Vascular Surgery will follow.",
    "Referred by Emergency Medicine.",
    "The patient was started on Eliquis, Jardiance and Entresto.", "Call from Laboratory: critical potassium.",
    "Jackson-Pratt drain removed, Foley catheter kept, Penrose drain in place.",
    "American College of Cardiology guideline, Cooperative Oncology Group status 0.",
    "Wilson disease excluded: no Kayser-Fleischer ring.", "Virchow node and Sister Mary Joseph nodule absent.",
    "Mother had breast cancer; father had diabetes; brother healthy.",
    "He works in Finance. Return to Clinic in 2 Weeks.",
    "Straumann BLT implant, bone substitute.", "Dear Colleague, thank you for your referral.",
    "Kind regards, Department of Surgery", "Pain Clinic and Stroke Unit were informed.",
    "Traditional Chinese Medicine consult; Japanese Encephalitis vaccine.",
    "Montreal Cognitive Assessment 26 of 30 points",
    "蛋白-细胞分离，Hughes 功能评分 4级", "牙列缺损（Kennedy III类）", "未突破 Gerota 筋膜。", "Sanger 验证：杂合。",
    "影像检查：CBCT（牙位）", "输血前检查：ALT 62U/L", "专科检查：VOD HM/30cm", "每周抽查Glo Germ荧光标记清除率",
    "Sjögren综合征，Robert Jones绷带固定，Thomas征(-)", "使用Da Vinci Xi系统",
]  # fmt: skip


def _unmark(line: str) -> tuple[str, set[tuple[int, int]]]:
    text, marks = "", set()
    for piece in line.split("⟦"):
        value, closed, rest = piece.partition("⟧")
        if closed:
            marks.add((len(text), len(text) + len(value)))
        text += value + rest
    return text, marks


@pytest.mark.parametrize(
    ("entity", "line"),
    [(Entity.PERSON, line) for line in PERSON]
    + [(Entity.ADDRESS, line) for line in ADDRESS]
    + [(Entity.ORGANISATION, line) for line in ORGANISATION],
)
def test_who_and_where_in_latin_letters_is_found_whole(entity: Entity, line: str) -> None:
    text, marks = _unmark(line)
    assert {(span.start, span.end) for span in _of(text) if span.entity is entity} == marks


@pytest.mark.parametrize("line", MEDICINE)
def test_medicine_in_latin_letters_stays(line: str) -> None:
    assert _of(line) == []


def _of(text: str) -> list[Span]:
    kinds = (Entity.PERSON, Entity.ADDRESS, Entity.ORGANISATION)
    return [span for span in DEID.spans(IdentifiedText(text)) if span.entity in kinds]


def test_long_words_take_no_time_to_be_no_names() -> None:
    for text in (f"He went to A{'iao' * 30}k in the end.", "He lives in " + "A'" * 8000 + " 12"):
        DEID.spans(IdentifiedText(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [("Wohnt Hauptstraße12 seit Jahren", "Hauptstraße12"), ("His sister in Burnaby, Canada called", "Burnaby")],
)
def test_an_address_needs_no_blank_and_no_figure(text: str, place: str) -> None:
    at = text.index(place)
    assert any(span.start <= at and at + len(place) <= span.end for span in DEID.spans(IdentifiedText(text)))
