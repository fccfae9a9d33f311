"""Other children and people nearby, what to do if it comes, what was meant and left, and names that fall short of
their limits: families of ward notes, each with sentences that only look like them. Invented; rules alone."""

from __future__ import annotations

import pytest

from records.mentions import Assertion
from records.texts import CleanText
from semantic.assertion import annotate
from semantic.assertion_words import spoken
from semantic.concepts import Lexicon

OWN = {Assertion.PRESENT, Assertion.PAST, Assertion.PROBABLE}

# Text | the words asked about | what holds of them; "own" is whatever is the patient's.
TWINS = """
双胎之次，鼻塞无喘，双胎之长昨收住，毛细支气管炎 | 毛细支气管炎 | family
双胎之小，吃奶好，双胎之大因坏死性小肠结肠炎禁食 | 坏死性小肠结肠炎 | family
双胎之A，体重2.1kg，双胎之B已诊败血症 | 败血症 | family
小双，黄疸轻，大双行光疗 | 光疗 | family
小双，体健，大双曾颅内出血 | 颅内出血 | family
龙凤胎之女，无症状，其孪生哥哥手足口病 | 手足口病 | family
患儿无皮疹，同胞姐姐水痘第3天 | 水痘 | family
同胞兄长患血友病，患儿凝血正常 | 血友病 | family
患儿体健，孪生弟弟先天性心脏病 | 先天性心脏病 | family
大宝患白血病，备孕二胎咨询 | 白血病 | family
大宝自闭症，二宝发育筛查 | 自闭症 | family
头胎为唐氏综合征，此次孕16周 | 唐氏综合征 | family
头胎患儿地中海贫血，现孕12周 | 地中海贫血 | family
二宝无热，大宝上周流感 | 流感 | family
家中大孩患结核，此儿PPD阴 | 结核 | family
前一孩脊肌萎缩症，孕妇携带者 | 脊肌萎缩症 | family
长子抽动症，次子来评估 | 抽动症 | family
另一胎胎死宫内，本胎心好 | 胎死宫内 | family
一胎动脉导管未闭，另一胎无殊 | 动脉导管未闭 | own
双胎之一，肺炎，吸氧 | 肺炎 | own
双胎之大，毛细支气管炎，雾化 | 毛细支气管炎 | own
大双，NEC二期，禁食 | NEC | own
双胎之次，黄疸光疗中，双胎之长体健 | 黄疸 | own
双胎妊娠，妊娠期高血压，头胎顺产 | 妊娠期高血压 | own
同胞相合移植后，肺炎 | 肺炎 | own
大宝三岁，现孕二胎，妊娠期糖尿病 | 妊娠期糖尿病 | own
头胎剖宫产，现瘢痕子宫 | 瘢痕子宫 | own
"""

NEAR = """
班里有手足口，暂无疹 | 手足口 | family
班里有水痘，患儿今日出疹两颗 | 水痘 | family
班上流行腮腺炎，来问疫苗 | 腮腺炎 | family
托班有诺如，家长担心 | 诺如 | family
学校有流感，患儿咳嗽一天 | 流感 | family
同班有猩红热，咽不红 | 猩红热 | family
宿舍有肺结核，前来体检 | 肺结核 | family
单位有人得了甲流，要求检测 | 甲流 | family
同事甲流，本人低热 | 甲流 | family
室友甲肝，来查抗体 | 甲肝 | family
同桌水痘，未出疹 | 水痘 | family
同学风疹，接种史不详 | 风疹 | family
邻居麻疹，婴儿6月龄 | 麻疹 | family
工友矽肺，他来拍片 | 矽肺 | family
同屋疥疮，瘙痒两天 | 疥疮 | family
车间里有布病，来查虎红 | 布病 | family
队友红眼病，双眼不红 | 红眼病 | family
舍友带状疱疹，自己没有 | 带状疱疹 | family
村里有狂犬病，求打疫苗 | 狂犬病 | family
小区有登革热，低热 | 登革热 | family
邻座同学腮腺炎，患者耳下不肿 | 腮腺炎 | family
班里上课时癫痫发作 | 癫痫 | own
在学校突发过敏性休克 | 过敏性休克 | own
同事送来，脑梗死 | 脑梗死 | own
单位体检发现肺结节 | 肺结节 | own
学校体检有脊柱侧弯，约拍片 | 脊柱侧弯 | own
宿舍内晕厥一次 | 晕厥 | own
幼儿园返家后手足口病 | 手足口病 | own
同事聚餐后急性胰腺炎 | 急性胰腺炎 | own
单位检查有脂肪肝 | 脂肪肝 | own
"""

