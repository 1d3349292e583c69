"""Is this instance sound? What `anxin check` asks."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from anxin.foundation.audit import services as audit


def findings() -> list[str]:
    """One line per fault, each saying what is wrong and how to mend it; empty when all is sound."""
    found = []
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        found.append("The tables are older than this program: run `anxin migrate`.")
    broken = audit.verify()
    if broken:
        found.append(f"The audit chain is broken: {broken}. Somebody changed the trail outside the product.")
    return found
