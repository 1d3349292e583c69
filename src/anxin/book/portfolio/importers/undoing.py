"""Taking back what a batch wrote into the tables of this room."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from anxin.kernel import bulk_undo

# What a batch of policies writes beside the policies.
_CHILDREN = {"portfolio_policy": ("portfolio_policyrole",)}


@transaction.atomic
def undo(batch_id: UUID, *tables: str) -> int:
    """`tables` in the order in which their rows may go."""
    touched = 0
    for table in tables:
        id_column = "policy_id" if table == "portfolio_vehicle" else "id"
        touched += bulk_undo.delete_created(table, batch_id, children=_CHILDREN.get(table, ()), id_column=id_column)
        touched += len(bulk_undo.restore_changed(table, batch_id, id_column=id_column))
    if "portfolio_policyrole" in _CHILDREN.get(tables[-1], ()):
        touched += bulk_undo.restore_deleted("portfolio_policyrole", batch_id)
    return touched
