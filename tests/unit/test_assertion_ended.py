"""Treatments that are given no longer: stopped, taken out, changed for another; and doses, ways and plans that only
look like it. Invented; rules alone."""

from __future__ import annotations

from datetime import date

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.concepts import Lexicon
from semantic.query import understand

ENDED = """
入院前氯氮平已停三年 | 氯氮平
肾移植5年，早已脱离血液透析 | 血液透析
华法林已换成达比加群 | 华法林
阿司匹林、氯吡格雷改替格瑞洛 | 氯吡格雷
硝苯地平脚肿，改成缬沙坦 | 硝苯地平
吉非替尼14月耐药，T790M+，换奥希替尼 | 吉非替尼
头孢曲松三天热不退，改美罗培南 | 头孢曲松
氯氮平→奥氮平 | 氯氮平
氯氮平撤了，换奥氮平 | 氯氮平
腹膜透析失败转血透 | 腹膜透析
血透转腹透已一年 | 血透
由腹透改血透 | 腹透
VV-ECMO第九天撤机 | VV-ECMO
气管切开已封管 | 气管切开
昨日拔了气管插管，面罩给氧 | 气管插管
吃过两年甲氨蝶呤，现在没吃 | 甲氨蝶呤
以前打胰岛素，现在口服药 | 打胰岛素
贝伐珠单抗用了四程后停 | 贝伐珠单抗
利伐沙班上月起不吃了 | 利伐沙班
移植后不再透析 | 透析
加用他汀，肌酸激酶升，停 | 他汀
用过五年避孕药，去年起不吃 | 避孕药
甲巯咪唑白细胞低，停，改131I | 甲巯咪唑
胺碘酮吃了半年，甲状腺出问题便撤了 | 胺碘酮
血透做了一个月，肾功能恢复后脱离 | 血透
曾用甲氨蝶呤，因肝酶高而停 | 甲氨蝶呤
气管切开口已封 | 气管切开
造口已还纳 | 造口
环孢素用到上月为止 | 环孢素
氯吡格雷服至满一年即停 | 氯吡格雷
早先靠呼吸机，三周后成功脱机 | 呼吸机
宫内环三月前已取 | 宫内环
干扰素打满一年停针 | 干扰素
warfarin was stopped last month | warfarin
switched from clozapine to olanzapine | clozapine
"""
GIVEN = """
利伐沙班改为每日一次 | 利伐沙班
胰岛素改4次皮下 | 胰岛素
甲泼尼龙改口服 | 甲泼尼龙
美罗培南改善明显 | 美罗培南
能否停华法林，来咨询 | 华法林
停经49天，甲氨蝶呤保守 | 甲氨蝶呤
阿司匹林、氯吡格雷改替格瑞洛 | 阿司匹林
华法林已换成达比加群 | 达比加群
呼吸机脱机困难 | 呼吸机
呼吸机准备脱机 | 呼吸机
气管切开后第三天堵管失败 | 气管切开
腹透十年，登记肾移植 | 腹透
泼尼松30→20减量 | 泼尼松
胺碘酮静脉→口服 | 胺碘酮
奥氮平换成10mg | 奥氮平
胰岛素换笔 | 胰岛素
二甲双胍加量，换药一次 | 二甲双胍
青霉素皮试阴，头孢曲松第三天 | 头孢曲松
氯吡格雷未停 | 氯吡格雷
曾用异烟肼，停后改乙胺丁醇至今 | 乙胺丁醇
造口尚未还纳 | 造口
停了胰岛素改用利拉鲁肽 | 利拉鲁肽
从未间断的奥希替尼 | 奥希替尼
透析从未间断 | 透析
"""


def _sure(text: str, words: str) -> set[float]:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    own = [one for one in mentions if words in one.words and one.assertion in (Assertion.PRESENT, Assertion.PAST)]
    return {one.sure if one.assertion is Assertion.PAST else 1.0 for one in own}


def _rows(table: str) -> list[list[str]]:
    return [line.split(" | ") for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "words"), _rows(ENDED))
def test_what_has_ended_is_hardly_his(text: str, words: str) -> None:
    found = _sure(text, words)
    assert found and max(found) < 1


@pytest.mark.parametrize(("text", "words"), _rows(GIVEN))
def test_what_is_given_is_his(text: str, words: str) -> None:
    assert _sure(text, words) == {1.0}


@pytest.mark.parametrize(
    ("question", "had"),
    [("停用华法林的病人", True), ("patients who stopped warfarin", True), ("正在口服华法林", False), ("华法林", False)],
)
def test_a_question_for_who_stopped_it_takes_what_has_ended_in_full(question: str, had: bool) -> None:
    (ask,) = understand(CleanText.certified(question), Lexicon.load(), [], date(2026, 1, 1)).asks
    assert (ask.accept is not None) is had
