"""Where a list of denials ends: what is told by its degree, its kind or its side behind a comma is a finding."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

FOUND = (
    "无束支传导阻滞，二度房室传导阻滞|无肾病综合征，IgA肾病Ⅲ级|未见骨折，左侧肩关节脱位|未见心梗，重度主动脉瓣狭窄|无糖尿病，高血压3级|"
    "无肝硬化，慢性乙型肝炎|未见结石，急性阑尾炎|无酮症酸中毒，1型糖尿病|无冠心病、糖尿病，2级高血压|未见肺栓塞，右侧气胸|未见脑出血，陈旧性脑梗死|"
    "没有房颤，Ⅲ度房室传导阻滞|未发现肺癌，晚期食管癌|无高血压，冠心病，2型糖尿病"
)
DENIED = (
    "无高血压，糖尿病，冠心病|无高血压，2型糖尿病，冠心病史|无左侧气胸，右侧气胸|否认高血压，2型糖尿病，冠心病病史|无急性胰腺炎，急性胆囊炎|"
    "未见脑出血、脑梗死，脑肿瘤|无高血压、2型糖尿病|否认肝炎，慢性胃炎|无二度房室传导阻滞，三度房室传导阻滞|无高血压病史，慢性肾炎病史"
)


def last(text: str) -> Assertion:
    said = annotate(CleanText.certified(text + "。"), "", Lexicon.load())
    return max(said, key=lambda one: (one.start, one.end)).assertion


@pytest.mark.parametrize("text", FOUND.split("|"))
def test_what_is_told_in_detail_behind_a_comma_is_no_item_of_a_denial(text: str) -> None:
    assert last(text) is Assertion.PRESENT


@pytest.mark.parametrize("text", DENIED.split("|"))
def test_a_list_of_like_items_or_of_histories_goes_on(text: str) -> None:
    assert last(text) is Assertion.NEGATED
