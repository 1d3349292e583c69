"""Taking back a batch of customers: files it opened go, files it changed are as before, its records are forgotten.

A file somebody changed, noted, tagged or insured since stays whole.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import polars as pl
from django.db import connection, transaction

from anxin.book.customers.models import Party
from anxin.kernel import bulk, names
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import MERGED_SINCE, Undone

_CHILDREN: Final = (
    "customers_identitydocument", "customers_contactpoint", "customers_bankaccount", "customers_address",
    "customers_custody", "customers_fact", "customers_sourcerecord",
)  # fmt: skip
_WITH_HISTORY: Final = tuple(table for table in _CHILDREN if table != "customers_custody")
_REF: Final = "t.ref"
_REF_OF_CHILD: Final = "(SELECT p.ref FROM customers_party p WHERE p.id = t.party_id)"
# Somebody ended it since: it is the history of who was in charge, and stays.
_GUARDS: Final = {"customers_custody": "(c.until_at IS NULL OR c.until_at = c.from_at)"}
# Also for a row of a file: it may have come from the other one.
_MERGED: Final = (
    "EXISTS (SELECT 1 FROM customers_party g WHERE g.id = t.{} AND (g.state = 'merged' "
    "OR EXISTS (SELECT 1 FROM customers_party o WHERE o.replaced_by_id = g.id)))"
)
_REASONS: Final = {MERGED_SINCE: _MERGED.format("id")}
_REASONS_OF_CHILD: Final = {MERGED_SINCE: _MERGED.format("party_id")}


@transaction.atomic
def undo(batch_id: UUID) -> Undone:
    """The rows deleted or set back, of all tables of the file; files that stay are told by their number."""
    work = Undo(batch_id)
    ended = _custody_the_batch_ended(batch_id)
    work.delete_created("customers_party", children=_CHILDREN, name=_REF, guards=_GUARDS, reasons=_REASONS)
    bulk.update_frame("customers_custody", ended.with_columns(pl.lit(None, dtype=pl.String).alias("until_at")))
    for table in _WITH_HISTORY:
        work.restore_changed(table, name=_REF_OF_CHILD, reasons=_REASONS_OF_CHILD)
    restored = work.restore_changed("customers_party", bump=["version"], name=_REF, reasons=_REASONS)
    _search_terms(restored)
    return work.result()


@transaction.atomic
def undo_relations(batch_id: UUID) -> Undone:
    work = Undo(batch_id)
    work.delete_created("customers_relation", name="(SELECT p.ref FROM customers_party p WHERE p.id = t.from_party_id)")
    return work.result()


def _custody_the_batch_ended(batch_id: UUID) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id FROM customers_custody n JOIN customers_party p ON p.id = n.party_id "
            "JOIN customers_custody o ON o.party_id = n.party_id AND o.until_at = n.from_at AND o.id <> n.id "
            "WHERE n.batch_id = %s AND n.until_at IS NULL AND o.batch_id IS DISTINCT FROM %s "
            "AND p.batch_id IS DISTINCT FROM %s",
            [batch_id, batch_id, batch_id],
        )
        return pl.DataFrame({"id": [key.hex for (key,) in cursor.fetchall()]}, schema={"id": pl.String()})


def _search_terms(ids: list[UUID]) -> None:
    """The history does not keep the single characters of names: they are made anew."""
    named = list(Party.objects.filter(id__in=ids).values_list("id", "name"))
    frame = pl.DataFrame(
        {
            "id": [key.hex for key, _name in named],
            "name_chars": names.search_chars_many([name for _key, name in named]),
        },
        schema={"id": pl.String(), "name_chars": pl.List(pl.String())},
    )
    bulk.update_frame("customers_party", frame)
