"""Numbers that a hospital or insurer gave a patient or specimen, by their labels."""

from __future__ import annotations

import re
from typing import Final

from deid.document import BETWEEN, Document
from deid.leads import Ended, led
from deid.recognizers.code import kind_of
from deid.recognizers.date import LOT
from deid.spans import Finding
from records.entities import Entity

_WHAT: Final = (
    r"住\s?院|病\s?案|病\s?历|门\s?诊|急\s?诊|门急诊|就\s?诊|登\s?记|挂\s?号|医\s?保|社\s?保|社会保障"
    r"|社会保险|医疗保险|医疗证|医\s?疗|健\s?康|新?农合|合作医疗|公费医疗"
    r"|诊\s?疗|检\s?查|检\s?验|化\s?验|影\s?像|放\s?射|摄\s?片|[XＸx]\s?(?:线|光|片)|平\s?片|拍\s?片|片|CT"
    r"|ct|MRI?|DR|CR|DSA|PET(?:-?CT)?|ECT|MG|钼靶|超\s?声|彩\s?超|B\s?超"
    r"|心\s?电(?:图)?|脑\s?电(?:图)?|肌\s?电(?:图)?|动态心电|内\s?镜|胃\s?镜|肠\s?镜|支气管镜|镜检|病\s?理"
    r"|活检|细胞学|细胞|切片|蜡块|标\s?本|样\s?本|样\s?品|试管"
    r"|条\s?形\s?码|条\s?码|二维码|腕带|申\s?请(?:单)?|报\s?告(?:单)?|处\s?方|医嘱(?:单)?|手\s?术|麻\s?醉"
    r"|血\s?袋|献\s?血(?:码)?|供\s?血(?:者)?|供者|输血(?:申请)?|血液|储血|产品码"
    r"|透析|随访|队列|建档|档\s?案|保健|母子|孕\s?产妇|出生(?:医学)?证(?:明)?|死亡(?:医学)?证(?:明)?"
    r"|预防接种|接种|儿保|计划免疫|优待|残疾人?|低保|慢病|特病|门特|门慢"
    r"|病人|患者|患儿|客户|体检|预约|排队|流水|交易|结算|收费|缴费|一卡通|诊疗卡|就医|医技|检单|核酸|样品"
    r"|骨密度|肺功能|眼底|眼科|听力|高压氧|放疗|化疗|移植|基因|测序|检测|送检|会诊|病例|组织|骨髓|康复|筛查|随诊"
    r"|产检|留观|抢救|日间"
    r"|血样|登录|采血|卡|HIS|LIS|PACS|RIS|EMR|EMPI|PID|MRN"
)
_TAIL: Final = (
    r"(?:证|卡|单|图|片|册|簿|本|手册|登记|检查|检验|标本|申请|报告|患者|病人|病历|病案|识别|唯一|电子|管"
    r"|袋|系统)?"
)
_NUMBER: Final = r"(?:号\s?码|编\s?号|序\s?号|卡\s?号|单\s?号|登记号|号|码|代码|[IlL1|][Dd]|No\.?|NO\.?|no\.?|#)"
_VALUE: Final = (
    r"(?P<value>(?=[A-Za-z\-]{0,6}[0-9OolI|*])[A-Za-z0-9*|][A-Za-z0-9*|]{0,30}"
    r"(?:(?:[\-_/.#第]| ?- ?|(?<=\d) (?=\d{2,}(?![年月日:.岁]|-\d{1,2}-)))[A-Za-z0-9*|]{1,20}){0,5}(?:号(?=[,。;\s]))?)"
)
_SEPARATOR: Final = (
    r"(?:\s?\((?:住院|门诊|病案|ID|本次|首次|18位|必填)?[^()\n]{0,4}\))?[ :.;_=为是系#\-【\[]{0,5}\n?[ ]{0,4}"
)
_LABEL: Final = Ended(
    rf"(?:(?:{_WHAT})\s?{_TAIL}(?:\s?(?:{_WHAT}))?\s?{_NUMBER}|条\s?形?\s?码|病案首页号|ID号|卡号|单号"
    rf"|登记号|(?<![A-Za-z])(?:MRN|EMPI|PID|HIS号|[Pp]atient\s?(?:ID|No\.?)"
    rf"|PATIENT\s?(?:ID|NO\.?)|[Aa]ccession(?:\s?(?:[Nn]o\.?|[Nn]umber|#))?|[Mm]edical\s?[Rr]ecord\s?"
    rf"(?:[Nn]o\.?|[Nn]umber)|[Hh]osp(?:ital)?\.?\s?No\.?|"
    rf"[Vv]isit\s?(?:ID|[Nn]o\.?)|[Ss]pecimen\s?(?:ID|[Nn]o\.?)|[Bb]arcode|BARCODE|[Aa]dm"
    rf"(?:ission)?\s?[Nn]o\.?)){_SEPARATOR}$"
)
_LAST: Final = _LABEL.lasts(BETWEEN)
_LABELLED: Final = re.compile(_VALUE)
_LEAD: Final = re.compile(
    r"(?:号|ID)[: ]{0,3}(?P<lead>(?![为是未已及和与见同后前尾末第按如不待另共至或的即系无])[\u4e00-\u9fff]{1,2})$"
)
_LEAD_LEFT: Final = frozenset("号D: ")  # what stands before such a name
_GLUED: Final = led(  # 病人lD00718823: a label whose letters the number follows
    r"(?:病人|患者|住院|登记|就诊|门诊|影像|检查"
    r"|健康卡)\s?[Il1|L][Dd]\s?[:.]?\s?(?P<value>[A-Za-z0-9][A-Za-z0-9\-]{2,24})(?![A-Za-z0-9])"
)
_TORN: Final = re.compile(  # DR24021 5-088 in brackets: letters of a department, then nothing but digits
    r"\s?(?P<value>[A-Z]{1,4}-?[0-9OlI](?:[0-9OlI\-]| (?=[0-9OlI\-])){5,20})(?=\s?[)\]])"
)
_ENCLOSED: Final = led(  # what holds pictures or tissue, and its number in brackets: CT光盘(1228-06)
    r"(?:光盘|胶片|片袋|片子|切片|玻片|蜡块|白片|标本|血样|样本|样品|试管|采血管|眼库|血库|骨库|角膜|供体|X线片"
    r"|[CM][TR]I?片?|DR片?|病历|报告"
    r"|资料袋|影像)[^\n,。;()0-9]{0,4}\(\s?(?P<value>(?:\d{3,8}-\d{1,6}"
    r"|[A-Z]{1,3}\d{2,8}-\d{3,6})(?:-\d{1,4})?)(?=\s?[、,;)])"
)
_OPEN: Final = ("(", "[")
_ENCLOSED_SIGN: Final = re.compile(r"\((?=\s?(?:\d{3,8}-|[A-Z]{1,3}\d))")
# The place in a queue, or a record's bag on a shelf: short, its room or session before it (灸08, 下午03).
_QUEUE: Final = led(
    r"(?:叫\s?号|排\s?号|[候分]\s?诊\s?[号序]|(?:就诊|门诊|预约|检查|监护|取药|报到|报告|治疗|理疗|抽血)\s?(?:序\s?号?|排?队?号)"
    r"|取号|绿\s?通\s?号?|(?:病案|档案|病历|胶?片|资料)袋\s?号?)\s?[:为是]?\s{0,3}"
    r"(?P<value>(?:(?![第号无未已有约共前后过])[\u4e00-\u9fff]{1,2}|[A-Z]{1,3})?[ \-]?第?\s?[0-9OlI]{1,4}"
    r"(?:-[0-9OlI ]{1,5}){0,2}号?)(?=[,。;、()/|\n]|$| (?!\d|[张个例人次级块台名份]))"
)
_NEXT: Final = re.compile(
    r"\s?(?:[、/,;及和与~至]|-{1,2})\s?(?P<value>[A-Za-z]{0,4}\d[A-Za-z0-9\-]{3,20})"
    r"(?![0-9A-Za-z年月日.%:])"
)
_LONGEST_LIST: Final = 20
_SHAPE: Final = led(
    r"(?<![0-9A-Za-z.\-/])(?:(?:ZY|MZ|BA|BL|JZ|HZ|YB|TJ|CT|MR|DR|US|XD|NJ|BG|BH|P|B|S|X|Z|M|H|C|D|N|Y|ICU"
    r"|PT|REG|MRN)[\-]?\d{6,14}"
    r"|[A-Z]{1,4}(?:19|20)\d\d[\-_]\d{3,8}|[A-Z]{2,4}[\-_]\d{5,12}|(?:19|20)\d\d[\-_]"
    r"(?:[A-Z]{1,3})?\d{5,8}|[A-Z]{2,5}(?:19|20)\d{6,12})(?![0-9A-Za-z.%])"
)
_LONG: Final = re.compile(
    r"(?<!chr[0-9XY]:)(?<!chr\d\d:)(?<![0-9A-Za-z.,/\-+*×<>≤≥=^])\d{7,24}(?![0-9A-Za-z.,/*×^年%]|\s?(?:/|mL|ml|IU|U|copies|个|元|拷贝"
    r"|万|×|x10|步|次|Da))"
)
_Form = tuple[re.Pattern[str], str, float, str]
_SHAPED: Final[_Form] = (_SHAPE, "medical_id.shape", 0.7, "shape of a hospital number")
_LONG_NUMBER: Final[_Form] = (_LONG, "medical_id.long", 0.5, "long number that is no quantity")
_NO_FIGURE: Final = str.maketrans("", "", "0123456789*")
_REACH: Final = 30  # characters of a label before a number
_LICENCES: Final = ("准字", "注准", "注进", "注许", "PMID ", "PMID:", "PMID: ")  # of drugs, devices and papers
# A bag of blood (=W6401 26 118802 00); a study, series or image of an archive (1.3.12.2.1107.5.2.46.174832.2026).
_DONATION: Final = re.compile(r"[A-Z]\d{4}[ -]?\d\d[ -]?\d{6}(?:[ -]?\d\d)?(?![0-9A-Za-z])")
_PICTURE: Final = re.compile(r"[0-2]\.\d{1,6}(?:\.\d{1,40}){5,24}(?![0-9A-Za-z.])")
_KIND_OF_PICTURE: Final = "1.2.840.10008."  # the standard's own: what it is, not which
_MEASURE: Final = re.compile(
    r"(?:mg|ml|mL|kg|mm|cm|MHz|Hz|kV|mAs|IU|U/L|周|天|岁|次|分钟|小时|%|°|[张份块片支管袋例个])"
)


