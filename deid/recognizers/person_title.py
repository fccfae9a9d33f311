"""Names before a title (王主任, 陈刚副主任医师, 祖国医师) and the list before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from deid.document import Document
from deid.leads import Ended, led
from deid.likeness import NO_NAME, UNNAMED, begins_name, name_score, rare_surnames
from deid.lists import compound_surnames, given_pairs, lines_of, surnames, words
from deid.naming import MASKED, MASKS, surname_size
from deid.recognizers.person_value import starts_otherwise
from deid.spans import Finding
from records.entities import Entity

_STAFF: Final = (
    r"(?:正|副)?主任(?:医师|医生|护师|药师|技师|大夫)?|主治(?:医师|医生|大夫)?(?!的)|住院(?:总)?医(?:师|生)"
    r"|住院总|医\s?师|医\s?生|大夫|护士长?"
    r"|护师|主管(?:护师|技师|药师)|技师|药师|麻醉师|检验师|心理师|治疗师|营养师|康复师|助产士|教授|副教授|院长"
    r"|副院长|科主任|规培医?|实习医|进修医|一助"
    r"|二助|三助|[一二三]线(?=医|看|查|会诊|到场|指示|同意|值班)|研究员|技术员|博士|博导|护工|师兄|师姐"
)
_PEOPLE: Final = (
    r"科[长员]|处长|所长|站长|股长|局长|书记|老师|校长|园长|馆长|教练|师傅|司机|警官|警长|警察|民警|辅警|法警|狱警|队长"
    r"|律师|法官|检察官|同志|先生|女士|小姐|同学|阿姨"
    r"|叔叔|大爷|大妈|大娘|大伯|大叔|大婶|大姐|大哥|大嫂|奶奶|爷爷|婆婆|公公|伯伯|老人|老先生|老太太?|老汉|老伯"
    r"|阿婆|阿公|阿叔|妈妈|爸爸|太(?:奶奶|爷爷|婆婆|公公)"
    r"|总(?![胆蛋量体数结之铁是的钙补住值共计分经院检医务工动静管费额价页酸脂氮])|经理|总监|班长|村长|主管|组长|会长|主席|部长"
    r"|董事长?|老板娘?|会计|出纳|秘书|助理|干事|委员|专员|调解员|陪审员|仲裁员|协管员|网格员|联络员|评估员|督导|工程师"
    r"|工(?=[,。、;:\s说称来已到在回处]|更换|维[修护]|[检调]修|电话|现场|告知|联系|确认|建议)"
    r"|厂长|连长|排长|团长|政委|参谋|战士|士官|队员|导师|长老|牧师|神父|阿訇|活佛|居士|保安|保姆|月嫂|护理员|社工"
    r"|志愿者|法医|村医|校医|厂医|伯(?=外|家|,|。)"
)
_ROLE: Final = rf"(?P<staff>{_STAFF})|{_PEOPLE}"
TITLE: Final = led(rf"(?:\s{{0,3}}|\()(?:{_ROLE})")
_ROLES: Final = led(_ROLE)  # without what stands before them: most texts are full of blanks


def titles(text: str) -> Iterator[re.Match[str]]:
    """All matches of TITLE, left to right, without overlaps."""
    reached = 0
    for role in _ROLES.finditer(text):
        start = role.start()
        if start > reached and text[start - 1] == "(":
            start -= 1
        else:
            while start > max(reached, role.start() - 3) and text[start - 1].isspace():
                start -= 1
        if start == role.start():
            yield role
        elif match := TITLE.match(text, start):
            yield match
        reached = role.end()


_LIST_BEFORE: Final = re.compile(r"(?P<name>[\u4e00-\u9fff]{1,4})\s?(?:、|/|及|和|与)\s?$")
_SPACED: Final = re.compile(
    r"(?:^|[^\u4e00-\u9fff ]|  )\s{0,4}(?P<name>[\u4e00-\u9fff]{1,2} {1,4}[\u4e00-\u9fff]{1,2})$"
)
_CUE_LEFT: Final = frozenset(
    "请由经随与和及向遵对让给告找叫问陪送交据科区室组院部师士员人长医护警狱局所校厂司队导领到姓据是乃我称来去见报"
    "转线床父母夫妻子女诊等的会心办站团社处"
)
_CUE_PAIRS: Final = (
    "今日昨日今晨上午下午晚间夜间报告通知操作值班交班接班责护带教麻醉汇报请示电话"
    "产房药房病房血库机房换药导管内镜胃镜普外骨外胸外神外泌外心外脑外肝胆心内神内消内呼内肾内血透透析急诊门诊人事财务后勤总务"
    "疾控妇幼卫监中心信息设备医务质控院感护理保卫超声检验病理放射影像输血药剂营养康复重症监护分诊导诊预检骨科内科外科儿科妇科产科眼科"
)
_CUE_TWO: Final = frozenset(_CUE_PAIRS[at : at + 2] for at in range(0, len(_CUE_PAIRS), 2))


@cache
def _roles() -> frozenset[str]:
    return frozenset(word for line in lines_of("role_words.txt") for word in line.split())


def is_role(word: str) -> bool:
    """Whether a word stands before or after titles and names nobody."""
    return word in _roles() or word[-2:] in _roles()


def is_title(word: str) -> bool:
    """Whether a word is a title as a whole (律师)."""
    return _ROLES.fullmatch(word) is not None


def is_department(word: str) -> bool:
    """Whether a word is the name of a department, in short or with 科, or what its staff do (胸外, 医务科, 带教)."""
    return word[:2] in _CUE_TWO and word[2:] in {"", "科", "室", "组", "部"}


_SPEAKER: Final = Ended(
    r"(?:^|[^\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{1,3}?)\s?(?:副?主任(?:[医护药技]师)?|主治(?:医师)?|(?:住院|主管)?[医护药技]师"
    r"|医生|护士长?|教授|院长|大夫|老师|科长|师傅|总住院|博士)\s{0,2}$"
)


def speaks(label: str) -> bool:
    """Whether a name stands before the title that ends here: what follows the colon is said, and no name of a field."""
    match = _SPEAKER.search(label)
    if match is None or is_role(match["name"]):
        return False
    name = match["name"]
    if len(name) == 1:
        return name not in _NO_SPEAKER and (name in surnames() or name in rare_surnames())
    return name in compound_surnames() or (surname_size(name) > 0 and name not in words() and name_score(name) >= 1.0)


_NO_SPEAKER: Final = frozenset("班台由原单本该各经")


class PersonTitle:
    """From a title leftwards to where the name begins; a bare surname is enough there."""

    name = "person_title"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for match in titles(text):
            start = name_before(text, match.start(), staff=match["staff"] is not None or "老" in match.group())
            if (
                start is not None
                and text[match.end() - 2 : match.end()] not in _NO_TITLE
                and not _apart(text, start, match)
            ):
                why = "name before a title"
                found.append(Finding(start, match.start(), self.entity, "person_title.before_title", 0.9, why))
                found += self._list_before(text, start)
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


_TRADE: Final = Ended(r"(?:职\s?业|工\s?种|岗\s?位)\s?:?\s?$")


def _apart(text: str, start: int, title: re.Match[str]) -> bool:
    """Whether a title is the head of the next line (门诊楼, 主任查房记录), or with what stands before it a trade."""
    if "\n" in title.group():
        return title.start() - start == 1 and surnames().get(text[start], 0) < _FAMOUS
    return title.group() == "工" and _TRADE.search(text[max(0, start - 6) : start]) is not None


_FAMOUS: Final = 100


def name_before(text: str, stop: int, *, full: bool = False, staff: bool = True) -> int | None:
    """Where the name that ends at `stop` begins. `full`: no bare surname; `staff`: a title of staff follows."""
    near = text[max(0, stop - 4) : stop]
    if not _MASKING.isdisjoint(near):
        masked = [m for m in MASKED.finditer(text, max(0, stop - 4), stop) if m.end() == stop]
        if masked and surname_size(masked[0].group()[0] + "某"):
            return masked[0].start()
    if " " in near[:-1]:
        spaced = _SPACED.search(text, max(0, stop - 12), stop)
        if spaced and _is_spaced_name(spaced["name"]):
            return spaced.start("name")
    best: tuple[float, int] | None = None
    title = 2.0 if staff else 1.5
    for length in (1, 2, 3, 4):
        start = stop - length
        if start < 0 or not "\u4e00" <= text[start] <= "\u9fff":
            break
        if full and length == 1:
            continue
        value = _worth(text, start, stop, _ENOUGH - title) + title
        if value >= _ENOUGH and (best is None or value > best[0]):
            best = value, start
    return best[1] if best else None


_ENOUGH: Final = 4.2
_NO_TITLE: Final = frozenset(
    ["施工", "加工", "员工", "职工", "民工", "分工", "停工", "打工", "务工", "误工", "复工", "用工", "包工"]
)  # no engineers
_MASKING: Final = MASKS | {"某"}
_OF_A_SHIFT: Final = frozenset("班总原本台代")  # 急诊班护士, 普外总住院医师
_ASKING: Final = frozenset("者人属友")
_ANDS, _PRONOUNS = frozenset("和同"), frozenset("我你他她它俺咱们")  # 我和所长
_COUNTED: Final = frozenset("年月天日周次级号种个名位台例张组")  # after a number: 8年翻砂工
_PREPOSITIONS: Final = frozenset("由经从请让对把将被据与")


def _is_spaced_name(value: str) -> bool:
    if not (surnames().get(value.split(" ")[0]) or value[0] in rare_surnames()):
        return False
    return name_score(value.replace(" ", "")) > 0.5 and not _roles() & set(value.split())


def _worth(text: str, start: int, stop: int, least: float) -> float:
    """How much speaks for [start, stop) being a name: what it is made of, and what stands left of it.

    What cannot be worth `least` may be said to be worth -9.
    """
    name = text[start:stop]
    if name in _roles() and not (len(name) == 1 and _edge(text, start) >= 2.2 and surnames().get(name, 0) >= 3):
        return -9.0
    if len(name) > 1 and (name[-2:] in _roles() or not NO_NAME.isdisjoint(name[1:])):
        return -9.0
    if len(name) > 2 and name[:2] in _CUE_TWO:
        return -9.0
    if name[-1] == "班" and text.startswith(("主任", "组长"), stop):
        return -9.0
    if name[0] in _COUNTED and text[start - 1 : start].isdigit():
        return -9.0
    if name[0] in _PREPOSITIONS and not (name == "从" and text[start - 1 : start] == "科"):
        return -9.0
    if name[0] == "向" and (name[1:] in words() or is_role(name[1:])):
        return -9.0
    left = _edge(text, start)
    if len(name) == 1 or (len(name) == 2 and name in compound_surnames()):
        return _surname_alone(text, start, stop, left)
    if len(name) == 4 and name[:2] not in compound_surnames() and left < 3.0:
        return -9.0
    if UNNAMED + left < least and not begins_name(name[0]):
        return -9.0
    if starts_otherwise(name) or _of_words(name):
        return -9.0
    return name_score(name) + left


def _of_words(name: str) -> bool:
    """Whether a word stands where three characters would be a name of hardly any family (只担心婆婆)."""
    if len(name) != _OF_THREE or surnames().get(name[0], 0) >= _USUAL:
        return False
    return any(part in words() and part not in given_pairs() for part in (name[:2], name[1:]))


_OF_THREE: Final = 3
_USUAL: Final = 20


def _surname_alone(text: str, start: int, stop: int, left: float) -> float:
    name = text[start:stop]
    weight = surnames().get(name, 0)
    if not weight and name not in rare_surnames():
        return -9.0
    if not _roles().isdisjoint((text[start - 1 : stop], text[start - 2 : stop])):
        return -9.0
    if text[start - 1 : stop] in words() and left < 2.0:
        return -9.0
    if name == "随" or (name == "向" and text[start - 1 : start] in _ASKING):  # along with somebody, towards somebody
        return -9.0
    if name in _ANDS and text[start - 1 : start] in _PRONOUNS:
        return -9.0
    if name in _OF_A_SHIFT and text[start - 2 : start] in _CUE_TWO:
        return -9.0
    if left < 2.0 and weight < 50:
        return -9.0
    return (
        (1.8 if weight >= 100 else 1.2 if weight >= 20 else 0.8 if weight else 0.5)
        + max(left, 0.6)
        + (0.6 if len(name) == 2 else 0)
    )


def _edge(text: str, start: int) -> float:
    """3 where nothing of a word can stand left, 2.5 after a word that names follow, less inside words."""
    if start == 0 or not "\u4e00" <= text[start - 1] <= "\u9fff":
        return 3.0
    if text[max(0, start - 2) : start] in _CUE_TWO:
        return 2.5
    if text[start - 1 : start + 1] in compound_surnames():
        return -1.0
    crossing = text[start - 1 : start + 1] in words()
    if text[start - 1] in _CUE_LEFT:
        return 0.8 if crossing else 2.2
    return -1.0 if crossing else 0.4
