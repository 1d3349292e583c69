"""Pages and the API of complaints."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import User
from anxin.kernel import clock
from anxin.service.complaints import services
from anxin.service.complaints.models import Complaint, Evidence, Talk
from tests import build
from tests.build import Cast, complaints
from tests.build.complaints import Desk


@pytest.fixture
def who(cast: Cast) -> Desk:
    return complaints.desk(cast)


def page(client: Client, user: User, address: str, **query: Any) -> str:
    client.force_login(user)
    answer = client.get(f"/complaints/{address}", query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_every_page_opens_and_says_what_it_is(client: Client, who: Desk, cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.shanghai)
    now = clock.now() - timedelta(days=2)
    row = complaints.taken_to(who, complaints.registered(who, now=now, party_ref=customer.ref), "archive", now=now)
    above = build.actor(who.above)
    services.open_rectification(
        actor=build.actor(who.reviewer), now=now, title="补件通知降级", root_cause="无降级", measures="增加短信",
        refs=[row.ref], due_date=clock.today() + timedelta(days=3),
    )  # fmt: skip
    services.enter_regulation(
        actor=above, now=now, kind="management", title="客户投诉管理规定", text="第一条", valid_from=clock.today()
    )
    told = page(client, who.reviewer, f"{row.ref}/")
    for word in ("住院医疗险赔付延迟", "138****6721", "上海分公司", "已归档", "理赔部", "短信回执 8821", "工作日历"):
        assert word in told, word
    for address, word in (
        ("", "投诉"), ("new/", "投诉请求"), ("supervisions/", "督办"), ("statistics/", "办结投诉"),
        ("statistics/?by=cause", "理赔（给付）纠纷"), ("bulletin/", "总体情况"), ("iceberg/", "沉默"),
        ("rectifications/", "补件通知降级"), ("responsibilities/", "理赔部"), ("regulations/", "客户投诉管理规定"),
        ("disclosure/", "信息披露"), (f"of/{customer.ref}/", row.ref), ("?show=done", row.ref),
    ):  # fmt: skip
        assert word in page(client, who.above, address), address
    assert client.get(f"/complaints/go/{row.pk}/").headers["Location"] == f"/complaints/{row.ref}/"
    for kind in ("report", "notice"):
        assert client.get(f"/complaints/{row.ref}/paper/{kind}/").content.startswith(b"%PDF")


def test_the_page_of_a_complaint_is_cheap_and_fetches_the_forms_of_side_moves(client: Client, who: Desk) -> None:
    row = complaints.taken_to(who, complaints.registered(who, now=clock.now()), "dispatch", now=clock.now())
    page(client, who.handler, f"{row.ref}/")
    with CaptureQueriesContext(connection) as asked:
        told = client.get(f"/complaints/{row.ref}/").content.decode()
    assert len(asked) <= 22, [one["sql"][:80] for one in asked]
    at = f"/complaints/{row.ref}/move/appraise/"
    assert f'hx-get="{at}"' in told and told.count('action="/complaints/') <= 3
    dialog = client.get(at, headers={"HX-Request": "true"}).content.decode()
    assert dialog.startswith("<dialog") and 'name="told_how"' in dialog
    assert "<dialog" not in page(client, who.handler, f"{row.ref}/move/appraise/").split("<main")[1].split("</main")[0]
    assert client.get(f"/complaints/{row.ref}/move/archive/").status_code == 404
    wrong = client.post(f"/complaints/{row.ref}/act/", {"do": "appraise", "version": row.version, "why": "鉴定"})
    assert wrong.status_code == 422 and 'id="do-appraise"' in wrong.content.decode()


def test_a_complaint_is_registered_and_moved_by_its_forms(client: Client, who: Desk) -> None:
    client.force_login(who.seat)
    form = {
        "complainant": "王小明", "contact": "13800006721", "capacity": "self", "channel": "hotline", "cause": "claim",
        "received_at": "2026-01-05 10:00", "request": "尽快赔付", "people_count": "1", "representatives": "1",
        "request_amount": "23648.50",
    }  # fmt: skip
    answer = client.post("/complaints/new/", form)
    row = Complaint.objects.get()
    assert answer.status_code == 302 and row.request_fen == 2_364_850
    assert client.post("/complaints/new/", {**form, "request": ""}).status_code == 422
    client.force_login(who.reviewer)
    told = {"do": "review", "version": "1", "severity": "difficult", "cause": "claim"}
    assert client.post(f"/complaints/{row.ref}/act/", told).status_code == 302
    assert client.post(f"/complaints/{row.ref}/act/", told).status_code in (409, 422)
    row.refresh_from_db()
    assert (row.state, row.severity, row.version) == ("accepted", "difficult", 2)
    # The review post also sends it on; whoever may not touch it gets a refusal.
    client.force_login(who.handler)
    assert (
        client.post(f"/complaints/{row.ref}/talk/", {"kind": "talk", "summary": "已说明", "way": "phone"}).status_code
        == 302
    )
    assert (
        client.post(f"/complaints/{row.ref}/evidence/", {"kind": "recording", "reference": "REC-1"}).status_code == 302
    )
    assert Talk.objects.count() == 1 and Evidence.objects.get().reference == "REC-1"
    other = {"do": "archive", "version": "2", "why": "x"}
    assert client.post(f"/complaints/{row.ref}/act/", other).status_code in (403, 404, 409)


def test_a_template_fills_a_step_but_not_over_what_was_typed(client: Client, who: Desk) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "dispatch")
    address = f"{row.ref}/"
    assert "时效类：五问法" in (text := page(client, who.handler, address)) and "该环节为何停留" not in text
    assert "自动升级" in text and "1 / 1" in text
    assert "该环节为何停留" in page(client, who.handler, address, template="delay")
    client.post(f"/complaints/drafts/{row.ref}.feed_back/", {"findings": "已查", "root_cause": ""})
    text = page(client, who.handler, address, template="delay")
    assert "已查</textarea>" in text and "该环节为何停留" in text and "在该环节停留" not in text
    assert "该环节为何停留" not in page(client, who.handler, address, template="valid")


def test_pages_of_another_branch_do_not_exist(client: Client, who: Desk, cast: Cast) -> None:
    row = complaints.registered(who)
    client.force_login(cast.outsider)
    for address in ("", "act/", "talk/", "evidence/", "penalty/", "paper/report/", "evidence/x/"):
        method = client.get if address in ("", "paper/report/", "evidence/x/") else client.post
        assert method(f"/complaints/{row.ref}/{address}").status_code in (403, 404), address
    assert row.ref not in page(client, cast.outsider, "")


def test_the_board_asks_the_same_number_of_queries_for_one_and_for_many(client: Client, who: Desk) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, who.reviewer, "")
        return len(queries)

    complaints.registered(who)
    page(client, who.reviewer, "")
    one = asked()
    for _number in range(6):
        complaints.registered(who)
    assert asked() == one and one <= 24


def test_the_api_registers_lists_and_reports(client: Client, who: Desk) -> None:
    _token, secret = accounts.create_token(
        actor=build.actor(who.above), now=clock.now(), user_id=who.above.pk, name="x",
        codes=["complaints.view", "complaints.register", "complaints.report"], lifetime=timedelta(days=1),
    )  # fmt: skip
    told: dict[str, Any] = {"headers": {"authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    new = {"channel": "hotline", "complainant": "王小明", "request": "退还保费", "cause": "surrender"}
    made = client.post("/api/v1/complaints", new, **told)
    assert made.status_code == 201 and made.json()["state"] == "registered"
    ref = made.json()["ref"]
    assert [one["ref"] for one in client.get("/api/v1/complaints", **told).json()["items"]] == [ref]
    assert client.get(f"/api/v1/complaints/{ref}", **told).json()["request"] == "退还保费"
    assert client.get("/api/v1/complaints/TS1", **told).status_code == 404
    assert client.post("/api/v1/complaints", {**new, "cause": "nonsense"}, **told).status_code == 422
    complaints.taken_to(who, complaints.registered(who), "archive")
    lines = client.get("/api/v1/reports/complaints?by=cause", **told).json()
    assert [(one["key"], one["closed"], one["confirmed"]) for one in lines] == [("claim", 1, 1)]
    assert client.get("/api/v1/reports/complaints?by=nonsense", **told).status_code == 422
