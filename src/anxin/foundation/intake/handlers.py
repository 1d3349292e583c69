"""What others ask this room: what the source systems are called today."""

from __future__ import annotations

from anxin.foundation.intake import queries
from anxin.kernel import clock


def names_of_sources() -> dict[str, tuple[str, str]]:
    """Chinese and English name by code."""
    return queries.source_names(on=clock.today())
