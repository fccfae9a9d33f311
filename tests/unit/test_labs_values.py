"""Measured values become findings only beyond a limit and only in a unit that is known."""

from __future__ import annotations

from datetime import date

import pytest

from records.errors import BadInput
from records.mentions import Assertion, Mention
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon
from semantic.labs import load_labs
from semantic.labs_asked import called
from semantic.lexicon_fold import fold
from semantic.query import understand

# text | finding (or "nothing")
VALUES = """
K长期2.7~3.1 | hypokalemia
血钾波动于5.8-6.5 | hyperkalemia
K 3.6~4.4 | nothing
控制血糖在12-14 | nothing
K 2.1→2.9mmol/L | moderate-hypokalemia
血小板由8升至15×10^9/L | severe-thrombocytopenia
氯化钾 K 10 ml(1-2袋) | nothing
钙 600 mg(1-2片) | nothing
阿莫西林 2 粒 0.5 | nothing
叶酸 0.4 qd | nothing
Na由122升到133 | hyponatremia
Na由138降到122 | hyponatremia
糖化血红蛋白由9.5降至6.9%，现查达标 | hba1c-high
肌酐98→312 | creatinine-high
血红蛋白由98g/L降至61g/L | anemia
pH7.08 BE-18 | acidemia
血小板降到1.8万 | severe-thrombocytopenia
血小板21万 | nothing
TnT 0.42(参考<0.014) | troponin-high
TnT 0.008(参考<0.014) | nothing
D-D 12.4(0-0.55) | ddimer-high
hs-cTnI 1260 | troponin-high
板19,化疗后 | severe-thrombocytopenia
Hb 52白1.2粒0.4板8 | severe-anemia leukopenia leukopenia severe-thrombocytopenia
钢板10孔 | nothing
板3块 | nothing
WBC 21.3 | leukocytosis
WBC 25 | nothing
T39.6,寒战 | fever
T 40岁 | nothing
PTA 22% | inr-high
24h尿量80ml | oliguria
尿量6800ml/d | polyuria
出生体重3.3kg | nothing
糖化血红蛋白 8.9% | hba1c-high
HbA1c：8.9 % | hba1c-high
ＨｂＡ１ｃ８．９％ | hba1c-high
糖化血红蛋白(HbA1c) 7.2% | hba1c-high
糖化血红蛋白为6.5% | hba1c-high
HbA1c 5.6% | nothing
HbA1c 48mmol/mol | nothing
糖化血红蛋白检查3次 | nothing
空腹血糖 7.8mmol/L | hyperglycemia
空腹血糖5.6mmol/L | nothing
空腹血糖 140mg/dl | hyperglycemia
餐后2小时血糖 13.2 mmol/L | hyperglycemia
随机血糖 9.0mmol/L | nothing
血糖 2.6mmol/L | hypoglycemia
血糖监测7次 | nothing
血糖波动于8-12mmol/L | nothing
血肌酐 212μmol/L | creatinine-high
血肌酐 212umol/L | creatinine-high
Cr 2.4mg/dl | creatinine-high
Cr 0.9mg/dl | nothing
肌酐 80μmol/L | nothing
肌酐 212 | creatinine-high
肌酐 212g | nothing
Scr升至305μmol/L | creatinine-high
eGFR 45ml/min/1.73m² | egfr-low
eGFR 45 ml/min | egfr-low
eGFR 95ml/min/1.73m2 | nothing
UACR 320mg/g | proteinuria
尿白蛋白/肌酐 35mg/mmol | proteinuria
UACR 12mg/g | nothing
24小时尿蛋白定量 3.6g | nephrotic-proteinuria
尿蛋白(++) | proteinuria
尿潜血3+ | hematuria
尿蛋白(-) | nothing
血钾5.8mmol/L | hyperkalemia
K+ 6.1mmol/L | hyperkalemia
血钾 3.1 mmol/L | hypokalemia
血钾4.2mmol/L | nothing
氯化钾 1.5g | nothing
血钠 128mmol/L | hyponatremia
血钙 2.95mmol/L | hypercalcemia
血尿酸 520μmol/L | hyperuricemia
尿酸 8.8mg/dl | hyperuricemia
Hb 85g/L | anemia
血红蛋白 8.5g/dl | anemia
Hb 135g/L | nothing
WBC 15.3×10^9/L | leukocytosis
白细胞 15.3×10⁹/L | leukocytosis
白细胞计数 2.1*10^9/L | leukopenia
白细胞 3-5/HP | nothing
PLT 60×10^9/L | thrombocytopenia
血小板 210×10^9/L | nothing
中性粒细胞 88% | leukocytosis
ALT 320U/L | liver-enzymes-high
谷丙转氨酶 25U/L | nothing
总胆红素 85.2μmol/L | bilirubin-high
GCS 6分 | coma
ACT 180s | nothing
ESS 16分 | excessive-daytime-sleepiness
VAS 7分 | pain
NRS2002 5分 | nutritional-risk
Braden 12分 | pressure-ulcer-risk
引流液淀粉酶12000 | signs-of-pancreatic-fistula
白蛋白 28g/L | hypoalbuminemia
TSH 0.01mIU/L | tsh-low
TSH 25.3 uIU/ml | tsh-high
LDL-C 4.2mmol/L | ldl-high
甘油三酯 5.6mmol/L | triglyceride-high
LVEF 35% | reduced-lvef
左室射血分数为62% | nothing
NT-proBNP 5600pg/ml | bnp-high
肌钙蛋白I 12.5ng/ml | troponin-high
D-二聚体 3.5mg/L | ddimer-high
D-二聚体 350ng/ml | nothing
CRP 120mg/L | crp-high
降钙素原 12ng/ml | crp-high
血沉 85mm/h | crp-high
血压 160/100mmHg | blood-pressure-high
血压：118/76mmHg | nothing
BP 135/95 | blood-pressure-high
血压 85/50mmHg | hypotension
T 38.9℃ | fever
体温36.5℃ | nothing
心率110次/分 | sinus-tachycardia
P 78次/分 | nothing
SpO2 85% | hypoxemia
PaO2 52mmHg | hypoxemia
PaCO2 68mmHg | hypercapnia
血淀粉酶 1250U/L | amylase-high
CEA 35ng/ml | tumor-marker-high
眼压 32mmHg | ocular-hypertension
INR 2.8 | inr-high
GCS 6分 | coma
BMI 31kg/m2 | obesity
Hb48 | severe-anemia
PLT8 | severe-thrombocytopenia
Na118 | severe-hyponatremia
pH7.21 | acidemia
pH 7.40 | nothing
尿pH 6.8 | nothing
PaCO2 88 pH7.40 | hypercapnia
K2.1 | severe-hypokalemia
K 2.7 | moderate-hypokalemia
K1 10mg肌注 | nothing
CK7(+) | nothing
CA125 20 | nothing
Ca 1.7 | hypocalcemia
胃Ca 2期 | nothing
P 0.42 | hypophosphatemia
P 88 | nothing
Mg 0.5 | hypomagnesemia
地西泮 5mg 2次/日 | nothing
补体C3 0.38 | complement-low
C3 1.02 g/L | nothing
C3-4椎间盘 | nothing
血清IgG4 8.6 g/L | igg4-high
铁蛋白 2800 | ferritin-very-high
铁蛋白 88 | nothing
嗜酸 24% | marked-eosinophilia
嗜酸 2% | nothing
EOS 9.8×10⁹ | marked-eosinophilia
腰穿初压 300mmH2O | csf-pressure-high
开放压 18 cmH2O | nothing
尿蛋白 5.2g/d | nephrotic-proteinuria
UPCR 6.8 | nephrotic-proteinuria
AHI 44 | sleep-apnea
羊水指数 4.2cm | oligohydramnios
AFI 48mm | oligohydramnios
AFI 28 | polyhydramnios
羊水指数12.6 | nothing
AFI 128mm | nothing
羊水深度82mm | polyhydramnios
最大羊水池1.6cm | oligohydramnios
羊水最大深度 52mm | nothing
最大池5.2 | nothing
右耳PTA 65dB | hearing-loss
平均听阈 48dBHL | hearing-loss
骨导 30 分贝 | hearing-loss
语频平均听阈18dB | nothing
PTA 2条血管 | nothing
车间噪声 92dB | nothing
"""
TABLE = [tuple(line.rsplit(" | ", 1)) for line in VALUES.strip().splitlines()]