_OF_PAPER: Final = re.compile(
    r"保单|保险单|健康证|献血证|免疫证|接种证|接种本|(?:出生|死亡)(?:医学)?证|卡片|运单|快递|审批|诊断书|陪护证|服务编码"
)
_OF_BANK: Final = re.compile(r"62\d{14,17}")


def _kind(before: str, value: str) -> Entity:
    """What the label at the end, with a word before it, numbers: a patient or specimen, a paper, or a bank card."""
    card = "卡" in before and _OF_BANK.fullmatch(re.sub(r"\D", "", value)) is not None
    if not card and not _OF_PAPER.search(before):
        return Entity.MEDICAL_ID
    match = _LABEL.search(before)
    label = before[max(0, match.start() - 3) :] if match else before
    if card and "卡" in label:
        return Entity.ACCOUNT
    return Entity.OTHER_ID if _OF_PAPER.search(label) else Entity.MEDICAL_ID


class MedicalId:
    """A label decides; unlabelled numbers only when they look like nothing else in a record."""

    name = "medical_id"
    entity = Entity.MEDICAL_ID
    entities = (Entity.MEDICAL_ID, Entity.OTHER_ID, Entity.ACCOUNT, Entity.PHONE)

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        if not doc.has_digit and "号" not in text:
            return []
        found: list[Finding] = []
        long = doc.long
        glued = list(_GLUED.finditer(text)) if "D" in text or "d" in text else []
        for at, last, before in doc.runs:
            named, left = last in _LAST and _LAST[last][before], text[at - 1 : at]
            if named:
                self._labelled(text, at, found)
            if "\u4e00" <= left <= "\u9fff":
                if text[at - 2 : at - 1] in _LEAD_LEFT or text[at - 3 : at - 2] in _LEAD_LEFT:
                    self._local(text, at, found)
            elif left == "\n" and (named or at in long):
                self._local(text, at, found)
            if at in long:
                self._unlabelled(text, at, found)
                if left in _OPEN and (torn := _TORN.match(text, at)):
                    glued.append(torn)
        for match in _ENCLOSED.finditer(text) if _ENCLOSED_SIGN.search(text) else ():
            why = "number in brackets after what bears it"
            found.append(Finding(*match.span("value"), self.entity, "medical_id.enclosed", 0.8, why))
            if more := _NEXT.match(text, match.end()):
                found.append(Finding(*more.span("value"), self.entity, "medical_id.list", 0.8, why))
        for match in _QUEUE.finditer(text):
            if any(map(str.isdigit, match["value"])):
                why = "place in a queue, or bag on a shelf"
                found.append(Finding(*match.span("value"), self.entity, "medical_id.queue", 0.8, why))
        for match in glued:
            if sum(map(str.isdigit, match["value"])) >= 3:
                why = "value glued to its label, or torn in brackets"
                found.append(Finding(*match.span("value"), self.entity, "medical_id.torn", 0.8, why))
        return found

    def _of_thing(self, text: str, at: int) -> Finding | None:
        """A bag of blood, or a picture in an archive: their standards say how they are numbered."""
        dotted = text[at + 1] == "." and text[at - 1 : at] != "." and not text.startswith(_KIND_OF_PICTURE, at)
        if dotted and (match := _PICTURE.match(text, at)):
            return Finding(*match.span(), self.entity, "medical_id.picture", 0.9, "identifier of a picture or study")
        if text[at].isalpha() and (match := _DONATION.match(text, at)):
            start = at - (text[at - 1 : at] == "=")
            return Finding(start, match.end(), self.entity, "medical_id.donation", 0.8, "number of a donation of blood")
        return None

    def _labelled(self, text: str, at: int, found: list[Finding]) -> None:
        """The value of a label, and what is listed after it."""
        match = _LABELLED.match(text, at) if _LABEL.stands(text, at, _REACH) else None
        if not match or _MEASURE.match(text, match.end()) or not self._plausible(match["value"]):
            return
        why, value = "value after the label of a hospital number", match["value"]
        kind = _kind(text[max(0, at - _REACH) : at], value)
        found.append(Finding(at, match.end(), kind, "medical_id.label", 0.95, why))
        more = _NEXT.match(text, match.end())
        for _ in range(_LONGEST_LIST):
            if more is None:
                break
            why = "listed after a hospital number"
            found.append(Finding(*more.span("value"), self.entity, "medical_id.list", 0.8, why))
            more = _NEXT.match(text, more.end()) if len(more["value"]) == len(value) else None

    def _local(self, text: str, at: int, found: list[Finding]) -> None:
        """A value that begins with the short name of a place."""
        near = text[max(0, at - 8) : at]
        if not ("号" in near or "ID" in near) or not text[at : at + 3].isalnum():
            return
        lead = _LEAD.search(near)
        if lead and _LABEL.stands(text, at - len(lead["lead"]), _REACH):
            match = _LABELLED.match(text, at)
            if match and sum(map(str.isdigit, match["value"])) >= 3 and not _MEASURE.match(text, match.end()):
                why = "value that begins with the short name of a place"
                found.append(Finding(at - len(lead["lead"]), match.end(), self.entity, "medical_id.local", 0.8, why))

    def _unlabelled(self, text: str, at: int, found: list[Finding]) -> None:
        """Shapes of hospital numbers, long numbers, bags of blood and pictures."""
        figure = text[at].isdecimal()
        if not figure or (text[at + 4] in "-_" and text[at + 5 : at + 10].isalnum()):
            self._shaped(text, at, _SHAPED, found)
        if figure and text[at : at + 7].isdecimal():
            self._shaped(text, at, _LONG_NUMBER, found)
        if (not figure or text[at + 1] == ".") and (thing := self._of_thing(text, at)):
            found.append(thing)

    def _shaped(self, text: str, at: int, form: _Form, found: list[Finding]) -> None:
        pattern, rule, score, why = form
        match = pattern.match(text, at)
        if match and not LOT.search(text[max(0, at - 12) : at]) and not text.endswith(_LICENCES, 0, at):
            before = text[max(0, at - _REACH) : at]
            entity = kind_of(before[before.rfind("\n") + 1 :])
            found.append(Finding(at, match.end(), entity, rule, score, why))

    @staticmethod
    def _plausible(value: str) -> bool:
        digits = len(value) - len(value.translate(_NO_FIGURE))
        if digits >= 4:
            return True
        return digits >= 1 and (len(value) >= 4 or value.isdigit())
