"""Names after a field label, a role or a relation, and in lists of staff: the label is the evidence."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.leads import Ended, led
from deid.naming import name_at, surname_size
from deid.recognizers.person_title import is_department, speaks
from deid.recognizers.person_value import OTHERWISE
from deid.spans import Finding
from records.entities import Entity

_ROLE: Final = (
    r"(?:主\s?管|经\s?治|管\s?床|责\s?任|住\s?院|主\s?治|副?主\s?任|上\s?级|值\s?班|接\s?诊|首\s?诊"
    r"|门\s?诊|急\s?诊|会\s?诊|申\s?请|送\s?检|报\s?告|审\s?核|诊\s?断|复\s?核|复\s?检|检\s?查|检\s?验"
    r"|操\s?作|手\s?术|麻\s?醉|巡\s?回|器\s?械|洗\s?手|质\s?控|进\s?修|实\s?习|规\s?培|带\s?教|指\s?导"
    r"|交\s?班|接\s?班|记\s?录|执\s?行|核\s?对|调\s?配|发\s?药|配\s?药|初\s?诊|转\s?[出入]|执\s?业|查\s?房"
    r"|取\s?材|主\s?刀|签\s?[名字]|内镜|超声|影像|病理|阅片|书写|审签|管理|分管|主诊|随访|营养|康复|心理"
    r"|输血|临床|护理|责护|科室?|质控|编码|录入|登记|打印|采血|采集|抽血|抢救|参加|陪同|家庭|签约|评估"
    r"|宣教|谈话|告知|监督|抽样|受理|经办|审批|批准|制表|填报|填表|填卡|上报|报卡)"
)
_STAFF: Final = (
    rf"(?:{_ROLE}{{1,2}}\s?(?:的\s?)?(?:医\s?师|医\s?生|大夫|护\s?士|护\s?师|技\s?师|药\s?师|主任|教授|人员"
    rf"|人|者|员|科\s?主任|老师|专家)|(?:医|药|护|技|麻)\s?师|医\s?生|护\s?士长?|术\s?者|主\s?刀(?:医师)?"
    rf"|助\s?手|第?\s?[一二三四1234ⅠⅡⅢIiⅣ]{1, 3}\s?助\s?手?|麻\s?醉(?:者|医师|师)?|洗手护士|巡回护士"
    rf"|器械护士|灌注师"
    r"|主\s?持\s?人?者?|记\s?录(?:人|者|员)|参\s?加\s?(?:讨论)?人?\s?员?者?|出席人?员?|参与(?:人员|医师"
    r"|抢救人员)?|列席|主讲|发言人?|汇报人?|签\s?[名字]|签\s?章|医师签[名字章]|护士签[名字章]"
    r"|患者签[名字章]|家属签[名字章]|签署人?|见证人|公证人|翻译|陪同|陪护人?|护工|保洁|科主任|科室主任"
    r"|院长|负责人|承办人|经手人|打印者|录入者|主任|副主任|教授|导师|秘书|研究者|主要研究者|监查员"
    r"|研究护士)"
)
_PATIENT: Final = (
    r"(?:(?:患\s?者|病\s?人|患\s?儿|产\s?妇|孕\s?妇|婴儿|新生儿|死\s?者|受\s?检\s?者|受\s?试\s?者|供\s?者"
    r"|受者|献血者|伤者|客户|被保险人|投保人|参保人|申请人|被鉴定人|委托人|受托人|被委托人|授权人|被授权人"
    r"|受委托人|代理人|监护人|法定代理人|联\s?系\s?人|紧急联系人|陈述者|病史陈述者|供史者|病史提供者"
    r"|病史叙述者|叙述者|提供者|家\s?属|家长|亲属|近亲属|户主|业主|法人|法定代表人|当事人|报案人|肇事者"
    r"|司机|收件人|寄件人|持卡人|开户人|户名|缴费人|购药人|领取人|取药人|代办人|委托代理人|被访者|受访者"
    r"|知情人|本人|乙方|甲方|接诉人|投诉人)\s?(?:之父|之母)?\s?(?:姓\s?名|名\s?字|签\s?[名字章])?"
    r"|姓\s{0,4}名|名\s?字|姓名\(中文\)|中文名|英文名|姓名(?:首字母)?缩写|姓名拼音|拼音|(?<![A-Za-z])"
    r"(?:CRC|CRA|PI|Sub-?I)|曾用名|别名|母亲姓名|父亲姓名|母\s?亲|父\s?亲|配\s?偶|丈夫|妻子|子女"
    r"|新生儿姓名|(?<![A-Za-z])(?:[Nn]ame|NAME|[Pp]atient(?:\s?[Nn]ame)?|PATIENT(?:\s?NAME)?|[Dd]octor"
    r"|DOCTOR|Dr\.?|[Pp]hysician|[Rr]adiologist|[Oo]perator|[Ss]urgeon|[Ss]igned by|[Rr]eported by"
    r"|[Vv]erified by))"
)
_SEEN: Final = r"(?:\([^()\n]{0,8}\))?\s{0,2}"
_SIGNS: Final = r"(?:签\s?[名字章]\s{0,2})?"
_PERSON_LABEL: Final = Ended(rf"{_PATIENT}{_SEEN}$")
_STAFF_LABEL: Final = Ended(rf"{_STAFF}{_SEEN}{_SIGNS}$")
_SIGNED: Final = led(r"(?:签\s?[名字章]|名\s?字|姓\s?名)\s{1,4}|姓名(?:首字母|拼音)?缩写\s{0,2}")
_SPEAKS: Final = Ended(
    r"(?:(?:[\u4e00-\u9fff]{1,3}(?:主任|教授|院长)|汇报|发言|麻醉|患者)\s{0,2}|(?:汇报|发言)\([^()\n]{2,8}\))$"
)
_TASK: Final = (
    r"(?<![\u4e00-\u9fff])(?:检验|审核|复核|核对|报告|发药|调配|配药|审方|操作|批准|审批|质控|签发|制表"
    r"|填表|护士|医师|医生|护理|执行|录入|打印|采集|送检|接收|登记|书写|翻译|陪同|陪护|见证|经办|主管|值班"
    r"|交班|接班|记录|汇报|发言|主持|麻醉|手术|器械|巡回|洗手|灌注|一助|二助|三助)"
)
_LABEL: Final = Ended(rf"(?:{_PATIENT}|{_STAFF}|{_TASK}){_SEEN}{_SIGNS}$")
_LIST: Final = re.compile(
    r"\s?(?:[、/,;;及和与]|以及|\s{1,4})\s?(?:(?:副?主任|主治|住院|进修|实习|规培)?(?:医师|护师|护士|药师"
    r"|技师)?\s?[::]?\s?)"
)
_EDGE: Final = re.compile(r"$|[\s,.。;、/()]|(?:主任|医师|护士|日期|时间|审核|复核|检验|报告|记录)")
_TITLE_AFTER: Final = re.compile(
    r"\s?\(?(?:副?主任(?:医师|护师|药师|技师)?|主治医师|住院医师|主管护师|护师|护士长?|医师|医生|教授"
    r"|副教授|院长|科主任|主任|博士|硕士|进修医师|实习医师|规培医师|研究生|技师|药师|麻醉师)?\)?"
    r"(?:\([^()\n]{1,12}\))?"
)


class PersonField:
    """What stands after a label and its colon, and the list that goes on after it."""

    name = "person_field"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for label, value in doc.worded:
            if not _LABEL.ends(label):
                continue
            staff = _STAFF_LABEL.ends(label)
            if staff or _PERSON_LABEL.ends(label):
                kind = "staff" if staff else "person"
                self._list(text, value, kind, found, vouched=not (_SPEAKS.ends(label) or speaks(label)))
            else:
                end = name_at(text, value, anything=False)
                if end is not None and _EDGE.match(text, end):
                    found.append(
                        Finding(value, end, self.entity, "person_field.weak", 0.85, "name after a word for a task")
                    )
        for match in _SIGNED.finditer(text):
            self._list(text, match.end(), "staff", found)
        return found

    def _list(self, text: str, at: int, kind: str, found: list[Finding], *, vouched: bool = True) -> None:
        """The name at a place, and those listed after it."""
        for turn in range(_LONGEST_LIST):
            end = name_at(text, at, anything=vouched and (turn == 0 or kind == "staff"))
            if end is None or (turn and not surname_size(text[at:end])) or _nobody(text, at, end):
                return
            rule = f"person_field.{kind}" if turn == 0 else f"person_field.{kind}_list"
            found.append(Finding(at, end, self.entity, rule, 0.93, "name after a field label"))
            after = _TITLE_AFTER.match(text, end)
            more = _LIST.match(text, after.end() if after else end)
            if not more or (kind != "staff" and "," in more.group()):
                return
            at = more.end()


_LONGEST_LIST: Final = 30
_NEXT_LABEL: Final = re.compile(r"\s{0,2}(?:签\s?[名字章])?\s{0,2}:")


def _nobody(text: str, at: int, end: int) -> bool:
    """Whether no name stands there, but a department (胸外、影像), what somebody does, or the next label."""
    value = text[at:end]
    other = OTHERWISE.match(value)
    goes_on = other is not None and len(other.group()) > 1
    if text[end : end + 1] == "科" or (value[-1] == "医" and text[end : end + 1] in "师生"):  # 肝胆外科, 全科医师
        return True
    return goes_on or is_department(value) or _NEXT_LABEL.match(text, end) is not None
