"""Brackets behind a name that only list what it takes in: "孕期的病（高血压等）", "worms (flukes and the like)"."""

from __future__ import annotations

import re
from typing import Final

from semantic.concepts import Lexicon
from semantic.lexicon_fold import flatten

_BRACKET: Final = re.compile(r"\([^()]*\)")
_LIST: Final = re.compile(
    r"[、,;/]|等|包括|都算|或|和|以及|不论|无论|\b(?:or|and|such as|includ\w+|e\.g|both|whether)\b"
)

# What asks for something beside the name: numbers, limits, denials, who and when.
_ASKS: Final = re.compile(
    r"[0-9<>=≥≤%没未非否男女岁近]|无(?!论)|不(?![论限管全足])|排除|除[外了]|伴|合并|并发|以来|去年|今年|大于|小于|[低高]于|超过|以[上下内]"
    r"|\b(?:no|not|without|except|exclud\w+|with|men|women|male|female|years?|over|under|above|below|aside)\b"
)


def unlisted(text: str, lexicon: Lexicon) -> str:
    """`text` with such brackets blanked, as they ask for nothing beside the name; as it is where nothing else in it is
    known."""
    pieces, flat = list(text), flatten(text)
    for each in _BRACKET.finditer(flat):
        lists = _LIST.search(each.group()) and not _ASKS.search(each.group())
        if lists and flat[: each.start()].strip():
            pieces[each.start() : each.end()] = " " * len(each.group())
    rest = "".join(pieces)
    return rest if rest != text and lexicon.ask(rest) else text
