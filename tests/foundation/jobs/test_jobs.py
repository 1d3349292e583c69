"""Starting, doing, ending and giving up work; inside one process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from anxin.foundation.documents import services as documents
from anxin.foundation.documents.models import Document
from anxin.foundation.jobs import access, queries, rules, services
from anxin.foundation.jobs.data import Finished, JobState
from anxin.foundation.jobs.models import Job
from anxin.foundation.jobs.services import sheets
from anxin.kernel import clock
from tests import build
from tests.build import NOW, Cast

KIND = "test.count"
services.register_kind(KIND, "Counting")


@app.task(queue="jobs", name="tests.count")
def count(job_id: str) -> None:
    services.run(job_id, lambda running: None, clock=clock.now)


def start(cast: Cast, **fields: Any) -> Any:
    return services.start(
        actor=build.actor(cast.manager), now=NOW, kind=KIND, title="Counting", arguments={"to": 3}, task=count, **fields
    )


def at(seconds: float = 0) -> Any:
    return lambda: NOW + timedelta(seconds=seconds)


def taken_by_a_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")


def test_a_job_and_its_place_in_the_queue_come_together(cast: Cast) -> None:
    job = start(cast)
    assert job.is_new and job.state is JobState.WAITING
    queued = ProcrastinateJob.objects.get(task_name="tests.count")
    assert queued.args == {"job_id": str(job.id)}


def test_a_rolled_back_start_leaves_neither(cast: Cast) -> None:
    def begin_and_fail() -> None:
        with transaction.atomic():
            start(cast)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begin_and_fail()
    assert not Job.objects.exists() and not ProcrastinateJob.objects.exists()


def test_the_same_work_is_under_way_once(cast: Cast) -> None:
    first = start(cast, dedupe_key="file-1")
    second = start(cast, dedupe_key="file-1")
    assert second.id == first.id and first.is_new and not second.is_new
    assert ProcrastinateJob.objects.count() == 1
    services.run(first.id, lambda running: None, clock=at())
    assert start(cast, dedupe_key="file-1").is_new


def test_work_is_done_with_the_rights_of_its_owner(cast: Cast) -> None:
    job = start(cast, total=3)
    seen: list[Any] = []

    def work(running: services.Running) -> Finished:
        seen.append(running.actor)
        running.progress(2, message="%(count)s rows", count=2)
        assert queries.get_job(build.actor(cast.manager), job.id).percent == 66
        return Finished(message="%(count)s rows", values={"count": 3}, result={"rows": 3})

    assert services.run(job.id, work, clock=at())
    assert seen[0].user_id == cast.manager.id and seen[0].channel == "worker" and seen[0].may("customers.view")
    done = queries.get_job(build.actor(cast.manager), job.id)
    assert done.state is JobState.DONE and done.message_values == {"count": 3} and done.result == {"rows": 3}
    assert not services.run(job.id, work, clock=at()), "a job that is over is not done again"


def test_a_job_in_living_hands_is_left_alone(cast: Cast) -> None:
    job = start(cast)

    def work(running: services.Running) -> None:
        assert not services.run(job.id, lambda other: pytest.fail("taken twice"), clock=at(5))

    assert services.run(job.id, work, clock=at())


def test_a_zombie_writes_nothing(cast: Cast) -> None:
    job = start(cast)
    later = rules.LEASE.total_seconds() + 1

    def zombie(running: services.Running) -> None:
        assert services.run(job.id, lambda other: Finished(message="by the other"), clock=at(later))
        with pytest.raises(services.JobLost):
            running.fence()
        running.progress(1)

    assert not services.run(job.id, zombie, clock=at())
    assert queries.get_job(build.actor(cast.manager), job.id).message == "by the other"


def test_the_next_attempt_goes_on_where_the_last_one_stopped(cast: Cast) -> None:
    job = start(cast)

    def dies(running: services.Running) -> None:
        running.progress(1, keep={"after": 7})
        raise OperationalError

    with pytest.raises(OperationalError):
        services.run(job.id, dies, clock=at())
    assert services.revive(now=NOW + timedelta(seconds=5)) == 0, "the lease still runs"
    taken_by_a_worker()
    assert services.revive(now=NOW + rules.LEASE) == 1
    found: list[Any] = []
    services.run(job.id, lambda running: found.append(running.result), clock=at(20))
    assert found == [{"after": 7}]


def test_an_unexpected_error_ends_the_job_without_quoting_it(cast: Cast) -> None:
    job = start(cast)

    def breaks(running: services.Running) -> None:
        raise KeyError("13800138000")

    with pytest.raises(KeyError):
        services.run(job.id, breaks, clock=at())
    row = Job.objects.get(pk=job.id)
    assert row.state == JobState.FAILED and "138" not in f"{row.message} {row.message_values} {row.result}"


def test_a_reason_the_owner_can_understand_is_kept(cast: Cast) -> None:
    job = start(cast)

    def refuses(running: services.Running) -> None:
        raise services.JobFailed("Line %(line)s is broken.", line=4)

    assert not services.run(job.id, refuses, clock=at())
    row = Job.objects.get(pk=job.id)
    assert (row.state, row.message, row.message_values) == (JobState.FAILED, "Line %(line)s is broken.", {"line": 4})


def test_poison_stops_after_three_attempts_and_is_seen(cast: Cast) -> None:
    job = start(cast)
    moment = 0.0
    for _ in range(rules.MOST_ATTEMPTS):
        with pytest.raises(OperationalError):
            services.run(job.id, lambda running: _raise(OperationalError()), clock=at(moment))
        moment += rules.LEASE.total_seconds()
        services.revive(now=NOW + timedelta(seconds=moment))
    services.run(job.id, lambda running: pytest.fail("a fourth attempt"), clock=at(moment))
    seen = queries.get_job(build.actor(cast.administrator), job.id)
    assert seen.state is JobState.FAILED and seen.attempt == rules.MOST_ATTEMPTS


def _raise(error: Exception) -> None:
    raise error


def test_a_waiting_job_that_lost_its_place_gets_a_new_one(cast: Cast) -> None:
    start(cast)
    taken_by_a_worker()
    assert services.revive(now=NOW + rules.WAITING_IS_LOST_AFTER) == 1
    assert services.revive(now=NOW + rules.WAITING_IS_LOST_AFTER) == 0


def test_stopping_a_running_job_keeps_what_was_done(cast: Cast) -> None:
    job = start(cast, total=10)

    def work(running: services.Running) -> None:
        running.progress(4)
        services.cancel(actor=build.actor(cast.manager), now=NOW, job_id=job.id)
        running.progress(5)

    assert not services.run(job.id, work, clock=at())
    seen = queries.get_job(build.actor(cast.manager), job.id)
    assert seen.state is JobState.CANCELLED and seen.done == 5


def test_a_waiting_job_is_stopped_at_once(cast: Cast) -> None:
    job = start(cast)
    assert services.cancel(actor=build.actor(cast.manager), now=NOW, job_id=job.id).state is JobState.CANCELLED
    assert not services.run(job.id, lambda running: pytest.fail("began"), clock=at())


def test_the_job_of_somebody_who_left_does_not_run(cast: Cast) -> None:
    job = start(cast)
    cast.manager.is_active = False
    cast.manager.save()
    assert not services.run(job.id, lambda running: pytest.fail("began"), clock=at())
    assert Job.objects.get(pk=job.id).state == JobState.FAILED


def test_jobs_of_others_are_not_there(cast: Cast) -> None:
    job = start(cast)
    for user in (cast.colleague, cast.outsider, cast.head_office):
        with pytest.raises(access.JobNotFound):
            queries.get_job(build.actor(user), job.id)
        with pytest.raises(access.JobNotFound):
            services.cancel(actor=build.actor(user), now=NOW, job_id=job.id)


def test_the_list_shows_own_jobs_with_a_constant_number_of_queries(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        start(cast, dedupe_key=f"file-{number}")
    client.force_login(cast.manager)
    client.get("/jobs/")  # the first visit writes the session
    with django_assert_max_num_queries(6):  # session, user, posts, grants, the bell, the page of jobs
        page = client.get("/jobs/")
    assert page.status_code == 200 and page.content.count(b"<tr>") >= 30
    client.force_login(cast.outsider)
    assert b"Counting" not in client.get("/jobs/").content


def test_progress_is_polled_until_the_job_is_over(cast: Cast, client: Client) -> None:
    job = start(cast, total=2)
    client.force_login(cast.manager)
    assert b"hx-trigger" in client.get(f"/jobs/{job.id}/progress/").content
    services.run(job.id, lambda running: None, clock=at())
    assert b"hx-trigger" not in client.get(f"/jobs/{job.id}/progress/").content
    client.force_login(cast.colleague)
    assert client.get(f"/jobs/{job.id}/progress/").status_code == 404
    assert client.post(f"/jobs/{job.id}/cancel/").status_code == 404


def test_a_table_becomes_a_file_that_opens_and_runs_nothing(cast: Cast) -> None:
    job = services.start(
        actor=build.actor(cast.manager), now=NOW, kind=KIND, title="Counting", arguments={"language": "en"}, task=count
    )
    told: list[int] = []

    def portions() -> Iterator[list[list[str]]]:
        yield [["=1+1", "王小明"], ["-5", str(gettext_lazy("Yes"))]]
        told.append(Job.objects.get().done)
        yield [["plain", ""]]

    assert services.run(
        job.id, clock=at(),
        work=lambda running: sheets.write(
            running, title=gettext_lazy("Jobs"), stamp="20261123", heads=["a", gettext_lazy("No")], portions=portions(),
            message="%(rows)s rows.",
        ),
    )  # fmt: skip
    row = Job.objects.get()
    assert (row.state, row.message_values, row.result, told) == ("done", {"rows": 3}, {"rows": 3}, [2])
    kept = Document.objects.get(pk=row.document_id)
    assert (kept.name, kept.expires_at) == ("Jobs-20261123.csv", NOW + sheets.KEPT_FOR)
    with documents.open_document(kept.pk) as file:
        content = file.read()
    assert content.decode("utf-8-sig") == "a,No\r\n'=1+1,王小明\r\n-5,Yes\r\nplain,\r\n"
    assert content.startswith(b"\xef\xbb\xbf")
