"""Forms, ticks, signs of their own and counts: what they say of the names before or behind them."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

OWN = {Assertion.PRESENT, Assertion.PAST}
NAMES = ("癫痫", "肺结核", "痛风", "便血")
DENIED = (
    "{d}×|{d}－|{d}：－|{d}: ×　|{d}：□有 ☑无|{d}□有☑无|{d}：有 无√|{d}：□是 ☑否|{d} 有□ 无☑|□{d} ☑哮喘|☑哮喘 □{d}|"
    "哮喘☑ {d}□ 乙肝□|{d}0次|{d}：0次|{d} 0 例，余同前|{d}史：0。|"
    "哮喘（有），{d}×，乙肝×|1.{d}－；2.哮喘＋|{d}次数：0次；哮喘发作2次"
)
HELD = (
    "{d}√|{d}＋|{d}☑|{d}：☑有 □无|{d}：有√ 无|哮喘□ {d}☑|{d}-贫血待查|"
    "{d}3次|{d} 10年|{d}0.5小时前|{d}，血压0级|{d}×3年|{d} 2×3cm"
)


def _said(text: str, name: str) -> set[Assertion]:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    return {one.assertion for one in mentions if one.words == name}


@pytest.mark.parametrize("form", DENIED.split("|"))
def test_crossed_out_unticked_or_counted_none_is_denied(form: str) -> None:
    for name in NAMES:
        assert _said(form.format(d=name), name) == {Assertion.NEGATED}, name


@pytest.mark.parametrize("form", HELD.split("|"))
def test_ticked_or_measured_is_the_patients(form: str) -> None:
    for name in NAMES:
        assert _said(form.format(d=name), name) <= OWN, name
