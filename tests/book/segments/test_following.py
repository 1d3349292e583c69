"""What an import brought is judged the same minute: one run for many files, none when the night has seen them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from anxin.book.segments import handlers, tasks
from anxin.book.segments.models import Run
from anxin.book.segments.services import following
from anxin.book.segments.services.following import Begun
from anxin.foundation.intake.events import BatchFinished, BatchUndone
from anxin.foundation.intake.models import Batch
from anxin.foundation.jobs.models import Job
from anxin.kernel import clock
from anxin.kernel.identifiers.uuid7 import uuid7
from tests.build import NOW, TODAY

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def came_in(minute: int, *, wrote: int = 1) -> None:
    Batch.objects.create(
        ref=f"IMP-{minute}", source="x", profile_name=f"p{minute}", profile_content={}, file_name="x.csv",
        file_sha256=b"x" * 32, file_size=1, state="done", chunks_done=wrote, created_at=NOW,
        finished_at=NOW + minute * MINUTE,
    )  # fmt: skip


def judged(minute: int, *, parties: int = 3) -> None:
    Run.objects.create(as_of=TODAY, state="done", started_at=NOW + minute * MINUTE, summary={"parties": parties})


def test_tiers_are_called_as_the_scheme_in_force_says() -> None:
    assert list(handlers.names_of_tiers().items()) == [
        ("gold", ("金卡", "Gold")), ("platinum", ("白金卡", "Platinum")), ("diamond", ("钻石卡", "Diamond")),
        ("supreme", ("至尊卡", "Supreme")),
    ]  # fmt: skip


def waiting() -> int:
    return ProcrastinateJob.objects.filter(task_name="segments.follow", status="todo").count()


def test_many_files_ask_once_and_what_has_no_figures_not_at_all() -> None:
    handlers.batch_finished(BatchFinished(batch_id=uuid7(), source="x", kinds="staff,unit"))
    assert waiting() == 0
    handlers.batch_finished(BatchFinished(batch_id=uuid7(), source="x", kinds="customer"))
    handlers.batch_finished(BatchFinished(batch_id=uuid7(), source="x", kinds="policy,claim"))
    handlers.batch_undone(BatchUndone(batch_id=uuid7(), source="x", kinds="policy"))
    assert waiting() == 1
    assert ProcrastinateJob.objects.get(task_name="segments.follow").scheduled_at is not None


def test_a_run_follows_the_files_it_has_not_seen() -> None:
    began = lambda minute: following.begin(now=NOW + minute * MINUTE, task=tasks.run)  # noqa: E731
    assert began(0) is Begun.NEEDLESS, "nothing came in"
    came_in(1, wrote=0)
    assert began(1) is Begun.NEEDLESS, "a file that wrote nothing"
    came_in(2)
    judged(3)
    assert began(3) is Begun.NEEDLESS, "the night saw it"
    came_in(4)
    assert began(5) is Begun.NOW
    assert Job.objects.get(kind="segments.run").owner is None
    came_in(6)
    assert began(7) is Begun.LATER, "the one under way may have read before"
    with clock.frozen(NOW + 8 * MINUTE):
        tasks.follow()
    assert waiting() == 1
    Job.objects.update(state="done")
    assert began(8) is Begun.NOW


def test_a_book_too_large_for_the_day_waits_for_the_night() -> None:
    judged(0, parties=following.MOST_BY_DAY + 1)
    came_in(1)
    assert following.begin(now=NOW + 2 * MINUTE, task=tasks.run) is Begun.NEEDLESS
