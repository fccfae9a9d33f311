"""Who is named in a record's fields: the patient's relatives and the staff. Only labelled values, signatures and
"name (relation)": names in running text are the de-identifier's work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from deid.lists import words
from deid.naming import surname_size
from ingest.description import Person
from ingest.fields import Field
from ingest.vocabulary import labels
from records.texts import IdentifiedText

_TITLES: Final = (
    "副主任医师|主任医师|主治医师|住院医师|进修医师|实习医师|副主任护师|主任护师|主管护师|护师|护士长|护士|副教授|教授|主任|副主任|"
    "医师|医生|技师|主管技师|副主任技师|主任技师|检验师|主管检验师|药师|麻醉师|先生|女士|签名|签字|签章|医|护"
)
_TITLE: Final = re.compile(rf"(?:{_TITLES})$|^(?:{_TITLES})(?=[\u3400-\u9fff]{{2,4}}$)")
_RELATION: Final = (
    "配偶|妻子|丈夫|爱人|父亲|母亲|父|母|儿子|女儿|长子|次子|长女|次女|子|女|妻|夫|兄弟|姐妹|哥哥|弟弟|姐姐|妹妹|兄|弟|姐|妹|祖父|"
    "祖母|爷爷|奶奶|外公|外婆|外祖父|外祖母|孙子|孙女|外孙|外孙女|儿媳|女婿|侄子|侄女|外甥|外甥女|岳父|岳母|公公|婆婆|叔叔|伯父|"
    "舅舅|姑姑|姨妈|亲属|家属|朋友|同事|监护人"
)
_HAN: Final = "[\u3400-\u9fff\U00020000-\U0003ffff]"
_NAME: Final = re.compile(
    rf"^{_HAN}{{2,4}}$|^{_HAN}{{1,6}}(?:[·•・．.]{_HAN}{{1,8}}){{1,2}}$"
    r"|^[A-Za-z][A-Za-z.'\-]+(?: [A-Za-z][A-Za-z.'\-]*){0,3}$"
)
_FORM_WORDS: Final = (
    "患者 本人 患者本人 家属 患者家属 病人 患方 医师 医生 护士 签名 签字 患者签名 日期 时间 年 月 不详 未知 无 "
    "无名氏 未填 如下 同上 详见 以上 其他 单位 参考区间 科室 全科 科内 主任 全体 全体医师 有关 人员 拒绝 同意 "
    "知情 可靠 基本可靠 尚可靠 "
    # what stands before 医师, 护士, 者 in a field that was left empty
    "手术 麻醉 护理 检验 病理 放射 超声 影像 内镜 临床 门诊 急诊 住院 主治 值班 经治 经管 管床 责任 上级 会诊 "
    "主刀 巡回 器械 记录 报告 审核 质控"
)
_NOT_NAMES: Final = frozenset(_FORM_WORDS.split())
_WITH_RELATION: Final = re.compile(
    rf"(?P<name>[\u3400-\u9fff·]{{2,6}})\s*[（(]\s*(?:系|为)?(?:与?患者)?(?:的|之)?\s*(?P<relation>{_RELATION})\s*(?:[)）]|$)"
)
_RELATION_FIRST: Final = re.compile(
    rf"(?:患者|病人|其)?(?:的|之)?(?P<relation>{_RELATION})\s*[（(:：]?\s*(?P<name>[\u3400-\u9fff·]{{2,10}})\s*[)）]?$"
)
_JUST_RELATION: Final = re.compile(rf"^(?:患者|病人)?(?:的|之)?(?P<relation>{_RELATION})(?:关系)?$")
_VERB: Final = re.compile("陪|护送|送|代|叙述|陈述|提供|告知|发现|转述|抬|抱|搀|扶")  # what relatives do (家属陪同来院)
_SEPARATORS: Final = re.compile(r"[、，,；;/|\s]+")
_STAMP: Final = re.compile(r"^\s*(?:19|20)\d{2}[-年/.]")


def looks_like_name(text: str) -> bool:
    """Two to four characters, a transliterated or a Latin name; not one of the words forms put in its place."""
    if not _NAME.match(text) or text in _NOT_NAMES or _JUST_RELATION.match(text):
        return False
    # Without a surname it may still be a name (次仁, 扎西多吉), but not when it is made of words (陪同来院).
    return "·" in text or text.isascii() or surname_size(text) > 0 or not _made_of_words(text)


def _made_of_words(text: str) -> bool:
    two_words = len(text) >= 3 and text[:2] in words() and text[-2:] in words()
    return bool(_VERB.match(text)) or text in words() or two_words


def staff(found: Sequence[Field], lines: Sequence[str]) -> tuple[Person, ...]:
    """Staff from labelled fields, each with the label as what they did, and from lone signatures under a text."""
    people = [
        Person(IdentifiedText(name), field.label)
        for field in found
        if field.kind == "staff"
        for name in _names(field.value)
    ]
    people += [Person(IdentifiedText(name), "签名") for name in _signatures(lines)]
    return unique(people)


def relatives(found: Sequence[Field]) -> tuple[Person, ...]:
    """Contacts, historians and proxies, with their relation where a field or a bracket tells it."""
    people: list[Person] = []
    for index, field in enumerate(found):
        if field.kind == "contact":
            beside = next((other for other in found[index + 1 : index + 5] if other.kind == "relation"), None)
            people += _relative(field.value, beside.value if beside and beside.line - field.line <= 1 else "")
        elif field.kind == "historian":
            people += _relative(field.value, "")
    return unique(people)


def _relative(value: str, relation: str) -> Iterable[Person]:
    bare = re.sub(r"[（(].*?[)）]", "", value).strip()
    for match in (_WITH_RELATION.search(value), _RELATION_FIRST.search(bare)):
        if match and looks_like_name(match["name"]):
            yield Person(IdentifiedText(match["name"]), match["relation"])
            return
    for name in _SEPARATORS.split(bare):
        if looks_like_name(name):
            yield Person(IdentifiedText(name), relation)


def _names(value: str) -> Iterable[str]:
    """Names of a staff field, titles taken off: "张三主任医师、李四 住院医师" is two."""
    whole = value.strip()
    if _NAME.match(whole) and whole.isascii():
        yield whole
        return
    for piece in _SEPARATORS.split(re.sub(r"[（(].*?[)）]", " ", whole)):
        name = _role().sub("", piece)
        while (shorter := _TITLE.sub("", name)) != name and shorter:
            name = shorter
        if looks_like_name(name):
            yield name


@cache
def _role() -> re.Pattern[str]:
    """A staff label glued before a name (术者许志强)."""
    names = "|".join(re.escape(label) for label, kind in labels() if kind == "staff")
    return re.compile(rf"^(?:{names})(?=[\u3400-\u9fff]{{2,4}}$)")


def _signatures(lines: Sequence[str]) -> Iterable[str]:
    """A name alone on its line after a sentence's end and before a time stamp or the end of the record."""
    for index in range(1, len(lines)):
        name = "".join(lines[index].split())
        follows = index + 1 >= len(lines) or _STAMP.match(lines[index + 1])
        if follows and looks_like_name(name) and lines[index - 1].rstrip().endswith(("。", ".", "；", "！", "？")):
            yield name


def unique(people: Iterable[Person]) -> tuple[Person, ...]:
    """One entry a name; the one that tells a relation is kept."""
    found: dict[str, Person] = {}
    for person in people:
        kept = found.get(person.name.reveal())
        if kept is None or (not kept.relation and person.relation):
            found[person.name.reveal()] = person
    return tuple(found.values())
