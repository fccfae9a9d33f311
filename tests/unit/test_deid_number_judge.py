"""The judge of numbers on authors it has not learnt from, its reasons, and rules for families it cannot see."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from deid.api import Deidentifier
from deid.document import Document
from deid.marked import Marked, marked_lines, read_marked
from deid.number_judge import RULE, NumberJudge
from deid.number_train import FOLDERS, learn_numbers
from deid.numbers import NUMBERED, numbers
from records.errors import BadInput
from records.paths import data_dir
from records.texts import IdentifiedText
from tests.unit.test_deid_partial_dates import _rows
from tests.unit.test_deid_recognizers import unmark

AUTHORS = {f"{path.parent.name}/{path.stem}" for at in FOLDERS for path in (data_dir() / "deid" / at).glob("*.txt")}
SILENT = NumberJudge({"": (9999, 0, 0, 0, 0), **dict.fromkeys(("+<", "+<1", "+<2", "+>"), (9999, 0, 0, 0, 0))})
OURS = Deidentifier.load()


def _figures(lines: Iterable[Marked]) -> tuple[float, float]:
    """Shares: of numbers that are covered, of spans that touch an identifier."""
    of = covered = spans = right = 0
    for line in lines:
        found = OURS.spans(IdentifiedText(line.text))
        masked = {at for span in found for at in range(span.start, span.end)}
        wanted = [span for span in line.spans if span.entity in NUMBERED]
        of += len(wanted)
        covered += sum(
            all(at in masked or line.text[at].isspace() for at in range(span.start, span.end)) for span in wanted
        )
        spans += len(found)
        right += sum(any(one.start < span.end and span.start < one.end for one in line.spans) for span in found)
    return covered / of, right / spans


@pytest.mark.parametrize(
    ("author", "more", "least"),
    [("numbers/a", 0.2, 0.9), ("numbers/b", 0.2, 0.88), ("documents/m", 0.005, 0.95), ("numbers/e", 0.15, 0.83)],
)
def test_numbers_of_an_author_not_learnt_from_are_found(
    author: str, more: float, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = list(marked_lines(*FOLDERS, but=AUTHORS - {author}))
    judge = NumberJudge(learn_numbers(marked_lines(*FOLDERS, but={author})))
    monkeypatch.setattr(NumberJudge, "load", lambda: SILENT)
    rules, _ = _figures(lines)
    monkeypatch.setattr(NumberJudge, "load", lambda: judge)
    both, precision = _figures(lines)
    assert both >= rules + more
    assert precision >= least


def test_every_line_is_marked_well_and_bad_ones_are_named(tmp_path: Path) -> None:
    assert len(list(marked_lines(*FOLDERS))) > 1200
    (tmp_path / "x.txt").write_text("# remark\na1\t住院号⟦MEDICAL_ID:12⟧⏎好\na2\t号⟦12⟧\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"x\.txt, line 3"):
        list(marked_lines(str(tmp_path)))
    (tmp_path / "x.txt").write_text("a1\t电话⟦PHONE:12345⟧\t住院号⟦MEDICAL_ID:77⟧\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"x\.txt, line 1"):
        list(marked_lines(str(tmp_path)))
    assert read_marked("号⟦PHONE:12⟧⏎好") == Marked("号12\n好", read_marked("号⟦PHONE:12⟧⏎好").spans)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "numbers.tsv").write_text("# 2 features\ns0\t1\t2\t3\t4\t5\nt0\t1\t2\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"line 3 of numbers\.tsv"):
        NumberJudge.load(tmp_path / "numbers.tsv")


@pytest.mark.parametrize(
    "data",
    [
        b"# 2 features\ns0\t1\t2\t3\t4\t5\nt0\t99999999999999\t1\t2\t3\t4\n",
        b"# 2 features\ns0\t1\t2\t3\t4\t5\ns0\t1\t2\t3\t4\t5\n",
        "# 2 features\ns0\t1\t2\t3\t4\t5\nt0\t１\t1\t2\t3\t4\n".encode(),
    ],
    ids=["huge", "twice", "wide figures"],
)
def test_weights_that_nobody_wrote_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "numbers.tsv").write_bytes(data)
    with pytest.raises(BadInput, match=r"line 3 of numbers\.tsv"):
        NumberJudge.load(tmp_path / "numbers.tsv")


def test_weights_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "other.tsv").write_bytes("标签\t1".encode("gbk"))
    for name in ("other.tsv", "absent.tsv"):
        with pytest.raises(BadInput, match=name):
            NumberJudge.load(tmp_path / name)


def test_the_reason_holds_no_word_of_a_record() -> None:
    reasons = {
        span.why
        for line in marked_lines(*FOLDERS)
        for span in OURS.spans(IdentifiedText(line.text))
        if span.rule == RULE
    }
    assert 3 < len(reasons) <= 6
    assert all(why.isascii() for why in reasons)


@pytest.mark.parametrize("text", ["思源 4471", "试管贴\n思源 44190\n", "给思源44190"])
def test_a_name_learnt_as_a_label_is_not_told(text: str) -> None:
    (span,) = (span for span in OURS.spans(IdentifiedText(text)) if span.rule == RULE)
    assert span.why in ("number judged by the label before it", "number judged by what was found before it")


def test_what_measures_is_not_even_judged() -> None:
    text = "体温38.5℃ 血压120/80mmHg 5mg 3-5天 08:30 WBC 12.3×10^9/L 2022版 I21.900 第120次 编号不详"
    assert list(numbers(Document(text), [], frozenset())) == []


BEDS = r"""
床⟦母婴6⟧ 母证件|床号：⟦母婴-12⟧|床位:⟦走廊3⟧|床号 ⟦过道2⟧|床:⟦抢救1⟧|床号：⟦监护08⟧|床 ⟦留观5⟧|床位：⟦日间12⟧
床号 ⟦呼42⟧ 姓名|床号：⟦消17⟧|床号:⟦泌外12⟧|床号：⟦普外-08⟧|床位：⟦肾内 23⟧|床号 ⟦眼5⟧
床号:⟦介入9⟧|床号:⟦乳甲11床⟧|床号：⟦脑外加2⟧|床号:⟦关节03⟧|床位 ⟦风免15⟧
住院号：⟦TA24097715⟧　⟦12病区6床⟧|ID:⟦2024117⟧ ⟦5病区12床⟧
住院号：⟦22018834⟧ ⟦外一区 7床⟧
床号:⟦观察4⟧
床位:⟦N09-加2⟧|床号：⟦B12-加1⟧|床号 ⟦3-临2⟧|床:⟦W05-加3⟧|床位 ⟦12-加1⟧|床号：⟦内2-15⟧|床号：⟦加12⟧|床:⟦母婴 3⟧
床：⟦走廊-01⟧
床号:⟦母婴9⟧,新生儿|床：⟦过道12⟧ 李某
"""
BLOOD = r"""
血袋 ⟦=W6401 26 118802 00⟧ 同上|献血码⟦W0301 21 558812⟧|=⟦G1234 23 123456⟧|红悬⟦=A9992 25 000417 51⟧ 2U
⟦V0430 24 001986 00⟧失效
供者⟦C4471-26-330018⟧|⟦=B120025118734⟧|血浆 ⟦D5501 22 900031 12⟧|输⟦K0019 26 441200⟧一袋
单采 ⟦=R7710 26 004471 00⟧
机采⟦H2001 26 550917 00⟧|⟦=M3302 25 771204⟧ O+|袋：⟦P6610 26 118734 00⟧|冷沉淀 ⟦T8802 26 300417 90⟧
洗涤⟦=E4110 26 220318 00⟧
退⟦L7731 26 004418⟧|码 ⟦N1180 24 771200 00⟧|辐照 ⟦=Y0051 26 118801 00⟧|血小板⟦Z9001 26 440017 00⟧
核对⟦=Q2207 26 118800 00⟧无误
"""
PICTURES = r"""
UI ⟦1.3.12.2.1107.5.2.46.174832.2026061709335140028⟧|序列 ⟦1.2.392.200036.9116.2.6.1.48.1215508268⟧
⟦1.2.826.0.1.3680043.8.1055.1.2026⟧
⟦1.2.276.0.7230010.3.1.4.0.5148.1470424⟧ 已存|StudyUID=⟦1.2.156.112605.14038005.20260318⟧
⟦2.16.840.1.113669.632.20.1211.1000⟧|图 ⟦1.3.46.670589.11.0.1.1996.7⟧
⟦1.2.124.113532.80.22017.45499⟧|⟦1.3.6.1.4.1.14519.5.2.1.6279⟧|实例⟦1.2.840.113704.1.111.5104.1179⟧
⟦1.2.840.113619.2.55.3.2831⟧
⟦1.3.51.0.7.633920140.33990.20218⟧|⟦1.2.528.1.1001.200.10.5813.4289⟧|uid:⟦1.2.410.200010.1073819.1.22⟧
⟦1.2.194.0.108707908.20260318⟧
⟦1.3.76.13.65829.2.20130125082826⟧|⟦1.2.250.1.59.40211.789001276⟧|⟦1.2.752.24.5.4069921.20260318⟧
⟦1.2.840.114350.2.357.2.798268⟧|⟦1.2.40.0.13.1.1.1.2026.31⟧
"""
CHATS = r"""
可加 ⟦wxid_8k2m41n0z⟧|微⟦wxid_k7lm20⟧|⟦wx_zhuanggui88⟧ 加随访|加我⟦wxid_q1w2e3r4t5⟧|同号⟦wx_lanlan1990⟧
⟦wxid_0pqz71mmx2⟧(子)|家属 ⟦wx_songye_77⟧
群主⟦wxid_z8x7c6v5b4⟧|备注 ⟦wx_tieniu06⟧|⟦wxid_7ahs8d1⟧|护工⟦wx_ajie2021⟧|号⟦wxid_mm0011aa⟧|⟦wx_bingbing_x1⟧回复
扫不上搜⟦wxid_lj2200k⟧
加⟦wxid_b1n2m3k4⟧|女儿⟦wx_cc520⟧|⟦wxid_vv90123⟧已删|⟦wx_dafu_99⟧|原号⟦wxid_opq789⟧|改⟦wx_happy2026⟧
"""
LISTS = r"""
一号通⟦J000451190⟧，急诊|一号通⟦D0000881430⟧|主索引号库⟦E0077341⟧|同号册⟦K20771338⟧
条码留底：⟦3300918827⟧／⟦3300940116⟧／⟦3301002573⟧
病理号：⟦2026-04412⟧、⟦2026-04413⟧、⟦2026-04419⟧|标本号:⟦26031701⟧,⟦26031702⟧,⟦26031703⟧
住院号 ⟦ZY118822⟧、⟦ZY118823⟧、⟦ZY118830⟧
检查号：⟦CT240101⟧/⟦CT240102⟧/⟦CT240103⟧|蜡块号⟦B26-0311⟧、⟦B26-0312⟧、⟦B26-0313⟧
登记号：⟦10023341⟧;⟦10023342⟧;⟦10023343⟧
"""
LEFT = r"""
床上6人|床旁日间6次|床边监护3天|床位走廊各2张|病床12张|母婴同室6间|UI 1.2.840.10008.5.1.4.1.1.4|(0008,0020)
(0018,0080) TR
国械注准20203130447|国械注进20182210033|国药准字H20058123|编码 E11.101 诊断|编码 I63.500x002 主|编码：C34.900
高血压 I10.x05
版本1.2.3|wx 群里说|wxid 是什么|A1234 分|W12 周|血小板 138000|BP118/72 HR76|PHQ-9 12分|EGFR L858R|CA19-9 412|HLA-B*58:01
COVID-19 阴性|SF-36 72分|2022版指南|KDIGO 2012标准|拨打120|12345热线
"""
WHOLE = (
    "OBX|1|NM|8302-2^身高||172|cm\n",
    "编码 名称 规格 数量 单价 金额\n110200005 Ⅱ级护理 日 3 25.00 75.00\n250301001 血清总蛋白 项 1 5.00 5.00\n",
    "代码 名称 单价 数量 金额\nXC07ABM063 美托洛尔缓释片 14.06 1 14.06\nC0708320 输液器 6.00 3 18.00\n",
)


@pytest.mark.parametrize("marked", [row for table in (BEDS, BLOOD, PICTURES, CHATS, LISTS) for row in _rows(table)])
def test_a_family_of_numbers_is_found(marked: str) -> None:
    text, wanted = unmark(marked)
    masked = {at for span in OURS.spans(IdentifiedText(text)) for at in range(span.start, span.end)}
    for start, end in wanted:
        assert {at for at in range(start, end) if not text[at].isspace()} <= masked, text[start:end]


@pytest.mark.parametrize("text", [*_rows(LEFT), *WHOLE])
def test_its_lookalikes_stay(text: str) -> None:
    assert [(text[span.start : span.end], span.rule) for span in OURS.spans(IdentifiedText(text))] == []
