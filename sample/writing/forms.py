"""Front page of the stay (D01) and outpatient record (D38)."""

from __future__ import annotations

from sample import seeds
from sample.markup import identifier as mark
from sample.record import Record, Section
from sample.scribe import Scribe
from sample.writing.case import Case, diagnoses, signature
from sample.writing.inpatient import past_history


def outpatient(case: Case, _: str) -> Record:
    """D38 门（急）诊病历."""
    scribe = case.scribe(case.doctor(), case.at(0.2), 0.5)
    blocks = case.stay.blocks
    main, *others = blocks
    listed = diagnoses(scribe)
    plans = [t for b in blocks if (t := scribe.say(b, "op_plan"))] or [scribe.phrase("op_plan")]
    sections = [
        Section("主诉", [scribe.chief_complaint() + "。"]),
        Section(
            "现病史",
            [
                scribe.say(main, "op_hpi", "symptom", "onset")
                + scribe.all_say(("symptom", "op_hpi"), others)
                + scribe.say(main, "neg")
            ],
        ),
        Section("既往", [past_history(scribe) + (scribe.phrase("family_has") if case.patient.kin else "")]),
        Section("体征", [scribe.phrase("vitals") + scribe.phrase("op_exam") + scribe.all_say(("exam",), blocks[:2])]),
        Section("辅检", [scribe.all_say(("aux",)) or "待查。"]),
        Section("诊断", scribe.numbered([name for _, name in listed])),
        Section("处理", plans),
        Section("急诊留观/抢救", [scribe.phrase("emergency")]),
    ]
    header = case.header(scribe, ("就诊日期", scribe.day(case.stay.start.date())))
    if case.rng.random() < 0.4:
        header.append(("电话", mark("PHONE", "patient", case.patient.phone)))
    return case.record("D38", scribe, sections, signature(scribe), header=header, diagnoses=listed)


def front_page(case: Case, _: str) -> Record:
    """D01 住院病案首页."""
    scribe = case.scribe(case.doctor(), case.stay.end, 1.0)
    p, stay = case.patient, case.stay
    listed = diagnoses(scribe)
    days = (stay.end.date() - stay.start.date()).days
    operations = [o for b in stay.blocks for o in b.operations if ("D19", o["id"]) in stay.visit.records]
    pathology = case.number(7) if any(code == "D22" for code, _ in stay.visit.records) else "—"
    sections = [
        Section("机构/付费/健康卡", [_payment(case)]),
        Section("患者信息", _identity(case, scribe)),
        Section("单位", [_employer(case)]),
        Section("联系人", [_contact(case, scribe)]),
        Section("入院途径时间科别病房", [f"门诊  {scribe.moment(stay.start)}  {stay.visit.dept}  {stay.ward}"]),
        Section("转科", ["无"]),
        Section("出院时间科别", [f"{scribe.moment(stay.end)}  {stay.visit.dept}  {stay.ward}"]),
        Section("实际住院天数", [f"{days}天"]),
        Section("门急诊诊断", [listed[0][1]]),
        Section("出院主要/其他诊断", table=_coded(listed)),
        Section("损伤中毒外因", ["跌倒（居家）" if any(c == "hipfx" for c, _ in listed) else "—"]),
        Section("病理诊断号", [mark("MEDICAL_ID", "patient", pathology) if pathology != "—" else "—"]),
        Section("药物过敏", [f"有：{p.allergy}" if p.allergy else "无"]),
        Section("尸检", ["否"]),
        Section("血型Rh", [f"{p.blood}型  Rh阳性"]),
        Section("医师", [_team(case, scribe)]),
        Section("病案质量", ["甲  质控日期：" + scribe.day(stay.end.date())]),
        Section("手术操作", table=_operations(case, scribe, operations)) if operations else Section("手术操作", ["无"]),
        Section("离院方式", ["医嘱离院"]),
        Section("31天再住院计划", ["无"]),
        Section("颅脑昏迷时间", ["—"]),
        Section("费用", [f"总费用{case.rng.uniform(5200, 42000):.2f}元，自付{case.rng.uniform(900, 5200):.2f}元"]),
    ]  # fmt: skip
    header = [
        ("病案号", mark("MEDICAL_ID", "patient", p.mrn)),
        ("住院号", mark("MEDICAL_ID", "patient", stay.id)),
        ("第", f"{stay.number + 1}次住院"),
    ]
    coder = case.unit("病案室")
    signs = [("编码员", scribe.person(coder.name, "staff")), ("填表日期", scribe.day(stay.end.date()))]
    return case.record("D01", scribe, sections, signs, header=header, diagnoses=listed)


