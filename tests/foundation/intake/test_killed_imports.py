"""K1, K3, C6: imports that are killed, stopped and started twice, and what they need. Real processes, real server."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from anxin.book.customers.models import ContactPoint, Party, SourceRecord
from anxin.foundation.intake import services
from anxin.foundation.intake.models import Batch, BatchCount
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from tests.foundation.intake import nursery, worker

STEWARD = Actor.system("test", channel="cli")
PROFILE = """
name = "kill-test"
source = "kill"

[[entity]]
kind = "customer"

[entity.columns]
source_key = "key"
name = "name"
mobile = "mobile"
opened_date = "opened"
"""
pytestmark = pytest.mark.django_db(transaction=True)


class Child:
    """A forked process, spoken to like a subprocess.Popen."""

    def __init__(self, process: multiprocessing.process.BaseProcess, out: Path, errors: Path) -> None:
        self._process, self._out, self._errors = process, out, errors
        process.start()
        assert process.pid is not None
        self.pid: int = process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float = 60) -> int | None:
        self._process.join(timeout)
        assert self._process.exitcode is not None, f"process {self.pid} goes on"
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self._process.exitcode is None:
            os.kill(self.pid, number)

    def communicate(self, timeout: float = 60) -> tuple[bytes, bytes]:
        self.wait(timeout)
        return self._out.read_bytes(), self._errors.read_bytes()


Start = Callable[..., Child]
# Seconds within which a kill falls after the process has taken the batch.
_SPREAD = 0.6


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    database = settings.DATABASES["default"]
    environment = {
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        nursery.START: "1",
    }
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([nursery.__name__, worker.__name__])
    folder = tmp_path_factory.mktemp("children")
    running: list[Child] = []

    def begin(*arguments: object, **more: str) -> Child:
        out, errors = folder / f"{len(running)}.out", folder / f"{len(running)}.err"
        # The server is forked from once and keeps what the environment was then.
        before = {name: os.environ.get(name) for name in environment}
        os.environ.update(environment)
        try:
            process = context.Process(
                target=worker.main, args=([str(one) for one in arguments], more, str(out), str(errors)), daemon=True
            )
            running.append(Child(process, out, errors))
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        return running[-1]

    yield begin
    for child in running:
        child.send_signal(signal.SIGKILL)
        child.wait()


def write_file(folder: Path, rows: int, *, spoiled_every: int = 1_000) -> tuple[Path, Path]:
    """Customers with a mobile each; every thousandth has an impossible date. Returns (file, profile)."""
    lines = ["key,name,mobile,opened"]
    for number in range(rows):
        day = "2026-02-30" if number % spoiled_every == spoiled_every - 1 else "2020-01-05"
        lines.append(f"K{number},王小明{number},13{number:09d},{day}")
    path, profile = folder / "customers.csv", folder / "kill.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    profile.write_text(PROFILE, encoding="utf-8")
    return path, profile


def confirmed(path: Path, profile: Path, chunk_rows: int) -> Batch:
    """A batch that waits for a worker, cut into portions of `chunk_rows`."""
    content = services.load_profile(profile)
    made = services.create_from_path(actor=STEWARD, now=clock.now(), path=path, profile=content)
    batch = Batch.objects.get(pk=made.id)
    Batch.objects.filter(pk=batch.pk).update(file_format={**batch.file_format, "chunk_rows": chunk_rows})
    services.confirm(actor=STEWARD, now=clock.now(), ref=made.ref, in_background=False)
    return batch


def state_of() -> dict[str, Any]:
    """What is in the book, without keys and times."""
    return {
        "parties": sorted(Party.objects.values_list("name", "customer_since", "version")),
        "records": sorted(SourceRecord.objects.values_list("source_key", "party__name")),
        "contacts": ContactPoint.objects.count(),
    }


def counts_of(batch: Batch) -> dict[str, int]:
    count = BatchCount.objects.get(batch=batch)
    return {name: getattr(count, name) for name in ("rows_read", "created", "updated", "unchanged", "rejected")}


def import_while_killing(start: Start, folder: Path, *, rows: int, chunk_rows: int, kills: int) -> None:
    path, profile = write_file(folder, rows)
    batch = confirmed(path, profile, chunk_rows)
    rng = random.Random(kills)
    killed, marks, in_vain = 0, [0], 0
    deadline = time.monotonic() + 20 * kills + 60
    while killed < kills and time.monotonic() < deadline:
        process = start("run", batch.id)
        # Not before it works: killing an interpreter that is still importing proves nothing.
        while process.poll() is None and not _is_held_by(process.pid, batch):
            time.sleep(0.01)
        # Anywhere within a portion. Ten starts in a row that write none are given up, rightly: on a busy machine blind
        # kills alone come to that (a start needs a second there before its first portion), so now and then one waits.
        if in_vain == 3:
            while process.poll() is None and _portions(batch) == marks[-1]:
                time.sleep(0.01)
        time.sleep(rng.random() * _SPREAD)
        process.send_signal(signal.SIGKILL)
        process.wait()
        batch.refresh_from_db()
        if batch.state != "running":
            break
        killed += 1
        in_vain = in_vain + 1 if batch.chunks_done == marks[-1] else 0
        marks.append(batch.chunks_done)
        # What the next one would wait for; the lease itself is tested below.
        Batch.objects.filter(pk=batch.pk).update(lease_until=None)
    said = process.communicate()[1].decode(errors="replace")[-2_000:]
    assert killed == kills, f"{batch.state} {batch.message_values} after {killed} kills (portions done: {marks}) {said}"
    Batch.objects.filter(pk=batch.pk).update(lease_until=None)
    assert start("run", batch.id).wait(timeout=600) == 0
    batch.refresh_from_db()
    assert batch.state == "done", batch.message
    bad = rows // 1_000
    wanted = {"rows_read": rows, "created": rows - bad, "updated": 0, "unchanged": 0, "rejected": bad}
    assert counts_of(batch) == wanted
    assert batch.problems.count() == bad == batch.rows_rejected
    assert sorted(batch.problems.values_list("line", flat=True)) == [1_001 + 1_000 * at for at in range(bad)]
    found = state_of()
    assert len(found["parties"]) == len(set(found["parties"])) == len(found["records"]) == rows - bad
    assert found["contacts"] == rows - bad
    # The same file again changes nothing.
    again = confirmed(path, profile, chunk_rows)
    assert start("run", again.id).wait(timeout=600) == 0
    again.refresh_from_db()
    assert counts_of(again) == wanted | {"created": 0, "unchanged": rows - bad}
    assert state_of() == found


def _portions(batch: Batch) -> int:
    return Batch.objects.values_list("chunks_done", flat=True).get(pk=batch.pk)


def _is_held_by(pid: int, batch: Batch) -> bool:
    holder = Batch.objects.values_list("lease_holder", flat=True).get(pk=batch.pk)
    return f"-{pid}-" in holder


def test_an_import_killed_four_times_ends_as_if_nothing_had_happened(start: Start, tmp_path: Path) -> None:
    import_while_killing(start, tmp_path, rows=6_000, chunk_rows=250, kills=4)


@pytest.mark.slow
def test_an_import_killed_twenty_times_ends_as_if_nothing_had_happened(start: Start, tmp_path: Path) -> None:
    import_while_killing(start, tmp_path, rows=100_000, chunk_rows=500, kills=20)


def wait_for(path: Path, seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < limit, f"{path.name} did not come"
        time.sleep(0.02)


def test_a_stopped_worker_writes_nothing_after_another_took_over(start: Start, tmp_path: Path) -> None:
    """K3. The zombie stands inside the transaction of its portion, all rows written, when it is stopped."""
    path, profile = write_file(tmp_path, 2_000)
    batch = confirmed(path, profile, 500)
    zombie = start("run-slowly", batch.id, tmp_path)
    wait_for(tmp_path / "inside")
    zombie.send_signal(signal.SIGSTOP)
    # The server would end the session of a silent process after a minute; here it is told to do so now.
    with connection.cursor() as cursor:
        time.sleep(2.5)
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state = 'idle in transaction'"
        )
    assert start("run", batch.id).wait(timeout=120) == 0
    batch.refresh_from_db()
    assert batch.state == "done"
    found, counts = state_of(), counts_of(batch)
    (tmp_path / "go-on").write_text("")
    zombie.send_signal(signal.SIGCONT)
    zombie.wait(timeout=60)
    batch.refresh_from_db()
    assert (state_of(), counts_of(batch), batch.state) == (found, counts, "done")
    assert counts["created"] == 1_998 and not (tmp_path / "finished").exists()


def test_a_worker_whose_lease_ran_out_rolls_its_portion_back(start: Start, tmp_path: Path) -> None:
    """K3 without the server's help: the zombie's session lives, its name is gone from the batch."""
    path, profile = write_file(tmp_path, 2_000)
    batch = confirmed(path, profile, 500)
    zombie = start("run-slowly", batch.id, tmp_path)
    wait_for(tmp_path / "inside")
    Batch.objects.filter(pk=batch.pk).update(lease_holder="somebody-else", lease_until=clock.now() + timedelta(hours=1))
    (tmp_path / "go-on").write_text("")
    zombie.wait(timeout=60)
    assert (tmp_path / "finished").read_text() == "False"
    assert not Party.objects.exists()
    assert counts_of(batch)["rows_read"] == 0
    batch.refresh_from_db()
    assert (batch.chunks_done, batch.lease_holder) == (0, "somebody-else")


def start_twice(start: Start, folder: Path) -> list[dict[str, Any]]:
    path, profile = write_file(folder, 6_000)
    both = [start("run-file", path, profile) for _ in range(2)]
    reports = []
    for process in both:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()[-2000:]
        reports.append(json.loads(out))
    return reports


def test_the_same_file_started_twice_at_once_is_one_job(start: Start, tmp_path: Path) -> None:
    """C6."""
    first, second = start_twice(start, tmp_path)
    assert first["batch"] == second["batch"]
    assert first["entities"] == second["entities"]
    assert first["entities"]["customer"]["created"] == 5_994
    assert sorted(Batch.objects.values_list("state", flat=True)) == ["discarded", "done"]


def test_without_the_guard_the_same_file_runs_twice(start: Start, tmp_path: Path) -> None:
    """The negative control of C6: it is the constraint that makes one job of two, not luck."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'intake_batch_running_once'")
        definition = cursor.fetchone()[0]
        cursor.execute("DROP INDEX intake_batch_running_once")
    try:
        first, second = start_twice(start, tmp_path)
        assert first["batch"] != second["batch"]
        assert list(Batch.objects.values_list("state", flat=True)) == ["done", "done"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(definition)


MOST_MB = 400


def peak_of(start: Start, folder: Path, rows: int) -> int:
    path, profile = write_file(folder, rows)
    process = start("run-file", path, profile)
    out, errors = process.communicate(timeout=3_600)
    assert process.returncode == 0, errors.decode()[-2000:]
    report = json.loads(out)
    assert report["entities"]["customer"]["created"] == rows - rows // 1_000
    peak: int = report["peak_mb"]
    return peak


def test_an_import_needs_little_memory(start: Start, tmp_path: Path) -> None:
    assert peak_of(start, tmp_path, 25_000) <= MOST_MB


@pytest.mark.slow
def test_a_million_rows_need_no_more_memory_than_a_few(start: Start, tmp_path: Path) -> None:
    assert peak_of(start, tmp_path, 1_000_000) <= MOST_MB