KIN = """
老伴说其父癫痫，本人无 | 癫痫 | family
妻诉其母精神分裂症，患者否认 | 精神分裂症 | family
妻子讲其兄抑郁症 | 抑郁症 | family
家属称其母乳腺癌，患者钼靶阴性 | 乳腺癌 | family
家属补充其父有肝癌 | 肝癌 | family
母代诉其舅癫痫 | 癫痫 | family
"""

APART = """
约磁共振，区别肩袖与肩周炎 | 肩周炎 | possible
区分肺炎与肺栓塞 | 肺炎 | possible
甄别带状疱疹与心绞痛 | 心绞痛 | possible
约CT以区分阑尾炎和憩室炎 | 阑尾炎 | possible
查抗体，辨别狼疮与干燥 | 狼疮 | possible
分辨乳腺增生与乳腺癌，约穿刺 | 乳腺癌 | possible
PET区别放射性肺炎与复发 | 放射性肺炎 | possible
转骨科排查股骨头坏死 | 股骨头坏死 | possible
肠镜筛查息肉 | 息肉 | possible
脾虚还是食积，舌苔未看清 | 食积 | possible
肺炎还是结核，痰未回 | 肺炎 | possible
是肾结石还是阑尾炎，CT在做 | 阑尾炎 | possible
胃炎抑或胃癌 | 胃炎 | possible
痛风还是感染性关节炎，抽液 | 痛风 | possible
双相还是抑郁症，再观察 | 抑郁症 | possible
区分肺炎与肺栓塞 | 肺栓塞 | possible
约CT以区分阑尾炎和憩室炎 | 憩室炎 | possible
查抗体，辨别狼疮与干燥综合征 | 干燥综合征 | possible
PET区别放射性肺炎与淋巴瘤 | 淋巴瘤 | possible
肌电图区分颈椎病与运动神经元病 | 运动神经元病 | possible
区分痛风与类风湿关节炎 | 类风湿关节炎 | possible
区别感冒与流感，采拭子 | 流感 | possible
区别焦虑症与甲亢，查甲功 | 甲亢 | possible
辨别克罗恩病与肠结核 | 肠结核 | possible
甄别心衰与哮喘，查BNP | 哮喘 | possible
区分癔症与癫痫，做视频脑电 | 癫痫 | possible
区别真菌性角膜炎与细菌性角膜炎 | 细菌性角膜炎 | possible
分辨双相与抑郁症 | 抑郁症 | possible
区别颈动脉夹层与偏头痛 | 偏头痛 | possible
区分先兆流产和宫外孕 | 宫外孕 | possible
甄别水痘与手足口病 | 手足口病 | possible
辨明肾结石与阑尾炎 | 阑尾炎 | possible
区分丹毒与深静脉血栓 | 深静脉血栓 | possible
区别于高血压，糖尿病已治五年 | 糖尿病 | own
肺炎与糖尿病同治，区分餐前餐后 | 肺炎 | own
"""

IF_SO = """
如起疱按手足口复诊 | 手足口 | possible
出现水疱按带状疱疹处理 | 带状疱疹 | possible
再抽按癫痫来诊 | 癫痫 | possible
若发热按流感处理 | 流感 | possible
若尿检阳性按肾炎处理 | 肾炎 | possible
万一出血按胃溃疡急诊 | 胃溃疡 | possible
如皮疹增多，按麻疹报卡 | 麻疹 | possible
必要时按心衰处理 | 心衰 | possible
若两次升高按高血压管理 | 高血压 | possible
一旦口角流涎按卒中抢救 | 卒中 | possible
倘复查仍高按甲亢治疗 | 甲亢 | possible
如家属发热按猩红热隔离 | 猩红热 | possible
若痰检阳按肺结核上报 | 肺结核 | possible
再次胸痛加重时按心梗处理 | 心梗 | own
如大便带血按痢疾复查 | 痢疾 | possible
若压痛转移，按阑尾炎收住 | 阑尾炎 | possible
如胎动少按胎儿窘迫处理 | 胎儿窘迫 | possible
出现黄疸按肝炎收入院 | 肝炎 | possible
再喘按哮喘急诊 | 哮喘 | possible
如口服糖耐量超标按妊娠期糖尿病管理 | 妊娠期糖尿病 | possible
万一昏迷按低血糖抢救 | 低血糖 | possible
按肺炎处理3天，热退 | 肺炎 | own
发热两天，按流感服药 | 流感 | own
出现高热后按肺炎治疗5天 | 肺炎 | own
例如按糖尿病管理 | 糖尿病 | own
如前按高血压治疗 | 高血压 | own
"""