def _measured(text: str, heading: str = "") -> list[Mention]:
    return [m for m in annotate(CleanText.certified(text), heading, Lexicon.load()) if m.rule.startswith("lab:")]


@pytest.mark.parametrize(("text", "finding"), TABLE, ids=[str(row[0]) for row in TABLE])
def test_value_means(text: str, finding: str) -> None:
    assert [m.concept for m in _measured(text)] == ([] if finding == "nothing" else finding.split())


@pytest.mark.parametrize(
    ("test", "beyond", "in_order", "sign"),
    [
        ("ARR", "96", "8", "signs-of-primary-aldosteronism"),
        ("NIHSS", "14分", "0分", "signs-of-stroke"),
        ("GCS", "12分", "15分", "signs-of-disorder-of-consciousness"),
        ("洼田饮水试验", "4级", "1级", "signs-of-dysphagia"),
        ("YMRS", "30", "4", "signs-of-mania"),
        ("Morse", "65分", "20分", "signs-of-high-risk-fall"),
        ("AChR抗体", "8.2", "0.1", "signs-of-myasthenia-gravis"),
        ("FVIII", "4%", "88%", "signs-of-hemophilia"),
        ("ADAMTS13", "2%", "70%", "signs-of-ttp"),
        ("LVEDD", "72", "48", "signs-of-dilated-cardiomyopathy"),
        ("Y-BOCS", "26", "4", "signs-of-ocd"),
        ("LSM", "22 kPa", "5.1 kPa", "signs-of-liver-cirrhosis"),
        ("COHb", "32%", "1%", "signs-of-co-poisoning"),
        ("MoCA", "22", "28", "signs-of-mci"),
    ],
)
def test_a_value_shows_a_disease_or_denies_its_sign(test: str, beyond: str, in_order: str, sign: str) -> None:
    disease = sign.removeprefix("signs-of-")
    for value, held in ((beyond, True), (in_order, False)):
        found = annotate(CleanText.certified(f"{test} {value}"), "", Lexicon.load())
        shown = {m.concept for m in found if m.assertion is Assertion.PRESENT}
        assert bool({sign, disease} & shown) is held