def _contact(case: Case, scribe: Scribe) -> str:
    first = case.patient.relatives[0]
    name, phone = scribe.person(first.name, "relative"), mark("PHONE", "relative", first.phone)
    address = mark("ADDRESS", "relative", case.patient.address)
    return f"{name}  关系：{first.relation}  电话：{phone}  地址：{address}"


def _payment(case: Case) -> str:
    p = case.patient
    text = f"{mark('ORGANISATION', 'place', case.hospital.name)}  付费方式：城镇职工基本医疗保险"
    text += f"  健康卡号：{mark('MEDICAL_ID', 'patient', p.insurance)}"
    if case.rng.random() < 0.4:
        text += f"  结算账号：{mark('ACCOUNT', 'patient', p.account)}"
    return text


def _identity(case: Case, scribe: Scribe) -> list[str]:
    p = case.patient
    born = mark("DATE", "patient", f"{p.born.year}年{p.born.month}月{p.born.day}日")
    married = "未婚" if p.age(case.stay.start.date()) < 20 else "已婚"
    mail = f"  电子邮箱：{mark('EMAIL', 'patient', p.email)}" if case.rng.random() < 0.35 else ""
    name, card = scribe.person(p.name, "patient"), mark("ID_CARD", "patient", p.id_card)
    return [
        f"姓名：{name}  性别：{p.sex}  出生日期：{born}  年龄：{scribe.age_text}  国籍：中国",
        f"民族：{p.ethnic}  职业：{p.job}  婚姻：{married}  身份证号：{card}",
        f"出生地：{mark('ADDRESS', 'patient', p.birthplace)}",
        f"现住址：{mark('ADDRESS', 'patient', p.address)}  电话：{mark('PHONE', 'patient', p.phone)}  "
        f"邮编：{p.post}{mail}",
        f"户口地址：{mark('ADDRESS', 'patient', p.home)}",
    ]


def _employer(case: Case) -> str:
    p = case.patient
    return mark("ORGANISATION", "patient", p.employer) if p.employer else "—"


def _coded(listed: list[tuple[str, str]]) -> list[list[str]]:
    rows = [["类别", "诊断名称", "ICD编码", "入院病情"]]
    for i, (concept, name) in enumerate(listed):
        rows.append(["主要诊断" if i == 0 else "其他诊断", name, seeds.concepts()[concept].icd10, "1"])
    return rows


def _team(case: Case, scribe: Scribe) -> str:
    names = [
        ("科主任", case.doctor(0)),
        ("主（副主）任医师", case.doctor(1)),
        ("主治医师", case.doctor(2)),
        ("住院医师", case.doctor(3)),
    ]
    text = "  ".join(f"{label}：{scribe.person(s.name, 'staff')}" for label, s in names)
    nurse = case.rng.choice(case.hospital.nurses[case.stay.visit.dept])
    return f"{text}  责任护士：{scribe.person(nurse.name, 'staff')}"


def _operations(case: Case, scribe: Scribe, operations: list[dict[str, object]]) -> list[list[str]]:
    rows = [["编码", "手术名称", "术者", "麻醉", "切口"]]
    for row in operations:
        surgeon = scribe.person(case.doctor(1).name, "staff")
        rows.append([str(row["code"]), scribe.fill(str(row["name"])), surgeon, str(row["anaesthesia"]), "Ⅱ/甲"])
    return rows


__all__ = ["front_page", "outpatient"]