PAST = """
已脱离美沙酮两年 | 美沙酮 | past
脱离呼吸机半年 | 呼吸机 | past
阿立哌唑断药两年 | 阿立哌唑 | past
胰岛素停用3年 | 胰岛素 | past
成功脱离透析三月 | 透析 | past
已戒断吗啡半年 | 吗啡 | past
氯氮平已撤药两年 | 氯氮平 | past
丙戊酸断药已满两年 | 丙戊酸 | past
输卵管切除史（三年前宫外孕），现宫内早孕8周 | 宫外孕 | past
阑尾切除史（十年前阑尾炎） | 阑尾炎 | past
胆囊切除术后（5年前胆囊结石） | 胆囊结石 | past
脾切除史（去年车祸脾破裂） | 脾破裂 | past
剖宫产史（3年前前置胎盘） | 前置胎盘 | past
甲状腺术后（八年前甲癌） | 甲癌 | past
右肾切除史（幼年肾积水） | 肾积水 | past
清宫史（前年葡萄胎） | 葡萄胎 | past
支架史（两年前心梗） | 心梗 | past
卵巢囊肿剥除术后（2019年子宫内膜异位症） | 子宫内膜异位症 | past
肠切除史（早年肠梗阻） | 肠梗阻 | past
气管切开史（四年前脑出血） | 脑出血 | past
截肢术后（20岁骨肉瘤） | 骨肉瘤 | past
不能脱离呼吸机 | 呼吸机 | present
肺炎，已脱离危险 | 肺炎 | present
美沙酮维持，戒断症状轻 | 美沙酮 | present
胃癌术后（病理腺癌） | 腺癌 | present
"""

PLANS = """
新辅助拟用替雷利珠，尚未启用 | 替雷利珠 | planned
拟做肾穿 | 肾穿 | planned
拟上ECMO | ECMO | planned
拟加胰岛素 | 胰岛素 | planned
拟换人工肝 | 人工肝 | planned
激素拟改用美罗华 | 美罗华 | planned
拟置PICC | PICC | planned
拟植起搏器 | 起搏器 | planned
拟申请肾移植 | 肾移植 | planned
约明日入院行剖宫产 | 剖宫产 | planned
约下周三入院化疗 | 化疗 | planned
下周拟置腹透管 | 腹透管 | planned
预约下月起搏器植入 | 起搏器 | planned
排期白内障手术 | 白内障手术 | planned
排队等肾移植 | 肾移植 | planned
排队介入换瓣 | 换瓣 | planned
轮候肝移植 | 肝移植 | planned
排台膝关节置换 | 膝关节置换 | planned
待床，入院后行膝关节置换 | 膝关节置换 | planned
定于下周一行肺叶切除 | 肺叶切除 | planned
后天入院行放疗 | 放疗 | planned
择日住院行疝修补 | 疝修补 | planned
约节后来院行宫腔镜 | 宫腔镜 | planned
昨日入院行剖宫产 | 剖宫产 | own
床满，昨在走廊行化疗 | 化疗 | own
拟用药物过敏，化疗中 | 化疗 | own
"""

UNDONE = """
本拟溶栓，因出血作罢 | 溶栓 | negated
原打算化疗，家属放弃 | 化疗 | negated
原计划剖宫产，后顺产 | 剖宫产 | negated
本想用硫酸镁，血压低，改别药 | 硫酸镁 | negated
原拟肾移植，供体不合取消 | 肾移植 | negated
本拟行胃镜，患者不耐受放弃 | 胃镜 | negated
原想打胰岛素，家属不肯，改口服 | 胰岛素 | negated
本欲放疗，因感染搁置 | 放疗 | negated
原定今日化疗，白细胞低，取消 | 化疗 | negated
本计划气管插管，好转未行 | 气管插管 | negated
本打算行全麻下支气管镜，家属拒绝，作罢 | 支气管镜 | negated
原欲用阿托品，心率回升，未用 | 阿托品 | negated
原计划输血，复查血红蛋白升，取消 | 输血 | negated
本来想做透析，尿量恢复没做 | 透析 | negated
原拟用华法林，改用利伐沙班 | 华法林 | negated
原想装起搏器，动态心电图正常，放弃 | 起搏器 | negated
本拟截肢，血运恢复，终止 | 截肢 | negated
本拟ECMO支持，家属放弃 | ECMO | negated
原拟用华法林，改用利伐沙班 | 利伐沙班 | own
"""

NOT_MET = """
空腹6.5，够不上糖尿病诊断 | 糖尿病 | negated
不够狼疮标准 | 狼疮 | negated
不足以诊断抑郁症 | 抑郁症 | negated
未达痴呆标准 | 痴呆 | negated
不满足川崎病诊断 | 川崎病 | negated
不到肥胖的标准 | 肥胖 | negated
不符合干燥综合征诊断标准 | 干燥综合征 | negated
不够银屑病关节炎诊断 | 银屑病关节炎 | negated
未达妊娠期糖尿病诊断界值 | 妊娠期糖尿病 | negated
达不到子痫前期标准 | 子痫前期 | negated
不足多囊卵巢综合征诊断 | 多囊卵巢综合征 | negated
未够心衰诊断标准 | 心衰 | negated
不合白塞病标准 | 白塞病 | negated
未及骨质疏松界值 | 骨质疏松 | negated
不满足强直性脊柱炎标准 | 强直性脊柱炎 | negated
不到脓毒症的标准 | 脓毒症 | negated
未达急性肾损伤诊断 | 急性肾损伤 | negated
够不上慢阻肺诊断 | 慢阻肺 | negated
不符合多动症诊断 | 多动症 | negated
不够甲减切点 | 甲减 | negated
不到三月，确诊糖尿病 | 糖尿病 | own
"""

