"""Dates that say less than a month and its day: a day, a month or a short year alone, and the old calendars."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import led
from deid.recognizers.date_parts import CLOCK, CN_DAY, PART, TERM, TIME
from deid.spans import Finding
from records.entities import Entity

# What people do on a day, or what happens then: 21日更换, 9号来过.
_DONE: Final = (
    r"(?:起(?![效伏搏病坐立])|更换|换(?!药窗)|来|去|到|回|出院|入院|住院|转[院入出科]|手术(?![室间台刀])|术前"
    r"|复[查诊]|才|就|再|又|已|还"
    r"|拔|拆|抽血|抽的|做[过了的]?(?=[\u4e00-\u9fff])|查(?!房)|开[始的了]|送(?!药窗)|交|报|补|打[过了的]|接[的走到]"
    r"|发(?:现|热|烧|病|作|的)"
    r"|签|约|停|走|没|未|突|因|在|由|与|被|返|离|上[午班门学]|下午|当[天日晚]|那[天晚]|止|截止|之?前(?:来|去|后|往"
    r"|到)|前后)"
)
_DAY_ALONE: Final = re.compile(
    r"(?<![0-9A-Za-z.\-~月第每共满近])(?<!(?<!改)约)(?<!(?<!最[迟晚]不能超)(?<!最[迟晚]不超)过)"
    r"(?P<value>(?:[012lI]?[1-9OlI]|[123]0|3[01O])[ \n]?(?:[日曰](?!龄|均|间|内"
    r"|前(?![来往去])|后)"
    r"|号(?!线|台|楼|门|针|染))"
    rf"(?P<time>{TIME}))"
    r"(?P<plain>(?<=[日曰])(?!内|后|前(?![来往去])|均|龄|间|以|来|余|疗|用量|尿|量|入|三|[1-9]|剂"
    r"|用(?![\u4e00-\u9fff]{2}(?<![药量氧法完毕].))|未解|一次)(?=[\u4e00-\u9fff,。;、)\s]|$|\d)"
    rf"|(?<=号)(?=[出入行去来复)])|(?P<done>(?={_DONE})))?"
)
_DAY_LEFT: Final = re.compile(
    r"(?:[,。;:\n(、于至到自从]|^)\s{0,3}$|(?:[归限]还|借出|[复就]诊|复查|拆线|[取领]药|领取|返院|预约)\s$|改约$|过$"
)
_COUNTED: Final = re.compile(
    r"(?:住院|入院|服药|用药|治疗|发热|连[用服续]|间隔|持续|病程|共|每|第|疗程|[0-9一二三四五六七八九十][剂付帖]"
    r"|煎服|分|[术产伤病疗生药物针植院痛]后|孕|隔|近)[^\n。]{0,4}$"
)
_SENTENCE: Final = re.compile(r"(?:[。\n]|^)\s{0,3}$")
_URINE: Final = re.compile("尿[量少色常蛋红]")  # 12日尿量约300ml; 利尿,3日尿量 counts
_THING: Final = re.compile(
    r"(?:[机仪泵器箱柜门窗炉罐镜舱梯椅]|(?<![坐乘开])车|(?<![期夜])间|[诊教]室)\s?$"
)  # 呼吸机5号 is no day
# What lasts for days: 抗炎3日停药, 腹泻2日来诊.
_LASTS: Final = re.compile(
    r"(?:[药疗热痛泻吐咳嗽炎肿血晕闷促麻痒疹黄秘胀悸衰闭便睡食饮氧液素霉林松醇星唑程经潮敷注滴输吸服用治养察息床假离管观]"
    r"|不[\u4e00-\u9fff]|[已达仅尚历有余连]|乏力|不适|无力|障碍|困难|异常|加重|反复|昏迷|抽搐|失眠|[0-9a-zA-Z%])\s?$"
)
_MONTH_ALONE: Final = re.compile(
    r"(?<![0-9个A-Za-z.十零〇年满近半约第])(?P<value>(?:1[0-2]|[1-9lI]|十[一二]?|[一二三四五六七八九])月(?:份|初"
    r"|底|末(?! ?痰)|间(?![断隔歇])|上旬|中旬|下旬))"
    r"|(?:[于自从至到]|[。;,\n]\s{0,4})(?P<bare>(?:1[0-2]|[1-9])月(?=\s?起|\s?(?:在|因|于|行|曾|又|再次|经|赴|回"
    r"|开始|出现|住院|已|仍|再)))(?<!\d)"
    # Where a sentence begins, a month and what happened then; counts of months and what children can do by then stay.
    r"|(?:^|[。;\n(]|(?:^|[\s。;(])\d[.、)]|(?<!\d)\.)\s{0,4}(?P<first>(?:1[0-2]|[1-9])月)(?= ?[\u4e00-\u9fff]{2})"
    r"(?! ?(?:起[坐夜身床立]|[份初底末上中下余前后来内以间大龄未不多婴幼小男女患病复随体胎疗会能独]"
    r"|[翻坐爬站走抬认笑说叫添断出逗追抓握]"
    r"|[换萌接种疫日号个天次至到或和及]))"
    r"|(?:^|[。;\n(]|(?:^|[\s。;(])\d[.、)]|(?<!\d)\.)\s{0,4}(?P<born>(?:1[0-2]|[1-9])月)(?= ?接[羔生待送诊到])"
    # Any month from which something goes on, and one that an appointment or a reason names with its event.
    r"|(?<![0-9个A-Za-z.十零〇年满近半约孕娠龄第后每共经药程])(?P<since>(?:1[0-2]"
    r"|[1-9]|十[一二]?|[二三四五六七八九])月)(?=起(?![坐夜效立身床搏会])(?!添|加辅))"
    r"|(?:预?约(?:定|好|于|在)?|[定改]于|因[:]|[因况史由拟定]:)\s{0,2}(?P<event>(?:1[0-2]|[1-9])月)"
    r"(?=[\u4e00-\u9fff]{0,6}(?:上门|复[查诊]|住院|入院|出院|手术|随访|抽血|体检|摔|车祸|感染|肺炎|骨折|化疗|放疗"
    r"|来院|来诊|再来|取))"
    r"(?!余|前|后|来(?![院诊])|内|龄)"
    # What is planned for a month after a comma, what somebody did in one, films of one; counts of months stay.
    r"|[,;]\s?(?P<planned>(?:1[0-2]|[1-9])月)(?=质控|开会|例会|复[查诊](?![^\n,。;]{0,4}一次)"
    r"|随访(?![^\n,。;]{0,4}一次)"
    r"|讨论|病理|回报|入组|停药|换[药方]|拔管|手术|分娩|去世|出院|住院|上报|考核|体检|检查)"
    r"|(?:[父母]亲|[妻儿]子|女儿|丈夫|老伴|[孙弟妹哥姐]|[他她拟定]|计划|预计|预约)(?P<did>(?:1[0-2]|[1-9])月)"
    r"(?=[\u4e00-\u9fff])(?![份初底末上中下余前后来内间以大龄未不没无多体婴会能断号日每一二两三])"
    r"|(?<=[看用调与和])(?P<film>(?:1[0-2]|[1-9])月)(?=[的]?[旧老前]?(?:片(?![剂区])|CT|MR|彩?超|报告|结果))"
)
_SPENT: Final = re.compile(r"(?:\d\s?月|术后|[疗药后每隔满龄孕])[^\n。;]{0,8}[,;]$")  # what else is counted in months
_OLD: Final = re.compile(
    rf"[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?(?:闰?[一二三四五六七八九十正冬腊]{{1,2}}月"
    rf"|(?<=年)(?:{TERM})节?(?:[之以]?[前后](?:[一二三四五六七八九十两数]{{1,2}}[日天])?|[当翌次]日|日)?"
    rf"|[仲孟季暮初深晚]?[春夏秋冬])?(?:\s?{CN_DAY}[日号]?|[上中下]旬"
    rf"|(?<=月)(?:既?望|[朔晦])日?"
    rf"|[初末])?(?<=[朔望晦年月日天号旬初末春夏秋冬一二三四五六七八九十前后节至分暑寒水蛰明雨满种露降雪夕午阳])"
    r"(?<![子丑寅卯辰巳未申酉戌亥])(?<![甲乙丙丁戊己庚辛壬癸]午)"
    r"|[贰壹](?:[零〇]|玖)[零〇壹贰叁肆伍陆柒捌玖拾]{2}年(?:[零壹贰叁肆伍陆柒捌玖拾一二三四五六七八九十]{1,3}月"
    r"(?:[零壹贰叁肆伍陆柒捌玖拾廿一二三四五六七八九十]{1,4}[日号]?)?)?"
    r"|(?:(?<=[\u4e00-\u9fff,。;:\s(\"“])"
    r"|(?<![\s\S]))闰?[一二三四五六七八九十]{1,2}月(?:[廿卄卅](?:\s?[一二三四五六七八九])?"
    r"|初\s?[一二三四五六七八九十]|(?:[二三]\s?)?十(?:\s?[一二三四五六七八九])?"
    rf"|[一二三四五六七八九])(?![日号天个次年分岁周月余多几一二三四五六七八九十]"
    rf"|[一二三四五六七八九]?[次周天]){TIME}"
)
# Days of the moon's month by themselves (廿二止); the classes of schools are called 初一 to 初三.
_MOON_DAY: Final = led(
    r"(?<![月一二三四五六七八九十百])(?:[廿卄][一二三四五六七八九](?![味年岁载余五史多日月指条件名人个句天里都铺])[日号]?"
    r"|(?<=[于自至到从了,。;:\n(过是约年在及、])初(?:[四五六七八九十](?![中级班年诊])"
    r"|[一二三](?=[日号晨早晚夜上下来去复止起前后那再又午,。;]|到|至|开))[日号]?)"
    rf"{TIME}"
)
# A day in numerals with nothing but 号, or on which a time is named.
_WORD_DAY: Final = re.compile(
    rf"(?<![月第每零〇一二三四五六七八九十百年日号])(?:{CN_DAY}号(?:{TIME}(?<!号)|(?={_DONE}))"
    rf"|(?:[廿卄][一二三四五六七八九]?|二?十[一二三四五六七八九]|[二三]十"
    rf"|三十一)(?<![术后共约近满].)(?<![术后共约近满]..)日(?:(?:{PART}|{CLOCK})(?:{CLOCK})?|(?={_DONE})))"
)
_COUNTED_WORD: Final = re.compile(r"(?:[第每共约近满治服连持]|[术产伤病疗生药]后|[院孕隔])[\u4e00-\u9fff]{0,3}$")
_OLD_SIGN: Final = led(
    r"[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]|[贰壹][零〇玖]|月[初廿卄卅一二三四五六七八九十]"
)
_MONTH_SIGN: Final = re.compile(r"[0-9lI一二三四五六七八九十]月\s?[\u4e00-\u9fffCM]")
_SHORT_YEAR: Final = re.compile(
    r"(?:^|(?<=[,。;:(\s自于在从至到]))['’]?(?P<born>[1345]\d年(?=生(?![产理活命长])))"
    r"|(?:^"
    r"|(?<=[,。;:(\n、]))['’]?(?P<told>[5-9]\d年(?=[\u4e00-\u9fff]{2})(?![来前后余间以内史龄代左右多如底初末春夏秋冬烟酒工婚教党军病从务的]))"
    r"|(?:^|(?<=[,。;:(\s自于在从至到]))['’]?(?P<value>(?:[6-9]\d|0\d)年[初底末春夏秋冬]?)"
    r"(?=[因行患诊曾做在发出入开起确查体外置装植切剖摔住春夏秋冬初底末下结生毕参退离丧调接感,。、])"
    r"|(?:^|(?<=[,。;:(\n、]))['’]?(?P<since>[12]\d年)(?=因|于|曾(?!祖)|做[过了]?[\u4e00-\u9fff]|确诊|查出|体检"
    r"|住院|手术|摔|车祸|结婚|离婚|退休)"
    r"|(?<![0-9.第近约满达超逾])(?P<end>(?:[5-9]\d|[0-2]\d)年年?(?:底(?![物部线座])|末(?![次梢端期])))"
)
_SHORT_YEAR_SIGN: Final = re.compile(r"\d\d年(?<![0-9]\d\d年)")
# From one day, month or year to another.
RANGE: Final = led(
    r"(?:(?:19|20)\d\d\s?年\s?)?(?<![0-9.])\d{1,2}\s?月\s?\d{1,2}"
    r"(?:\s?[日号])?(?:\s?[\-~、,至到和及]\s?\d{1,2}){1,6}\s?[两三四五]?[日号]"
    r"|(?<![0-9.])(?:1[0-2]|[1-9])\s?月\s?\d{1,2}\s?[\-~至到]\s?(?:1[0-2]|[1-9])\s?月\s?\d{1,2}(?:\s?[日号]"
    r"|(?=[,。;、)\s]|$))"
    r"|(?<![0-9A-Za-z.])(?:19|20)\d\d\s?年?(?:\s?[\-~至到、,和及与/]{1,2}\s?(?:(?:19|20)\d\d\s?年?"
    r"|\d\d\s?(?=[年\-~至到、])年?)){1,6}"
    r"(?<=年)(?![龄级前后])"
    r"|(?<![0-9.])(?:19|20)\d\d\s?年\s?\d{1,2}\s?[\-~至到、,和及]\s?\d{1,2}\s?月"
    r"|(?<![0-9.])[012]\d年(?:[、和及][012]\d年)+|(?<=[于自至])[12]\d[./](?:1[0-2]"
    r"|0?[1-9])(?=\s?[行复手在因确住诊起开发做查])"
    r"|(?<![0-9.])(?:1[0-2]|[1-9])\s?[\-~至到、]\s?(?:1[0-2]|[1-9])月(?:份|间(?![断隔歇])|初|底|[上中下]旬)"
    r"|(?<![0-9A-Za-z.])(?:19|20)\d\d[./]\d{1,2}\s?[\-~至到]{1,2}\s?(?:(?:19|20)\d\d[./])?\d{1,2}(?![0-9./])"
)
MONTH_YEAR: Final = re.compile(r"(?<![0-9A-Za-z/.\-])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?![0-9/.])")
# A tube or a label that says its day in four digits.
_TUBE: Final = Held(
    r"(?:写(?:的|成|着|了)(?:是)?|标(?:的|成|着|注|签)(?:是)?|[贴错写标认看]成(?:了)?|(?:管子|瓶子|袋子|标签"
    r"|盒子)上?(?:写|标|贴|是)(?:的|着)?(?:是)?)"
    r"[:\"“]?\s?(?P<value>(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![0-9A-Za-z%.:\-/]|\s?[单毫升支元个])"
)


def day_alone(text: str, at: int) -> Finding | None:
    """The day of a month: with its part of the day or its clock time, where a clause begins, or with what is done."""
    alone = _DAY_ALONE.match(text, at)
    if not alone:
        return None
    left = text[max(0, at - 8) : at]
    begins = _DAY_LEFT.search(left[-4:]) is not None
    counted = _COUNTED.search(left.rstrip(" ,。;:")) is not None
    plain = alone["plain"] is not None or alone["done"] is not None
    sentence = _SENTENCE.search(left) is not None or (begins and text[at + 1].isdigit())
    plain = plain or (sentence and _URINE.match(text, alone.end("value")) is not None)
    if text[alone.end("value") - 1] == "号" and _THING.search(left):
        return None
    done = not plain or begins
    if not begins and re.match(_DONE, text[alone.end("value") : alone.end("value") + 4]):
        done = not _LASTS.search(left) and ("\u4e00" <= left[-1:] <= "\u9fff" or left[-1:] == " ")
        plain = plain or done
    torn = "\n" in alone.group() and left[-1:] == " "
    if counted or not (torn or alone["time"] or (plain and done)):
        return None
    return Finding(*alone.span("value"), Entity.DATE, "date.day", 0.6, "day of the month alone")


def months_alone(text: str) -> list[Finding]:
    """Months by themselves."""
    found = []
    reached = 0
    for sign in _MONTH_SIGN.finditer(text):
        match = _MONTH_ALONE.search(text, max(reached, sign.start() - 8), sign.end() + 8)
        if match and not (match["planned"] and _SPENT.search(text, max(0, match.start() - 12), match.start("planned"))):
            reached = match.end()
            found.append(Finding(*match.span(match.lastgroup or 0), Entity.DATE, "date.month", 0.6, "month alone"))
    return found


def listed_months(text: str) -> list[Finding]:
    """Three months or more in a list, one of them by which no course is counted: 7月、9月、12月."""
    found = []
    for match in _LISTED_MONTHS.finditer(text) if "月、" in text else ():
        months = list(_ONE_MONTH.finditer(text, *match.span()))
        numbers = [int(month[1]) for month in months]
        rising = all(one < other for one, other in pairwise(numbers))
        if (
            rising
            and not _COUNTS.issuperset(numbers)
            and not _COURSE.search(text, max(0, match.start() - 8), match.start())
        ):
            found += [Finding(*month.span(), Entity.DATE, "date.months", 0.6, "months in a list") for month in months]
    return found


_LISTED_MONTHS: Final = re.compile(
    r"(?<![0-9.、~\-])(?:1[0-2]|[1-9])月(?:、(?:1[0-2]|[1-9])月){2,11}(?![龄余前后来内以婴大小各一二三接、\d]|的[婴患宝幼])"
)
_ONE_MONTH: Final = re.compile(r"(\d{1,2})月")
_COUNTS: Final = frozenset({1, 2, 3, 6, 9, 12})  # months after which patients are seen again
_COURSE: Final = re.compile(r"(?:[术疗产伤病药停生孕龄满每第后隔]|出院|接种|间隔)[^\n。;()]{0,4}$")


def short_year(text: str, at: int) -> Finding | None:
    """A year of two digits where a clause begins, or with its end."""
    begin = max(0, at - 2)
    short = _SHORT_YEAR.search(text, begin, at + 12) if _SHORT_YEAR_SIGN.search(text, begin, at + 12) else None
    if not short or short.start(short.lastgroup or 0) > at:
        return None
    why = "year of two digits where a clause begins"
    return Finding(*short.span(short.lastgroup or 0), Entity.DATE, "date.short_year", 0.6, why)


def in_words(doc: Document) -> list[Finding]:
    """What old calendars and formal numerals say, days of the moon's month, days in numerals."""
    text, found = doc.text, []
    if _OLD_SIGN.search(text):
        why = "old calendar or formal numerals"
        found += [Finding(*m.span(), Entity.DATE, "date.old_calendar", 0.8, why) for m in _OLD.finditer(text)]
    if "廿" in text or "卄" in text or "初" in text:
        why = "day of the moon's month"
        found += [Finding(*m.span(), Entity.DATE, "date.moon_day", 0.6, why) for m in _MOON_DAY.finditer(text)]
    for sign in _WORD_DAY_SIGN.finditer(doc):
        at = last = sign.start()
        while at and text[at - 1] in _NUMERALS and at > last - _LONGEST_DAY:
            at -= 1
        while at < last and not ((match := _WORD_DAY.match(text, at)) and match.end() > last):
            at += 1
        match = _WORD_DAY.match(text, at)
        left = text[max(0, at - 6) : at]
        if match and ("号" in match.group() or not _COUNTED_WORD.search(left)):
            found.append(Finding(*match.span(), Entity.DATE, "date.word_day", 0.6, "day of the month in numerals"))
    return found


def on_tubes(doc: Document) -> list[Finding]:
    """Month and day in four digits, as written on a tube."""
    why = "month and day that a label says"
    return [Finding(*m.span("value"), Entity.DATE, "date.tube", 0.6, why) for m in _TUBE.finditer(doc)]


_NUMERALS: Final = frozenset("一二三四五六七八九十廿卄卅初 \n")
_LONGEST_DAY: Final = 4  # characters of a day before its last
_WORD_DAY_SIGN: Final = Held("[一二三四五六七八九十廿卄卅][日号](?![均间龄内])")
