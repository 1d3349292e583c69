"""From input columns to the features that comparisons and blocking rules look at.

Everything that needs more than plain SQL happens here, in columns, before an engine sees the records; so DuckDB,
Spark and the scorer of single records compare the same texts. Features of a field are named `<field>_<feature>`, the
main one `<field>`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

import polars as pl

from anxin.analytics.linkage import addresses, chinese, identity, organisations, western
from anxin.analytics.linkage.model import Field, Frequencies, Model, Role, Rule

_Reader: TypeAlias = Callable[[pl.DataFrame, str], pl.DataFrame | pl.LazyFrame]
ID: Final = "unique_id"
SOURCE: Final = "source_system"
KEYS: Final = "key_"
TF: Final = "tf_"
_BLIND: Final = 24  # characters: no number is as long
_UNKNOWN: Final = [
    "",
    "-",
    "--",
    "/",
    "null",
    "NULL",
    "None",
    "none",
    "nan",
    "NaN",
    "N/A",
    "n/a",
    "NA",
    "无",
    "不详",
    "未知",
    "不明",
]


def build(
    frame: pl.DataFrame, fields: Sequence[Field], *, divisions: addresses.Divisions | None = None
) -> pl.DataFrame:
    """Features of every record.

    `frame`: `record_id`, optionally `source`, and the columns that `fields` name, all of which may be null. Columns
    of a field that are absent count as unknown. Gives one row per input row, in order: `unique_id`, `source_system`,
    features. Raises ValueError where record ids repeat.
    """
    ids = frame["record_id"].cast(pl.String)
    if ids.n_unique() != len(ids):
        raise ValueError("Record ids repeat.")
    source = frame["source"].cast(pl.String) if "source" in frame.columns else pl.repeat("", len(frame), eager=True)
    result = pl.DataFrame({ID: ids, SOURCE: source})
    texts = frame.select(
        _known_text(column) if column in frame.columns else pl.lit(None, dtype=pl.String).alias(column)
        for column in dict.fromkeys(column for each in fields for column in each.columns)
    )
    # All plans are run at once: for a few records (the live check) planning costs more than reading.
    parts = pl.collect_all([_READERS[each.role](_raw(texts, each, len(frame)), each.code).lazy() for each in fields])
    result = pl.concat([result, *parts], how="horizontal")
    for each in fields:
        if each.role is Role.CHINESE_ADDRESS and divisions is not None:
            result = addresses.add_division_codes(result, each.code, divisions)
    return _told_by_others(result, fields)


@cache
def _known_text(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(~text.is_in(_UNKNOWN)).then(text).alias(column)


def _raw(texts: pl.DataFrame, each: Field, records: int) -> pl.DataFrame:
    """The field's input columns named `0`, `1`, …"""
    series = [texts[column].alias(str(at)) for at, column in enumerate(each.columns)]
    # Columns of which none is there have one row.
    return pl.DataFrame([one if len(one) == records else one.new_from_index(0, records) for one in series])


def _steps(frame: pl.LazyFrame, steps: Sequence[Sequence[pl.Expr]]) -> pl.LazyFrame:
    for step in steps:
        frame = frame.with_columns(*step)
    return frame


def _keep(frame: pl.LazyFrame, code: str, *names: str) -> pl.LazyFrame:
    return frame.select(code if not name else f"{code}_{name}" for name in names)


def _chinese_name(raw: pl.DataFrame, code: str) -> pl.DataFrame:
    whole = raw.select(pl.concat_str(raw.columns, separator=" ", ignore_nulls=True).alias(f"{code}_raw"))
    distinct = chinese.add_parts(whole.unique(), code)
    parts = whole.join(distinct, on=f"{code}_raw", how="left", nulls_equal=True, maintain_order="left")
    return parts.rename({f"{code}_han": code}).select(
        code, *(f"{code}_{name}" for name in (
            "surname", "given", "py", "surname_py", "given_py", "first_py", "last_py", "turned_py", "sorted_py",
            "shape",
            "title_sex"))
    )  # fmt: skip


