"""Managers over the API: loads, runs, who manages a customer, packages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from click.testing import CliRunner
from django.test import Client

from anxin.config.commands import managers as commands
from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import User
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.service.managers import services
from anxin.service.managers.models import Run
from tests import build
from tests.build import Cast


def caller(client: Client, user: User) -> dict[str, str]:
    actor = build.actor(user)
    _token, secret = accounts.create_token(
        actor=actor, now=clock.now(), user_id=user.id, name="x", codes=sorted(actor.grants), lifetime=timedelta(days=1)
    )
    return {"authorization": f"Bearer {secret}"}


def test_a_program_reads_loads_runs_and_packages(cast: Cast, client: Client) -> None:
    party = build.person(unit=cast.pudong)
    services.automatic(actor=Actor.system("nightly"), now=clock.now())
    headers = caller(client, cast.head_office)
    loads: list[dict[str, Any]] = client.get("/api/v1/managers", headers=headers).json()
    assert sorted(one["customers"] for one in loads) == [0, 0, 1] and loads[0]["load_bp"] == 12
    (run,) = client.get("/api/v1/managers/runs", headers=headers).json()
    assert (run["kind"], run["summary"]["assigned"]) == ("allocate", 1)
    found = client.get(f"/api/v1/managers/runs/{run['id']}", headers=headers).json()
    assert found["decisions"][0]["ref"] == party.ref and found["next"] is None
    said = client.get(f"/api/v1/customers/{party.ref}/manager", headers=headers).json()
    assert said["manager"] == loads[0]["name"] and said["because"].startswith("就近机构")
    items = client.get(f"/api/v1/customers/{party.ref}/packages", headers=headers).json()
    assert {"birthday", "renewal_call"} <= {one["code"] for one in items["items"]} and items["spent_fen"] == 0
    assert client.get(f"/api/v1/managers/runs/{party.pk}", headers=headers).status_code == 404


def test_a_program_records_service_given(cast: Cast, client: Client) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong)
    headers = caller(client, cast.manager)
    address = f"/api/v1/customers/{party.ref}/packages"
    body = {"item": "roadside", "given_on": clock.today().isoformat()}
    made = client.post(f"{address}/given", body, content_type="application/json", headers=headers)
    assert made.status_code == 201 and client.get(address, headers=headers).json()["spent_fen"] == 18_000
    refused = client.post(f"{address}/given", {**body, "item": "x"}, content_type="application/json", headers=headers)
    assert refused.status_code == 422
    assert client.get("/api/v1/managers/runs", headers=headers).status_code == 403


def test_the_command_counts_before_it_allocates_and_explains(cast: Cast, monkeypatch: Any) -> None:
    import contextlib

    monkeypatch.setattr(commands, "ready", contextlib.nullcontext)
    party = build.person(unit=cast.pudong)
    said = CliRunner().invoke(commands.managers, ["allocate", "--dry-run"]).output
    assert said == "1 customers would get a manager, 0 did not.\n" and not Run.objects.exists()
    assert CliRunner().invoke(commands.managers, ["allocate", "--json"]).output.startswith('{"assigned": 1')
    assert "Nearest unit" in CliRunner().invoke(commands.managers, ["explain", party.ref]).output
    assert CliRunner().invoke(commands.managers, ["explain", "nobody"]).exit_code == 1