def test_the_words_are_name_and_value() -> None:
    text = "入院查糖化血红蛋白 8.9%，余无殊"
    (mention,) = _measured(text)
    assert mention.words == "糖化血红蛋白 8.9%"
    assert text[mention.start : mention.end] == mention.words
    assert mention.rule == "lab:hba1c>=6.5"


def test_a_value_in_the_past_stays_past() -> None:
    (mention,) = _measured("血肌酐 212μmol/L", "既往史")
    assert mention.assertion is Assertion.PAST


def test_a_value_is_dated_by_the_slot_beside_it() -> None:
    (mention,) = _measured("〔日期+120〕复查血肌酐 212μmol/L")
    assert mention.day == 120


def test_every_finding_stands_in_the_lexicon() -> None:
    assert [target for target in load_labs().targets if target not in Lexicon.load()] == []


def test_there_are_the_promised_rules() -> None:
    assert len(load_labs().targets) >= 40


def test_a_wrong_limit_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "labs.toml"
    path.write_text(
        '[[test]]\nid = "x"\nnames = ["x"]\nunits = [{ unit = "g", factor = 1, range = [0, 9] }]\n'
        '[[test.rule]]\nwhen = "above 3"\nfinding = "fever"\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput, match="above 3"):
        load_labs(path)


CALLED = {
    "high prolactin": "hyperprolactinemia",
    "raised bilirubin": "bilirubin-high",
    "elevated troponin I": "troponin-high",
    "ferritin is low": "ferritin-low",
    "serum ferritin levels are low": "ferritin-low",
    "increased lactate": "lactate-high",
    "泌乳素明显升高": "hyperprolactinemia",
    "尿酸偏高的患者": "hyperuricemia",
    "白蛋白低": "hypoalbuminemia",
    "铁蛋白减低": "ferritin-low",
    "血氨升高": "ammonia-high",
}


@pytest.mark.parametrize("words", CALLED)
def test_a_test_called_high_or_low_asks_for_the_finding(words: str) -> None:
    flat = fold(words)
    asks = understand(CleanText.certified(words), Lexicon.load(), (), date(2026, 1, 1)).asks
    assert [concept for _, _, concept in called(load_labs(), flat)] == [CALLED[words]]
    assert CALLED[words] in {ask.wish.concept for ask in asks}


NAMED = (
    "blood pressure medicine|high fever|low back pain|泌乳素瘤|血钙高血压|铁蛋白|troponin|lower leg pain|high altitude|"
    "肌酐检查|血糖仪|lactate threshold|白蛋白输注|低血压|高血压|raised rash|low mood|increased thirst|高热|低位直肠癌"
)


@pytest.mark.parametrize("words", NAMED.split("|"))
def test_a_test_that_is_only_named_is_called_nothing(words: str) -> None:
    assert list(called(load_labs(), fold(words))) == []


@pytest.mark.parametrize("between", ["约为" * 400, " " * 2000, " 今" * 1000, "结果为" * 300])
def test_what_stands_between_a_test_and_nothing_is_read_once(between: str) -> None:
    """Tried in every way it can be taken apart it would not be read in a lifetime."""
    text = f"血钾{between}x"
    assert not [*load_labs().readings(fold(text))]