SPOKEN = """
老伴说其父酒后发过酒疯，本人不饮 | 酒疯 | gone
妻子补充其母爱梦游，患者不 | 梦游 | gone
姐姐硬皮病，手遇冷就变白变紫；患者ANA阴性 | 变白变紫 | gone
母亲狼疮，脸上红斑，晒了加重；患者无疹 | 晒了加重 | gone
哥哥痛风，脚趾红肿疼，患者尿酸正常 | 红肿疼 | gone
家属说其母夜里乱喊乱跑 | 乱喊乱跑 | gone
妻子提其父常打人 | 常打人 | gone
母亲白癜风，脸上手上一块块；患者皮肤好 | 一块块 | gone
父亲打鼾，睡着会憋醒，患者不打 | 憋醒 | gone
哥哥多动，上课坐不住；患儿安静 | 坐不住 | gone
外婆老年斑，记不住人；本人无事 | 记不住人 | gone
妹妹荨麻疹，吃虾就起，患者吃虾无事 | 吃虾就起 | gone
奶奶耳背，听不见敲门；患者听力好 | 听不见敲门 | gone
丈夫酒精肝，天天喝白酒，患者不喝 | 喝白酒 | gone
青年高血压，继发性排除 | 继发性 | gone
皮疹两天，药物性除外，观察 | 药物性 | gone
急性腹痛，外科性排除 | 外科性 | gone
腹泻，感染性均排除，停牛奶 | 感染性 | gone
发热待诊，风湿性已除外 | 风湿性 | gone
头痛，占位性基本排除 | 占位性 | gone
水肿，心源性暂除外 | 心源性 | gone
家属说其母送来，他夜里乱喊 | 乱喊 | left
母亲陪同，夜里乱喊；患者精神差 | 夜里乱喊 | left
父亲体健，夜里乱喊，患者自购药 | 夜里乱喊 | left
皮疹，药物性不能排除 | 药物性 | left
犬吠咳，会厌形态正常，雾化中 | 会厌 | gone
鞍区磁共振：垂体信号均正常 | 垂体 | gone
双肾大小正常，尿常规待查 | 双肾 | gone
胎盘位置正常，宫颈口闭 | 胎盘 | gone
噪声岗年检，听力正常 | 听力 | gone
胸廓发育正常 | 胸廓 | gone
嗅觉无异常，鼻堵 | 嗅觉 | gone
肛门指检未见异常 | 肛门 | gone
步态如常，能上下楼 | 步态 | gone
甲状腺功能正常，怕热 | 怕热 | left
卵巢大小正常，毛多 | 毛多 | left
髋臼发育基本正常 | 髋臼 | gone
眼轴水平正常 | 眼轴 | gone
瞳孔大小正常，意识清 | 意识清 | left
鼓膜完全正常，耳鸣 | 鼓膜 | gone
半月板信号正常 | 半月板 | gone
子宫形态正常，附件区包块 | 子宫 | gone
声带活动正常，声嘶 | 声带 | gone
胎心监护正常，要求出院 | 要求出院 | left
小便正常人一样 | 小便 | left
大便不正常三天 | 大便 | left
脚步不如常人稳 | 脚步 | left
"""


def _rows(*tables: str) -> list[tuple[str, str, str]]:
    rows = (line.split(" | ") for table in tables for line in table.strip().splitlines())
    return [(text, words, said) for text, words, said in rows]


@pytest.mark.parametrize(("text", "words", "said"), _rows(TWINS, NEAR, KIN, APART, IF_SO, PAST, PLANS, UNDONE, NOT_MET))
def test_whose_it_is_and_whether(text: str, words: str, said: str) -> None:
    mentions = annotate(CleanText.certified(text), "", Lexicon.load())
    found = {one.assertion for one in mentions if one.words in words or words in one.words}
    assert found, f"nothing found in {text}"
    assert found <= OWN if said == "own" else found == {Assertion(said)}


@pytest.mark.parametrize(("text", "words", "said"), _rows(SPOKEN))
def test_words_of_others_are_not_spoken_of_the_patient(text: str, words: str, said: str) -> None:
    kept = spoken(text, annotate(CleanText.certified(text), "", Lexicon.load()))
    assert (words in kept) == (said == "left")
