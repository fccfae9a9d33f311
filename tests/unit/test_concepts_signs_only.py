"""Diseases that a record never names: what pathology, genes, images and wards say instead."""

from __future__ import annotations

import pytest

from records.ids import ConceptId
from semantic.concepts import Lexicon

SHOWN = {
    "eb-acquisita": ("盐裂皮肤真皮侧线状IgG沉积", "抗Ⅶ型胶原抗体阳性"),
    "hemolytic-disease-newborn": ("放散试验阳性", "母O型子A型，光疗中"),
    "portal-hypertension": ("食管静脉曲张套扎术后", "脾静脉增宽"),
    "epilepsy": ("左颞叶内侧硬化", "术后Engel I级"),
    "thyroid-cancer": ("PTC根治术后", "TSH抑制治疗"),
    "papillary-thyroid-carcinoma": ("毛玻璃样核、核沟",),
    "urolithiasis": ("成分为胱氨酸石", "尿酸结石", "鸟粪石"),
    "lesch-nyhan": ("HPRT1突变", "反复自咬手指"),
    "multiple-system-atrophy": ("脑桥十字面包征",),
    "psp": ("垂直性凝视麻痹",),
    "neurodegeneration-with-brain-iron-accumulation": ("双侧苍白球虎眼征",),
    "angiostrongyliasis": ("生食福寿螺",),
    "sheehan-syndrome": ("产后大出血后无乳、闭经",),
    "maple-syrup": ("尿有枫糖味",),
    "mucopolysaccharidosis": ("面容粗陋，尿GAG升高",),
    "gm2-gangliosidosis": ("氨基己糖苷酶A缺乏", "黄斑樱桃红斑，声响惊跳"),
    "homocystinuria": ("CBS基因突变", "晶状体向下方脱位"),
    "ehlers-danlos": ("皮肤可过度拉长，关节活动过度",),
    "williams-syndrome": ("7q11.23缺失",),
    "sturge-weber": ("面部鲜红斑痣，抽搐",),
    "giant-cell-arteritis": ("咀嚼跛行", "颞浅动脉压痛"),
    "anti-gbm-disease": ("IgG沿毛细血管壁线状沉积",),
    "mantle-cell-lymphoma": ("t(11;14)",),
    "burkitt-lymphoma": ("镜下满天星",),
    "hairy-cell-leukemia": ("脾大，涂片见毛细胞",),
    "bacterial-vaginosis": ("线索细胞阳性", "胺臭味"),
    "als": ("肌束颤动，腱反射亢进", "手部分裂手"),
    "prion-disease": ("DWI皮层缎带征", "快速进展性痴呆，脑电图三相波"),
    "wernicke": ("酗酒10年，眼震、共济失调",),
    "lewy-body-dementia": ("形象生动的视幻觉，认知波动", "视幻觉，肢体强直"),
    "glioblastoma": ("假栅栏状坏死",),
    "retinoblastoma": ("患儿白瞳",),
    "ewing-sarcoma": ("EWSR1-FLI1融合",),
    "osteoid-osteoma": ("CT见瘤巢", "夜间痛，服阿司匹林后缓解"),
    "synovial-sarcoma": ("SS18基因重排",),
    "gastrinoma": ("多发溃疡，血清胃泌素明显升高",),
    "glucagonoma": ("坏死松解性游走性红斑",),
    "liver-hemangioma": ("增强快进慢出",),
    "focal-nodular-hyperplasia": ("肝右叶占位，中央星状瘢痕",),
    "sinusoidal-obstruction": ("口服土三七后腹水",),
    "primary-sclerosing-cholangitis": ("MRCP示胆管枯树枝样",),
    "crohn-disease": ("回肠纵行溃疡、鹅卵石样",),
    "eosinophilic-esophagitis": ("食管环状皱襞，活检嗜酸",),
    "mallory-weiss": ("醉酒后呕吐，呕吐后吐血",),
    "intestinal-atresia": ("腹平片双泡征",),
    "biliary-atresia": ("生后2月，白陶土样便",),
    "hirschsprung": ("新生儿胎粪排出延迟", "直肠肛门抑制反射消失"),
    "mucormycosis": ("鼻腔黑色焦痂", "镜下宽大无隔菌丝"),
    "talaromycosis": ("接触竹鼠后发热",),
    "sporotrichosis": ("玫瑰花刺扎伤后结节",),
    "cat-scratch-disease": ("被猫抓伤后右腋窝淋巴结肿大",),
    "botulism": ("进食自制臭豆腐后复视、吞咽困难",),
    "roseola": ("热退疹出",),
    "fifth-disease": ("面部掌掴样红斑",),
    "clonorchiasis": ("喜食鱼生", "常吃鱼生"),
    "paragonimiasis": ("生吃小龙虾后咳嗽",),
    "sparganosis": ("眼部青蛙肉外敷",),
    "giardiasis": ("粪检梨形鞭毛虫",),
    "trichuriasis": ("粪检腰鼓形虫卵", "鞭虫感染"),
    "enterobiasis": ("夜间肛周瘙痒，见小白虫",),
    "scabies": ("指缝见隧道", "夜间痒甚，全家都有"),
    "pubic-lice": ("阴毛根部见虱卵",),
    "neurosyphilis": ("脑脊液TPPA阳性", "阿罗瞳孔"),
    "lgv": ("腹股沟沟槽征",),
    "genital-warts": ("肛周菜花样赘生物",),
    "tuberculous-meningitis": ("脑脊液ADA 18，低热盗汗",),
    "cardiac-amyloidosis": ("心电图低电压，室间隔增厚",),
    "tapvc": ("胸片雪人征",),
    "aortic-coarctation": ("CTA示3字征",),
    "rhabdomyolysis": ("健身房深蹲后酱油色尿", "CK 20000"),
    "renal-tubular-acidosis": ("高氯性酸中毒", "碱性尿，低钾"),
    "fanconi-syndrome": ("阿德福韦酯8年，骨痛",),
    "testicular-cancer": ("右睾丸肿物，AFP升高",),
    "posterior-urethral-valves": ("产前超声膀胱钥匙孔征",),
    "antisynthetase-syndrome": ("抗PL-7抗体阳性", "技工手，肺间质改变"),
    "adult-still-disease": ("铁蛋白>5000", "弛张热，热退疹退"),
    "pityriasis-rosea": ("躯干红斑呈圣诞树样",),
    "mycosis-fungoides": ("见Pautrier微脓肿",),
    "alopecia-areata": ("可见惊叹号样发",),
    "porphyria": ("腹痛，尿放置变红",),
    "scurvy": ("牙龈出血，毛囊周围出血",),
    "osteopetrosis": ("夹心椎",),
    "scfe": ("Klein线不通过骨骺",),
    "carpal-tunnel": ("夜间手麻醒，甩手后缓解",),
    "trimethylaminuria": ("FMO3基因突变", "汗液有烂鱼臭味"),
}
OTHERWISE = {
    "hairy-cell-leukemia": "耳蜗毛细胞损伤",
    "medullary-thyroid-carcinoma": "甲状腺术后感染，降钙素原升高",
    "hemochromatosis": "转铁蛋白饱和度9%，铁蛋白低",
    "whipple-disease": "惠普尔手术后",
    "cholangiocarcinoma": "bismuth quadruple therapy",
    "neuroblastoma": "左肾上腺占位，VMA升高",
    "melioidosis": "痰培养洋葱伯克霍尔德菌",
    "fifth-disease": "被打耳光后鼓膜穿孔",
    "psittacosis": "外侧半月板鹦鹉嘴样撕裂",
    "scabies": "导管皮下隧道感染",
    "osmotic-demyelination": "三叉戟手",
    "compartment-syndrome": "急性阑尾炎切开减张缝合",
    "venous-ulcer": "食管静脉曲张，胃溃疡",
    "lymphangioleiomyomatosis": "皮肤黑色素瘤HMB45阳性，肺转移",
    "bronchiectasis": "第一跖趾关节超声双轨征",
}


@pytest.mark.parametrize(("disease", "text"), [(name, text) for name, texts in SHOWN.items() for text in texts])
def test_what_is_asked_for_reaches_what_only_shows_it(disease: str, text: str) -> None:
    lexicon = Lexicon.load()
    assert {found.concept for found in lexicon.find(text)} & lexicon.expand(ConceptId(disease)).keys()


@pytest.mark.parametrize(("disease", "text"), OTHERWISE.items())
def test_what_only_looks_alike_is_no_sign(disease: str, text: str) -> None:
    assert f"signs-of-{disease}" not in {found.concept for found in Lexicon.load().find(text)}
