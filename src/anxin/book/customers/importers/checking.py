"""Whether rows of customers hold together, and their values in one form. In columns, without the database."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from anxin.book.customers.importers import fields
from anxin.kernel import importing, names
from anxin.kernel.identifiers.emails import normalise_email_column
from anxin.kernel.identifiers.phones import PhoneProblem, normalise_phones
from anxin.kernel.identifiers.resident import validate_resident_ids
from anxin.kernel.identifiers.uscc import validate_usccs
from anxin.kernel.importing import BatchContext, Checked, Findings

# Names that are in their one form already: Chinese characters alone, or plain letters with single blanks.
_PLAIN_NAME: Final = "^([\u4e00-\u9fff]+|[!-~]+( [!-~]+)*)$"
_OLDEST: Final = date(1900, 1, 1)
# The order is part of every fingerprint: a new column goes to the end.
CHECKED: Final = (
    "source_key", "kind", *fields.SCALARS, "document_kind", "document_no", "document_until", "mobile", "home_phone",
    "work_phone", "work_fax", "email", "wechat", "home_address", "work_address", "mail_address", "bank",
    "bank_account", "hobbies", "contact_person", "last_contact_date", "unit_code", "manager_staff_no",
)  # fmt: skip


def check(rows: pl.DataFrame, context: BatchContext) -> Checked:
    """Rows with the columns `line` and CHECKED; blank is null throughout."""
    table = importing.complete(rows, fields.FIELDS)
    found = Findings(table)
    table = _clean_texts(table, found)
    found.refuse(table["source_key"].is_null(), "source_key", "key_missing")
    if "name" in rows.columns:
        found.refuse(table["name"].is_null(), "name", "name_missing")
    else:
        # A file without names at all (anonymised, or numbers only): the customer number stands for it.
        table = table.with_columns(pl.col("source_key").alias("name"))
    kind = table["kind"].fill_null("person").str.to_lowercase().replace_strict(fields.KINDS, default=None)
    found.refuse(kind.is_null(), "kind", "kind_unknown", table["kind"])
    table = table.with_columns(kind.alias("kind"), _plain_names(table["name"]))
    table = _check_sex(table, found)
    table = _check_documents(table, found, context.now.date())
    births = table["birth_date"]
    impossible = (births < _OLDEST) | (births > context.now.date())
    found.refuse(impossible, "birth_date", "birth_date_impossible", births)
    for name in fields.PHONES:
        table = _check_phone(table, name, found)
    table = _check_email(table, found)
    table = _check_account(table, found)
    table = _check_income(table, found)
    table = table.with_columns(
        pl.col("marital_status").replace(fields.MARITAL),
        pl.col("education").replace(fields.EDUCATION),
        pl.when(pl.col("headcount") >= 0).then("headcount").alias("headcount"),
        pl.col("opened_date").alias("customer_since"),
        pl.when(pl.col("contact_role").is_not_null())
        .then(pl.format("{}（{}）", "contact_name", "contact_role"))
        .otherwise("contact_name")
        .alias("contact_person"),
    )
    return Checked(table.filter(~found.refused).select("line", *CHECKED), found.table())


def _clean_texts(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    """No control characters (they would break a line of COPY or a look-up), nothing longer than its column."""
    changed = []
    for spec in fields.FIELDS:
        column = table[spec.name]
        if column.dtype != pl.String or column.null_count() == len(column):
            continue
        odd = column.str.contains(r"[\x00-\x1f\x7f]")
        if odd.any():
            column = column.str.replace_all(importing.CONTROLS, " ").str.strip_chars()
            column = column.set(column == "", None)
            changed.append(column)
        if spec.max_length is not None:
            long = column.str.len_chars() > spec.max_length
            if long.any():
                found.warn(long, spec.name, "too_long")
                changed = [other for other in changed if other.name != spec.name]
                changed.append(column.str.slice(0, spec.max_length))
    return table.with_columns(changed) if changed else table


def _plain_names(column: pl.Series) -> pl.Series:
    odd = (~column.str.contains(_PLAIN_NAME)).fill_null(value=False)
    if not odd.any():
        return column
    return column.scatter(odd.arg_true(), [names.normalise_name(name) or None for name in column.filter(odd)])


def _check_sex(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    text = table["sex"].str.to_lowercase()
    sex = text.replace_strict(fields.SEXES, default=None)
    odd = text.is_not_null() & sex.is_null() & ~text.is_in(list(fields.UNKNOWN_SEXES))
    found.warn(odd, "sex", "sex_unreadable", table["sex"])
    return table.with_columns(sex.alias("sex"))


def _check_documents(table: pl.DataFrame, found: Findings, today: date) -> pl.DataFrame:
    number = table["id_number"].str.to_uppercase().str.replace_all(r"[\s-]", "")
    is_person = table["kind"] == "person"
    given = table["id_type"].str.to_lowercase().replace_strict(fields.DOCUMENTS, default=None)
    strange = table["id_type"].is_not_null() & given.is_null() & number.is_not_null()
    found.warn(strange, "id_type", "id_type_unknown", table["id_type"])
    frame = pl.DataFrame({"number": number, "given": given, "strange": strange, "is_person": is_person}).with_columns(
        pl.coalesce(
            "given",
            pl.when("strange").then(pl.lit("other")),
            pl.when(~pl.col("is_person")).then(pl.lit("uscc")),
            pl.when(pl.col("number").str.contains(r"^(\d{17}[\dX]|\d{15})$")).then(pl.lit("resident_id")),
            pl.lit("other"),
        ).alias("kind")
    )
    kind = frame["kind"]
    resident = (number.is_not_null() & (kind == "resident_id")).fill_null(value=False)
    company = (number.is_not_null() & (kind == "uscc")).fill_null(value=False)
    births, sexes, numbers = table["birth_date"], table["sex"], number
    if resident.any():
        read = validate_resident_ids(number.filter(resident), today=today)
        at = resident.arg_true()
        found.refuse(_spread(resident, ~read["ok"]), "id_number", "id_number_invalid", table["id_number"])
        birth, sex = read["birth_date"], read["sex"].replace_strict({"male": "M", "female": "F"}, default=None)
        found.warn(_spread(resident, births.filter(resident) != birth), "birth_date", "birth_differs_from_id", births)
        found.warn(_spread(resident, sexes.filter(resident) != sex), "sex", "sex_differs_from_id", table["sex"])
        births = births.scatter(at, pl.select(pl.coalesce(birth, births.filter(resident))).to_series())
        sexes = sexes.scatter(at, pl.select(pl.coalesce(sex, sexes.filter(resident))).to_series())
        numbers = numbers.scatter(at, read["normalised"])
    codes = table["uscc"].str.to_uppercase()
    if company.any():
        read = validate_usccs(number.filter(company))
        found.refuse(_spread(company, ~read["ok"]), "id_number", "uscc_invalid", table["id_number"])
        numbers = numbers.scatter(company.arg_true(), read["normalised"])
        codes = pl.select(pl.coalesce(codes, pl.when(company).then(numbers))).to_series()
    separate = (table["uscc"].is_not_null() & ~company).fill_null(value=False)
    if separate.any():
        read = validate_usccs(codes.filter(separate))
        found.refuse(_spread(separate, ~read["ok"]), "uscc", "uscc_invalid", table["uscc"])
        codes = codes.scatter(separate.arg_true(), read["normalised"])
    other = (number.is_not_null() & ~resident & ~company).fill_null(value=False)
    found.refuse(
        other & ~number.str.contains(r"^[\p{Han}A-Z0-9()（）第号字]{3,40}$"), "id_number", "id_number_unreadable",
        table["id_number"],
    )  # fmt: skip
    return table.with_columns(
        births.alias("birth_date"),
        sexes.alias("sex"),
        codes.alias("uscc"),
        numbers.alias("document_no"),
        pl.when(numbers.is_not_null()).then(kind).alias("document_kind"),
        pl.when(numbers.is_not_null()).then(pl.col("id_valid_until")).alias("document_until"),
    )


def _spread(where: pl.Series, values: pl.Series) -> pl.Series:
    """`values` of the rows of `where` as a mask over all rows."""
    empty = pl.Series("mask", [False]).new_from_index(0, len(where))
    return empty.scatter(where.arg_true(), values.fill_null(value=False))


def _check_phone(table: pl.DataFrame, name: str, found: Findings) -> pl.DataFrame:
    texts = table[name]
    if texts.null_count() == len(texts):
        return table
    read = normalise_phones(texts)
    bad = texts.is_not_null() & ~read["ok"]
    without_area = read["reason"] == PhoneProblem.AREA_CODE_MISSING.value
    found.warn(bad & without_area, name, "phone_without_area", texts)
    found.warn(bad & ~without_area, name, "phone_unreadable", texts)
    number = read.select(
        pl.when(pl.col("extension").is_not_null())
        .then(pl.concat_str("normalised", "extension", separator="-"))
        .otherwise("normalised")
        .alias(name)
    )
    return table.with_columns(number.to_series())


def _check_email(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    texts = normalise_email_column(table["email"])
    found.warn(texts.is_null() & table["email"].is_not_null(), "email", "email_unreadable", table["email"])
    return table.with_columns(texts)


def _check_account(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    texts = table["bank_account"].str.replace_all(r"[\s-]", "")
    good = texts.str.contains(r"^[0-9A-Za-z]{6,40}$")
    found.warn(~good, "bank_account", "account_unreadable", table["bank_account"])
    return table.with_columns(pl.when(good).then(texts).alias("bank_account"))


def _check_income(table: pl.DataFrame, found: Findings) -> pl.DataFrame:
    """Income in fen; ten thousand yuan are a million fen, so six decimals of a 万 are exact."""
    texts = table["annual_income_wan"]
    read = texts.str.replace_all(",", "", literal=True).str.extract(r"^(\d{1,9}(?:\.\d{1,6})?)万?元?$", 1)
    found.warn(texts.is_not_null() & read.is_null(), "annual_income_wan", "amount_unreadable", texts)
    whole = read.str.extract(r"^(\d+)", 1).cast(pl.Int64)
    part = read.str.extract(r"\.(\d+)$", 1).fill_null("0").str.pad_end(6, "0").cast(pl.Int64)
    plain = table["annual_income"]
    return table.with_columns(
        pl.coalesce(pl.when(plain >= 0).then(plain), whole * 1_000_000 + part).alias("annual_income_fen")
    )
