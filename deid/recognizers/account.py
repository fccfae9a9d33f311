"""Accounts and papers outside the hospital: online accounts, bank cards, plates, passports, devices, addresses."""

from __future__ import annotations

import re
from typing import Final

from deid.document import BETWEEN, Document
from deid.held import Held
from deid.leads import Ended, led
from deid.spans import Finding, Tier
from records.entities import Entity

_SEP: Final = r"(?:\s?\([^()\n]{0,8}\))?\s?[:.;为是=_]{0,2}\s{0,3}"
_CHAT: Final = Held(
    rf"(?:微\s?信|威\s?信|薇\s?信|徽\s?信|V\s?信|v\s?信|W信|w信|加\s?[VvWw](?![A-Za-z])|WeChat|Wechat|wechat|weixin"
    rf"|VX|vx|wx|WX|Q ?Q"
    rf"|qq|扣扣|支付宝|企鹅|抖音|微博|钉钉|快手|小红书|账\s?户|昵称|网名|公众号|视频号|账\s?号|帐\s?号|帐\s?户"
    rf"|用户名|登录名|密\s?码|口令"
    rf"|推特|WhatsApp|Whatsapp|Telegram|Skype|Facebook|Instagram|KakaoTalk|Kakao|Zalo|Viber)"
    rf"(?:\s?(?:号\s?码|号|群|账号|帐号|ID|账户|同号|为|预约|搜索|名)){{0,2}}{_SEP}[(@“\"‘']?"
    rf"(?P<value>[A-Za-z0-9](?:[A-Za-z0-9.@]|[_\-] ?(?=[A-Za-z0-9])){{3,40}}(?: \d{{3,6}}){{0,4}}"
    rf"|[A-Za-z]{{2,12}} (?=[a-z_]{{0,8}}\d)[a-z0-9_]{{2,16}}|[0-9OolISZB]{{1,6}}(?: [0-9OolISZB]{{2,6}}){{1,5}})"
)
_LATIN_CHAT: Final = Held(  # words with other meanings too: a colon, and more than letters after it
    r"(?:Line|LINE|IG|FB|Signal|Twitter)(?:\s?ID)?\s?:\s?@?"
    r"(?P<value>(?=[A-Za-z_.\-]{1,24}[0-9_.])[A-Za-z][A-Za-z0-9_.\-]{3,30})(?![A-Za-z0-9%])"
)
_CHAT_LATER: Final = Held(  # 微信我发了,号是feiyq-doctor: a few words between, then more than letters
    r"(?:微\s?信|[Qq][Qq]|企微|飞书|钉钉|抖音|小红书)[^\n。;:A-Za-z0-9]{1,14}(?:号|[Ii][Dd]|搜|加我?|叫|名|账户|账号)"
    r"(?:码|名)?\s?[:是为叫]{0,2}\s?[“\"@(]?"
    r"(?P<value>(?=[A-Za-z\-_.]{0,20}[0-9_]|[a-z.]{2,20}-[a-z])[A-Za-z][A-Za-z0-9_\-.]{4,24}|\d{6,11}"
    r"|(?<=[号Dd户码是为:\"“@])[a-z]{8,20})(?![A-Za-z0-9%])"
)
_OWN: Final = Held(r"(?<![0-9A-Za-z])(?:wxid_[0-9A-Za-z]{6,30}|wx_[0-9A-Za-z_]{4,30})")  # names that chats make up
_NICKNAME: Final = Held(r"(?:昵称|网名|微信名)(?:为|是|叫)?\s?[:“\"‘']{1,2}(?P<value>[^\s,。;、“”\"‘’'()]{2,16})")
_QUOTED: Final = Held(
    r"(?:微信|[Qq][Qq]|抖音|快手|网友|网名|昵称|小红书|微博|贴吧|账号|游戏名|用户名|网络名|头像)(?:号|名|昵称|ID|上"
    r"|里|用户|博主)?"
    r"(?:名?[叫为是]|称|备注)?\s?[:,]?\s?[“\"「『‘'](?!扫一扫|摇一摇|朋友圈|小程序|公众号|视频号|收付款|附近的人"
    r"|看一看|搜一搜|我的|服务|生活)(?P<value>[^\s“”\"「」『』‘'’,。;]{2,20})[”\"」』’']"
    r"|[“\"「『‘](?P<before>[^\s“”\"「」『』‘’,。;]{2,20})[”\"」』’]\s?\((?:微信|[Qq][Qq]|网名|抖音|快手|微博"
    r"|小红书|昵称|账号)[名号]?\)"
)
_MAC_LABEL: Final = Held(
    r"MAC(?:\s?地址)?\s?[:为]?\s{0,2}(?P<value>[0-9A-FOolI]{1,2}(?:\s?[:\-]\s?[0-9A-FOolI]{1,2}){5}(?:\n[0-9A-F](?![0-9A-Za-z]))?)"
)
_SERIAL: Final = Held(  # letters of the maker, then the number of one piece: LEV 442093V
    r"(?:导线|电极|起搏器|脉冲发生器|发生器|除颤器|ICD|CRT-?[DP]?|支架|瓣膜|瓣环|晶体|假体|耳蜗|泵|记录器|监测仪"
    r"|探头|机身)(?:序列|机身)?(?:号|编号)?"
    r"\s?[:为]?\s?(?P<value>[A-Z]{2,4} ?[0-9]{5,10}[A-Z]{0,2})(?![0-9A-Za-z])"
)
_PIECE: Final = Held(  # a bar code of a thing: (01)…(17)…(10)…
    r"\([0O][1lI]\) ?[0-9OolI](?: ?[0-9OolI]){11,15}(?: ?\([0-9OlI]{2}\) ?[0-9A-Za-z](?: ?[0-9A-Za-z\-]){1,20}){0,4}"
)
_SHARE: Final = Held(
    r"\\\\[0-9A-Za-z][0-9A-Za-z.\-_$]{1,40}(?:\\[^\s\\/,。;:、)\"”]{1,40}){1,8}"
)  # a folder of a network
_IP_LABEL: Final = Held(
    r"(?:IP|ip)(?:\s?地址)?\s?[:为是]?\s{0,2}(?P<value>[0-9OlI]{1,3}(?:\s?[.,·]\s?[0-9OlI]{1,3}){3})(?![0-9A-Za-z])"
)
_BANK_LABEL: Final = Ended(
    rf"(?:银行卡|储蓄卡|信用卡|借记卡|工资卡|银行账?帐?户?|开户行(?:[^\n,。;]{{0,19}}[行社部处所司号])?|存折|卡\s?号)(?:\s?"
    rf"(?:号\s?码|卡号|账号|帐号|号))?{_SEP}$"
)
_BANK_VALUE: Final = re.compile(r"\d{4}(?:[ \-]?[\d*]{2,6}){2,5}(?![0-9A-Za-z])")
_BANK: Final = re.compile(
    r"(?<![0-9A-Za-z.\-])(?:62|4\d|5[1-5]|35|95|60)\d{2}(?:[ \-]?[\d*]{4}){2,3}[ \-]?\d{1,4}"
    r"(?![0-9A-Za-z])"
)
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领] ?[A-HJ-Z] ?[ ·.\-]?"
    r"(?=[A-Z*lo ]{0,8}[0-9])(?:[A-Z0-9*lo](?: ?[A-Z0-9*lo]){3,4} ?[A-Z0-9*lo挂学警港澳])(?![0-9A-Za-z])"
)
_POLICE_PLATE: Final = re.compile(r"WJ ?[\u4e00-\u9fff] ?[A-Z0-9]{4,5}[A-Z]?(?![0-9A-Za-z])")
_PAPER: Final = Ended(
    rf"(?:护\s?照|(?:往来)?(?:港澳|台湾|大陆|内地)[^\n,。;:\d]{{0,10}}(?:通行证|居住证|身份证)|通行证"
    rf"|回乡证|台胞证|居留证|居留许可|绿卡|军官证|士兵证|军人证?件?|文职证|警官证|士官证|残疾军人证"
    rf"|驾驶证|驾照|行驶证|签证|户口[簿本]|结婚证|(?<![A-Za-z])[Pp]assport(?:\s?[Nn]o\.?)?|PASSPORT)(?:\s?"
    rf"(?:件?号\s?码|编\s?号|档案编号|号|No\.?))?{_SEP}(?P<lead>[\u4e00-\u9fff]{{0,4}}[字第号]\s?)?$"
)
_PAPER_VALUE: Final = re.compile(r"[A-Za-z(]{0,4}[0-9*OIl][A-Za-z0-9*\-() ]{3,24}[A-Za-z0-9)*号]")
_PASSPORT: Final = led(
    r"(?<![0-9A-Za-z])(?:[EGDSPH][A-HJ-NP-Z]?\d{7,8}|[HMC]\d{8}|[HM]\d{10}|1[45]\d{7}"
    r"(?=[^0-9A-Za-z.]*护照))(?![0-9A-Za-z.])"
)
_SOLDIER: Final = re.compile(r"[军海空南北沈兰成济广参政后装武联][\u4e00-\u9fff]{0,4}字第?\s?\d{5,9}号?")
_IP: Final = re.compile(
    r"(?=[\dA-Fa-f]{1,4}[.:\-])(?:"
    r"(?:(?<![0-9A-Za-z.])|(?<=IP)|(?<=ip))(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d"
    r"|1?\d?\d)(?::\d{2,5}|/\d{1,2})?(?![0-9A-Za-z]|\.\d)"
    r"|(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])"
    r"|(?<![0-9A-Za-z:\-])(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}(?![0-9A-Za-z:\-])"
    r"|(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,5})(?![0-9A-Za-z:]))"
)
_TOP: Final = (
    "(?:com|cn|net|org|gov|edu|io|hk|tw|jp|kr|info|cc"
    "|example|test|invalid|ly|me|app|link|site|top|xyz|vip|club|shop|tv|cloud)"
)
_URL: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[a-z]{3,7}(?: [a-z]{1,4})?\s?[:;]?\s?[/\\]\s?[/\\]\s?|[wv]{3,4}[.,] ?)"
    r"(?=[A-Za-z0-9\-]{1,60}[.,:])[A-Za-z0-9\-._~%/?#@!$&'*+=:,\\]{3,300}(?<![.,:])"
    rf"(?:\. (?=(?:cn|com|net|org)(?![A-Za-z]))[A-Za-z0-9\-._~%/?#@!$&'*+=:,\\]{{2,300}})?(?<=[A-Za-z0-9/=])"
    rf"|(?<![A-Za-z0-9@.\-])(?:[A-Za-z0-9\-]{{1,40}}[.,]){{1,4}}{_TOP}(?:\.(?:cn|hk|tw))?(?::\d{{2,5}})?"
    r"(?:/[A-Za-z0-9\-._~%/?#=&]{0,200})?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_DEVICE: Final = Ended(
    r"(?:(?:序\s?列|系\s?列|出厂|机身|机器|设备|仪器|植入物|器械|起搏器|除颤器|支架|瓣膜|假体"
    r"|人工晶[状体]?体?|晶体|人工关节|钢板|髓内钉|耳蜗|泵|补片|导管|电极|球囊|封堵器|产品)"
    r"[^\n,。;:\d]{0,12}?(?:序\s?列\s?号|系列号|编\s?号|批\s?号|条\s?码|识别码|号\s?码|S/?N|SN|LOT|UDI|"
    r"(?<=序列)号|(?<=出厂)号)|序\s?列\s?号|(?<![A-Za-z])(?<!型号)(?<!型号 )(?:S/N|SN|Serial"
    r"(?:\s?(?:No\.?|Number))?|SERIAL"
    r"(?:\s?NO\.?)?|UDI|LOT|Lot|REF|IMEI|MAC|Device\s?ID)(?![a-z]))"
    r"(?:\s?(?:No\.?|号))?\s?[:.#是为]{0,2}\s{0,3}\(?$"
)
_DEVICE_VALUE: Final = re.compile(
    r"(?:\(?\d\d\)[A-Za-z0-9\-]{2,30}){1,6}|(?!\d+\.\d+)(?=[A-Za-z\-()]{0,10} ?\d)[A-Za-z0-9(](?:[A-Za-z0-9\-/.()]"
    r"|(?<=[A-Z]) (?=\d{4})|(?<=\d{4}) (?=\d{3}(?:\s+[\u4e00-\u9fff]|[,;。)]|$))){3,60}"
)