def _word(raw: pl.DataFrame, code: str) -> pl.DataFrame:
    text = raw.select(western.folded(pl.concat_str(raw.columns, separator=" ", ignore_nulls=True)).alias(code))
    return text.with_columns(
        western.sounds(text[code]).alias(f"{code}_sound"),
        pl.col(code).str.slice(0, 1).alias(f"{code}_initial"),
        pl.col(code).str.slice(0, 3).alias(f"{code}_start"),
        pl.when(pl.col(code).str.len_chars() == 1).then(pl.lit("1")).otherwise(pl.lit("0")).alias(f"{code}_short"),
    )


def _full_name(raw: pl.DataFrame, code: str) -> pl.DataFrame:
    text = raw.select(western.folded(pl.concat_str(raw.columns, separator=" ", ignore_nulls=True)).alias(code))
    words = pl.col(code).str.split(" ")
    text = text.with_columns(
        words.list.sort().list.join(" ").alias(f"{code}_sorted"),
        words.list.first().alias(f"{code}_given"),
        pl.when(words.list.len() > 1).then(words.list.last()).alias(f"{code}_surname"),
    )
    return text.with_columns(
        western.sounds(text[f"{code}_given"]).alias(f"{code}_given_sound"),
        western.sounds(text[f"{code}_surname"]).alias(f"{code}_surname_sound"),
        pl.col(f"{code}_given").str.slice(0, 1).alias(f"{code}_initial"),
    )


def _text(raw: pl.DataFrame, code: str) -> pl.DataFrame:
    plain = pl.concat_str(raw.columns, separator=" ", ignore_nulls=True)
    letters = western.folded(plain)
    # Texts in other scripts are compared as they are, for equality only.
    other = plain.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", "")
    is_other = plain.str.contains(r"[^\x00-\u024f]")
    text = raw.select(pl.when(is_other).then(pl.when(other != "").then(other)).otherwise(letters).alias(code))
    return text.with_columns(
        pl.when(pl.col(code).str.contains(r"^[\x00-\x7f]*$")).then(pl.col(code)).alias(f"{code}_ascii"),
        pl.col(code).str.slice(0, 4).alias(f"{code}_start"),
    )


def _single(read: Callable[[pl.Expr], pl.Expr]) -> _Reader:
    def reader(raw: pl.DataFrame, code: str) -> pl.LazyFrame:
        return raw.lazy().select(read(pl.concat_str(raw.columns, separator=" ", ignore_nulls=True)).alias(code))

    return reader


def _date(raw: pl.DataFrame, code: str) -> pl.LazyFrame:
    parts = [raw[name] for name in raw.columns]
    if len(parts) == 3:
        year, month, date = (part.str.replace_all(r"\D", "") for part in parts)
        whole = pl.select(pl.concat_str(year.str.zfill(4), month.str.zfill(2), date.str.zfill(2)).alias(code))
    else:
        whole = raw.lazy().select(identity.day(pl.col("0")).alias(code)).collect()
    return whole.lazy().with_columns(*_day_columns(code))


def _resident_id(raw: pl.DataFrame, code: str) -> pl.LazyFrame:
    frame = _steps(raw.lazy().select(pl.coalesce(raw.columns).alias(f"{code}_raw")), _resident_id_columns(code))
    return _keep(frame, code, "", "valid", "birth", "sex", "sorted", "tail", "region")


def _identifier(raw: pl.DataFrame, code: str) -> pl.LazyFrame:
    frame = raw.lazy().select(identity.identifier(pl.coalesce(raw.columns)).alias(code))
    return frame.with_columns(identity.sorted_characters(pl.col(code)).alias(f"{code}_sorted"))


def _phone(raw: pl.DataFrame, code: str) -> pl.LazyFrame:
    """Up to two numbers: `<code>` and `<code>_2`."""
    names = raw.columns[:2]
    frame = raw.lazy().select(
        identity.phone(pl.col(name)).alias(code if name == "0" else f"{code}_2") for name in names
    )
    if len(names) == 1:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(f"{code}_2"))
    same = pl.col(f"{code}_2") == pl.col(code)
    # Nobody mistypes a blind index.
    digits = pl.when(pl.col(code).str.len_bytes() < _BLIND).then(pl.col(code))
    frame = frame.with_columns(
        pl.coalesce(code, f"{code}_2").alias(code),
        pl.when(same.fill_null(False) | pl.col(code).is_null())
        .then(None)
        .otherwise(pl.col(f"{code}_2"))
        .alias(f"{code}_2"),
    )
    return frame.with_columns(identity.sorted_characters(digits).alias(f"{code}_sorted"))


