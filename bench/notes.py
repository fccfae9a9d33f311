"""Invented hospital notes in any number, seeded, for measuring size and speed. Made of the lexicon's names and their
own grammar; they tell of nobody."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from records.ids import PatientToken, RecordId
from records.shelf import Section, ShelfRecord, ShelfRow
from records.texts import CleanText
from semantic.concepts import Lexicon

_PARTS: Final = [
    "头",
    "颈",
    "胸",
    "腹",
    "背",
    "腰",
    "左上肢",
    "右上肢",
    "左下肢",
    "右下肢",
    "肝",
    "胆",
    "胰",
    "脾",
    "肾",
    "膀胱",
    "子宫",
    "甲状腺",
    "乳腺",
    "心脏",
    "肺",
    "气管",
    "食管",
    "胃",
    "肠",
    "脑",
    "脊柱",
    "关节",
    "皮肤",
    "眼",
]
_SIGNS: Final = [
    "压痛",
    "叩痛",
    "肿胀",
    "红肿",
    "结节",
    "包块",
    "阴影",
    "增厚",
    "扩张",
    "狭窄",
    "积液",
    "钙化",
    "破溃",
    "渗出",
    "出血",
    "麻木",
    "无力",
    "酸痛",
    "刺痛",
    "胀痛",
]
_DEPARTMENTS: Final = [
    "内分泌科",
    "心内科",
    "呼吸内科",
    "消化内科",
    "肾内科",
    "神经内科",
    "普外科",
    "骨科",
    "泌尿外科",
    "妇产科",
    "儿科",
    "眼科",
]
_TYPES: Final = ["D02", "D05", "D06", "D14", "D19", "D22", "D23", "D24", "D33", "D38"]
_FILLER: Final = (
    "患者于{n}天前无明显诱因出现{part}{sign}，呈{how}，每次持续约{m}分钟，休息后可缓解。",
    "查体：{part}{sign}，范围约{n}cm×{m}cm，质{how2}，边界{clear}。",
    "体温36.{m}℃，脉搏{k}次/分，呼吸{n}次/分，血压1{m}{n}/8{m}mmHg。",
    "复查{part}影像，示{part}{sign}，较前{change}，建议{n}周后复查。",
    "入院后完善相关检查，予对症支持治疗，第{n}天症状{change}。",
    "白细胞{n}.{m}×10^9/L，血红蛋白1{m}{n}g/L，血小板2{n}{m}×10^9/L。",
    "饮食睡眠可，二便正常，近期体重{change}约{n}kg。",
    "嘱患者低盐饮食，注意休息，{n}周后门诊随诊，如有{part}{sign}及时就诊。",
)
_TALK: Final = (
    "诊断考虑{x}。",
    "患者有{x}病史{n}年，规律治疗。",
    "否认{x}病史。",
    "{x}待排，进一步检查。",
    "父亲患{x}。",
    "本次因{x}加重入院。",
    "予{x}相关治疗后好转。",
    "既往{x}，目前稳定。",
)
_RANGE: Final = 1 << 30
_HEADINGS: Final = ("主诉", "现病史", "既往史", "体格检查", "辅助检查", "诊断", "诊疗经过", "出院医嘱")


class Notes:
    """A stream of invented records; the same seed gives the same records."""

    def __init__(self, seed: int = 7) -> None:
        self._draw = np.random.default_rng(seed)
        self._numbers = self._drawn()
        names = sorted(concept.zh for concept in Lexicon.load() if "·" not in concept.zh)  # no name that people write
        order = self._draw.permutation(len(names))
        self._names: list[str] = [names[at] for at in order]
        share = 1 / np.arange(1, len(names) + 1) ** 0.8
        self._cumulative: list[float] = np.cumsum(share / share.sum()).tolist()

    def name(self) -> str:
        """A concept's Chinese name, frequent ones often."""
        at = bisect_left(self._cumulative, next(self._numbers) / _RANGE)
        return self._names[min(at, len(self._names) - 1)]

    def _drawn(self) -> Iterator[int]:
        """Random numbers below _RANGE, drawn many at a time since one draw costs as much as a hundred."""
        while True:
            yield from self._draw.integers(0, _RANGE, size=1 << 16).tolist()

    def records(self, passages: int) -> Iterator[ShelfRecord]:
        """Records that hold this many passages together; four passages each."""
        for number in range(0, passages, 4):
            yield self._record(number, min(4, passages - number))

    def _record(self, number: int, size: int) -> ShelfRecord:
        pick = [next(self._numbers) for _ in range(4)]
        row = ShelfRow(
            RecordId(f"R{number:020x}"),
            PatientToken(f"P{number // 12:020x}"),
            _TYPES[pick[0] % len(_TYPES)],
            _DEPARTMENTS[min(pick[1] % 23, pick[1] % 12)],
            2015 + pick[2] % 11,
            1 + pick[2] % 4,
            "FM"[pick[3] % 2],
            pick[3] % 90,
            pick[0] % 3000,
        )
        first = next(self._numbers)
        headings = [_HEADINGS[(first + at) % len(_HEADINGS)] for at in range(size)]
        return ShelfRecord(row, tuple(Section(heading, CleanText.from_shelf(self._passage())) for heading in headings))

    def _passage(self) -> str:
        numbers = [1 + next(self._numbers) % 9 for _ in range(24)]
        pieces = []
        for at in range(2 + next(self._numbers) % 3):
            words = {
                "n": numbers[at],
                "m": numbers[at + 5],
                "k": 60 + numbers[at + 10] * 4,
                "part": self._one(_PARTS),
                "sign": self._one(_SIGNS),
                "how": self._one(("阵发性", "持续性", "间断性")),
                "how2": self._one(("软", "韧", "硬")),
                "clear": self._one(("清", "欠清", "不清")),
                "change": self._one(("好转", "加重", "缓解", "下降", "增加")),
            }
            pieces.append(self._one(_FILLER).format(**words))
        talk = next(self._numbers) % 3
        pieces += [self._one(_TALK).format(x=self.name(), n=numbers[20]) for _ in range(talk)]
        return "".join(pieces)

    def _one(self, choices: Sequence[str]) -> str:
        return choices[next(self._numbers) % len(choices)]

    def questions(self, count: int) -> list[str]:
        """Questions as people type them: a concept, a concept with its complications, two concepts, words of a note."""
        forms = ("{x}", "{x}的并发症", "{x}合并{y}", "{x}患者{part}{sign}", "无{y}的{x}", "{part}{sign}{change}")
        asked = []
        for at in range(count):
            words = {"x": self.name(), "y": self.name(), "part": self._one(_PARTS), "sign": self._one(_SIGNS)}
            asked.append(forms[at % len(forms)].format(**words, change=self._one(("好转", "加重"))))
        return asked
