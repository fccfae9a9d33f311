"""Named hospitals, employers, schools, offices: full, short and by nickname. Generic places (我院, 外院) stay."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.document import Document
from deid.lists import lines_of
from deid.phrases import Phrases
from deid.recognizers.address import place_names
from deid.spans import Finding
from records.entities import Entity

_HAN: Final = "\u4e00-\u9fff"
_SUFFIX: Final = re.compile(
    r"医院(?:[东西南北新老本总分]院(?:区)?|[^\s,。;:、()]{1,4}(?:院区|分院)|(?:集团|有限公司))?|卫生院"
    r"|诊所|门诊部(?!病)|保健院|保健所|卫生服务(?:中心|站)|卫生室|卫生所|急救中心|血液中心|中心血站"
    r"|疾病预防控制中心|疾控中心|防治院|防治所|防治站|疗养院|体检中心|康复中心|医学中心|诊疗中心|护理院"
    r"|医学检验(?:所|中心|实验室)"
    r"|大学(?:附属[^\s,。;:、()]{0,14}?医院)?|学院|(?:第[一二三四五六七八九十\d]{1,3})?(?:中学|小学|高中"
    r"|初中)|中专|职高|技校|幼儿园|托儿所|学校|党校"
    r"|有限责任公司|股份有限公司|有限公司|分公司|公司|集团|工厂|(?<![工药开])厂|银行|支行|信用社|事务所"
    r"|研究所|研究院|设计院|科学院|出版社|报社|电视台|派出所|公安局|公安分局|交警大队|交警支队|人民法院"
    r"|检察院|法院|监狱|看守所|戒毒所|司法所|养老院|敬老院|福利院|福利中心|老年公寓|救助站|村委会"
    r"|村民委员会|居委会|居民委员会|街道办事处|民政局|卫健委|卫生局|教育局|税务局|供电局|人社局|医保局"
    r"|市政府|县政府|镇政府|超市|商场|商店|酒店|宾馆|饭店|餐馆|饭馆|酒楼|药店|大药房|书店|工作室|合作社"
    r"|农场|林场|煤矿|矿业|油田|车站|电厂|水泥厂|加油站|部队|\d{4,5}部队|物业|教堂|寺"
)
_GENERIC: Final = re.compile(
    r"(?:我|本|该|贵|外|他|其他|其它|某|某某|某[省市县区三]?|当地|本地|外地|外省|外市|异地|上级|下级"
    r"|上一级|基层|社区|乡镇|乡|镇|村|县|市|省|区|县级|市级|省级|区级|地市级|国家级|部级|三甲|三级甲等"
    r"|三级|二级|二甲|二级甲等|一级|综合|综合性|专科|专业|专门|公立|民营|私立|私人|个体|附近|就近|就诊"
    r"|多家|两家|各家|数家|另一|另一家|一家|某家|家|大|小|大型|小型|中|几家|不同|知名|著名|正规|转诊|接诊"
    r"|首诊|定点|医保定点|住院|出院|原|同一|同级|相关|有关|有条件|协作|医联体|所在|户籍所在地|居住地"
    r"|户籍地|兄弟|教学|附属|儿童|精神|妇产|肿瘤|传染病|结核病|眼科|口腔|中医|中西医结合|妇幼|骨科|康复"
    r"|老年|军队|部队|地方|急诊|发热|卫生|护理|人民|职工|上述|以上|两|三|各|每|任何|所有|全国|国内|省内"
    r"|市内|院内|院外|国外|学|大中|中小|民办|公办|寄宿|普通|重点|高等|职业|技术|中等|专科|本科|化工|电子"
    r"|纺织|服装|建筑|机械|制鞋|鞋|造纸|印刷|水泥|食品|家具|五金|塑料|玩具|钢铁|化肥|农药|油漆|电镀|皮革"
    r"|制药|保险|物流|快递|外贸|贸易|装修|互联网|国有|私营|外资|合资|IT|门诊|隔离|方舱|集中|定点收治|周边"
    r"|邻近|邻|旁|家附近|医疗|医学|体检|健康|康复护理|上班|工作|单位|本单位|该单位|原单位|生产|销售|网络"
    r"|连锁|便民|社会|政府|公共|当地某|爱人|丈夫|妻子|儿子|患者|家属|病人|本人)*的?"
)
_STOP: Final = re.compile(
    r"于(?!都|田|洪)|在|至(?!善|诚|德|尊)|到|自(?!治|贡|来水|动)|从(?!化|江)|往|赴|由|经(?!济|纬|贸|开)|送(?!变)"
    r"|转(?!化)|入|去|来(?!宾|安|凤)|是|为(?!民)|系(?!统)|及|与|(?<![协仁德颐祥康太永中泰百义天])和(?!平|田|谐|睦|县"
    r"|静|硕|林|顺|政|龙|睿|美|佳|美家)|或|被|曾|即(?!墨)|遂(?!宁|平|溪|昌)|再|均|已|并|后(?!勤|宅|湖|营)"
    r"|前(?!海|进|锋|卫|郭|门)|时(?!代)|有(?!限|色)|因|予|将(?!乐)|拟|行(?!政|知)|患者"
    r"|家属|其|该|让|请|联系|电话|通知|告知"
    r"|就诊|就读|毕业|就职|任职|工作|上班|住院|打工|退休|退伍|现(?!代)|当地|外院|我院|本院"
    r"|门诊|查|示(?!范)|见|单位|医师|医生"
    r"|主任|护士|教授|母亲|父亲|丈夫|妻子|儿子|女儿|介绍|推荐|建议|要求|采集|来源|委托"
    r"|送检|机构|名称|户籍|负责|承担|研制"
    r"|生产的|进修|实习|供职|的|了|过|向(?!阳|荣)|对(?!外)|按|每|次|月(?!坛|湖|亮|星|浦)"
    r"|年(?!丰)|日(?!照|喀|新)|号(?!楼)"
    r"|级|所在|某|同(?!仁|济|德|和|心|安|江|里|方|仁堂)|以|需|可(?!克)|能(?!源)|开(?!封|化"
    r"|平|原|州|福|远|发|元|阳|鲁|江)"
    r"|做|办理|出具|支付|报销|缴|昨[日晚天]|今[日晨天]|明[日晨]"
    r"|[一二两三四五六七八九十\d][天次]|天(?=在|于|前|后)|现上"
)
_LEFT: Final = re.compile(rf"[{_HAN}A-Za-z0-9·()\-]{{1,30}}$")
_SHORT: Final = re.compile(
    r"(?:(?:省|市|县|区|州|军区|兵团|[京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"|[\u4e00-\u9fff]{2,3}[省市县区])"
    r"(?:立|第)?(?:人民|中心|中医|中|妇幼保健|妇幼|妇产|妇儿|儿童|肿瘤|口腔|眼科|胸科|传染病|精神病"
    r"|精神卫生|红十字|职工|康复|老年|皮肤病|结核病|骨科|脑科|心血管病?|[一二三四五六七八九十]{1,2}"
    r"|\d{1,2})(?:医)?院)"
    r"|(?<=[在于到至往赴从由])[\u4e00-\u9fff]{1,4}(?:大|医|立|市|省|中|学|山|南|北|东|西|州|江|海|京|沙|附)"
    r"第?[一二三四五六七八九十]院(?![士长内子])|[省市县区州](?:卫健委|卫生局|医保局|疾控)|"
    r"(?<=[在于到至往赴从由经回转我是去来：:,、院和与或])第?[一二三四五六七八九十]{1,2}院"
    r"(?![士长内])"
    r"|(?:[\u4e00-\u9fff]{1,2}(?:医|大|中医|科大))附[一二三四五六七八九]院?|附[一二三四五六七八九]院"
    r"|附属[一二三四五六七八九]院|第[一二三四五六七八九十]{1,3}(?:人民|附属|临床)医院|解放军\s?"
    r"(?:第)?\s?\d{2,3}\s?医?院|(?<![0-9])[1-9]\d{2}医院|武警(?:[\u4e00-\u9fff]{1,3})?(?:总队)?医院|(?:海"
    r"|空|陆)军(?:总|特色)?医(?:院|学中心)|\d{2}医院"
)


def _inside_place(name: str, stop: int) -> bool:
    """Whether the stop word ends within the name of a place (自贡, 和田): then it stops nothing."""
    for back in (1, 2, 3):
        place = place_names().at(name, stop - back) if stop >= back else None
        if place and len(place) > back:
            return True
    return False


_FIELD: Final = re.compile(
    r"(?:工作单位(?:及地址|名称|与地址)?|单位(?:名称|地址|及地址)|就读学校|学校(?:名称)?|所在学校|毕业院校"
    r"|医疗机构(?:名称)?|就诊医院|转诊医院|转[入出]医院|送检(?:单位|医院)|申请(?:医院|单位)|报告单位|检测"
    r"(?:单位|机构)|检验机构|医院(?:名称)?|机构(?:名称)?|(?<![位A-Za-z\u4e00-\u9fff])单位|雇主|组织机构"
    r"|出具单位|来源(?:医院|单位)|接收(?:医院|机构)|外院名称|保险公司|委托(?:单位|方))"
    r"(?:\([^()\n]{0,8}\))?\s?[:]\s{0,4}(?P<value>[\u4e00-\u9fffA-Za-z0-9()·\-&]{2,40})"
)
_HOSPITAL_TAIL: Final = re.compile(
    r"(?:医学院|大学)?(?:附属)?(?:第[一二三四五六]|[东西南北新老]区|[\u4e00-\u9fff]{2}分院"
    r"|[\u4e00-\u9fff]{2}院区)?(?:医院|院区)(?:[东西南北新老]院(?:区)?|[\u4e00-\u9fff]{2}院区)?"
)
_NOT_NAMED: Final = re.compile(
    r"^(?:无|不详|未知|无业|退休|农民|务农|自由职业|个体|同上|本院|我院|外院|待业|无单位|无工作单位|暂无"
    r"|其他|职工|学生|在校|务工|打工|家务|在家|未填|未提供|/|-|元|[0-9.\-/]+$|性别|年龄|电话|地址|职业"
    r"|邮编|住址|联系)"
)
_FILLER: Final = re.compile(
    r"(?:性别|年龄|电话|地址|职业|邮编|住址|联系|姓名|民族|科别|科室|住院号|病案号|床号|日期|单位电话)"
)


@cache
def _nicknames() -> Phrases:
    return Phrases(lines_of("hospital_nicknames.txt"))


class Organisation:
    """From a suffix leftwards to where the name begins; short forms and nicknames from patterns and a list."""

    name = "organisation"
    entity = Entity.ORGANISATION

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for match in _SUFFIX.finditer(text):
            start = self._start(text, match.start())
            if start is not None:
                found.append(
                    Finding(
                        start, match.end(), self.entity, "organisation.suffix", 0.85, "name ending like an institution"
                    )
                )
        found += [
            Finding(*match.span(), self.entity, "organisation.short", 0.85, "short form of a hospital")
            for match in _SHORT.finditer(text)
            if not text.startswith(("出院", "住院", "入院"), match.start())
        ]
        for start, name in _nicknames().find(text):
            tail = _HOSPITAL_TAIL.match(text, start + len(name))
            end = tail.end() if tail else start + len(name)
            found.append(Finding(start, end, self.entity, "organisation.nickname", 0.85, "known short name"))
        for match in _FIELD.finditer(text):
            value = match["value"]
            cut = _FILLER.search(value)
            end = match.start("value") + (cut.start() if cut else len(value))
            if end - match.start("value") >= 2 and not _NOT_NAMED.match(value):
                found.append(
                    Finding(
                        match.start("value"),
                        end,
                        self.entity,
                        "organisation.field",
                        0.85,
                        "value of an institution field",
                    )
                )
        return found

    @staticmethod
    def _start(text: str, suffix: int) -> int | None:
        """Where the name before the suffix begins, None when it names nobody."""
        window = text[max(0, suffix - 30) : suffix]
        left = _LEFT.search(window)
        if not left:
            return None
        begin, name = suffix - len(left.group()), left.group()
        stops = [m.end() for m in _STOP.finditer(name)]
        stops = [stop for stop in stops if not _inside_place(name, stop)]
        cut = stops[-1] if stops else 0
        name, begin = name[cut:], begin + cut
        while name and name[0] in "()·-的":
            name, begin = name[1:], begin + 1
        if not name or name[-1] in "(（":
            return None
        if len(name) < 2 and not name.isdigit() and text[suffix : suffix + 2] in ("医院", "学院", "公司", "学校"):
            return None
        generic = _GENERIC.match(name)
        if generic and generic.end() == len(name):
            return None
        return begin
