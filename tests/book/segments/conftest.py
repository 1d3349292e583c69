"""Fixtures of this room."""

from __future__ import annotations

from typing import Any

import pytest

from tests import build
from tests.build import contracts

WAN = 1_000_000


@pytest.fixture
def book() -> dict[str, Any]:
    """Five customers: supreme, gold, standard, one with a single premium only, one with nothing."""
    cast = build.make_cast()
    rows: dict[str, Any] = {"cast": cast}
    for name, premium, fields in [
        ("supreme", 25 * WAN, {}), ("gold", 6 * WAN, {}), ("small", 1 * WAN, {}),
        ("single", 30 * WAN, {"line": "life", "pay_mode": "single", "ends": None}),
    ]:  # fmt: skip
        holder = build.person(name=name, manager=cast.manager, unit=cast.pudong)
        contracts.policy(holder=holder, annual_premium_fen=premium, **fields)
        rows[name] = holder
    rows["nothing"] = build.person(name="nothing", manager=cast.outsider, unit=cast.nanjing)
    return rows
