"""Where what a cue announces ends: a name alone in its field, one set wide, a surname alone."""

from __future__ import annotations

import re
from typing import Final

from deid.leads import Ended, led
from deid.likeness import NO_NAME, after_names, best_end, name_score, rare_surnames, right_edge, surname_of
from deid.lists import given_pairs, medical_words, single_surnames, surnames, words
from deid.naming import HAN, is_placeholder

_NEXT: Final = re.compile(rf"(?P<gap> {{1,6}})(?P<more>[{HAN}]{{1,3}})(?P<after>\s|$|[,.。;:、/()|【\[]|[0-9A-Za-z])")
_NEXT_GLUED: Final = re.compile(rf"(?P<gap> {{1,2}})(?P<more>[{HAN}]{{1,2}}?)(?P<after>)")
TITLE: Final = led(
    r"(?:副?主任(?:医师|护师|药师|技师)?|主治医师|住院医师|主管护师|护师|护士长?|医师|医生|大夫|教授|副教授|院长"
    r"|技师|药师|老师|麻醉师|科长|先生|女士"
    r"|助产士|治疗师|主管|长老|警官|同学|师傅|大姐|阿姨|所长|站长|书记)"
)
_CLOSED: Final = re.compile(r"\s{2,}|\s{0,3}(?:$|\n)|[,;(]")
_ENDINGS: Final = frozenset("单史员生师帅班时后前中方间部组室处科台站点表卡本图学法式者人长")
OTHERWISE: Final = led(
    r"(?:签[名字章]|日期|时间|性别|年龄|男|女|科室|床号|住院|病案|门诊|电话|地址|关系|职业|民族|诊断"
    r"|医[师生院嘱]|护[士理师]|主任|教授|患者|病人|家属|本人|"
    r"意见|记录|报告|审核|检[查验]|手术|麻醉|方式|方法|部位|名称|所见|结果|情况|内容|已|未|无|拒|同意|均|为|系"
    r"|因|诉|于|在|以|有|不|的|是|与|及|和|等|"
    r"单位|工号|编号|号码|要求|建议|考虑|予|请|查房|会诊|分析|指示|认为|表示|陈述|提供|代[签述诉答理购取管]|代"
    r"|来电|来院|来诊|到场|签署|神[志清]|体[健质格征]|健在|意识|精神|评分|评估|时"
    r"|后|前|共|各|每|由|对|全|双|左|右)"
)


def starts_otherwise(run: str) -> bool:
    """Whether a stretch begins with a word that goes on about something else."""
    match = OTHERWISE.match(run)
    if match is None or (len(run) == 1 and run in single_surnames()):
        return False
    return not (len(match.group()) == 1 and surname_of(run, rare=False) and name_score(run[:3]) >= 1.2)


_ITS_TITLE: Final = Ended(r"(?:副?主任|主治|住院|主管)?(?:医师|医生|护师|护士长?|药师|技师|教授|主任)$")


def field_end(text: str, at: int, run: str, *, anything: bool, noun: bool) -> int | None:
    """The value of a field: the whole run where it is short, its likeliest part where words follow without a gap."""
    spaced = spaced_end(text, at, run)
    if spaced:
        return spaced
    end = at + len(run)
    if len(run) <= (4 if anything else 3) or (len(run) <= 6 and name_score(run) >= 1.5 and len(run) >= 4):
        title = _ITS_TITLE.search(run)
        if title and title.start() >= 1:
            return at + title.start() if surname_of(run[:2], rare=True) or title.start() > 1 else None
        if len(run) == 1:
            if text.startswith(":", end):
                return None  # a label (甲:)
            form = run in _ENDINGS and text[end : end + 2].strip()[:1].isascii() and text[end : end + 2].strip()
            return end if surname_of(run + "某", rare=True) and not form else None
        sure = anything or (noun and _CLOSED.match(text, end) and run not in medical_words())
        return end if sure or name_score(run) >= -1.8 else None
    stop = best_end(text, at, 3.0)
    return None if stop is None or _of_words(text, at, stop, run) else stop


def _of_words(text: str, at: int, end: int, run: str) -> bool:
    """Whether a value ends inside a word, or within one of medicine: 移植协|调员, 利格列|汀."""
    within = any(run[:size] in medical_words() for size in range(end - at + 1, len(run) + 1))
    return within or (text[at : at + 2] in words() and text[end - 1 : end + 1] in words())


def spaced_end(text: str, at: int, run: str) -> int | None:
    """A name whose characters stand apart: one or two here, the rest after a gap."""
    end, total, first = at + len(run), len(run), run
    if len(run) > 3 or text[end : end + 1] != " ":
        return None
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
            or starts_otherwise(piece)
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


_NO_BARE: Final = frozenset("于班台由经从和向同行依谈父母开比但须却将应")  # words more often than a surname alone
_FOUND: Final = re.compile("[\u4e00-\u9fff][高满全平安常明过畅通成空]")  # what was found, right after its word: 评估高


# What staff does, after a surname alone: 护士姜核对.
_TASK: Final = led(
    r"(?:核对|签[名字收]|执行|记录|[交接值]班|[陪护]送|复[核述]|审核|报告|巡视|[配给换]药|采血|穿刺|操作|协助|通知|[告转]知|宣教|查房|会诊"
    r"|主刀|接听|书写|录入|汇报|负责|[在到]场|确认|双签|登记|转告|电话|回[复电]|评估|处[理置]|更换|拔[管针]|来电|指导|陪同|接诊|看过)"
)
_NO_STAFF: Final = frozenset("常时方和明成全安连终应能需均双单左右平高从易通毕齐满")


def _usual(char: str) -> bool:
    return surnames().get(char, 0) >= _KNOWN and char not in _NO_STAFF


_KNOWN: Final = 20


def bare_surname(text: str, at: int, run: str, *, glued: bool) -> int | None:
    """A surname alone, where nothing follows it; right after the word it must be no ending of that word (记录单)."""
    if glued and (run[0] in _ENDINGS or text[at - 1 : at + 1] in words() or _FOUND.match(text, at - 1)):
        return None
    if run[0] in _NO_BARE or text[at + 1 : at + 2] == ":":
        return None
    if run[0] in single_surnames() or run[0] in rare_surnames():
        if len(run) == 1 and right_edge(text, at + 1) >= 3:
            return None if glued and text[at + 1 : at + 2].isalpha() else at + 1  # 医生查CT
        if glued and text[at - 1] in "士师生" and _usual(run[0]) and _TASK.match(text, at + 1):
            return at + 1
        if TITLE.match(text, at + 1):
            return at + 1
    return None


_DOING: Final = frozenset(
    "家问开留来去送说要想看听给教带报住买只能会却将未直须都遇骑"
)  # surnames of hardly anybody: 邻居开车, 岳父家


def does(name: str) -> bool:
    """Whether what stands right after a word for somebody is what they do, or where: 女婿留联系, 患者方留存."""
    rest = name[1:]
    if name[0] == "向" and TITLE.match(rest):
        return True
    if name[0] in _DOING and (name[0] not in surnames() or rest in words()):
        return name not in given_pairs() and rest not in given_pairs()
    return name[0] in "方联" and rest in words() and rest not in given_pairs()
