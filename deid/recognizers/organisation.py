"""Named hospitals, employers, schools, offices: full, short and by nickname. Generic places (我院, 外院) stay."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import led
from deid.likeness import name_score
from deid.lists import lines_of, medical_words, words
from deid.phrases import Phrases, shared
from deid.recognizers.address import in_medicine, place_names
from deid.spans import Finding
from records.entities import Entity

_HAN: Final = "\u4e00-\u9fff〇"
_LEFT: Final = re.compile(  # read from its end
    rf"(?:[{_HAN}A-Za-z0-9·\-&]+|\)(?=[{_HAN}])|\((?:{'|'.join(rf'(?<=[)][{_HAN}]{{{n}}}.)' for n in range(2, 7))}))+"
)
_AFTER: Final = re.compile(
    r"(?: ?医 ?[院阮]|(?<=急救中心) ?[\u4e00-\u9fff]{2,5}?分?站"
    r"|(?:集团|附属)?(?:第?[一二三四五六]|[东西南北新老本总分])?(?:院区|分院)|\((?:集团|总部"
    r"|[\u4e00-\u9fff]{1,6}(?:院区|分院|店|分店|校区|总店))\)"
    r"|(?:附属)?第[一二三四五六七八九十]{1,2}(?:临床|附属)?(?:医院|医学院)|[东西南北]院|[\u4e00-\u9fff]{1,4}"
    r"(?:院区|分院)|附属[\u4e00-\u9fff]{0,10}?(?:医院|中学|小学)"
    r"|[\u4e00-\u9fff]{1,6}(?:学院|分校|校区)|(?:第[一二三四五六七八九十\d]{1,3})?(?:分公司|项目部|营业部|车间))"
)
_STOP: Final = led(
    r"于(?!都|田|洪|谦)|在|住(?!宅|房|建|友|电|商|化|总)|要(?!塞|素)|对方(?:医院)?|签字|至(?!善|诚|德|尊)|到|自(?!治|贡|来水|动|强|立)|从(?!化|江)|往|赴|寄(?!宿)|由|经(?!济|纬|贸|开"
    r"|纪)|送(?!变)|转(?!化)|入|去|来(?!宾|安|凤|福)"
    r"|是|系(?!统)|(?<![同友善世])及|与|或|被|曾|遂(?!宁|平|溪|昌)|均|已|并|因|予|拟|患者|家属|其|该|让|请|联系|考虑"
    r"|电话|通知|告知|就诊|就读|毕业|就职|任职|工作|上班|住院|打工|退休"
    r"|退伍|现(?!代)|当地|外院|我院|本院|(?<!嘎)查|单位|医师|医生|主任|护士|教授|母亲|父亲|丈夫|妻子|儿子|女儿|介绍|推荐"
    r"|建议|要求|采集|来源|委托|送检|[学用大小]名|小朋友|宝宝|患儿|姓名|符合|达到|属于|排除|我叫|获取|机构|名称|户籍|负责|承担"
    r"|研制|生产的|进修|实习|供职|的|了|过(?!路)|按|每|(?<=[0-9])[月日号年时]|所在|某|以|需|做|办理|出具|支付"
    r"|报销|缴|昨[日晚天夜早]|今[日晨天年早晚]|镇上的?|县里的?|村里的?|附近的?|明[日晨]|去年|前年|当年"
    r"|[一二两三四五六七八九十\d][天次](?!堂)|天(?=在|于|前|后)|现上|向(?!阳|荣|东)|陪|随(?!州)|同意|表示|诉|称|[网上呈]报|电告|致电|开户行|地址|住址|地点|程度|学历"
    r"|说|拨打|收治|接诊|收到|外请|邀请|指定|代表|合作|购于|购自|曾任|担任|返回|离开|路过|途经"
)
_SHORT: Final = led(
    r"(?:(?:省|市|县|区|州|军区|兵团|[京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"|[\u4e00-\u9fff]{2,3}[省市县区])"
    r"(?:立|第)?(?:人民|中心|中医|中|妇幼保健|妇幼|妇保|妇产|妇儿|儿童|肿瘤|口腔|眼科|胸科|传染病|精神病"
    r"|精神卫生|红十字|职工|康复|老年|皮肤病|结核病|骨科|脑科|心血管病?|[一二三四五六七八九十]{1,2}"
    r"|\d{1,2})(?:医)?院)"
    r"|(?:北大|浙大|川大|武大|中大|交大|复旦|同济|湘雅|协和|齐鲁|中山|哈医大|中国医大|首医大|重医|郑大|吉大|兰大"
    r"|苏大|南大|山大|昆医|贵医|广医|南医大|温医|安医|福医|河北医大|山西医大|新医大"
    r"|宁医大|青医|内医大|南华|蚌医|皖南医|徐医|川北|西南医大|遵医|桂医|赣南医|锦州医大|大连医大|滨医|潍医|济医)"
    r"(?:附属|附|第)?(?:人民|口腔|肿瘤|儿童|妇产|中医|眼科|[一二三四五六七八九]附?)"
    r"(?:医?院)?(?![\u4e00-\u9fff]?次)"
    r"|[\u4e00-\u9fff]{1,3}(?:大|医|医大|科大|中医)(?:第?[一二三四五六七八九]附?院|附[一二三四五六七八九](?:院)?)"
    r"|(?<=[在于到至往赴从由])[\u4e00-\u9fff]{1,4}(?:大|医|立|市|省|中|学|山|南|北|东|西|州|江|海|京|沙|附)"
    r"第?[一二三四五六七八九十]院(?![士长内子])|(?<![某各全本我跨外该])[省市县区州旗盟](?:卫健[委局]|卫生局|卫计[委局]|医保局|疾控(?:中心)?|民政局|残联|妇联|教育局|应急局|外事办"
    r"|畜牧局|农牧局|农业农村局|公安局|法院|检察院|司法局|信访局|社保局|人社局|住建局|救助站|福利院|敬老院|养老院|光荣院|血站|总工会"
    r"|红十字会|慈善会|海事局|交警[大支]队|刑警[大支]队|武装部|人武部|看守所|戒毒所|殡仪馆|党校|图书馆|体校|职教中心|职高|技校|卫校)|"
    r"(?<=[在于到至往赴从由经回转我是去来：:,、院和与或])第?[一二三四五六七八九十]{1,2}院"
    r"(?![士长内])"
    r"|附[一二三四五六七八九]院"
    r"|附属[一二三四五六七八九]院|第[一二三四五六七八九十]{1,3}(?:人民|附属|临床)医院|解放军\s?"
    r"(?:第)?\s?\d{2,3}\s?医?院|解放军总医院|(?<![0-9])[1-9]\d{2}医院|武警(?:[\u4e00-\u9fff]{1,3})?(?:总队)?医院|"
    r"(?:海"
    r"|空|陆)军(?:总|特色)?医(?:院|学中心)|\d{2}医院|(?<![0-9])\d{4,5}部队|[省市县州区](?:妇幼|妇保|儿保|精卫"
    r"|一中|二中|实验小学|实小)(?![\u4e00-\u9fff])"
)
_FIELD: Final = Held(
    r"(?=[工服就现单学所毕班供任医转送申报检机雇组抬店厂出来接外保委承用辖户派幼养参受采部收首手原快])"
    r"(?:(?:工作|服务|就业|现工作)?单\s?位(?:及地址|名称|与地址|地址)?|就读学校|学校名称|所在学校|毕业院校"
    r"|班级|供职于|就职于|任职于|任教于|就读于|毕业于"
    r"|医疗机构(?:名称)?|就诊医院|转诊医院|转[入出]医院|送检(?:单位|医院)|申请(?:医院|单位)|报告单位|检测"
    r"(?:单位|机构)|检验机构|(?:医院|机构)名称|雇主|组织机构|抬头|店名|厂名|(?:辖区|户籍)派出所"
    r"|养老(?:机构|院)|(?:[参承受供采]保?[办理血样]?)单位|部别"
    r"|(?:收治|首诊|手术|接诊|原就诊)医院|快递公司"
    r"|(?<![\u4e00-\u9fff])(?:医院|机构|学校|派出所|幼儿园)"  # "协和医院:" is a name, and what follows a finding
    r"|出具单位|来源(?:医院|单位)|接收(?:医院|机构)|外院名称|保险公司|委托(?:单位|方)|承保公司|用人单位)"
    r"(?:\([^()\n]{0,8}\))?(?:\s?[:]\s{0,4}|(?<=单位)\s{1,6}|(?<=学校)\s{1,6}|(?<=于))"
    r"(?P<value>[\u4e00-\u9fff〇A-Za-z0-9()·\-&]{2,40})"
)
_NOT_NAMED: Final = re.compile(
    r"^(?:参考|区间|结果|范围|项目|无|不详|未知|无业|退休|农民|务农|自由职业|个体|同上|本院|我院|外院|待业|无单位|无工作单位|暂无"
    r"|其他|职工|学生|在校|务工|打工|家务|在家|未填|未提供|很可能|可能|/|-|元|[0-9.\-/]+$|性别|年龄|电话|地址|职业"
    r"|邮编|住址|联系|学号|工号|工种|岗位|职务|班级|年级|小学|初中|高中|大学|本科|中专|大专|一家|一所|某|当地|外地|名称|盖章|签章|公章|负责人|意见|领导)"
)
_FILLER: Final = re.compile(
    r"(?:性别|年龄|电话|地址|职业|邮编|住址|联系|姓名|民族|科别|科室|住院号|病案号|床号|日期|单位电话|上班|工作"
    r"|打工|任|做|担任|退休)"
)


@shared
def _nicknames() -> Phrases:
    return Phrases(lines_of("hospital_nicknames.txt"))


def _with_place(text: str, start: int) -> int:
    """Where the name begins that has the place right before it: 汉口协和."""
    for back in (2, 3):
        place = place_names().at(text, start - back) if start >= back else None
        if place and len(place) == back:
            return start - back
    return start


@shared
def _cued_nicknames() -> Phrases:
    return Phrases(lines_of("hospital_nicknames_cued.txt"))


_GOING: Final = re.compile(r"(?:[在到去往赴至转回由经]|就诊于|于|来自|建议|外院)$")
_SEEN: Final = re.compile("[看住查治来去做]过|挂号|开的药|住的院|做的手术|复查")
_GOES_ON: Final = re.compile(r"[\u4e00-\u9fff]?(?:路|街|区|市|县|镇|村|山|公园|大道|线)")
_QUOTED: Final = Held(
    r"(?:公众号\s?[:为]?\s?[“\"「《]|[“\"「](?=[\u4e00-\u9fffA-Za-z0-9]{2,14}[”\"」](?:上班|工作|打工|任职|做工|务工|就职)))"
    r"(?P<name>[^”\"」》\n]{2,20})"
)


@cache
def _suffixes() -> tuple[list[str], list[str], list[str]]:
    """Suffixes that are enough, those that need a name before them, and characters that look alike."""
    kinds: dict[str, list[str]] = {"S": [], "W": [], "D": []}
    for line in lines_of("organisation_suffixes.txt"):
        letter, _, rest = line.partition(" ")
        kinds[letter].extend(rest.split())
    return [suffix for suffix in kinds["S"] if len(suffix) > 1], kinds["W"], kinds["D"]


@shared
def _strong() -> Phrases:
    strong, _, alike = _suffixes()
    return Phrases([*strong, *_misread(strong, alike)])


@cache
def _weak() -> re.Pattern[str]:
    weak = sorted(_suffixes()[1], key=lambda s: -len(s))
    return led(f"(?:{'|'.join(weak)})(?=[\\s,.。;、)(:\"”’']|$|[僧尼]|和尚|住持|阿訇|教友|方丈|上香)")


def _misread(suffixes: list[str], alike: list[str]) -> set[str]:
    """Suffixes with one character misread, its last if they are short, where that is no word."""
    near = {group[0]: group[1:] for group in alike}
    forms = {
        suffix[:at] + wrong + suffix[at + 1 :]
        for suffix in suffixes
        for at in range(0 if len(suffix) > _SHORTEST else 1, len(suffix))
        for wrong in near.get(suffix[at], "")
    }
    return {form for form in forms - set(suffixes) if form not in words() and form[-2:] not in words()}


@cache
def _sound() -> frozenset[str]:
    """The suffixes as they are written."""
    return frozenset(s for line in lines_of("organisation_suffixes.txt") if line[0] == "S" for s in line.split()[1:])


@cache
def _generic() -> re.Pattern[str]:
    """A stretch made of words that any institution may be called by."""
    entries = {word for line in lines_of("generic_places.txt") for word in line.split()}
    one = led(
        "|".join([*sorted(map(re.escape, entries), key=lambda e: (-len(e), e)), r"[\d.]|[一二两三四五六七八九十几]"])
    )
    return re.compile(f"(?:{one.pattern})*的?")


class Organisation:
    """From a suffix leftwards to where the name begins; short forms and nicknames from patterns and a list."""

    name = "organisation"
    entity = Entity.ORGANISATION

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        if _LOCAL_SIGN.likely(doc):
            for at, place in doc.listed(place_names):
                local = _LOCAL.match(text, at + len(place))
                if local:
                    why = "short form after a place"
                    found.append(Finding(at, local.end(), self.entity, "organisation.local", 0.8, why))
        for at, suffix in doc.listed(_strong):
            end = at + len(suffix)
            if suffix in _sound() or text[end - 1 : end + 1] not in words():
                self._suffixed(text, at, end, "organisation.suffix", found)
        for match in _weak().finditer(text):
            self._suffixed(text, match.start(), match.end(), "organisation.weak", found)
        for start, end in _shorts(text):
            why = "short form of a hospital or office"
            found.append(Finding(start, end, self.entity, "organisation.short", 0.85, why))
        for match in _QUOTED.finditer(doc):
            why = "quoted name of a place of work or account"
            found.append(Finding(*match.span("name"), self.entity, "organisation.quoted", 0.6, why))
        self._called(doc, found)
        self._fields(doc, found)
        return found

    def _called(self, doc: Document, found: list[Finding]) -> None:
        """Short names of a list: some anywhere, others only where somebody goes or works."""
        text = doc.text
        for start, name in doc.listed(_nicknames):
            tail = _AFTER.match(text, start + len(name))
            end = tail.end() if tail else start + len(name)
            found.append(
                Finding(_with_place(text, start), end, self.entity, "organisation.nickname", 0.85, "known short name")
            )
        for start, name in doc.listed(_cued_nicknames):
            going = _GOING.search(text[max(0, start - 3) : start]) or _SEEN.match(text, start + len(name))
            if going and not _GOES_ON.match(text, start + len(name)):
                tail = _AFTER.match(text, start + len(name))
                end = tail.end() if tail else start + len(name)
                found.append(
                    Finding(start, end, self.entity, "organisation.nickname_cued", 0.7, "short name where one goes")
                )

    def _fields(self, doc: Document, found: list[Finding]) -> None:
        """What stands in a field for an institution, without the next label."""
        for match in _FIELD.finditer(doc):
            value, start = match["value"], match.start("value")
            cut = _FILLER.search(value)
            size = cut.start() if cut else len(value)
            if size >= _SHORTEST and not _NOT_NAMED.match(value) and not all_generic(value[:size]):
                why = "value of its field"
                found.append(Finding(start, start + size, self.entity, "organisation.field", 0.85, why))

    def _suffixed(self, text: str, suffix: int, end: int, rule: str, found: list[Finding]) -> None:
        start = _start(text, suffix)
        if start is None or INSTRUMENT.match(text, end) or (end - start <= _LABEL and _COLON.match(text, end)):
            return
        if _TRADES.fullmatch(text, suffix, end) and (
            in_medicine(text, suffix - 1, end)
            or any(text[at:suffix] in medical_words() for at in range(max(0, suffix - 4), suffix - 1))
        ):
            return
        if rule == "organisation.weak":
            if end - start == _NAME and name_score(text[start:end], rare=False) >= _SOMEBODY:
                return  # 高子轩, 张雨阁: children are called so
            name = text[start:suffix]
            if (
                len(name) < 2
                or name in words()
                or text[suffix - 2 : end] in words()
                or text[suffix - 1 : end] in words()
                or name[-1] + text[suffix:end] in _NOT_WEAK
            ):
                return
            if (
                len(name) < 4
                and not place_names().at(text, start)
                and text[start - 1 : start] not in {"(", '"', "“", "", "\n", ":"}
            ):
                return
        more = _AFTER.match(text, end)
        found.append(
            Finding(start, more.end() if more else end, self.entity, rule, 0.8, "name ending like an institution")
        )


_LABEL: Final = 4  # characters of a label that ends like an institution: 出生医院:
_COLON: Final = re.compile(r"\s?:")
# Suffixes that are words of medicine as well: 电子胃镜, 药物流产, 风疹团.
_TRADES: Final = re.compile(
    "电子|科技|网络|传媒|物流|航空|摄影|电器|基因|生物|医疗|健康|口腔|眼科|整形|制药|药业|[团行店社矿]|中心"
)
INSTRUMENT: Final = re.compile(r"\s?(?:卒中|疼痛|抑郁|焦虑)?(?:量表|评分|标准|分[期型级]|指南|共识|问卷|指数|教材)")
_NOT_WEAK: Final = frozenset(
    ["离院", "风团", "肿团", "粪团", "体健康", "心健康", "理健康", *(c + "行" for c in "未已拟可先再急均并予即仅")]
)
_SHORT_SIGN: Final = led(
    r"(?<![住入出我本外该])院|附|部队|军(?:总|特色)?医学|疾控|医保局|妇[幼保]|精卫|儿保|[一二]中|实小"
    r"|[省市县区州旗盟][卫民残妇教应外畜农公法检司信社人住救福敬养光血总红慈海交刑武看戒殡党图体职技实]"
    r"|[大旦济雅和鲁山医华北](?:附属|附|第)?(?:人民|口腔|肿瘤|儿童|妇产|中医|眼科|[一二三四五六七八九])"
)
# What each short form holds.
_TAIL_SIGN: Final = led(
    r"[民心中健幼保产儿童瘤腔科病生字工复年管属床总一二三四五六七八九十\d]\s?医?院|中医医院|[一二三四五六七八九]附院|附[一二三四五六七八九]"
    r"|[大旦济雅和鲁山医华北](?:附属|附|第)?(?:人民|口腔|肿瘤|儿童|妇产|中医|眼科|[一二三四五六七八九])"
    r"|[省市县区州旗盟](?:[卫医疾民残妇教应外畜农公法检司信社住救福敬养光血总红慈海交刑武看戒殡党图体职技儿精一二实]|人[社武])"
    r"|武警|军(?:总|特色)?医|\d部队"
)
_DONE_AT: Final = (
    r"(?=急诊|门诊|病理|住院|出院|看[过病]|复查|就诊|挂号|做(?:CT|MR|手术|检查|胃镜|肠镜)|的(?:片|报告|CT))"
)
_LOCAL_SIGN: Final = Held(rf"[一二三四五六七八九十][中小]|联社|农信|[省市县]医|[市省县][一二三四五六]{_DONE_AT}")
_LOCAL: Final = re.compile(
    rf"(?:[一二三四五六](?<=[市省县].){_DONE_AT}"
    r"|第?[一二三四五六七八九十]{1,2}[中小](?![\u4e00-\u9fff]?[时毒枢度腿])|[\u4e00-\u9fff]{0,6}(?:联社|农信社?)"
    r"|(?:[省市县])?(?:(?<=[省市县])医)(?=[,。;、)\s腰住就门急手做查看行]|$))"
)


def _shorts(text: str) -> list[tuple[int, int]]:
    """Short forms, looked for only around the words that they end with."""
    out: list[tuple[int, int]] = []
    reached = 0
    for sign in _SHORT_SIGN.finditer(text):
        begin, end = max(reached, sign.start() - 14), min(len(text), sign.end() + 10)
        for match in _SHORT.finditer(text, begin, end) if _TAIL_SIGN.search(text, begin, end) else ():
            if match.start() >= reached and not text.startswith(("出院", "住院", "入院"), match.start()):
                out.append((_cut(match.group(), match.start()), match.end()))
                reached = match.end()
    return out


def _cut(name: str, begin: int) -> int:
    """Where the name begins that follows the verbs and prepositions a pattern took along (转市四院)."""
    stop = _last_stop(name, len(name) - _SHORTEST)
    return begin + (stop if len(name) - stop >= _SHORTEST else 0)


def _last_stop(name: str, end: int) -> int:
    """Where the last verb or preposition in the first `end` characters ends that is no part of a place; 0 for none."""
    stops = [match.end() for match in _STOP.finditer(name, 0, end)]
    return next((stop for stop in reversed(stops) if not _inside_place(name, stop)), 0)


_SHORTEST: Final = 2
_NAME, _SOMEBODY = 3, 2.0  # characters of a name, and what it scores at least


def all_generic(name: str) -> bool:
    """Whether a name is made of nothing but words that any institution may be called by, or is such a suffix alone."""
    if name in _strong().every:
        return True
    match = _generic().match(name)
    return match is not None and match.end() == len(name)


def is_of_no_name(name: str) -> bool:
    """Whether it is any such institution: a generic word and a suffix, of no town (社区卫生服务中心, 专科医院)."""
    suffixes = _strong().every
    return any(
        name[at:] in suffixes and all_generic(name[:at]) and not _LEVEL.search(name, 0, at)
        for at in range(1, len(name) - 1)
    )


_LEVEL: Final = re.compile("[省市县州旗盟]|(?<![社小])区|[一二三四五六七八九十0-9]")


def _start(text: str, suffix: int) -> int | None:
    """Where the name before the suffix begins, None when it names nobody."""
    left = _LEFT.match(text[max(0, suffix - 30) : suffix][::-1])
    if not left:
        return None
    name = left.group()[::-1]
    cut = _last_stop(name, len(name))
    name, begin = name[cut:], suffix - len(name) + cut
    while name and name[0] in "()·-的&":
        name, begin = name[1:], begin + 1
    if ")" in name and "(" not in name:  # of what was said in brackets before
        cut = name.rfind(")") + 1
        name, begin = name[cut:], begin + cut
    if (
        not name
        or name[-1] in "(用要的"
        or (all_generic(name) and not _OF_A_LEVEL.match(name) and not _TOWN.fullmatch(name))
    ):
        return None
    if len(name) < 2 and not name.isdigit():
        return None
    return begin


# 省临床病理质控中心: a province or a town has one such; a 县级医院 is any.
_OF_A_LEVEL: Final = re.compile("[省市县州](?![级内外区城里上辖属直立]).{3}")
_TOWN: Final = re.compile(
    r"[^本外各该全同邻农城]{1,2}[^农城山乡渔牧小集重名各]?[乡镇](?<=..[乡镇])"
)  # 大新乡, 新和镇: named by general words


def _inside_place(name: str, stop: int) -> bool:
    """Whether the stop word ends within the name of a place (自贡, 和田): then it stops nothing."""
    for back in (1, 2, 3):
        place = place_names().at(name, stop - back) if stop >= back else None
        if place and len(place) > back:
            return True
    return False
