"""A disease that stands in the name of a test: asked of the laboratory it is open, answered it is not."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon
from semantic.lexicon_concept import ConceptKind, Relation

OPEN = """
发热汗出，布病血清送疾控，首份可疑，一周后复测。
发热腰痛，出血热抗体明晨出，已卧床。
记忆减退，B12、甲功、梅毒、MRI已开。
梅毒、HIV、乙肝、丙肝四项已抽血。
疟原虫镜检送，尚未回。
流感抗原检测中。
结核T-spot已送。
登革热NS1抽血送检。
术前四项：乙肝、丙肝、梅毒、艾滋，明日出。
狼疮全套已开单。
肌炎抗体谱外送金域。
EB病毒DNA复查中。
布氏杆菌凝集试验今晨抽。
甲流核酸刚采样。
血吸虫抗体要等三天。
百日咳PCR走的加急。
肥达反应在做。
"""
ANSWERED = """
布病血清1:400阳性。
出血热抗体IgM(+)。
梅毒TRUST 1:32。
甲流核酸阳性。
流感抗原检出。
结核T-spot阳性，抗结核治疗。
支原体抗体1:320。
登革热NS1阳性，住院。
乙肝DNA 3.2×10^6。
狼疮全套阳性。
百日咳PCR阳性，隔离。
糖尿病今晨抽血查糖化。
肺结核痰涂片已送。
高血压、糖尿病、痛风药已开。
乙肝十年，DNA定量已送。
肺炎支原体肺炎，痰培养已送。
糖尿病、冠心病，明晨抽血。
系统性红斑狼疮，补体已抽。
骨折、贫血，备血已开。
梅毒血清学固定，滴度1:4，半年后复查。
丙肝，基因分型外送。
过敏性鼻炎激发试验阳性，预约脱敏。
白血病融合基因阳性，明日化疗。
"""
_SICK = (ConceptKind.DISEASE, ConceptKind.COMPLICATION)


def _said(text: str) -> set[Assertion]:
    """What is said of the diseases, or of their signs where no disease is named."""
    lexicon = Lexicon.load()
    mentions = annotate(CleanText.from_shelf(text), "", lexicon)
    diseases = [one for one in mentions if lexicon.concept(one.concept).kind in _SICK]
    signs = [one for one in mentions if lexicon.concept(one.concept).targets(Relation.SIGN_OF)]
    return {one.assertion for one in diseases or signs}


@pytest.mark.parametrize("text", OPEN.strip().splitlines())
def test_a_test_that_is_not_back_leaves_the_disease_open(text: str) -> None:
    assert _said(text) == {Assertion.POSSIBLE}


@pytest.mark.parametrize("text", ANSWERED.strip().splitlines())
def test_an_answer_or_a_disease_beside_a_test_is_a_fact(text: str) -> None:
    assert Assertion.PRESENT in _said(text) and Assertion.POSSIBLE not in _said(text)
