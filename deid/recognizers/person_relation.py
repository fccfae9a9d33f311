"""Names after a word for a person without any colon: 患者张伟, 其妻李秀英, 患儿X之父, 司机王强; and X，男，45岁."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.lists import given_pairs, medical_words, surnames, words
from deid.naming import name_at, surname_size
from deid.recognizers.person_title import name_before
from deid.spans import Finding
from records.entities import Entity

_KIN: Final = (
    r"(?:外?祖父|外?祖母|外公|外婆|姥[姥爷]|爷爷|奶奶|父亲|母亲|爸爸?|妈妈?|养[父母]|继[父母]|丈夫|妻子"
    r"|老伴|老公|老婆|爱人|配偶|前[夫妻]|未婚[夫妻]|男友|女友|儿子|女儿|长子|次子|三子|幼子|长女|次女|三女"
    r"|幺女|养[子女]|孙[子女]|外孙女?|儿媳妇?|媳妇|女婿|哥哥?|弟弟?|姐姐?|妹妹?|兄弟|姐妹|大哥|二哥|大姐"
    r"|二姐|表[哥弟姐妹]|堂[哥弟姐妹兄]|叔叔|伯父|伯母|姑[姑妈父]|舅[舅妈父]|姨[妈父]?|侄[子女儿]|外甥女?"
    r"|岳[父母]|公公|婆婆|公婆|嫂子?|姐夫|妹夫|连襟|亲戚|亲属|家属|家人|监护人|陪护(?:人员)?|护工|保姆"
    r"|同事|工友|同学|室友|舍友|邻居|朋友|好友|同伴|老乡|老师|班主任|司机|路人|民警|交警|村医|雇主|老板"
    r"|房东|战友|亲友|翻译|社工|志愿者|网友|病友|子|女|父|母|妻|夫|兄|弟|姐|妹|婶|孙)"
)
_AFTER: Final = re.compile(
    rf"(?:(?:其|患者(?:之|的)?|病人(?:之|的)?|患儿(?:之|的)?|及|与|和|由|向|经|系|我|他|她|死者(?:之|的)?"
    rf"|产妇(?:之|的)?|(?<![\u4e00-\u9fff]))(?P<kin>{_KIN})|(?<=[\u4e00-\u9fff])(?P<kin2>丈夫|妻子|儿子"
    rf"|女儿|父亲|母亲|哥哥|弟弟|姐姐|妹妹|配偶|家属|儿媳|女婿|外甥|侄子|爱人|同事|工友|邻居|司机|民警|护工"
    rf"|保姆))\s?(?:\([^()\n]{{1,6}}\)|(?:名叫|叫做?|姓名)?)\s?[::]?\s?(?P<at>)"
)
_WHO: Final = re.compile(
    r"(?:患\s?者(?:之)?|病\s?人|患\s?儿|产\s?妇|孕\s?妇|死者|伤者|受检者|受试者|供者|献血者|被鉴定人"
    r"|申请人|委托人|受托人|代理人|监护人|联系人|陈述者|供史者|当事人|肇事者|嫌疑人|犯人|学生|职工|员工"
    r"|工人|退休职工|术者|主刀|一助|二助|记录者|审核者|报告者|主持人|记录人|报告人|检验者|复核者|签名|签字"
    r"|姓名|报告医师|审核医师|送检医师|诊断医师|责任护士|值班护士|值班医师|管床医师|经治医师|主治医师"
    r"|住院医师|主管医师|床位医师|上级医师|会诊医师|首诊医师|接诊医师|麻醉医师|手术医师|实习医师|进修医师"
    r"|规培医师|申请医师|巡回护士|器械护士|洗手护士|夜班护士|白班护士|当班护士|护士长|医师|医生|护士|技师"
    r"|药师|主任|科主任|名为|名叫|化名|署名|我叫|签名人|同病房|邻床|病友)\s?(?P<at>)"
)
_AT_START: Final = re.compile(
    r"(?:^|[\n。;])\s{0,4}(?:\d{1,3}\s?床\s?[,:]?\s?)?(?P<at>)(?=[\u4e00-\u9fff·]{2,15}\s?[,\s(]\s?(?:男"
    r"|女)(?:性|,|\s|/|\)|孩|婴|[0-9]))",
    re.M,
)
_SEX: Final = re.compile(r"\s?[,\s(]\s?(?:男|女)(?:性|孩|婴)?(?=[,\s/)、。]|[0-9])")
_BED: Final = re.compile(r"床\s?[,:(]?\s?")
_ENGLISH: Final = re.compile(
    r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Doctor)\.? ?(?P<name>[A-Z][a-zA-Z'\-]{1,15}"
    r"(?: [A-Z][a-zA-Z'\-]{1,15}){0,2})(?![a-zA-Z])"
)
_SYLLABLE: Final = (
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|uai|iao|ian"
    r"|uan|ai|ei|ui|ao|ou|iu|ie|ue|er"
    r"|an|en|in|un|ia|ua|uo|[aoeiu]))"
)
_PINYIN_PAREN: Final = re.compile(
    rf"(?<=[\u4e00-\u9fff])\s?\(\s?"
    rf"(?P<name>{_SYLLABLE}{{1,2}}[ ,·\-]{{1,2}}{_SYLLABLE}{{1,3}}"
    rf"(?:[ \-]{_SYLLABLE})?)\s?\)",
    re.IGNORECASE,
)


_CUES: Final = {"relative": 1.0, "role": 0.5, "bed": 0.5}  # how much each word before speaks for a name
_LATIN_NAME: Final = re.compile(r"[A-Z][a-z'\-]{1,15}(?: [A-Z][a-zA-Z'\-.]{0,15}){1,3}(?![a-zA-Z])")
_CLOSED: Final = re.compile(r"$|[\s,。;、/(]|接听|陪|诉|代|签|来|说|称|照|提供")


def _given_or_latin(text: str, at: int) -> int | None:
    """A given name alone or a Latin name, which only a relative's word makes credible."""
    latin = _LATIN_NAME.match(text, at)
    if latin:
        return latin.end()
    pair = text[at : at + 2]
    return at + 2 if pair in given_pairs() and pair not in medical_words() and _CLOSED.match(text, at + 2) else None


