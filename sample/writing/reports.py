"""Reports: laboratory (D23), examinations (D24), pathology (D22), and the operation record (D19)."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any

from sample import seeds
from sample.markup import identifier
from sample.record import LabValue, Record, Section
from sample.scribe import Scribe
from sample.writing.case import Case, diagnoses


@lru_cache(maxsize=1)
def _exams() -> dict[str, dict[str, Any]]:
    return seeds.read("exams.toml")


def laboratory(case: Case, wanted: str) -> Record:
    """D23 检验报告 of a panel; `panel@1` asks for the values at the end of the stay."""
    name, _, late = wanted.partition("@")
    panel = seeds.panels()[name]
    phase = float(late) if late else (0.0 if case.stay.visit.inpatient else 0.5)
    worker, checker = case.rng.sample(case.hospital.units["检验科"], 2)
    scribe = case.scribe(worker, case.at(phase, 8), phase)
    taken = scribe.when
    received, reported = taken + timedelta(minutes=25), taken + timedelta(minutes=case.rng.randrange(70, 180))
    labs = [_lab(scribe, item) for item in panel["items"]]
    table = [["项目", "结果", "单位", "参考", "提示"]]
    table.extend([v.name, v.value, v.unit, v.reference, v.flag] for v in labs)
    barcode = f"{taken:%y%m%d}{case.number(7)}"
    sections = [
        Section("条码", [identifier("MEDICAL_ID", "patient", barcode)]),
        Section("标本", [panel["sample"]]),
        Section("采/收/报时间", [f"{scribe.moment(taken)} / {received:%H:%M} / {reported:%H:%M}"]),
        Section("项目 结果 单位 参考 提示", table=table),
    ]
    signs = [
        ("检验者", scribe.person(worker.name, "staff")), ("审核者", scribe.person(checker.name, "staff")),
        ("报告时间", scribe.moment(reported)),
    ]  # fmt: skip
    listed = diagnoses(scribe, case.stay.blocks[:1])
    header = case.header(scribe, ("临床诊断", listed[0][1]))
    title = f"{panel['title']}检验报告单"
    record = case.record("D23", scribe, sections, signs, title=title, header=header, diagnoses=listed)
    record.labs, record.when = labs, reported
    return record


def _lab(scribe: Scribe, item: str) -> LabValue:
    if item == "egfr":
        text = scribe.value("egfr", "")
        return LabValue("egfr", "估算肾小球滤过率", text, "mL/min/1.73m²", "90", "", "↓" if float(text) < 90 else "")
    q = seeds.quantities()[item]
    text = scribe.value(item, "")
    flag = "↑" if float(text) > q.high else "↓" if float(text) < q.low else ""
    return LabValue(item, q.name, text, q.unit, f"{q.low:g}", f"{q.high:g}", flag)


def examination(case: Case, wanted: str) -> Record:
    """D24 检查报告: what the visit's blocks show on this examination, or a normal one."""
    name, _, late = wanted.partition("@")
    exam = _exams()[name]
    phase = float(late) if late else 0.3
    doctor = case.unit(exam["unit"])
    checker = case.rng.choice([d for d in case.hospital.units[exam["unit"]] if d.name != doctor.name])
    scribe = case.scribe(doctor, case.at(phase, 10), phase)
    seen = [(b, r) for b in case.stay.blocks for r in b.reports if r["exam"] == name]
    rows = [r for _, r in seen] or [exam]
    number = f"{exam['code']}{scribe.when:%y%m%d}{case.number(7)}"
    part = scribe.pick(
        rows[0]["part"] if isinstance(rows[0].get("part"), list) else [rows[0].get("part", exam["part"][0])]
    )
    asked = diagnoses(scribe, case.stay.blocks[:1])[0]
    found = [(b.concept, scribe.name_concept(b.concept, "present")) for b, _ in seen]
    sections = [
        Section("检查号", [identifier("MEDICAL_ID", "patient", number)]),
        Section("部位方法", [part]),
        Section("所见", ["".join(scribe.pick(r["finding"]) for r in rows)]),
        Section("印象", scribe.numbered([scribe.pick(r["impression"]) for r in rows])),
        Section("报告/审核", [f"{scribe.person(doctor.name, 'staff')}/{scribe.person(checker.name, 'staff')}"]),
    ]
    header = case.header(scribe, ("临床诊断", asked[1]))
    signs = [("报告医师", scribe.person(doctor.name, "staff")), ("报告时间", scribe.moment(scribe.when))]
    return case.record("D24", scribe, sections, signs, title=exam["title"], header=header, diagnoses=found or [asked])


