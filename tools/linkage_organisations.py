"""Companies of three source systems with the truth, made up in columns: for training the shipped model and for tests.

All names, codes and addresses are invented from common words. Among them are companies of the same word in other
regions, sisters behind one door with one exchange, and branches.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from linkage_people import REGIONS, ROADS, SOURCES

WORDS: Final = (
    "华联", "恒信", "金达", "瑞丰", "宏远", "天成", "鼎盛", "隆昌", "永泰", "德润", "嘉禾", "立新", "同济", "博雅",
    "盛世", "万通", "长青", "安达", "正大", "兴业", "海纳", "国泰", "中联", "东升", "凯旋", "润泽", "启明", "众诚",
    "新锐", "百川", "佳美", "远航", "泰和", "卓越", "鸿运", "顺达", "广源", "聚力", "晨光", "福康", "精诚", "华宇",
    "宝利", "志远", "锦江", "汇通", "龙腾", "富安", "三和", "金桥", "康宁", "九州", "天元", "星火", "维尔", "银河",
    "力源", "益民", "翔宇", "景隆",
)  # fmt: skip
TRADES: Final = (
    "商贸", "科技", "建筑工程", "物流", "机械制造", "食品", "餐饮管理", "电子", "化工", "服装", "医疗器械",
    "汽车销售", "信息技术", "房地产开发", "装饰工程", "农业发展", "纺织", "包装材料", "广告传媒", "教育咨询",
    "环保设备", "新能源", "家具", "劳务派遣",
)  # fmt: skip
FORMS: Final = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
_ALPHABET: Final = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))


def make(records: int, *, seed: int = 1) -> pl.DataFrame:
    """Records with `record_id`, `source`, the input columns of an organisation, and the truth `organisation`."""
    rng = np.random.default_rng(seed)
    companies = _companies(rng, max(records * 5 // 9, 10))
    copies = rng.choice([1, 2, 3, 4], p=[0.5, 0.28, 0.16, 0.06], size=len(companies))
    at = rng.permutation(np.repeat(np.arange(len(companies)), copies))[:records]
    frame = companies[pl.Series(at)]
    frame = frame.with_columns(
        pl.Series("record_id", np.char.add("O", np.char.zfill(np.arange(len(frame)).astype(str), 8))),
        pl.Series("source", rng.choice(SOURCES, size=len(frame))),
    )
    return _spoiled(frame, rng)


def _companies(rng: np.random.Generator, count: int) -> pl.DataFrame:
    words = np.array([one + other for one in ("", *WORDS[:24]) for other in WORDS if one != other])
    # Some words are everybody's.
    common = rng.random(count) < 0.3
    word = np.where(common, words[rng.integers(0, len(WORDS), count)], words[rng.integers(0, len(words), count)])
    region = rng.integers(0, len(REGIONS), count)
    home = rng.integers(0, count, count)
    # Sisters: the same word, door and exchange, another trade.
    sister = np.flatnonzero(rng.random(count - 1) < 0.06) + 1
    word[sister], region[sister], home[sister] = word[sister - 1], region[sister - 1], home[sister - 1]
    # Branches: the name of the company before, another place and code.
    branch = rng.random(count) < 0.06
    branch[0] = False
    at = np.flatnonzero(branch)
    word[at] = word[at - 1]
    kind = rng.integers(0, len(TRADES), count)
    for one in sister:
        kind[one] = (kind[one - 1] + rng.integers(1, len(TRADES))) % len(TRADES)
    trade = np.array(TRADES)[kind]
    form = np.array(FORMS)[rng.choice(4, p=[0.7, 0.15, 0.1, 0.05], size=count)]
    trade[at], form[at] = trade[at - 1], form[at - 1]
    city = [each[2].removesuffix("市") for each in REGIONS]
    core = _letters(rng, count, 9)
    head = np.array([f"91{each[0]}" for each in REGIONS])[region]
    phone = np.char.add("0", np.char.zfill(rng.integers(10**9, 9 * 10**9, count).astype(str), 10))
    phone[sister] = phone[sister - 1]
    roads = np.array(ROADS)
    frame = pl.DataFrame(
        {
            "organisation": np.arange(count), "word": word, "trade": trade, "form": form, "region": region,
            "is_branch": branch, "uscc": np.char.add(np.char.add(head, core), _letters(rng, count, 1)), "code": core,
            "phone": phone, "account": np.char.add("A", rng.integers(10**12, 10**13, count).astype(str)),
            "road": roads[home % len(roads)], "number": home // len(roads) % 400 + 1, "room": home % 2_000 + 101,
        }
    ).with_columns(pl.Series("seat", region))  # fmt: skip
    seat = frame["seat"].to_numpy().copy()
    seat[at] = seat[at - 1]
    places = pl.DataFrame(
        {
            "region": range(len(REGIONS)), "city": city, "province": [each[1] for each in REGIONS],
            "town": [each[2] for each in REGIONS], "district": [each[3] for each in REGIONS],
        }
    )  # fmt: skip
    frame = frame.with_columns(pl.Series("seat", np.array(city)[seat]))
    return frame.join(places, on="region", how="left", maintain_order="left")


def _letters(rng: np.random.Generator, count: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.array(["".join(each) for each in _ALPHABET[rng.integers(0, len(_ALPHABET), (count, size))]])


def _spoiled(frame: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    count = len(frame)

    def some(share: float) -> pl.Series:
        return pl.Series(rng.random(count) < share)

    branch = pl.when("is_branch").then(pl.concat_str("city", pl.lit("分公司"))).otherwise(pl.lit(""))
    form = pl.when(some(0.12)).then(pl.lit("有限公司")).when(some(0.05)).then(pl.lit("公司")).otherwise("form")
    words = pl.concat_str("word", "trade")
    inverted = pl.concat_str("word", pl.lit("（"), "seat", pl.lit("）"), "trade", form, branch)
    name = (
        pl.when(some(0.06)).then(inverted)
        .when(some(0.2)).then(pl.concat_str(words, form, branch))
        .when(some(0.15)).then(pl.concat_str("seat", pl.lit("市"), words, form, branch))
        .when(some(0.04)).then(pl.concat_str("seat", words))
        .otherwise(pl.concat_str("seat", words, form, branch))
    )  # fmt: skip
    place = pl.Series(rng.integers(2, 4, count))
    other = pl.Series(np.array(list("信鑫达瑞丰宏天成盛泰润新"))[rng.integers(0, 12, count)])
    slip = pl.concat_str(pl.col("name").str.slice(0, place), other, pl.col("name").str.slice(place + 1))
    code = pl.col("uscc")
    where = pl.Series(rng.integers(8, 17, count))
    typed = pl.concat_str(code.str.slice(0, where), pl.Series(_letters(rng, count, 1)), code.str.slice(where + 1))
    digit = pl.Series(rng.integers(0, 10, count).astype(str))
    address = pl.concat_str(
        pl.when(some(0.3)).then(pl.lit("")).otherwise("province"), "town", "district", "road", "number", pl.lit("号"),
        pl.when(some(0.3)).then(pl.lit("")).otherwise(pl.concat_str("room", pl.lit("室"))),
    )  # fmt: skip
    frame = frame.with_columns(name.alias("name"))
    return frame.select(
        "record_id", "source",
        pl.when(some(0.03)).then(slip).otherwise("name").alias("name"),
        pl.when(some(0.35)).then(None).when(some(0.02)).then(typed).when(some(0.05)).then("code")
        .when(some(0.05)).then(code.str.to_lowercase()).otherwise(code).alias("uscc"),
        pl.when(some(0.25)).then(None)
        .when(some(0.05)).then(pl.concat_str(pl.col("phone").str.slice(0, 10), digit)).otherwise("phone")
        .alias("phone"),
        pl.lit(None, dtype=pl.String).alias("phone2"),
        pl.lit(None, dtype=pl.String).alias("email"),
        pl.when(some(0.6)).then(None).otherwise("account").alias("bank_account"),
        pl.when(some(0.15)).then(None).otherwise(address).alias("address"),
        "organisation",
    )  # fmt: skip
