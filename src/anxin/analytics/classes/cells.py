"""What the needs of a cell are called and how a sum of bits is read: no engine, so that pages may read it.

The expressions that find the cell of each customer are in `needs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from anxin.analytics.metrics.registry import NEEDS

STAGES: Final = ("single", "couple", "family", "mature", "retired")
LEVELS: Final = ("hh", "hl", "ah", "al")  # income high or average, education high or ordinary
BITS: Final = {need: 1 << place for place, need in enumerate(NEEDS)}


def wanted(cells: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Cell to its needs in order of priority."""
    return {
        f"{row['stage']}.{row['level']}": [need.strip() for need in str(row["needs"]).split(",") if need.strip()]
        for row in cells
    }


def kinds(bits: int) -> list[str]:
    """The needs of a sum of BITS."""
    return [need for need, bit in BITS.items() if bits & bit]
