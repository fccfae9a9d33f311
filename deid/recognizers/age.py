"""Ages of 90 and more, in digits or Chinese numerals. Younger ages stay: medicine needs them."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import led
from deid.spans import Finding
from records.entities import Entity

_AGE: Final = led(
    r"(?<![0-9.\-~])(?:9 ?[0-9OolI]|[1lI] ?[0-3O] ?[0-9OolI])\s?(?:周?岁|歲|余岁|多岁|岁余|高龄|虚岁|-year-old"
    r"|[Yy]ears?\s?old"
    r"|[Yy]/?[Oo]|y(?:rs?)?(?![A-Za-z]))"
    r"|(?:九 ?十 ?[一二三四五六七八九]?"
    r"|(?<![伍陆])一?百(?:零?[一二三四五六七八九]|一?十[一二三四五六七八九]?)?)[余多]? ?"
    r"(?:周?岁|歲)(?!内|以[内上下])"
)
_LABEL: Final = led(
    r"(?:年\s?龄|享年|终年|(?<![A-Za-z])[Aa]ge|AGE)\s?[:为是 ]{1,3}(?P<value>(?:9 ?[0-9OolI]"
    r"|[1lI] ?[0-3O] ?[0-9OolI])"
    r"(?:\s?周?岁)?)(?![0-9.天月周日])"
)
_BESIDE_SEX: Final = re.compile(r"[男女][,/ |]{1,3}(?P<value>9\d|1[0-2]\d)(?=[,/ |。;\n]|$)")
_WORDS: Final = Held(
    r"(?:享年|终年|时年|卒年|寿|年|虚龄|虚岁|实岁)(?P<years>九十有?[一二三四五六七八九]?|9[0-9OolI])"
    r"(?![0-9一二三四五六七八九岁年月天个.])|(?:年[逾近过约]|已|高寿|享年|寿高)?(?P<value>九旬|9旬|九十高龄|九秩"
    r"|期颐之年|期颐)(?!以)"
)
_GROUP: Final = re.compile(r"(?:[≥>≤<~到至以\-]\s?$|(?:大于|小于|超过)\s?$)")


class AgeOver89:
    """Number and unit together, or the value of an age field."""

    name = "age_over_89"
    entity = Entity.AGE_OVER_89

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = []
        for match in _AGE.finditer(text):
            if _GROUP.search(text[max(0, match.start() - 3) : match.start()]):
                continue
            found.append(Finding(*match.span(), self.entity, "age.over_89", 0.95, "age of 90 or more"))
        found += [
            Finding(*m.span(m.lastgroup or 0), self.entity, "age.field", 0.95, "age field of 90 or more")
            for matches in (_LABEL.finditer(text), _BESIDE_SEX.finditer(text), _WORDS.finditer(doc))
            for m in matches
        ]
        return found
