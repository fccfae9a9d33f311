"""What the tagger takes for somebody, a place or an institution and is none: units, counts, headings, generic words."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.latin import common, of_medicine
from deid.leads import led
from deid.likeness import rare_surnames, right_edge
from deid.lists import given_pairs, lines_of, medical_words, surnames, words
from deid.naming import is_heading, is_placeholder
from deid.recognizers.address import place_names
from deid.recognizers.organisation import INSTRUMENT, all_generic, is_of_no_name
from deid.recognizers.person_latin import is_name, like_somebody
from deid.recognizers.person_title import TITLE, is_role

_NOBODY: Final = re.compile(
    r"周[一二三四五六日末]|[大小二三四五六七八九老幺]?(?:[姨姑舅婶妗姥伯婆]|[姨姑舅]+[妈父母娘家]|[叔伯婶舅]+|[儿孙侄甥]{1,2}[女媳妇子儿]?)|姑娘"
    r"|[小总]结|.{0,6}(?:记录|记录单|报告|报告单|证明书?|同意书|申请单|医嘱单?|小结|病历|首页|附页)"
    r"|国[械药妆食][注准].*|[她他它你我]们?|[双左右].|.{2}[鱼酒汤丸饭粥糕泉]|[则仍即再还的了着].*|祖传.*|孙子|小子|小组|高校|服役|支付宝|审方"
    # a label whose characters stand apart, and what stands after it
    r"|(?:职业|民族|性别|年龄|婚姻|籍贯|文化|工种|血型|学历|病区|科室|费别|主诉|诊断|关系|住址|地址|单位|电话).+"
)
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_NO_NAME_SIGN: Final = led(r"[℃%‰°\d]|[。;!?]\s|^[。;!?]| {5}|[编序批卡条工型账代证]号|号码|条码|代码")
# What is named after somebody who is not here: 罗森塔尔纤维, 苏木杰现象, 伍德灯.
_EPONYM: Final = re.compile(
    r"(?:纤维|现象|征(?![求得询])|综合征|小体|细胞|定律|灯下|试验|指数|分[期级型](?!完|给|好)|评分|切口|囊肿|肿瘤|骨折|韧带|筋膜|三角|间隙"
    r"|[钳镊]|支架|瓣膜|头皮针|体位|手法|术式|引产|氏[征病])"
)
_INITIALS: Final = re.compile(r"[A-Z][.·-](?:[A-Z][.·-]){0,2}[A-Z][a-z]{0,12}\.?")
_SIDES: Final = frozenset("交接审甲乙双对")  # 交方医师: who makes up a prescription
_NO_SURNAME: Final = frozenset("班台由原单本该各")  # before a title: 班主任, 分诊台护士
_COUNT: Final = re.compile(
    r".*[+=↑↓%℃°×].*|[A-Za-zμ/\s\d\-.]*|.*\d号?(?:[A-Za-z]|[管针线丝]).*|120.*|\d+\s?(?:元|号|分钟?|小时|[次天周月年人例张台套])|\d+\s?[个家所].*"
    r"|.*[柄针刀钉髓管丝线罩头杯球片钳]\s?\d{1,2}号|[^省市县区州乡镇]{1,5}族|\s?第?\s?\d{1,2}\s?台.*"
)
_STEP: Final = re.compile(r"[省市县区州盟旗镇乡村路街巷弄里号栋幢楼室组队屯庄寨园苑城坊桥港湾岛山河江湖场坪沟]")
# A label of a number (原号, 盒 号), and rooms or groups inside the hospital.
_FIELD: Final = re.compile(r"[^\d\s一二三四五六七八九十甲乙丙]{1,4}\s?号(?![楼院线门桥店室房栋井])|[^\d]{0,6}号$")
_INSIDE: Final = re.compile(
    r"(?:内科|外科|门诊|住院|急诊|医技|病房|综合|教学|行政|妇产|儿科|感染)[\u4e00-\u9fff]{0,3}楼(?:[一二三四五六七八九十\d]{1,2}号?[楼层])?"
    r"|.*(?:(?<![0-9民])[室]|小组|总机|监区|走廊)|[一二三四五六七八九十\d]{1,2}号?楼|[厂家院店]里.*"
)
# A find that runs over the next label of a form.
_LABEL_IN: Final = re.compile(
    r"职\s?业(?![学技中高病])|民\s?族\s?[:汉]|信仰|文化程度|婚姻(?!登)|性\s?别|年\s?龄|姓\s?名|床号"
)
_LEADING, _TRAILING = frozenset("在到从由于自住,("), frozenset("时后前内里边处\n")
_AROUND: Final = re.compile(r"^[在到从由于自住,(]+|[时后前内里边处]$")
_SIZE: Final = re.compile(r"\D{0,4}\d{1,2}号")  # of a tube, needle or thread
_SIZED: Final = re.compile(r"\s?(?:[一-龥]{0,4}[管针线罩]|刀片|钢丝|探条)")
_LEAD: Final = re.compile(r"[由在到经与从送至往(,]{1,2}")


_RAN_ON: Final = re.compile(r"(?P<name>(?:[\u4e00-\u9fff] ?){2,4})(?: {3,}[\u4e00-\u9fff]{1,2}| +[男女](?: .*)?)")


def before_gap(text: str, start: int, end: int) -> int:
    """Where a name ends that the tagger read on over a gap into the next field (石 榴    洗, 洪宝珠  女  九)."""
    match = _RAN_ON.fullmatch(text, start, end) if " " in text[start:end] else None
    return match.start() + len(match["name"].rstrip()) if match else end


def nobody(text: str, start: int, end: int) -> bool:
    """Whether a stretch that only the tagger takes for a name cannot be one."""
    value = text[start:end]
    plain = _close(value)
    if plain.isascii() or not _CHINESE.search(plain):
        named = _INITIALS.fullmatch(plain) or (is_name(value) and like_somebody(text, start, end))
        return not named or of_medicine(text, start, end)
    if (run := _LATIN_RUN.match(value)) and _strays(text, start, start + run.end()):
        return True
    if _NO_NAME_SIGN.search(value) or is_heading(value):
        return True
    if len(plain) == 1:
        inside = text[start : start + 2] in words() or text[max(0, start - 1) : start + 1] in words()
        return (
            plain in _NO_SURNAME
            or (plain == "方" and text[start - 1 : start] in _SIDES)
            or (plain == "向" and text[start - 1 : start] in "者人属友")
            or (inside and not TITLE.match(text, end))
            or (plain not in surnames() and plain not in rare_surnames())
        )
    if (len(plain) >= _SHORT and plain in medical_words()) or is_placeholder(plain) or _EPONYM.match(text, end):
        return True
    return (is_role(plain) and plain[0] not in surnames()) or _NOBODY.fullmatch(plain) is not None


_LATIN_RUN: Final = re.compile(r"[A-Za-z][A-Za-z.' \-]*(?<! )")
_MISREAD: Final = 4  # letters that a scanner may have made of a name (唐 O 英)


def _strays(text: str, start: int, end: int) -> bool:
    """Whether the words in Latin letters that a find with Chinese characters begins with are words of medicine."""
    name = text[start:end]
    return len(name) > _MISREAD and (
        name.islower()
        or of_medicine(text, start, end)
        or any(word.strip(".") in common() for word in name.lower().split())
    )


def _close(value: str) -> str:
    """A stretch without its blanks."""
    return value if value.isalpha() else "".join(value.split())


# Asked, counted, done to somebody, kin without a name, a part of a building: no name, where the tagger doubts it.
_WORDING: Final = re.compile(
    r".*(?P<one>.)不(?P=one).*|.*[不痰针术骨哪谁血肝肾肺胃肠脑腹癌瘤炎疹疼喘吐症痛级壹贰叁肆伍陆柒捌玖拾佰仟].*|.+[在过着者][^族]?"
    r"|.*[何哪]时|第[一二三四六七八九十].*|原[方系科单籍].*|暨.*"
    r"|[其之我您他她俺咱为].{0,2}[姐妹哥弟兄嫂舅姑姨姥叔伯爷奶公婆爸妈爹娘父母夫妻儿女孙婿媳]"
    r"|(?:越南|缅甸|老挝|朝鲜|泰国|俄|蒙古?|汉|回|藏|维|哈|苗|壮|彝)[文语籍族]"
    r"|楼[一二三四五六七八九十].*|[一二三四五六七八九十]楼.*|[高低](?:年级|[级别龄铁考压危])|(?:立[春夏秋冬]|谷雨|[白寒]露|霜降)[前后]"
)
_GLUED: Final = frozenset(
    "请由经随与和及向遵对让给告找叫问陪送交据跟同把替被的说喊嘱托生其之友邻者科区室组院部厂司所局校师士员人长医护警"
    "狱队导领到姓是乃我称来去见报转线床手刀助醉记录核烦学父母夫妻子女儿孙媳婿侄兄弟姐妹哥嫂姑舅姨叔伯婶爷奶公婆"
)  # what a name may follow without a break


def misplaced(text: str, start: int, end: int) -> bool:
    """Whether what the tagger hardly takes for a name stands inside running text, or is worded as no name is."""
    plain = "".join(text[start:end].split())
    if _WORDING.fullmatch(plain) or (plain[0] in "于向" and plain[1:] in words() and plain[1:] not in given_pairs()):
        return True
    left = text[start - 1 : start]
    inside = "\u4e00" <= left <= "\u9fff" and left not in _GLUED
    return inside and right_edge(text, end) == 0


def nowhere(text: str, start: int, end: int) -> bool:
    """Whether a stretch that only the tagger takes for an address measures or counts something."""
    value = text[start:end]
    if _SIZE.fullmatch(value) and _SIZED.match(text, end):
        return True
    core = _AROUND.sub("", value) if value[0] in _LEADING or value[-1] in _TRAILING else value
    return (
        _COUNT.fullmatch(value) is not None
        or _FIELD.match(value) is not None
        or (_INSIDE.fullmatch(core) is not None and not place_names().at(core, 0))
        or core in _ambiguous()
        or core in medical_words()
        or _LABEL_IN.search(value) is not None
        or all_generic(core)
        or (not _STEP.search(core[-1:]) and all_generic(core[:-1]))
        or (core in words() and not _STEP.search(core) and not place_names().at(core, 0))
        or (not _STEP.search(value) and any(map(str.isdigit, value)))
    )


def nothing(text: str, start: int, end: int) -> bool:
    """Whether a stretch that only the tagger takes for an institution is a count or names none."""
    plain = "".join(text[start:end].split())
    lead = _LEAD.match(plain)
    name = plain[lead.end() :] if lead else plain
    name = name.rpartition("(")[2] if ")" not in name else name.removesuffix(")") if "(" not in name else name
    return (
        _COUNT.fullmatch(plain) is not None
        or len(name) < _SHORTEST
        or _LABEL_IN.search(plain) is not None
        or all_generic(name)
        or is_of_no_name(name)
        or name[-1:] in _OPEN_END
        or INSTRUMENT.match(text, end) is not None
        or name.startswith(("我院", "本院", "外院"))
        or (len(name) <= _SHORT and name in words())
    )


@cache
def _ambiguous() -> frozenset[str]:
    """Places that are ordinary words: only a rule with a cue may find them."""
    return frozenset(lines_of("place_words.txt"))


_SHORTEST, _SHORT = 2, 3
_OPEN_END: Final = frozenset("与和及在于的被把")
