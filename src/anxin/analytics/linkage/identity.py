"""ID numbers, phones, dates, sexes and codes in columns: one writing, and what a typing error leaves of it."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECKS: Final = dict(enumerate("10X98765432"))
_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
_LONGEST_DATE: Final = 8


def check_character(first_17: pl.Expr) -> pl.Expr:
    """The check character of the first 17 digits (GB 11643); null where they are not digits."""
    total = pl.sum_horizontal(
        first_17.str.slice(at, 1).cast(pl.Int32, strict=False) * weight for at, weight in enumerate(_WEIGHTS)
    )
    return (total % 11).replace_strict(_CHECKS, default=None, return_dtype=pl.String)


def resident_id_columns(code: str) -> list[list[pl.Expr]]:
    """Steps from `<code>_raw`: `<code>`, `_valid` (1, 0, null when masked), `_birth`, `_born_ok`, `_sex`, `_sorted`,
    `_tail`."""
    text = pl.col(code)
    whole = text.str.contains(r"^[0-9]{17}[0-9X]$")
    born = pl.when(
        text.str.contains(r"^[0-9]{6}(?:18|19|20)[0-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
    ).then(text.str.slice(6, 8))
    odd = text.str.slice(16, 1).cast(pl.Int32, strict=False) % 2
    tidy = (
        pl.col(f"{code}_raw").str.normalize("NFKC").str.to_uppercase()
        .str.replace_all(r"[\s\-_.'’]", "")
        .str.replace_all(r"[•#?…●×]", "*")
    )  # fmt: skip
    # Some systems hide with letters: 110101XXXXXXXX1234.
    tidy = tidy.str.replace(r"^([0-9]{3,14})X{4,}", "${1}****")
    upgraded = pl.concat_str(text.str.slice(0, 6), pl.lit("19"), text.str.slice(6))
    old = text.str.contains(r"^[0-9]{15}$")
    check = check_character(pl.when(old).then(upgraded))
    hidden = text.str.contains(r"^[0-9]*\*+[0-9X]*$")
    head, tail = text.str.extract(r"^([0-9]*)\*", 1), text.str.extract(r"\*([0-9X]*)$", 1)
    gap = 18 - head.str.len_chars().cast(pl.Int64) - tail.str.len_chars().cast(pl.Int64)
    stars = pl.lit("*" * 18).str.slice(0, gap.clip(0, 18).cast(pl.UInt64))
    return [
        [tidy.alias(code)],
        [pl.when(old).then(pl.concat_str(upgraded, check)).otherwise(text).alias(code)],
        # However many stars were written, the hidden middle fills up to 18 places.
        [pl.when(hidden).then(pl.concat_str(head, stars, tail)).otherwise(text).alias(code)],
        [pl.when(text.str.contains(r"^[0-9*]{17}[0-9X*]$")).then(text).alias(code)],
        [pl.when(whole).then(text.str.slice(17, 1) == check_character(text)).alias(f"{code}_sound")],
        [
            pl.when(pl.col(f"{code}_sound") & born.is_not_null()).then(pl.lit("1"))
            .when(whole).then(pl.lit("0")).alias(f"{code}_valid"),
            born.alias(f"{code}_birth"),
            pl.when(odd == 1).then(pl.lit("M")).when(odd == 0).then(pl.lit("F")).alias(f"{code}_sex"),
            sorted_characters(pl.when(whole).then(text)).alias(f"{code}_sorted"),
            pl.when(text.str.contains(r"^[0-9*]{14}[0-9]{3}[0-9X]$")).then(text.str.slice(14, 4)).alias(f"{code}_tail"),
            pl.when(text.str.contains(r"^[0-9]{6}")).then(text.str.slice(0, 6)).alias(f"{code}_region"),
        ],
        [
            pl.when(pl.col(f"{code}_valid").is_not_null() | (text.str.contains("*", literal=True) &
                    (text.str.replace_all("*", "", literal=True).str.len_chars() >= 6))).then(text).alias(code),
        ],
    ]  # fmt: skip


_FEW: Final = 1_000
_LONGEST_SORTED: Final = 64


def sorted_characters(text: pl.Expr) -> pl.Expr:
    """The characters in order, so that two swapped ones make no difference."""
    return text.map_batches(_sorted, return_dtype=pl.String)


def _sorted(texts: pl.Series) -> pl.Series:
    if len(texts) - texts.null_count() <= _FEW:
        return pl.Series(
            texts.name, [text and "".join(sorted(text)) for text in texts.to_list()], dtype=pl.String
        )  # fmt: skip
    # Numbers of one length are sorted as one array of bytes; a list of characters for each takes ten times as long.
    lengths = texts.str.len_bytes()
    plain = lengths.set((texts.str.len_chars() != lengths) | (lengths == 0) | (lengths > _LONGEST_SORTED), None)
    parts, places = [texts.clear(1)], np.zeros(len(texts), dtype=np.int64)
    groups = [(length, plain.eq_missing(length)) for length in plain.drop_nulls().unique().to_list()]
    start = 1
    for length, group in [*groups, (0, plain.is_null() & texts.is_not_null())]:
        some = texts.filter(group)
        places[group.to_numpy()] = np.arange(start, start + len(some))
        parts.append(_in_order(some, length) if length else some.str.split("").list.sort().list.join(""))
        start += len(some)
    return pl.concat(parts).gather(places)


def _in_order(texts: pl.Series, length: int) -> pl.Series:
    """Texts of `length` one-byte characters each."""
    # Not above: 25 MB that a process needs only for the linking of a whole book.
    import pyarrow as pa

    table = np.frombuffer(texts.str.join("").item().encode(), dtype=np.uint8).reshape(-1, length)
    offsets = np.arange(0, table.size + 1, length, dtype=np.int64)
    data = np.sort(table, axis=1)
    found = pa.LargeStringArray.from_buffers(len(table), pa.py_buffer(offsets), pa.py_buffer(data))
    return pl.Series(texts.name, found)


def phone(text: pl.Expr) -> pl.Expr:
    """Digits without the country's 86 and a leading trunk 0 of mobiles; values in letters (blind index) as they are."""
    # A blind index needs no reading.
    is_blind = text.str.contains(r"^[0-9a-fA-F]{24,}$")
    plain = pl.when(~is_blind).then(text).str.normalize("NFKC").str.strip_chars()
    is_token = plain.str.contains(r"^[0-9a-fA-F]{24,}$|[g-zG-Z=]{3,}")
    digits = (
        plain.str.replace_all(r"[^0-9]", "")
        .str.replace(r"^(?:00)?86(1[3-9][0-9]{9})$", "$1")
        .str.replace(r"^0(1[3-9][0-9]{9})$", "$1")
    )
    digits = digits.str.replace(r"^(?:00)?860?([1-9][0-9]{8,10})$", "0$1")
    usable = (digits.str.len_chars() >= 5) & ~digits.str.contains(r"^(?:0+|1+|9+)$")
    return pl.when(is_blind).then(text).when(is_token).then(plain).when(usable).then(digits)


