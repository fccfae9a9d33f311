"""Through Presidio's engine and without it: the same spans; others' recognizers plug in; no torch either way."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from deid.api import Deidentifier, Known
from records.entities import Entity
from records.texts import IdentifiedText
from tests.gold.load import passages

TEXT = """姓名：张伟  性别：男  年龄：92岁  住址：浙江省杭州市西湖区文三路12号3幢  电话：138 0013 8000
身份证号：11010519491231002X 住院号：00123456 于2023年3月5日14:30在市一院行手术。今日王建国主任医师查房，
李主任指示：继续抗感染。其妻李秀英陪同。㎎ℓ㈱№ 手术者：高峰；第一助手：温和。张\u200b伟今日出院。"""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_both_paths_give_the_same_spans() -> None:
    from deid.presidio import PresidioDeidentifier

    known = [Known(Entity.PERSON, IdentifiedText("高峰")), Known(Entity.MEDICAL_ID, IdentifiedText("00123456"))]
    for text in (TEXT, TEXT * 3, "", "\ud800"):
        through = PresidioDeidentifier.load().spans(IdentifiedText(text), known)
        assert through == Deidentifier.load().spans(IdentifiedText(text), known)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_both_paths_agree_on_whole_documents() -> None:
    from deid.presidio import PresidioDeidentifier

    plain, through = Deidentifier.load(), PresidioDeidentifier.load()
    for document in passages("documents_a"):
        text = IdentifiedText(document.text)
        assert through.spans(text) == plain.spans(text), document.id


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_foreign_recognizer_joins_and_ours_serve_a_foreign_engine() -> None:
    from presidio_analyzer import Pattern, PatternRecognizer

    from deid.presidio import PresidioDeidentifier, analyzer

    mine = PatternRecognizer("OTHER_ID", patterns=[Pattern("k", r"K-\d{3}", 0.9)], supported_language="zh", name="mine")
    spans = PresidioDeidentifier(analyzer([mine])).spans(IdentifiedText("代号K-123，患者：张伟，男"))
    assert [(s.entity, s.rule) for s in spans] == [
        (Entity.OTHER_ID, "presidio.mine"),
        (Entity.PERSON, "person_cue.sex"),
    ]
    results = analyzer().analyze("患者张伟，男", language="zh", return_decision_process=True)
    assert results[0].analysis_explanation.textual_explanation


@pytest.mark.parametrize("module", ["deid.presidio", "deid.api"])
def test_import_is_light_and_leaves_torch_alone(module: str) -> None:
    code = (
        f"import sys, time, json; import {module}; "
        "from deid.api import Deidentifier; Deidentifier.load(); "
        "peak = next(l for l in open('/proc/self/status') if l.startswith('VmHWM')); "
        "print(json.dumps([time.process_time(), int(peak.split()[1]) / 1024,"
        "sorted(m for m in ('torch', 'transformers', 'presidio_analyzer') if sys.modules.get(m))]))"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    seconds, megabytes, loaded = json.loads(done.stdout.splitlines()[-1])
    assert loaded == (["presidio_analyzer"] if module == "deid.presidio" else [])
    assert megabytes <= 250
    assert seconds <= 10  # processor seconds on a loaded machine; 3 on an idle one
