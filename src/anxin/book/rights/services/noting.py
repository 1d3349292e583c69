"""What was erased, noted beside the database as bare numbers: a backup made before still holds the persons."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from anxin.book.rights.models import Certificate

NOTE: Final = "erasures.jsonl"


def note(row: Certificate) -> None:
    """Write an erasure down as soon as it is certain."""
    line = json.dumps(
        {
            "party": str(row.party_id), "customer": row.customer_ref, "certificate": row.ref, "asked_by": row.asked_by,
            "approved_by": row.approved_by, "at": row.erased_at.isoformat(),
        }
    )  # fmt: skip
    transaction.on_commit(lambda: _append(line))


def noted() -> Iterator[dict[str, Any]]:
    """All that was noted, oldest first: party, customer, certificate, asked_by, approved_by, at."""
    if _path().exists():
        for line in _path().read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _path() -> Path:
    return Path(settings.ANXIN_HOME) / NOTE


def _append(line: str) -> None:
    descriptor = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
