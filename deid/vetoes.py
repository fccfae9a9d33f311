"""What the tagger takes for a person and is none: abbreviations and units in Latin letters, headings, weekdays."""

from __future__ import annotations

import re
from typing import Final

from deid.likeness import rare_surnames
from deid.lists import surnames
from deid.naming import is_placeholder
from deid.recognizers.person_latin import is_name
from deid.recognizers.person_title import is_role

_NOBODY: Final = re.compile(
    r"周[一二三四五六日末]|[小总]结|.{0,6}(?:记录|记录单|报告|报告单|证明书?|同意书|申请单|医嘱单?|小结|病历|首页|附页)|[她他它你我]们?|[双左右]."
)

_INITIALS: Final = re.compile(r"(?:[A-Z][.·-]){1,3}[A-Z]?[a-z]{0,12}\.?")


def nobody(value: str) -> bool:
    """Whether a stretch that only the tagger takes for a name cannot be one."""
    plain = re.sub(r"\s", "", value)
    if plain.isascii() or not any("\u4e00" <= char <= "\u9fff" for char in plain):
        return not (_INITIALS.fullmatch(plain) or is_name(value))
    if len(plain) == 1:
        return plain not in surnames() and plain not in rare_surnames()
    named = surnames().get(plain[0], 0) > 0
    return is_placeholder(plain) or (not named and is_role(plain)) or _NOBODY.fullmatch(plain) is not None
