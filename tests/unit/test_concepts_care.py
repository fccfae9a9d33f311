"""What is done to patients is found by its usual names, and no name of it is a piece of another word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from records.ids import ConceptId
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.query import understand

QUESTIONS = Path(__file__).parents[1] / "questions"
TODAY = date(2026, 11, 1)


def test_who_asks_for_a_treatment_gets_it() -> None:
    lost = []
    for line in (QUESTIONS / "care.txt").read_text(encoding="utf-8").splitlines():
        question, _, wanted = line.partition(" | ")
        asks = understand(CleanText.from_shelf(question), Lexicon.load(), (), TODAY).asks
        if not {ask.wish.concept for ask in asks} & set(wanted.split()):
            lost.append(question)
    assert lost == []


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("胸骨钢丝环扎，切口干燥", "cervical-cerclage"),
        ("股骨转子下骨折，术中环扎两道", "cervical-cerclage"),
        ("痔上黏膜环切", "circumcision"),
        ("双下肢无抽搐，无发绀", "ect"),
        ("全身骨ECT示多发浓聚", "ect"),
        ("EC-T方案化疗第三周期，乳腺癌术后", "ect"),
        ("行血浆置换两次", "artificial-liver"),
        ("行血液灌流一次", "plasma-exchange"),
        ("苍白指端湿冷", "hand-arm-vibration"),
        ("徒手肌力MMT三级", "methadone-maintenance"),
        ("剖宫产终止妊娠，母子平安", "induced-abortion"),
        ("足月球囊引产后顺娩", "midtrimester-abortion"),
        ("死胎，利凡诺引产", "labour-induction"),
        ("化疗后血清甲状旁腺激素正常", "radioiodine"),
        ("术后装假肢步行良好", "brachytherapy"),
        ("发热疗程两周", "hyperthermia"),
        ("心理疗法六次，护理疗效满意", "physical-agents"),
        ("矫正骨盆倾斜", "bone-setting"),
        ("不良反应停药后消失", "thalidomide"),
        ("血清胰酶升高三倍", "pancreatic-enzyme"),
        ("左肺表面光滑", "pulmonary-surfactant"),
        ("第一磨牙近中阻生", "bruxism"),
        ("术毕俯卧位，眼压18", "prone-position"),
        ("关节液偏振光见负性双折光针状晶体", "physical-agents"),
        ("足跟血糖1.4", "newborn-screening"),
        ("双硫仑样反应", "alcohol-cessation"),
        ("切取卵巢组织送检", "oocyte-retrieval"),
        ("下降调整用药", "ovulation-induction"),
        ("腰围102cm，超重", "orthosis"),
        ("完全外显，家系三代", "exome"),
        ("腹腔冲洗，肺复张", "lung-lavage"),
        ("密接者一人确诊", "contact-tracing"),
        ("BRCA1突变，不是CRAB表现", "crab"),
        ("阿扑吗啡泵停用", "intrathecal-pump"),
        ("过夜游泳后眼红", "sleepwalking"),
        ("冲动控制差的患儿喂养激惹", "agitation"),
    ],
)
def test_a_lookalike_is_no_treatment(text: str, concept: str) -> None:
    assert concept in Lexicon.load()
    assert ConceptId(concept) not in {each.concept for each in Lexicon.load().find(text)}


@pytest.mark.parametrize(
    ("group", "kinds"),
    [
        ("heavy-metal-poisoning", {"lead-poisoning", "mercury-poisoning", "thallium-poisoning"}),
        ("chemical-poisoning", {"benzene-poisoning", "hexane-poisoning", "cyanide-poisoning"}),
        (
            "occupational-disease",
            {"hand-arm-vibration", "coal-pneumoconiosis", "occupational-asthma", "noise-deafness"},
        ),
        ("drug-dependence", {"opioid-dependence", "stimulant-dependence", "sedative-dependence"}),
        ("extrapyramidal-symptoms", {"nms", "akathisia", "tardive-dyskinesia"}),
        ("psychotherapy", {"cbt", "family-therapy", "emdr"}),
        ("tb-extrapulmonary", {"tb-pleurisy", "spinal-tuberculosis", "pelvic-tb"}),
        ("syphilis", {"neurosyphilis", "congenital-syphilis", "early-syphilis"}),
        ("vaccine", {"bcg-vaccine", "dtp-vaccine", "zoster-vaccine"}),
        ("radiotherapy", {"brachytherapy", "sbrt", "pci-brain"}),
        ("hsct", {"allogeneic-hsct", "autologous-hsct", "donor-lymphocyte"}),
        ("rehabilitation-training", {"speech-therapy", "gait-training", "cardiac-rehab"}),
        ("assisted-reproduction", {"ivf", "embryo-transfer", "intrauterine-insemination"}),
        ("dialysis-access", {"av-fistula", "dialysis-catheter", "pd-catheter"}),
    ],
)
def test_who_asks_for_a_group_gets_its_kinds(group: str, kinds: set[str]) -> None:
    assert kinds <= Lexicon.load().expand(ConceptId(group)).keys()
