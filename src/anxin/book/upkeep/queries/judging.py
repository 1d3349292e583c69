"""Judging files in columns: any number of them by the same rules, one or a million. No database is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.models import Max, Q

from anxin.book.customers.queries import quality
from anxin.book.upkeep.data import ITEMS, PROBLEMS, Problem
from anxin.book.upkeep.models import Confirmation
from anxin.foundation.schemes.data import Content
from anxin.kernel.among import among
from anxin.kernel.identifiers import resident, uscc

_UNREAL: Final = (
    r"测试|试用|无名|未知|不详|保密|匿名|客户\d|某某|张三$|李四$|XXX|xxx|test|\d{3,}"
    r"|先生$|女士$|小姐$|^[\s\p{P}\*]+$"
)
# Long enough for a street, and a number.
_PRECISE: Final = r"\d"
_SHORTEST: Final = 8
_OLDEST: Final = 115
_GOOD: Final = 100


def judge(
    content: Content, *, version: int, today: date, only: Collection[UUID] | None = None
) -> Iterator[pl.DataFrame]:
    """Portions of: party, unit, manager (hex), source, kind, score, completeness, truth, missing, problems (lists),
    details, scheme_version."""
    plain: Any = content
    shared = quality.shared_phones(at_least=plain["shared_from"], only=only)
    for frames in quality.chunks(today=today, only=only):
        confirmed = _confirmed(frames["party"], is_whole=only is None)
        facts = _facts(frames, shared, confirmed, today, timedelta(days=plain["stale_days"]))
        yield _score(facts, plain, version)


def theirs(keys: pl.Series, column: str, *, is_whole: bool) -> Q:
    """Rows of these files (hex keys in order). `is_whole`: they are all the files there are between the first and the
    last of them."""
    if is_whole:
        return Q(**{f"{column}__gte": UUID(keys[0]), f"{column}__lte": UUID(keys[-1])})
    return among(column, map(UUID, keys))


def _confirmed(party: pl.DataFrame, *, is_whole: bool) -> pl.DataFrame:
    rows = Confirmation.objects.filter(theirs(party["party"], "party__pk", is_whole=is_whole)).values("party_id")
    return pl.DataFrame(
        [(key.hex, at) for key, at in rows.annotate(at=Max("confirmed_at")).values_list("party_id", "at")],
        schema={"party": pl.String(), "confirmed_at": pl.Datetime("us", "UTC")}, orient="row",
    )  # fmt: skip


def _facts(
    frames: dict[str, pl.DataFrame], shared: pl.DataFrame, confirmed: pl.DataFrame, today: date, stale: timedelta
) -> pl.DataFrame:
    """One row per file: `has_<item>` for what is there, `<problem>` for what is doubtful, and what was found."""
    party = frames["party"].join(_identity(frames["document"], today), on="party", how="left")
    party = party.join(_reach(frames["contact"], shared), on="party", how="left")
    party = party.join(_places(frames["address"]), on="party", how="left")
    party = party.join(frames["seen"], on="party", how="left").join(confirmed, on="party", how="left")
    last = pl.max_horizontal("updated_at", "seen_at", "confirmed_at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    is_person = pl.col("kind") == "person"
    age = pl.lit(today.year) - pl.col("birth_date").dt.year()
    has_code = uscc.validate_usccs(party["uscc"].fill_null(""))["ok"]
    return party.with_columns(
        last_on=last,
        has_document=pl.col("documents").fill_null(0) > 0,
        has_birth_date=pl.col("birth_date").is_not_null(),
        has_sex=pl.col("sex") != "",
        has_phone=pl.col("phones").fill_null(0) > 0,
        has_email=pl.col("emails").fill_null(0) > 0,
        has_address=pl.col("addresses").fill_null(0) > 0,
        has_income=pl.col("income").is_not_null(),
        has_scale=pl.col("has_scale") | pl.col("headcount").is_not_null(),
        has_manager=pl.col("manager").is_not_null(),
        id_checksum=is_person & pl.col("checksum").fill_null(value=False),
        id_birth=is_person & pl.col("said_birth").ne(pl.col("birth_date")).fill_null(value=False),
        id_sex=is_person & (pl.col("sex") != "") & pl.col("said_sex").ne(pl.col("sex")).fill_null(value=False),
        id_disputed=pl.col("disputed").fill_null(value=False),
        id_expired=pl.col("valid_until").lt(today).fill_null(value=False),
        uscc_invalid=~is_person & (pl.col("uscc") != "") & ~has_code,
        name_unreal=pl.col("name").str.contains(_UNREAL),
        age_implausible=is_person & ((age > _OLDEST) | (pl.col("birth_date") > today)).fill_null(value=False)
        & ~pl.col("is_deceased"),
        phone_shared=pl.col("sharing").is_not_null(),
        phone_bad=(pl.col("phones").fill_null(0) > 0) & (pl.col("good_phones").fill_null(0) == 0),
        address_vague=(pl.col("addresses").fill_null(0) > 0) & ~pl.col("is_precise").fill_null(value=False),
        stale=last < today - stale,
        fact_over=pl.col("facts_over") > 0,
    )  # fmt: skip


def _identity(document: pl.DataFrame, today: date) -> pl.DataFrame:
    """Per file: documents, whether a resident ID fails its check, what it says of birth and sex, latest validity."""
    said = resident.validate_resident_ids(document["number"].fill_null(""), today=today)
    is_id = (document["kind"] == "resident_id") & document["number"].is_not_null()
    return (
        document.with_columns(
            fails=is_id & ~said["ok"], birth=said["birth_date"],
            male=said["sex"].replace_strict(
                {resident.Sex.MALE.value: "M", resident.Sex.FEMALE.value: "F"}, default=None, return_dtype=pl.String
            ),
        )
        .group_by("party")
        .agg(
            documents=pl.len(), checksum=pl.col("fails").any(), said_birth=pl.col("birth").drop_nulls().first(),
            said_sex=pl.col("male").drop_nulls().first(), disputed=pl.col("is_disputed").any(),
            valid_until=pl.col("valid_until").max(),
        )
    )  # fmt: skip


def _reach(contact: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    phone = pl.col("kind").is_in(["mobile", "phone"])
    return (
        contact.join(shared, on="blind", how="left")
        .group_by("party")
        .agg(
            phones=phone.sum(), good_phones=(phone & ~pl.col("is_bad")).sum(),
            emails=(pl.col("kind") == "email").sum(), sharing=pl.col("parties").max(),
        )
    )  # fmt: skip


def _places(address: pl.DataFrame) -> pl.DataFrame:
    return address.group_by("party").agg(
        addresses=pl.len(),
        is_precise=(pl.col("text").str.contains(_PRECISE) & (pl.col("text").str.len_chars() >= _SHORTEST)).any(),
    )


def _score(facts: pl.DataFrame, content: Any, version: int) -> pl.DataFrame:
    weights = {(row["kind"], row["item"]): row["weight"] for row in content["items"] if row["weight"] > 0}
    minus = {row["code"]: row["minus"] for row in content["problems"] if row["minus"] > 0}
    wanted = [item for item in ITEMS if any(item == known for _kind, known in weights)]
    found = [code for code in PROBLEMS if code in minus]

    def weight(item: str) -> pl.Expr:
        person, company = weights.get(("person", item), 0), weights.get(("organisation", item), 0)
        return pl.when(pl.col("kind") == "person").then(person).otherwise(company)

    whole = pl.sum_horizontal(weight(item) for item in wanted)
    there = pl.sum_horizontal(pl.when(pl.col(f"has_{item}")).then(weight(item)).otherwise(0) for item in wanted)
    lost = pl.sum_horizontal(pl.col(str(code)).cast(pl.Int64) * minus[code] for code in found)
    facts = facts.with_columns(
        completeness=(there * 100 + whole // 2) // pl.max_horizontal(whole, pl.lit(1)),
        truth=(_GOOD - lost).clip(0, _GOOD),
        missing=_listed(
            [pl.when(~pl.col(f"has_{item}") & (weight(item) > 0)).then(pl.lit(item)) for item in wanted]
        ),
        found=_listed([pl.when(pl.col(str(code))).then(pl.lit(str(code))) for code in found]),
        details=pl.concat_str(
            [
                pl.when(pl.col(Problem.PHONE_SHARED)).then(pl.format("phone_shared={}", "sharing")),
                pl.when(pl.col(Problem.STALE)).then(pl.format("stale={}", pl.col("last_on").dt.to_string("%Y-%m-%d"))),
                pl.when(pl.col(Problem.ID_EXPIRED)).then(
                    pl.format("id_expired={}", pl.col("valid_until").dt.to_string("%Y-%m-%d"))
                ),
            ],
            separator=";", ignore_nulls=True,
        ),
    )  # fmt: skip
    share = content["completeness_bp"]
    return facts.select(
        "party", "unit", "manager", "source", "kind",
        score=(pl.col("completeness") * share + pl.col("truth") * (10_000 - share) + 5_000) // 10_000,
        completeness="completeness", truth="truth", missing="missing", problems="found", details="details",
        scheme_version=pl.lit(version, dtype=pl.Int64),
    )  # fmt: skip


def _listed(words: list[pl.Expr]) -> pl.Expr:
    return pl.concat_list(words).list.drop_nulls()
