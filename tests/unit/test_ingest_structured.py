"""FHIR bundles, CDA documents and the markup inside them."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest

from ingest.connectors import cda, fhir
from ingest.connectors.markup import text_of_html
from ingest.describe import describe
from ingest.description import Description, Facts
from ingest.rejects import Reason, Reject
from ingest.transcript import Page, Transcript
from records.entities import Entity

XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "document",
    "timestamp": "2023-05-12T10:00:00+08:00",
    "identifier": {"system": "urn:hospital", "value": "DOC-778899"},
    "entry": [
        {
            "fullUrl": "urn:uuid:1",
            "resource": {
                "resourceType": "Composition",
                "status": "final",
                "type": {"text": "出院记录"},
                "title": "出院记录",
                "date": "2023-05-12T10:00:00+08:00",
                "subject": {"reference": "urn:uuid:2"},
                "author": [{"reference": "urn:uuid:3"}],
                "section": [
                    {
                        "title": "诊疗经过",
                        "text": {
                            "status": "generated",
                            "div": f"<div {XHTML}><p>患者入院后<b>血糖</b>&nbsp;&lt;3.9。</p><p>好转。</p></div>",
                        },
                    },
                    {"title": "辅助检查", "entry": [{"reference": "urn:uuid:5"}]},
                    {"title": "病区交代", "text": {"status": "generated", "div": f"<div {XHTML}>随诊</div>"}},
                ],
            },
        },
        {
            "fullUrl": "urn:uuid:2",
            "resource": {
                "resourceType": "Patient",
                "identifier": [
                    {"system": "urn:mrn", "value": "20231187"},
                    {"system": "urn:card", "value": "320102196001011234"},
                    {"type": {"text": "医保卡号"}, "value": "YB99887766"},
                ],
                "name": [{"family": "诸葛", "given": ["文静"]}],
                "gender": "female",
                "birthDate": "1960-01-01",
                "telecom": [{"system": "phone", "value": "13812345678"}, {"system": "email", "value": "a@example.com"}],
                "address": [{"text": "溪山县清水路18号"}],
                "contact": [
                    {
                        "relationship": [{"text": "儿子"}],
                        "name": {"text": "诸葛明"},
                        "telecom": [{"system": "phone", "value": "13900001111"}],
                    }
                ],
            },
        },
        {"fullUrl": "urn:uuid:3", "resource": {"resourceType": "Practitioner", "name": [{"text": "王小燕"}]}},
        {
            "fullUrl": "urn:uuid:4",
            "resource": {
                "resourceType": "Encounter",
                "status": "finished",
                "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
                "identifier": [{"value": "ZY00112233"}],
                "serviceType": {"text": "内分泌代谢科"},
                "period": {"start": "2023-05-01", "end": "2023-05-12"},
            },
        },
        {
            "fullUrl": "urn:uuid:5",
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "code": {"text": "肌酐"},
                "performer": [{"reference": "Practitioner/x", "display": "吕刚淼"}],
                "valueQuantity": {"value": 168.3, "unit": "μmol/L"},
                "interpretation": [{"coding": [{"code": "H"}]}],
                "referenceRange": [{"low": {"value": 57}, "high": {"value": 97}}],
            },
        },
        {
            "fullUrl": "urn:uuid:6",
            "resource": {
                "resourceType": "Condition",
                "code": {"text": "2型糖尿病肾病"},
                "subject": {"reference": "urn:uuid:2"},
            },
        },
    ],
}


def read(content: Any) -> tuple[Page, Facts]:
    return fhir.read(json.dumps(content, ensure_ascii=False).encode())


def described(content: Any) -> Description:
    page, facts = read(content)
    return describe(Transcript("application/fhir+json", (page,)), facts)


def test_a_bundle_gives_its_identities_directly() -> None:
    record = described(BUNDLE)
    facts = record.facts
    assert facts.name is not None and facts.name.reveal() == "诸葛文静"
    assert (facts.sex, facts.birth_date, record.age) == ("F", date(1960, 1, 1), 63)
    assert (record.record_type, record.department, record.on) == ("D33", "内分泌科", date(2023, 5, 12))
    assert {(item.entity, item.kind, item.value.reveal()) for item in facts.identifiers} == {
        (Entity.MEDICAL_ID, "record_number", "20231187"),
        (Entity.ID_CARD, "id_card", "320102196001011234"),
        (Entity.MEDICAL_ID, "insurance", "YB99887766"),
        (Entity.PHONE, "phone", "13812345678"),
        (Entity.PHONE, "phone", "13900001111"),
        (Entity.EMAIL, "email", "a@example.com"),
        (Entity.ADDRESS, "address", "溪山县清水路18号"),
        (Entity.MEDICAL_ID, "visit_number", "ZY00112233"),
    }
    assert [(person.name.reveal(), person.relation) for person in facts.relatives] == [("诸葛明", "儿子")]
    assert {person.name.reveal() for person in facts.staff} == {"王小燕", "吕刚淼"}
    assert [item.reveal() for item in facts.diagnoses] == ["2型糖尿病肾病"]


def test_narratives_and_observations_become_text() -> None:
    parts = [(part.heading, part.text.reveal()) for part in described(BUNDLE).sections]
    assert parts == [
        ("诊疗经过", "患者入院后血糖 <3.9。\n好转。"),
        ("辅助检查", "肌酐  168.3  ↑  μmol/L  57-97"),
        ("", "病区交代：随诊"),
        ("诊断", "2型糖尿病肾病"),
    ]


def test_a_bundle_that_is_not_valid_is_read_and_marked() -> None:
    broken = copy.deepcopy(BUNDLE)
    broken["entry"][4]["resource"]["status"] = ["final", "final"]
    assert read(BUNDLE)[0].reasons == ()
    assert read(broken)[0].reasons == (fhir.NOTE_INVALID,)
    assert described(broken).facts.name is not None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"resourceType": "Bundle", "entry": [{"resou', Reason.TRUNCATED),
        (b'{"resourceType": "Bundle", "entry": [}]}', Reason.UNREADABLE),
        (b'{"name": "a package", "version": 1}', Reason.NOT_A_RECORD),
        (b"[1, 2, 3]", Reason.NOT_A_RECORD),
        (b'{"resourceType": "Patient", "name": [{"text": "x"}]}', Reason.NOT_A_RECORD),
        (b'{"resourceType": "Bundle", "type": "document"}', Reason.NOT_A_RECORD),
        (b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]}', Reason.NOT_A_RECORD),
        (b'{"resourceType": "Bundle", "entry": ' + b"[" * 5000 + b"]" * 5000 + b"}", Reason.UNREADABLE),
    ],
)
def test_json_that_is_no_record_says_why(data: bytes, reason: Reason) -> None:
    with pytest.raises(Reject) as caught:
        fhir.read(data)
    assert caught.value.reason is reason


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [None], [{"x": [1]}], {"reference": 5}, [[["x"]]]])
def test_odd_values_anywhere_are_survived_or_rejected(value: Any) -> None:
    for place in range(len(BUNDLE["entry"])):
        for key in BUNDLE["entry"][place]["resource"]:
            odd = copy.deepcopy(BUNDLE)
            odd["entry"][place]["resource"][key] = value
            try:
                described(odd)
            except Reject as reject:
                assert reject.reason in (Reason.UNREADABLE, Reason.NOT_A_RECORD)


def test_markup_becomes_lines_and_cells() -> None:
    rows = "<tr><td>肌酐</td><td>168</td></tr><tr><td>尿素</td><td>7.4</td></tr>"
    assert (
        text_of_html(f"<div {XHTML}><table>{rows}</table><ul><li>甲</li><li>乙</li></ul></div>")
        == "肌酐  168\n尿素  7.4\n甲\n乙"
    )


def test_markup_runs_nothing_and_fetches_nothing() -> None:
    hostile = '<div><script>alert(1)</script><style>b{}</style><img src="http://127.0.0.1:1/x"/>正文</div>'
    assert text_of_html(hostile) == "正文"
    assert text_of_html("<div>" * 30000) == ""
    assert text_of_html("") == ""


CDA = """<ClinicalDocument xmlns="urn:hl7-org:v3"><title>出院记录</title><effectiveTime value="20230512101500"/>
<recordTarget><patientRole><id extension="20231187"/><addr>溪山县清水路18号</addr><telecom value="tel:13812345678"/>
<patient><id extension="320102196001011234"/><name>诸葛文静</name><administrativeGenderCode code="2"/>
<birthTime value="19600101"/></patient></patientRole></recordTarget>
<author><assignedAuthor><assignedPerson><name>王小燕</name></assignedPerson></assignedAuthor></author>
<component><structuredBody><component><section><title>诊疗经过</title><text><paragraph>予胰岛素。</paragraph></text></section>
</component></structuredBody></component></ClinicalDocument>"""


def test_a_cda_document_is_read() -> None:
    page, facts = cda.read(CDA.encode())
    record = describe(Transcript("application/hl7-cda+xml", (page,)), facts)
    assert facts.name is not None and facts.name.reveal() == "诸葛文静"
    assert (record.record_type, record.on, record.age, facts.sex) == ("D33", date(2023, 5, 12), 63, "F")
    assert {item.value.reveal() for item in facts.identifiers} == {
        "20231187", "320102196001011234", "13812345678", "溪山县清水路18号",
    }  # fmt: skip
    assert [(part.heading, part.text.reveal()) for part in record.sections] == [("诊疗经过", "予胰岛素。")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (CDA[: len(CDA) // 2], Reason.TRUNCATED),
        (
            '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + CDA.replace("予胰岛素", "&x;"),
            Reason.UNREADABLE,
        ),
        ('<ClinicalDocument xmlns="urn:hl7-org:v3"><title>x</title></ClinicalDocument>', Reason.NOT_A_RECORD),
        ("<ClinicalDocument><a></b></ClinicalDocument>", Reason.UNREADABLE),
    ],
)
def test_xml_that_is_no_record_says_why(data: str, reason: Reason) -> None:
    with pytest.raises(Reject) as caught:
        cda.read(data.encode())
    assert caught.value.reason is reason
