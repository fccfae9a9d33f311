"""Verdicts that come a clause later, in a box or by a test, and what looks like one: each family with its traps."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.reading import read

# sentence = words said to be so; a line that begins with # names what the words are
CASES = """
# negated
心超室壁活动好，哪来的心梗=心梗|住院两周，院内感染为零=院内感染|全年压疮零发生=压疮
心包填塞，床旁超声没看到=心包填塞|肺栓塞，CTPA排除了=肺栓塞|主动脉夹层，急诊增强CT未找到=主动脉夹层|胆管炎，超声也没看到=胆管炎
导管相关血流感染，三套血培养无菌，不成立=导管相关血流感染|类风湿关节炎，CCP阴性，不支持=类风湿关节炎|肺结核，痰涂片阴，不考虑=肺结核
梅毒初筛阳性，TPPA阴性，判为假阳性=梅毒|HIV初筛阳，确证阴，系假阳性=HIV|丙肝抗体阳性，RNA阴性，考虑为生物学假阳性=丙肝
乍看像银屑病，实为脂溢性皮炎=银屑病|以为是肺炎，其实是心衰=肺炎|按哮喘治疗三月，实为气管肿瘤=哮喘|貌似偏头痛，原来是青光眼=偏头痛
跟丹毒不同，此皮损无界限=丹毒|和带状疱疹有别，双侧分布=带状疱疹|冠心病(×)、哮喘(√)=冠心病|糖尿病史(无)，高血压史(有)=糖尿病
跌倒：无√ 有□=跌倒|压疮：无☑ 有□=压疮|静脉溶栓时间窗已过，转取栓=静脉溶栓|取栓窗口已过，保守=取栓
PLT 40系EDTA聚集，枸橼酸管复测198，假性血小板减少=血小板减少|标本溶血，复测血钾4.2，假性高钾=高钾|标本溶血=溶血
未静脉给丙球=丙球|不另用抗生素=抗生素|哮喘无从谈起=哮喘|无造口待还纳=造口|无HBsAg阳性，HCV核酸阳性=HBsAg阳性
# present
冠心病予抗血小板聚集治疗=冠心病|高血压、假性动脉瘤=高血压|静脉炎输液侧上肢=静脉炎|血小板减少3年伴脾大，此次不存在假性血小板减少=脾大
低钾血症5年，血小板减少，复查为假性血小板减少=低钾血症|肠造口拟还纳又取消=肠造口|双J管待拔除=双J管|与老公吵架后头痛=头痛|高尿酸520无症=高尿酸
心包填塞，床旁超声没看到分隔，穿刺=心包填塞|肺癌，骨扫描阴性=肺癌|类风湿关节炎，RF阴性=类风湿关节炎|胸背痛伴高血压，夹层已由CT排除=高血压
肺结核，痰涂片阴性，继续抗结核=肺结核|梅毒初筛阳性，TPPA阳性，不是假阳性=梅毒|以腹痛收住，实为阑尾炎=阑尾炎|像往常一样哮喘发作=哮喘
冠心病(×)、哮喘(√)=哮喘|跌倒：有√ 无□=跌倒|高血压和糖尿病不同程度控制=高血压|甲亢，排除禁忌后碘131治疗=碘131
晕倒，由120送，骨折=骨折|白内障，YAG激光切开，眼压平=白内障
肾结石未排出=肾结石|不典型麻疹，发热=麻疹|帕金森病不影响吞咽=帕金森病|没有手术机会的胰腺癌=胰腺癌|糖尿病未查过眼底=糖尿病
# possible
淋巴瘤别漏，约PET=淋巴瘤|乳腺炎苗头，冷敷=乳腺炎|脑积水留意，两周后复超=脑积水|肺栓塞不能一笔勾销=肺栓塞|若心慌手抖及时复诊=手抖|肾损伤未能撇开，停药=肾损伤
M蛋白、轻链送=轻链|孕31周瘙痒，胆汁酸已送=胆汁酸|黑色素瘤悬着，等病理=黑色素瘤|会不会是胰腺癌，增强周四=胰腺癌|吞咽困难，食管癌得先除外=食管癌
莫非是淋巴瘤，活检约周一=淋巴瘤|肠梗阻要先除外=肠梗阻
# past
华法林停在术前=华法林|乳腺癌术后五年未复发=乳腺癌|甲亢碘治疗后三年未复发=甲亢|结肠癌切除至今未复发=结肠癌
# family
老豆中风=中风|家族高钙？先证者母亲Ca 2.9，患儿2.4正常=Ca 2.9|舅父因甲胎蛋白升高查出肝癌，本人AFP 1.8=肝癌
隔壁床甲流，已转单间=甲流|同室流感，本例发热=流感|乙肝阳性系邻床=乙肝|梅毒阳性是同名患者的=梅毒|献血员梅毒阳性已召回=梅毒|供精者乙肝，弃用=乙肝
"""


def cases() -> list[tuple[str, str, Assertion]]:
    found, says = [], Assertion.PRESENT
    for line in CASES.strip().split("\n"):
        if line.startswith("#"):
            says = Assertion(line[2:])
            continue
        for case in line.split("|"):
            text, _, words = case.rpartition("=")
            found.append((text, words, says))
    return found


@pytest.mark.parametrize(("text", "words", "says"), cases())
def test_a_verdict_is_found_wherever_it_stands(text: str, words: str, says: Assertion) -> None:
    start = text.index(words)
    said = read(CleanText.certified(text + "。"), "", Lexicon.load())
    held = [one for one in said if one.start < start + len(words) and start < one.end]
    exact = [one for one in held if one.words == words] or held
    assert {one.assertion for one in exact} == {says}, exact
