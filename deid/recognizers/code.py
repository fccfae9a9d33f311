"""Numbers and codes of any kind: what stands after a word for a number, or has the shape of one and measures nothing.

The words before decide the kind; a shape without any is a hospital number.
"""

from __future__ import annotations

import re
import string
from typing import Final

from deid.document import BETWEEN, Document
from deid.held import Held
from deid.leads import Ended, led
from deid.spans import Finding
from records.entities import Entity

_C: Final = r"[0-9A-Za-z*|]"
_N: Final = r"[0-9OoQlI|SBZDz〇*]"  # what a digit may have been read as
_NEXT_FIELD: Final = r"(?![\-/.:]?\d{0,2}\s?[年月日号:岁床周次天时度℃%]|-\d{1,2}-\d|/\d|\.\d)"
_TOKEN: Final = re.compile(rf"{_C}{{1,32}}(?:(?:[\-_/#.~+·]|\s?-\s?|--|\()(?:{_C}{{1,20}}\)?)){{0,6}}")
_SPREAD: Final = re.compile(
    rf"(?:\(\d\d\))?[A-Za-z+]{{0,6}}[ ·\-]{{0,3}}{_N}{{1,12}}(?:[ \-·.]{{1,3}}{_N}{{1,12}}{_NEXT_FIELD}){{0,20}}"
    rf"(?![0-9A-Za-z年月日岁:])"
)
_LABEL_END: Final = led(
    r"(?:[号码卡单位证别带]|ID|N ?[oO](?![a-z])\.?|№)\s?[:.;=\-|\s为是\]】'’\"]{0,5}(?=[A-Za-z0-9(+])"
)
_BROKEN: Final = re.compile(
    rf"{_C}(?:{_C}|[\-_/.](?={_C})){{1,24}}[\-/]?\n {{0,4}}(?=[A-Za-z]{{0,3}}\d)(?!(?:19|20)\d\d[\-/.年])"
    rf"{_C}(?:-?{_C}){{1,20}}(?![0-9A-Za-z\-/.:年月日岁床])"
)
_NUMBER_SIGN: Final = Ended(r"(?<![A-Za-z])N ?[oO]\s?[.:]?\s?$")
_SEP: Final = r"[\s:.,;_=为是系#\-|\[\]〔〕【】<>《》“”\"'‘’`ˊˋ(/]{0,7}"
_NUMBER_WORD: Final = (
    r"(?:编\s?号|号\s?码|序\s?号|编\s?码|代\s?码|识别码|验证码|追溯码|校验码|条\s?码|二维码|单\s?号|码|号|"
    r"(?<![A-Za-z])"
    r"(?:ID|Id|NO|No|N ?o|no|Nr|Num|Number|number|NUMBER|Code|code|CODE|Ref|REF|SN|MRN|PID|EMPI|UID|UUID|HIS|LIS"
    r"|PACS|RIS)"
    r"(?![a-z])|№|#|腕\s?带|血\s?袋|手圈|手环|医\s?保|社\s?保|新?农合|坐席|座席|柜员|操作员|收银员|收费员"
    r"|(?<![A-Za-z])(?:Operator|Technician|User|Licen[cs]e|LICENSE|Permit|Badge|Employee)(?![a-z])|床\s?位|床\s?号"
    r"|床\s?别|卡|证|(?<=[请知验检运账回存联诊院])单"
    r"|[牌票册本]|"
    r"(?<=[收票凭])据|档案|病历|病案|标本|样本"
    r"|蜡块|切片|流水"
    r"|住院|门诊|病理|活检|超声|彩超|胃镜|肠镜|内镜|心电|(?<![A-Za-z])(?:CT|MR|DR|CR|US|PET))"
)
_LABEL: Final = Ended(rf"(?<![0-9]){_NUMBER_WORD}(?:\([^()\n]{{1,8}}\)|[:.]?\s?(?:No|NO|no)\.?)?{_SEP}$")
_STRONG: Final = Ended(
    rf"(?:(?:校验|验证|追溯|识别|防伪|验真|查验|提取|取件|核销)码|编\s?号|号\s?码|序列号|编\s?码|单\s?号|条\s?码"
    rf"|(?<![A-Za-z])(?:ID|No|NO|MRN|PID)(?![a-z])|№|腕\s?带"
    rf"|床\s?[号位别]"
    rf"|[\u4e00-\u9fff]号)(?:\([^()\n]{{1,8}}\)|[:.]?\s?(?:No|NO|no)\.?)?{_SEP}$"
)
# Words for numbers that point to a thing of trade, a classification or a place in a row, not to a person or a paper.
NO_ID: Final = Ended(
    r"(?:型\s?号(?:[:为]?\s?[\u4e00-\u9fff]{2,4})?|仪器|机型|规\s?格|[转流滴]速"
    r"|(?<![A-Za-z])(?:(?:AT|CM|CI)CC|NCTC|CGMCC|DSMZ?|ICD-?1[01]|PIVKA-?[I1l]{2}|PMC?ID|IS[BS]N|CAS|UN|OMIM|ORPHA|chr[0-9XY]{1,2}|(?:GB[ZJT]?|WST?|YY|YZB|HJ|AQ|TB|ISO|IEC)(?:/[TZ])?)"
    r"|[械食妆药]注[准进许]|准字\s?[A-Z]?\d{8}[,、;(\s]{0,3}批\s?号|批准文号|准字|文号|国药"
    r"|(?:(?<!粘弹)剂|[药制苗针液片囊粒丸散膏素醇铂唑啉霉酮宁酸钠钾钙肽抗清毒白])\s?[,(、]?\s?(?:的)?(?:生产)?批\s?号|(?:生产|药品|产品"
    r"|试剂|疫苗)\s?批\s?号|(?:疫苗|接种|[首末一二三四五1-5][针剂]|菌苗|类毒素|球蛋白|上臂|三角肌)[^\n。:;]{0,12}批\s?号"
    r"|信号|符号|括号|代号|问号|型|疾病(?:编码|代码|分类)|诊断(?:编码|代码)|手术(?:操作)?(?:编码|代码)|操作"
    r"(?:编码|代码)"
    r"|ICD[\-0-9A-Za-z]{0,6}\s?(?:编码|代码|码)?|形态学?(?:编码|代码|码)|(?:证[型候]|病[名证种])(?:编码|代码)|(?:药品|项目|医嘱|收费|物价|国标|标准)"
    r"(?:编码|代码)|版本号?|标准号"
    r"|基因|位点|第\s?\d{0,3}\s?号|\d号|[一二三四五六七八九十]号|通道|导联|试验号|染色体|管号|针号|[滴麻]管|尺寸"
    r"|度数|直径|切口|疗程号?|镜片"
    r"|DRG|CPT|LOINC|SNOMED|代码证|药监|字号|度|弹道|帽|球囊|支架|导管|导丝|缝线|色号|口径|邮编|版次?|注册证)[号码]?"
    rf"{_SEP}$"
)
_AFTER_NO_ID: Final = re.compile(
    r" ?(?:mg|ml|mL|ug|μg|kg|mm|cm|nm|MHz|Hz|kV|mAs|mSv|IU|KU|U(?![A-Za-z])|mmol|umol|pmol|copies|拷贝"
    r"|Pa(?![A-Za-z])|bpm"
    r"|kcal|kJ|MBq|mCi"
    r"|[%‰℃°×]|[a-zA-Z]{1,4}/[a-zA-Z]|/(?:ul|uL|μL|mm|L|ml|mL|HP|LP|min|h)|周岁|岁|周|个月|天|日[^期]|次|分"
    r"(?!册)|秒|元|人次?|人份|步|例"
    r"|片|粒|支|个|滴|倍|米|公里|毫|克|升|只|头|亩|年|月|时(?!间)|点|万|亿|千|余|多|张|帧|层|卷)"
)
_QUANTITY_BEFORE: Final = Ended(
    r"(?:[<>=≤≥≈~±×*^+≧≦]|约|达|近|共|至|升至|降至|波动|计数|数量|剂量|滴速|流速|转速|流量|参考值?|范围"
    r"|费用?|金额|合计|总计|自付|报销"
    r"|收入|[￥¥$€]|人民币|(?<![A-Za-z])(?:NT-?pro-?BNP|pro-?BNP|BNP|CK(?:-?MB)?|LDH|AFP|CEA|HCG|AST|ALT|GGT|ALP"
    r"|PLT|WBC|RBC|PSA|DNA|RNA|IgE|IgG"
    r"|CA\s?-?\d{2,3}|SCC|NSE|TnI|hs-?cTn[IT]?|cTn[IT]|Myo|IL-?\d{1,2}|CRP|PCT|FER|EPO|TCT|LCR"
    r"|[A-Za-z]{2,8}%?)\s?[:(]?"
    r"|铁蛋白|肌酸激酶|激酶|肽|二聚体|转氨酶|淀粉酶|脂肪酶|脱氢酶|病毒载量|载量|定量|滴度|绒毛膜|抗原|抗体|蛋白"
    r"|计数|细胞|血小板|红细胞|白细胞|菌落"
    r"|酶|肌钙|总数|面积|体积|容量|热量|能量|心率|步数|强度|波长|频率|像素|矩阵)\s?[:为是(]?\s?$"
)
# A course of treatment by group, disease and year, a trial, an index, what cells bear: CCCG-ALL-2020, KEYNOTE-522.
PROTOCOL: Final = (
    r"(?:HLH|LCH)-(?:94|2[0O]{2}4|I{1,3}|IV)|[A-Z]{3,7}-[BT]?-?(?:ALL|AML|APL|NHL|LBL|HLH|LCH|MDS|NB|HB|WT)"
    r"-(?:19|20)\d\d|(?:[A-Z]{3,7}-)?BFM-?(?:19|20)?\d\d|(?:KEYNOTE|Keynote|MONALEESA|FLAURA|RATIONALE|CHECKMATE"
    r"|Check[Mm]ate|IMPOWER|IMpower|DESTINY|ORIENT|CAMEL|ESCORT|PALOMA)-?[A-Za-z]{0,8}-?\d{1,4}"
    r"|(?:SLEDAI|DAS|CDAI)-?(?:2K|28)?|(?:CD\d{1,3}[a-z]?[+\-/]{0,2}){1,8}|1:\d{4,7}|P[av]C?[O0]2"
)
_MEDICAL_CODE: Final = re.compile(
    r"(?:[A-Za-z]{0,4}\d{2,3}/\d{2,3}(?:-\d{2,3}/\d{2,3})?(?:mmHg)?|\d{1,2}(?:-\d{1,2}){2,3}[Uu]"
    r"|[A-TV-Z]\d{2}(?:\.[0-9xX]{1,4})?(?:[xX+*]\d{0,5})?|M\d{4,5}/\d|\d{2}\.\d{2,4}"
    rf"(?:[xX]\d{{1,4}})?|rs\d{{3,12}}|N[MPCGR]_\d{{5,10}}(?:\.\d+)?|{PROTOCOL}|NCT\d{{8}}"
    r"|ChiCTR[\-A-Za-z0-9]{6,20}|(?:GB|WS|YY|ISO|HG|YZB|SOP)[/\- ]?T?[\- ]?\d{2,6}(?:[.\-]\d{1,4}){0,3}"
    r"|CA\d{2,3}(?:[\-/.]\d{1,4}){0,2}"
    r"|[cgp]\.[0-9A-Za-z_+\->*]{3,30}|chr\d.*|hg(?:19|38)|GRCh\d\d|(?![A-Z]{2,4}-?\d{6})(?:HLA-?[A-Z]*\*?|HPV|EV|CVA|COVID|SARS|MERS"
    r"|PD|IL|CD|CK|VEGF|CYP|EGFR|BMI|SF|PHQ|GAD"
    r"|SCL|HAMD|HAMA|ECOG|KPS|ASA|NYHA|TNM|BI-?RADS|PI-?RADS|LI-?RADS|TI-?RADS|Lung-?RADS|NIHSS|GCS|APACHE"
    r"|CHA2DS2)[\-A-Za-z0-9./_+]{0,16}|PIVKA.*|NRS-?2002|\d{1,8}[A-Za-z]{0,3}/[A-Za-zμ]{1,4}\d?|(?:AT|CM|CI)CC\W?\d+|NCTC\W?\d+|M[01]E[01]S[01]T[012]C[012]|E\d{4}V\d\d|ICD-.*"
    r"|[A-Za-z][A-Za-z\-]{1,9}\d{0,2}(?:\.\d)?\([0-9A-Za-z\-]{2,6}\)?"  # of a clone
    r"|[cpyra]{0,3}T[\dix]s?[a-d]?N\d?[a-cx]?M?\d?[a-c]?.{0,4}|p?T\d[a-z]?N\d?[a-zx]?M?\d?[a-z]?.{0,4}|[TLCS]\d{1,2}(?:[\-/][TLCS]?\d{1,2}){1,4}"
    r"|\d{1,3}[A-Z]{1,2}\d{0,2}|[A-Z]{1,5}\d{1,4}[a-zA-Z]?"
    r"|\d+(?:\.\d+)?[eE][+\-]?\d+|\d{1,4}(?:/\d{1,4}){2,6}(?:Hz|dB|[cm]m|m[gl]|%)?|\d{1,4}/\d{1,4}(?:Hz|dB)|\d{1,3}(?:/\d{1,3}){1,3}|\d{1,4}-\d{1,4}|\d{1,2}(?:\.\d{1,2}){1,3}"
    r"|[A-Za-z]{1,8}-\d{1,3}[A-Za-z]?|[A-Z]\d{1,3}-[A-Z]?\d{1,3}|\d{1,8}(?:IU|KU|WU|MU|[UuLlGgKkWwMmTNVACFHSDB])"
    r"|[A-Z]{1,4}-?[A-Z]?\d?\*\d{2,5}(?::\d{2,3})*|(?!\d)[A-Z0-9]{3,8}\*\d{1,3}[A-Z]?|\d+(?:\.\d+)?mg/m2\S*"
    r"|\d{1,3}(?:[~\-]\d{1,3}){1,4}[cm]m)$"
)
_DISEASE: Final = re.compile(r"[A-TV-Z]\d\d\.[\dxX]{1,4}(?:[xX]\d{3})?|1\d\d\.\d{3}[xX]\d{3}")  # I may have become 1
_BLOOD: Final = re.compile(r"E\d{4}(?:[0-9A-Z]{3})?")  # what a bag of blood holds, the same in all the world
_TIME: Final = re.compile(
    r"(?:1[89]|20)\d\d[\-/.]\d{1,2}(?:[\-/.]\d{1,2})?|\d{1,2}[\-/.]\d{1,2}(?:[\-/.](?:19|20)?\d\d)?|\d{1,2}:\d\d.*"
)
# Fields of a message between bars: who ordered, which message, ward and bed (9F^0917^02).
_MESSAGE: Final = re.compile(
    r"(?<=\|)(?:(?P<place>[A-Z0-9]{1,8}\^\d{2,4}\^[A-Z0-9]{1,4})|(?P<number>[A-Z]{1,4}\d{3,12}(?:-\d{2,6})?))(?=[|^&\n])"
)
_SERVICE: Final = re.compile(r"123(?:45|15|20|33|48)(?=\s?[\u4e00-\u9fff]{0,4}(?:热线|平台|转办|工单|专线|服务))")
_SAYS: Final = frozenset("值约为达示见平扫")  # CT值1180HU: no part of a number
_STOP: Final = frozenset([*"\n,。;、)", ""])
_LISTING: Final = frozenset("、/,;~和及与至")
_OF_TUBE: Final = Ended(rf"[管针]\s?号{_SEP}$")  # its number, where it is more than a size: 管号CT-0423-17
_TUBE, _FOUR, _FEW = 6, 4, 2  # characters and figures
_SHORT: Final = re.compile(r"床\s?[号位别]|工号|座位|房")  # numbers of one or two digits that count
_GOES_ON: Final = re.compile(r"[.,/]\d|\s?[×x^*~]\s?\d")
_WORDS: Final = (
    (Entity.PHONE, r"电话|手机|传真|热线|座机|联系方式|呼叫|短号|分机|Tel|TEL|Phone|Fax|Mobile"),
    (
        Entity.ACCOUNT,
        (
            r"微信|QQ|支付宝|银行|开户|账|户名|车牌|护照|通行证|军官|士兵|士官|驾驶|驾照|行驶证|序列|机身|出厂"
            r"|设备|仪器|起搏|除颤|支架|瓣膜|假体|晶体"
            r"|关节|耳蜗|补片|(?<!审)批\s?号|钢板|锁定板|记录仪|存储卡|制氧机|矫形器|透析器|镇痛泵|镜号|补贴卡|质保卡|植入|监护仪|呼吸机|透析机|机号|机器|IP|MAC|S/?N|UDI|IMEI|储值|社交|快手|抖音|游戏"
            r"|昵称|网名|用户|登录|密码|账号|居留|台胞"
        ),
    ),
    (
        Entity.OTHER_ID,
        (
            r"工号|员工|胸牌|坐席|座席|柜员|操作员|收银员|收费员|Operator|Technician|User|Licen[cs]e|LICENSE|Permit"
            r"|Badge"
            r"|Employee|校验码|防伪码|查验码|警号|执业|资格|学号|学籍|考号|准考|合同|协议|发票|收据|票据|税"
            r"|信用代码|保单|理赔"
            r"|(?<!病)(?<!病 )案|判决|立案|报警|接警|警情|出警|鉴定"
            r"|公证|委托|筛选|随机|入组|受试|试验|研究|课题|科研|项目|伦理|批件|订单|快递|运单|工单|投诉|建议"
            r"|会员|车架|发动机|房产|执照|许可|备案|注册"
            r"|出车|派车|转诊单|转院单|介绍信|通知单|交接单|证明书?|认定|死亡|出生|登记表|报告卡|传染病|上报"
            r"|事件|档案盒|档案|卷宗|煎药|随访编|文件"
            r"|犬|免疫证|许可证|健康证|献血证|接种证|接种本|陪护证|生证|员证|卡片|审批|任务号|诊断书|会诊号|服务编码|药盒|封条|policy|Policy"
            r"|中心编号|救护|航班|车次|座位|包裹|取件|取药|煎膏|提货|房间|房号|门牌|监室|囚|牢"
        ),
    ),
)
_KINDS: Final = led("|".join(f"(?P<{entity}>{words})" for entity, words in _WORDS))


