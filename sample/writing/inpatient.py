"""Admission record (D02) and discharge record (D33)."""

from __future__ import annotations

from sample import seeds
from sample.markup import identifier
from sample.record import Record, Section
from sample.scribe import Scribe
from sample.writing.case import Case, diagnoses, signature


def admission(case: Case, _: str) -> Record:
    """D02 入院记录."""
    scribe = case.scribe(case.doctor(), case.at(0), 0.0)
    listed = diagnoses(scribe)
    special = scribe.all_say(("exam",))
    aux = scribe.all_say(("aux",))
    sections = [
        Section("一般项目", [_general(case, scribe)]),
        Section("主诉", [scribe.chief_complaint() + "。"]),
        Section("现病史", [_present_illness(scribe)]),
        Section("既往史", [past_history(scribe)]),
        Section("个人史", [scribe.phrase("personal_child" if _child(case) else "personal")]),
        _marriage(case, scribe),
        Section("家族史", [scribe.phrase("family_has" if case.patient.kin else "family_none")]),
        Section("体格检查", [scribe.phrase("vitals") + _general_exam(scribe, special)]),
    ]
    if special:
        sections.append(Section("专科情况", [special]))
    sections.append(Section("辅助检查", [aux or "暂缺。"]))
    sections.append(Section("初步诊断", scribe.numbered([name for _, name in listed])))
    return case.record("D02", scribe, sections, signature(scribe, case.doctor(1)), diagnoses=listed)


def _child(case: Case) -> bool:
    return case.patient.is_child


def _general(case: Case, scribe: Scribe) -> str:
    p = case.patient
    relation, name, phone = scribe.relative()
    informant = (
        f"患者之{scribe.value('relshort', '')}{name}"
        if _child(case) or case.rng.random() < 0.4
        else scribe.phrase("informant_self")
    )
    parts = [
        f"姓名{scribe.person(p.name, 'patient')}", f"性别{p.sex}", f"年龄{scribe.age_text}", f"民族{p.ethnic}",
        f"出生地{identifier('ADDRESS', 'patient', p.birthplace)}", f"职业{p.job}",
    ]  # fmt: skip
    if p.employer:
        parts.append(f"工作单位{identifier('ORGANISATION', 'patient', p.employer)}")
    parts.append(f"现住址{identifier('ADDRESS', 'patient', p.address)}")
    if case.rng.random() < 0.5:
        parts.append(f"身份证号{identifier('ID_CARD', 'patient', p.id_card)}")
    parts.append(f"联系电话{identifier('PHONE', 'patient', p.phone)}")
    if case.rng.random() < 0.5:
        parts.append(f"联系人{name}（{relation}，{phone}）")
    parts += [
        f"入院日期{scribe.moment(case.stay.start)}",
        f"记录日期{scribe.moment(scribe.when)}",
        f"病史陈述者{informant}（可靠）",
    ]
    return "，".join(parts) + "。"


def _present_illness(scribe: Scribe) -> str:
    main, *others = scribe.stay.blocks
    text = scribe.say(main, "onset", "symptom") + scribe.say(main, "hpi")
    text += scribe.all_say(("symptom",), [b for b in others if "symptom" in b.lines])
    if not scribe.style.terse:
        text += scribe.say(main, "neg")
    return text + scribe.phrase("bring") + scribe.phrase("tail")


def past_history(scribe: Scribe) -> str:
    """既往史: what there is, what is denied, allergies."""
    text = scribe.all_say(("past",), _known_before(scribe))
    if scribe.patient.denies:
        text += scribe.phrase("denial")
    if not scribe.patient.is_child:
        text += scribe.phrase("past_tail_m" if scribe.patient.male else "past_tail")
    return text + scribe.phrase("allergy_some" if scribe.patient.allergy else "allergy_none")


def _known_before(scribe: Scribe) -> list[seeds.Block]:
    """What the patient had before this visit: slow diseases, and sudden ones of earlier visits."""
    earlier = {b for visit in scribe.patient.story.visits[: scribe.stay.number] for b in visit.blocks}
    return [b for b in scribe.stay.blocks[1:] if b.id in earlier or not b.sudden]


def _general_exam(scribe: Scribe, special: str) -> str:
    """Findings of the organs that the special examination does not speak of."""
    parts = [scribe.phrase("general_start")]
    for organ, words in _ORGANS.items():
        if not any(word in special for word in words):
            parts.append(scribe.phrase(f"general_{organ}"))
    return "".join(parts)


_ORGANS = {
    "skin": ("黄染", "皮肤", "巩膜", "发绀", "淋巴结", "气管", "皮疹"),
    "lungs": ("肺", "呼吸音", "啰音", "气促"),
    "heart": ("心", "脉搏短绌"),
    "abdomen": ("腹", "肝", "脾", "子宫", "宫高"),
    "end": ("反射", "巴氏征", "病理征", "肌力", "畸形"),
}


def _marriage(case: Case, scribe: Scribe) -> Section:
    age = case.patient.age(case.stay.start.date())
    if age < 20:
        return Section("婚育史", [scribe.phrase("marriage_none")])
    if case.patient.male:
        return Section("婚育史", [scribe.phrase("marriage_m")])
    return Section("婚育史(月经史)", [scribe.phrase("marriage_fy" if age < 46 else "marriage_f")])


def discharge(case: Case, _: str) -> Record:
    """D33 出院记录."""
    scribe = case.scribe(case.doctor(), case.stay.end, 1.0)
    main = case.stay.blocks[0]
    listed = diagnoses(scribe)
    before = case.scribe(scribe.author, scribe.when, 0.0)
    days = (case.stay.end.date() - case.stay.start.date()).days
    admitted = f"因“{before.chief_complaint()}”于{scribe.day(case.stay.start.date())}入院。"
    admitted += before.phrase("vitals") + before.say(main, "exam") + before.say(main, "aux")
    sections = [
        Section(
            "入出院日期",
            [f"入院{scribe.day(case.stay.start.date())}，出院{scribe.day(case.stay.end.date())}，住院{days}天。"],
        ),
        Section("入院情况", [admitted]),
        Section("诊断", ["；".join(name for _, name in diagnoses(scribe, case.stay.blocks[:2])) + "。"]),
        Section("诊疗经过", [scribe.all_say(("course", "progress")) + scribe.phrase("tail")]),
        Section("出院诊断", scribe.numbered([name for _, name in listed])),
        Section("出院情况", [scribe.all_say(("state",)) or scribe.phrase("good_state")]),
        Section("出院医嘱", scribe.numbered([*_orders(scribe), scribe.phrase("discharge_tail")])),
    ]
    return case.record("D33", scribe, sections, signature(scribe, case.doctor(1)), diagnoses=listed)


def _orders(scribe: Scribe) -> list[str]:
    return [text for block in scribe.stay.blocks if (text := scribe.say(block, "orders"))]
