"""Chinese addresses in columns: region, road, number, room. By the words that end a part; a table of divisions
sharpens it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

_ROAD: Final = "公路|大道|大街|胡同|环线|路|街|道|巷|弄|里|坊|村"
_TOWN: Final = "街道|地区|开发区|工业园区?|林场|农场|镇|乡|村|社区"
_FILLER: Final = r"(?:省|自治区)?-?自治区直辖县级行政区划|市辖区|省直辖县级行政区划"


@dataclass(frozen=True, kw_only=True)
class Divisions:
    """Names of districts and counties to their six-digit codes; `cities`: code → name of its city, where names
    repeat."""

    districts: Mapping[str, Sequence[str]]
    cities: Mapping[str, str]


def divisions(rows: Sequence[tuple[str, str, str]]) -> Divisions:
    """From rows (code of district, its name, name of its city)."""
    districts: dict[str, list[str]] = {}
    for code, name, _city in rows:
        districts.setdefault(name, []).append(code)
    return Divisions(districts=districts, cities={code: city for code, _name, city in rows})


def columns(code: str) -> list[list[pl.Expr]]:
    """Steps from `<code>_raw`: `_area` (county or district by name), `_road`, `_number`, `_door` (road and room),
    `_house` (road and number), null where not written. Numbers that run together (306号18幢 typed 30618幢) spoil the
    house, not the door: the room is the last two numbers of at least three."""
    plain = (
        pl.col(f"{code}_raw").str.normalize("NFKC").str.replace_all(r"[\s,，。、()（）]+", "").str.replace(_FILLER, "")
    )
    text, head = pl.col(f"{code}_plain"), pl.col(f"{code}_head")
    groups = text.str.replace(r"^[^0-9]*", "").str.extract_all(r"[0-9]+")
    # Behind the town: 黎托街道黄河街 is the road 黄河街.
    below = head.str.replace(rf"^.*(?:{_TOWN})", "")
    region = head.str.replace(rf"[^省市区州县旗盟镇乡村道]{{1,7}}(?:{_ROAD})[^0-9]{{0,8}}$", "").str.replace(
        rf"[^省市区州县旗盟]{{1,10}}(?:{_TOWN})$", ""
    )
    house = pl.when(pl.col(f"{code}_groups").list.len() >= 1).then(pl.col(f"{code}_groups").list.first())
    room = pl.when(pl.col(f"{code}_groups").list.len() >= 3).then(
        pl.col(f"{code}_groups").list.slice(-2).list.join("-")
    )
    return [
        [plain.alias(f"{code}_plain")],
        [text.str.extract(r"^([^0-9]*)", 1).alias(f"{code}_head"), groups.alias(f"{code}_groups")],
        [
            below.str.extract(rf"([^省市区州县旗盟镇乡村道]{{1,7}}(?:{_ROAD}))[^0-9]{{0,8}}$", 1).alias(f"{code}_road"),
            region.str.extract(r"([^省市州盟县区旗]{1,12}(?:[县旗市]|[^治]区))$", 1).alias(f"{code}_area"),
            house.alias(f"{code}_number"),
            room.alias(f"{code}_room"),
        ],
        [
            pl.concat_str(f"{code}_road", f"{code}_room", separator="|").alias(f"{code}_door"),
            pl.concat_str(f"{code}_road", f"{code}_number", separator="|").alias(f"{code}_house"),
        ],
    ]


_FLAT: Final = 3  # numbers of an address that leads to a flat: house, building or unit, room


def home_keys(texts: pl.Series) -> pl.Series:
    """What equal homes have in common: county, road and all numbers where they lead to a flat, else the text without
    spaces and punctuation. Null for a null. 金色家园18号楼 and 18幢 are one door."""
    frame = pl.DataFrame({"a_raw": texts}).lazy()
    for step in columns("a"):
        frame = frame.with_columns(*step)
    is_flat = (pl.col("a_groups").list.len() >= _FLAT) & pl.col("a_area").is_not_null() & pl.col("a_road").is_not_null()
    flat = pl.concat_str("a_area", "a_road", pl.col("a_groups").list.join("-"), separator="|")
    return frame.select(pl.when(is_flat).then(flat).otherwise(pl.col("a_plain")).alias("home")).collect()["home"]


SCRATCH: Final = ("plain", "head", "groups", "room")


def add_division_codes(frame: pl.DataFrame, code: str, table: Divisions) -> pl.DataFrame:
    """`<code>_area` becomes the six-digit code where the name of district (and, if it repeats, of the city) tells
    it."""
    small = frame.select(f"{code}_area", f"{code}_raw").unique()
    found: list[str | None] = []
    for area, raw in small.iter_rows():
        codes = table.districts.get(area or "", ())
        if len(codes) > 1:
            codes = [each for each in codes if table.cities[each].removesuffix("市") in (raw or "")] or codes[:0]
        found.append(codes[0] if len(codes) == 1 else area)
    small = small.with_columns(pl.Series("_code", found, dtype=pl.String))
    return (
        frame.join(small, on=[f"{code}_area", f"{code}_raw"], how="left", nulls_equal=True, maintain_order="left")
        .drop(f"{code}_area")
        .rename({"_code": f"{code}_area"})
    )