_MORE: Final = re.compile(
    r"\s?(?:[、/,;~]|和|及|与|至)\s?(?P<value>[A-Za-z]{0,4}\d[A-Za-z0-9\-]{2,20})(?![0-9A-Za-z年月日.%:/×床岁]"
    r"|\s?(?:mg|ml|mL|U|次|个))"
)
_PIECE: Final = (
    r"(?:尾号|[后末][三四五六][位码数](?:数字)?)\s?[:为是]{0,2}\s?(?P<tail>[0-9A-Za-z]{3,8})(?![0-9A-Za-z])"
    r"|第\s?(?P<paper>[A-Za-z]{0,4}\d[0-9A-Za-z\-]{2,20})\s?号(?!染|外|内|线|台|楼|门|病)"
    r"|(?P<place>(?:暖箱|保?温箱|培养箱|蓝光箱|辐射台|牙椅|输液椅|透析椅|机位|椅位|层流[床仓])\s?第?\d{1,3}号?"
)
_PLACE: Final = "号(?:暖箱|保温箱|机位|椅位|层流仓)"
_BEFORE_PLACE: Final = Held(_PLACE)
_PART: Final = led(rf"{_PIECE})")
_PART_OR_PLACE: Final = led(rf"{_PIECE}|\d{{1,3}}{_PLACE})")  # several times slower
_LONGEST_LIST: Final = 20
_NUMERALS: Final = re.compile(r"[号码]\s?[:为是]?\s?(?P<value>[〇零一二三四五六七八九]{4,20})(?![\u4e00-\u9fff])")


