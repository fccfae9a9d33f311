"""Names after the words of person_cues.txt: with a colon or blank between, or right after the word."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.document import Document
from deid.leads import Ended, led
from deid.likeness import (
    NO_NAME,
    after_names,
    best_end,
    name_score,
    rare_compounds,
    rare_surnames,
    right_edge,
    surname_of,
)
from deid.lists import compound_surnames, given_pairs, lines_of, medical_words, single_surnames, surnames, words
from deid.naming import ETHNIC, LATIN, MASKED, dotted_end, is_heading, is_placeholder, role_end
from deid.phrases import Phrases
from deid.recognizers.person_acting import named
from deid.recognizers.person_nickname import prefixed as nicknamed
from deid.recognizers.person_title import is_role, speaks
from deid.spans import Finding
from records.entities import Entity

_HAN: Final = "\u4e00-\u9fff\u3400-\u4dbf"
_LINK: Final = re.compile(
    r"(?P<note>\s?[(\[][^()\[\]\n]{0,10}[)\]])?(?:\s?(?:签\s?[名字章]|姓\s?名|名\s?字|本人))?\s{0,3}"
    r"(?P<sep>[:|)\]】>.;=ˊˋ'’‘\"“”`*]{0,3}[_ ]{2,24}|[:|)\]】>.;=_ˊˋ'’‘\"“”`*]{1,3}\s{0,8}\n?\s{0,4}|\s{1,8}"
    r"(?:\n\s{0,4})?|)[“\"'‘(]?"
)
_RUN: Final = re.compile(rf"[{_HAN}]{{1,8}}")
_NEXT: Final = re.compile(rf"(?P<gap> {{1,6}})(?P<more>[{_HAN}]{{1,3}})(?P<after>\s|$|[,.。;:、/()|【\[]|[0-9A-Za-z])")
_MASKED_APART: Final = re.compile(rf"[{_HAN}] {{0,3}}[×xX*〇△□某]{{1,2}}(?: {{0,3}}[{_HAN}](?![{_HAN}]))?")
_NEXT_GLUED: Final = re.compile(rf"(?P<gap> {{1,2}})(?P<more>[{_HAN}]{{1,2}}?)(?P<after>)")
_LIST: Final = re.compile(
    r"\s?(?:\([^()\n]{1,14}\)|\d{8,18}|[-\d ]{7,14})?\s?(?:[、,/;和与及]|以及| {1,4}(?=[\u4e00-\u9fff]{2,3}"
    r"(?:[ 、,]|$)))\s?"
)
_TITLE: Final = re.compile(
    r"(?:副?主任(?:医师|护师|药师|技师)?|主治医师|住院医师|主管护师|护师|护士长?|医师|医生|大夫|教授|副教授|院长"
    r"|技师|药师|老师|麻醉师|科长|先生|女士"
    r"|助产士|治疗师|主管|长老|警官|同学|师傅|大姐|阿姨|所长|站长|书记)"
)
_STRONG: Final = frozenset("NS")


@cache
def _compounds() -> Phrases:
    return Phrases((compound_surnames() | rare_compounds()) - _WORDLY - words())


_WORDLY: Final = frozenset([
    "东方", "百里", "第五", "南门", "西门", "东门", "子车", "年爱", "小山", "上田", "和田", "中山",
    "清水", "武田", "桥本", "高木", "山口", "前田",
])  # fmt: skip


@cache
def _cues() -> tuple[Phrases, dict[str, str]]:
    kinds: dict[str, str] = {}
    for line in lines_of("person_cues.txt"):
        letter, _, rest = line.partition(" ")
        for word in rest.split():
            kinds.setdefault(word, letter)
    kinds |= {" ".join(word): kind for word, kind in kinds.items() if 2 <= len(word) <= 5}
    return Phrases(word for word in kinds if len(word) >= 2), kinds


@cache
def _acts() -> frozenset[str]:
    return frozenset(word for line in lines_of("acts.txt") for word in line.split())


class PersonCue:
    """A field takes anything that can be a name; a task or relation asks how much it looks like one."""

    name = "person_cue"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        phrases, kinds = _cues()
        for start, word in phrases.find(text):
            link = _LINK.match(text, start + len(word))
            if link is None:
                continue
            noted = link["note"] is not None or (kinds[word] == "S" and _PERSON_NOUN.search(word) is not None)
            if kinds[word] == "S" and speaks(text[max(0, start - 4) : start + len(word)]):
                self._after(text, link.end(), "P", "", False, found)
                continue
            if link["sep"] == ")" and kinds[word] in "NK" and _TOLD_OF.search(text, max(0, start - 3), start):
                continue
            sep = link["sep"] or (" " if kinds[word] == "S" and text[link.end() - 1].isspace() else "")
            self._after(text, link.end(), kinds[word], sep, noted, found)
        for label, value in doc.fields:
            if _AGENT.search(label):
                if speaks(label):
                    continue
                self._after(text, value, "S", ":", True, found)
            elif _ENGLISH.search(label):
                self._after(text, value, "N", ":", True, found)
        for at, surname in _compounds().find(text):
            end = best_end(text, at, 0.8)
            if end is not None and end - at > 2 and text[at - 1 : at + 1] not in words():
                why = f"surname of {len(surname)} characters"
                found.append(Finding(at, end, self.entity, "person_cue.compound", 0.65, why))
        found += [
            Finding(*m.span("name"), self.entity, "person_cue.surname", 0.7, "surname that somebody names")
            for m in _SURNAMED.finditer(text)
        ]
        found += self._before_sex(text)
        for match in _BED_OR_AGENT.finditer(text):
            end = best_end(text, match.end(), 1.9 if match.group()[0] == "床" else 1.3)
            if end is not None and name_score(text[match.end() : end], rare=False) >= 2.2:
                rule, why = "person_cue.beside", "name after a bed, or after what somebody does"
                found.append(Finding(match.end(), end, self.entity, rule, 0.7, why))
        for at in (match.end() for match in _KIN_ONE.finditer(text)):
            if _starts_otherwise(text[at : at + 4]) or text[at - 1 : at + 1] in medical_words():
                continue
            plain = text[at - 2 : at - 1] in {"其", "之", "者", "儿", "妇"} or text[at - 1] in "妻夫"
            end = best_end(text, at, 1.6 if plain else 1.0)
            if end is not None:
                found.append(Finding(at, end, self.entity, "person_cue.kin", 0.75, "name after one character for kin"))
        return found

    def _before_sex(self, text: str) -> list[Finding]:
        """A stretch of two to four characters between a break and the sex is a name, whatever it means."""
        out = []
        for match in _SEX.finditer(text):
            at = match.start()
            while at > match.start() - 4 and at and text[at - 1] in _APART:
                at -= 1
            left = _BEFORE_SEX.search(text, max(0, at - 8), at)
            if left and not is_placeholder(left["name"]) and NO_NAME.isdisjoint(left["name"][1:]):
                out.append(Finding(*left.span("name"), self.entity, "person_cue.sex", 0.8, "name before the sex"))
        return out

    def _after(self, text: str, at: int, kind: str, sep: str, noted: bool, found: list[Finding]) -> None:
        blank = False
        if sep and kind in "NS" and (relative := _RELATIVE.match(text, at)):
            at = relative.end()
        for turn in range(_LONGEST_LIST):
            end = self._name(text, at, kind if turn == 0 else "L", sep if turn == 0 else "、", noted)
            if turn and (_RELATIVE.match(text, at) or _relation_at(text, at)):
                return
            if end is None and turn and kind in _STRONG and text[at - 1] in "、/":
                end = _listed_word(text, at)
            if end is None or (turn and blank and name_score(text[at:end]) < _LISTED):
                return
            rule = f"person_cue.{_RULES[kind]}" if turn == 0 else f"person_cue.{_RULES[kind]}_list"
            found.append(Finding(at, end, self.entity, rule, 0.8, "name after a word for a person"))
            title = _TITLE.match(text, end)
            more = _LIST.match(text, title.end() if title else end)
            if more is None or (kind not in _STRONG and "," in more.group()):
                return
            at, blank = more.end(), not more.group().strip()

    @staticmethod
    def _name(text: str, at: int, kind: str, sep: str, noted: bool) -> int | None:
        run = _RUN.match(text, at)
        if run is None:
            latin = LATIN.match(text, at) if sep.strip() and kind in "NSP" else None
            return role_end(latin) if latin and text[latin.end() : latin.end() + 1] != "-" else None
        masked = MASKED.match(text, at) or (_MASKED_APART.match(text, at) if sep else None)
        if masked and surname_of(masked.group()[0] + "某", rare=True):
            return masked.end()
        ethnic = ETHNIC.match(text, at) if "·" in text else None
        if ethnic and is_heading(ethnic.group()):
            return None
        if ethnic:
            return dotted_end(text, at, ethnic.end())
        if _PREFIXED.match(text, at) and nicknamed(text[at : at + 2]):
            return at + 2
        colon = bool(sep.strip())
        if kind == "N" and sep and (end := _vouched(text, at, run.group())):
            return end
        if not sep.strip() and run.group()[:2] in _acts():
            return None
        short = kind == "N" and sep and len(run.group()) <= 4
        if is_placeholder(run.group()) or (not short and _starts_otherwise(run.group())):
            return None
        if (kind == "N" and (colon or sep)) or (kind == "S" and colon):
            if kind == "S" and not noted and len(run.group()) > _SHORT and _of_words(text, at, at + _SHORT):
                return None
            return _field(text, at, run.group(), anything=kind == "N", noun=noted)
        cue = (
            {"N": 2.0, "S": 1.5, "K": 2.0, "P": 1.0, "L": 1.5}[kind] + (0.5 if noted else 0.0) + (1.0 if colon else 0.0)
        )
        if not sep and kind in "SP":
            cue -= 0.7
        if not sep and kind == "S" and run.group()[0] in (_NOUN_ENDS if noted else _NOUN_ENDS_TOO):
            return None
        spaced = _spaced(text, at, run.group())
        if spaced and (heading := _OTHERWISE.match(text[at:spaced].replace(" ", ""))) and len(heading.group()) > 1:
            return None
        if spaced and (sep or len(run.group()) == 1 or len(text[at:spaced].split(" ")[-1]) == 1):
            return spaced
        end = best_end(text, at, cue)
        if end is not None and kind == "S" and not noted and _of_words(text, at, end, glued=not sep):
            return None
        if end is None and kind == "S" and noted and not colon:
            end = _alone(text, at, run.group(), spaced=bool(sep))
        if end is None and kind in "SL":
            end = _bare_surname(text, at, run.group(), glued=len(sep) < _WIDE)
        return end


def _relation_at(text: str, at: int) -> bool:
    """Whether a word for a relative stands there (长孙安旭东、次子安顺利): it announces its own name."""
    word = _cues()[0].at(text, at)
    return word is not None and _cues()[1][word] == "K"


_ITEM: Final = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,3})(?=[、,。;(\n/]|等|  |$)")


def _listed_word(text: str, at: int) -> int | None:
    """The end of a name that is a word, in a list of people after a task: 随车:岑一鸣、时光."""
    match = _ITEM.match(text, at)
    return match.end() if match and named(match["name"], _LIKE_ONE) else None


_LIKE_ONE: Final = -0.9  # what a name that is a word must score at least
_TOLD_OF: Final = re.compile(
    r"[\u4e00-\u9fff](?<![人者属方名长字签女男])\($"
)  # 邱志远(父亲): whose relative was said before
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
_CLOSED: Final = re.compile(r"\s{2,}|\s{0,3}(?:$|\n)|[,;(]")
_NOBODY: Final = frozenset(["无", "不详", "未知", "同上", "同前", "患者", "本人", "空白", "性别", "匿名"])
_PERSON_NOUN: Final = re.compile(r"[师生士者人员长字名]$")


def _alone(text: str, at: int, run: str, *, spaced: bool) -> int | None:
    """A name that is a word, between the word for a person of the staff and a full stop or comma."""
    end = at + len(run)
    closing = {"。", ",", ";", "(", "、"} | ({" ", "\n", ""} if spaced else set())
    fits = 2 <= len(run) <= 3 and text[end : end + 1] in closing and surname_of(run, rare=True)
    return end if fits and run not in medical_words() and NO_NAME.isdisjoint(run[1:]) and not is_role(run) else None


def _vouched(text: str, at: int, run: str) -> int | None:
    """The end of a value that the sex or age follows: whatever it says, it is the name."""
    end = at + len(run)
    return end if 2 <= len(run) <= 4 and run not in _NOBODY and _SEX_AHEAD.match(text, end) else None


_RULES: Final = {"N": "field", "S": "task", "K": "relation", "P": "person"}
_ENDINGS: Final = frozenset("单史员生师帅班时后前中方间部组室处科台站点表卡本图学法式者人长")
_NOUN_ENDS: Final = frozenset("员单表室组部科处台站点卡本图时后前中方间管")
_NOUN_ENDS_TOO: Final = _NOUN_ENDS | frozenset("费班群本")
_LONGEST_LIST: Final = 30
_RELATIVE: Final = re.compile(
    r"(?:老伴|[父母]亲|妻子|丈夫|配偶|[长次三]?[子女](?=[\u4e00-\u9fff]{2,3}(?![\u4e00-\u9fff]))|儿子|女儿|[弟妹哥姐][弟妹哥姐]|儿媳|女婿|孙[子女])"
    r"\s?(?=[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff]))"
)
_LISTED: Final = 1.0  # what a name must score that nothing but a blank joins to the one before
_SURNAMED: Final = re.compile(
    r"姓(?<=[我均都只医生其位个名]姓)(?<![\u4e00-\u9fff]同..)(?P<name>[\u4e00-\u9fff])(?=[,。;的、\s])"
)
_AGENT: Final = Ended(
    r"[\u4e00-\u9fff](?:人员?|者|员|师|士|客|生|大夫|主任|教授|长|专家|刀|手|签[名字章]|名|麻醉|助)"
    r"(?:\([^()\n]{0,8}\))?\s{0,2}$"
)
_ENGLISH: Final = Ended(
    r"(?<![A-Za-z])(?:[Nn]ame|NAME|[Pp]atient|PATIENT|[Dd]octor|DOCTOR|Dr\.?|[Pp]hysician|[Rr]adiologist"
    r"|[Oo]perator|[Ss]urgeon|[Nn]urse"
    r"|[Ss]igned(?: by)?|[Rr]eported by|[Vv]erified by|[Rr]eviewed by|[Aa]nesthe[ts]i(?:st|ologist)|[Cc]onsultant"
    r"|[Aa]ttending|[Cc]ontact|[Ss]ignature)\s?$"
)
_BED_OR_AGENT: Final = led(
    r"床(?<=[0-9]床) ?[,:(]? ?(?=[\u4e00-\u9fff])|[者员](?<![患或学记].)(?<=[\u4e00-\u9fff]{2}.)(?=[\u4e00-\u9fff])"
)
_SEX: Final = re.compile(r"[男女](?<=[ ,|(/;].)(?:性|孩|婴|童)?(?=[\s,/、。)|;]|[0-9]|$)")
_APART: Final = frozenset(" ,|(/;")
_BEFORE_SEX: Final = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|(?<=床))(?:患者|病人|患儿|产妇|孕妇|伤者|死者|逝者|老人|患)?(?P<name>[\u4e00-\u9fff]{2,4})$"
)
_KIN_ONE: Final = led(
    r"[父母妻夫子女兄弟姐妹婿媳孙侄甥舅姑姨叔伯婶嫂](?=[\u4e00-\u9fff])(?![父母妻夫子女兄弟姐妹])"
    r"(?:(?<=[其之,。;:、(\n /].)|(?<=[患死]者.)|(?<=患儿.)|(?<=[产孕]妇.)|(?<=^.))"
)
_OTHERWISE: Final = re.compile(
    r"(?:签[名字章]|日期|时间|性别|年龄|男|女|科室|床号|住院|病案|门诊|电话|地址|关系|职业|民族|诊断"
    r"|医[师生院嘱]|护[士理师]|主任|教授|患者|病人|家属|本人|"
    r"意见|记录|报告|审核|检[查验]|手术|麻醉|方式|方法|部位|名称|所见|结果|情况|内容|已|未|无|拒|同意|均|为|系"
    r"|因|诉|于|在|以|有|不|的|是|与|及|和|等|"
    r"单位|工号|编号|号码|要求|建议|考虑|予|请|查房|会诊|分析|指示|认为|表示|陈述|提供|代[签述诉答理购取管]|代"
    r"|来电|来院|来诊|到场|签署|神[志清]|体[健质格征]|健在|意识|精神|评分|评估|时"
    r"|后|前|共|各|每|由|对|全|双|左|右)"
)


def _starts_otherwise(run: str) -> bool:
    match = _OTHERWISE.match(run)
    if len(run) == 1 and run in single_surnames():
        return False
    return match is not None and not (
        len(match.group()) == 1 and surname_of(run, rare=False) and name_score(run[:3]) >= 1.2
    )


def _field(text: str, at: int, run: str, *, anything: bool, noun: bool) -> int | None:
    """The value of a field: the whole run where it is short, its likeliest part where words follow without a gap."""
    spaced = _spaced(text, at, run)
    if spaced:
        return spaced
    end = at + len(run)
    if len(run) <= (4 if anything else 3) or (len(run) <= 6 and name_score(run) >= 1.5 and len(run) >= 4):
        title = re.search(r"(?:副?主任|主治|住院|主管)?(?:医师|医生|护师|护士长?|药师|技师|教授|主任)$", run)
        if title and title.start() >= 1:
            return at + title.start() if surname_of(run[:2], rare=True) or title.start() > 1 else None
        if len(run) == 1:
            form = run in _ENDINGS and text[end : end + 2].strip()[:1].isascii() and text[end : end + 2].strip()
            return end if surname_of(run + "某", rare=True) and not form else None
        sure = anything or (noun and _CLOSED.match(text, end) and run not in medical_words())
        return end if sure or name_score(run) >= -1.8 else None
    return best_end(text, at, 3.0)


def _spaced(text: str, at: int, run: str) -> int | None:
    """A name whose characters stand apart: one or two here, the rest after a gap."""
    if len(run) > 3:
        return None
    end, total, first = at + len(run), len(run), run
    for _ in range(3):
        more = _NEXT.match(text, end)
        if (
            more is None
            and len(run) == 1
            and surname_of(run + "某", rare=False)
            and (near := _NEXT_GLUED.match(text, end))
        ):
            ends = [end + len(near["gap"]) + size for size in ((2, 1) if len(run) == 1 else (1,))]
            stop = next(
                (stop for stop in ends if after_names().match(text, stop) and right_edge(text, stop) >= 2), None
            )
            if (
                stop
                and not after_names().match(text, end + len(near["gap"]))
                and text[stop - 1] > "\u4e00"
                and " " not in text[end + len(near["gap"]) : stop]
            ):
                return stop
        if more is None:
            break
        piece = more["more"]
        if (
            total + len(piece) > 4 + (total >= 3)
            or is_placeholder(piece)
            or _starts_otherwise(piece)
            or (piece in words() and not (len(run) == 1 and piece in given_pairs() and surnames().get(run)))
        ):
            break
        if total >= 2 and len(piece) >= 2 and surname_of(piece, rare=False) and total != 2:
            break
        if total >= 2 and (more["after"] == ":" or (len(more["gap"]) > 2 and more["after"] == " ")):
            break
        end, total = more.end("more"), total + len(piece)
    if total == len(run) or not 2 <= total <= 5 or not NO_NAME.isdisjoint(text[at + 1 : end].replace(" ", "")):
        return None
    return end if surname_of(first + "某某", rare=True) or total >= 3 else None


_WIDE: Final = 2  # characters of a gap that parts a word from what follows it
_NO_BARE: Final = frozenset("于班台由经从和向同")  # words more often than a surname alone
_FOUND: Final = re.compile("[\u4e00-\u9fff][高满全平安常明过畅通成空]")  # what was found, right after its word: 评估高


def _bare_surname(text: str, at: int, run: str, *, glued: bool) -> int | None:
    """A surname alone, where nothing follows it; right after the word it must be no ending of that word (记录单)."""
    if glued and (run[0] in _ENDINGS or text[at - 1 : at + 1] in words() or _FOUND.match(text, at - 1)):
        return None
    if run[0] in _NO_BARE or text[at + 1 : at + 2] == ":":
        return None
    if run[0] in single_surnames() or run[0] in rare_surnames():
        if len(run) == 1 and right_edge(text, at + 1) >= 3:
            return at + 1
        if _TITLE.match(text, at + 1):
            return at + 1
    return None
