"""The patient as a sentence presents them (患者张三，男，45岁), where no field names them. Pure; never logs a value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from deid.naming import surname_size
from ingest.people import looks_like_name
from records.texts import IdentifiedText

_WHO: Final = "患者|病人|患儿|产妇|孕妇|伤者|死者|逝者|受检者|受试者|被鉴定人|新生儿|老人|患"
_HAN: Final = "[\u3400-\u9fff]"
_NAME: Final = rf"(?:{_HAN}{{2,4}}|{_HAN}{{1,6}}(?:[·•・．]{_HAN}{{1,8}}){{1,2}}|{_HAN} {_HAN}(?: {_HAN})?)"
_SENTENCE: Final = re.compile(
    rf"(?:(?:{_WHO})[:： \u3000]{{0,3}}|^|(?<=[\s。；;，,:：|｜]))(?P<name>{_NAME})"
    r"[，,、（( \u3000]{1,3}(?:性别)?[:： ]?(?P<sex>男|女)(?:性)?(?:[，,、。;；（(） )\u3000]|$)"
    r"(?:[，,、 \u3000]{0,2}(?:年龄)?[:： ]?(?P<age>\d{1,3})\s*(?:岁|周岁))?"
)


class Presented(NamedTuple):
    """Name, sex ("M", "F") and whole years as one sentence gives them."""

    name: IdentifiedText
    sex: str
    age: int | None


def presented(lines: Iterable[str]) -> Presented | None:
    """The first such sentence, None where there is none."""
    for line in lines:
        for match in _SENTENCE.finditer(line):
            name = "".join(match["name"].split())
            if looks_like_name(name) and ("·" in name or surname_size(name)):
                age = int(match["age"]) if match["age"] else None
                return Presented(IdentifiedText(name), "M" if match["sex"] == "男" else "F", age)
    return None
