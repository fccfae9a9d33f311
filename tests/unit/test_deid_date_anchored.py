"""Days without a year beside a document's dates: the entries that are found, and the values that stay."""

from __future__ import annotations

import pytest

from deid.document import Document
from deid.recognizers.date_anchored import AnchoredDate
from tests.unit.test_deid_recognizers import unmark

FOUND = (
    "2026年9月12日入院。\n⟦9-14⟧ 术后第1天\n⟦9-16⟧ 排气。流质。\n⟦9-17⟧ WBC 13.2",
    "2026-05-03 签署知情同意，⟦5-09⟧抽血，⟦5-12⟧ CRC 来访。",
    "2025-12-30入院\n⟦1-2⟧ 拔管\n⟦1-5⟧ 出院",
    "采集时间2023/11/27。采集⟦11-28 O6:25⟧ 接收⟦11·28 07:Ol⟧",
    "9月20日接种第一针，3天⟦9/23⟧ 7天⟦9/27⟧",
    "3月1日插管。⟦3-2凌晨⟧气切，⟦3/8⟧复查胸片，下次⟦3/12⟧(周六)",
)
SIGNED = (
    "2026年3月20日入院。\n体温平稳，继续。邓丽娟 ⟦3.28⟧\n",
    "2026-03-20\n已电话告知。孙晓 ⟦4.2⟧",
    "2026年8月1日死亡。户口注销⟦8.06⟧。",
    "2023年12月1日出院。药快吃完，⟦12.09⟧请社区送药",
    "2025-08-08接触，⟦8.10-8.18⟧每日两次测温",
    "G-CSF 5μg/kg.d ⟦10.23～10.26⟧；采集2023年10月27日",
    "2024年10月8日。休息3日(⟦1O.9一1O.\nll⟧)。",
    "2026-09-10。⟦9-18、19⟧ 体温正常",
    "2025年7月3日（CT报告⟦7-l1⟧，号",
    "2024/5/20签名，服药安排：⟦5.21-5.27⟧ 服药，⟦6.3-6.10⟧ 停药",
    "2026年4月1日化疗，⟦4.10至4.15⟧发热",
    "2025-11-02 起病。母 张秀 ⟦11.15⟧\n",
)
LEFT = (
    "2026年3月12日查：血钾参考值 3.5-5.5，TSH 2.10-2.18，Hb 12.5-13.1。",
    "2026年3月12日\n尿素 6.28\n胆红素 3.28\n血糖 5.6\n方案 3.2\n",
    "2026年3月12日。宽3.1-3.12cm，厚 3.10-3.18，直径3.12~3.20。",
    "2026年6月1日\n血钙 2.28\n血磷 1.12\n",
    "2026年3月12日查：K 3.5，Na 140，血糖3.8，肌力3-4级，心脏3/6级杂音。",
    "2026年3月12日入院。口服3-5天，每次2-3片，L3-4椎间盘突出。",
    "2026年4月2日，淋巴结转移(4/12)，pH 4.5，比重1.020，3.5×4.2cm。",
    "2026年2月1日。腹痛2-3次，NRS 2/10分，OD 0.3，OS 1.2。",
    "9-14 术后第1天\n9-16 排气",
    "2026年9月12日。心率 9-14 次，化验单3.2↑，1/2切除，2-0丝线。",
)


@pytest.mark.parametrize("marked", FOUND + SIGNED)
def test_an_entry_within_weeks_of_a_date_is_a_day(marked: str) -> None:
    text, wanted = unmark(marked)
    masked = {at for finding in AnchoredDate().find(Document(text)) for at in range(finding.start, finding.end)}
    for start, end in wanted:
        assert set(range(start, end)) <= masked, text[start:end]


@pytest.mark.parametrize("text", LEFT)
def test_values_scores_and_ranges_stay(text: str) -> None:
    assert AnchoredDate().find(Document(text)) == []
