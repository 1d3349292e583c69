"""Small word lists, written for the sample: nobody in it exists."""

from __future__ import annotations

from typing import Final


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# In order of frequency; the weight falls with the rank (see SURNAME_FALL) so that 王 comes near 6 %.
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季"
    "裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦"
)
SURNAME_FALL: Final = 1.3
COMPOUND_SURNAMES: Final = _list("欧阳 上官 司马 诸葛 司徒 夏侯 皇甫 尉迟 慕容 端木 令狐 宇文 长孙 呼延 东方 南宫")
COMPOUND_SHARE: Final = 0.004
# Not in GB 2312; some outside the basic plane: systems that cannot hold them show up at once.
RARE_SURNAMES: Final = _list("禤 贠 亓 乜 仉 逄 郄 笪 佴 妫 爨 昝 厍 𠮷 䶮")
RARE_SHARE: Final = 0.003
DOTTED_FIRST: Final = _list("买买提 艾力 阿依古丽 古丽娜 吐尔逊 卓玛央 扎西 次仁 热孜万 木拉提")
DOTTED_LAST: Final = _list("吐尔逊 艾山 买买提 阿不都 多吉 卓嘎 玉素甫 尼亚孜")
DOTTED_SHARE: Final = 0.001

# Characters of given names by sex and generation: born before 1960, 1960-1979, 1980-1994, 1995-2009, since 2010.
GENERATION_STARTS: Final = (1960, 1980, 1995, 2010)
GIVEN_MALE: Final = (
    "国德福贵富荣华明忠义祥发财有根水金宝寿山海林树万春生长庆玉文玉永世维振克守",
    "建国军强卫东红兵平伟志勇刚明华辉林海生文武新民利光永胜庆春成学峰宏革斌跃",
    "伟强磊勇涛斌超鹏杰刚辉飞波亮凯峰浩宇龙军健旭洋明威俊刚毅晓鑫博帅成立志",
    "浩宇杰鑫博文昊天俊豪子轩家伟嘉诚泽晨阳嘉明佳奇志远瑞翔航一鸣凡睿铭逸思皓",
    "梓浩轩宇子涵皓泽奕辰沐宸铭熙睿嘉俊泽一诺博文景行屹恒煜祺瑾霖昊楠允",
)
GIVEN_FEMALE: Final = (
    "秀英玉兰桂珍凤淑芳素琴翠花香莲月娥金彩云美霞爱菊梅春惠荣贞巧银瑞志",
    "秀丽红霞敏燕玲芳萍华英梅艳娟桂兰琴云凤丽萍淑珍爱玉春文晓惠建卫亚",
    "静丽娟艳燕娜敏芳婷婷丹霞玲雪梅莉洁琳璐倩颖佳慧晓瑶媛媛晶莹秋楠蕾",
    "欣怡雨婷佳思诗涵梦瑶雅琪嘉怡静怡晓雯雪菲子萱若曦可心文静语嫣一诺悦妍",
    "梓涵诗涵一诺欣妍雨桐语汐沐瑶可馨芷若艺涵诺思妤依婉清悠然苡沁玥瑾汐",
)
# Share of one-character given names in each generation.
SHORT_GIVEN: Final = (0.10, 0.28, 0.34, 0.12, 0.06)
RARE_GIVEN: Final = _list("喆 堃 犇 淼 翀 彧 颋 祎 頔 𬱖 㛃 𫖮")
RARE_GIVEN_SHARE: Final = 0.004

