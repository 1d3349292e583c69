"""The pages of imports: who may see them, what they cost, what they refuse, and that masks hold."""

from __future__ import annotations

import html
import io
import json
import re
from csv import reader
from datetime import timedelta
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from anxin.foundation.audit.models import Entry
from anxin.foundation.intake import forms, services
from anxin.foundation.intake.models import Batch, BatchCount
from anxin.foundation.intake.services import keeping
from anxin.kernel import clock
from tests import build
from tests.build import NOW, Cast

ROWS = (
    "客户号,姓名,性别,出生日期,证件号码,手机,备注2\n"
    "K1,王小明,男,1984-02-03,,13800138000,\n"
    "K2,李雷,女,1990-13-40,,13900139000,x\n"
)
CONTENT: dict[str, Any] = {
    "name": "crm",
    "source": "old-crm",
    "entity": [{"kind": "customer", "columns": {"source_key": "客户号", "name": "姓名", "mobile": "手机"}}],
}


def upload(client: Client, content: str | bytes = ROWS, name: str = "客户.csv", profile: str = "") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/imports/new/", {"file": SimpleUploadedFile(name, data), "profile": profile})


def draft_in(answer: Any) -> dict[str, Any]:
    found = re.search(r'name="draft" value="([^"]*)"', answer.content.decode())
    assert found is not None
    made: dict[str, Any] = json.loads(html.unescape(found[1]))
    return made


def batch_of(client: Client) -> Batch:
    assert upload(client).status_code == 302
    return Batch.objects.get()


def send_mapping(client: Client, batch: Batch, content: dict[str, Any], do: str, **more: str | list[str]) -> Any:
    return client.post(
        f"/imports/{batch.ref}/mapping/",
        {"draft": json.dumps(content), "do": do, **more},
        headers={"HX-Request": "true"},
    )


def many(count: int) -> list[Batch]:
    made = Batch.objects.bulk_create(
        [
            Batch(
                ref=f"IMP-20261101-{number:04d}",
                source="life-core" if number % 2 else "motor-core",
                profile_name="p",
                profile_content=CONTENT,
                file_name=f"f{number}.csv",
                file_sha256=bytes(32),
                file_size=1_000,
                state="done",
                owner=build.user(name=f"员工{number}"),
                created_at=NOW - timedelta(minutes=number),
            )
            for number in range(count)
        ]
    )
    BatchCount.objects.bulk_create([BatchCount(batch=one, kind="customer", rows_read=1, created=1) for one in made])
    return made


