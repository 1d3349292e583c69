"""K2, K3, K8: real workers in processes of their own, killed or stopped in the middle of their work."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from anxin.foundation.jobs import services
from anxin.foundation.jobs.models import Job
from anxin.foundation.schemes.models import SchemeVersion
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from tests import another
from tests.foundation.jobs import worker

LEASE_SECONDS = 3
Start = Callable[[], BaseProcess]


@pytest.fixture
def workers() -> Iterator[Start]:
    running: list[BaseProcess] = []

    def start() -> BaseProcess:
        running.append(another.process(worker.work_off))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.join()


def begin(mark: Path, how: str = "guarded", task: object = worker.killed) -> Job:
    view = services.start(
        actor=Actor.system("test"), now=clock.now(), kind=worker.KIND, title="", task=task,  # type: ignore[arg-type]
        arguments={"mark": str(mark), "how": how},
    )  # fmt: skip
    return Job.objects.get(pk=view.id)


def wait_for(what: Callable[[], bool], seconds: float) -> float:
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"Not within {seconds} s.")
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_job_is_picked_up_and_has_its_effect_once(workers: Start, tmp_path: Path) -> None:
    begin(tmp_path)
    workers()
    wait_for((tmp_path / "began-1").exists, 60)
    victim = int((tmp_path / "began-1").read_text().split()[0])
    workers()
    os.kill(victim, signal.SIGKILL)
    killed_at = time.time()
    wait_for((tmp_path / "ended-2").exists, 80)
    picked_up_after = float((tmp_path / "began-2").read_text().split()[1]) - killed_at
    assert picked_up_after <= LEASE_SECONDS + 10
    wait_for(lambda: Job.objects.get().state == "done", 5)
    assert [row.version for row in SchemeVersion.objects.filter(kind="effect")] == [2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("how", "effects"), [("guarded", [2]), pytest.param("unguarded", [1, 2], marks=pytest.mark.slow)]
)
def test_a_stopped_worker_that_comes_back_writes_nothing(
    workers: Start, tmp_path: Path, how: str, effects: list[int]
) -> None:
    """The second case is the negative control: without the fence the zombie's write is seen."""
    begin(tmp_path, how)
    workers()
    wait_for((tmp_path / "began-1").exists, 60)
    zombie = int((tmp_path / "began-1").read_text().split()[0])
    os.kill(zombie, signal.SIGSTOP)
    workers()
    wait_for((tmp_path / "ended-2").exists, 80)
    (tmp_path / "go-on").write_text("")
    os.kill(zombie, signal.SIGCONT)
    if how == "unguarded":
        wait_for((tmp_path / "ended-1").exists, 10)
    else:
        time.sleep(2)
    assert sorted(SchemeVersion.objects.filter(kind="effect").values_list("version", flat=True)) == effects
    wait_for(lambda: Job.objects.get().state == "done", 5)
    assert Job.objects.get().attempt == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("idle_limit", "is_free"), [(500, True), (0, False)])
def test_a_worker_stopped_amid_a_transaction_lets_go_of_its_rows(
    tmp_path: Path, idle_limit: int, is_free: bool
) -> None:
    """The second case is the negative control: without the limit of a worker's sessions the row stays locked."""
    job = begin(tmp_path)
    stopped = another.process(worker.stop_amid_a_transaction, idle_limit)
    try:
        assert stopped.pid is not None
        # What `ps` calls the state: T is stopped by a signal.
        status = Path(f"/proc/{stopped.pid}/stat")
        wait_for(lambda: status.read_text().rpartition(")")[2].split()[0] == "T", 60)
        try:
            with transaction.atomic():
                connection.cursor().execute("SET LOCAL lock_timeout = '2s'")
                found = bool(list(Job.objects.select_for_update().filter(pk=job.pk)))
        except OperationalError:
            found = False
        assert found is is_free
    finally:
        stopped.kill()
        stopped.join()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_task_that_kills_its_worker_is_given_up_and_the_queue_moves_on(workers: Start, tmp_path: Path) -> None:
    poison = begin(tmp_path, "poison")
    behind = begin(tmp_path, "behind", worker.after)
    for attempt in (1, 2, 3):
        process = workers()
        wait_for((tmp_path / f"began-{attempt}").exists, 60)
        process.join(20)
    workers()
    wait_for(lambda: Job.objects.get(pk=poison.pk).state == "failed", 60)
    wait_for(lambda: Job.objects.get(pk=behind.pk).state == "done", 60)
    assert Job.objects.get(pk=poison.pk).attempt == 3 and not (tmp_path / "began-4").exists()
