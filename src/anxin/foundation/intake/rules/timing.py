"""How long a worker may be silent, and when an import is given up."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

LEASE: Final = timedelta(seconds=20)
HEARTBEAT: Final = timedelta(seconds=5)
# A process that was stopped inside a portion holds its row locks: the server ends such a session after this long.
LONGEST_IDLE_TRANSACTION: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 10
# To look at by pages; the error file has all of them.
MOST_PROBLEMS_KEPT: Final = 10_000
SOURCE_KEPT_FOR: Final = timedelta(days=7)
ERROR_FILE_KEPT_FOR: Final = timedelta(days=1)
