"""What care, devices and lay words show of an operation or a disease without naming it, and what only looks like it."""

from __future__ import annotations

import pytest

from records.ids import ConceptId
from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("造口袋更换一次，底盘无渗漏", "colostomy"),
        ("左前臂内瘘可触及震颤", "hemodialysis"),
        ("周二四六上机，回血无凝血", "hemodialysis"),
        ("肾移植术后肌酐110", "kidney-transplantation"),
        ("PCI术后三年", "pci"),
        ("脾窝空虚", "splenectomy"),
        ("阴道残端愈合", "hysterectomy"),
        ("肝断面渗血少", "hepatectomy"),
        ("扁桃体窝白膜形成", "tonsillectomy"),
        ("两次剖宫产史", "caesarean-section"),
        ("超滤2.5L，下机后血压稳", "hemodialysis"),
        ("腹透管出口无红肿", "peritoneal-dialysis"),
        ("夜间戴无创，IPAP 16", "cpap"),
        ("PEEP 10，潮气量380", "mechanical-ventilation"),
        ("动态血糖探头更换", "diabetes-mellitus"),
        ("管型石膏固定4周", "fracture"),
        ("钢板已取", "orif"),
        ("髋臼杯位置好", "hip-replacement"),
        ("双膝假体在位", "knee-replacement"),
        ("二尖瓣人工瓣功能好", "mitral-valve-replacement"),
        ("LAD支架内未见狭窄", "pci"),
        ("肾盂积水，支架在位", "ureteral-stent"),
        ("脉冲发生器更换，术前震颤", "dbs"),
        ("上环5年", "iud"),
        ("子宫已切", "hysterectomy"),
        ("阑尾割了十年", "appendectomy"),
        ("右肺上叶切除术后", "lobectomy"),
        ("左乳切了", "mastectomy"),
        ("换了个膝盖", "knee-replacement"),
        ("胃镜：吻合口通畅", "gastrectomy"),
        ("左眼人工晶体位正", "phacoemulsification"),
        ("供者细胞嵌合100%", "hsct"),
        ("骨窗张力高", "decompressive-craniectomy"),
        ("发音钮更换", "laryngectomy"),
        ("拄双拐", "gait-disorder"),
        ("PTCD引流管通畅", "obstructive-jaundice"),
        ("种植体周围骨吸收", "dental-implant"),
        ("生长激素每晚打", "short-stature"),
        ("输红2u", "blood-transfusion"),
        ("面颈白斑，308光疗", "vitiligo"),
        ("had gallbladder out in 2010", "cholecystectomy"),
        ("left knee replaced last year", "knee-replacement"),
        ("dry weight 62 kg", "hemodialysis"),
        ("cast removed at 6 weeks", "fracture"),
        ("背着氧气瓶出门", "home-oxygen"),
        ("鼻子里插着管子打饭", "nasogastric-feeding"),
        ("胳膊上能摸到嗡嗡的瘘", "av-fistula"),
        ("心口埋了个起搏的", "pacemaker"),
        ("头骨缺一块用钛板补的", "cranioplasty"),
        ("腿里打着钢钉", "orif"),
    ],
)
def test_care_shows_what_it_is_for(text: str, asked: str) -> None:
    lexicon = Lexicon.load()
    assert lexicon.expand(ConceptId(asked)).keys() & {each.concept for each in lexicon.find(text)}


@pytest.mark.parametrize(
    ("score", "asked"),
    [
        ("Killip III级", "myocardial-infarction"),
        ("NYHA III", "heart-failure"),
        ("Forrest Ib", "gi-bleeding"),
        ("Child B7", "liver-cirrhosis"),
        ("CP-C级", "liver-cirrhosis"),
        ("QMG 18分", "myasthenia-gravis"),
        ("HBI 8", "crohn-disease"),
        ("EASI 22分", "atopic-dermatitis"),
        ("BI-RADS 5类", "breast-cancer"),
        ("LR-5", "liver-cancer"),
        ("Frankel B", "spinal-cord-injury"),
        ("改良Ashworth 3级", "spasticity"),
        ("LA-B级", "gerd"),
        ("SNOT-22 50", "sinusitis"),
        ("PCL-5 50", "ptsd"),
        ("Gustilo IIIB", "open-fracture"),
        ("M1E0S1T1", "iga-nephropathy"),
        ("H-B IV级", "facial-palsy"),
        ("成人纸尿裤", "urinary-incontinence"),
        ("肉毒毒素打眼周", "blepharospasm"),
        ("引流出胆汁样液", "bile-leak"),
    ],
)
def test_a_score_shows_the_disease_it_is_made_for(score: str, asked: str) -> None:
    lexicon = Lexicon.load()
    assert lexicon.expand(ConceptId(asked)).keys() & {each.concept for each in lexicon.find(score)}


@pytest.mark.parametrize(
    "text", ["HAMD 4分", "NRS 0分", "洼田饮水试验1级", "GCS 15分", "PHQ-9 2分", "ACQ、Epworth 3分"]
)
def test_a_score_in_order_denies(text: str) -> None:
    read = [each for each in annotate(CleanText.from_shelf(text), "", Lexicon.load()) if "signs-of" in each.concept]
    assert read[-1].assertion is Assertion.NEGATED


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("左前臂内瘘可触及震颤", "tremor"),
        ("直肠残端愈合", "amputation"),
        ("口腔白斑", "vitiligo"),
        ("PEG干扰素每周", "gastrostomy"),
        ("予无创DNA检测", "cpap"),
        ("切了子宫肌瘤", "hysterectomy"),
        ("食管支架，进食可", "pci"),
        ("以上环节", "iud"),
        ("抽取环孢素浓度", "iud"),
    ],
)
def test_a_lookalike_shows_nothing(text: str, concept: str) -> None:
    lexicon = Lexicon.load()
    assert ConceptId(concept) not in {each.concept for each in lexicon.find(text)}
