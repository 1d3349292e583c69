"""The pages of managers: who sees what, plans confirmed on the page, claims, panels; a constant number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anxin.book.customers.models import Party, Standing
from anxin.foundation.accounts.models import User
from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.managers import services, tasks
from anxin.service.managers.data import RunKind
from anxin.service.managers.models import Absence, Assistant, Given, Run, Waiting
from anxin.service.managers.services import applying, planning, pool
from tests import build
from tests.build import NOW, Cast

HTMX = {"HX-Request": "true"}


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_each_sees_the_workload_of_their_own_reach(cast: Cast, client: Client) -> None:
    build.person(manager=cast.manager, unit=cast.pudong)
    text = signed_in(client, cast.manager).get(reverse("managers:board")).content.decode()
    assert "我的客户与负荷" in text and "沈悦" not in text
    text = signed_in(client, cast.team_lead).get(reverse("managers:board")).content.decode()
    assert "顾宁" in text and "沈悦" in text and "钱进" not in text
    assert "钱进" in signed_in(client, cast.head_office).get(reverse("managers:board") + "?by=manager").content.decode()
    assert client.get(reverse("managers:manager", args=[cast.outsider.pk])).status_code == 200
    signed_in(client, cast.team_lead)
    assert client.get(reverse("managers:manager", args=[cast.outsider.pk])).status_code == 404
    assert signed_in(client, cast.agent).get(reverse("managers:board")).status_code == 403


def test_a_plan_is_looked_at_confirmed_and_taken_back_on_its_page(cast: Cast, client: Client) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong)
    signed_in(client, cast.team_lead)
    form = client.get(reverse("managers:hand-over"), {"manager": str(cast.manager.pk)}, headers=HTMX)
    assert "移交客户" in form.content.decode()
    given = {"manager": str(cast.manager.pk), "kind": "leave", "reason": "离职", "target": "", "most": ""}
    assert client.post(reverse("managers:hand-over"), {**given, "reason": ""}, headers=HTMX).status_code == 422
    answer = client.post(reverse("managers:hand-over"), given, headers=HTMX)
    run = Run.objects.get()
    assert answer["HX-Redirect"] == reverse("managers:run", args=[run.pk])
    assert "预演中" in client.get(answer["HX-Redirect"]).content.decode()
    assert run.job_id is not None and jobs.run(run.job_id, planning.work, clock=clock.now)
    text = client.get(answer["HX-Redirect"]).content.decode()
    assert "沈悦" in text and party.name in text and "就近机构浦东支公司" in text
    run.refresh_from_db()
    client.post(reverse("managers:confirm", args=[run.pk]), {"version": run.version})
    run.refresh_from_db()
    assert run.job_id is not None and jobs.run(run.job_id, applying.work, clock=clock.now)
    assert Party.objects.get(pk=party.pk).manager_id == cast.colleague.pk
    text = client.get(reverse("managers:run", args=[run.pk])).content.decode()
    assert "已告知客户" in text and "撤销" in text
    assert client.post(reverse("managers:undo", args=[run.pk]), {"version": 1}).status_code == 409
    run.refresh_from_db()
    client.post(reverse("managers:undo", args=[run.pk]), {"version": run.version})
    run.refresh_from_db()
    assert run.job_id is not None and jobs.run(run.job_id, applying.work, clock=clock.now)
    assert Party.objects.get(pk=party.pk).manager_id == cast.manager.pk
    assert "离职移交" in client.get(reverse("managers:runs")).content.decode()
    assert signed_in(client, cast.manager).get(reverse("managers:runs")).status_code == 403


def test_a_manager_takes_customers_from_the_pool(cast: Cast, client: Client) -> None:
    build.person(unit=cast.pudong, name="赵公海")
    pool.reconcile(now=NOW)
    signed_in(client, cast.manager)
    text = client.get(reverse("managers:pool")).content.decode()
    assert "赵*海" in text and "赵公海" not in text
    answer = client.post(reverse("managers:claim"), {"item": [str(Waiting.objects.get().pk)]}, headers=HTMX)
    assert answer.status_code == 204 and Party.objects.get(name="赵公海").manager_id == cast.manager.pk
    assert client.post(reverse("managers:claim"), {}, headers=HTMX).status_code == 422
    assert "公海中没有客户" in client.get(reverse("managers:pool")).content.decode()


def test_absences_and_capacities_are_set_in_dialogs(cast: Cast, client: Client) -> None:
    signed_in(client, cast.team_lead)
    today = clock.today()
    given = {
        "user": str(cast.manager.pk), "deputy": str(cast.manager.pk), "cause": "sick", "first": today,
        "last": today + timedelta(days=3),
    }  # fmt: skip
    assert client.post(reverse("managers:announce"), given, headers=HTMX).status_code == 422
    client.post(reverse("managers:announce"), {**given, "deputy": str(cast.colleague.pk)}, headers=HTMX)
    away = Absence.objects.get()
    assert away.state == "running" and "病假" in client.get(reverse("managers:absences")).content.decode()
    assert "休假中" in client.get(reverse("managers:board")).content.decode()
    client.post(reverse("managers:absence-end", args=[away.pk]))
    assert Absence.objects.get().state == "over"
    assert client.post(reverse("managers:absence-end", args=[away.pk])).status_code == 404
    address = reverse("managers:capacity", args=[cast.manager.pk])
    assert client.post(address, {"most": "12", "note": "试用期"}, headers=HTMX).status_code == 204
    assert "12" in client.get(address, headers=HTMX).content.decode()


def test_the_panels_say_who_helps_and_what_service_the_customer_gets(cast: Cast, client: Client) -> None:
    party = build.person(unit=cast.pudong)
    Standing.objects.create(party=party, tier="gold", run_id=uuid7())
    services.automatic(actor=planning.frames.SYSTEM, now=NOW)
    manager = Party.objects.get(pk=party.pk).manager
    assert manager is not None
    signed_in(client, manager)
    text = client.get(reverse("managers:panel", args=[party.ref]), headers=HTMX).content.decode()
    assert manager.display_name in text and "就近机构浦东支公司中负荷最低" in text
    other = cast.colleague if manager == cast.manager else cast.manager
    address = reverse("managers:assistant", args=[party.ref])
    assert client.post(address, {"line": "life", "user": str(other.pk)}, headers=HTMX).status_code == 204
    helper = Assistant.objects.get()
    assert other.display_name in client.get(reverse("managers:panel", args=[party.ref])).content.decode()
    assert client.post(reverse("managers:assistant-end", args=[party.ref, helper.pk]), headers=HTMX).status_code == 204
    text = client.get(reverse("managers:panel-package", args=[party.ref]), headers=HTMX).content.decode()
    assert "道路救援" in text and "年度体检" not in text
    given = {"item": "roadside", "given_on": clock.today().isoformat()}
    assert client.post(reverse("managers:give", args=[party.ref]), given, headers=HTMX).status_code == 204
    row = Given.objects.get()
    assert (
        row.cost_fen == 18_000
        and "1 / 2" in client.get(reverse("managers:panel-package", args=[party.ref])).content.decode()
    )
    assert client.post(reverse("managers:take-back", args=[row.pk]), headers=HTMX).status_code == 204
    assert not Given.objects.exists()
    text = client.get(reverse("managers:packages"), {"tier": "gold"}).content.decode()
    assert "道路救援" in text and "年度体检" not in text


@pytest.mark.parametrize("name", ["board", "pool", "runs", "absences", "packages"])
def test_no_page_asks_more_for_more_rows(name: str, cast: Cast, client: Client) -> None:
    signed_in(client, cast.head_office)
    # Warm what is made once per process.
    client.get(reverse(f"managers:{name}"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(f"managers:{name}") + "?by=manager").status_code == 200
        return len(captured)

    def fill() -> None:
        user = build.user(role="customer_manager", unit=cast.pudong)  # type: ignore[arg-type]
        build.person(manager=user, unit=cast.pudong)
        build.person(unit=cast.nanjing)
        pool.reconcile(now=NOW)
        Run.objects.create(kind=RunKind.CLAIM, state="done", scheme_version=0, asked_at=NOW, asked_by=user)
        Absence.objects.create(
            user=user, deputy=cast.manager, cause="sick", first=NOW, last=NOW, state="over", made_at=NOW
        )

    fill()
    before = queries()
    for _ in range(4):
        fill()
    assert queries() == before
    assert tasks.plan.name == "managers.plan"
