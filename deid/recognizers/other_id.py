"""Numbers of one person or paper that belong to no other kind: staff, trial, contract, case, invoice numbers."""

from __future__ import annotations

import re
from typing import Final

from deid.document import BETWEEN, Document
from deid.held import Held
from deid.leads import Ended, led
from deid.spans import Finding
from records.entities import Entity

_PLACE: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼国财税电普增专"  # 赣财00387126
_BEGUN: Final = f"([〔第{_PLACE}"  # what a number may begin with, taken in by the label's end
_LABEL: Final = Ended(
    r"(?:(?:工\s?号|学\s?号|警\s?号|合同号|发票号|筛选号|随机号|入组号|准考证号|保单号|(?<!病)案号|票号|单号"
    r"|执业证号|胸牌号|受试者号)|(?:员工|职工|人事|胸牌|执\s?业(?:医师|护士|药师)?(?:证书?|资格证书?)?"
    r"|医师(?:执业|资格)(?:证书?)?|护士执业(?:证书?)?|资格证书?|医师(?:代|编)码|医师编号|药师编号"
    r"|筛\s?选|随\s?机|入\s?组|受试者(?:识别|筛选|随机)?|试验|研究(?:对象)?|志愿者|病例(?:报告)?|中心"
    r"|合\s?同|协\s?议|保\s?单|保险单|理赔|发\s?票|票\s?据|收据|案\s?件|(?<!病)案|判决书?|立案|报案|接警|警情"
    r"|事故认定书?|鉴定书?|公证书?|委托书?"
    r"|学籍|准考证|考\s?号|订\s?单|快递|运单|工单|投诉|护理员|(?<!病)员|会员|车架|发动机|房产证|营业执照"
    r"|统一社会信用|税号|纳税人识别|组织机构|许可证|备案|注册|伦理(?:批件|审批)?|文\s?件|文)"
    r"\s?(?:代\s?码|号\s?码|编\s?号|编\s?码|序\s?号|证\s?号|批号|号|码|ID))"
    r"(?:\s?\([^()\n]{0,6}\))?\s?[:.为是]{0,2}\s{0,3}"
    rf"[(\[〔第{_PLACE}]{{0,3}}$"
)
_VALUE: Final = re.compile(
    rf"(?P<value>(?=[^\n]{{0,8}}\d)(?:[{_PLACE}]{{1,3}}|[A-Za-z0-9(\[〔第])"
    r"[A-Za-z0-9()\[\]\-_/第号字*]{1,30}"
    r"(?:[\u4e00-\u9fff]{1,3}\d{1,8}号|(?<=-)[\u4e00-\u9fff]{1,4}-\d{1,6})?)"
)
_LAST: Final = _LABEL.lasts(BETWEEN)
_REACH: Final = 22  # characters before a number that are looked at for its label
# Files of courts, the police, notaries and experts (云滇鉴[2023]临鉴字第0862号): from the year to both sides.
_FILE_YEAR: Final = led(
    r"[(\[〔]\s?(?:19|[2Z][0O])[0-9OlIZSB]{2}\s?[)\]〕]|(?<=[字受立鉴]) ?(?:19|[2Z][0O])[0-9OlIZSB]{2} ?(?=第)"
    r"|字\s?(?=第?\s?[0-9OlI]{2})"
)
_FILE_SIGN: Final = led(r"[(\[〔]\s?[12Z][90O]|[字受立鉴] ?[12Z][90O]|字\s?第?\s?[0-9OlI]{2}")
_FILE_BEFORE: Final = re.compile(r"[\u4e00-\u9fff(](?:[\u4e00-\u9fff()]| (?=[\u4e00-\u9fff])){0,13}第?$")
_FILE_AFTER: Final = re.compile(
    r"\s?[\u4e00-\u9fff]{0,3}\d{0,4}[\u4e00-\u9fff]{0,6}\s?第?\s?[0-9OlI](?: ?[0-9OlI]){0,11}(?:-\d{1,4})?\s?号"
)


