"""Customers of three source systems with the truth, made up in columns: for training the shipped model, tests, benchmarks.

All persons, numbers and addresses are invented; regions and roads are common names. A million records take some seconds.
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
COMPOUND: Final = ("欧阳", "上官", "司马", "诸葛")
MALE: Final = (
    "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林志海峰山仁义兴良国胜学祥才发武新利清文建家致树炎德行时泰盛雄"
    "琛钧冠策腾榕风航弘子永立毅成康星光天达安岩中茂进有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆"
)
FEMALE: Final = (
    "芳娜敏静丽艳娟霞秀燕玲桂英华慧巧美淑惠珠翠雅芝玉萍红娥芬云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉兰凤洁梅琳素"
    "云晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽"
)
REGIONS: Final = (
    ("110105", "北京市", "北京市", "朝阳区"), ("110108", "北京市", "北京市", "海淀区"), ("120104", "天津市", "天津市", "南开区"),
    ("130102", "河北省", "石家庄市", "长安区"), ("140105", "山西省", "太原市", "小店区"),
    ("150102", "内蒙古自治区", "呼和浩特市", "新城区"), ("210102", "辽宁省", "沈阳市", "和平区"),
    ("220102", "吉林省", "长春市", "南关区"), ("230103", "黑龙江省", "哈尔滨市", "南岗区"), ("310104", "上海市", "上海市", "徐汇区"),
    ("310115", "上海市", "上海市", "浦东新区"), ("320102", "江苏省", "南京市", "玄武区"), ("320582", "江苏省", "苏州市", "张家港市"),
    ("330106", "浙江省", "杭州市", "西湖区"), ("330281", "浙江省", "宁波市", "余姚市"), ("340104", "安徽省", "合肥市", "蜀山区"),
    ("350203", "福建省", "厦门市", "思明区"), ("360102", "江西省", "南昌市", "东湖区"), ("370102", "山东省", "济南市", "历下区"),
    ("370211", "山东省", "青岛市", "黄岛区"), ("410105", "河南省", "郑州市", "金水区"), ("420106", "湖北省", "武汉市", "武昌区"),
    ("430102", "湖南省", "长沙市", "芙蓉区"), ("430121", "湖南省", "长沙市", "长沙县"), ("440106", "广东省", "广州市", "天河区"),
    ("440305", "广东省", "深圳市", "南山区"), ("450102", "广西壮族自治区", "南宁市", "兴宁区"), ("460105", "海南省", "海口市", "秀英区"),
    ("500105", "重庆市", "重庆市", "江北区"), ("510104", "四川省", "成都市", "锦江区"), ("510122", "四川省", "成都市", "双流区"),
    ("520103", "贵州省", "贵阳市", "云岩区"), ("530102", "云南省", "昆明市", "五华区"), ("610113", "陕西省", "西安市", "雁塔区"),
    ("620102", "甘肃省", "兰州市", "城关区"), ("640104", "宁夏回族自治区", "银川市", "兴庆区"),
)  # fmt: skip
ROADS: Final = [
    "人民路",
    "中山路",
    "解放路",
    "建设路",
    "和平路",
    "新华街",
    "文化路",
    "胜利路",
    "朝阳大道",
    "长江路",
    "黄河路",
    "滨河路",
    "学府街",
    "迎宾大道",
    "光明路",
    "幸福路",
    "友谊路",
    "青年路",
    "团结路",
    "东风路",
    "红旗街",
    "北京路",
    "上海路",
    "南京路",
    "工业大道",
    "园林路",
    "金山路",
    "银河路",
    "西湖路",
    "体育路",
    "科技路",
    "创业路",
    "湖滨路",
    "江南路",
    "环城路",
    "府前街",
    "民主路",
    "复兴路",
    "振兴街",
    "五一路",
]
ESTATES: Final = [
    "阳光花园",
    "锦绣江南",
    "碧水湾",
    "东方名苑",
    "金色家园",
    "和谐家园",
    "翠湖天地",
    "城市之光",
    "福源小区",
    "万和城",
]
SOURCES: Final = ("life", "motor", "calls")
_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])


def make(records: int, *, seed: int = 1, noise: float = 1.0) -> pl.DataFrame:
    """Records with `record_id`, `source`, the input columns of a person, and the truth `person`, `household`.

    `noise` scales how often things are wrong or missing. Twins, namesakes, agents' own phones and families that share
    door and phone are among them.
    """
    rng = np.random.default_rng(seed)
    persons = _persons(rng, max(records * 5 // 9, 10))
    copies = rng.choice([1, 2, 3, 4, 6], p=[0.55, 0.25, 0.12, 0.06, 0.02], size=len(persons))
    at = np.repeat(np.arange(len(persons)), copies)
    at = rng.permutation(at)[:records]
    if len(at) < records:
        at = np.concatenate([at, rng.integers(0, len(persons), records - len(at))])
    frame = persons[pl.Series(at)]
    frame = frame.with_columns(
        pl.Series("record_id", np.char.add("R", np.char.zfill(np.arange(len(frame)).astype(str), 8))),
        pl.Series("source", rng.choice(SOURCES, size=len(frame))),
    )
    return _spoiled(frame, rng, noise)


def _persons(rng: np.random.Generator, count: int) -> pl.DataFrame:
    households = np.sort(rng.integers(0, max(count * 5 // 8, 1), count))
    weights = 1 / (np.arange(len(SURNAMES)) + 4.0)
    pick = rng.choice(len(SURNAMES), p=weights / weights.sum(), size=int(households.max()) + 1)
    own = rng.choice(len(SURNAMES), p=weights / weights.sum(), size=count)
    surnames = np.array(list(SURNAMES), dtype=object)
    surname = np.where(rng.random(count) < 0.6, surnames[pick[households]], surnames[own])
    surname = np.where(rng.random(count) < 0.004, np.array(COMPOUND, dtype=object)[rng.integers(0, 4, count)], surname)
    is_male = rng.random(count) < 0.51
    male, female = np.array(list(MALE), dtype=object), np.array(list(FEMALE), dtype=object)

    def chars() -> NDArray[np.object_]:
        return np.where(is_male, male[rng.integers(0, len(male), count)], female[rng.integers(0, len(female), count)])

    given = np.where(rng.random(count) < 0.8, chars() + chars(), chars())
    born = (np.datetime64("1940-01-01") + rng.integers(0, 25_000, count)).astype("datetime64[D]")
    # Twins: the same household, surname and day.
    twin = np.flatnonzero((households[1:] == households[:-1]) & (rng.random(count - 1) < 0.02)) + 1
    born[twin], surname[twin] = born[twin - 1], surname[twin - 1]
    home = rng.integers(0, len(REGIONS), int(households.max()) + 1)
    region = np.array([each[0] for each in REGIONS])[home[households]]
    days = np.char.replace(born.astype(str), "-", "")
    order = rng.integers(0, 500, count) * 2 + is_male.astype(int)
    order = np.where(order > 999, 999, order)
    first = np.char.add(np.char.add(region, days), np.char.zfill(order.astype(str), 3))
    digits = first.view("U1").reshape(count, 17).astype(np.int64) if first.dtype == "<U17" else _digits(first)
    check = np.array(list("10X98765432"))[(digits * _WEIGHTS).sum(axis=1) % 11]
    shared = rng.random(count) < 0.25
    phones = _phones(rng, count)
    family = _phones(rng, int(households.max()) + 1)
    homes = int(households.max()) + 1
    roads, estates = np.array(ROADS), np.array(ESTATES)
    door = pl.DataFrame(
        {
            "home": np.arange(homes), "region_at": home, "road": roads[rng.integers(0, len(roads), homes)],
            "number": rng.integers(1, 400, homes), "estate": estates[rng.integers(0, len(estates), homes)],
            "building": rng.integers(1, 30, homes), "unit": rng.integers(1, 4, homes),
            "room": rng.integers(1, 19, homes) * 100 + rng.integers(1, 5, homes),
        }
    )  # fmt: skip
    frame = pl.DataFrame(
        {
            "person": np.arange(count), "household": households, "surname": surname.astype(str), "given": given.astype(str),
            "is_male": is_male, "birth": born, "id_number": np.char.add(first, check),
            "phone": np.where(shared, family[households], phones),
        }
    )  # fmt: skip
    regions = pl.DataFrame(
        [(at, province, city, district) for at, (_code, province, city, district) in enumerate(REGIONS)],
        schema=["region_at", "province", "city", "district"], orient="row",
    )  # fmt: skip
    return frame.join(door, left_on="household", right_on="home", how="left", maintain_order="left").join(
        regions, on="region_at", how="left", maintain_order="left"
    )


def _digits(texts: NDArray[np.str_]) -> NDArray[np.int64]:
    width = texts.dtype.itemsize // 4
    return np.ascontiguousarray(texts).view("U1").reshape(len(texts), width)[:, :17].astype(np.int64)


def _phones(rng: np.random.Generator, count: int) -> NDArray[np.str_]:
    heads = np.array(["13", "15", "17", "18", "19"])[rng.integers(0, 5, count)]
    return np.char.add(heads, np.char.zfill(rng.integers(0, 10**9, count).astype(str), 9))


def _spoiled(frame: pl.DataFrame, rng: np.random.Generator, noise: float) -> pl.DataFrame:
    from anxin.analytics.linkage import chinese

    count = len(frame)

    def some(share: float) -> pl.Series:
        return pl.Series(rng.random(count) < share * noise)

    pool = sorted(set(MALE + FEMALE))
    readings = chinese.readings()
    by_sound: dict[str, list[str]] = {}
    for char in [chr(code) for code in range(0x4E00, 0x9000)]:
        by_sound.setdefault(readings.get(char, ""), []).append(char)
    homophone = {
        char: str(rng.choice([each for each in by_sound[readings[char]] if each != char] or [char])) for char in pool
    }
    traditional: dict[str, str] = {}
    for char, to in chinese.simplified().items():
        traditional.setdefault(to, char)
    given = pl.col("given")
    first, last = given.str.slice(0, 1), given.str.slice(1)
    frame = frame.with_columns(
        pl.when(some(0.035)).then(pl.concat_str(first, last.replace(homophone))).otherwise(given).alias("given")
    )
    frame = frame.with_columns(
        pl.when(some(0.012) & (given.str.len_chars() == 2))
        .then(pl.concat_str(last, first))
        .otherwise(given)
        .alias("given")
    )
    frame = frame.with_columns(pl.concat_str("surname", "given").alias("name"))
    letters = chinese.add_parts(frame.select(pl.col("name").alias("n_raw")), "n").select("n_surname_py", "n_given_py")
    plain = letters["n_surname_py"].str.to_titlecase() + letters["n_given_py"].str.to_titlecase()
    title = pl.concat_str(pl.col("surname"), pl.when("is_male").then(pl.lit("先生")).otherwise(pl.lit("女士")))
    in_traditional = chinese.translated(frame["name"], {ord(char): to for char, to in traditional.items()})
    calls = pl.col("source") == "calls"
    name = (
        pl.when(some(0.05) & calls).then(title)
        .when(some(0.01)).then(plain)
        .when(some(0.02)).then(in_traditional)
        .when(some(0.015)).then(pl.concat_str(pl.col("surname"), pl.lit(" "), pl.col("given")))
        .otherwise(pl.col("name"))
    )  # fmt: skip
    birth = pl.col("birth").dt
    text = pl.when(pl.col("source") == "life").then(birth.to_string("%Y-%m-%d"))
    text = text.when(pl.col("source") == "motor").then(birth.to_string("%Y%m%d")).otherwise(birth.to_string("%Y/%m/%d"))
    swapped = pl.when(birth.day() <= 12).then(birth.to_string("%Y-%d-%m")).otherwise(text)
    number = pl.col("id_number")
    where = pl.Series(rng.integers(6, 17, count))
    digit = pl.Series(rng.integers(0, 10, count).astype(str))
    typed = pl.concat_str(number.str.slice(0, where), digit, number.str.slice(where + 1))
    turned = pl.concat_str(number.str.slice(0, 16), number.str.slice(17, 1), number.str.slice(16, 1))
    old = pl.concat_str(number.str.slice(0, 6), number.str.slice(8, 9))
    hidden = pl.concat_str(number.str.slice(0, 6), pl.lit("********"), number.str.slice(14))
    identity = (
        pl.when(some(0.12) | (some(0.35) & calls)).then(None)
        .when(some(0.2) & calls).then(hidden)
        .when(some(0.015)).then(typed)
        .when(some(0.012)).then(turned)
        .when(some(0.012) & number.str.slice(6, 2).eq("19")).then(old)
        .when(some(0.02)).then(pl.concat_str(pl.lit(" "), number))
        .otherwise(number)
    )  # fmt: skip
    agents = _phones(rng, max(count // 1200, 2))
    phone = pl.col("phone")
    place = pl.Series(rng.integers(4, 10, count))
    slip = pl.concat_str(phone.str.slice(0, place), digit, phone.str.slice(place + 1))
    contact = (
        pl.when(some(0.08)).then(None)
        .when(some(0.04)).then(pl.Series(agents[rng.integers(0, len(agents), count)]))
        .when(some(0.03)).then(slip)
        .when(some(0.03)).then(pl.concat_str(pl.lit("+86 "), phone.str.slice(0, 3), pl.lit("-"), phone.str.slice(3, 4), pl.lit("-"), phone.str.slice(7)))
        .otherwise(phone)
    )  # fmt: skip
    moved = pl.Series(rng.integers(0, count, count))
    away = some(0.1)
    part = {
        name: pl.Series(np.where(away.to_numpy(), frame[name].gather(moved).to_numpy(), frame[name].to_numpy()))
        for name in ("province", "city", "district", "road", "number", "estate", "building", "unit", "room")
    }
    place_frame = pl.DataFrame(part)
    place_text = place_frame.select(
        pl.concat_str(
            pl.when(some(0.25)).then(pl.lit("")).otherwise(pl.col("province")),
            pl.when(some(0.15)).then(pl.lit("")).otherwise(pl.col("city")),
            pl.col("district"), pl.col("road"), pl.col("number"),
            pl.when(some(0.3)).then(pl.lit("#")).otherwise(pl.lit("号")),
            pl.when(some(0.35)).then(pl.lit("")).otherwise(pl.col("estate")),
            pl.when(some(0.1)).then(pl.lit(""))
            .when(some(0.3)).then(pl.concat_str("building", pl.lit("-"), "unit", pl.lit("-"), "room"))
            .otherwise(pl.concat_str("building", pl.lit("幢"), "unit", pl.lit("单元"), "room", pl.lit("室"))),
        ).alias("address")
    )["address"]  # fmt: skip
    sex = pl.when(some(0.02)).then(None).when("is_male").then(pl.lit("男")).otherwise(pl.lit("女"))
    return frame.select(
        "record_id", "source", name.alias("name"), sex.alias("sex"),
        pl.when(some(0.12)).then(None).when(some(0.02)).then(swapped).otherwise(text).alias("birth_date"),
        identity.alias("id_number"), contact.alias("phone"),
        pl.when(some(0.04)).then(None).otherwise(place_text).alias("address"),
        "person", "household",
    )  # fmt: skip
