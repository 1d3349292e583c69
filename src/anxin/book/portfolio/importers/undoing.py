"""Taking back what a batch wrote into the tables of this room."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from anxin.kernel.bulk_undo import Undo
from anxin.kernel.importing import Undone

# What a batch of policies writes beside the policies.
_CHILDREN: Final = {"portfolio_policy": ("portfolio_policyrole",)}
_POLICY_NO: Final = "(SELECT p.policy_no FROM portfolio_policy p WHERE p.id = t.policy_id)"
_NAMES: Final = {
    "portfolio_policy": "t.policy_no", "portfolio_claim": "t.claim_no", "portfolio_product": "t.code",
    "portfolio_endorsement": "t.endorsement_no",
}  # fmt: skip


@transaction.atomic
def undo(batch_id: UUID, table: str) -> Undone:
    """Rows that stay are told by their own number, else by that of their policy."""
    work = Undo(batch_id)
    id_column = "policy_id" if table == "portfolio_vehicle" else "id"
    name = _NAMES.get(table, _POLICY_NO)
    children = _CHILDREN.get(table, ())
    work.delete_created(table, children=children, id_column=id_column, name=name)
    work.restore_changed(table, id_column=id_column, name=name)
    if table == "portfolio_vehicle":
        # The importer notes the plate on the policy too.
        work.restore_changed("portfolio_policy")
    for child in children:
        work.restore_deleted(child)
    return work.result()
