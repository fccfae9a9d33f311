"""What dates and clock times are written from, each piece with the damage that typists and scanners do to it."""

from __future__ import annotations

from typing import Final

DIGIT: Final = "[0-9OoQDlI|ZSB]"  # a digit, or a letter that was read for one
GAP: Final = r"[ \n]{0,2}"  # what tears a number: blanks, the end of a line
MARK: Final = "[日号曰目囗口白臼旦]"
YEAR: Final = rf"[12lIZ|]{GAP}[90OoQD8]{GAP}{DIGIT}{GAP}{DIGIT}"
MONTH: Final = rf"(?:[01OoQDlI|]{GAP})?{DIGIT}"
DAY: Final = rf"(?:[0-3OoQDlIZ|]{GAP})?{DIGIT}"
CN_DAY: Final = (
    r"(?:初\s?[一二三四五六七八九十]|[廿卄卅](?:\s?[一二三四五六七八九])?|三\s?十(?:\s?一)?"
    r"|(?:二\s?)?十(?:\s?[一二三四五六七八九])?|[一二三四五六七八九])"
)
# The terms of the sun's year and the feasts by which days are told.
TERM: Final = (
    "春节|除夕|元旦|元宵|清明|端午|端阳|中秋|重阳|国庆|七夕|腊八|小年|中元|寒食|立[春夏秋冬]|[冬夏]至|[春秋]分"
    "|[大小][寒暑]"
    "|雨水|惊蛰|谷雨|小满|芒种|处暑|白露|寒露|霜降|[大小]雪"
    "|大年(?:初[一二三四五六七八九十]|三十|夜)|年三十|圣诞|平安夜|万圣|感恩|情人|[父母]亲(?=节)|劳动(?=节)"
    "|妇女(?=节)|儿童(?=节)|教师(?=节)"
)
PART: Final = (
    "(?:[前后上下]半夜|一?大清?早上?|晌午|天[亮黑]前?|鸡叫时?|上午|下午|中午|正午|晚上|晚间|当晚|凌晨|清晨"
    "|早晨|早上|清早|一早|傍晚|黄昏|夜间|深夜|半夜|午夜|子夜|午后"
    "|午间|夜里|拂晓|黎明|晨间"
    "|晨(?![僵勃])|晚(?![期饭餐发年])|早(?![期产熟孕饭餐搏泄衰发逝])|夜(?![尿盲班啼惊])|AM|PM|am|pm)"
)
_OLD_HOUR: Final = "[子丑寅卯辰巳午未申酉戌亥][时刻](?:[初正末]|[一二三四]刻|许)?"
_HOUR: Final = rf"(?:[01OoQlI|] ?{DIGIT}|2 ?[0-4OolI|]|[0-9lI|])"
_MINUTE: Final = rf"(?:[0-5OoQlI|SZ] ?)?{DIGIT}"
_ZONE: Final = r"(?:\.\d{1,6})?(?:Z|[+\-]\d\d:?\d\d| \+\d{4}(?!\d)| (?:GMT|UTC|CST)(?![A-Za-z]))?"
_UNIT: Final = r"(?![0-9A-Za-z.]|\s{0,2}(?:[A-Za-z%×*^↑↓/μ]|[元次步个片粒支毫克升单万千]))"
COLON_CLOCK: Final = (
    rf"{_HOUR} ?[:;]{GAP}{_MINUTE}(?![0-9]|[A-Za-z](?!\.?[Mm]))(?: ?[:;.] ?[0-5OoQlI|S] ?{DIGIT}(?![0-9]))?{_ZONE}"
    r"(?:\s?[AaPp]\.?[Mm]\.?)?"
)
CLOCK: Final = (
    rf"(?:{COLON_CLOCK}|{_HOUR}\s?[时点](?!间|位|状)(?:\s?{_MINUTE}\s?分(?:\s?{_MINUTE}\s?秒)?|钟?(?:半|许|整|左右"
    rf"|多|余)"
    rf"|[一三]刻|[0-5]\d(?![0-9]))?钟?|(?:1[0-2]|0?[1-9]) ?[AaPp][Mm](?![A-Za-z])|(?:[01]?\d|2[0-4])[\-~](?:[01]?\d"
    rf"|2[0-4])[时点]|(?:[01]?\d|2[0-3])[hH][0-5]\d(?![0-9A-Za-z])|{_OLD_HOUR}"
    r"|[一二两三四五六七八九十]{1,3}[时点](?:[一二三四五六七八九十]{1,3}分|半|许|整|一刻|三刻)?)"
)
# After a date also a clock time without its colon, after a whole one with a full stop for it.
_BARE_CLOCK: Final = rf"(?:[01]?\d|2[0-3])[.\-][0-5]\d{_UNIT}"
_FOUR: Final = rf"(?:[01OlI]\d|2[0-3])[0-5OlI]\d(?:[0-5]\d)?{_UNIT}(?![年月日时点]|[:\-]\d)"
_WEEKDAY: Final = (
    r"\s{0,2}(?:\(?(?:周|星期|礼拜)[一二三四五六日天]\)?|\([一二三四五六日]\)"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}(?![A-Za-z])\.?)"
)
TIME: Final = rf"(?:{_WEEKDAY})?(?:[\s,T~_\-/.]{{0,3}}(?:{PART}\s?)?{CLOCK}| {_FOUR}|[\s,]{{0,2}}{PART})?"
TIME_OF_WHOLE: Final = (
    rf"(?:{_WEEKDAY})?(?:(?:[\s,T~_\-/.]{{0,3}}| at )(?:{PART}\s?)?{CLOCK}|[\s,T_]{{1,2}}(?:{_BARE_CLOCK}|{_FOUR})"
    rf"|(?<=[日号]){_BARE_CLOCK}|[\s,]{{0,2}}{PART})?"
)
TIME_BESIDE: Final = rf"(?:[ ,T]{{0,2}}(?:{PART}\s?)?{CLOCK}| {_FOUR}| ?{PART})?"
_CONFUSED: Final = str.maketrans("OoQDlI|ZSB", "0000111258")


def number(text: str) -> int:
    """The value of digits that may be torn or misread; -1 if it is none."""
    if text.isdecimal():
        return int(text)
    plain = "".join(text.split()).translate(_CONFUSED)
    return int(plain) if plain.isdecimal() else -1


def is_day(month: int, day: int) -> bool:
    """Whether there is such a day of such a month, in some year."""
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in _SHORT_MONTHS else 31)


_SHORT_MONTHS: Final = frozenset({4, 6, 9, 11})
