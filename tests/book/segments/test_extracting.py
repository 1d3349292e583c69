"""What the night takes from the database: all the first time, then what changed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connection

from anxin.analytics import extract, marts
from anxin.book.portfolio.models import Policy
from anxin.book.segments.services import running
from tests.build import TODAY, contracts

WAN = 1_000_000
pytestmark = pytest.mark.django_db(transaction=True)


def until_older_transactions_ended() -> None:
    """Another test process may write on the same server: while it does, rows count as not yet seen, and come again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (mark,) = cursor.fetchone()
        for _attempt in range(1_200):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] >= mark:
                return
            time.sleep(0.05)
    raise AssertionError("A transaction elsewhere on the server did not end within a minute.")


def test_an_extract_goes_on_from_the_last_one_and_sees_what_changed_or_went(
    book: dict[str, Any], tmp_path: Path
) -> None:
    address = running.address()
    first, second, third, fourth = (tmp_path / name for name in ("a", "b", "c", "d"))

    def take(folder: Path, base: Path | None = None) -> dict[str, int]:
        until_older_transactions_ended()
        return extract.extract(address, marts.MARTS, folder, as_of=TODAY, base=base)

    def policies(folder: Path) -> list[tuple[bytes, int]]:
        frame = pl.read_parquet(folder / "policies.parquet").select("id", "annual_premium_fen").sort("id")
        return list(frame.iter_rows())

    assert take(first)["policies"] == 4
    changed = Policy.objects.get(holder=book["small"].pk)
    Policy.objects.filter(pk=changed.pk).update(annual_premium_fen=7)
    contracts.policy(holder=book["nothing"], annual_premium_fen=8)
    moved = take(second, first)
    assert (moved["policies"], moved["parties"]) == (2, 0), "the changed one and the new one alone"
    assert {fen for _, fen in policies(second)} == {25 * WAN, 6 * WAN, 30 * WAN, 7, 8}
    Policy.objects.filter(pk=changed.pk).delete()
    assert take(third, second)["policies"] == 4, "one is gone: read whole"
    take(fourth)
    assert policies(third) == policies(fourth)
