"""A table as a file for whoever started the job: one way for every room, so that each opens in a spreadsheet, runs
nothing there, and is kept as long."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.translation import override

from anxin.foundation.documents import services as documents
from anxin.foundation.jobs.data import Finished
from anxin.foundation.jobs.services import Running
from anxin.kernel.spreadsheet_safety import safe_cell

KEPT_FOR: Final = timedelta(days=7)


def write(
    running: Running, *, title: object, stamp: str, heads: Iterable[object],
    portions: Iterable[Iterable[Sequence[str]]], message: str,
) -> Finished:  # fmt: skip
    """Write the rows in one go, as CSV, in the language the job was started in; a killed attempt begins again.

    `title` and `heads` are translated late, and so is what `portions` make while they are walked; progress is told
    after each. The file is called `title-stamp.csv`. `message` is an English text of the catalogue that takes `rows`.
    """
    done = 0
    with tempfile.TemporaryDirectory() as folder, override(running.arguments["language"]):
        path = Path(folder) / "rows.csv"
        # A spreadsheet in China takes a file without the mark for GBK.
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            out = csv.writer(target)
            out.writerow([str(head) for head in heads])
            for portion in portions:
                rows = [[safe_cell(cell) for cell in row] for row in portion]
                out.writerows(rows)
                done += len(rows)
                running.progress(done)
        with transaction.atomic(), path.open("rb") as source:
            running.fence()
            now = running.clock()
            document = documents.store(
                actor=running.actor, now=now, name=f"{title}-{stamp}.csv", content_type="text/csv", content=source,
                purpose="export", expires_at=now + KEPT_FOR,
            )  # fmt: skip
    return Finished(message=message, values={"rows": done}, result={"rows": done}, document_id=document.id)
