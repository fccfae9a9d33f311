"""Names after the words of person_cues.txt: with a colon or blank between, or right after the word."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.latin import common, of_medicine
from deid.leads import Ended, led
from deid.likeness import NO_NAME, best_end, name_score, rare_compounds, right_edge, surname_of
from deid.lists import common_words, compound_surnames, given, given_pairs, lines_of, medical_words, surnames, words
from deid.naming import ETHNIC, HAN, LATIN, MASKED, MASKS, dotted_end, is_heading, is_placeholder, role_end
from deid.phrases import Phrases, shared
from deid.recognizers.person_acting import named
from deid.recognizers.person_latin import is_pinyin
from deid.recognizers.person_nickname import prefixed as nicknamed
from deid.recognizers.person_sex import before_sex
from deid.recognizers.person_title import is_department, is_role, is_title, speaks
from deid.recognizers.person_value import OTHERWISE, TITLE, bare_surname, does, field_end, spaced_end, starts_otherwise
from deid.recognizers.table import heads_columns
from deid.spans import Finding
from records.entities import Entity

_LINK: Final = re.compile(
    r"(?P<note>\s?[(\[][^()\[\]\n]{0,10}[)\]])?(?:\s?(?:签\s?[名字章]|姓\s?名|名\s?字|本人))?\s{0,3}"
    r"(?P<sep>[:|)\]】>.;=ˊˋ'’‘\"“”`*]{0,3}[_ ]{2,24}|[:|)\]】>.;=_ˊˋ'’‘\"“”`*]{1,3}\s{0,8}\n?\s{0,4}|\s{1,8}"
    r"(?:\n\s{0,4})?|)[“\"'‘(]?"
)
_RUN: Final = re.compile(rf"[{HAN}]{{1,8}}")
_MASKED_APART: Final = re.compile(rf"[{HAN}] {{0,3}}[×xX*〇△□某]{{1,2}}(?: {{0,3}}[{HAN}](?![{HAN}]))?")
_LIST: Final = re.compile(
    r"\s?(?:\([^()\n]{1,14}\)|\d{8,18}|[-\d ]{7,14})?\s?(?:[、,/;和与及]|以及| {1,4}(?=[\u4e00-\u9fff]{2,3}"
    r"(?:[ 、,]|$)))\s?"
)
_STRONG: Final = frozenset("NS")


@shared
def _compounds() -> Phrases:
    return Phrases((compound_surnames() | rare_compounds()) - _WORDLY - words())


_WORDLY: Final = frozenset([
    "东方", "百里", "第五", "南门", "西门", "东门", "子车", "年爱", "小山", "上田", "和田", "中山",
    "清水", "武田", "桥本", "高木", "山口", "前田",
])  # fmt: skip


@cache
def _kinds() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for line in lines_of("person_cues.txt"):
        letter, _, rest = line.partition(" ")
        for word in rest.split():
            kinds.setdefault(word, letter)
    return kinds | {" ".join(word): kind for word, kind in kinds.items() if 2 <= len(word) <= 5}


@shared
def _cues() -> Phrases:
    return Phrases(word for word in _kinds() if len(word) >= 2)


@cache
def _acts() -> frozenset[str]:
    return frozenset(word for line in lines_of("acts.txt") for word in line.split())


class PersonCue:
    """A field takes anything that can be a name; a task or relation asks how much it looks like one."""

    name = "person_cue"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        found: list[Finding] = []
        self._announced(doc, found)
        self._beside(doc, found)
        return found

    def _announced(self, doc: Document, found: list[Finding]) -> None:
        """Names after the words of the list, and after labels that end like one."""
        text, kinds = doc.text, _kinds()
        done: set[int] = set()  # where values stand that were looked at as those of fields, or found
        for start, word in doc.listed(_cues):
            stop = start + len(word)
            link = _LINK.match(text, stop)
            if link is None or not text[link.end() : link.end() + 1].isalpha():
                continue
            kind, at, sep = kinds[word], link.end(), link["sep"]
            if kind == "S" and speaks(text[max(0, start - 4) : stop]):
                self._after(text, at, "P", "", False, found)
                continue
            if "|" in sep and heads_columns(text, at):
                continue
            if ";" in sep:  # a clause ends
                if text[link.end() + 1 : link.end() + 2].isascii():  # 评估;若10米
                    continue
                sep = " "
            if not sep and kind == "S" and text[start : at + 1] in words():  # 麻醉药柜
                continue
            if sep == ")" and _TOLD_OF.search(text, max(0, start - 8), start):
                continue
            if word == "家属" and text[stop : stop + 1] in _OF_FAMILIES:
                continue
            noted = link["note"] is not None or (kind == "S" and word[-1] in _PERSON_NOUNS)
            if kind == "S" and noted and ":" in sep:
                done.add(at)
            if not sep and kind == "S" and text[at - 1].isspace():
                sep = " "
            before = len(found)
            self._after(text, at, kind, sep, noted, found)
            if ":" in sep and len(found) > before:
                done.add(at)
        for label, value in doc.worded:
            if not _AGENT.ends(label):
                continue
            if label[-1].isascii() and _ENGLISH.ends(label):
                self._after(text, value, "N", ":", True, found)
            elif value not in done and not speaks(label):
                self._after(text, value, "S", ":", True, found)

    def _beside(self, doc: Document, found: list[Finding]) -> None:
        """Names by what stands beside them."""
        text = doc.text
        for at, surname in doc.listed(_compounds):
            end = best_end(text, at, 0.8)
            if end is not None and end - at > 2 and text[at - 1 : at + 1] not in words():
                why = f"surname of {len(surname)} characters"
                found.append(Finding(at, end, self.entity, "person_cue.compound", 0.65, why))
        found += [
            Finding(*m.span("name"), self.entity, "person_cue.surname", 0.7, "surname that somebody names")
            for m in _SURNAMED.finditer(doc)
        ]
        found += [
            Finding(*place, self.entity, "person_cue.sex", 0.8, "name before the sex") for place in before_sex(text)
        ]
        for match in _BED_OR_AGENT.finditer(text):
            end = best_end(text, match.end(), 1.9 if match.group()[0] == "床" else 1.3)
            if end is not None and name_score(text[match.end() : end], rare=False) >= 2.2:
                rule, why = "person_cue.beside", "name after a bed, or after what somebody does"
                found.append(Finding(match.end(), end, self.entity, rule, 0.7, why))
        for at in (match.end() for match in _KIN_ONE.finditer(text)):
            otherwise = starts_otherwise(text[at : at + 4]) or text[at : at + 2] in _acts()
            if otherwise or text[at - 1 : at + 1] in medical_words():
                if end := _whole(text, at):
                    found.append(Finding(at, end, self.entity, "person_cue.kin", 0.75, "name after a word for kin"))
                continue
            plain = text[at - 2 : at - 1] in {"其", "之", "者", "儿", "妇"} or text[at - 1] in "妻夫"
            end = best_end(text, at, 1.6 if plain else 1.0)
            if end is not None:
                found.append(Finding(at, end, self.entity, "person_cue.kin", 0.75, "name after one character for kin"))

    def _after(self, text: str, at: int, kind: str, sep: str, noted: bool, found: list[Finding]) -> None:
        blank = False
        if sep and kind in "NS" and (relative := _RELATIVE.match(text, at)):
            at = relative.end()
        for turn in range(_LONGEST_LIST):
            end = self._name(text, at, kind if turn == 0 else "L", sep if turn == 0 else "、", noted)
            if turn and (_RELATIVE.match(text, at) or _cues().at(text, at)):
                return
            if end is None and turn and kind in _STRONG and text[at - 1] in "、/":
                end = _listed_word(text, at)
            if end is None or (turn and blank and name_score(text[at:end]) < _LISTED):
                return
            if _no_value(text, at, end, labelled=turn > 0 or not sep.strip() or "\n" in sep):
                return
            rule = f"person_cue.{_RULES[kind]}" if turn == 0 else f"person_cue.{_RULES[kind]}_list"
            found.append(Finding(at, end, self.entity, rule, 0.8, "name after a word for a person"))
            title = TITLE.match(text, end)
            more = _LIST.match(text, title.end() if title else end)
            if more is None or (kind not in _STRONG and "," in more.group()):
                return
            at, blank = more.end(), not more.group().strip()
            if "," in more.group() and text[at : at + 2] in _acts():
                return

    @staticmethod
    def _name(text: str, at: int, kind: str, sep: str, noted: bool) -> int | None:
        match = _RUN.match(text, at)
        colon, task = bool(sep.strip()), kind == "S" and not noted
        if match is None:
            latin = LATIN.match(text, at) if colon and kind in "NSP" else None
            if latin is None or text[latin.end() : latin.end() + 1] == "-":
                return None
            other = latin.group().lower() in common() or (task and _abbreviated(text, latin))
            return None if other else role_end(latin)
        run, after = match.group(), text[match.end() : match.end() + 2]
        if kind == "K" and not sep and run[:2] in _acts() and (end := _whole(text, at)):
            return end
        if "某" in run or (after[:1] in _MASKED_AFTER and len(run) <= _BEFORE_MASK):
            masked = MASKED.match(text, at) or (_MASKED_APART.match(text, at) if sep else None)
            if masked and surname_of(run[0] + "某", rare=True):
                return masked.end()
        if "·" in after and (ethnic := ETHNIC.match(text, at)):
            return None if is_heading(ethnic.group()) else dotted_end(text, at, ethnic.end())
        if run[0] in _PREFIXES and _PREFIXED.match(text, at) and nicknamed(text[at : at + 2]):
            return at + 2
        if kind == "N" and sep and (end := _vouched(text, at, run)):
            return end
        if _is_other(run, sep) or (task and is_department(run)):
            return None
        if not (kind == "N" and sep and len(run) <= _SHORT_FIELD) and starts_otherwise(run):
            return None
        if (kind == "N" and sep) or (kind == "S" and colon):
            if kind == "S" and _no_value_of_task(text, at, run, noted=noted):
                return None
            return field_end(text, at, run, anything=kind == "N", noun=noted)
        if not sep and kind == "S" and run[0] in (_NOUN_ENDS if noted else _NOUN_ENDS_TOO):
            return None
        cue = _CUES[kind] + (0.5 if noted else 0.0) + (1.0 if colon else 0.0)
        if not sep and kind in "SP":
            cue -= 0.7
        spaced = spaced_end(text, at, run)
        if spaced and _goes_on_otherwise(text[at:spaced].replace(" ", "")):
            return None
        if spaced and (sep or len(run) == 1 or len(text[at:spaced].split(" ")[-1]) == 1):
            return spaced
        end = best_end(text, at, cue)
        if end is not None and not sep and does(text[at:end]):
            return None
        if end is not None and (kind == "P" or task) and _of_words(text, at, end, glued=not sep):
            return None
        if end is None and kind == "S" and not colon and (noted or (sep and _of_staff(text, match.end()))):
            end = _alone(text, at, run, spaced=bool(sep))
        if end is None and kind in "SL":
            end = bare_surname(text, at, run, glued=len(sep) < _WIDE)
        return end


_WRITER: Final = re.compile(r"[A-HJ-TW-Z]{2,4}(?=\s*(?:[\n,。;/)]|$| {2}| \d{1,2}:\d))")


def _abbreviated(text: str, latin: re.Match[str]) -> bool:
    """Whether what a task runs into is an examination or a finding (检查:CBCT) and not who did it (复核:ZMC)."""
    words = [word.strip(".,") for word in latin.group().split()]
    if of_medicine(text, *latin.span()):
        return True
    return (
        latin.group().isupper()
        and not is_pinyin([word.lower() for word in words])
        and not _WRITER.match(text, latin.start())
    )


_CUES: Final = {"N": 2.0, "S": 1.5, "K": 2.0, "P": 1.0, "L": 1.5}  # what each kind of word is worth, for `best_end`
_STATES: Final = frozenset(["安静", "谈笑", "文明"])  # names as well, but not right after the word for somebody
_MASKED_AFTER: Final = MASKS | {" "}
_BEFORE_MASK: Final = 2
_PREFIXES: Final = frozenset("老小大阿")
_SHORT_FIELD: Final = 4


_ITEM: Final = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,3})(?=[、,。;(\n/]|等|  |$)")


def _listed_word(text: str, at: int) -> int | None:
    """The end of a name that is a word, in a list of people after a task: 随车:岑一鸣、时光."""
    match = _ITEM.match(text, at)
    return match.end() if match and named(match["name"], _LIKE_ONE) else None


def _no_value_of_task(text: str, at: int, run: str, *, noted: bool) -> bool:
    """Whether words stand after the colon of a task (自动思维记录:情境), and no name."""
    if run in words() and (_SAID.match(text, at + len(run)) or not (noted or surname_of(run, rare=False))):
        return True
    return not noted and len(run) > _SHORT and _of_words(text, at, at + _SHORT)


_SAID: Final = re.compile(r"[0-9A-Z+<>](?!\d?:)")  # of whom it is, what was found or is to be given: 医生:白细胞4.9


def _is_other(run: str, sep: str) -> bool:
    """Whether what somebody does stands there, the head of the next column, or what stands where no name does."""
    if not sep.strip() and (run[:2] in _acts() or (not sep and run[:2] in _STATES)):
        return True
    return is_placeholder(run) or ("|" in sep and run in words() and run[0] not in surnames())


def _no_value(text: str, at: int, end: int, *, labelled: bool) -> bool:
    """Whether what stands there is another word for a person, the next label, or what was graded (暴力 4级)."""
    value = text[at:end]
    if value in _kinds() or is_title(value) or _GRADE.match(text, end):
        return True
    if labelled and (_WEEKDAY.match(text, at) or (value[0] in "查示" and "A" <= text[end : end + 1] <= "z")):
        return True
    return labelled and text.startswith((":", " :"), end) and (value in words() or name_score(value) < _LISTED)


_GRADE: Final = re.compile(r"\s?[0-9lI]{1,2}\s?[级度%例]")
_WEEKDAY: Final = re.compile("周[一二三四五六日末](?:(?![\u4e00-\u9fff])|[上下]午|[早晚来去到查复前后])")


def _goes_on_otherwise(joined: str) -> bool:
    """Whether a name set wide is a heading, or what somebody does: 登 记本."""
    heading = OTHERWISE.match(joined)
    return (heading is not None and len(heading.group()) > 1) or joined[:2] in _acts()


def _whole(text: str, at: int) -> int | None:
    """The end of a name in full whose surname makes a word with what stands beside it: 弟弟过敏华定居, 子宫艳军在."""
    end = at + _SHORT
    name = text[at:end]
    likely = surname_of(name, rare=True) and name_score(name) >= _FULL and given().keys() >= set(name[1:])
    return end if likely and name[1:] not in words() and right_edge(text, end) >= _ACTING else None


def _of_staff(text: str, end: int) -> bool:
    """Whether the next word, behind a gap, is for somebody of the staff as well: 一助 富强  器械."""
    gap = _GAP.match(text, end)
    word = _cues().at(text, gap.end()) if gap else None
    return word is not None and _kinds()[word] == "S"


_GAP: Final = re.compile(" {1,4}")
_FULL: Final = 1.4
_ACTING: Final = 2.0  # the edge of a name before what people do
_LIKE_ONE: Final = -0.9  # what a name that is a word must score at least
_TOLD_OF: Final = re.compile(
    r"(?:[A-Za-z]|[\u4e00-\u9fff](?<![人者属方名长字签女男]))\([^()\n]{0,6}$"
)  # 邱志远(父亲): whose relative was said before
_OF_FAMILIES: Final = frozenset("区楼院房")  # a place, and nobody
_SHORT: Final = 3


def _of_words(text: str, at: int, end: int, *, glued: bool = False) -> bool:
    """Whether what a task runs into is hardly a name: 麻醉平面达, 评估家庭支; without a break 评估抗凝, 送检查预约."""
    name = text[at:end]
    if glued and name in medical_words():
        return True
    plain = len(name) == _SHORT and name not in words() and name[:2] in words() and name[:2] not in given_pairs()
    return (plain or (glued and text[at - 1 : at + 1] in words())) and name_score(name) < _LIKELY


_LIKELY: Final = 2.0
_PREFIXED: Final = re.compile(r"[老小大阿][\u4e00-\u9fff](?!学|夫)")
_SEX_AHEAD: Final = re.compile(r"\s{0,8}[,;|/]?\s{0,4}(?:性\s?别|男|女|年\s?龄|\d{1,3}\s?岁)")
_NOBODY: Final = frozenset(["无", "不详", "未知", "同上", "同前", "患者", "本人", "空白", "性别", "匿名"])
_WIDE: Final = 2  # characters of a gap that parts a word from what follows it
_PERSON_NOUNS: Final = frozenset("师生士者人员长字名")


def _alone(text: str, at: int, run: str, *, spaced: bool) -> int | None:
    """A name that is a word, between the word for a person of the staff and a full stop or comma."""
    end = at + len(run)
    closing = {"。", ",", ";", "(", "、"} | ({" ", "\n", ""} if spaced else set())
    if run in common_words() and run[0] not in surnames():
        return None
    fits = 2 <= len(run) <= 3 and text[end : end + 1] in closing and surname_of(run, rare=True)
    return end if fits and run not in medical_words() and NO_NAME.isdisjoint(run[1:]) and not is_role(run) else None


def _vouched(text: str, at: int, run: str) -> int | None:
    """The end of a value that the sex or age follows: whatever it says, it is the name."""
    end = at + len(run)
    return end if 2 <= len(run) <= 4 and run not in _NOBODY and _SEX_AHEAD.match(text, end) else None


_RULES: Final = {"N": "field", "S": "task", "K": "relation", "P": "person"}
_NOUN_ENDS: Final = frozenset("员单表室组部科处台站点卡本图时后前中方间管")
_NOUN_ENDS_TOO: Final = _NOUN_ENDS | frozenset("费班群本")
_LONGEST_LIST: Final = 30
_RELATIVE: Final = led(
    r"(?:老伴|[父母]亲|妻子|丈夫|配偶|[长次三]?[子女](?=[\u4e00-\u9fff]{2,3}(?![\u4e00-\u9fff]))|儿子|女儿|[弟妹哥姐][弟妹哥姐]|儿媳|女婿|孙[子女])"
    r"\s?(?=[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff]))"
)
_LISTED: Final = 1.0  # what a name must score that nothing but a blank joins to the one before
_SURNAMED: Final = Held(
    r"姓(?<=[我均都只医生其位个名]姓)(?<![\u4e00-\u9fff]同..)(?P<name>[\u4e00-\u9fff])(?=[,。;的、\s])"
)
_ENGLISH_WORD: Final = (
    r"(?<![A-Za-z])(?:[Nn]ame|NAME|[Pp]atient|PATIENT|[Dd]octor|DOCTOR|Dr\.?|[Pp]hysician|[Rr]adiologist"
    r"|[Oo]perator|[Ss]urgeon|[Nn]urse"
    r"|[Ss]igned(?: by)?|[Rr]eported by|[Vv]erified by|[Rr]eviewed by|[Aa]nesthe[ts]i(?:st|ologist)|[Cc]onsultant"
    r"|[Aa]ttending|[Cc]ontact|[Ss]ignature)\s?"
)
_ENGLISH: Final = Ended(rf"{_ENGLISH_WORD}$")
_AGENT: Final = Ended(
    r"(?:[\u4e00-\u9fff](?:人员?|者|员|师|士|客|(?<![卫发再产寄滋增养民花])生|大夫|主任|教授|长|专家|刀|手|签[名字章]|名|麻醉|助)"
    rf"(?:\([^()\n]{{0,8}}\))?\s{{0,2}}|{_ENGLISH_WORD})$"
)
_BED_OR_AGENT: Final = led(
    r"床(?<=[0-9]床) ?[,:(]? ?(?=[\u4e00-\u9fff])|[者员](?<![患或学记].)(?<=[\u4e00-\u9fff]{2}.)(?=[\u4e00-\u9fff])"
)
_KIN_ONE: Final = led(
    r"[父母妻夫子女兄弟姐妹婿媳孙侄甥舅姑姨叔伯婶嫂](?=[\u4e00-\u9fff])(?![父母妻夫子女兄弟姐妹]|方(?:姓名|籍贯|手机|电话|年龄|职业|单位|[住地]址|民族|病史|身份))"
    r"(?:(?<=[其之,。;:、(\n /].)|(?<=[患死]者.)|(?<=患儿.)|(?<=[产孕]妇.)|(?<=^.))"
)