def test_the_list_costs_the_same_for_one_and_for_forty(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.steward)
    many(1)
    client.get("/imports/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get("/imports/")
    Batch.objects.all().delete()
    many(40)
    with django_assert_num_queries(len(few)):
        answer = client.get("/imports/")
    assert answer.content.decode().count("data-open") == 40


def test_the_list_goes_on_behind_its_page_and_keeps_its_filters(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    many(60)
    first = client.get("/imports/")
    assert first.content.decode().count("data-open") == 50
    second = client.get("/imports/", {"cursor": first.context["page"].next_cursor})
    assert second.content.decode().count("data-open") == 10
    some = client.get("/imports/", {"source": "life-core", "state": "done"})
    assert some.content.decode().count("data-open") == 30
    assert client.get("/imports/", {"cursor": "forged"}).content.decode().count("data-open") == 50
    assert client.get("/imports/", {"q": "F59.CSV"}).content.decode().count("data-open") == 1
    assert client.get("/imports/", {"q": "-0007"}).content.decode().count("data-open") == 1
    assert client.get("/imports/", {"q": "100%"}).content.decode().count("data-open") == 0


def test_without_the_permission_there_is_nothing(cast: Cast, client: Client) -> None:
    batch = many(1)[0]
    client.force_login(cast.manager)
    paths = ("", "new/", "profiles/", f"{batch.ref}/", f"{batch.ref}/progress/", "templates/customer/csv/")
    assert {client.get(f"/imports/{path}").status_code for path in paths} == {403}
    posts = ("start", "cancel", "undo", "errors", "mapping")
    assert {client.post(f"/imports/{batch.ref}/{path}/").status_code for path in posts} == {403}


def test_who_only_sees_imports_changes_none(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    client.force_login(cast.auditor)
    page = client.get(f"/imports/{batch.ref}/")
    assert page.status_code == 200
    assert "王" not in page.content.decode()
    assert client.get("/imports/new/").status_code == 403
    assert client.post(f"/imports/{batch.ref}/cancel/").status_code == 403
    batch.refresh_from_db()
    assert batch.state == "uploaded"


def test_a_batch_that_does_not_exist_is_not_found(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    assert client.get("/imports/IMP-1/").status_code == 404
    assert client.post("/imports/IMP-1/start/").status_code == 404
    assert client.get(f"/imports/profiles/{UUID(int=1)}/").status_code == 404
    assert client.get("/imports/templates/nothing/csv/").status_code == 404


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.steward)
    assert upload(client).status_code == 403
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("leer.csv", b"", "文件为空"),
        ("bild.png", b"\x89PNG....", "不接受此类文件"),
        ("bild.csv", b"\x89PNG\r\n\x1a\n" + bytes(50), "不支持此类文件"),
        ("seite.csv", b"<html><body>x</body></html>", "网页"),
        ("alt.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        ("kopf.csv", "客户号,姓名\n".encode(), "只有表头"),
        ("alt.xls", b"\xd0\xcf\x11\xe0", "另存为"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_plain_words(
    cast: Cast, client: Client, name: str, content: bytes, words: str
) -> None:
    client.force_login(cast.steward)
    answer = upload(client, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Batch.objects.exists()


def test_something_that_is_not_a_file_is_refused_in_plain_words(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    answer = client.post("/imports/new/", {"file": "客户.csv"})
    assert answer.status_code == 422
    assert "请选择文件" in answer.content.decode()


def test_a_file_above_the_limit_is_refused_in_plain_words(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "LARGEST_UPLOAD_MB", 0)
    client.force_login(cast.steward)
    answer = upload(client)
    assert answer.status_code == 422
    assert "文件超过 0 MB" in answer.content.decode()


def test_a_file_goes_through_check_and_run_and_undo(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    page = f"/imports/{batch.ref}/"
    content = draft_in(client.get(page))
    assert send_mapping(client, batch, content, "check", source="crm", name="crm").status_code == 302
    assert "import-progress" in client.get(page).content.decode()
    services.work_on(batch.id, clock=clock.now)
    over = client.get(page + "progress/")
    assert (over.status_code, over["HX-Refresh"]) == (204, "true")
    names = {"source": "crm", "name": "crm"}
    changed = send_mapping(client, batch, content, "", **names, **{"t-0-6": "hobbies"}).content.decode()
    assert "请重新试运行后再导入" in changed
    assert "导入 1 行" not in changed
    same = send_mapping(client, batch, content, "", **names).content.decode()
    assert "导入 1 行" in same
    checked = client.get(page).content.decode()
    assert "导入 1 行" in checked
    assert "日期不存在" in checked
    assert "1990-13-40" not in checked
    assert client.post(page + "start/", {"on_error": "skip"}).status_code == 302
    services.work_on(batch.id, clock=clock.now)
    assert "查看客户" in client.get(page).content.decode()
    client.post(page + "undo/", {"typed": "falsch"})
    batch.refresh_from_db()
    assert batch.state == "done"
    client.post(page + "undo/", {"typed": batch.ref})
    services.work_on(batch.id, clock=clock.now)
    batch.refresh_from_db()
    assert batch.state == "undone"


def test_what_is_past_is_a_conflict_and_changes_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = many(1)[0]
    assert client.post(f"/imports/{batch.ref}/start/", {"on_error": "skip"}).status_code == 409
    assert client.post(f"/imports/{batch.ref}/cancel/").status_code == 409
    batch.refresh_from_db()
    assert batch.state == "done"


def test_discarding_destroys_the_file(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    client.post(f"/imports/{batch.ref}/cancel/")
    batch.refresh_from_db()
    assert batch.state == "discarded"
    assert batch.document is not None
    assert batch.document.removed_at is not None


def test_problems_are_paged_and_masked_and_the_file_of_them_is_on_the_trail(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = many(1)[0]
    found = pl.DataFrame({"line": range(2, 122)}).select(
        pl.lit("customer").alias("kind"), "line", pl.lit("手机").alias("column"), pl.lit("x").alias("code"),
        pl.lit("13800138000").alias("value"), pl.lit(value=False).alias("is_warning"),
    )  # fmt: skip
    keeping.keep_problems(batch.id, 0, found, kept=0)
    page = client.get(f"/imports/{batch.ref}/")
    assert page.content.decode().count("138****8000") == 50
    part = client.get(
        f"/imports/{batch.ref}/", {"tab": "errors", "cursor": page.context["page"].next_cursor},
        headers={"HX-Request": "true", "HX-Target": "findings"},
    )  # fmt: skip
    text = part.content.decode()
    assert text.count("138****8000") == 50
    assert "<html" not in text
    assert "13800138000" not in text
    answer = client.post(f"/imports/{batch.ref}/errors/", follow=True)
    rows = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert rows.count("138****8000") == 120
    assert Entry.objects.filter(action="intake.error_file").count() == 1


@pytest.mark.parametrize(("language", "head"), [("zh-hans", "客户编号*"), ("en", "Customer number*")])
def test_a_template_speaks_the_language_of_the_page_and_is_recognised_when_it_comes_back(
    cast: Cast, client: Client, settings: Any, language: str, head: str
) -> None:
    client.force_login(cast.steward)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    csv = client.get("/imports/templates/customer/csv/")
    assert csv.content.decode("utf-8-sig").startswith(head)
    book = client.get("/imports/templates/customer/xlsx/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
    assert sheet.to_python()[0][0] == head
    text = csv.content.decode("utf-8-sig")
    (names,) = reader(io.StringIO(text))
    filled = text + "K1" + "," * (len(names) - 1) + "\n"
    assert upload(client, filled).status_code == 302
    batch = Batch.objects.get()
    columns = batch.profile_content["entity"][0]["columns"]
    assert len(columns) == len(names)


def test_imports_stand_among_the_jobs_of_whoever_began_them(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    assert batch.ref not in client.get("/jobs/").content.decode()  # not begun: a file to be mapped
    Batch.objects.update(state="running", rows_read=40, rows_total=100, started_at=NOW)
    shown = client.get("/jobs/").content.decode()
    assert batch.ref in shown and f"/imports/{batch.ref}/" in shown
    assert "40 / 100" in shown and "every 3s" in shown
    client.force_login(cast.administrator)
    assert batch.ref in client.get("/jobs/").content.decode()
    many(49)
    table = {"HX-Target": "jobs"}
    assert '"/imports/"' not in client.get("/jobs/", headers=table).content.decode()
    left_out = Batch.objects.create(
        ref="IMP-20261031-MORE", source="s", profile_name="p", profile_content={}, file_name="old.csv",
        file_sha256=bytes(32), file_size=1, state="done", created_at=NOW - timedelta(days=1),
    )  # fmt: skip
    crowded = client.get("/jobs/", headers=table).content.decode()
    assert left_out.ref not in crowded and '"/imports/"' in crowded, "fifty of them, and where the others are"
    client.force_login(cast.manager)
    assert batch.ref not in client.get("/jobs/").content.decode()
