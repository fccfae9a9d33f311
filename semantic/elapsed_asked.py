"""What a question says of how long something lasts, or how long ago it was: "糖尿病十年以上", "stroke a year ago"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from semantic.concepts import Lexicon, Wish
from semantic.elapsed import SPAN, days, gestational
from semantic.lab_values import Bounds
from semantic.lexicon_concept import ConceptKind

_MORE: Final = (
    r"超过了?|大于|长于|多于|(?<![不未])已?满|至少|不少于|不低于|>=|≥|>|"
    r"more than|longer than|greater than|at least|over|beyond"
)
_LESS: Final = (
    r"最近|过去|近|不足|不到|[未不]满|小于|少于|短于|<=|≤|<|"
    r"within|less than|under|fewer than|shorter than|up to|no more than|"
    r"(?:in|during|over|within)\s+the\s+(?:last|past|previous|first)|(?:last|past)"
)
_LIMIT: Final = re.compile(
    rf"(?:(?P<least>{_MORE})|(?P<most>{_LESS}))?\s*(?:the\s+)?(?:last\s+|past\s+)?(?:{SPAN})\s*"
    r"(?:(?P<above>及?以上|之上|or (?:more|longer|over|above)|and (?:more|longer)|以前|plus)"
    r"|(?P<below>及?以内|之内|内|以下))?(?P<ago>之?前|\s*(?:ago|earlier|before|previously))?"
)
_WITH_ITS_END: Final = ("满", "已满", "至少", "不少于", "不低于", "at least", "≥", ">=")
_NO_TIME: Final = re.compile(r"(?:孕周?|妊娠|胎龄|每|隔|\bevery|\bage[d]?|\bage of)\s*$")
_NO_TIME_BEHIND: Final = re.compile(r"\s*(?:岁|龄|old|of age|gestation)")
_NEAR: Final = 12  # characters
_BEGAN: Final = re.compile(r"发病|起病|症状|就诊|onset|symptoms?|seen\b")
# What the words around it say of the same, which go with it.
_AROUND: Final = re.compile(
    r"(?:发病|起病|症状出现|病史|病程|史|已经?|患|刚刚?|新|发生|的|就诊|后|of|onset|symptoms?|seen|known|for|since|had|history|that|was|were|diagnosed|，|,|\s)++"
)
_PERIOD: Final = re.compile("近|过去|last|past|previous")
_HAPPENS: Final = re.compile("发生|新|刚|突发|出现|确诊|起病|发病")
_AFTER: Final = re.compile(r"后\s*$")
_AFTER_NAME: Final = re.compile(r"\s*(?:以?后的?|之后|术后|第)\s*$")
_BEFORE_NAME: Final = re.compile(
    r"\s*(?:of|after|following|since|from)\s+(?!(?:symptom|disease)?\s?onset|symptoms)(?:an?\s|the\s)?"
)


@dataclass(frozen=True, slots=True)
class Lasting:
    """A time in a question: where it stands with the words that go with it, the wish it is about, and its bounds in
    days; `began` where it counts from the beginning of an illness."""

    start: int
    end: int
    wish: Wish
    bounds: Bounds
    began: bool


def lasting(flat: str, wishes: Sequence[Wish], lexicon: Lexicon) -> Iterator[Lasting]:
    """Each time with a limit in a question, and which of the wishes it is about. "The last two weeks" may mean the
    records of that time: it is about a wish only where that is done or happens."""
    for match in _LIMIT.finditer(flat):
        more = match["least"] or match["above"]
        less = match["most"] or match["below"]
        if not wishes or bool(more) == bool(less):
            continue
        before = flat[max(0, match.start() - _NEAR) : match.start()]
        if _NO_TIME.search(before) or _NO_TIME_BEHIND.match(flat, match.end()) or gestational(match, before):
            continue
        value = days(match)
        ends_in = bool(match["above"]) or match["least"] in _WITH_ITS_END
        bounds = Bounds((), low=value, low_in=ends_in) if more else Bounds((), high=value, high_in=True)
        wish = _about(flat, match, wishes)
        if wish is not None:
            start, end = _with_words(flat, match.span(), wishes)
            done = lexicon.concept(wish.concept).kind is ConceptKind.PROCEDURE
            if less and _PERIOD.search(match.group()) and not done and not _HAPPENS.search(flat[start:end]):
                continue
            yield Lasting(start, end, wish, bounds, _BEGAN.search(flat[start:end]) is not None)


def _about(flat: str, match: re.Match[str], wishes: Sequence[Wish]) -> Wish | None:
    """The wish that the time counts from: that of "X后…内", "within … of X", else the nearest."""
    free = [wish for wish in wishes if wish.end <= match.start() or match.end() <= wish.start]
    for wish in free:
        if match.end() <= wish.start and _BEFORE_NAME.fullmatch(flat, match.end(), wish.start):
            return wish
    for wish in free:
        if wish.end <= match.start() and _AFTER_NAME.fullmatch(flat, wish.end, match.start()):
            return wish
    if _AFTER.search(flat[: match.start()]) or _BEFORE_NAME.match(flat, match.end()):
        return None  # it counts from something without a name
    return min(free, key=lambda wish: max(match.start() - wish.end, wish.start - match.end()), default=None)


def _with_words(flat: str, span: tuple[int, int], wishes: Sequence[Wish]) -> tuple[int, int]:
    start, end = span
    low = max((wish.end for wish in wishes if wish.end <= start), default=0)
    high = min((wish.start for wish in wishes if wish.start >= end), default=len(flat))
    behind = _AROUND.match(flat, end, high)
    ahead = next((at for at in range(low, start) if _AROUND.fullmatch(flat, at, start)), start)
    return ahead, behind.end() if behind else end