def email(text: pl.Expr) -> pl.Expr:
    plain = text.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s", "")
    return pl.when(plain.str.len_chars() >= 3).then(plain)


def sex(text: pl.Expr) -> pl.Expr:
    """M or F from what systems write; null for anything else."""
    plain = text.str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    male, female = ["男", "男性", "m", "male", "man", "1"], ["女", "女性", "f", "female", "woman", "2", "w"]
    return pl.when(plain.is_in(male)).then(pl.lit("M")).when(plain.is_in(female)).then(pl.lit("F"))


def day(text: pl.Expr) -> pl.Expr:
    """yyyymmdd from the usual forms. An impossible day keeps its digits: it may be a typing error of a possible one."""
    # How this house and most others write it needs no looking further.
    is_plain = text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    usual = pl.concat_str(text.str.slice(0, 4), text.str.slice(5, 2), text.str.slice(8, 2))
    plain = pl.when(~is_plain).then(text).str.normalize("NFKC").str.strip_chars()
    plain = plain.str.replace(r"[ T][0-9]{1,2}:[0-9][0-9].*$", "")
    year_first = r"^([0-9]{4})[^0-9]+([0-9]{1,2})[^0-9]+([0-9]{1,2})[^0-9]*$"
    year_last = r"^([0-9]{1,2})[^0-9]+([0-9]{1,2})[^0-9]+([0-9]{4})$"

    def put(pattern: str, year: int, month: int, date: int) -> pl.Expr:
        return pl.concat_str(
            plain.str.extract(pattern, year),
            plain.str.extract(pattern, month).str.zfill(2),
            plain.str.extract(pattern, date).str.zfill(2),
        )

    digits = plain.str.replace_all(r"[^0-9]", "")
    return pl.coalesce(
        pl.when(is_plain).then(usual),
        pl.when(plain.str.contains(r"^[0-9]{8}$")).then(plain),
        put(year_first, 1, 2, 3),
        put(year_last, 3, 2, 1),
        pl.when(digits.str.len_chars() == _LONGEST_DATE).then(digits),
        pl.when(plain.str.contains(r"^(?:1[6-9]|20)[0-9][0-9]$")).then(pl.concat_str(plain, pl.lit("0000"))),
    )


def day_columns(code: str) -> list[pl.Expr]:
    """From `<code>` (yyyymmdd): `_swapped` (yyyyddmm), `_year`, `_month` (yyyymm), `_md` (mmdd), `_yd` (year and
    day)."""
    text = pl.col(code)
    year, month, date = text.str.slice(0, 4), text.str.slice(4, 2), text.str.slice(6, 2)
    known = month != "00"
    return [
        pl.when(known).then(pl.concat_str(year, date, month)).alias(f"{code}_swapped"),
        year.alias(f"{code}_year"),
        pl.when(known).then(text.str.slice(0, 6)).alias(f"{code}_month"),
        pl.when(known).then(text.str.slice(4, 4)).alias(f"{code}_md"),
        pl.when(known).then(pl.concat_str(year, date)).alias(f"{code}_yd"),
    ]


def identifier(text: pl.Expr) -> pl.Expr:
    """Letters and digits in capitals."""
    plain = text.str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")
    return pl.when(plain.str.len_chars() >= 1).then(plain)


def uscc(text: pl.Expr) -> pl.Expr:
    """Unified social credit code, or the nine characters of an old organisation code or 15 of a tax number."""
    plain = text.str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")
    return pl.when(plain.str.contains(rf"^(?:[{_USCC_ALPHABET}]{{18}}|[{_USCC_ALPHABET}]{{15}}|[0-9A-Z]{{9}})$")).then(
        plain
    )


def organisation_code(uscc_column: pl.Expr) -> pl.Expr:
    """The nine characters of the organisation itself inside the code (places 9 to 17)."""
    length = uscc_column.str.len_chars()
    return (
        pl.when(length == 18).then(uscc_column.str.slice(8, 9))
        .when(length == 15).then(uscc_column.str.slice(6, 9))
        .when(length == 9).then(uscc_column)
    )  # fmt: skip
