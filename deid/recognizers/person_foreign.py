"""Names with dots (古丽娜尔·买买提, 约翰·史密斯) wherever they stand, and initials (W.J.G)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import behind, led
from deid.likeness import right_edge
from deid.lists import lines_of, medical_words, surnames, words
from deid.naming import is_heading
from deid.phrases import Phrases, shared
from deid.spans import Finding
from records.entities import Entity

_DOTTED: Final = re.compile(r"[\u4e00-\u9fff]{1,8}(?: ?[··] ?[\u4e00-\u9fff]{1,8}){1,3}")
_LEAD: Final = re.compile(
    r"^.*(?:患者|病人|患儿|家属|医师|医生|护士|主任|教授|名叫|姓名|产妇|妻子|丈夫|父亲|母亲|儿子|女儿|签名"
    r"|陈述者|联系人|配偶|由|与|向|及|和|其[父母妻子女夫兄弟姐妹])"
)
_TAIL: Final = re.compile(
    r"(?:男|女|因|于|诉|的|今日|主任|医师|医生|护士|教授|术后|入院|同意|签|陪|代|拒绝|要求|来|在|系|与|出"
    r"|患|既往|否认|目前|现|昨|行)"
)
_MEDICAL: Final = re.compile(
    r"(?:记录|档案|随访|管理|报告|登记|健康|手[册账]|综合征|病|征|试验|评分|分级|分期|疗法|手术|术|定律|反射|量表|染色|菌|法|型|酸|素|片|胶囊|注射液)"
)
_MASK: Final = Held(  # after a surname
    r"(?<=[\u4e00-\u9fff])(?:某某?(?![\u4e00-\u9fff]?[医院省市县区地])|[×*]{1,2}"
    r"(?=[\u4e00-\u9fff,。、;:\s])(?:[\u4e00-\u9fff](?=[,。、;:\s()之诉因于，]|$))?|(?<=[一-龥])[xX]{2}"
    r"(?=[,。、;:\s\u4e00-\u9fff]))"
)
_INITIALS_SIGN: Final = led(r"[A-Z]\.[A-Z]\.|(?<=[(:])[A-Z]{2,4}[)\s]")  # what such a name holds
_INITIALS: Final = led(
    r"(?:(?<=[\u4e00-\u9fff,:(;/、 ])|^)\s?(?P<name>(?!M\.D\.|R\.N\.)(?:[A-Z]\.){2,3}(?:[A-Z]\.?|\s?[A-Z][a-z]{1,12})?)"
    r"(?=[,。\s(::;)/、]|[\u4e00-\u9fff]|$)"
    r"|(?:受试者|患者|姓名|缩写)[\u4e00-\u9fff:]{0,5}[(:](?P<short>[A-Z]{2,4})[)\s]"
)


@shared
def _parts() -> Phrases:
    files = ("ethnic_name_parts.txt", "ethnic_name_more.txt")
    parts = {part for file in files for line in lines_of(file) for part in line.split() if len(part) > 1}
    return Phrases(parts - medical_words())


def _ethnic(doc: Document) -> list[tuple[int, int]]:
    """Two parts or more in a row, or one with an ending that only names have."""
    text = doc.text
    out: list[tuple[int, int, int]] = []
    for start, part in doc.listed(_parts):
        end = start + len(part)
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], end, out[-1][2] + 1)
        else:
            out.append((start, end, 1))
    spans = []
    for start, end, count in out:
        ending = _ENDING.match(text, end) or (_OF_YI.match(text, end) if count > 1 else None)
        if count > 1 or ending:
            spans.append((start, ending.end() if ending else end))
    return spans


_SOUNDS: Final = (
    "阿不力克木古丽巴哈尔买麦提吐逊孜汗帕热依曼迪里沙娜合江别肯努艾则拉洪玉苏甫再吾斯塔亚森海米日卡库加马哈萨吉赛"
    "乌叶扎达夏祖农西伊布地仙"
    "穆罕默德胡赛因穆萨尤奴居玛肉卜杜如先茹姑扎克尼亚子"
)
_BY_SOUND: Final = led(
    rf"(?<![{_SOUNDS}])[阿买麦吐帕热依曼艾玉努吾亚古姑伊库塔赛祖再穆肉卡米哈萨巴迪夏加胡奴居木][{_SOUNDS}]{{1,6}}"
    rf"(?:尔|木|提|江"
    rf"|孜|汗|古丽|姑丽|甫|洪|克|娜|别克|亚孜|丁|尼)(?![{_SOUNDS}素林平定酮酸片胶])"
)


def _by_sound(text: str) -> list[tuple[int, int]]:
    """Runs of the syllables that Uyghur and Kazakh names are written with, four or more and ending like one."""
    known = words()
    return [
        match.span()
        for match in _BY_SOUND.finditer(text)
        if len(match.group()) >= 4
        and match.group() not in known
        and text[match.start() : match.start() + 2] not in medical_words()
        and text[match.start() : match.start() + 3] not in medical_words()
        and (len(match.group()) >= 5 or right_edge(text, match.end()) >= 2)
    ]


def _masked(doc: Document) -> Iterator[tuple[int, int]]:
    text = doc.text
    for mask in behind(1, _MASK.pattern, text) if doc.listed(_MASK.words) else ():
        start = mask.start() - 1
        if surnames().get(text[start], 0) >= _USUAL and text[start - 1 : start + 1] not in words():
            yield start, mask.end()


_USUAL: Final = 40
_OF_YI: Final = re.compile("[莫嫫惹呷](?![名大])")
# Surnames before given names of the Hui and their neighbours, and what 马尔 begins that is nobody.
_HUI_SURNAME: Final = frozenset(
    "马丁韩哈沙罗白杨穆安喇妥冶纳拜买撒虎绽鲜海苏李王张陈刘周何唐金赛满勉铁包汪祁牟赵高陕米"
)
_MAER: Final = Held("马尔(?![康堡代可尼他维文科默库斯克法萨汗罕])[\u4e00-\u9fff]")


@shared
def _hui() -> Phrases:
    return Phrases(word for line in lines_of("hui_names.txt") for word in line.split())


def _of_hui(doc: Document) -> list[tuple[int, int]]:
    """A surname and a given name of the Hui, with a syllable more where it goes on: 马尔不都, 马阿西也."""
    text, out = doc.text, []
    for start, given in doc.listed(_hui):
        end = start + len(given)
        if text[start - 1 : start] in _HUI_SURNAME and start:
            end += text[end : end + 1] in _SYLLABLES and right_edge(text, end) < right_edge(text, end + 1)
            out.append((start - 1, end))
    return out + [match.span() for match in _MAER.finditer(doc) if right_edge(text, match.end()) >= _EDGE]


_SYLLABLES: Final = frozenset("子尔德都夫里目麦也叶卜娜亚尼丽目江")
_EDGE: Final = 2
_ENDING: Final = re.compile(r"[娜尔]?(?:古丽|姑丽|其其格|娜孜)")


# Names in Hangul, and in any other script after a word for a name: 签字:김순희, 本名:Нина Петрова.
_SCRIPTS: Final = "\u0400-\u058f\u05d0-\u06ff\u0900-\u109f\u1780-\u18af\u3041-\u30ff\uac00-\ud7a3"
_SCRIPT_SIGN: Final = re.compile(f"[{_SCRIPTS}]")
_IN_SCRIPT: Final = re.compile(
    r"(?:姓\s?名|本名|原名|名字|签\s?[名字章]|署名|名叫|[韩朝外]文名?)\s?[:(“\"]{1,3}\s?"
    rf"(?P<name>(?=[A-Za-z]{{0,8}}[{_SCRIPTS}])[{_SCRIPTS}A-Za-z]"
    rf"(?:[{_SCRIPTS}A-Za-z·]|[ .'\-](?=[{_SCRIPTS}A-Za-z])){{1,40}})"
)


@cache
def _korean() -> re.Pattern[str]:
    """A family and two syllables of given names, or whom a form of address follows."""
    families, second, words = (line[2:].split(" ") for line in lines_of("hangul_names.txt"))
    family, syllable = "|".join(families), f"[{''.join(second)}]"
    return re.compile(
        rf"(?<![가-힣])(?:(?!{'|'.join(words)})(?:{family}) ?{syllable}{{2}}(?![가-힣])"
        rf"|(?:{family})[가-힣]{{1,2}}(?= ?[씨님]))"
    )


def _in_script(text: str) -> Iterator[tuple[int, int]]:
    if _SCRIPT_SIGN.search(text):
        yield from (match.span() for match in _korean().finditer(text))
        yield from (match.span("name") for match in _IN_SCRIPT.finditer(text))


class PersonForeign:
    """A dot between Chinese syllables is hardly ever anything but a name."""

    name = "person_foreign"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        if "·" in text:
            for match in _DOTTED.finditer(text):
                start, end = self._trim(match.group(), match.start())
                if (
                    _MEDICAL.search(text[start : end + 4])
                    or is_heading(text[start:end])
                    or text[start:end].startswith("达·芬奇")
                ):
                    continue
                found.append(Finding(start, end, self.entity, "person_foreign.dotted", 0.85, "name with a dot"))
        found += [
            Finding(
                start, end, self.entity, "person_foreign.ethnic", 0.8, "parts of a Tibetan, Uyghur or Mongolian name"
            )
            for start, end in [*_ethnic(doc), *_by_sound(text), *_of_hui(doc)]
        ]
        why = "name in another script"
        found += [Finding(*span, self.entity, "person_foreign.script", 0.75, why) for span in _in_script(text)]
        why = "surname with its given name masked"
        found += [Finding(*span, self.entity, "person_foreign.masked", 0.8, why) for span in _masked(doc)]
        found += [
            Finding(
                *match.span("name" if match["name"] else "short"),
                self.entity,
                "person_foreign.initials",
                0.6,
                "initials",
            )
            for match in (_INITIALS.finditer(text) if _INITIALS_SIGN.search(text) else ())
        ]
        return found

    @staticmethod
    def _trim(run: str, start: int) -> tuple[int, int]:
        first, last = run.index("·"), run.rindex("·")
        lead = _LEAD.match(run[:first])
        begin = lead.end() if lead and lead.end() < first else 0
        tail = _TAIL.search(run, last + 2)
        stop = tail.start() if tail else len(run)
        return start + begin, start + stop
