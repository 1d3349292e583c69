"""The importer of customers: persons and organisations of any source system into one file each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import pghistory
import polars as pl
from django.utils import timezone

from anxin.book.customers import rules
from anxin.book.customers.importers import checking, fields, loading, matching, undoing, writing
from anxin.book.customers.importers.fields import FIELDS, HINTS
from anxin.book.customers.importers.files import VALUES, File
from anxin.book.customers.importers.matching import Matcher
from anxin.book.customers.services import holding
from anxin.kernel import bulk, bulk_finish, bulk_upsert, importing, vault
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.importing import Applied, BatchContext, Checked, FieldSpec, Findings, Gone, Undone
from anxin.kernel.words import mark as _

# Raise it when a row would be understood differently: every row then counts as changed once.
VERSION: Final = 1
_KNOWN: Final = """
SELECT k.at, encode(uuid_send(r.id), 'hex'), encode(r.digest, 'hex'), r.state
FROM {keys} CROSS JOIN LATERAL (
    SELECT o.id, o.state, r.digest
    FROM customers_sourcerecord r JOIN customers_party p ON p.id = r.party_id
    JOIN customers_party o ON o.id = coalesce(p.replaced_by_id, p.id)
    WHERE r.source = %s AND r.source_key = k.k1 OFFSET 0
) r
"""
_DIFFERS: Final = """
SELECT k.at FROM {keys} LEFT JOIN LATERAL (
    SELECT r.digest FROM customers_sourcerecord r WHERE r.source = %s AND r.source_key = k.k1 OFFSET 0
) r ON true WHERE r.digest IS DISTINCT FROM decode(k.k2, 'hex')
"""


class CustomerImporter:
    kind: str = "customer"
    label: str = _("Customers")
    fields: Sequence[FieldSpec] = FIELDS
    problem_hints: dict[str, str] = HINTS
    key_fields: Sequence[str] = ("source_key",)
    page: str = "customers:file"

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        return checking.check(rows, context)

    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        """Created: rows that opened a file; updated: rows that changed or joined one."""
        if rows.is_empty():
            return Applied(0, 0, 0, 0, importing.no_problems())
        digests = importing.digests(rows, checking.CHECKED, f"customer {VERSION}")
        with pghistory.context(batch=str(context.batch_id), source=context.source):
            return bulk.retrying(lambda: _apply(rows.with_columns(digests), context))

    def undo(self, batch_id: UUID) -> Undone:
        return undoing.undo(batch_id)

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        where, values = bulk_finish.of_source(context)
        return GoneRows(
            keys, table="customers_sourcerecord", names=self.key_fields, key=["t.source_key"], where=where,
            values=values, joins="JOIN customers_party p ON p.id = t.party_id", shown="t.source_key", ref="p.ref",
            # Without a digest the record counts as changed when it comes back, and is no longer absent.
            ending="absent_since = %s, digest = ''", ending_values=[context.now], is_open="t.absent_since IS NULL",
        )  # fmt: skip


def _apply(rows: pl.DataFrame, context: BatchContext) -> Applied:
    unchanged, work = bulk_upsert.without(_DIFFERS, ["source_key"], rows, context.source)
    if work.is_empty():
        return Applied(0, 0, unchanged, 0, importing.no_problems())
    found = Findings(work)
    work = _with_places(work, found)
    known = _known(work, context)
    work = work.with_columns(*_blinds(work))
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    for state, code in (("erased", "file_erased"), ("restricted", "file_restricted")):
        of_state = known.filter(pl.col("state") == state)["at"]
        if state == "restricted":
            # Another source may bring the person, too: the document says who it is.
            of_state = pl.concat([of_state, matching.restricted(work)])
        found.refuse(work.select(place.is_in(of_state.implode())).to_series(), "source_key", code, work["source_key"])
    returned = work.select(place.is_in(matching.forgotten(work).implode())).to_series() & ~found.refused
    found.refuse(returned, "id_number", "person_erased")
    kept = ~found.refused
    known = known.filter(~pl.col("state").is_in(["erased", "restricted"]))
    known = known.with_columns(work["source_key"].gather(known["at"]))
    work = work.filter(kept).with_row_index("at")
    record_of = {
        key: (party, digest) for key, party, digest in known.select("source_key", "party", "digest").iter_rows()
    }
    if work.is_empty():
        return Applied(0, 0, unchanged, int(found.refused.sum()), found.table())
    _hold(work)
    outcome, ids = _match(work, record_of, context)
    if outcome.disputed:
        # `found` speaks of the rows before the refused ones were taken out.
        lines = set(work["line"].gather(sorted(outcome.disputed)))
        found.warn(found.lines.is_in(lines), "id_number", "document_disputed")
    _write(work, ids, outcome, record_of, context)
    return Applied(
        created=outcome.created,
        updated=outcome.updated,
        unchanged=unchanged + outcome.unchanged,
        rejected=int(found.refused.sum()),
        problems=found.table(),
    )


def _known(work: pl.DataFrame, context: BatchContext) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {
        "at": pl.Int64(), "party": pl.String(), "digest": pl.String(), "state": pl.String(),
    }  # fmt: skip
    with bulk.by_index():
        return bulk.lookup(_KNOWN, [work["source_key"]], schema, context.source)


def _with_places(work: pl.DataFrame, found: Findings) -> pl.DataFrame:
    """unit_id and manager_id by their codes."""
    # Joined by code in the database, as all keys of a chunk are: a query object per unit would not do.
    unit = bulk.ids_by("org_unit", "code", work["unit_code"])
    manager = bulk.ids_by("accounts_user", "staff_no", work["manager_staff_no"])
    found.refuse(work["unit_code"].is_not_null() & unit.is_null(), "unit_code", "unknown_unit", work["unit_code"])
    found.warn(
        work["manager_staff_no"].is_not_null() & manager.is_null(), "manager_staff_no", "unknown_staff",
        work["manager_staff_no"],
    )  # fmt: skip
    return work.with_columns(unit.alias("unit_id"), manager.alias("manager_id"))


def _blinds(work: pl.DataFrame) -> list[pl.Series]:
    ring = vault.ring()
    documents = ring.blind_many(rules.BLIND_DOCUMENT, work["document_no"].to_list())
    mobile = work.select(pl.when(pl.col("mobile").str.contains(r"^1\d{10}$")).then("mobile")).to_series()
    mobiles = ring.blind_many(rules.BLIND_PHONE, mobile.to_list())
    return [
        pl.Series("document_blind", documents, pl.Binary).bin.encode("hex"),
        pl.Series("mobile_blind", mobiles, pl.Binary).bin.encode("hex"),
    ]


def _hold(work: pl.DataFrame) -> None:
    """Nobody else decides about these persons until the portion is written."""
    persons = work.filter(
        pl.col("mobile_blind").is_not_null() & pl.col("birth_date").is_not_null() & pl.col("name").is_not_null()
    )
    holding.hold(list(map(holding.key_of, persons["name"], persons["birth_date"], persons["mobile_blind"])))


def _match(
    work: pl.DataFrame, record_of: dict[str, tuple[str, str]], context: BatchContext
) -> tuple[matching.Outcome, list[str]]:
    documents = matching.holders_of_documents(work)
    # Whoever is found by number or document need not be looked for by name.
    settled = pl.Series(list(record_of), dtype=pl.String).implode()
    others = work.filter(~pl.col("source_key").is_in(settled), ~pl.col("at").is_in(documents["at"].implode()))
    mobiles = matching.holders_of_mobiles(others)
    wanted = {party for party, _digest in record_of.values()} | set(documents["party"]) | set(mobiles["party"])
    files = loading.load(wanted)
    by_document: dict[tuple[str, str], str] = {}
    for at, party in documents.iter_rows():
        by_document[work["document_kind"][at], work["document_blind"][at]] = party
    by_triple: dict[matching.Triple, list[str]] = {}
    for at, party in mobiles.iter_rows():
        triple = work["name"][at], work["birth_date"][at], work["mobile_blind"][at]
        by_triple.setdefault(triple, []).append(party)
    ids, _raw = bulk.new_keys(work.height)
    today = timezone.localdate(context.now)
    return Matcher(work, ids, files, record_of, by_document, by_triple, context, today).run(), ids


def _write(
    work: pl.DataFrame, ids: list[str], outcome: matching.Outcome, record_of: dict[str, tuple[str, str]],
    context: BatchContext,
) -> None:  # fmt: skip
    fresh = (
        work.with_columns(
            pl.Series("id", ids, dtype=pl.String),
            pl.col("at").is_in(pl.Series(sorted(outcome.disputed), dtype=pl.UInt32).implode()).alias("is_disputed"),
        )
        .filter(pl.col("at").is_in(pl.Series(outcome.fresh, dtype=pl.UInt32).implode()))
        .with_columns(pl.lit(None, dtype=pl.String).alias("provenance"))
    )
    changed = [file for file in outcome.files if file.is_changed or file.is_new]
    new, existing = [f for f in changed if f.is_new], [f for f in changed if not f.is_new]
    columns = list(writing.PARTY_INPUT)
    parties = pl.concat([fresh.select(columns), _party_frame(new)])
    writing.insert_parties(parties.sort("id"), context)
    if existing:
        writing.update_parties(_party_frame(existing), context)
        writing.update_children(existing, context)
    alone, merged = writing.fresh_children(fresh, context.source), writing.merged_children(changed)
    children = {name: pl.concat([alone[name], merged[name].select(alone[name].columns)]) for name in alone}
    writing.insert_documents(children["documents"], context)
    writing.insert_contacts(children["contacts"], context)
    writing.insert_addresses(children["addresses"], context)
    writing.insert_accounts(children["accounts"], context)
    writing.insert_facts(children["facts"], context)
    writing.insert_custody(children["custody"], context)
    _write_records(work, fresh, outcome, record_of, context)


def _party_frame(files: Sequence[File]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "id": file.id,
            "kind": file.kind,
            **{name: file.values[name] for name in VALUES},
            "provenance": json.dumps(file.provenance, ensure_ascii=False),
        }
        for file in files
    ]
    return pl.DataFrame(rows, schema=writing.PARTY_INPUT)


def _write_records(
    work: pl.DataFrame, fresh: pl.DataFrame, outcome: matching.Outcome, record_of: dict[str, tuple[str, str]],
    context: BatchContext,
) -> None:  # fmt: skip
    merged = pl.DataFrame(
        [(at, file.id, key in record_of) for key, (at, file) in outcome.records.items()],
        schema={"at": pl.UInt32(), "party_id": pl.String(), "is_known": pl.Boolean()},
        orient="row",
    ).join(work, on="at", how="left")
    plain = [name for name in checking.CHECKED if name not in fields.SEALED and name != "source_key"]
    shape = [
        pl.col("party_id"),
        pl.col("source_key"),
        pl.col("digest"),
        # What is blank is left out: a quarter of the size.
        pl.struct(plain)
        .struct.json_encode()
        .str.replace_all(r'"[a-z_]+":null,?', "")
        .str.replace(r",\}$", "}")
        .alias("content"),
    ]
    new = pl.concat(
        [
            fresh.with_columns(pl.col("id").alias("party_id")).select(shape),
            merged.filter(~pl.col("is_known")).select(shape),
        ]
    )
    writing.insert_records(new, context)
    writing.update_records(merged.filter("is_known").select(shape), context)
