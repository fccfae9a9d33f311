"""Notes of the stay: first course note (D05), daily note (D06), senior's round (D07), consultation (D14)."""

from __future__ import annotations

from sample import seeds
from sample.record import Record, Section
from sample.writing.case import Case, diagnoses, signature


def first_course(case: Case, _: str) -> Record:
    """D05 首次病程记录."""
    scribe = case.scribe(case.doctor(), case.at(0), 0.0)
    blocks = case.stay.blocks
    main = blocks[0]
    features = [
        f"{scribe.person(case.patient.name, 'patient')}，{case.patient.sex}，{scribe.age_text}，"
        f"因“{scribe.chief_complaint()}”于{scribe.moment(case.stay.start)}入院。",
        scribe.say(main, "hpi", "onset", "symptom") + scribe.all_say(("symptom",), blocks[1:]),
        "查体：" + scribe.phrase("vitals") + scribe.all_say(("exam",)),
        "辅助检查：" + (scribe.all_say(("aux",)) or "暂缺。"),
    ]
    listed = diagnoses(scribe)
    discussion = [
        "初步诊断：" + "；".join(name for _, name in listed) + "。",
        "诊断依据：" + (scribe.all_say(("basis",)) or "病史、体征及辅助检查。"),
        "鉴别诊断：" + (scribe.say(main, "diff") or scribe.phrase("diff")),
    ]
    plans = [t for b in blocks if (t := scribe.say(b, "plan"))]
    sections = [
        Section("病例特点", scribe.numbered(features)),
        Section("拟诊讨论", discussion),
        Section("诊疗计划", scribe.numbered([*plans, scribe.phrase("inform")])),
    ]
    return case.record("D05", scribe, sections, signature(scribe), diagnoses=listed)


def daily(case: Case, _: str) -> Record:
    """D06 日常病程记录."""
    phase = case.rng.choice((0.3, 0.5, 0.7))
    scribe = case.scribe(case.doctor(), case.at(phase), phase)
    main, *others = case.stay.blocks
    second = others[:1]
    sections = [
        Section("日期时间", [scribe.moment(scribe.when)]),
        Section(
            "病情",
            [
                scribe.say(main, "progress", "state", "symptom")
                + scribe.all_say(("progress",), second)
                + scribe.phrase("vitals")
            ],
        ),
        Section("检查结果分析", [scribe.all_say(("analysis", "aux"), [main, *second]) or scribe.phrase("analysis")]),
        Section("处理", [scribe.say(main, "treat") or scribe.phrase("treat")]),
        Section("告知", [scribe.phrase("inform")]),
    ]
    return case.record("D06", scribe, sections, signature(scribe), diagnoses=diagnoses(scribe))


def round_note(case: Case, _: str) -> Record:
    """D07 上级医师查房记录."""
    scribe = case.scribe(case.doctor(), case.at(0.2), 0.2)
    senior = case.doctor(case.rng.randrange(2))
    main, *others = case.stay.blocks
    sections = [
        Section("查房医师职称", [f"{scribe.person(senior.name, 'staff')}{senior.title}，{scribe.moment(scribe.when)}"]),
        Section(
            "补充病史体征",
            [scribe.say(main, "progress", "symptom") + scribe.say(main, "exam") + scribe.say(main, "neg")],
        ),
        Section("诊断依据", [scribe.all_say(("basis",)) or "病史及检查结果。"]),
        Section(
            "分析",
            [
                f"{scribe.person(senior.name, 'staff')}{senior.title}指出："
                + scribe.all_say(("round",), [main, *others[:2]])
                + scribe.say(main, "diff")
            ],
        ),
        Section(
            "诊疗意见",
            scribe.numbered(
                [t for b in case.stay.blocks[:3] if (t := scribe.say(b, "treat", "plan"))] or [scribe.phrase("treat")]
            ),
        ),
    ]
    return case.record("D07", scribe, sections, signature(scribe, senior), diagnoses=diagnoses(scribe))


def consultation(case: Case, wanted: str) -> Record:
    """D14 会诊记录 about the block `wanted`."""
    block = seeds.blocks()[wanted]
    scribe = case.scribe(case.doctor(), case.at(0.4), 0.4)
    consultant = case.doctor(1 + case.rng.randrange(2), block.dept)
    theirs = case.scribe(consultant, case.at(0.4, 15), 0.4)
    asked = scribe.say(block, "ask") or scribe.phrase("ask")
    sections = [
        Section(
            "申请",
            [
                f"病情：{scribe.person(case.patient.name, 'patient')}，{case.patient.sex}，{scribe.age_text}，"
                f"因“{scribe.chief_complaint()}”入院，诊断："
                + "、".join(name for c, name in diagnoses(scribe) if c != block.concept)
                + f"。{scribe.say(block, 'exam')}",
                f"目的：{asked}",
                f"申请医师：{scribe.person(scribe.author.name, 'staff')}  {scribe.moment(scribe.when)}",
            ],
        ),
        Section(
            "意见",
            [
                f"科别/机构：{block.dept}",
                f"时间：{theirs.moment(theirs.when)}",
                f"意见：{theirs.phrase('consult_words')}{theirs.say(block, 'opinion') or theirs.phrase('opinion')}",
            ],
        ),
    ]
    signs = [("会诊医师", theirs.person(consultant.name, "staff")), ("职称", consultant.title)]
    listed = [(block.concept, theirs.name_concept(block.concept, "present"))]
    record = case.record("D14", scribe, sections, signs, diagnoses=listed)
    record.when = theirs.when
    return record