_BARE: Final = Ended(r"(?:^|[\s,。;)])(?:编\s?号|N[oO]\.?|№)[\s:.]{0,6}[0-9A-Za-z]{0,2}$")  # of the paper itself


def kind_of(before: str) -> Entity:
    """What the words before a number say it is; the nearest word decides."""
    named = [word.lastgroup for word in _KINDS.finditer(before)]
    if named and named[-1]:
        return Entity(named[-1])
    return Entity.OTHER_ID if _BARE.ends(before) else Entity.MEDICAL_ID


_LAST: Final = _LABEL.lasts(BETWEEN)
# What a number without a label begins with: four figures, no year, no day of one, nothing with a point.
_UNNAMED: Final = re.compile(
    r"(?!(?:1[89]|20)\d\d(?:年|[\-/.]\d{1,2}[\-/.]\d{1,2}(?![0-9A-Za-z*|\-_/#.~+·()]|\s-))|[0-9A-Za-z*]{1,32}\.[0-9A-Za-z])"
    r"[\u4e00-\u9fff]?(?:(?:[A-Za-z|\-_/#.~+·()]|\s(?=-)|(?<=-)\s){0,180}[0-9*]){4}"
)
_REACH: Final = 24  # characters before a number that say what it is
_ALNUM: Final = frozenset(string.ascii_letters + string.digits)
_JOINING: Final = frozenset("./^×*+<>≤≥=≈±-")
_LONGEST_PART: Final = 28  # characters of a number that are looked at for the end of a line
_NO_FIGURE: Final = str.maketrans("", "", "0123456789*")
_LIKELY: Final = re.compile(r"[0-9*OolI|]")
_LONG: Final = re.compile(r"[0-9A-Za-z*|](?:[0-9A-Za-z*|]|[\-_/.· ](?=[0-9A-Za-z])){3}")