def _of(case: Case, wanted: str, field: str) -> tuple[seeds.Block, dict[str, Any]]:
    for block in case.stay.blocks:
        for row in getattr(block, field):
            if row["id"] == wanted:
                return block, row
    raise ValueError(f"the story {case.patient.story.id} has no {field} {wanted} in this visit")


def pathology(case: Case, wanted: str) -> Record:
    """D22 病理报告."""
    block, row = _of(case, wanted, "pathology")
    doctor, checker = case.rng.sample(case.hospital.units["病理科"], 2)
    scribe = case.scribe(doctor, case.at(0.8, 16), 0.8)
    number = f"{scribe.when:%Y}-{case.number(6)}"
    sections = [
        Section("病理号", [identifier("MEDICAL_ID", "patient", number)]),
        Section("送检", [scribe.fill(row["sent"])]),
        Section("肉眼", [scribe.fill(row["gross"])]),
        Section("镜下", [scribe.pick(row["micro"])]),
        Section("免疫组化", [scribe.pick(row["ihc"])]),
        Section("诊断", [scribe.pick(row["diagnosis"])]),
        Section("报告医师", [scribe.person(doctor.name, "staff")]),
        Section("复核", [f"{scribe.person(checker.name, 'staff')}  {scribe.moment(scribe.when)}"]),
    ]
    listed = [(block.concept, scribe.name_concept(block.concept, "present"))]
    signs = [("报告日期", scribe.day(scribe.when.date()))]
    return case.record("D22", scribe, sections, signs, title="病理检查报告单", diagnoses=listed)


def operation(case: Case, wanted: str) -> Record:
    """D19 手术记录."""
    block, row = _of(case, wanted, "operations")
    scribe = case.scribe(case.doctor(1), case.at(0.4, 14), 0.4)
    helpers = [case.doctor(2), case.doctor(3)]
    sleep = case.unit("麻醉科")
    start = scribe.when - timedelta(hours=2)
    named = scribe.fill(str(row["diagnosis"]))
    sections = [
        Section("日期", [f"{scribe.day(start.date())} {start:%H:%M}～{scribe.when:%H:%M}"]),
        Section("术前术中诊断", [f"术前：{named}；术中：同术前。"]),
        Section("名称", [scribe.fill(row["name"])]),
        Section(
            "术者助手",
            [
                f"术者{scribe.person(scribe.author.name, 'staff')}，Ⅰ助{scribe.person(helpers[0].name, 'staff')}，"
                f"Ⅱ助{scribe.person(helpers[1].name, 'staff')}"
            ],
        ),
        Section("麻醉", [f"{row['anaesthesia']}，麻醉医师{scribe.person(sleep.name, 'staff')}"]),
        Section("经过", [scribe.pick(row["steps"])]),
        Section("出血输血", [scribe.fill(row["bleed"]) + "。"]),
        Section("标本", [scribe.fill(row["specimen"]) + "。"]),
        Section("引流", [scribe.fill(row["drain"]) + "。"]),
        Section("计数", ["器械、纱布、缝针清点无误。"]),
    ]
    signs = [("手术医师签名", scribe.person(scribe.author.name, "staff")), ("记录时间", scribe.moment(scribe.when))]
    return case.record("D19", scribe, sections, signs, diagnoses=diagnoses(scribe, (block,)))
