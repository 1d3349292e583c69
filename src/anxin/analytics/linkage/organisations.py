"""Names of Chinese organisations in columns: core, region, legal form, branch."""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.analytics.linkage import chinese, western

_FORMS: Final = (
    "股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司|公司|合伙企业|个人独资企业|集团|厂|店|商行|经营部|"
    "工作室|事务所|合作社|研究院|中心"
)
_BRANCH_ENDS: Final = (
    "分公司|支公司|分行|支行|分店|分厂|分部|办事处|营业部|营销服务部|代表处|项目部|直属|"
    r"第[一二三四五六七八九十\d]+\p{Han}{1,4}"
)
_BRANCH: Final = rf"((?:\p{{Han}}{{1,12}}?)(?:{_BRANCH_ENDS}))$"
_REGION: Final = (
    r"^(?:中国)?(?:\p{Han}{2,3}?省|内蒙古自治区|\p{Han}{2,4}?自治区|\p{Han}{2,8}?自治州|\p{Han}{2,4}?市|"
    r"\p{Han}{1,4}?[县区])+"
)
# Regions that names carry without 省 or 市.
_CITIES: Final = (
    "北京|上海|天津|重庆|广东|江苏|浙江|山东|河南|四川|湖北|湖南|福建|安徽|河北|江西|陕西|辽宁|黑龙江|吉林|山西|云南|贵州|"
    "广西|海南|甘肃|宁夏|青海|新疆|西藏|内蒙古|深圳|广州|杭州|南京|苏州|成都|武汉|西安|青岛|大连|宁波|厦门|长沙|郑州|"
    "济南|无锡|东莞|佛山|石家庄|太原|呼和浩特|沈阳|长春|哈尔滨|合肥|福州|南昌|海口|南宁|贵阳|昆明|拉萨|兰州|西宁|银川|"
    "乌鲁木齐|珠海|中山|惠州|汕头|温州|绍兴|嘉兴|金华|台州|湖州|常州|徐州|南通|扬州|盐城|烟台|潍坊|临沂|淄博|济宁|泉州|漳州|"
    "芜湖|唐山|保定|邯郸|沧州|洛阳|南阳|襄阳|宜昌|荆州|株洲|湘潭|岳阳|衡阳|赣州|九江|绵阳|宜宾|遵义|桂林|柳州|三亚|大同|包头|"
    "鞍山|大庆|咸阳|宝鸡"
)
_CITY: Final = f"^(?:{_CITIES})"

# A place, or what kind of thing it is, between the word and the trade.
_INNER: Final = r"[(\[【〔](\p{Han}{2,4})[)\]】〕](\p{Han}{2,})"


def _bare(text: pl.Expr) -> pl.Expr:
    plain = text.str.replace_all(r"[\s()（）\[\]【】〔〕,，.·\-_'\"“”]+", "")
    return pl.when(plain != "").then(plain)


def name_columns(raw: pl.DataFrame, code: str) -> pl.DataFrame:
    """`<code>` (whole, simplified, without brackets), `_core` (without region and legal form), `_region`, `_branch`,
    `_py` (letters of the core), `_start` (first four characters of the core)."""
    plain = raw.select(pl.coalesce(raw.columns).str.normalize("NFKC").str.to_lowercase().alias(code))
    inner = plain.select(pl.col(code).str.extract(_INNER, 1).alias("inner"))["inner"]
    plain = plain.select(
        _bare(pl.col(code)).alias(code),
        # 华联(上海)商贸有限公司 is 上海华联商贸有限公司.
        _bare(pl.col(code).str.replace(_INNER, "${2}")).alias("outer"),
    )
    frame = pl.DataFrame([chinese.simplified_texts(plain[name]) for name in plain.columns])
    frame = frame.with_columns(chinese.simplified_texts(inner))
    whole, outer = pl.col(code), pl.col("outer")
    head = pl.col("head")
    # The branch stands behind the legal form of the whole: 甲乙有限公司|上海分公司.
    frame = frame.with_columns(
        outer.str.extract(rf"^.{{2,}}?(?:有限公司|有限责任公司|股份公司|集团公司|公司|集团|银行){_BRANCH}", 1).alias(
            f"{code}_branch"
        )
    )
    frame = frame.with_columns(
        pl.when(pl.col(f"{code}_branch").is_not_null())
        .then(
            outer.str.head(
                outer.str.len_chars().cast(pl.Int64) - pl.col(f"{code}_branch").str.len_chars().cast(pl.Int64)
            )
        )
        .otherwise(outer)
        .alias("head")
    )
    region = pl.coalesce(
        "inner", head.str.extract(rf"({_REGION})\p{{Han}}{{2,}}", 1), head.str.extract(f"({_CITY})", 1)
    )
    frame = frame.with_columns(region.alias(f"{code}_region"))
    core = (
        head.str.replace(rf"(?:{_FORMS})+$", "")
        .str.replace(_REGION, "")
        .str.replace(_CITY, "")
    )  # fmt: skip
    frame = frame.with_columns(core.alias("core")).with_columns(
        pl.when(pl.col("core").str.len_chars() >= 2).then(pl.col("core")).otherwise(head).alias(f"{code}_core"),
        pl.coalesce(f"{code}_branch", pl.when(whole.is_not_null()).then(pl.lit("-"))).alias(f"{code}_branch"),
        pl.col(f"{code}_region").str.replace_all("[省市县区]|自治", "").alias(f"{code}_region"),
    )
    letters = chinese.read_texts(frame[f"{code}_core"].alias(f"{code}_py"))
    frame = frame.with_columns(letters).with_columns(
        western.folded(pl.col(f"{code}_py")).str.replace_all(" ", "").alias(f"{code}_py")
    )
    return frame.with_columns(pl.col(f"{code}_core").str.slice(0, 4).alias(f"{code}_start")).drop(
        "head", "core", "outer", "inner"
    )
