"""The same people as three systems know them: life core, motor core and an old CRM kept in a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample import dirt, words
from anxin.config.sample.dice import COMPACT, ISO, Dice, Ints, choose, day_text, digits, join, take, to_day
from anxin.config.sample.dirt import Flaw
from anxin.config.sample.identifiers import landlines
from anxin.config.sample.membership import (
    CRM,
    LIFE,
    MOTOR,
    Counters,
    Membership,
    company_number,
    crm_number,
    life_number,
    motor_number,
)
from anxin.config.sample.organisation import Organisation
from anxin.config.sample.people import ADULT, Companies, Document, People, Place
from anxin.config.sample.seen import seen_by

# Marks in front of a cell of the workbook: a number, and a number shown as a date.
NUMBER_CELL: Final = "\x02"
DATE_CELL: Final = "\x03"


@dataclass(frozen=True)
class Export:
    """Rows for one file with what is true of each of them."""

    source: str
    kind: str
    spoiled: dirt.Spoiled
    party: Ints
    link: pl.Series


def _flaws(name: str, birth: str, document: str, mobile: str, unit: str, form: str) -> list[Flaw]:
    """Flaws of a customer row; `form` is how this file writes dates."""
    thirtieth = "-02-30" if form == "%Y-%m-%d" else "0230"
    return [
        Flaw("plus86", (dirt.country_code(mobile),)),
        Flaw("spaces", (dirt.spaced_phone(mobile), dirt.spaced_name(name))),
        Flaw("fullwidth", (dirt.fullwidth(mobile),)),
        Flaw("float_id", (dirt.float_id(document),)),
        Flaw("bad_checksum", (dirt.wrong_check(document),)),
        Flaw("impossible_date", (pl.concat_str(pl.col(birth).str.slice(0, 4), pl.lit(thirtieth)).alias(birth),)),
        Flaw("empty_name", (pl.lit("").alias(name),)),
        Flaw("unknown_unit", (pl.lit(dirt.UNKNOWN_UNIT).alias(unit),)),
        Flaw("two_digit_year", (pl.col(birth).str.slice(2),)),
        Flaw("excel_serial", (dirt.excel_serial(birth, form),)),
        Flaw("duplicate_key"),
    ]


def _employer(people: People, companies: Companies, who: Ints) -> tuple[pl.Series, pl.Series]:
    at = people.company[who]
    works = at >= 0
    if not companies.count:
        nothing = pl.Series([""] * len(who), dtype=pl.String)
        return nothing, nothing
    name = choose(works, take(companies.name, np.maximum(at, 0)), "")
    return name, choose(works, take(companies.address, np.maximum(at, 0)), "")


def life_customers(
    org: Organisation,
    people: People,
    companies: Companies,
    members: Membership,
    counters: Counters,
    *,
    seed: int,
    chunk: int,
    rate: float,
    as_of: object,
) -> Export:
    dice = Dice(seed, 5, chunk)
    seen = seen_by(org, people, members, LIFE, dice)
    who, count = seen.who, len(seen.who)
    age, place = people.age[who], people.place[who]
    grown, works = age >= ADULT, people.company[who] >= 0
    employer, office = _employer(people, companies, who)
    trunk = take([outlet.city.trunk_code for outlet in org.outlets], people.outlet[who])
    office_phone = choose(works, landlines(dice, trunk), "")
    paired = (place == Place.SPOUSE) | ((place == Place.HEAD) & (people.size[who] > 1))
    marital = choose(~grown, "未婚", choose(paired, "已婚", dice.word(count, ("未婚", "离异", "丧偶"), (75, 20, 5))))
    opened = to_day(as_of) - dice.whole(count, 20, 12 * 365)
    opened = np.minimum(np.maximum(opened, seen.birth + 30), to_day(as_of))
    number = members.numbers[LIFE].gather(who)
    documents = ("居民身份证", "护照", "港澳居民来往内地通行证", "")
    frame = pl.DataFrame(
        {
            "客户号": number,
            "姓名": seen.name,
            "性别": choose(seen.male == 1, "男", "女"),
            "出生日期": day_text(seen.birth, ISO),
            "证件类型": take(documents, seen.document),
            "证件号码": seen.document_no,
            "国籍": pl.repeat("CHN", count, eager=True),
            "籍贯": take(people.native_place, who),
            "婚姻状况": marital,
            "学历": choose(grown, dice.word(count, words.EDUCATION, words.EDUCATION_WEIGHTS), ""),
            "职业类型": choose(grown, dice.word(count, words.OCCUPATIONS, words.OCCUPATION_WEIGHTS), "学生及儿童"),
            "工作单位": employer,
            "所属部门": choose(works, dice.word(count, words.DEPARTMENTS), ""),
            "职位": choose(works, dice.word(count, words.POSITIONS, (50, 15, 10, 3, 5, 8, 3, 4, 1, 1)), ""),
            "单位地址": office,
            "工作电话": office_phone,
            "工作传真": choose(dice.chance(count, 0.1), office_phone, ""),
            "手机": seen.mobile,
            "住宅电话": take(people.home_phone, who),
            "电子邮件": choose(
                grown & dice.chance(count, 0.45), join("u", digits(people.first + who, 8), "@mail.example.com"), ""
            ),
            "住宅地址": seen.address,
            "年收入(万元)": choose(
                grown, digits(np.clip(np.exp(2.3 + 0.6 * people.wealth[who]), 2, 500).astype(np.int64)), ""
            ),
            "归属机构": seen.unit,
            "客户经理工号": seen.manager,
            "建档日期": day_text(opened, ISO),
        }
    )
    spoiled = dirt.spoil(
        frame,
        dice=dice,
        rate=rate,
        flaws=_flaws("姓名", "出生日期", "证件号码", "手机", "归属机构", "%Y-%m-%d"),
        key="客户号",
        eligible=seen.strong,
        new_keys=lambda at: life_number(at + counters.reserve(LIFE, len(at)) - int(at[0])),
    )
    return Export(LIFE, "person", spoiled, who[spoiled.origin], take(seen.link, spoiled.origin))


def motor_customers(
    org: Organisation,
    people: People,
    companies: Companies,
    members: Membership,
    fleet: pl.Series,
    counters: Counters,
    *,
    seed: int,
    chunk: int,
    rate: float,
    as_of: object,
) -> Export:
    """Persons and, as kind 2, the companies that insure vehicles (`fleet`: their numbers, null where none)."""
    dice = Dice(seed, 6, chunk)
    seen = seen_by(org, people, members, MOTOR, dice)
    who, count = seen.who, len(seen.who)
    owners = np.flatnonzero(fleet.is_not_null().to_numpy()).astype(np.int64)
    opened = to_day(as_of) - dice.whole(count + len(owners), 20, 8 * 365)
    persons = pl.DataFrame(
        {
            "客户代码": members.numbers[MOTOR].gather(who),
            "客户类型": pl.repeat("1", count, eager=True),
            "投保人姓名": seen.name,
            "性别": choose(seen.male == 1, "1", "2"),
            "出生日期": day_text(seen.birth, COMPACT),
            "证件类别": take(("01", "02", "03", ""), seen.document),
            "证件号": seen.document_no,
            "联系人": pl.repeat("", count, eager=True),
            "联系电话": seen.mobile,
            "通讯地址": seen.address,
            "归属机构代码": seen.unit,
            "业务归属人": seen.manager,
        }
    )
    firms = pl.DataFrame(
        {
            "客户代码": fleet.gather(owners),
            "客户类型": pl.repeat("2", len(owners), eager=True),
            "投保人姓名": take(companies.name, owners),
            "性别": pl.repeat("", len(owners), eager=True),
            "出生日期": pl.repeat("", len(owners), eager=True),
            "证件类别": pl.repeat("31", len(owners), eager=True),
            "证件号": take(companies.code, owners),
            "联系人": take(companies.contact, owners),
            "联系电话": take(companies.mobile, owners),
            "通讯地址": take(companies.address, owners),
            "归属机构代码": take(org.outlet_codes, companies.outlet[owners]),
            "业务归属人": take(org.manager_numbers, companies.manager[owners]),
        }
    )
    frame = pl.concat([persons, firms]).with_columns(day_text(opened, COMPACT).alias("录入日期"))
    flaws = _flaws("投保人姓名", "出生日期", "证件号", "联系电话", "归属机构代码", "%Y%m%d")
    flaws.append(Flaw("lost_zeros", (pl.col("客户代码").str.strip_chars_start("0"),)))
    spoiled = dirt.spoil(
        frame,
        dice=dice,
        rate=rate,
        flaws=flaws,
        key="客户代码",
        eligible=np.concatenate((seen.strong, np.zeros(len(owners), dtype=bool))),
        new_keys=lambda at: motor_number(at + counters.reserve(MOTOR, len(at)) - int(at[0])),
    )
    # Companies are numbered after the persons of the chunk, as everywhere.
    party = np.concatenate((who, people.count + owners))[spoiled.origin]
    firm_link = pl.repeat("id", len(owners), eager=True)
    return Export(MOTOR, "person", spoiled, party, take(pl.concat([seen.link, firm_link]), spoiled.origin))


def crm_customers(
    org: Organisation,
    people: People,
    members: Membership,
    counters: Counters,
    *,
    seed: int,
    chunk: int,
    rate: float,
    as_of: object,
) -> Export:
    """Rows of the workbook: the same column holds text, numbers and dates, as people typed them over the years."""
    dice = Dice(seed, 7, chunk)
    seen = seen_by(org, people, members, CRM, dice)
    who, count = seen.who, len(seen.who)
    style = dice.weighted(count, (35, 30, 20, 15))
    man, words_for_sex = seen.male == 1, dice.chance(count, 0.7)
    iso = day_text(seen.birth, ISO)
    frame = pl.DataFrame(
        {
            "客户编号": members.numbers[CRM].gather(who),
            "客户名称": seen.name,
            "性别": choose(words_for_sex, choose(man, "男", "女"), choose(man, "M", "F")),
            "生日": iso,
            "身份证号": choose(seen.document == Document.RESIDENT_ID, seen.document_no, ""),
            "手机号": seen.mobile,
            "家庭住址": seen.short_address,
            "职业": choose(people.age[who] >= ADULT, dice.word(count, words.OCCUPATIONS, words.OCCUPATION_WEIGHTS), ""),
            "爱好": choose(dice.chance(count, 0.4), dice.word(count, words.HOBBIES), ""),
            "所属网点": seen.unit,
            "维护人": seen.manager,
            "最近联系": join(DATE_CELL, digits(to_day(as_of) - dice.whole(count, 1, 900) + 25_569)),
            "_style": take(("0", "1", "2", "3"), style),
        }
    )
    flaws = _flaws("客户名称", "生日", "身份证号", "手机号", "所属网点", "%Y-%m-%d")
    # In a workbook a number of 18 digits and a bare serial are real numeric cells, as is a code that lost its zeros.
    changed = {
        "float_id": (pl.concat_str(pl.lit(NUMBER_CELL), pl.col("身份证号").str.replace("X", "0")).alias("身份证号"),),
        "excel_serial": (pl.concat_str(pl.lit(NUMBER_CELL), dirt.excel_serial("生日")).alias("生日"),),
    }
    flaws = [Flaw(flaw.kind, changed.get(flaw.kind, flaw.change)) for flaw in flaws]
    lost = pl.concat_str(pl.lit(NUMBER_CELL), pl.col("客户编号").str.strip_chars_start("0")).alias("客户编号")
    flaws.append(Flaw("lost_zeros", (lost,)))
    spoiled = dirt.spoil(
        frame,
        dice=dice,
        rate=rate,
        flaws=flaws,
        key="客户编号",
        eligible=seen.strong,
        new_keys=lambda at: crm_number(at + counters.reserve(CRM, len(at)) - int(at[0])),
    )
    written = spoiled.frame.with_columns(_mixed_birth(spoiled.kind), _mixed_phone()).drop("_style")
    spoiled = dirt.Spoiled(written, spoiled.origin, spoiled.true_key, spoiled.kind, spoiled.keys_used)
    return Export(CRM, "person", spoiled, who[spoiled.origin], take(seen.link, spoiled.origin))


def _mixed_birth(kind: pl.Series) -> pl.Expr:
    """Clean birth dates as date cells, `1985.03.07`, `1985年3月7日` or plain text; flawed ones stay as planted."""
    text, style = pl.col("生日"), pl.col("_style")
    plain = ~pl.lit(kind).is_in(["impossible_date", "two_digit_year", "excel_serial"])
    date = text.str.to_date("%Y-%m-%d", strict=False)
    cell = pl.concat_str(pl.lit(DATE_CELL), (date.cast(pl.Int32) + 25_569).cast(pl.String))
    long = pl.format("{}年{}月{}日", date.dt.year(), date.dt.month(), date.dt.day())
    dotted = text.str.replace_all("-", ".", literal=True)
    return (
        pl.when(plain & (style == "0"))
        .then(cell)
        .when(plain & (style == "1"))
        .then(dotted)
        .when(plain & (style == "2"))
        .then(long)
        .otherwise(text)
        .alias("生日")
    )


def _mixed_phone() -> pl.Expr:
    """A third of the untouched mobiles are numeric cells."""
    text = pl.col("手机号")
    bare = text.str.contains(r"^1\d{10}$") & (pl.col("_style") == "0")
    return pl.when(bare).then(pl.concat_str(pl.lit(NUMBER_CELL), text)).otherwise(text).alias("手机号")


def company_customers(
    org: Organisation,
    companies: Companies,
    numbers: pl.Series,
    counters: Counters,
    *,
    people_count: int,
    seed: int,
    chunk: int,
    rate: float,
) -> Export:
    """Companies as life core knows them (group business), with their contact persons."""
    dice = Dice(seed, 8, chunk)
    count = companies.count
    frame = pl.DataFrame(
        {
            "企业客户号": numbers,
            "企业名称": companies.name,
            "统一社会信用代码": companies.code,
            "行业": companies.industry,
            "职工人数": digits(companies.size),
            "法定代表人": companies.legal_person,
            "联系人": companies.contact,
            "联系人职务": companies.contact_role,
            "联系人手机": companies.mobile,
            "单位电话": companies.phone,
            "注册地址": companies.address,
            "归属机构": take(org.outlet_codes, companies.outlet),
            "客户经理工号": take(org.manager_numbers, companies.manager),
        }
    )
    flaws = [
        Flaw("fullwidth", (dirt.fullwidth("联系人手机"),)),
        Flaw("plus86", (dirt.country_code("联系人手机"),)),
        Flaw("spaces", (dirt.spaced_name("企业名称"),)),
        Flaw("bad_checksum", (dirt.wrong_check("统一社会信用代码"),)),
        Flaw("empty_name", (pl.lit("").alias("企业名称"),)),
        Flaw("unknown_unit", (pl.lit(dirt.UNKNOWN_UNIT).alias("归属机构"),)),
        Flaw("duplicate_key"),
    ]
    spoiled = dirt.spoil(
        frame,
        dice=dice,
        rate=rate,
        flaws=flaws,
        key="企业客户号",
        eligible=np.ones(count, dtype=bool),
        new_keys=lambda at: company_number(at + counters.reserve("company", len(at)) - int(at[0])),
    )
    link = pl.repeat("primary", spoiled.frame.height, eager=True)
    return Export(LIFE, "organisation", spoiled, people_count + spoiled.origin, link)
