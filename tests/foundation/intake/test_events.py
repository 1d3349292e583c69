"""What other rooms hear of imports: in the transaction that ends a batch, and only of batches that wrote something."""

from __future__ import annotations

from pathlib import Path

import pytest

from anxin.foundation.intake import services
from anxin.foundation.intake.events import BatchFinished, BatchUndone
from anxin.foundation.intake.models import Batch
from anxin.kernel import events
from tests import build, outbox
from tests.build import Cast
from tests.foundation.intake.test_pipeline import ROWS, imported, write

finished: list[BatchFinished] = []
undone: list[BatchUndone] = []


def hear_finished(event: BatchFinished) -> None:
    finished.append(event)


def hear_undone(event: BatchUndone) -> None:
    undone.append(event)


@pytest.fixture(autouse=True)
def _listening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_handlers", {})
    finished.clear()
    undone.clear()
    events.subscribe(BatchFinished, hear_finished)
    events.subscribe(BatchUndone, hear_undone)


def test_the_end_of_a_batch_and_its_undoing_are_told(cast: Cast, tmp_path: Path) -> None:
    report = imported(write(tmp_path, ROWS))
    batch = Batch.objects.get(ref=report["batch"])
    assert outbox.deliver() == 1
    assert finished == [BatchFinished(batch_id=batch.id, source="crm", kinds="customer", state="done")]
    assert finished[0].kinds_of == ("customer",)
    services.begin_undo(actor=build.actor(cast.steward), now=build.NOW, ref=batch.ref)
    assert services.undo_batch(batch.id, clock=lambda: build.NOW)
    assert outbox.deliver() == 1
    assert undone == [BatchUndone(batch_id=batch.id, source="crm", kinds="customer")]


def test_a_batch_that_wrote_nothing_is_not_told(db: None, tmp_path: Path) -> None:
    assert imported(write(tmp_path, ROWS), on_error="refuse")["state"] == "failed"
    assert outbox.waiting() == []