def _email(raw: pl.DataFrame, code: str) -> pl.LazyFrame:
    frame = raw.lazy().select(identity.email(pl.coalesce(raw.columns)).alias(code))
    user = pl.col(code).str.extract(r"^([^@]+)@", 1)
    return frame.with_columns(
        pl.when(user.str.len_chars() >= 4).then(user).alias(f"{code}_user"),
        pl.when(pl.col(code).str.contains(r"^[\x00-\x7f]*$")).then(pl.col(code)).alias(f"{code}_ascii"),
    )


def _chinese_address(raw: pl.DataFrame, code: str) -> pl.LazyFrame:
    whole = raw.lazy().select(pl.concat_str(raw.columns, separator="", ignore_nulls=True).alias(f"{code}_raw"))
    frame = _steps(whole, _address_columns(code))
    return _keep(frame, code, "raw", "area", "road", "number", "door", "house")


def _postcode(raw: pl.DataFrame, code: str) -> pl.DataFrame:
    frame = raw.select(identity.identifier(pl.concat_str(raw.columns, separator="", ignore_nulls=True)).alias(code))
    blank = raw.select(pl.col("0").str.to_uppercase().str.extract(r"^([0-9A-Z]+)[ \-][0-9A-Z]+$", 1).alias("area"))[
        "area"
    ]
    half = pl.col(code).str.slice(0, pl.max_horizontal(pl.lit(2), pl.col(code).str.len_chars().cast(pl.Int64) - 3))
    return frame.with_columns(
        pl.coalesce(blank, half).alias(f"{code}_area"), identity.sorted_characters(pl.col(code)).alias(f"{code}_sorted")
    )


def _uscc(raw: pl.DataFrame, code: str) -> pl.LazyFrame:
    frame = raw.lazy().select(identity.uscc(pl.coalesce(raw.columns)).alias(code))
    return frame.with_columns(identity.organisation_code(pl.col(code)).alias(f"{code}_core"))


# Expressions are made once.
_day_columns = cache(identity.day_columns)
_resident_id_columns = cache(identity.resident_id_columns)
_address_columns = cache(addresses.columns)
_READERS: Final[Mapping[Role, _Reader]] = {
    Role.CHINESE_NAME: _chinese_name,
    Role.FULL_NAME: _full_name,
    Role.GIVEN_NAME: _word,
    Role.SURNAME: _word,
    Role.SEX: _single(identity.sex),
    Role.DATE: _date,
    Role.RESIDENT_ID: _resident_id,
    Role.IDENTIFIER: _identifier,
    Role.PHONE: _phone,
    Role.EMAIL: _email,
    Role.TOKEN: _single(lambda text: pl.when(text != "").then(text)),
    Role.CHINESE_ADDRESS: _chinese_address,
    Role.STREET: _text,
    Role.HOUSE_NUMBER: _identifier,
    Role.PLACE: _text,
    Role.POSTCODE: _postcode,
    Role.CATEGORY: _text,
    Role.TEXT: _text,
    Role.USCC: _uscc,
    Role.ORGANISATION_NAME: organisations.name_columns,
}


