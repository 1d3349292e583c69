"""Frames into the tables of the customer file. Keys are written in their order, so that two imports cannot deadlock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from anxin.book.customers import rules
from anxin.book.customers.importers import fields
from anxin.book.customers.importers.files import VALUES, Contact, File
from anxin.kernel import bulk, names, vault
from anxin.kernel.importing import BatchContext

PARTY_INPUT: Final[dict[str, pl.DataType]] = {
    "id": pl.String(),
    "kind": pl.String(),
    **{name: pl.String() for name in VALUES},
    "birth_date": pl.Date(),
    "customer_since": pl.Date(),
    "annual_income_fen": pl.Int64(),
    "headcount": pl.Int64(),
    "provenance": pl.String(),
}
DOCUMENT_INPUT: Final[dict[str, pl.DataType]] = {
    "party_id": pl.String(), "kind": pl.String(), "number": pl.String(), "valid_until": pl.Date(),
    "is_disputed": pl.Boolean(), "source": pl.String(),
}  # fmt: skip
CONTACT_INPUT: Final[dict[str, pl.DataType]] = {
    "party_id": pl.String(), "kind": pl.String(), "label": pl.String(), "value": pl.String(),
    "is_primary": pl.Boolean(), "source": pl.String(),
}  # fmt: skip
TEXT_INPUT: Final[dict[str, pl.DataType]] = {
    "party_id": pl.String(), "kind": pl.String(), "text": pl.String(), "source": pl.String(),
}  # fmt: skip
ACCOUNT_INPUT: Final[dict[str, pl.DataType]] = {
    "party_id": pl.String(), "bank": pl.String(), "number": pl.String(), "source": pl.String(),
}  # fmt: skip
RECORD_INPUT: Final[dict[str, pl.DataType]] = {
    "party_id": pl.String(), "source_key": pl.String(), "digest": pl.String(), "content": pl.String(),
}  # fmt: skip


def _now(context: BatchContext) -> pl.Expr:
    return pl.lit(context.now).cast(pl.Datetime("us", "UTC"))


def _batch(context: BatchContext) -> pl.Expr:
    return pl.lit(context.batch_id.hex).alias("batch_id")


def search_terms(parties: pl.DataFrame) -> pl.DataFrame:
    """`parties` with what is found and sorted by: derived from name and birth date, never typed."""
    texts = parties["name"].to_list()
    return parties.with_columns(
        pl.Series("name_chars", names.search_chars_many(texts), dtype=pl.List(pl.String)),
        pl.Series("name_sort", names.pinyin_sort_keys(texts), dtype=pl.String).str.slice(0, 200),
        pl.Series("name_initials", names.pinyin_initials_many(texts), dtype=pl.String).str.slice(0, 60),
        (pl.col("birth_date").dt.month().cast(pl.Int16) * 100 + pl.col("birth_date").dt.day()).alias("birthday"),
    ).with_columns(pl.col(name).fill_null("") for name in fields.SCALARS if name not in fields.NULLABLE)


def insert_parties(parties: pl.DataFrame, context: BatchContext) -> None:
    """parties: PARTY_INPUT, in the order in which they get their numbers."""
    if parties.is_empty():
        return
    refs = rules.PARTY_CODES.encode_array(bulk.next_numbers(rules.PARTY_NUMBER_SEQUENCE, parties.height))
    frame = search_terms(parties).with_columns(
        pl.Series("ref", refs),
        pl.lit("active").alias("state"),
        pl.lit(context.source).alias("source"),
        pl.col("provenance").fill_null("{}"),
        pl.lit("{}").alias("custom"),
        pl.lit("").alias("contact_preference"),
        pl.lit(value=False).alias("is_deceased"),
        pl.lit(1).alias("version"),
        _now(context).alias("created_at"),
        _now(context).alias("updated_at"),
        _batch(context),
    )
    bulk.copy_frame("customers_party", frame)


def update_parties(parties: pl.DataFrame, context: BatchContext) -> None:
    """parties: PARTY_INPUT of files that changed in any way; their version goes up by one."""
    frame = search_terms(parties).drop("kind").with_columns(_now(context).alias("updated_at"))
    bulk.update_frame("customers_party", frame, bump=["version"])


def insert_documents(documents: pl.DataFrame, context: BatchContext) -> None:
    """documents: DOCUMENT_INPUT. The unique index on the blind value decides who was first."""
    if documents.is_empty():
        return
    ring = vault.ring()
    ids, raw = bulk.new_keys(documents.height)
    numbers = documents["number"].to_list()
    frame = documents.drop("number").with_columns(
        pl.Series("id", ids),
        pl.Series(
            "number_sealed", ring.seal_many(numbers, "customers_identitydocument", "number_sealed", raw), pl.Binary
        ),
        pl.Series("number_blind", ring.blind_many(rules.BLIND_DOCUMENT, numbers), pl.Binary),
        pl.lit(value=False).alias("is_verified"),
        _batch(context),
    )
    bulk.copy_frame("customers_identitydocument", frame.sort("number_blind", "kind"))


def insert_contacts(contacts: pl.DataFrame, context: BatchContext) -> None:
    """contacts: CONTACT_INPUT; of equal numbers of a party and kind the first is kept."""
    if contacts.is_empty():
        return
    ring = vault.ring()
    bare = pl.when(pl.col("kind").is_in(["mobile", "phone", "fax"])).then(pl.col("value").str.extract(r"^([^-]*)", 1))
    contacts = contacts.with_columns(bare.alias("_number")).unique(
        ["party_id", "kind", pl.coalesce("_number", "value").alias("_same")], keep="first", maintain_order=True
    )
    blind = pl.Series("value_blind", ring.blind_many(rules.BLIND_PHONE, contacts["_number"].to_list()), pl.Binary)
    for kind, blind_kind in (("email", rules.BLIND_EMAIL), ("wechat", rules.BLIND_WECHAT)):
        where = contacts["kind"] == kind
        if where.any():
            values = ring.blind_many(blind_kind, contacts["value"].filter(where).to_list())
            blind = blind.scatter(where.arg_true(), pl.Series(values, dtype=pl.Binary))
    tails = contacts.select(
        pl.when((pl.col("kind") != "fax") & (pl.col("_number").str.len_chars() >= 7)).then(
            pl.col("_number").str.slice(-4)
        )
    ).to_series()
    ids, raw = bulk.new_keys(contacts.height)
    sealed = ring.seal_many(contacts["value"].to_list(), "customers_contactpoint", "value_sealed", raw)
    frame = contacts.drop("value", "_number").with_columns(
        pl.Series("id", ids),
        pl.Series("value_sealed", sealed, pl.Binary),
        blind,
        pl.Series("tail_blind", _blind_tails(tails), pl.Binary),
        pl.lit(value=False).alias("is_bad"),
        _batch(context),
    )
    bulk.copy_frame("customers_contactpoint", frame)


def _blind_tails(tails: pl.Series) -> list[bytes | None]:
    # Ten thousand tails at most: each is made once.
    distinct = tails.drop_nulls().unique().to_list()
    blind = dict(zip(distinct, vault.ring().blind_many(rules.BLIND_TAIL, distinct), strict=True))
    return [blind.get(tail) for tail in tails.to_list()]


def insert_addresses(addresses: pl.DataFrame, context: BatchContext) -> None:
    """addresses: TEXT_INPUT."""
    ids, _raw = bulk.new_keys(addresses.height)
    frame = addresses.with_columns(
        pl.Series("id", ids, pl.String),
        pl.lit("").alias("division_code"),
        pl.lit("").alias("postcode"),
        _batch(context),
    )
    bulk.copy_frame("customers_address", frame)


def insert_accounts(accounts: pl.DataFrame, context: BatchContext) -> None:
    """accounts: ACCOUNT_INPUT."""
    if accounts.is_empty():
        return
    ring = vault.ring()
    ids, raw = bulk.new_keys(accounts.height)
    numbers = accounts["number"].to_list()
    sealed = ring.seal_many(numbers, "customers_bankaccount", "number_sealed", raw)
    frame = accounts.drop("number").with_columns(
        pl.Series("id", ids),
        pl.Series("number_sealed", sealed, pl.Binary),
        pl.Series("number_blind", ring.blind_many(rules.BLIND_ACCOUNT, numbers), pl.Binary),
        _batch(context),
    )
    bulk.copy_frame("customers_bankaccount", frame)


def insert_facts(facts: pl.DataFrame, context: BatchContext) -> None:
    """facts: TEXT_INPUT with the code of the fact under `kind`."""
    ids, _raw = bulk.new_keys(facts.height)
    frame = facts.rename({"kind": "code", "text": "value"}).with_columns(
        pl.Series("id", ids, pl.String),
        pl.lit("").alias("purpose"),
        pl.lit(context.now.date()).alias("observed_on"),
        _now(context).alias("created_at"),
        _batch(context),
    )
    bulk.copy_frame("customers_fact", frame)


def insert_custody(custody: pl.DataFrame, context: BatchContext) -> None:
    """custody: party_id, manager_id."""
    ids, _raw = bulk.new_keys(custody.height)
    frame = custody.with_columns(
        pl.Series("id", ids, pl.String), _now(context).alias("from_at"), pl.lit("").alias("reason"), _batch(context)
    )
    bulk.copy_frame("customers_custody", frame)


def insert_records(records: pl.DataFrame, context: BatchContext) -> None:
    """records: RECORD_INPUT."""
    ids, _raw = bulk.new_keys(records.height)
    frame = records.sort("source_key").with_columns(
        pl.Series("id", ids, pl.String),
        pl.col("digest").str.decode("hex"),
        pl.lit(context.source).alias("source"),
        _now(context).alias("seen_at"),
        _batch(context),
    )
    bulk.copy_frame("customers_sourcerecord", frame)


def update_records(records: pl.DataFrame, context: BatchContext) -> None:
    """records: source_key, digest, content of rows already on record."""
    frame = records.select(
        "source_key",
        pl.lit(context.source).alias("source"),
        pl.col("digest").str.decode("hex"),
        "content",
        _now(context).alias("seen_at"),
        pl.lit(None, dtype=pl.String).alias("absent_since"),
    )
    bulk.update_frame("customers_sourcerecord", frame, key=["source", "source_key"])


# --- From the two ways a row takes to those frames --------------------------------------------------------------------


def fresh_children(rows: pl.DataFrame, source: str) -> dict[str, pl.DataFrame]:
    """The inputs that rows standing alone bring along; `rows` carry id, the checked columns and is_disputed."""
    said_by = pl.lit(source).alias("source")
    documents = rows.filter(pl.col("document_no").is_not_null()).select(
        pl.col("id").alias("party_id"),
        pl.col("document_kind").alias("kind"),
        pl.col("document_no").alias("number"),
        pl.col("document_until").alias("valid_until"),
        "is_disputed",
        said_by,
    )
    contacts = pl.concat(
        rows.filter(pl.col(name).is_not_null()).select(
            pl.col("id").alias("party_id"),
            _contact_kind(name, kind).alias("kind"),
            pl.lit(label).alias("label"),
            pl.col(name).alias("value"),
            pl.lit(name == "mobile").alias("is_primary"),
            said_by,
        )
        for name, kind, label in fields.CONTACTS
    )
    accounts = rows.filter(pl.col("bank_account").is_not_null()).select(
        pl.col("id").alias("party_id"),
        pl.col("bank").fill_null(""),
        pl.col("bank_account").alias("number"),
        said_by,
    )
    return {
        "documents": documents,
        "contacts": contacts,
        "addresses": _texts(rows, fields.ADDRESSES, source),
        "facts": _texts(rows, fields.FACTS, source),
        "accounts": accounts,
        "custody": rows.filter(pl.col("manager_id").is_not_null()).select(pl.col("id").alias("party_id"), "manager_id"),
    }


def _contact_kind(name: str, kind: str) -> pl.Expr:
    # The same rule as files.contact_kind.
    if kind not in ("mobile", "phone"):
        return pl.lit(kind)
    return pl.when(pl.col(name).str.contains(r"^1\d{10}$")).then(pl.lit("mobile")).otherwise(pl.lit("phone"))


def _texts(rows: pl.DataFrame, kinds: Sequence[tuple[str, str]], source: str) -> pl.DataFrame:
    return pl.concat(
        rows.filter(pl.col(name).is_not_null()).select(
            pl.col("id").alias("party_id"),
            pl.lit(kind).alias("kind"),
            pl.col(name).alias("text"),
            pl.lit(source).alias("source"),
        )
        for name, kind in kinds
    )


def merged_children(files: Sequence[File]) -> dict[str, pl.DataFrame]:
    """The same inputs from files that several rows were merged into: only what is not yet written."""
    documents = [row for file in files for row in file.new_documents]
    accounts = [row for file in files for row in file.new_accounts]
    contacts = [
        {
            "party_id": file.id, "kind": contact.kind, "label": contact.label, "value": contact.value,
            "is_primary": contact.is_primary, "source": contact.source,
        }
        for file in files
        for contact in _ordered(file)
        if contact.id is None
    ]  # fmt: skip
    addresses = [
        {"party_id": file.id, "kind": kind, "text": text, "source": source}
        for file in files
        for (kind, source), (row, text) in file.addresses.items()
        if row is None and (kind, source) in file.changed_addresses
    ]
    facts = [
        {"party_id": file.id, "kind": code, "text": text, "source": source}
        for file in files
        for (code, source), (row, text) in file.facts.items()
        if row is None and (code, source) in file.changed_facts
    ]
    custody = [{"party_id": file.id, "manager_id": file.values["manager_id"]} for file in files if file.has_new_manager]
    return {
        "documents": pl.DataFrame(documents, schema=DOCUMENT_INPUT),
        "contacts": pl.DataFrame(contacts, schema=CONTACT_INPUT),
        "addresses": pl.DataFrame(addresses, schema=TEXT_INPUT),
        "facts": pl.DataFrame(facts, schema=TEXT_INPUT),
        "accounts": pl.DataFrame(accounts, schema=ACCOUNT_INPUT),
        "custody": pl.DataFrame(custody, schema={"party_id": pl.String(), "manager_id": pl.String()}),
    }


def _ordered(file: File) -> list[Contact]:
    return [contact for key, contact in file.contacts.items() if key in file.changed_contacts]


def update_children(files: Sequence[File], context: BatchContext) -> None:
    """Rows of existing files whose content changed: addresses, facts, which mobile comes first, whose they are."""
    for table, column, changes in (
        ("customers_address", "text", [(f.addresses[key]) for f in files for key in sorted(f.changed_addresses)]),
        ("customers_fact", "value", [(f.facts[key]) for f in files for key in sorted(f.changed_facts)]),
    ):
        known: list[dict[str, Any]] = [{"id": row, column: text} for row, text in changes if row is not None]
        bulk.update_frame(table, pl.DataFrame(known, schema={"id": pl.String(), column: pl.String()}))
    firsts = [
        {"id": contact.id, "is_primary": contact.is_primary}
        for file in files
        for contact in _ordered(file)
        if contact.id is not None
    ]
    bulk.update_frame(
        "customers_contactpoint", pl.DataFrame(firsts, schema={"id": pl.String(), "is_primary": pl.Boolean()})
    )
    ended = [file.custody_id for file in files if file.has_new_manager and file.custody_id is not None]
    frame = pl.DataFrame({"id": ended}, schema={"id": pl.String()}).with_columns(_now(context).alias("until_at"))
    bulk.update_frame("customers_custody", frame)
