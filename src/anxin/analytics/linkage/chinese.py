"""Chinese names in columns: one writing, readings, look-alikes, and the parts of a name.

Readings come from pypinyin (MIT), simplified forms from OpenCC (Apache-2.0). The table of look-alike characters was
written for this project from what typists and OCR confuse; it holds only characters that occur in names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

_FIRST_HAN: Final = 0x3400
_LAST_HAN: Final = 0x9FFF
_FEW: Final = 100

# Each word is a group of characters that are taken for one another.
_LOOK_ALIKES: Final = (
    "己已巳 未末 日曰 土士 干千于 大太犬 王玉主 天夭 田由甲申 人入八 刀力 午牛 手毛 贝见 木本术 目且 戊戌戍 今令 "
    "刘浏 杨扬汤 陈阵 洁诘结 轩宣 晶品 朱宋末 侯候 冶治 炎淡 庆床 芳劳 茵菌 莱菜 苑范 萍苹 薇徽微 晴睛情 晖辉 浩皓 "
    "洪拱 清请 沈沉 汪江 洋详 泽译 淑椒 渊湖 涛铸 津律 洲州 永泳 冰水 志忘 思恩 恒桓垣 悦锐 怡冶 忆亿 慧彗 坤绅 坚竖 "
    "培陪 堂棠 城诚 增曾 宁宇字 安妥 宏宠 宜宣 寒赛 宾宝 峰锋蜂 岭玲铃 岩若 崔催 嵩高 强弹 彬杉 彦颜 彤形 彭鼓 征证 "
    "徐除 德得 拴栓 振震 捷睫 敏每 文交 斌武 旭旮 昌冒 昊吴 明朋 春舂 昱显 晓烧 晨震 景影 智知 曼蔓 朗郎 林材 柏拍 "
    "栋冻 桂佳 梅悔 棋祺 楠南 梁粱 榕蓉 欣掀 歆韵 燕燕 煜昱 熊能 玮伟 珂坷 珊删 珍诊 班斑 瑞端 瑜喻 瑶谣 璐露 璇旋 "
    "睿誉 矿旷 祥样 福幅 秀秃 科料 程呈 穆移 立丘 竹行 笑芙 红虹 纯吨 纪记 维推 绍招 绪诸 翔详 翠粹 聪耿 胜姓 艳绝 "
    "芸云 英央 荣菜 莉利 菲韭 蒋将 蓝篮 蕾雷 袁哀 裴装 谢射 谭潭 贺货 赵起 超赴 越钺 军车 达迭 远近 连莲 道导 郁都 "
    "郭敦 鄂愕 金全 钢刚 钟种 铭名 银很 锦绵 镇填 闫阎 阳阴 雅推 雯纹 雪雷 霞暇 青靑 靖清 静净 韩朝 顺须 项顷 顾颁 "
    "飞气 马鸟 骏俊 高亮 魏巍 鲁鱼 鸿鸣 鹏朋 黄寅 龙尤"
)
_COMPOUND_SURNAMES: Final = [
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "长孙",
    "宇文",
    "司徒",
    "司空",
    "夏侯",
    "轩辕",
    "端木",
    "百里",
    "东郭",
    "南宫",
    "呼延",
    "西门",
    "独孤",
    "钟离",
    "澹台",
    "公冶",
    "宗政",
    "濮阳",
    "淳于",
    "单于",
    "太叔",
    "申屠",
    "公羊",
    "赫连",
    "闻人",
    "万俟",
    "拓跋",
    "夹谷",
    "宰父",
    "谷梁",
    "亓官",
    "乐正",
    "司寇",
    "仲孙",
    "鲜于",
    "闾丘",
    "子车",
    "颛孙",
    "巫马",
    "公西",
    "漆雕",
    "壤驷",
    "公良",
    "梁丘",
    "左丘",
    "东门",
    "第五",
    "纳兰",
    "叶赫",
    "完颜",
    "耶律",
    "尔朱",
    "达奚",
    "贺兰",
    "哥舒",
]
_TITLES: Final = "先生|女士|小姐|太太|夫人|老师|经理|师傅|同志|老板|总|医生|教授"
_MALE_TITLES: Final = "先生$"
_FEMALE_TITLES: Final = "(女士|小姐|太太|夫人)$"
_SURNAME_READINGS: Final = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "区": "ou", "查": "zha", "盖": "ge", "任": "ren",
    "朴": "piao",
    "乐": "yue", "翟": "zhai", "覃": "qin", "缪": "miao", "员": "yun", "冼": "xian", "折": "she", "种": "chong",
    "尉": "wei",
    "长": "zhang", "万": "wan", "晁": "chao", "谌": "chen", "沈": "shen", "石": "shi", "车": "che", "费": "fei",
}  # fmt: skip


@cache
def simplified() -> dict[str, str]:
    """Traditional and variant character → simplified one, single characters only."""
    import opencc

    text = "\n".join(map(chr, range(_FIRST_HAN, _LAST_HAN + 1)))
    plain = opencc.OpenCC("t2s").convert(text).split("\n")
    pairs = zip(text.split("\n"), plain, strict=True)
    return {char: to for char, to in pairs if char != to and len(to) == 1}


@cache
def readings() -> dict[str, str]:
    """Simplified character → its commonest reading in plain letters, without tone; ü is v."""
    import re
    import unicodedata

    pinyin_dict = _pinyin_dict()
    # All in one text: character by character it takes seconds.
    codes = [code for code in pinyin_dict if _FIRST_HAN <= code <= _LAST_HAN]
    lines = "\n".join(pinyin_dict[code].split(",", 1)[0] for code in codes)
    plain = unicodedata.normalize("NFKD", re.sub("[üǖǘǚǜ]", "v", lines))
    letters = re.sub(r"[^A-Za-z\n]", "", plain).split("\n")
    return {chr(code): text for code, text in zip(codes, letters, strict=True) if text}


def _pinyin_dict() -> Mapping[int, str]:
    """pypinyin's table of characters, without the package, which trains its word segmentation when it is imported."""
    import importlib.util

    package = importlib.util.find_spec("pypinyin")
    assert package is not None and package.submodule_search_locations
    file = Path(package.submodule_search_locations[0]) / "pinyin_dict.py"
    spec = importlib.util.spec_from_file_location("_pinyin_dict", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table: Mapping[int, str] = module.pinyin_dict
    return table


@cache
def shapes() -> dict[str, str]:
    """Character → the first of the characters it is taken for. A character belongs to the first group that names it."""
    found: dict[str, str] = {}
    for group in _LOOK_ALIKES.split():
        for char in group[1:]:
            if found.get(group[0]) is None:
                found.setdefault(char, group[0])
    return {char: to for char, to in found.items() if char != to}


@cache
def surname_readings() -> frozenset[str]:
    """Readings of the common surnames, to find where a name typed in letters divides."""
    singles = (
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
        "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严"
        "牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁耿舒卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈"
        "鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆"
    )
    table = readings()
    found = {_SURNAME_READINGS.get(char, table.get(char, "")) for char in singles}
    found |= {"".join(table.get(char, "") for char in word) for word in _COMPOUND_SURNAMES}
    return frozenset(found - {""})


def add_parts(frame: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """Take the names in column `<prefix>_raw` (surname first) apart.

    Adds, null where it cannot be known: `_han` (simplified, without blanks), `_surname`, `_given` (Han), `_py`
    (letters of the whole name), `_surname_py`, `_given_py`, `_turned_py` (given name first), `_sorted_py` (syllables
    of the given name in any order), `_shape` (look-alikes made equal), `_first_py`, `_last_py` (of the given name),
    `_title_sex` (M, F)."""
    p = prefix
    plain = (
        pl.col(f"{p}_raw")
        .str.normalize("NFKC")
        .str.replace_all(r"[\s·•‧・∙⋅.,'’\-_]+", " ")
        .str.strip_chars()
        .str.replace_all(r"(\p{Han}) +", "$1")
    )
    frame = frame.with_columns(plain.alias(f"{p}_plain"))
    has_title = pl.col(f"{p}_plain").str.contains(rf"\p{{Han}}(?:{_TITLES})$")
    untitled = pl.col(f"{p}_plain").str.replace(rf"(?:{_TITLES})$", "")
    frame = frame.with_columns(
        pl.when(has_title).then(untitled).otherwise(pl.col(f"{p}_plain")).alias(f"{p}_text"),
        pl.when(has_title & pl.col(f"{p}_plain").str.contains(_MALE_TITLES))
        .then(pl.lit("M"))
        .when(has_title & pl.col(f"{p}_plain").str.contains(_FEMALE_TITLES))
        .then(pl.lit("F"))
        .alias(f"{p}_title_sex"),
    )
    frame = frame.with_columns(translated(frame[f"{p}_text"], _simplified_table()))
    is_han = pl.col(f"{p}_text").str.contains(r"^[\p{Han}*〇]+$")
    compound = pl.col(f"{p}_whole").str.slice(0, 2).is_in(_COMPOUND_SURNAMES)
    frame = frame.with_columns(
        pl.when(is_han).then(pl.col(f"{p}_text")).alias(f"{p}_whole"),
        pl.when(~is_han).then(pl.col(f"{p}_text")).alias(f"{p}_letters"),
    ).with_columns(pl.when(compound).then(2).otherwise(1).cast(pl.Int64).alias(f"{p}_length"))
    masked = pl.col(f"{p}_whole").str.contains("*", literal=True)
    rest = pl.col(f"{p}_whole").str.slice(pl.col(f"{p}_length"))
    frame = frame.with_columns(
        pl.when(~masked & (rest.str.len_chars() > 0)).then(pl.col(f"{p}_whole")).alias(f"{p}_han"),
        pl.when(~pl.col(f"{p}_whole").str.starts_with("*"))
        .then(pl.col(f"{p}_whole").str.slice(0, pl.col(f"{p}_length")))
        .alias(f"{p}_surname"),
        pl.when(~masked & (rest.str.len_chars() > 0)).then(rest).alias(f"{p}_given"),
    ).with_columns(
        pl.col(f"{p}_given").str.slice(0, 1).alias(f"{p}_first_py"),
        pl.col(f"{p}_given").str.slice(1).alias(f"{p}_last_py"),
        pl.col(f"{p}_han").alias(f"{p}_shape"),
        pl.col(f"{p}_surname").alias(f"{p}_surname_py"),
    )
    for column, table in (
        ("first_py", _reading_table()),
        ("last_py", _reading_table()),
        ("shape", _shape_table()),
        ("surname_py", _surname_table()),
    ):
        frame = frame.with_columns(translated(frame[f"{p}_{column}"], table))
    frame = _add_letters(frame, p)
    last = pl.when(pl.col(f"{p}_last_py") != "").then(pl.col(f"{p}_last_py"))
    pair = pl.concat_str(
        pl.col(f"{p}_surname_py"),
        pl.min_horizontal(f"{p}_first_py", f"{p}_last_py"),
        pl.max_horizontal(f"{p}_first_py", f"{p}_last_py"),
        separator=" ",
    )
    own = pl.concat_str(f"{p}_first_py", f"{p}_last_py")
    return (
        frame.with_columns(
            pl.coalesce(f"{p}_surname_py", f"{p}_latin_surname").alias(f"{p}_surname_py"),
            pl.coalesce(own, f"{p}_latin_given").alias(f"{p}_given_py"),
            pl.when(last.is_not_null()).then(pair).alias(f"{p}_sorted_py"),
            last.alias(f"{p}_last_py"),
        )
        .with_columns(
            pl.concat_str(f"{p}_surname_py", f"{p}_given_py").alias(f"{p}_py"),
            pl.concat_str(f"{p}_given_py", f"{p}_surname_py").alias(f"{p}_turned_py"),
        )
        .drop(
            [f"{p}_{name}" for name in ("plain", "text", "whole", "letters", "length", "latin_surname", "latin_given")]
        )
    )


def translated(texts: pl.Series, table: dict[int, str]) -> pl.Series:
    """Each text with its characters replaced; an automaton over the whole table costs seconds to build, this
    nothing."""
    if texts.null_count() == len(texts):
        return texts
    if len(texts) > _FEW:
        # As one text; none of these tables knows the sign between.
        lines = texts.fill_null("").str.join("\n").item().translate(table)
        found = pl.Series(texts.name, [lines]).str.split("\n").explode()
        if len(found) == len(texts):
            return found.set(texts.is_null(), None)
    return pl.Series(
        texts.name, [None if text is None else text.translate(table) for text in texts.to_list()], dtype=pl.String
    )


@cache
def _simplified_table() -> dict[int, str]:
    return {ord(char): to for char, to in simplified().items()}


@cache
def _reading_table() -> dict[int, str]:
    return {ord(char): to for char, to in readings().items()}


@cache
def _surname_table() -> dict[int, str]:
    return _reading_table() | {ord(char): to for char, to in _SURNAME_READINGS.items()}


@cache
def _shape_table() -> dict[int, str]:
    return {ord(char): to for char, to in shapes().items()}


def _add_letters(frame: pl.DataFrame, p: str) -> pl.DataFrame:
    """Names in letters: `LiJian`, `li jian`, `Jian Li`: the token that is a surname, and the other letters."""
    column = f"{p}_letters"
    if frame[column].null_count() == len(frame):
        empty = pl.lit(None, dtype=pl.String)
        return frame.with_columns(empty.alias(f"{p}_latin_surname"), empty.alias(f"{p}_latin_given"))
    tokens = (
        pl.col(column)
        .str.replace_all(r"([a-z])([A-Z])", "$1 $2")
        .str.to_lowercase()
        .str.replace_all(r"[^a-z ]", "")
        .str.split(" ")
        .list.eval(pl.element().filter(pl.element() != ""))
    )
    small = frame.select(column).drop_nulls().unique().with_columns(tokens.alias("tokens"))
    known = list(surname_readings())
    listed = pl.col("tokens")
    count, head, last = listed.list.len(), listed.list.first(), listed.list.last()
    turned = ~head.is_in(known) & last.is_in(known)
    behind, before = listed.list.slice(1).list.join(""), listed.list.slice(0, count - 1).list.join("")
    pattern = f"^({'|'.join(sorted(known, key=lambda word: (-len(word), word)))})([a-z]{{2,}})$"
    several = count > 1
    small = small.select(
        column,
        pl.when(several).then(pl.when(turned).then(last).otherwise(head)).otherwise(head.str.extract(pattern, 1))
        .alias(f"{p}_latin_surname"),
        pl.when(several).then(pl.when(turned).then(before).otherwise(behind)).otherwise(head.str.extract(pattern, 2))
        .alias(f"{p}_latin_given"),
    )  # fmt: skip
    return frame.join(small, on=column, how="left", maintain_order="left")


def simplified_texts(texts: pl.Series) -> pl.Series:
    """Texts in simplified characters."""
    return translated(texts, _simplified_table())


def read_texts(texts: pl.Series) -> pl.Series:
    """Simplified texts in letters."""
    return translated(texts, _reading_table())
