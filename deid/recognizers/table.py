"""Tables: a line of column headings says what stands under each of them, also where no cell has a label."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.leads import led
from deid.likeness import name_score
from deid.lists import words
from deid.naming import is_placeholder
from deid.spans import Finding
from records.entities import Entity

_LONGEST: Final = 60  # rows read under one heading
_CELL: Final = re.compile(r"[^|\t \n][^|\t\n]*?(?=\s*[|\t]|\s{2,}|$)")
_WORD: Final = re.compile(r"[^| \n]+")
_FIGURE: Final = re.compile("[0-9]")
_HEADINGS: Final = (
    (Entity.PERSON, re.compile(
        r"(?:(?:患者|病人|患儿|产妇|母亲|家属|职工|学生)?姓名|患者|病人|联系人|家属|(?:[\u4e00-\u9fff]{0,4}"
        r"(?:医师|医生|护士|技师|药师|者|人员))|(?:姓名|拼音|患者|受试者)?(?:首字母)?(?:缩写|简写|代称)|签名|签字|护士签名|送检人|负责人|经办人)"
    )),
    (Entity.MEDICAL_ID, re.compile(
        r"床|床号|床位|床位号|(?:住院|病案|病历|门诊|就诊|登记|标本|样本|检查|检验|影像|病理|透析|随访|条码|血袋|蜡块|医保"
        r"|申请单?|患者)(?:号|编号|号码|ID)|条码|ID|MRN|编号|腕带号?"
    )),
    (Entity.OTHER_ID, re.compile(r"工号|学号|受试者编?号|筛选号|随机号|合同号|发票号|执业证号|证书编号")),
    (Entity.PHONE, re.compile(r"(?:联系|家属|家庭|单位)?电话(?:号码)?|手机号?码?|联系方式|座机|分机")),
    (Entity.ID_CARD, re.compile(r"身份证(?:号码?)?|证件号码?")),
    (Entity.ADDRESS, re.compile(
        r"(?:现|家庭)?住址|(?:家庭|联系|通讯|户籍|详细)?地址|籍贯|住所|出生地|户籍地?|[现居]住地|村组"
    )),
    (Entity.ORGANISATION, re.compile(
        r"(?:工作)?单位(?:名称)?|(?:就诊|转[诊入出]|接收)?医院|(?:送检|就诊)单位|学校|(?:医疗)?机构|幼儿园|公司"
    )),
    (Entity.DATE, re.compile(r"(?:[\u4e00-\u9fff]{0,4})(?:日期|时间)|年月日|出生")),
)  # fmt: skip
_NUMBERED: Final = frozenset({Entity.MEDICAL_ID, Entity.OTHER_ID, Entity.PHONE, Entity.ID_CARD})
_NAME: Final = re.compile(r"[\u4e00-\u9fff·*×某 ]{2,12}|[A-Za-z][A-Za-z .'\-]{1,30}")
_INITIALS: Final = re.compile(r"[A-Z]{2,5}")
_CALENDAR: Final = re.compile(r"\d{1,4}[\-/.年月]\d{1,2}")


def _entity(heading: str) -> Entity | None:
    plain = re.sub(r"[\s:()]|\(.*?\)", "", heading)
    return next((entity for entity, pattern in _HEADINGS if pattern.fullmatch(plain)), None)


def _cells(line: str) -> list[re.Match[str]]:
    """The cells of a row: by bars or wide gaps where there are any, else by blanks."""
    wide = "|" in line or "  " in line.strip()
    return list((_CELL if wide else _WORD).finditer(line))


def heads_columns(text: str, at: int) -> bool:
    """Whether column headings stand in the line of a place: between bars, without a figure, and as many cells in the
    next line, which begins with one that holds a figure."""
    begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    bars = text.count("|", begin, end)
    if end < 0 or bars < _BARS or _FIGURE.search(text, begin, end):
        return False
    row = text[end + 1 : text.find("\n", end + 1) % (len(text) + 1)]
    return row.count("|") == bars and _FIGURE.search(row.lstrip("| ").partition("|")[0]) is not None


_BARS: Final = 3


# A list of charges, whose first column (but for a row number) is the code of an item: that numbers no patient.
_CHARGES: Final = led(
    r"(?:项目|收费|医嘱|物价|药品|国家|国标|耗材|材料|诊疗|服务|费用|商品|产品|物资)\s?(?:编\s?[码号]|代\s?码)"
    r"|(?<![\u4e00-\u9fff])(?:编\s?码|代\s?码)(?=[ |]{1,4}(?:项目|药品|收费|耗材|材料)?名)"
)
_FIRST: Final = re.compile(r"[ |]*(?:(?:序号?|行号?|N[oO]\.?|#)[ |]+)?[\u4e00-\u9fff]{0,4}(?<!号)")
_OF_MONEY: Final = ("单价", "金额", "费用", "价格", "总价", "小计")
_CHARGE: Final = re.compile(
    r"[ |]*(?:\d{1,3}[ |.、]{1,4})?(?P<code>[0-9A-Za-z][0-9A-Za-z\-.]{2,24})[ |]+"
    r"(?=[^\n]{0,20}[\u4e00-\u9fff])[^\n]*\d\.\d{1,2}[^\n]*(?:\n|$)"
)


def charged(text: str) -> set[int]:
    """Where the codes of items begin in lists of charges."""
    codes: set[int] = set()
    at = 0  # each line is looked at once, by the first heading in it
    for heading in _CHARGES.finditer(text) if any(word in text for word in _OF_MONEY) else ():
        if heading.start() < at:
            continue
        at = text.find("\n", heading.end()) + 1
        if not at:
            break
        ahead = text[text.rfind("\n", 0, heading.start()) + 1 : heading.start()]
        if not _FIRST.fullmatch(ahead) or not any(text.find(word, heading.end(), at) >= 0 for word in _OF_MONEY):
            continue
        for _ in range(_LONGEST):
            row = _CHARGE.match(text, at)
            if row is None:
                break
            codes.add(row.start("code"))
            at = row.end()
    return codes


class Table:
    """A heading is a line of three words or more of which two name columns that we know, without any digit."""

    name = "table"
    entity = Entity.PERSON
    entities = tuple(entity for entity, _ in _HEADINGS)

    def find(self, doc: Document) -> list[Finding]:
        found: list[Finding] = []
        columns: list[Entity | None] = []
        rows, at = 0, 0
        for line in doc.text.split("\n"):
            if len(line) < 400:
                heading = self._heading(line)
                if heading:
                    columns, rows = heading, 0
                elif columns:
                    rows += 1
                    if (not line.strip(" |-+=_") and rows > 1) or rows > _LONGEST:
                        columns = []
                    else:
                        self._row(line, at, columns, found)
            at += len(line) + 1
        return found

    @staticmethod
    def _heading(line: str) -> list[Entity | None]:
        if len(line) < 6 or "。" in line or _FIGURE.search(line):
            return []
        cells = _cells(line)
        if len(cells) < 3 or any(len(cell.group()) > 10 for cell in cells) or any(map(str.isdigit, line)):
            return []
        columns = [_entity(cell.group().strip()) for cell in cells]
        known = sum(c is not None for c in columns)
        return columns if known >= 2 and (known * 3 >= len(columns) or "|" in line) else []

    @staticmethod
    def _signers(cells: list[re.Match[str]], offset: int, found: list[Finding]) -> None:
        """Names in a row that has more or fewer cells than the heading: only what looks like one."""
        for cell in cells:
            name = cell.group().strip()
            for part in re.finditer(r"[\u4e00-\u9fff]{2,4}", name):
                sole = (
                    len(part.group()) == len(name)
                    or name[part.start() - 1 : part.start()] == "/"
                    or name[part.end() :][:1] == "/"
                )
                if sole and part.group() not in words() and name_score(part.group(), rare=False) >= 2.0:
                    start = offset + cell.start() + part.start()
                    found.append(
                        Finding(start, start + len(part.group()), Entity.PERSON, "table.signer", 0.65, "name in a row")
                    )

    def _row(self, line: str, offset: int, columns: list[Entity | None], found: list[Finding]) -> None:
        cells = _cells(line)
        if len(cells) != len(columns):
            if Entity.PERSON in columns:
                self._signers(cells, offset, found)
                at = columns.index(Entity.PERSON)
                if len(cells) > len(columns) and _INITIALS.fullmatch(cells[at].group()):
                    start = offset + cells[at].start()
                    why = "initials under their heading"
                    found.append(Finding(start, start + len(cells[at].group()), Entity.PERSON, "table.cell", 0.7, why))
            return
        for entity, cell in zip(columns, cells, strict=True):
            value = cell.group().rstrip()
            if entity is None or not _fits(entity, value) or _entity(value) is not None:
                continue
            start = offset + cell.start()
            found.append(Finding(start, start + len(value), entity, "table.cell", 0.75, "cell under its heading"))


def _fits(entity: Entity, value: str) -> bool:
    if entity is Entity.PERSON:
        return _NAME.fullmatch(value) is not None and not is_placeholder(value)
    if entity is Entity.DATE:
        return _CALENDAR.search(value) is not None
    if entity in _NUMBERED:
        return any(c.isdigit() for c in value) and len(value) <= 40
    return len(value) >= 3 and not is_placeholder(value)
