"""Imports over the API: a feed sends a file once, however often it sends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import User
from anxin.foundation.intake import forms, services
from anxin.foundation.intake.models import Batch
from anxin.kernel import clock
from tests import build
from tests.build import Cast

CONTENT = {
    "name": "crm",
    "source": "old-crm",
    "entity": [{"kind": "customer", "columns": {"source_key": "客户号", "name": "姓名", "mobile": "手机"}}],
}
ROWS = "客户号,姓名,手机\nK1,王小明,13800138000\n,李雷,13900139000\n"


def token_of(user: User, *codes: str) -> dict[str, str]:
    _token, secret = accounts.create_token(
        actor=build.actor(user), now=clock.now(), user_id=user.id, name="feed", codes=codes, lifetime=timedelta(days=1)
    )
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def feed(cast: Cast) -> dict[str, str]:
    services.save_profile(actor=build.actor(cast.steward), now=clock.now(), content=CONTENT)
    return token_of(cast.steward, "intake.run", "intake.view")


def send(client: Client, headers: dict[str, str], rows: str = ROWS, profile: str = "crm", **more: str) -> Any:
    data = {"file": SimpleUploadedFile("k.csv", rows.encode()), "profile": profile, **more}
    return client.post("/api/v1/imports", data, headers=headers)


def test_a_file_is_taken_run_and_told_about(client: Client, feed: dict[str, str]) -> None:
    answer = send(client, feed)
    assert answer.status_code == 202
    accepted = answer.json()
    assert (accepted["state"], accepted["is_new"]) == ("running", True)
    services.work_on(Batch.objects.get().id, clock=clock.now)
    told = client.get(f"/api/v1/imports/{accepted['ref']}", headers=feed).json()
    assert told["state"] == "done"
    assert told["entities"]["customer"] == {
        "rows_read": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1, "warnings": 0, "absent": 0,
        "ended": 0, "kept": 0,
    }  # fmt: skip
    (problem,) = told["problems"]["items"]
    assert (problem["line"], problem["column"], problem["code"]) == (3, "客户号", "value_missing")
    listed = client.get("/api/v1/imports?state=done&source=old-crm", headers=feed).json()
    assert [one["ref"] for one in listed["items"]] == [accepted["ref"]]


def test_the_same_file_comes_in_once(client: Client, feed: dict[str, str]) -> None:
    first = send(client, feed).json()
    again = send(client, feed)
    assert again.status_code == 202
    assert again.json() == {"ref": first["ref"], "state": "running", "is_new": False}
    assert Batch.objects.count() == 1
    other = send(client, feed, ROWS.replace("K1", "K2")).json()
    assert other["is_new"]


def test_an_unknown_profile_and_a_path_are_refused(client: Client, feed: dict[str, str], tmp_path: Any) -> None:
    stolen = tmp_path / "p.toml"
    stolen.write_text(
        'name = "x"\nsource = "x"\n[[entity]]\nkind = "customer"\n[entity.columns]\nsource_key = "客户号"\n'
    )
    assert send(client, feed, profile="nothing").status_code == 422
    assert send(client, feed, profile=str(stolen)[-80:]).status_code == 422
    assert not Batch.objects.exists()


def test_a_file_that_does_not_fit_is_refused_at_once_with_the_reason(client: Client, feed: dict[str, str]) -> None:
    answer = send(client, feed, "客户号,Name\nK1,x\n")
    assert answer.status_code == 422
    assert "lacks columns" in answer.json()["detail"]
    assert send(client, feed, "").status_code == 422
    assert not Batch.objects.exclude(state="discarded").exists()


def test_a_file_above_the_limit_is_refused(
    client: Client, feed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "LARGEST_UPLOAD_MB", 0)
    assert send(client, feed).status_code == 413


def test_a_token_without_the_permission_gets_nothing(client: Client, cast: Cast, feed: dict[str, str]) -> None:
    ref = send(client, feed).json()["ref"]
    viewer = token_of(cast.steward, "intake.view")
    assert send(client, viewer).status_code == 403
    assert client.get(f"/api/v1/imports/{ref}", headers=viewer).status_code == 200
    manager = token_of(cast.manager, "intake.run", "intake.view")
    assert send(client, manager).status_code == 403
    assert client.get("/api/v1/imports", headers=manager).status_code == 403
    assert client.get(f"/api/v1/imports/{ref}", headers=manager).status_code == 403
    assert client.get("/api/v1/imports").status_code == 401
    assert client.get("/api/v1/imports/IMP-0", headers=feed).status_code == 404
    assert client.get("/api/v1/imports?cursor=x", headers=feed).status_code == 422
