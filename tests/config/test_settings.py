"""What the settings give to each kind of process."""

from __future__ import annotations

import pytest

from anxin.config import settings
from anxin.config.commands import runner


def test_only_a_workers_sessions_end_when_they_sit_idle_in_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """K3: a worker stopped inside a transaction of its queue would hold up every other worker."""
    limit = "idle_in_transaction_session_timeout"
    for command, is_limited in ((runner._worker_command(2), True), (runner._web_command("localhost", 1, 1), False)):
        monkeypatch.setenv("ANXIN_PROCESS", runner._process(command))
        assert (limit in str(settings._database()["OPTIONS"])) is is_limited
