"""Names before a title (王主任, 陈刚副主任医师), the list before it, and 老李 / 小王 / 李老 / 赵氏."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.lists import compound_surnames, single_surnames, surnames, words
from deid.naming import MASKED, surname_size
from deid.spans import Finding
from deid.tagger import PAD, Tagger, pad
from records.entities import Entity

TITLE: Final = re.compile(
    r"(?:\s{0,3}|\()(?:(?:正|副)?主任(?:医师|医生|护师|药师|技师|大夫)?|主治(?:医师|医生|大夫)?(?!的)|住院"
    r"(?:总)?医(?:师|生)|医\s?师|医\s?生|大夫|护士长?|护师|主管护师|教授|副教授|院长|副院长|科长|处长|所长"
    r"|站长|局长|书记|主管(?:护师|技师|药师)|技师|药师|麻醉师|研究员|博士|老师|校长|教练|师傅|警官|警察"
    r"|律师|法官|同志|先生|女士|小姐|阿姨|叔叔|大爷|大妈|大娘|奶奶|爷爷|老人|老先生|老太太?|婆婆|总(?!胆"
    r"|蛋|量|体|数|结|之|铁|是|的|钙|补|住)|经理|队长|班长|村长|组长|会长|主席|一助|二助|心理师|治疗师"
    r"|营养师|康复师|检验师|规培医|实习医|进修医)"
)
_ROLE_AFTER: Final = re.compile(r"(?:查房|会诊|指示|指出|认为|同意|建议)")
_LIST_BEFORE: Final = re.compile(r"(?P<name>[\u4e00-\u9fff]{1,4})\s?(?:、|/|及|和|与)\s?$")
_OLD_YOUNG: Final = re.compile(
    r"(?:老|小|大|阿)(?P<surname>[\u4e00-\u9fff])(?=(?:护士|医生|医师|大夫|同志|师傅|说|诉|称|表示|陪"
    r"|打电话|来电|送|发现|到场|值班|接班|交班|、|,|。|和|及|与|均|负责|将|把|告诉|帮))"
)
_ELDER: Final = re.compile(
    r"(?P<surname>[\u4e00-\u9fff])(?:老|工|总|姐|哥|嫂|姨|叔|伯|氏)(?=[,。、::;\s]|诉|说|称|表示|指出|认为"
    r"|因|于|女|男|今|昨|术后|查房)"
)
_NO_OLD: Final = frozenset(
    "于时叶包管孔水安平年白花麦方段明便儿脑肠腿产米车家常鱼干关荣文成和从经连有师都单易充能计应古高宁国元黄江海"
)
_BAD_SINGLE: Final = frozenset(
    "班相从那平于和由从有任何时经应常能但来过向单成都连别关通解全易明计申充荣越即因尚可其该每各那令才"
)
_ROLE_WORDS: Final = frozenset(
    [
        "申请",
        "送检",
        "报告",
        "审核",
        "打印",
        "总检",
        "主检",
        "随访",
        "转出",
        "转入",
        "主任",
        "主治",
        "住院",
        "值班",
        "责任",
        "经治",
        "管床",
        "上级",
        "麻醉",
        "手术",
        "会诊",
        "实习",
        "进修",
        "接诊",
        "门诊",
        "急诊",
        "首诊",
        "床位",
        "诊断",
        "报告",
        "审核",
        "执业",
        "临床",
        "全科",
        "主管",
        "巡回",
        "洗手",
        "器械",
        "质控",
        "带教",
        "家庭",
        "签约",
        "乡村",
        "外院",
        "我院",
        "本院",
        "当地",
        "科室",
        "病区",
        "护理",
        "检验",
        "影像",
        "超声",
        "病理",
        "放射",
        "康复",
        "营养",
        "心理",
        "药学",
        "助理",
        "规培",
        "二线",
        "一线",
        "三线",
        "夜班",
        "白班",
        "总住院",
        "当班",
        "主刀",
        "术者",
        "第一",
        "高级",
        "资深",
        "专科",
        "内科",
        "外科",
        "骨科",
        "儿科",
        "妇科",
        "产科",
        "眼科",
    ]
)


class PersonTitle:
    """From a title leftwards to where the name begins; a bare surname is enough there."""

    name = "person_title"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for match in TITLE.finditer(text):
            start = name_before(text, match.start())
            if start is None:
                continue
            found.append(
                Finding(start, match.start(), self.entity, "person_title.before_title", 0.9, "name before a title")
            )
            found += self._list_before(text, start)
        for match in _OLD_YOUNG.finditer(text):
            surname = match["surname"]
            if surnames().get(surname, 0) >= 100 and surname not in _NO_OLD:
                found.append(
                    Finding(*match.span(), self.entity, "person_title.old_young", 0.75, "老/小 with a surname")
                )
        for match in _ELDER.finditer(text):
            if surnames().get(match["surname"], 0) >= 200 and not _inside_word(text, match.start(), match.end()):
                before = text[max(0, match.start() - 1) : match.start()]
                if not before or before in ",。、:;\n 请随经由与和及患者,(":
                    found.append(
                        Finding(
                            *match.span(), self.entity, "person_title.elder", 0.7, "surname with 老, 氏 or the like"
                        )
                    )
        return found

    def _list_before(self, text: str, start: int) -> list[Finding]:
        found: list[Finding] = []
        for _ in range(20):
            match = _LIST_BEFORE.search(text[max(0, start - 8) : start])
            if not match:
                break
            stop = max(0, start - 8) + match.end("name")
            begin = name_before(text, stop, full=True)
            if begin is None:
                break
            found.append(
                Finding(begin, stop, self.entity, "person_title.list", 0.85, "name in a list that ends with a title")
            )
            start = begin
        return found


def _inside_word(text: str, start: int, end: int) -> bool:
    known = words()
    return text[start:end] in known or text[start - 1 : start + 1] in known or text[start - 1 : end] in known


def name_before(text: str, stop: int, *, full: bool = False) -> int | None:
    """Where the name that ends at `stop` begins. `full`: a bare surname is not enough."""
    masked = [m for m in MASKED.finditer(text, max(0, stop - 4), stop) if m.end() == stop]
    if masked and surname_size(masked[0].group()[0] + "某"):
        return masked[0].start()
    best: tuple[float, int] | None = None
    for length in (4, 3, 2, 1):
        start = stop - length
        if start < 0 or (full and length == 1):
            continue
        value = _fit(text, start, stop)
        if value is not None and (best is None or value > best[0]):
            best = value, start
    return best[1] if best else None


def _fit(text: str, start: int, stop: int) -> float | None:
    name = text[start:stop]
    length = len(name)
    if not all("\u4e00" <= c <= "\u9fff" for c in name) or name[-2:] in _ROLE_WORDS or name in _ROLE_WORDS:
        return None
    if name[-1] == "班" and text.startswith("主任", stop):
        return None
    known = words()
    crossing = text[start - 1 : start + 1] in known if start else False
    if length == 1 or (length == 2 and name in compound_surnames()):
        weight = surnames().get(name, 0)
        if not weight or (length == 1 and (name in _BAD_SINGLE and not _clean_left(text, start))):
            return None
        if (length == 1 and (weight < 50 and not _clean_left(text, start))) or (
            crossing and not _clean_left(text, start)
        ):
            return None
        return 2.6 + (1.0 if weight >= 300 else 0.0) + (0.5 if length == 2 else 0.0)
    size = surname_size(name)
    if not size or length - size > 2 or (length == 4 and size == 1):
        return None
    if (
        (start == 0 or text[start - 1] in _HARD_EDGE)
        and surnames().get(name[:size], 0) >= 50
        and stop_strong(text, stop)
    ):
        return 4.0 - abs(3 - length) * 0.1
    window = pad(text[max(0, start - PAD) : stop + PAD])
    inner = min(start, PAD) + PAD
    value = Tagger.load().score(window, inner, inner + length, size) / 500 + 3
    if name in known:
        value -= 0 if _clean_left(text, start) else 2
    return value if value > 1.0 else None


_HARD_EDGE: Final = frozenset(" \n,。;:、(/")
_STRONG: Final = re.compile(r"\s?(?:(?:正|副)?主任|主治|住院医|医师|医生|教授|护士)")


def stop_strong(text: str, stop: int) -> bool:
    """Whether a title that only staff carry begins here."""
    return bool(_STRONG.match(text, stop))


def _clean_left(text: str, start: int) -> bool:
    """Whether nothing on the left can belong to the name."""
    return (
        start == 0
        or not "\u4e00" <= text[start - 1] <= "\u9fff"
        or text[start - 1] in "请经由随与和及向遵对让请给科室心区组院部"
        or (text[max(0, start - 2) : start] in ("今日", "昨日", "今晨", "上午", "下午", "报告", "通知", "医师", "我科"))
    )


def is_surname(text: str) -> bool:
    """Whether the text is a surname as it stands."""
    return text in single_surnames() or text in compound_surnames()