def _word_as_name(text: str, at: int) -> int | None:
    """A name that is an ordinary word (甘草, 方正), after a relative's word and before an act of a person."""
    for end in (at + 3, at + 2):
        name = text[at:end]
        if name in words() and surname_size(name) and surnames().get(name[0], 0) >= FAMILIAR and _ACTS.match(text, end):
            return end
    return None


FAMILIAR: Final = 50  # surnames rarer than this need more than a word to be believed
_ACTS: Final = re.compile(
    r"提供|代诉|陪|签|交代|否认|诉|来院|来电|接|在场|照顾|照料|到|表示|要求|同意|拒绝|说|称|体健|患|死|,"
    r"|。|;|\(|系|今年|\d{1,2}岁"
)


def _alone(text: str, at: int) -> int | None:
    """A name that stands between blanks after a role, as on forms."""
    end = name_at(text, at, anything=True)
    return end if end is not None and surname_size(text[at:end]) and _BLANK.match(text, end) else None


_BLANK: Final = re.compile(r"$|\s")
_RUN = re.compile(r"[\u4e00-\u9fff·]{2,15}")


class PersonRelation:
    """The word before (or 之子, sex and age after) makes the name; the name must still look like one."""

    name = "person_relation"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for pattern, rule in ((_AFTER, "relative"), (_WHO, "role"), (_BED, "bed")):
            for match in pattern.finditer(text):
                at = match.end()
                if rule == "bed" and not text[max(0, match.start() - 2) : match.start()].strip(" +")[-1:].isdigit():
                    continue
                end = name_at(text, at, anything=False, cue=_CUES[rule])
                if end is None and rule == "relative":
                    end = _given_or_latin(text, at) or _word_as_name(text, at)
                if end is None and rule == "role":
                    latin = _LATIN_NAME.match(text, at)
                    end = latin.end() if latin else None
                if end is None and rule == "role" and text[at - 1] in " \n":
                    end = _alone(text, at)
                if end is not None:
                    found.append(
                        Finding(at, end, self.entity, f"person_relation.{rule}", 0.88, "name after a word for a person")
                    )
        found += self._beside_the_sex(text)
        for match in re.finditer(
            r"之(?:子|女|妻|夫|父|母|婴|兄|弟|姐|妹|孙|媳|婿)(?=[,。\s)、::;]|\d|[\u4e00-\u9fff])", text
        ):
            start = name_before(text, match.start(), full=True)
            if start is not None:
                rule, why = "person_relation.child_of", "name before 之子 or the like"
                found.append(Finding(start, match.start(), self.entity, rule, 0.85, why))
        for pattern, rule in ((_ENGLISH, "english"), (_PINYIN_PAREN, "pinyin")):
            found += [
                Finding(*m.span("name"), self.entity, f"person_relation.{rule}", 0.85, "Latin name with a cue")
                for m in pattern.finditer(text)
            ]
        return found

    def _beside_the_sex(self, text: str) -> list[Finding]:
        """Names between 患者 and the sex, and names at a start that the sex follows."""
        found: list[Finding] = []
        for match in _WHO.finditer(text):
            run = _RUN.match(text, match.end())
            if run and _SEX.match(text, run.end()):
                rule, why = "person_relation.sex", "name between 患者 and the sex"
                found.append(Finding(*run.span(), self.entity, rule, 0.9, why))
        for match in _AT_START.finditer(text):
            run = _RUN.match(text, match.end())
            end = name_at(text, match.end(), anything=True)
            if run and end == run.end():
                rule, why = "person_relation.sex", "name followed by the sex"
                found.append(Finding(match.end(), end, self.entity, rule, 0.85, why))
        return found
