"""Names in Latin letters: pinyin with a Chinese surname anywhere, other names of two words or more amid Chinese."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.latin import LETTER, LOWER, UPPER, common, headings, is_given, of_medicine
from deid.leads import holds, led
from deid.spans import Finding
from records.entities import Entity

_WORD: Final = (
    rf"(?:[{UPPER}][{LOWER}'’]{{1,14}}(?:-[{UPPER}]?[{LOWER}]{{1,10}})?"
    rf"|[{UPPER}]{{2,14}}(?:-[{UPPER}]{{2,10}})?|[A-Z]\.)"
)
_NAME: Final = led(
    rf"(?<![{LETTER}0-9/\-])(?<![A-Za-z]\.)(?:{_WORD})"
    rf"(?:,? (?:(?:de|del|da|van|von|bin|al|la|el) )?{_WORD}){{1,3}}(?![{LETTER}0-9\-])"
)
_SYLLABLE: Final = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|uai|iao|ian|uan|ai|ei|ui|ao|ou|iu"
    r"|ie|ue|ve"
    r"|er|an|en|in|un|vn|ia|ua|uo|[aoeiuv]))+$"
)
_SURNAME_LINES: Final = (
    "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng",
    "xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv lyu lu su jiang cai jia ding",
    "wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai",
    "cui kang mao qiu qin gu hou shao meng wan duan qian lei yin dai tao wen chang qiao lai gong pang",
    "zhan zhuang niu mou nie jiao xiang zuo ouyang zhuge shangguan sima situ huangfu xiahou murong linghu",
    "piao zhai mi bi bian che chu cui dou ge geng guan gui hong hua huo ji jian jing ju kuang lan leng lian",
    "ling long mei miao min mu ning niu ou pei ping pu qi qiang qu ran rong ruan sha shang sheng shu shui",
    "tong tu wang weng xi xin xing xuan yi ying you yue yun zang zha zhen zhi zong zu",
)
_SURNAMES: Final = frozenset(name for line in _SURNAME_LINES for name in line.split())
_AMID: Final = re.compile(r"[\u4e00-\u9fff:,、;(。\s]$")
_CUED: Final = re.compile(
    r"(?:姓名|患者|家属|医师|医生|护士|翻译|丈夫|妻子|父亲|母亲|配偶|联系人|专家|教授|老师|研究者|监查员|签名|者"
    r"|人|员|[Nn]ame|NAME|[Pp]atient|PATIENT|Dr|Mr|Mrs|Ms|Prof|[Dd]octor|[Bb]y|"
    r"[Pp]hysician|Pt|[Hh]usband|[Ww]ife|[Ss]on|[Dd]aughter|[Mm]other|[Ff]ather|[Ss]urgeon|[Nn]urse|[Ss]igned)\.?\s?[::.]?\s{0,4}\(?$"
)


_KIN: Final = re.compile(r"(?:^|[其:,、;(。\s])[妻夫父母子女兄弟姐妹]$")
_INITIALS: Final = led(
    r"(?:(?<![\u4e00-\u9fff])|(?<=姓名)|(?<=拼音)|(?<=名字)|(?<=患者)|(?<=病人)|(?<=对象)|(?<=试者))"
    r"(?:拼音|姓名|首\s?字\s?母)?(?:缩\s?写|首\s?字\s?母)\s?[:|]?\s{0,3}"
    r"(?P<name>[A-Z](?:[ _.·\-]?[A-Z_]){1,4}_?)(?![A-Za-z0-9\u4e00-\u9fff]|、[A-Z])"
)
_ONE_WORD: Final = Held(
    r"(?<![A-Za-z])(?:[Hh]usband|[Ww]ife|[Ss]on|[Dd]aughter|[Mm]other|[Ff]ather|Pt|M(?:r|s|rs)|Dr)[.:]? "
    r"(?P<name>[A-Z][a-z'’]{2,14})(?![A-Za-z])"
)
_TITLED: Final = Held(
    r"(?<![A-Za-z0-9\-])(?P<name>[A-Z][a-z'’]{1,14})(?= ?(?:女士|先生|小姐|太太|夫人|教授|医生|博士"
    r"|护士|老师|同学)(?!们))"
)
# Who wrote, in two or three letters: Tech: QXM.
_SIGNED: Final = Held(
    r"(?<![A-Za-z])(?:Tech|RN|Op|Operator|Nurse|Sign|Signed|By|Rad|Reader|Sonographer|Pt|Name|Init(?:ials)?|MD|Dr)"
    r"[.:]{1,2} ?(?P<name>[A-Z]{2,3}|(?:[A-Z]\.){2,3})(?![A-Za-z0-9\-])"
)
_ABOUT: Final = re.compile(
    r"(?:[生籍国族人员师士者授]|华裔|翻译|家属|进修|规培|实习|交流|访问|陪同|主任|同事|朋友|专家|顾问|代表|经理)$"
)  # of what country or trade somebody is
_BRACKETED: Final = re.compile(r"\s?\((?:中文名)?(?P<name>[\u4e00-\u9fff·]{2,8})\)")


_NICKNAME: Final = led(r"[阿小老][A-Z][a-z]{1,12}(?![A-Za-z])")  # 阿May, 小Amy
_HAN: Final = re.compile("[\u4e00-\u9fff]+")
_BEGINNING: Final = 3000  # characters by which a text is judged


def _chinese(text: str) -> bool:
    """Whether more than a third of a text is Chinese."""
    return sum(map(len, _HAN.findall(text, 0, _BEGINNING))) * 3 > min(len(text), _BEGINNING)


class PersonLatin:
    """Any word of latin_words.txt vetoes; outside Chinese text only pinyin or a cue is enough."""

    name = "person_latin"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = [
            Finding(*match.span(), self.entity, "person_latin.nickname", 0.75, "familiar prefix before a name")
            for match in _NICKNAME.finditer(text)
            if match.group()[0] == "阿" or is_given(match.group()[1:])
        ]
        found += [
            Finding(*match.span("name"), self.entity, "person_latin.titled", 0.7, "capitalised word before a title")
            for match in _TITLED.finditer(doc)
            if match["name"].lower() not in common()
        ]
        if not doc.has_latin_words:
            return found + self._initials(text)
        for match in _NAME.finditer(text):
            words = [word for word in re.split(r"[ ,]+", match.group()) if word]
            named = _name(text, match, words)
            if not named:
                continue
            rule, why = named
            found.append(Finding(*match.span(), self.entity, rule, 0.7, why))
            beside = _BRACKETED.match(text, match.end())
            if beside and not _ABOUT.search(beside["name"]):
                found.append(
                    Finding(*beside.span("name"), self.entity, "person_latin.chinese", 0.7, "Chinese form in brackets")
                )
        found += [
            Finding(*match.span("name"), self.entity, "person_latin.cued", 0.7, "one capitalised word after a relative")
            for match in _ONE_WORD.finditer(doc)
            if match["name"].lower() not in common()
        ]
        found += [
            Finding(*match.span("name"), self.entity, "person_latin.signed", 0.7, "letters of who wrote")
            for match in _SIGNED.finditer(doc)
            if match["name"].lower() not in common()
        ]
        return found + self._initials(text)

    def _initials(self, text: str) -> list[Finding]:
        return [
            Finding(*match.span("name"), self.entity, "person_latin.initials", 0.8, "initials after their label")
            for match in (_INITIALS.finditer(text) if holds(text, "写母") and holds(text, ("缩", "首")) else ())
        ]


_SINGLE: Final = 3  # letters of a word that alone may be a name


def is_name(value: str) -> bool:
    """Whether words in Latin letters, without any cue, are written like a name and none is known for another."""
    words = [word for word in re.split(r"[ ,]+", value.strip()) if word]
    plain = [re.sub(r"[^a-z]", "", word.lower()) for word in words]
    if not words or any(word in common() for word in plain) or not all(word[:1].isupper() for word in words):
        return False
    if len(words) == 1:
        return len(words[0]) >= _SINGLE and words[0][1:].islower()
    return is_pinyin(plain) or _mixed(words) or all(len(word) >= 2 and word[1:].islower() for word in words)


def is_pinyin(words: list[str]) -> bool:
    """Whether two or three words, in small letters, are a Chinese name in pinyin with a usual surname."""
    return (
        2 <= len(words) <= 3
        and all(len(word) >= 2 and _SYLLABLE.match(word) for word in words)
        and (words[0] in _SURNAMES or words[-1] in _SURNAMES)
    )


# What stands after a name amid Chinese that no word of it is known for one.
_PERSONAL: Final = led(
    r" ?(?:[(),:;。、]|[男女]|$|\n| {2}|先生|女士|小姐|太太|夫人|医[生师]|教授|博士|护士|老师|同学|同事|家属|翻译"
    r"|[诉说称因于在与和及到来的签陪今昨拟已系]|表示|认为|自述|告知|负责|陪同|操作|完成|拒绝|同意|要求|护照|国籍"
    r"|[\u4e00-\u9fff]{1,3}籍|会诊|复核|审核|记录|查看|术者|视频|电话|邮[件箱])"
)
_NUMERALS: Final = re.compile("[IVX]+")


def _name(text: str, match: re.Match[str], words: list[str]) -> tuple[str, str] | None:
    """By which rule words with capitals name somebody, and why."""
    plain = [re.sub(r"[^a-z]", "", word.lower()) for word in words]
    before = text[max(0, match.start() - 12) : match.start()]
    cued = _CUED.search(before) is not None or (
        _KIN.search(before) is not None and _mixed(words) and not match.group().isupper()
    )
    known = common()
    if any(word in known for word in plain) and not (cued and any(word not in headings() for word in plain)):
        return None
    if of_medicine(text, *match.span()):
        return None
    if is_pinyin(plain):
        return "person_latin.pinyin", "pinyin with a Chinese surname"
    if any(_NUMERALS.fullmatch(word) for word in words[1:]):
        return None
    likely = match.group().isupper() or any(map(is_given, words)) or _PERSONAL.match(text, match.end())
    if cued or (likely and _AMID.search(before) and _mixed(words) and _chinese(text)):
        return "person_latin.foreign", "capitalised words amid Chinese, or after a cue"
    return None


def is_pinyin_word(word: str) -> bool:
    """Whether a word in small letters may be a given name or a town in pinyin: two syllables and more. Longer words are
    not tried: they split in too many ways."""
    return _TWO_SYLLABLES <= len(word) <= _LONGEST and _SYLLABLE.match(word) is not None


_TWO_SYLLABLES, _LONGEST = 5, 15  # letters


def like_somebody(text: str, start: int, end: int) -> bool:
    """Whether what only the tagger takes for a name in Latin letters is known for one, or stands like one."""
    words = re.split(r"[ ,\n]+", text[start:end].strip())
    if words[0].lower() in _SURNAMES and words[1:] and words[1].endswith("."):
        return True  # Piao Y.J.
    if any(map(is_given, words)) or is_pinyin([re.sub(r"[^a-z]", "", word.lower()) for word in words]):
        return True
    if len(words) == 1 and not (start == 0 or text[start - 1] in " \n" or not text[start - 1].isascii()):
        return False
    return _PERSONAL.match(text, end) is not None and not _AFTER_FIGURE.search(text[max(0, start - 3) : start])


_AFTER_FIGURE: Final = re.compile(r"[A-Za-z0-9%] $|[0-9]$")

_VOWEL: Final = re.compile("[AEIOUY]|^(?:NG|[A-Z]\\.?)$")


def _mixed(words: list[str]) -> bool:
    """Whether words are written like a name: initials capital, or all capitals of three letters and more in all."""
    if all(word.isupper() for word in words):
        spoken = all(_VOWEL.search(word) for word in words)
        return spoken and len(words) >= 2 and sum(map(len, words)) >= 9 and max(map(len, words)) >= 4
    return all(len(word) >= 3 or word.endswith(".") for word in words)