def luhn_ok(number: str) -> bool:
    """Whether the digits pass the Luhn check; one in ten random numbers does."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


_WEB: Final = re.compile(rf"[/\\]\s?[/\\]|[wv]{{3,4}}[.,]|(?P<dot>[.,])(?={_TOP})", re.IGNORECASE)
_HOST: Final = Ended(r"(?<![A-Za-z0-9@.\-])(?:[A-Za-z0-9\-]{1,40}[.,]){1,4}$")
_LONGEST_HOST: Final = 165


def _of_web(text: str) -> bool:
    """Whether a web address may stand in a text: two strokes, www, or the name of a host that no @ stands before."""
    return any(not sign["dot"] or _HOST.stands(text, sign.end(), _LONGEST_HOST) for sign in _WEB.finditer(text))


class Account:
    """Labels and a few shapes that nothing else in a record has."""

    name = "account"
    entity = Entity.ACCOUNT

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for match in _CHAT.finditer(doc):
            before = text[match.start() - 1 : match.start()]
            if not (text[match.start()].isascii() and before.isascii() and before.isalpha()):
                found.append(
                    Finding(
                        *match.span("value"), self.entity, "account.chat", 0.9, "name or number of an online account"
                    )
                )
        short = "::" in text  # an address of a few characters
        long = doc.long
        for at, last, before in doc.runs:
            if short or at in long:
                self._shaped(text, at, at in long, found)
            if last in _LAST:
                bank, paper, device = (last in lasts and lasts[last][before] for lasts in _LASTS)
                if bank or paper or device:
                    self._labelled(doc, at, bank, paper, device, found)
        found += [
            Finding(*match.span(match.lastgroup or 0), self.entity, rule, 0.88, why)
            for pattern, rule, why in _NAMED
            for match in pattern.finditer(doc)
            if not ("A" <= text[match.start() - 1 : match.start()] <= "z")
        ]
        if doc.has_digit:
            for needle, pattern, rule, why in _NUMBERED:
                if needle in text:
                    found += [Finding(*m.span(), self.entity, rule, 0.88, why) for m in pattern.finditer(text)]
        if _WEB_SIGN.search(text) and _of_web(text):
            found += [Finding(*m.span(), self.entity, "account.url", 0.85, "web address") for m in _URL.finditer(text)]
        return found

    def _shaped(self, text: str, at: int, long: bool, found: list[Finding]) -> None:
        """Numbers of papers, networks and banks by their shape."""
        entity = self.entity
        if match := _IP.match(text, at):
            self._kept(text, match, "account.ip", "network address", found)
        if long and text[at] in _OF_PASSPORT and (match := _PASSPORT.match(text, at)):
            self._kept(text, match, "account.passport", "shape of a passport or travel permit number", found)
        if long and text[at] in _OF_BANK and (match := _BANK.match(text, at)):
            digits = "".join(c for c in match.group() if c.isdigit())
            if 15 <= len(digits) <= 19:
                sure = digits[:2] == "62" and luhn_ok(digits)
                tier, score = (Tier.CHECKSUM, 0.95) if sure else (Tier.RULE, 0.7)
                found.append(
                    Finding(at, match.end(), entity, "account.bank", score, "shape of a bank card number", tier)
                )

    def _kept(self, text: str, match: re.Match[str], rule: str, why: str, found: list[Finding]) -> None:
        if not text.endswith(_OF_GOODS, 0, match.start()):
            found.append(Finding(*match.span(), self.entity, rule, 0.88, why))

    def _labelled(self, doc: Document, at: int, bank: bool, paper: bool, device: bool, found: list[Finding]) -> None:
        """Numbers after the label of a bank card, the name of a paper, or that of a device."""
        text, entity, start = doc.text, self.entity, at - (doc.text[at - 1 : at] == "(")
        if bank and (match := _BANK_VALUE.match(text, at)) and _BANK_LABEL.stands(text, at, _REACH):
            why = "number after the label of a bank card"
            found.append(Finding(start, match.end(), entity, "account.bank_label", 0.93, why))
        name = _PAPER.before(text, at, _REACH) if paper else None
        if name and (match := _PAPER_VALUE.match(text, at)):
            begin, why = at - len(name["lead"] or ""), "number after the name of a paper"
            found.append(Finding(begin, match.end(), entity, "account.paper", 0.93, why))
        if device and _DEVICE.stands(text, at, _REACH) and (match := _DEVICE_VALUE.match(text, at)):
            why = "serial or lot number of a device or implant"
            if sign := _PRINTED.search(doc.before(at, _REACH)):
                found.append(Finding(start - len(sign.group()), start, entity, "account.device", 0.93, why))
            found.append(Finding(start, match.end(), entity, "account.device", 0.93, why))


_OF_GOODS: Final = ("准字", "批号", "批号:", "批号 ")
_PRINTED: Final = re.compile(r"(?<![A-Za-z])(?:SN|S/N|LOT) $")  # printed with its number on one sticker: part of it
_LASTS: Final = tuple(label.lasts(BETWEEN) for label in (_BANK_LABEL, _PAPER, _DEVICE))
_LAST: Final = frozenset[str]().union(*_LASTS)
_WEB_SIGN: Final = led(rf"[.,](?:{_TOP}|{_TOP.upper()})(?![a-z])|[/\\]\s?[/\\]|[wvWV]{{3,4}}[.,]")
_OF_PASSPORT: Final = frozenset("EGDSPHMC1")  # what such a number begins with
_OF_BANK: Final = frozenset("34569")
_NAMED: Final = (
    (_LATIN_CHAT, "account.chat", "name of an online account"),
    (_QUOTED, "account.nickname", "name that somebody goes by online"),
    (_MAC_LABEL, "account.mac", "address of a machine"),
    (_SERIAL, "account.serial", "serial number of an implant or a machine"),
    (_PIECE, "account.piece", "bar code of a thing"),
    (_CHAT_LATER, "account.chat", "name of an online account a few words on"),
    (_OWN, "account.chat", "name of an online account"),
    (_SHARE, "account.share", "folder of a network"),
    (_NICKNAME, "account.nickname", "name that somebody goes by online"),
    (_IP_LABEL, "account.ip", "network address"),
)
_NUMBERED: Final = (
    ("", _PLATE, "account.plate", "number plate"),
    ("WJ", _POLICE_PLATE, "account.plate", "number plate"),
    ("字", _SOLDIER, "account.soldier", "number of a military paper"),
)
_REACH: Final = 40  # characters before a number that are looked at for its label
