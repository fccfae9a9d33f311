"""The second look finds what a broken first pass would leave, and nothing on slots, surrogates and medicine."""

from __future__ import annotations

from pathlib import Path

import pytest

from deid.residual import residual, scan
from records.entities import Entity
from records.texts import CleanText


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("联系13800138000", Entity.PHONE),
        ("证件110105194912310021", Entity.ID_CARD),
        ("号码 0012 3456", Entity.MEDICAL_ID),
        ("写信给 a.b@example.com", Entity.EMAIL),
        ("于２０２３年３月５日入院", Entity.DATE),
        ("联系l38OO138000", Entity.PHONE),
        ("住院号 Z0123", Entity.MEDICAL_ID),
        ("工号0231", Entity.MEDICAL_ID),
        ("其妻李秀英陪同", Entity.PERSON),
        ("姓名：王建国", Entity.PERSON),
        ("王建国主任医师查房", Entity.PERSON),
        ("住文三路12号", Entity.ADDRESS),
        ("在杭州市第一人民医院手术", Entity.ORGANISATION),
    ],
)
def test_a_leftover_is_found(text: str, entity: Entity) -> None:
    assert [s.entity for s in scan(text)] == [entity]


@pytest.mark.parametrize(
    "text",
    [
        "患者〔患者#1〕于〔日期+37〕入院，电话〔电话#2〕，〔日期?〕复查",
        "患者KTRB48MZBC于≈2023-03-05手术，≥90岁",
        "HBV-DNA 12300000 IU/mL，BP 130/80mmHg，PSA 1.02ng/ml",
        "值班医师查房，上级主任医师指示，科主任同意",
        "姓名：〔人员#1〕",
        "住院号：〔病历号#1〕，电话：〔电话#1〕，其妻〔亲属#1〕陪同",
        "药品批号20230511的注射液",
        "其子体健，其母代诉",
    ],
)
def test_clean_text_is_let_through(text: str) -> None:
    assert residual(CleanText.certified(text)) == ()


def test_it_imports_no_rule_of_the_first_pass() -> None:
    import deid.residual as module

    source = Path(module.__file__).read_text(encoding="utf-8")
    assert "deid.recognizers" not in source
    assert "deid.registry" not in source
    assert "deid.naming" not in source
