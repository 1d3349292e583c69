"""From a file to the book and back: check, run, again, refuse, stop, undo, report, inbox."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from anxin.book.customers.models import ContactPoint, Party, SourceRecord
from anxin.config.cli import cli
from anxin.config.commands import data
from anxin.foundation.audit.models import Entry
from anxin.foundation.documents import services as documents
from anxin.foundation.documents.models import Document
from anxin.foundation.intake import queries, services
from anxin.foundation.intake.data import BatchState
from anxin.foundation.intake.models import Batch, Profile, RowProblem
from anxin.foundation.intake.rules import timing
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.services import lease
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import StaleState
from tests import build
from tests.build import Cast

SYSTEM = Actor.system("test", channel="cli")
PROFILE: dict[str, Any] = {
    "name": "crm-customers",
    "source": "crm",
    "file": {"pattern": "crm_*.csv"},
    "entity": [
        {
            "kind": "customer",
            "columns": {"source_key": "客户号", "name": "姓名", "mobile": "手机", "birth_date": "出生日期"},
        }
    ],
}
ROWS = [
    ("C1", "王小明", "13800138001", "1984-02-03"),
    ("C2", "李雷", "13800138002", "1990-05-06"),
    ("C3", "韩梅梅", "13800138003", "2026-02-30"),
]


def clock() -> datetime:
    return build.NOW


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_FOLDER = tmp_path / "documents"
    settings.DOCUMENTS_FOLDER.mkdir()


def write(folder: Path, rows: list[tuple[str, ...]], name: str = "crm_1.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(",".join(row) for row in [("客户号", "姓名", "手机", "出生日期"), *rows]) + "\n")
    return path


def imported(path: Path, **changes: Any) -> dict[str, Any]:
    return services.import_file(actor=SYSTEM, path=path, profile=PROFILE | changes, clock=clock)


def counts(report: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = report["entities"]["customer"]
    return found


def test_a_file_goes_in_and_again_changes_nothing(db: None, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    path = write(tmp_path, ROWS)
    report = services.import_file(
        actor=SYSTEM, path=path, profile=PROFILE, clock=clock, progress=lambda done, total: seen.append((done, total))
    )
    assert counts(report) == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert (report["rows_read"], report["state"], seen) == (3, "done", [(3, 3)])
    assert set(report) == {"batch", "state", "rows_read", "entities", "seconds"}
    assert counts(imported(path)) == {"created": 0, "updated": 0, "unchanged": 2, "rejected": 1}
    write(tmp_path, [(*ROWS[0][:3], "1984-02-04"), *ROWS[1:]])
    assert counts(imported(path)) == {"created": 0, "updated": 1, "unchanged": 1, "rejected": 1}


def test_a_dry_run_says_what_would_happen_and_writes_nothing(db: None, tmp_path: Path) -> None:
    report = services.import_file(actor=SYSTEM, path=write(tmp_path, ROWS), profile=PROFILE, clock=clock, dry_run=True)
    assert counts(report) == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert report["dry_run"] is True and not Party.objects.exists()
    assert Batch.objects.get().state == BatchState.DISCARDED


def test_the_check_keeps_no_value_in_clear(cast: Cast, tmp_path: Path) -> None:
    actor = build.actor(cast.steward)
    content = write(tmp_path, [*ROWS, ("C4", "赵六", "12", "1990-01-01")]).read_bytes()
    batch = services.create_from_upload(
        actor=actor, now=build.NOW, name="crm_1.csv", content=io.BytesIO(content), profile=PROFILE
    )
    services.begin_check(actor=actor, now=build.NOW, ref=batch.ref)
    assert services.work_on(batch.id, clock=clock)
    checked = Batch.objects.get()
    assert checked.state == BatchState.CHECKED and not Party.objects.exists()
    shown = str(checked.preview)
    assert "王*明" in shown and "王小明" not in shown and "13800138001" not in shown
    for problem in RowProblem.objects.all():
        assert b"2026-02-30" not in bytes(problem.value_sealed or b"")
    assert checked.preview["kinds"][0]["trial"]["created"] >= 2


def test_only_those_who_may_import_do(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, ROWS)
    for user in (cast.manager, cast.head_office, cast.auditor, cast.administrator):
        with pytest.raises(NotPermitted):
            services.create_from_path(actor=build.actor(user), now=build.NOW, path=path, profile=PROFILE)


def test_a_file_with_errors_is_refused_whole_when_so_wanted(db: None, tmp_path: Path) -> None:
    report = imported(write(tmp_path, ROWS), on_error="refuse")
    assert report["state"] == "failed" and "1" in report["message"]
    assert not Party.objects.exists()


def test_rows_refused_only_while_writing_take_the_whole_file_back(db: None, tmp_path: Path) -> None:
    """Nobody can know before writing that a policyholder is missing: what was written goes again."""
    imported(write(tmp_path, ROWS[:2]))
    path = tmp_path / "policies.csv"
    path.write_text("no,holder,from,premium\nP1,C1,2026-01-01,10\nP2,NOBODY,2026-01-01,10\n")
    profile = {
        "name": "policies", "source": "crm", "on_error": "refuse",
        "entity": [{"kind": "policy", "columns": {
            "policy_no": "no", "holder_key": "holder", "start_date": "from", "premium": "premium",
            "product_name": {"default": "x"}, "line_of_business": {"default": "motor"},
        }}],
    }  # fmt: skip
    report = services.import_file(actor=SYSTEM, path=path, profile=profile, clock=clock)
    assert report["state"] == "failed"
    from anxin.book.portfolio.models import Policy

    assert not Policy.objects.exists()
    taken = services.import_file(actor=SYSTEM, path=path, profile=profile | {"on_error": "skip"}, clock=clock)
    assert taken["entities"]["policy"] == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 1}


def undone(actor: Actor, ref: str) -> None:
    batch = services.begin_undo(actor=actor, now=build.NOW, ref=ref)
    assert services.work_on(batch.id, clock=clock)
    assert Batch.objects.get(ref=ref).state == BatchState.UNDONE


def test_an_import_is_taken_back(cast: Cast, tmp_path: Path) -> None:
    actor = build.actor(cast.steward)
    report = imported(write(tmp_path, ROWS))
    undone(actor, report["batch"])
    assert not Party.objects.exists() and not SourceRecord.objects.exists() and not ContactPoint.objects.exists()
    with pytest.raises(StaleState):
        services.begin_undo(actor=actor, now=build.NOW, ref=report["batch"])
    assert Entry.objects.filter(action="intake.undone").count() == 1
    # Taken back, the same file comes in as new.
    assert counts(imported(tmp_path / "crm_1.csv"))["created"] == 2


def test_an_import_is_taken_back_by_command(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "ready", nullcontext)
    ref = imported(write(tmp_path, ROWS))["batch"]
    said = CliRunner().invoke(cli, ["undo", ref, "--json"])
    assert json.loads(said.stdout) == {"batch": ref, "undone": True, "kept": {}} and not Party.objects.exists()
    again, unknown = CliRunner().invoke(cli, ["undo", ref]), CliRunner().invoke(cli, ["undo", "IMP-1"])
    assert again.exit_code == 1 and "is undone" in again.stderr
    assert unknown.exit_code == 1 and "no import IMP-1" in unknown.stderr


def test_what_an_import_changed_is_as_before_when_it_is_taken_back(cast: Cast, tmp_path: Path) -> None:
    imported(write(tmp_path, ROWS[:2]))
    before = sorted(Party.objects.values_list("name", "birth_date"))
    second = imported(write(tmp_path, [(*ROWS[0][:3], "1984-02-09"), ("C9", "新人", "13800138009", "1999-09-09")]))
    assert counts(second) == {"created": 1, "updated": 1, "unchanged": 0, "rejected": 0}
    undone(build.actor(cast.steward), second["batch"])
    assert sorted(Party.objects.values_list("name", "birth_date")) == before


def confirmed(path: Path, chunk_rows: int = 1) -> Batch:
    made = services.create_from_path(actor=SYSTEM, now=build.NOW, path=path, profile=PROFILE)
    batch = Batch.objects.get(pk=made.id)
    Batch.objects.filter(pk=batch.pk).update(file_format={**batch.file_format, "chunk_rows": chunk_rows})
    services.confirm(actor=SYSTEM, now=build.NOW, ref=made.ref, in_background=False)
    return batch


def test_a_run_stops_at_its_next_portion(db: None, tmp_path: Path) -> None:
    batch = confirmed(write(tmp_path, ROWS))

    def stop(done: int, _total: int | None) -> None:
        if done == 1:
            services.cancel(actor=SYSTEM, now=build.NOW, ref=batch.ref)

    assert services.run_batch(batch.id, clock=clock, progress=stop)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_read, Party.objects.count()) == (BatchState.STOPPED, 1, 1)


def test_a_second_worker_waits_until_the_lease_is_over(db: None, tmp_path: Path) -> None:
    batch = confirmed(write(tmp_path, ROWS))
    now = [build.NOW]
    first = lease.take(batch.id, BatchState.RUNNING, lambda: now[0])
    assert first is not None
    assert lease.take(batch.id, BatchState.RUNNING, lambda: now[0]) is None
    now[0] += timing.LEASE
    second = lease.take(batch.id, BatchState.RUNNING, lambda: now[0])
    assert second is not None
    with pytest.raises(lease.LeaseLost):
        first.write(rows_read=1)
    second.write(rows_read=2)


def test_a_batch_that_kills_every_worker_is_given_up(db: None, tmp_path: Path) -> None:
    """K8."""
    batch = confirmed(write(tmp_path, ROWS))
    now = [build.NOW]
    for _ in range(timing.MOST_ATTEMPTS):
        assert lease.take(batch.id, BatchState.RUNNING, lambda: now[0]) is not None
        now[0] += timing.LEASE
    assert lease.take(batch.id, BatchState.RUNNING, lambda: now[0]) is None
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED and "%(attempts)s" in batch.message


def test_a_file_that_changed_since_it_was_taken_is_refused(db: None, tmp_path: Path) -> None:
    path = write(tmp_path, ROWS)
    batch = confirmed(path)
    write(tmp_path, ROWS[:1])
    services.run_batch(batch.id, clock=clock)
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED and not Party.objects.exists()


def test_sleeping_imports_are_woken(db: None, tmp_path: Path) -> None:
    batch = confirmed(write(tmp_path, ROWS))
    assert services.wake_sleepers(now=build.NOW) == 0
    assert services.wake_sleepers(now=build.NOW + timedelta(minutes=1)) == 1
    assert services.wake_sleepers(now=build.NOW + timedelta(minutes=1)) == 0, "it waits in the queue already"
    Batch.objects.filter(pk=batch.pk).update(lease_until=build.NOW + timedelta(minutes=5))
    assert services.wake_sleepers(now=build.NOW + timedelta(minutes=2)) == 0


def test_the_error_file_is_masked_safe_and_sealed(cast: Cast, tmp_path: Path) -> None:
    rows = [*ROWS, ("=1+1", "赵六", "13800138004", "1990-13-01"), ("C5", "钱七", "138001380051", "1990-01-01")]
    report = imported(write(tmp_path, rows))
    read: Callable[..., str] = lambda document: _content(document)  # noqa: E731
    masked = services.error_file(actor=build.actor(cast.head_office), now=build.NOW, ref=report["batch"])
    text = read(masked)
    assert text.startswith("\ufeff") and "1990-13-01" not in text and "impossible_date" in text
    assert "出生日期" in text and "\r\n" in text
    with pytest.raises(NotPermitted):
        services.error_file(actor=build.actor(cast.head_office), now=build.NOW, ref=report["batch"], in_clear=True)
    clear = services.error_file(actor=build.actor(cast.steward), now=build.NOW, ref=report["batch"], in_clear=True)
    assert "1990-13-01" in read(clear)
    assert Document.objects.get(pk=clear.id).expires_at == build.NOW + timing.ERROR_FILE_KEPT_FOR
    assert Entry.objects.filter(action="intake.error_file", detail__in_clear=True).count() == 1


def _content(document: Any) -> str:
    with documents.open_document(document.id) as source:
        return source.read().decode()


def test_source_files_expire_and_refused_uploads_do_not_stay(cast: Cast, tmp_path: Path, settings: Any) -> None:
    actor = build.actor(cast.steward)
    content = io.BytesIO(write(tmp_path, ROWS).read_bytes())
    services.create_from_upload(actor=actor, now=build.NOW, name="x.csv", content=content, profile=PROFILE)
    assert Document.objects.get().expires_at == build.NOW + timedelta(days=7)
    with pytest.raises(FileRefused):
        services.create_from_upload(actor=actor, now=build.NOW, name="x.csv", content=io.BytesIO(b""), profile=PROFILE)
    assert Document.objects.filter(removed_at__isnull=True).count() == 1


def test_files_dropped_into_the_inbox_are_taken(cast: Cast, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    services.save_profile(actor=build.actor(cast.steward), now=build.NOW, content=PROFILE)
    old = (build.NOW - timedelta(minutes=5)).timestamp()
    names = ["crm_night.csv", "other.csv", "crm_broken.csv", "crm_half.csv.part"]
    for name in names:
        path = write(inbox, ROWS, name)
        if name == "crm_broken.csv":
            path.write_bytes(b"")
        os.utime(path, (old, old))
    fresh = write(inbox, ROWS, "crm_fresh.csv")
    os.utime(fresh, (build.NOW.timestamp(), build.NOW.timestamp()))
    (inbox / "crm_link.csv").symlink_to("/etc/hostname")
    assert services.pick_up(folder=inbox, clock=clock) == 1
    left = {path.name for path in inbox.iterdir() if path.is_file()}
    assert left == {"other.csv", "crm_half.csv.part", "crm_fresh.csv", "crm_link.csv"}
    assert [path.name[16:] for path in (inbox / "done").iterdir()] == ["crm_night.csv"]
    assert any(path.suffix == ".txt" for path in (inbox / "failed").iterdir())
    batch = Batch.objects.get()
    assert batch.state == BatchState.RUNNING and services.work_on(batch.id, clock=clock)
    assert Party.objects.count() == 2


def test_profiles_are_kept_with_their_headers(cast: Cast) -> None:
    actor = build.actor(cast.steward)
    services.save_profile(actor=actor, now=build.NOW, content=PROFILE, headers=["客户号", "姓名"])
    services.save_profile(actor=actor, now=build.NOW, content=PROFILE, headers=["客户号", "姓名"])
    kept = Profile.objects.get()
    assert kept.version == 1
    assert services.load_profile("crm-customers") == PROFILE
    services.deactivate_profile(actor=actor, now=build.NOW, name="crm-customers")
    with pytest.raises(services.ProfileNotFound):
        services.load_profile("crm-customers")


def test_a_batch_is_seen_in_full_by_its_reader(cast: Cast, tmp_path: Path) -> None:
    report = imported(write(tmp_path, ROWS))
    assert queries.get_batch(build.actor(cast.auditor), report["batch"]).rows_rejected == 1
    with pytest.raises(NotPermitted):
        queries.get_batch(build.actor(cast.manager), report["batch"])
