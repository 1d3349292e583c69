"""The dry run of a draft is a job: begun from the page of the version, followed there, and shown in words."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anxin.book.segments import services, tasks
from anxin.book.segments.models import Profile, Run
from anxin.book.segments.services import trials
from anxin.foundation.jobs.models import Job
from anxin.foundation.schemes import services as schemes
from anxin.foundation.schemes.data import SchemeView
from anxin.kernel.actor import Actor
from tests import build
from tests.build import NOW, TODAY, Cast, contracts

WAN = 1_000_000
pytestmark = pytest.mark.django_db(transaction=True)
MOVES = {"tier": [["standard", "gold", 3, 9 * WAN], ["gold", "gold", 1, 6 * WAN]], "abc": [["A", "A", 4, 15 * WAN]]}
# Stands for the engine, which takes seconds to load: it reads what is asked and tells as `analytics.preview` does.
STAND_IN = f"""
import json, sys
asked = json.load(sys.stdin)
assert asked["rules"]["segments.tiers"]["tiers"][0]["from_fen"] == {WAN} and "segments.abc" in asked["rules"]
for step in ("worth", "figures", "fitted", "classes"):
    print(json.dumps(step), flush=True)
print({json.dumps(MOVES)!r})
"""


def drafted(cast: Cast) -> SchemeView:
    content = {
        "tiers": [{"code": "gold", "name_zh": "金卡", "name_en": "Gold", "from_fen": WAN}],
        "counts_single_premium": False,
    }
    return schemes.draft(actor=build.actor(cast.head_office), now=NOW, code="segments.tiers", content=content)


def begun(client: Client, version: SchemeView) -> tuple[str, Job]:
    address = f"/segments/trials/of/{version.id}/"
    assert address in client.get(f"/schemes/versions/{version.id}/").content.decode()
    assert address in client.get(address).content.decode()
    started = client.post(address)
    assert started.status_code == 302
    assert client.post(address)["Location"] == started["Location"], "the same draft is tried once at a time"
    return started["Location"], Job.objects.get(kind="segments.trial")


def told(client: Client, job: Job) -> str:
    return client.get(reverse("jobs:progress", args=[job.pk])).content.decode()


def test_a_dry_run_is_a_job_that_shows_who_would_move(
    client: Client, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = build.make_cast()
    settings.ANXIN_HOME = tmp_path
    client.force_login(cast.head_office)
    version = drafted(cast)
    page, job = begun(client, version)
    tasks.trial(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == ("failed", {}) and "没有可供对比" in told(client, job)
    Run.objects.create(as_of=TODAY, engine="duckdb", state=Run.State.DONE, started_at=NOW)
    (tmp_path / "analytics" / TODAY.isoformat()).mkdir(parents=True)
    (tmp_path / "analytics" / TODAY.isoformat() / "standing.parquet").touch()
    monkeypatch.setattr(trials, "PROGRAM", (sys.executable, "-S", "-c", STAND_IN))
    job.delete()
    page, job = begun(client, version)
    assert reverse("jobs:progress", args=[job.pk]) in client.get(page, HTTP_HX_REQUEST="true").content.decode()
    tasks.trial(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.total, job.result["moves"]) == ("done", 5, MOVES)
    shown = client.get(page).content.decode()
    assert "→ 金卡" in shown and "3 位客户变动" in shown and "ABC" not in shown, (
        "a class that nobody leaves is not shown"
    )
    client.force_login(cast.manager)
    assert client.get(page).status_code == 403
    assert client.post(f"/segments/trials/of/{version.id}/").status_code == 403


def test_an_engine_that_breaks_off_fails_the_job_in_words(
    client: Client, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = build.make_cast()
    settings.ANXIN_HOME = tmp_path
    client.force_login(cast.head_office)
    Run.objects.create(as_of=TODAY, engine="duckdb", state=Run.State.DONE, started_at=NOW)
    (tmp_path / "analytics" / TODAY.isoformat()).mkdir(parents=True)
    (tmp_path / "analytics" / TODAY.isoformat() / "standing.parquet").touch()
    monkeypatch.setattr(trials, "PROGRAM", (sys.executable, "-S", "-c", "raise SystemExit(1)"))
    _page, job = begun(client, drafted(cast))
    tasks.trial(str(job.pk))
    job.refresh_from_db()
    assert job.state == "failed" and "试算未能完成" in told(client, job)


@pytest.mark.slow
def test_the_engine_itself_judges_the_last_day_with_the_draft(client: Client, settings: Any, tmp_path: Any) -> None:
    cast = build.make_cast()
    settings.ANXIN_HOME = tmp_path
    for name, premium in (("gold", 6 * WAN), ("small", WAN)):
        contracts.policy(holder=build.person(name=name, manager=cast.manager), annual_premium_fen=premium)
    services.run(actor=Actor.system("nightly"), now=NOW - timedelta(hours=1), as_of=TODAY)
    client.force_login(cast.head_office)
    before = list(Profile.objects.order_by("pk").values())
    page, job = begun(client, drafted(cast))
    tasks.trial(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.message
    assert ["standard", "gold", 1, WAN] in job.result["moves"]["tier"]
    assert "1 位客户变动" in client.get(page).content.decode()
    assert list(Profile.objects.order_by("pk").values()) == before, "nothing is changed"
