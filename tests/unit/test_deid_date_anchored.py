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
LEFT = (
    "2026年3月12日查：K 3.5，Na 140，血糖3.8，肌力3-4级，心脏3/6级杂音。",
    "2026年3月12日入院。口服3-5天，每次2-3片，L3-4椎间盘突出。",
    "2026年4月2日，淋巴结转移(4/12)，pH 4.5，比重1.020，3.5×4.2cm。",
    "2026年2月1日。腹痛2-3次，NRS 2/10分，OD 0.3，OS 1.2。",
    "9-14 术后第1天\n9-16 排气",
    "2026年9月12日。心率 9-14 次，化验单3.2↑，1/2切除，2-0丝线。",
)


@pytest.mark.parametrize("marked", FOUND)
def test_an_entry_within_weeks_of_a_date_is_a_day(marked: str) -> None:
    text, wanted = unmark(marked)
    masked = {at for finding in AnchoredDate().find(Document(text)) for at in range(finding.start, finding.end)}
    for start, end in wanted:
        assert set(range(start, end)) <= masked, text[start:end]


@pytest.mark.parametrize("text", LEFT)
def test_values_scores_and_ranges_stay(text: str) -> None:
    assert AnchoredDate().find(Document(text)) == []
