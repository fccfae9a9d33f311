"""Names that a record takes back or warns of, denials heard in the next breath, values that were none, whose disease it
is, and denials that only describe: families of ward notes with sentences that only look like them. Invented."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon

NOT = """
外院按过敏性紫癜治，本次肾穿更正为狼疮肾炎 | 过敏性紫癜
原诊断：双相障碍，修正诊断：精神分裂症 | 双相障碍
急诊说是肾绞痛，其实是主动脉夹层 | 肾绞痛
所谓神经性皮炎其实是疥疮 | 神经性皮炎
名为白癜风，实为花斑癣 | 白癜风
哮喘的说法有误 | 哮喘
白癜风系误诊 | 白癜风
贴面神经麻痹，别当脑梗治 | 脑梗
大隐静脉条索，深部通畅，别写成DVT | DVT
跟糖尿病足是两回事，坏疽性脓皮病 | 糖尿病足
增多的是嗜碱，与嗜酸性粒细胞增多别混 | 嗜酸性粒细胞增多
问糖尿病，答没有 | 糖尿病
肝炎结核问过，均否认 | 肝炎 结核
糖尿病吗？没有 | 糖尿病
没有明确的冠心病 | 冠心病
高血压[否] 糖尿病[否] | 高血压 糖尿病
银屑病(N) 白癜风(N) | 银屑病 白癜风
标本溶血，报血钾6.4，重抽4.3 | 血钾6.4
血小板32，涂片见聚集，枸橼酸管复查188 | 血小板32
低热两月，PET清白，恶性肿瘤暂搁 | 恶性肿瘤
呕吐物非咖啡样，上消化道出血说不通 | 上消化道出血
脑血管造影未见瘤，动脉瘤之虑可消 | 动脉瘤
皮损真菌镜检阴，体癣改口湿疹 | 体癣
疼痛像肾结石，CT平扫尿路干净 | 肾结石
结肠癌辅助化疗指征够，病人不做 | 辅助化疗
他汀开了三个月，药盒没拆 | 他汀
奥司他韦超48小时，没开 | 奥司他韦
血浆置换管子都备了，家属反悔 | 血浆置换
经皮肾镜改保守 | 经皮肾镜
三线方案里拿掉卡铂 | 卡铂
"""
OTHERS = """
性伴梅毒，本人TPPA阴性 | 梅毒
固定性伴HIV感染，启动PrEP | HIV感染
靠窗那床昨天确诊肺结核，来拍片 | 肺结核
被狂犬病人咬伤 | 狂犬病
托班猩红热停课三天 | 猩红热
养的猫确诊弓形虫，孕妇IgM阴 | 弓形虫
新兵连流行腮腺炎，该兵只是扁桃体炎 | 腮腺炎
"""
OWN = """
外院按过敏性紫癜治，本次肾穿更正为狼疮肾炎 | 狼疮肾炎
入院诊断低钾血症，补钾后纠正 | 低钾血症
初诊糖尿病，胰岛素治疗后明确为2型糖尿病 | 2型糖尿病
花粉过敏，别当小事 | 花粉过敏
多性伴，梅毒RPR 1:32 | 梅毒
搏动性伴畏光 | 畏光
临床血糖控制不佳 | 血糖控制不佳
血钾6.8，复查6.5 | 血钾6.8
问诊：胃溃疡，没有规律吃药 | 胃溃疡
不是头一回脑梗，左侧又瘫 | 脑梗
没控制好的哮喘 | 哮喘
无家族史的乳腺癌 | 乳腺癌
没有症状的胆结石 | 胆结石
无奈确诊肺癌 | 肺癌
误诊多年的克罗恩病 | 克罗恩病
被爱人传染梅毒 | 梅毒
母亲陪来，确诊1型糖尿病 | 1型糖尿病
给父亲捐肾后，单肾，血压高 | 血压高
是病毒性脑炎而非癫痫 | 病毒性脑炎
疑痛风，关节液见尿酸盐结晶，确诊 | 痛风
除了糖尿病没别的病 | 糖尿病
本人否认，妻子补充其实有癫痫 | 癫痫
养猫十年，确诊弓形虫 | 弓形虫
"""


def _rows(table: str) -> list[tuple[str, str]]:
    rows = (line.split(" | ") for line in table.strip().splitlines())
    return [(text, word) for text, words in rows for word in words.split()]


def _said(text: str, words: str) -> set[Assertion]:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    return {one.assertion for one in mentions if one.words in words or words in one.words}


@pytest.mark.parametrize(("text", "words"), _rows(NOT))
def test_what_is_taken_back_is_denied(text: str, words: str) -> None:
    assert _said(text, words) == {Assertion.NEGATED}


@pytest.mark.parametrize(("text", "words"), _rows(OTHERS))
def test_what_another_has_is_not_his(text: str, words: str) -> None:
    assert _said(text, words) == {Assertion.FAMILY}


@pytest.mark.parametrize(("text", "words"), _rows(OWN))
def test_what_is_his_stays(text: str, words: str) -> None:
    assert _said(text, words) and _said(text, words) <= {Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE}