def _told_by_others(known: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """A sound ID number tells birth date and sex; a title tells the sex."""
    by_role = {each.role: each.code for each in reversed(fields)}
    frame = known.lazy()
    number, birth = by_role.get(Role.RESIDENT_ID), by_role.get(Role.DATE)
    sex, name = by_role.get(Role.SEX), by_role.get(Role.CHINESE_NAME)
    if number and birth:
        sound = pl.when(pl.col(f"{number}_valid") == "1").then(pl.col(f"{number}_birth"))
        frame = frame.with_columns(pl.col(birth).alias(f"{birth}_typed"))
        frame = frame.with_columns(pl.coalesce(sound, birth, f"{number}_birth").alias(birth))
        frame = frame.with_columns(*_day_columns(birth))
    if number and sex:
        frame = frame.with_columns(pl.col(sex).alias(f"{sex}_typed"))
        told = pl.when(pl.col(f"{number}_valid") == "1").then(pl.col(f"{number}_sex"))
        frame = frame.with_columns(pl.coalesce(told, sex, f"{number}_sex").alias(sex))
    if sex and name:
        frame = frame.with_columns(pl.coalesce(sex, f"{name}_title_sex").alias(sex))
    return frame.collect()


def add_keys(
    frame: pl.DataFrame, rules: Sequence[Rule], largest_block: int, base: pl.DataFrame | None = None
) -> pl.DataFrame:
    """`key_<rule>` for every rule whose two sides are the same columns: the values joined, null where one is unknown
    or where more than `largest_block` records share them (an agent's own mobile, the commonest name and day). `base`:
    keys of records that these are to be matched with; its blocks are already limited."""
    for rule in rules:
        if any(left != right for left, right in rule.keys):
            continue
        key = f"{KEYS}{rule.code}"
        frame = frame.with_columns(pl.concat_str([left for left, _ in rule.keys], separator="|").alias(key))
        large = frame.group_by(key).len().filter(pl.col("len") > largest_block)[key].drop_nulls()
        if len(large):
            frame = frame.with_columns(pl.when(~pl.col(key).is_in(large.implode())).then(pl.col(key)).alias(key))
    return frame


def add_frequencies(
    frame: pl.DataFrame, columns: Sequence[str], known: Mapping[str, Frequencies] | None = None
) -> pl.DataFrame:
    """`tf_<column>`: the share of the known values that equal this one; counted in `frame`, or looked up in `known`."""
    if known is not None:
        return frame.with_columns(_looked_up(frame[column], known.get(column)) for column in columns)
    for column in columns:
        name = f"{TF}{column}"
        total = len(frame) - frame[column].null_count()
        counted = (
            frame.group_by(column).agg((pl.len() / max(total, 1)).alias(name)).filter(pl.col(column).is_not_null())
        )
        frame = frame.join(counted, on=column, how="left", maintain_order="left")
    return frame


def _looked_up(values: pl.Series, table: Frequencies | None) -> pl.Series:
    # By hand: a replacement by expression copies the whole table, be it for one value.
    shares, other = (table.values, table.other) if table else ({}, None)
    found = [None if value is None else shares.get(value, other) for value in values.to_list()]
    return pl.Series(f"{TF}{values.name}", found, dtype=pl.Float64)


# Features whose values name one person, one door or one account: a model must not hold them.
_PERSONAL: Final = (
    Role.RESIDENT_ID, Role.IDENTIFIER, Role.PHONE, Role.EMAIL, Role.TOKEN, Role.CHINESE_ADDRESS, Role.STREET, Role.USCC,
    Role.TEXT, Role.HOUSE_NUMBER,
)  # fmt: skip
_LEAST_COUNT: Final = 5


def count_frequencies(frame: pl.DataFrame, model: Model, *, most: int = 2000) -> dict[str, Frequencies]:
    """Frequencies for a model to keep: the `most` commonest names, days and places, each seen at least 5 times; of
    phones, ID numbers, accounts, streets and doors only how rare they are as a rule."""
    personal = tuple(each.code for each in model.fields if each.role in _PERSONAL)
    found = {}
    for column in model.tf_columns:
        known = frame[column].drop_nulls()
        total = max(len(known), 1)
        counted = known.value_counts(sort=True)
        is_personal = any(column == code or column.startswith(f"{code}_") for code in personal)
        kept = counted.filter(pl.col("count") >= _LEAST_COUNT).head(0 if is_personal else most)
        rest = len(counted) - len(kept)
        left = total - int(kept["count"].sum())
        found[column] = Frequencies(
            values={value: count / total for value, count in kept.iter_rows()},
            other=(left / rest if rest else 0.1) / total,
        )
    return found


def prepare(
    frame: pl.DataFrame, model: Model, *, divisions: addresses.Divisions | None = None, own_frequencies: bool = True
) -> pl.DataFrame:
    """Everything an engine needs of `frame` for `model`: features, frequencies, keys."""
    features = build(frame, model.fields, divisions=divisions)
    features = add_frequencies(features, model.tf_columns, None if own_frequencies else model.frequencies)
    return add_keys(features, model.rules, model.largest_block)
