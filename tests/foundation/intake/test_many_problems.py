"""Files with very many bad rows: what is kept to look at is limited, what can be taken home is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.foundation.intake.models import Batch, ProblemPart, RowProblem
from anxin.foundation.intake.rules import timing
from anxin.foundation.intake.services import keeping
from anxin.foundation.intake.services.work import KEPT_SCHEMA
from tests.build import Cast
from tests.foundation.intake.test_pipeline import clock, confirmed, services, write


def test_the_error_file_is_whole_where_the_page_shows_the_first(
    cast: Cast, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "MOST_PROBLEMS_KEPT", 5)
    rows = [(f"C{n}", "李雷", f"138001380{n:02d}", "1990-02-30") for n in range(12)]
    batch = confirmed(write(tmp_path, rows), chunk_rows=4)
    assert services.run_batch(batch.id, clock=clock)
    batch.refresh_from_db()
    assert (batch.rows_rejected, batch.problem_count, RowProblem.objects.count()) == (12, 12, 5)
    client.force_login(cast.steward)
    page = client.get(f"/imports/{batch.ref}/").content.decode()
    assert "仅显示前 5 条（共 12 条）" in page
    answer = client.post(f"/imports/{batch.ref}/errors/", {"in_clear": "1"}, follow=True)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.count("1990-02-30") == 12
    assert [line.split(",")[0] for line in text.split("\r\n")[1:-1]] == [str(n) for n in range(2, 14)]
    for part in ProblemPart.objects.all():
        assert b"1990-02-30" not in bytes(part.content_sealed)


def test_problems_are_written_portion_by_portion_not_row_by_row(db: None, tmp_path: Path) -> None:
    batch = confirmed(write(tmp_path, [("C1", "李雷", "13800138001", "1990-01-01")]))

    def statements(count: int, number: int) -> int:
        frame = pl.DataFrame(
            {"kind": ["customer"] * count, "line": range(count), "column": ["手机"] * count, "code": ["x"] * count,
             "value": ["12"] * count, "is_warning": [False] * count},
            schema=KEPT_SCHEMA,
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            keeping.keep_problems(batch.id, number, frame, kept=0)
        return len(queries)

    assert statements(3, 0) == statements(3_000, 1) <= 3
    assert sum(portion.height for portion in keeping.all_problems(batch.id)) == 3_003


def test_a_check_forgets_what_an_earlier_one_found(db: None, tmp_path: Path) -> None:
    batch = confirmed(write(tmp_path, [("C1", "李雷", "13800138001", "1990-02-30")]))
    services.run_batch(batch.id, clock=clock)
    assert ProblemPart.objects.count() == 1
    keeping.forget_problems(batch.id)
    found: Any = Batch.objects.get(pk=batch.pk)
    assert found.problem_count == 0 and not ProblemPart.objects.exists() and not RowProblem.objects.exists()
