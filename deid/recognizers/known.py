"""Identifiers known beforehand (the patient, relatives, staff, numbers): exact, in any width and spacing, names with one misread character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from deid.document import Document
from deid.folding import fold
from deid.spans import Finding, Tier
from records.entities import Entity

_GAP: Final = r"[\s·・\-_.]{0,3}"
_LATIN_GAP: Final = r"[\s,.·\-]{0,3}"
_TIGHT: Final = frozenset({Entity.MEDICAL_ID, Entity.OTHER_ID})
_SPLIT: Final = re.compile(r"(\s+)")
# Characters that OCR takes for one another in names, as groups; a group is symmetric.
_CONFUSED: Final = (
    "己已巳 未末 土士 干千于 人入八 日曰 天夭 大太犬 王玉主壬 刘对 李季 张弛 陈阵 林杯 杨扬 赵越 周同 徐除 孙孔 马乌 朱未 胡湖 郭敦 何河 高商 罗岁 "
    "梁粱 宋末 唐塘 许讦 韩朝 邓郑 冯马 曹曾 彭影 肖背 田由甲申 董重 袁哀 潘番 蔡察 蒋将 余佘 杜社 叶时 程桯 苏办 魏巍 吕昌 丁了 任仕 沈沉 姚桃 卢户 傅博 "
    "姜美 崔催 谭潭 陆陕 汪江 范苑 金全 石右 廖寥 贾买 夏复 韦书 付何 白自百 邹邻 孟盂 熊能 秦泰 邱丘 江红 尹伊 薛辞 闫问 段殷 雷需 侯候 龙尤 史吏 陶淘 "
    "黎犁 贺货 顾硕 毛手 郝赫 龚袭 邵部 万方 钱线 严产 覃罩 武式 戴载 莫英 孔扎 向问 汤扬 明朋 伟佛 芳若 娜哪 敏数 静净 丽两 强弦 磊垒 军车 洋详 勇男 艳色 "
    "杰木 娟捐 涛寿 超起 秀委 霞震 平乎 刚钢 桂挂 英荚 华毕 玉王 萍评 红江 兰三 建健 国固 志忘 文丈 辉挥 鹏朋 海每 波坡 春舂 梅海 荣菜 玲铃 晶品 琴琵 云去 "
    "莲连 凤风 洁沽 慧惠 晓烧 光先 福幅 祥详 庆床 贵责 德得 生牛 成戍 新亲 民氏 永水 东车 俊悛 浩洁 宇字 轩奸 涵函 梓样 子于 欣欧 怡抬 佳住 嘉喜 雨两 思恩 "
    "琪淇 婷停 宁宇 宏宠 斌武 彬杉 峰锋 锋蜂 亮高 淑椒 珍诊 芬芳 香看 仁仨 义又 礼札 智暂 信倍"
)


@lru_cache(maxsize=1)
def _similar() -> dict[str, str]:
    table: dict[str, set[str]] = {}
    for group in _CONFUSED.split():
        for char in group:
            table.setdefault(char, set()).update(group)
    return {char: "".join(sorted(group)) for char, group in table.items()}


def _flat(value: str) -> str:
    return re.sub(r"[\s·・\-_.,:;()]+", "", fold(value).text)


def pattern_of(entity: Entity, value: str) -> re.Pattern[str] | None:
    """What one known value may look like; None when the value is too short to be looked for."""
    flat = _flat(value)
    if entity is Entity.PERSON:
        return _person(value, flat)
    if len(flat) < (3 if entity in _TIGHT else 4):
        return None
    body = _GAP.join(re.escape(c) for c in flat) if entity not in _TIGHT else r"[ \-]{0,2}".join(re.escape(c) for c in flat)
    left = r"(?<![0-9A-Za-z])" if flat[0].isascii() else ""
    right = r"(?![0-9A-Za-z])" if flat[-1].isascii() else ""
    flags = re.IGNORECASE if flat.isascii() else 0
    return re.compile(left + body + right, flags)


def _person(value: str, flat: str) -> re.Pattern[str] | None:
    if len(flat) < 2:
        return None
    if flat.isascii():
        parts = [re.escape(p) for p in re.split(r"[^A-Za-z]+", fold(value).text) if p]
        return re.compile(f"(?<![A-Za-z]){_LATIN_GAP.join(parts)}(?![A-Za-z])", re.IGNORECASE) if parts else None
    forms = [_GAP.join(map(re.escape, flat))]
    if len(flat) >= 3:
        for place, char in enumerate(flat):
            near = _similar().get(char, char)
            if len(near) > 1:
                chars = [re.escape(c) for c in flat]
                chars[place] = f"[{near}]"
                forms.append(_GAP.join(chars))
            wild = [re.escape(c) for c in flat]
            wild[place] = r"[\u4e00-\u9fff×*某OXx□?]"
            if len(flat) >= 4 or place == 1:
                forms.append("".join(wild))
    elif len(flat) == 2:
        for place, char in enumerate(flat):
            near = _similar().get(char, char)
            if len(near) > 1:
                chars = [re.escape(c) for c in flat]
                chars[place] = f"[{near}]"
                forms.append("".join(chars))
    return re.compile("|".join(forms))


class KnownValues:
    """Looks for the values it was made with; whole-text scans with one pattern a value, linear in the text."""

    name = "known"

    def __init__(self, known: Sequence[tuple[Entity, str]]) -> None:
        self.entity = Entity.PERSON
        self._patterns = [(entity, pattern) for entity, value in known if (pattern := pattern_of(entity, value))]

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        return [
            Finding(*match.span(), entity, "known.value", 1.0, "known beforehand", Tier.KNOWN)
            for entity, pattern in self._patterns
            for match in pattern.finditer(text)
            if match.end() > match.start()
        ]
