"""Names with a denial between their halves ("听力没下降", "吻合口无漏"): what they name without it is denied."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from records.mentions import Assertion, Mention
from semantic.assertion_cues import Cues
from semantic.concepts import Lexicon
from semantic.lexicon_concept import ConceptKind, Found, Relation

_HALF: Final = 8  # characters of a name on one side of the denial
_LEFT: Final = re.compile(r"\w+$")
_RIGHT: Final = re.compile(r"\w+")
_ENDS: Final = frozenset(
    "过了的史征者样"
)  # what may follow a second half of one character ("关节从没疼过", never "脊髓无病灶")
_TESTS: Final = frozenset({ConceptKind.LAB, ConceptKind.IMAGING})
_RULE: Final = "parted:"


def named_apart(value: str, flat: str, found: Sequence[Found], lexicon: Lexicon, rules: Cues) -> Iterator[Mention]:
    """Denied mentions of names whose halves stand on both sides of a denial; `flat` is as long as `value`, `found` what
    is named there, by place. A denial within a name denies nothing ("卵圆孔未闭"), nor does one of what is said of a
    name ("输卵管妊娠未破")."""
    begins = [each.start for each in found]
    gaps: list[tuple[str, str, int, int]] = []  # what stands before and behind a denial, its place
    for gap in (gap for regex in rules.between for gap in regex.finditer(flat)):
        start, end = gap.span()
        left, right = _LEFT.search(flat[max(0, start - _HALF) : start]), _RIGHT.match(flat[end : end + _HALF])
        near = found[max(0, bisect_right(begins, start) - 1) : bisect_left(begins, end)]
        if left and right and not any(each.start < start and end < each.end for each in near):
            gaps.append((left.group(), right.group(), start, end))
    windows = [0, *accumulate(len(left) + len(right) + 1 for left, right, _, _ in gaps)]
    for each in lexicon.named_in("\n".join(left + right for left, right, _, _ in gaps)):
        at = bisect_right(windows, each.start) - 1
        first, second, low, high = gaps[at]
        before, behind = windows[at] + len(first) - each.start, each.end - windows[at] - len(first)
        if before > 0 < behind and (behind > 1 or _ends(second[1:])) and _may_be_denied(each, lexicon):
            said_of = found[bisect_left(begins, low - before) : bisect_left(begins, low)]
            if all(one.concept != each.concept for one in said_of):
                words, rule = value[low - before : high + behind], _RULE + flat[low:high]
                yield Mention(each.concept, low - before, high + behind, words, Assertion.NEGATED, rule)


def _ends(rest: str) -> bool:
    return not rest or rest[0] in _ENDS


def _may_be_denied(each: Found, lexicon: Lexicon) -> bool:
    concept = lexicon.concept(each.concept)
    return concept.kind not in _TESTS and not concept.targets(Relation.SIGN_OF)
