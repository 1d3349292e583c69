"""Contacts: what a quick note keeps, its files and appointments, the templates, the pack for a visit."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anxin.book.customers.data import Rejected
from anxin.kernel import clock
from anxin.service.desk import data, queries, services
from anxin.service.desk.models import Touchpoint, TouchpointFile
from anxin.service.desk.rules import notes
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import NOW, Cast

pytestmark = pytest.mark.django_db


def record(cast: Cast, ref: str, **more: Any) -> Any:
    told: dict[str, Any] = {"channel": "phone", "direction": "outbound", "topic": "回访", **more}
    return services.record_touchpoint(actor=build.actor(cast.manager), now=NOW, ref=ref, **told)


@pytest.fixture
def ref(cast: Cast) -> str:
    return build.person(name="王小明", manager=cast.manager, unit=cast.pudong).ref


def test_a_next_step_with_a_time_becomes_an_appointment_of_who_agreed_it(cast: Cast, ref: str) -> None:
    key = record(cast, ref, next_step="上门收取变更申请", next_at=NOW + timedelta(days=2), stage="after")
    item = WorkItem.objects.get(kind="appointment")
    assert (item.owner_id, item.title, item.due_at) == (cast.manager.pk, "上门收取变更申请", NOW + timedelta(days=2))
    assert item.subject_id == key and Touchpoint.objects.get().stage == "after"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("next_at", NOW), ("next_at", NOW + timedelta(days=400)), ("stage", "never"), ("topic", " "), ("satisfaction", 6)],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(cast: Cast, ref: str, field: str, wrong: Any) -> None:
    with pytest.raises(Rejected) as refused:
        record(cast, ref, **{field: wrong})
    assert refused.value.field == field and not Touchpoint.objects.exists()


def test_files_are_kept_sealed_and_handed_out_within_reach_only(cast: Cast, ref: str) -> None:
    file = services.Upload(name="../信.html", content=io.BytesIO(b"<script>1</script>"), size=18)
    record(cast, ref, files=[file])
    kept = TouchpointFile.objects.get()
    row, parts = services.fetch_file(actor=build.actor(cast.manager), now=NOW, file_id=kept.pk)
    assert b"".join(parts) == b"<script>1</script>" and "/" not in row.name
    with pytest.raises(data.ContactNotFound):
        services.fetch_file(actor=build.actor(cast.outsider), now=NOW, file_id=kept.pk)
    with pytest.raises(Rejected):
        record(cast, ref, files=[file] * 6)


def test_the_panel_filters_by_channel_and_turns_pages_with_the_same_queries(
    cast: Cast, ref: str, client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.manager)
    record(cast, ref)
    client.get(f"/desk/of/{ref}/contacts/")
    with django_assert_max_num_queries(14) as first:
        client.get(f"/desk/of/{ref}/contacts/")
    for number in range(20):
        record(cast, ref, channel="wechat", topic=f"沟通{number:02d}")
    with django_assert_num_queries(len(first.captured_queries)):
        page = client.get(f"/desk/of/{ref}/contacts/").content.decode()
    assert "cursor=" in page and "沟通19" in page and "沟通02" not in page
    only = client.get(f"/desk/of/{ref}/contacts/?channel=phone", headers={"HX-Target": "contacts-had"}).content.decode()
    assert "回访" in only and "沟通19" not in only and 'id="contacts-had"' not in only


def test_the_note_offers_nine_templates_and_saves_what_one_filled_in(cast: Cast, ref: str, client: Client) -> None:
    client.force_login(cast.manager)
    dialog = client.get(f"/desk/of/{ref}/record/?channel=counter", headers={"HX-Request": "true"}).content.decode()
    assert 'data-digit="9"' in dialog and 'data-digit="10"' not in dialog and "续期提醒" in dialog
    assert '<option value="counter" selected>' in dialog
    when = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%d 09:30")
    note = {
        "topic": "续期提醒", "summary": "已提醒", "channel": "phone", "direction": "outbound", "stage": "during",
        "next_step": "下月再致电", "next_at": when, "files": SimpleUploadedFile("截图.png", b"\x89PNG\r\n\x1a\n0"),
    }  # fmt: skip
    assert client.post(f"/desk/of/{ref}/record/", note).status_code == 302
    assert WorkItem.objects.filter(kind="appointment").count() == 1
    kept = TouchpointFile.objects.get()
    assert client.get(f"/desk/contacts/files/{kept.pk}/").headers["Content-Disposition"].startswith("attachment")


def test_a_site_may_not_write_templates_of_channels_that_do_not_exist() -> None:
    rows: Any = notes.NOTE_DEFAULT["templates"]
    assert not notes.note_problems(notes.NOTE_DEFAULT)
    wrong = notes.note_problems({"templates": [{**rows[0], "channel": "pigeon"}]})
    assert [one.path for one in wrong] == ["templates.1.channel"]


def test_the_pack_for_a_visit_says_what_was_agreed(cast: Cast, ref: str, client: Client) -> None:
    record(cast, ref, next_step="带上新产品计划书")
    client.force_login(cast.manager)
    page = client.get(f"/desk/of/{ref}/visit/").content.decode()
    assert "带上新产品计划书" in page and "/renewals/" in page and "王小明" in page
    client.force_login(cast.outsider)
    assert client.get(f"/desk/of/{ref}/visit/").status_code == 404
    assert len(queries.touchpoints_of(build.actor(cast.manager), ref)) == 1