# The same without brackets: what an office calls its papers, a year, a number (宛劳鉴2026-0148, 晋髓⟨2023⟩0066).
_OFFICE: Final = re.compile(
    r"(?:(?<=[\s:(\[,。;、号编书单])"
    r"|(?<![\s\S]))(?P<prefix>[\u4e00-\u9fff]{1,5}[鉴转伤仲裁函残赔审批许登监罚诉访督认决髓证案档字办调保险执备])"
    r"\s?[⟨〈<(\[〔]?\s?$"
)
_YEAR_NUMBER: Final = re.compile(
    r"(?:19|2[0O])[0-9OlI]{2}(?:\s?[⟩〉>)\]〕]\s?(?:第\s?)?|\s{0,2}[\-一]\s?"
    r"|\s?第\s?)[0-9OlI]{2,6}(?:\s?号)?(?![0-9A-Za-z年月.\-/])"
)
_CENTURY: Final = frozenset("90O")
_COURT: Final = re.compile(
    r"(?:19|2[0O])[0-9OlI]{2}\s?[)〕\]]?\s?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼最][0-9OlI]{2,4}"
    r"[民刑行执][\u4e00-\u9fff]{0,3}[0-9OlI ]{1,6}号"
)
_WORD_NUMBER: Final = re.compile(r"字第?\s?[0-9OlI]{3,10}(?:-\d{1,4})?号?(?![0-9年月.])")
_WORDED: Final = re.compile(
    r"(?:(?<=[证照号:书])|(?<![\u4e00-\u9fff]))(?!证|照|号|书)[\u4e00-\u9fff]{1,5}(?<![签写打汉文名识数错别])$"
)
# People of a trial by their number; what is written like the first is one too.
_SUBJECT: Final = Held(
    r"(?:受试者|志愿者|入组者|[Ss]ubject|SUBJECT)\s?(?:编?号|ID"
    r"|No\.?)?\s?[:为]?\s?(?P<value>[A-Z]{0,3}\d{1,4}-\d{2,5})(?![\d\-])"
)
_SUBJECT_SHAPE: Final = re.compile(r"(?<![0-9A-Za-z\-.])[A-Z]{0,3}\d{1,4}-\d{2,5}(?![0-9A-Za-z\-./%])")
_SHAPE: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", "A" * 26 + "0" * 9)


# A place or office in one or two characters among the parts of a number: SW-泉-0147, 皖社-0231.
_LOCAL: Final = re.compile(
    r"(?=[^\n]{0,14}[0-9OlI]{2})(?:[A-Z]{1,6}-[\u4e00-\u9fff]{1,3}-?|[\u4e00-\u9fff]{1,4}-(?:[A-Z]{1,4}-)?)[0-9OlI]{2,8}(?:-[0-9OlI]{1,6})?"
    r"(?![0-9A-Za-z年月日.%岁床])"
)
_NUMBERED: Final = ("号", "码", "No", "No.")


class OtherId:
    """A label decides; court and office file numbers have a shape of their own."""

    name = "other_id"
    entity = Entity.OTHER_ID

    def find(self, doc: Document) -> list[Finding]:
        if not doc.has_digit:
            return []
        found: list[Finding] = []
        text = doc.text
        for at, last, next_to in doc.runs:
            if text[at] in "12" and text[at + 1 : at + 2] in _CENTURY:
                self._office(text, at, found)
            if last in _LAST and _LAST[last][next_to] and _LABEL.stands(text, at, _REACH):
                begin = at
                while begin and text[begin - 1] in _BEGUN:
                    begin -= 1
                match = _VALUE.match(text, begin)
                if match:
                    found.append(
                        Finding(
                            begin, match.end(), self.entity, "other_id.label", 0.85, "value after the label of a number"
                        )
                    )
        self._worded(text, found)
        for label, value in doc.fields:
            if label.endswith(_NUMBERED) and (local := _LOCAL.match(text, value)):
                why = "number with the short name of a place or office"
                found.append(Finding(*local.span(), self.entity, "other_id.local", 0.8, why))
        if first := next(_SUBJECT.finditer(doc), None):
            shape, why = first["value"].translate(_SHAPE), "written like the number of a person in a trial"
            found += [
                Finding(*m.span(), self.entity, "other_id.subject", 0.8, why)
                for m in _SUBJECT_SHAPE.finditer(text)
                if m.group().translate(_SHAPE) == shape
            ]
        for sign in _FILE_YEAR.finditer(text) if _FILE_SIGN.search(text) else ():
            after = _FILE_AFTER.match(text, sign.end())
            begin = max(0, sign.start() - 16)
            before = _FILE_BEFORE.search(text[begin : sign.start()]) if after else None
            if after and (before or sign.group()[0] != "字"):
                start = begin + before.start() if before else sign.start()
                why = "file number of a court or office"
                found.append(Finding(start, after.end(), self.entity, "other_id.file", 0.8, why))
        return found

    def _office(self, text: str, at: int, found: list[Finding]) -> None:
        """A paper of an office or a court that is numbered without brackets."""
        why = "file number of a court or office"
        court = _COURT.match(text, at)
        number = None if court else _YEAR_NUMBER.match(text, at)
        office = _OFFICE.search(text[max(0, at - 12) : at]) if number else None
        if court:
            found.append(Finding(at, court.end(), self.entity, "other_id.court", 0.8, why))
        if number and office:
            start = max(0, at - 12) + office.start("prefix")
            found.append(Finding(start, number.end(), self.entity, "other_id.office", 0.8, why))

    def _worded(self, text: str, found: list[Finding]) -> None:
        """Papers by their 字 and a number."""
        why = "file number of a court or office"
        for number in _WORD_NUMBER.finditer(text) if "字" in text else ():
            begin = max(0, number.start() - 6)
            if worded := _WORDED.search(text[begin : number.start()]):
                found.append(Finding(begin + worded.start(), number.end(), self.entity, "other_id.worded", 0.8, why))
