"""Taking back a batch of customers: files it opened go, files it changed are as before, its records are forgotten.

A file somebody changed, noted, tagged or insured since stays whole.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import polars as pl
from django.db import connection, transaction

from anxin.book.customers.models import Party
from anxin.kernel import bulk, bulk_undo, names

_CHILDREN: Final = (
    "customers_identitydocument", "customers_contactpoint", "customers_bankaccount", "customers_address",
    "customers_custody", "customers_fact", "customers_sourcerecord",
)  # fmt: skip
_WITH_HISTORY: Final = tuple(table for table in _CHILDREN if table != "customers_custody")


@transaction.atomic
def undo(batch_id: UUID) -> int:
    """Returns the rows deleted or set back, of all tables of the file."""
    ended = _custody_the_batch_ended(batch_id)
    touched = bulk_undo.delete_created("customers_party", batch_id, children=_CHILDREN)
    bulk.update_frame("customers_custody", ended.with_columns(pl.lit(None, dtype=pl.String).alias("until_at")))
    for table in _WITH_HISTORY:
        touched += len(bulk_undo.restore_changed(table, batch_id))
    restored = bulk_undo.restore_changed("customers_party", batch_id, bump=["version"])
    _search_terms(restored)
    return touched + len(restored)


@transaction.atomic
def undo_relations(batch_id: UUID) -> int:
    return bulk_undo.delete_created("customers_relation", batch_id)


def _custody_the_batch_ended(batch_id: UUID) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id FROM customers_custody n JOIN customers_party p ON p.id = n.party_id "
            "JOIN customers_custody o ON o.party_id = n.party_id AND o.until_at = n.from_at AND o.id <> n.id "
            "WHERE n.batch_id = %s AND n.until_at IS NULL AND p.batch_id IS DISTINCT FROM %s",
            [batch_id, batch_id],
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
