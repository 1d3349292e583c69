"""How a second system gets the same person wrong: other characters, another phone. Nothing an importer could refuse."""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.config.sample.dice import join


def _pairs(text: str) -> dict[str, str]:
    return {pair[0]: pair[1] for pair in text.split()}


# A given-name character and one that sounds alike or looks alike, as heard over the phone or picked from the list.
_MISHEARD: Final = _pairs(
    "伟玮 佳嘉 嘉佳 依伊 俊峻 健建 建健 凯铠 刚钢 立利 勇永 永勇 华桦 婷亭 子紫 宇雨 雨宇 宏洪 家佳 宸晨 "
    "晨辰 辰宸 峰锋 平萍 萍平 志智 怡仪 恒衡 悦玥 玥悦 惠慧 慧惠 成诚 诚成 文雯 雯文 斌彬 新欣 欣鑫 鑫新 "
    "明鸣 鸣明 晶菁 曦熙 熙曦 杰洁 洁杰 林琳 琳林 霖琳 梅玫 楠南 毅逸 逸毅 浩皓 皓浩 昊浩 涛韬 涵函 淑舒 "
    "爱艾 玉钰 玲铃 珍贞 贞珍 琪祺 祺琪 瑞睿 睿瑞 瑶遥 磊蕾 蕾磊 祥翔 翔祥 福富 富福 红虹 维唯 芳方 英瑛 "
    "荣蓉 莉丽 丽莉 莹盈 静婧 军君 轩宣 辉晖 铭明 飞菲 菲飞 香湘 心馨 馨心 鹏朋 龙隆 霞侠 燕艳 艳燕 兰岚 "
    "娟鹃 桂贵 贵桂 国帼 强蔷 春椿 秀绣 生声 超潮 敏闵 云芸 然冉 沐木 汐夕 泽则 梓子 诗师 语雨 博搏 天添 "
    "思斯 远媛 晓小 晴情 雪学 波博 亮靓 旭煦 彤桐 桐彤 诺偌 瑾谨 可珂 若偌 奕逸 航杭 "
)
# A character and its traditional form, as an old system or a customer from Hong Kong writes it.
_TRADITIONAL: Final = _pairs(
    "东東 丽麗 义義 云雲 亚亞 伟偉 兰蘭 军軍 凤鳳 刚剛 华華 国國 庆慶 强強 宝寶 晓曉 梦夢 涛濤 瑶瑤 红紅 "
    "维維 艳豔 艺藝 莹瑩 诗詩 语語 诺諾 诚誠 财財 贵貴 贞貞 轩軒 辉輝 远遠 铭銘 银銀 长長 阳陽 静靜 颖穎 "
    "飞飛 鸣鳴 鹏鵬 龙龍 杨楊 陈陳 刘劉 张張 黄黃 赵趙 吴吳 孙孫 马馬 罗羅 郑鄭 谢謝 许許 韩韓 邓鄧 冯馮 "
    "苏蘇 吕呂 叶葉 卢盧 钟鐘 谭譚 陆陸 贾賈 韦韋 邹鄒 闫閆 龚龔 万萬 钱錢 严嚴 顾顧 贺賀 汤湯 乔喬 颜顏 "
    "齐齊 单單 骆駱 蓝藍 蒋蔣 萧蕭 钟鍾 "
)


def misheard(name: pl.Series) -> pl.Series:
    """The last character replaced by one that sounds or looks alike; null where there is none."""
    last = name.str.slice(-1).replace_strict(_MISHEARD, default=None, return_dtype=pl.String)
    return _or_nothing(last, join(name.str.head(-1), last))


def traditional(name: pl.Series) -> pl.Series:
    """Every character that has one in its traditional form; null where none has."""
    written = name.str.replace_many(list(_TRADITIONAL), list(_TRADITIONAL.values()))
    return pl.select(pl.when(pl.lit(written) != pl.lit(name)).then(pl.lit(written)).alias("v")).to_series()


def swapped(name: pl.Series) -> pl.Series:
    """The two characters of a given name the other way round; null for names of another build."""
    frame = pl.DataFrame({"n": name})
    first, second = pl.col("n").str.slice(1, 1), pl.col("n").str.slice(2, 1)
    fits = (pl.col("n").str.len_chars() == 3) & (first != second) & ~pl.col("n").str.contains("·", literal=True)
    turned = pl.concat_str(pl.col("n").str.slice(0, 1), second, first)
    return frame.select(pl.when(fits).then(turned).alias("v")).to_series()


def mistyped(mobile: pl.Series) -> pl.Series:
    """The last digit wrong."""
    last = mobile.str.slice(-1).cast(pl.Int64, strict=False)
    return join(mobile.str.head(-1), (9 - last).cast(pl.String))


def _or_nothing(where: pl.Series, text: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.lit(where).is_not_null()).then(pl.lit(text)).alias("v")).to_series()
