"""What people call the rows that follow a merge."""

from __future__ import annotations

from anxin.book.customers.services import golden, merging


def labels() -> dict[str, str]:
    """Table → label (English, marked); tables nobody speaks of are left out."""
    models = golden.tables_of({rule.model for rule in merging.rules()})
    return {models[rule.model]._meta.db_table: rule.label for rule in merging.rules() if rule.label}