class Code:
    """Label or shape; the label's words, or their absence, name the kind."""

    name = "code"
    entity = Entity.MEDICAL_ID
    entities = (Entity.MEDICAL_ID, Entity.OTHER_ID, Entity.ACCOUNT, Entity.PHONE)

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = [
            Finding(
                *m.span("value"), kind_of(m.group()), "code.numerals", 0.6, "Chinese numerals after a word for a number"
            )
            for m in (_NUMERALS.finditer(text) if doc.has_numerals else ())
        ]
        if not doc.has_digit:
            return found
        reached = -1
        places = {m.end() for m in _LABEL_END.finditer(text)}
        for at, last, _ in doc.runs:
            if last in _LAST or _LONG.match(text, at):
                left = text[at - 1 : at]
                places.add(self._back(text, at) if left in "-_/" or "\u4e00" <= left <= "\u9fff" else at)
        for at in sorted(places):
            if at < reached or (text.startswith("123", at) and _SERVICE.match(text, at)):
                continue
            finding = self._judge(doc, at)
            if finding is None and "\u4e00" <= text[at] <= "\u9fff":  # it only stands before the number
                finding = self._judge(doc, at + 1)
            if finding:
                found.append(finding)
                end = finding.end
                if text[end : end + 2].lstrip()[:1] in _LISTING:
                    found += self._listed(text, finding)
                reached = found[-1].end
        found += [
            Finding(*m.span(m.lastgroup or 0), kind_of(doc.before(m.start(), 12)), "code.part", 0.6, "part of a number")
            for m in (_PART_OR_PLACE if _BEFORE_PLACE.likely(doc) else _PART).finditer(text)
        ]
        if doc.is_message:
            kinds = {"place": Entity.MEDICAL_ID, "number": Entity.OTHER_ID}
            found += [
                Finding(*m.span(), kinds[m.lastgroup or "number"], "code.message", 0.7, "field of a message")
                for m in _MESSAGE.finditer(text)
            ]
        return found

    @staticmethod
    def _back(text: str, at: int) -> int:
        """Where a number really begins: parts without a digit may stand before it (LNCH-PD-0087, 门051884)."""
        begin = at
        while begin >= 2 and text[begin - 1] in "-_/" and text[begin - 2] in _ALNUM and begin > at - 24:
            begin -= 1
            while begin and text[begin - 1] in _ALNUM and begin > at - 24:
                begin -= 1
        glued = "\u4e00" <= text[begin - 1 : begin] <= "\u9fff"
        if (
            glued
            and text[begin - 1] not in _SAYS
            and _LABEL.stands(text, begin - 1, 12)
            and not _LABEL.stands(text, begin, 12)
        ):
            return begin - 1
        return begin

    @staticmethod
    def _listed(text: str, first: Finding) -> list[Finding]:
        """What goes on after a number with commas or 和, and is as long."""
        out: list[Finding] = []
        end = first.end
        for _ in range(_LONGEST_LIST):
            match = _MORE.match(text, end)
            if (
                not match
                or abs(len(match["value"]) - (first.end - first.start)) > 3
                or not any(map(str.isdigit, match["value"]))
            ):
                break
            out.append(Finding(*match.span("value"), first.entity, "code.list", 0.6, "listed after a number"))
            end = match.end()
        return out

    def _judge(self, doc: Document, at: int) -> Finding | None:
        text = doc.text
        line = self._line(text, at) if _LABEL.may_end(text, at) else ""
        labelled = _LABEL.ends(line)
        apart = self._apart(text, at)
        if not labelled and not (apart and (text[at + 1 : at + 2] == " " or _UNNAMED.match(text, at))):
            return None
        value = self._value(doc, at, labelled)
        if value is None:
            return None
        end, token = value
        digits = len(token) - len(token.translate(_NO_FIGURE))
        if digits < 4 and not labelled:
            return None
        if not token.isalnum() and _TIME.fullmatch(token) and not (labelled and not token[0].isdigit()):
            return None
        line = line or self._line(text, at)
        measured = text[end : end + 1] not in _STOP and _AFTER_NO_ID.match(text, end) is not None
        if labelled and not measured and self._plain_label(line, token, digits):
            if NO_ID.ends(line) and not (len(token) >= _TUBE and digits >= _FOUR and _OF_TUBE.ends(line)):
                return None
            sign = _NUMBER_SIGN.before(text, at, _REACH) if "N" in line else None
            at -= len(sign.group()) if sign and token[0].isdigit() else 0
            end += text.startswith("号", end) and text[end + 1 : end + 2] in _STOP | {" "}
            return Finding(at, end, kind_of(line + token[:2]), "code.label", 0.6, "number after a word for a number")
        if apart and not measured and self._shape(text, at, end, token, digits) and not NO_ID.ends(line):
            return Finding(
                at, end, kind_of(line + token[:2]), "code.shape", 0.5, "shape of a number that measures nothing"
            )
        return None

    @staticmethod
    def _line(text: str, at: int) -> str:
        """What stands before a number in its line, or in the line above where the number begins one."""
        before = text[at - _REACH if at > _REACH else 0 : at]
        return before[before.rfind("\n", 0, -3) + 1 :] if "\n" in before else before

    @staticmethod
    def _value(doc: Document, at: int, labelled: bool) -> tuple[int, str] | None:
        """Where the number ends, and the number without blanks."""
        text = doc.text
        begin = at + ("\u4e00" <= text[at : at + 1] <= "\u9fff")
        spread = _SPREAD.match(text, begin) if labelled or text[at + 1 : at + 2] == " " else None
        plain = _TOKEN.match(text, begin)
        if plain is None and spread is None:
            return None
        torn = labelled and text.find("\n", at, at + _LONGEST_PART) > 0
        if torn and (broken := _BROKEN.match(text, at)) and sum(map(str.isdigit, broken.group())) >= 5:
            return broken.end(), re.sub(r"\s", "", broken.group())
        if spread and (plain is None or spread.end() > plain.end()):
            body = spread.group().replace(" ", "")
            if sum(map(str.isdigit, body)) >= (2 if labelled else 6):
                return spread.end(), body
        if plain is None:
            return None
        token = text[at : plain.end()]
        if "|" in token and doc.bars:  # fields
            token = token[: token.index("|", 1)] if "|" in token[1:] else token
        if "(" in token and token.count("(") > token.count(")"):
            token = token[: token.index("(")]
        token = token.rstrip("-_/#.~+·|(")
        return (at + len(token), token) if token else None

    @staticmethod
    def _plain_label(line: str, token: str, digits: int) -> bool:
        if (
            token.endswith(("cm", "mm"))
            or ("." in token and _DISEASE.fullmatch(token))
            or ("品码" in line and _BLOOD.fullmatch(token))
        ):
            return False
        strong = _STRONG.ends(line)
        if digits == 0 or (digits < 4 and _MEDICAL_CODE.fullmatch(token) and not strong):
            return False
        if strong:
            return len(token) > _FEW or not token.isdecimal() or _SHORT.search(line) is not None
        return digits >= 2 and len(_LIKELY.findall(token)) >= 4

    @staticmethod
    def _apart(text: str, at: int) -> bool:
        """Whether what stands right before a number is no part of it or of a comparison."""
        left = text[at - 1 : at]
        if left == ",":
            return not text[at - 2 : at - 1].isdigit()
        return left not in _JOINING and left not in _ALNUM

    @staticmethod
    def _shape(text: str, at: int, end: int, token: str, digits: int) -> bool:
        if text[end : end + 1] in _ALNUM or _GOES_ON.match(text, end):
            return False
        if _MEDICAL_CODE.fullmatch(token) or "." in token or token[0] == "|":
            return False
        if token.isdigit():
            if len(token) < 5 or _QUANTITY_BEFORE.stands(text, at, _REACH):
                return False
            odd = not token.endswith("00") and (len(token) == 6 or text[at - 1 : at] in "(#:|[")
            return len(token) >= 7 or token[0] == "0" or odd
        return _mixed(token, digits) and not (digits < 7 and _QUANTITY_BEFORE.stands(text, at, _REACH))


def _mixed(token: str, digits: int) -> bool:
    """Whether a token that is not digits alone looks like a number somebody was given."""
    letters = sum(c.isalpha() for c in token)
    if "+" in token or "~" in token or ("/" in token and letters == 0):
        return False
    if letters == 0:
        if re.fullmatch(r"\d\d-\d{4,6}|(?:19|20)\d\d-(?!(?:19|20)\d\d$)\d{3,6}", token):
            return True
        return digits >= 7 and "-" in token and not re.fullmatch(r"\d{1,6}-\d{1,6}", token)
    if sum(c.isupper() for c in token) != letters:
        return digits >= 7
    return digits >= 5 or (digits >= 4 and "-" in token and letters >= 2)