STREETS: Final = _list(
    "人民路 解放路 中山路 建设路 和平路 文化路 新华路 青年路 长江路 黄河路 滨河路 学府路 朝阳街 胜利街 迎宾大道"
)
ESTATES: Final = _list(
    "阳光花园 东方名苑 翠湖天地 金色家园 碧水湾 锦绣华庭 城市之光 福源小区 紫荆苑 望江府 和谐家园 丽景新城"
)
OCCUPATIONS: Final = _list(
    "企业职员 教师 医生 护士 公务员 个体经营者 工程师 销售人员 司机 会计 律师 工人 农民 退休人员 企业负责人 自由职业者"
)
OCCUPATION_WEIGHTS: Final = (20, 6, 3, 3, 6, 12, 7, 9, 5, 4, 1, 9, 6, 5, 3, 5)
POSITIONS: Final = _list("职员 主管 经理 总监 科员 技术员 高级工程师 组长 店长 总经理")
DEPARTMENTS: Final = _list("财务部 人力资源部 销售部 生产部 技术部 行政部 采购部 客服部")
EDUCATION: Final = _list("初中及以下 高中 中专 大专 本科 硕士 博士")
EDUCATION_WEIGHTS: Final = (18, 18, 8, 24, 26, 5, 1)
HOBBIES: Final = _list("钓鱼 羽毛球 登山 摄影 书法 广场舞 乒乓球 旅游 烹饪 茶艺 篮球 养花 阅读 自驾")

COMPANY_FIRST: Final = _list("华 瑞 恒 鼎 盛 金 鑫 天 中 泰 宏 锦 德 信 安 远 海 嘉 润 博")
COMPANY_SECOND: Final = _list("达 通 源 丰 泰 诚 兴 隆 康 盈 邦 宇 和 创 联 业 晟 祥 峰 景")
INDUSTRIES: Final = _list("机械制造 软件科技 商贸 物流运输 建筑工程 食品 医药 纺织 电子科技 餐饮管理 教育咨询 汽车配件")
COMPANY_SUFFIXES: Final = _list("有限公司 有限责任公司 股份有限公司 集团有限公司")
CONTACT_ROLES: Final = _list("人力资源经理 财务经理 行政主管 办公室主任 总经理助理 车队队长")

# Maker code (first three characters of the VIN) and model.
FUEL_MODELS: Final = (
    ("LSV", "大众朗逸"),
    ("LFV", "大众速腾"),
    ("LVG", "丰田凯美瑞"),
    ("LHG", "本田雅阁"),
    ("LGB", "日产轩逸"),
    ("LB3", "吉利帝豪"),
    ("LS4", "长安逸动"),
    ("LGW", "哈弗H6"),
)
ELECTRIC_MODELS: Final = (
    ("LC0", "比亚迪秦PLUS"),
    ("LGX", "比亚迪元PLUS"),
    ("LRW", "特斯拉Model 3"),
    ("LNN", "埃安S"),
    ("LZW", "五菱宏光MINIEV"),
)
ACCIDENT_CAUSES: Final = _list("追尾 剐蹭 单方碰撞 玻璃破碎 自然灾害 停放受损 变道碰撞 倒车碰撞")
ILLNESS_CAUSES: Final = _list("疾病住院 意外伤害 重大疾病 门诊就医 身故")
TOPICS: Final = _list("保单查询 续保咨询 理赔进度 报案 保全变更 缴费提醒 生日问候 回访 投诉建议 产品咨询")
TOPIC_INBOUND: Final = (True, True, True, True, True, False, False, False, True, True)
# What customers ask for at the desk, and in their words. The first SLOW_TICKETS take days by their standard.
TICKETS: Final = (
    ("受益人变更", "变更身故受益人"), ("账户变更", "续期扣款账户变更"), ("联系方式变更", "手机号已停用，改为新号码"),
    ("上门收单", "行动不便，请上门收取理赔资料"), ("电子发票", "补开上年度保费电子发票"), ("异议", "对扣款金额有疑问"),
    ("意见建议", "希望增加周末柜面服务"), ("其他服务", "补寄纸质保单"),
    ("保单查询", "查询现金价值"), ("理赔进度查询", "住院理赔进度"), ("产品与条款咨询", "等待期从何时起算"),
    ("理赔咨询", "门诊费用能否报销"), ("约定回电", "请客户经理回电"),
)  # fmt: skip
SLOW_TICKETS: Final = 8
