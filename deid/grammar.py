"""The name grammar the tagger learns from: invented names put into clinical frames, ordinary words as hard negatives."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Final

from deid.lists import given, given_pairs, lines_of, medical_words, single_surnames, surnames, words

_SLOT: Final = re.compile(r"\{([A-Za-z])\}")
_TITLES: Final = "主任医师 副主任医师 主治医师 住院医师 医师 医生 主任 副主任 护士 护士长 教授 大夫 院长".split()
_RELATIVES: Final = "妻子 丈夫 儿子 女儿 父亲 母亲 哥哥 弟弟 姐姐 妹妹 配偶 儿媳 女婿 孙子 外甥 侄子 祖父 奶奶 爷爷 岳父 叔叔 姑妈 家属 父 母 妻 子 女".split()
_BRAND: Final = "诺菲灵平宁康舒欣通清安乐泰素林定妥达维尔络普沙坦洛汀司他替尼单抗霉莫西巴唑啶酮酸钠胺醇肽酶膦昔布利列净格肝素可克思罗拉贝伐"
_BODY: Final = "额部 颞部 枕部 顶部 面部 眼 耳 颈部 肩部 上臂 肘部 前臂 腕部 手掌 食指 胸部 乳房 上肺 下肺 侧胸腔 季肋区 腹部 腰部 肾区 髂窝 臀部 髋部 大腿 膝关节 小腿 踝部 足背 足跟 上肢 下肢 侧 侧肢体 半身 心房 心室 室壁 冠状动脉 主干 前降支 肝叶 肝内胆管 侧附件 卵巢 输卵管 睾丸 腹股沟区 锁骨 肩胛骨 肱骨 尺骨 桡骨 股骨 胫骨 腓骨 跟骨 肋骨 椎动脉 颈内动脉 大脑中动脉 基底节区 颞叶 额叶 半球 侧脑室 甲状腺 腮腺 扁桃体 声带 上颌窦 肾盂 输尿管 肾上腺 肩 膝 肘 腕 踝 颈 腹 背 胸 缘 叶 肺 肾 乳".split()
# Surnames that are everyday characters of clinical prose too.
_COMMON_SURNAMES: Final = "高易单黄水左明常方全边连成从时于和向应白石温段管包平安宁曲路车解关申党荣华宣乐甘毛江文任查程季游冷暴隆麦胡马牛羊花叶林沙双金红古严强盛满后干空终计经别尚能曾余施支束充储冀巩巴充富弓桑梅桂柏柴栗武池洪浦海涂焦燕牟班甄田皮盖相祖祝童竺符简米索红纪终缪罗翁耿聂肖胥臧舒艾芦苗莫萧葛蒙蓝蔡薄裴褚覃计诸谈谷赖费贲贺路辛边达过钟钱闵闻阮隋雷霍韦项顾颜饶骆魏鱼鲍麻龙"
_WARDS: Final = "心内科 呼吸科 消化科 神经内科 骨科 普外科 泌尿外科 妇产科 儿科 急诊科 ICU 肿瘤科 内分泌科 肾内科 血液科 感染科 眼科 耳鼻喉科 皮肤科 麻醉科 中医科 康复科 风湿免疫科 胸外科 神经外科".split()


@cache
def _pools() -> dict[str, tuple[list[str], list[int]]]:
    chars = given()
    family = sorted(surnames())
    pairs = sorted(given_pairs())
    return {
        "surname": (family, [max(3, int(surnames()[s] ** 0.85)) for s in family]),
        "pair": (pairs, [1] * len(pairs)),
        "first": (sorted(chars), [chars[c][0] + 1 for c in sorted(chars)]),
        "second": (sorted(chars), [chars[c][1] + 1 for c in sorted(chars)]),
        "alone": (sorted(chars), [chars[c][2] + 1 for c in sorted(chars)]),
        "word": _named_like_words(),
        "m": (sorted(medical_words()), [1] * len(medical_words())),
        "w": (sorted(words()), [1] * len(words())),
        "c": (sorted(lines_of("common_words.txt")), [1] * len(lines_of("common_words.txt"))),
    }


def _named_like_words() -> tuple[list[str], list[int]]:
    """Words that are names as well (高峰, 白雪): people are called so, and the tagger must follow the context."""
    chars = given()
    found = sorted(
        w for w in words()
        if len(w) in (2, 3) and w[0] in single_surnames() and surnames()[w[0]] >= 100 and all(c in chars for c in w[1:])
    )  # fmt: skip
    return found, [surnames()[w[0]] for w in found]


def _rounds(frame: str, rounds: int) -> int:
    """Frames of ordinary words are worth many fillings, sentences without slots only a few."""
    return rounds * 4 if "{c}" in frame or "{w}" in frame else rounds // 2 if "{" in frame else max(2, rounds // 12)


class Grammar:
    """Draws names and sentences from one seed; the same seed gives the same text on any machine."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._cumulative: dict[str, list[int]] = {}
        for key, (_, weights) in _pools().items():
            total, row = 0, []
            for weight in weights:
                total += weight
                row.append(total)
            self._cumulative[key] = row

    def draw(self, pool: str) -> str:
        """One entry of a pool by its weight."""
        row = self._cumulative[pool]
        return self._random.choices(_pools()[pool][0], cum_weights=row)[0]

    def name(self) -> str:
        """One invented name: mostly three characters, some two, some that are words."""
        kind = self._random.random()
        if kind < 0.03:
            return self.draw("word")
        surname = self.draw("surname")
        if kind < 0.22:
            return surname + self.draw("alone")
        if kind < 0.62:
            return surname + self.draw("pair")
        return surname + self.draw("first") + self.draw("second")

    def fill(self, frame: str) -> tuple[str, list[tuple[int, int]]]:
        """The frame with its slots filled, and where its names stand."""
        pieces: list[str] = []
        spans: list[tuple[int, int]] = []
        length = at = 0
        for match in _SLOT.finditer(frame):
            pieces.append(frame[at : match.start()])
            length += match.start() - at
            value = self._value(match[1])
            if match[1] == "P":
                spans.append((length, length + len(value)))
            pieces.append(value)
            length += len(value)
            at = match.end()
        pieces.append(frame[at:])
        return "".join(pieces), spans

    def _value(self, slot: str) -> str:
        if slot == "P":
            return self.name()
        if slot == "n":
            return str(self._random.randrange(1, 90))
        if slot in "mwc":
            return self.draw(slot)
        if slot == "s":
            return self._random.choice(_COMMON_SURNAMES)
        if slot == "x":
            return self._random.choice(self.draw("c"))
        if slot == "b":
            return self._brand()
        return self._random.choice({"z": _BODY, "t": _TITLES, "r": _RELATIVES, "d": _WARDS}[slot])

    def _brand(self) -> str:
        """An invented drug name that begins like a name does."""
        middle = self._random.choice(_BRAND) if self._random.random() < 0.5 else ""
        return self.draw("surname")[0] + middle + self._random.choice(_BRAND)

    def sentences(self, rounds: int) -> list[tuple[str, list[tuple[int, int]]]]:
        """`rounds` fillings of each frame, shuffled; frames without names are drawn half as often."""
        named = lines_of("sentences_with_names.txt")
        plain = lines_of("sentences_without_names.txt")
        out = [self.fill(frame) for frame in named for _ in range(rounds * 3 if "{c}" in frame else rounds)]
        out += [self.fill(frame) for frame in plain for _ in range(_rounds(frame, rounds))]
        self._random.shuffle(out)
        return out
