"""Questions that tell a story are compared by what they name, whatever words an answer says it with."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.encoder import open_encoder
from semantic.search import Filters, Scope, SearchEngine
from tests.semantic_shelf import record, shelf_with

ANSWERS = (
    "脑卒中恢复期肢体乏力，应在康复科指导下做平衡与步行训练。",
    "老人走路别着急，门口铺防滑垫，晚上留一盏灯。",
    "脂肪肝患者每天一个蛋是安全的，少吃油炸食物，适当运动。",
    "朋友聚餐回老家过年都要少喝，去年指标高的今年要复查。",
    "患儿腹泻以口服补液为主，饮食清淡，两天不好转需化验大便。",
    "总是没睡好，哭闹一整天，多是积食。",
    "痛风发作期避免饮酒，急性期可用秋水仙碱止痛。",
    "胃镜前一天晚上十点以后不要吃东西，也不要喝水。",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    shelf = shelf_with(tmp_path_factory.mktemp("stories"), [record(at, ("", text)) for at, text in enumerate(ANSWERS)])
    return SearchEngine(shelf.edition(), open_encoder(), Lexicon.load())


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("我爸中风两年了，走路还是不稳，平时在家里应该怎么锻炼呢", 0),
        ("朋友说查出脂肪肝就不能吃鸡蛋了，请问每天早上吃一个行不行呢", 2),
        ("小宝拉肚子两天了，今天一整天没什么精神，吃点什么好呢", 4),
        ("聚餐以后大脚趾又红又肿，以前得过痛风，请问还能不能喝酒呢", 6),
    ],
)
def test_what_a_story_names_outweighs_how_it_is_told(engine: SearchEngine, question: str, answer: int) -> None:
    hits = engine.search(CleanText.from_shelf(question), Scope(), Filters()).hits
    assert hits[0].record == record(answer).row.record


def test_in_a_short_story_a_character_counts_however_common_it_is(tmp_path: Path) -> None:
    texts = (
        "脂肪肝患者吃鸡肉、猪肉都行。",
        "脂肪肝患者吃鸡肉、鱼肉都行。",
        "痛风少吃鱼虾。",
        "鱼刺卡住别硬咽。",
        "多休息。",
    )
    shelf = shelf_with(tmp_path, [record(at, ("", text)) for at, text in enumerate(texts)])
    hits = SearchEngine(shelf.edition(), open_encoder(), Lexicon.load()).search(
        CleanText.from_shelf("脂肪肝能不能吃鱼"), Scope(), Filters()
    )
    assert hits.hits[0].record == record(1).row.record


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("我骑车摔伤了手腕骨折，先拍片再固定，请问备孕吃叶酸要吃几个月", 0),
        ("孩子发烧吃了退烧药，三十八度五，咳嗽有痰要不要做雾化拍背", 4),
        ("骑车摔伤腕部，拍片没有骨折，请问甲亢手术的疤痕会淡吗", 2),
    ],
)
def test_what_a_story_asks_outweighs_what_it_tells(tmp_path: Path, question: str, answer: int) -> None:
    texts = (
        "备孕前三个月开始吃叶酸，每天一片。",
        "孩子发烧时多喝水，三十八度五以上吃退烧药。",
        "甲亢手术以后伤口的疤痕会慢慢变淡。",
        "骑车摔伤的骨折多在腕部，先固定再拍片。",
        "咳嗽有痰时用雾化，痰多翻身拍背。",
        "骨折以后打石膏固定，六周拆除，少下地。",
    )
    shelf = shelf_with(tmp_path, [record(at, ("", text)) for at, text in enumerate(texts)])
    engine = SearchEngine(shelf.edition(), open_encoder(), Lexicon.load())
    hits = engine.search(CleanText.from_shelf(question), Scope(), Filters()).hits
    assert hits[0].record == record(answer).row.record
