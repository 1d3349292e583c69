"""Overriding what was found out about a file, files too wide for the page, and workbooks that are parsed once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anxin.book.customers.models import Party
from anxin.foundation.documents.models import Document
from anxin.foundation.intake import forms, services
from anxin.foundation.intake.models import Batch
from anxin.foundation.intake.services.reading import workbook as workbooks
from tests.build import Cast
from tests.foundation.intake.test_pipeline import clock
from tests.foundation.intake.test_reading import workbook


def upload(client: Client, name: str, data: bytes) -> Batch:
    answer = client.post("/imports/new/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()[-2_000:]
    return Batch.objects.get()


def reread(client: Client, batch: Batch, **said: str) -> Any:
    data = {"do": "reread", "draft": json.dumps(batch.profile_content), **said}
    return client.post(f"/imports/{batch.ref}/mapping/", data, headers={"HX-Request": "true"})


def test_separator_and_header_can_be_said_and_the_columns_follow(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    text = "客户清单|2026\n客户号|姓名;别名\nC1|王小明;小明\n"
    batch = upload(client, "x.csv", text.encode())
    page = reread(client, batch, read_delimiter="|", read_header_line="2").content.decode()
    assert "姓名;别名" in page
    batch.refresh_from_db()
    assert batch.file_format["headers"] == ["客户号", "姓名;别名"]
    assert batch.profile_content["file"] == {"delimiter": "|", "header_line": 2}


def test_what_cannot_be_read_so_is_said_and_nothing_changes(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = upload(client, "x.csv", "客户号,姓名\nC1,王小明\n".encode("gb18030"))
    assert batch.file_format["encoding"] == "gb18030"
    page = reread(client, batch, read_encoding="utf-8").content.decode()
    assert "编码" in page
    batch.refresh_from_db()
    assert batch.file_format["encoding"] == "gb18030" and "encoding" not in batch.profile_content.get("file", {})


def test_what_was_chosen_is_still_there_when_the_page_is_opened_anew(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = upload(client, "x.csv", "客户号,姓名,性别\nC1,王小明,男\n".encode())
    where = f"/imports/{batch.ref}/mapping/"
    said = {"do": "apply", "name": "my-own-name", "draft": json.dumps(batch.profile_content)}
    client.post(where, said, headers={"HX-Request": "true"})
    assert 'value="my-own-name"' in client.get(f"/imports/{batch.ref}/").content.decode()

    batch.refresh_from_db()
    assert batch.profile_content["name"] != "my-own-name", "nothing counts before it was tried"
    client.post(where, {"do": "check", "draft": json.dumps(batch.draft)})
    services.work_on(batch.id, clock=clock)
    batch.refresh_from_db()
    assert (batch.state, batch.profile_content["name"], batch.draft) == ("checked", "my-own-name", {})

    # What was checked is what is imported: a draft of later takes the button away, also from a page opened anew.
    start = f'action="/imports/{batch.ref}/start/"'
    assert start in client.get(f"/imports/{batch.ref}/").content.decode()
    client.post(where, said | {"name": "another"}, headers={"HX-Request": "true"})
    assert start not in client.get(f"/imports/{batch.ref}/").content.decode()
    client.post(where, said | {"draft": json.dumps(batch.profile_content)}, headers={"HX-Request": "true"})
    assert start in client.get(f"/imports/{batch.ref}/").content.decode()


@pytest.mark.parametrize("most", [40, pytest.param(forms.MOST_CELLS, marks=pytest.mark.slow)])
def test_a_file_too_wide_for_the_page_says_so_instead_of_failing(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(forms, "MOST_CELLS", most)
    client.force_login(cast.steward)
    header = ",".join(["客户号", "姓名", *(f"列{n}" for n in range(most - 1))])
    batch = upload(client, "x.csv", f"{header}\n{','.join(['1'] * (most + 1))}\n".encode())
    page = client.get(f"/imports/{batch.ref}/").content.decode()
    assert f"{most + 1:,}" in page and 'name="t-0-3"' not in page
    answer = client.post(f"/imports/{batch.ref}/mapping/", {"do": "apply", "draft": json.dumps(batch.profile_content)})
    assert answer.status_code == 200


def test_a_workbook_is_parsed_when_it_comes_in_and_not_again(
    cast: Cast, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.steward)
    path = workbook(tmp_path / "x.xlsx", [["客户号", "姓名"], ["C1", "王小明"], ["C2", "李雷"]])
    parsed: list[str] = []
    parse = workbooks.as_csv
    monkeypatch.setattr(workbooks, "as_csv", lambda *given: parsed.append("once") or parse(*given))
    batch = upload(client, "x.xlsx", path.read_bytes())
    assert parsed
    parsed.clear()
    client.get(f"/imports/{batch.ref}/")
    client.post(f"/imports/{batch.ref}/mapping/", {"do": "check", "draft": json.dumps(batch.profile_content)})
    services.work_on(batch.id, clock=clock)
    client.post(f"/imports/{batch.ref}/start/", {"on_error": "skip"})
    services.work_on(batch.id, clock=clock)
    assert Party.objects.count() == 2 and parsed == []
    kept = Document.objects.get(pk=Batch.objects.get().rows_document_id)
    assert kept.expires_at is not None and kept.purpose == "import-source"


def test_discarding_a_workbook_discards_its_rows(cast: Cast, client: Client, tmp_path: Path) -> None:
    client.force_login(cast.steward)
    path = workbook(tmp_path / "x.xlsx", [["客户号", "姓名"], ["C1", "王小明"]])
    batch = upload(client, "x.xlsx", path.read_bytes())
    client.post(f"/imports/{batch.ref}/cancel/")
    assert not Document.objects.filter(removed_at__isnull=True).exists()


def test_a_title_above_the_names_is_told_and_read_over(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = upload(client, "x.csv", "客户清单\n导出时间：2026-11-01\n客户号,姓名\nK1,王小明\n".encode())
    page = client.get(f"/imports/{batch.ref}/").content.decode()
    assert "没有识别出任何列名" in page and '<details class="cb reading" open>' in page
    page = reread(client, batch, read_header_line="3").content.decode()
    assert "没有识别出任何列名" not in page and "已映射 2 列" in page
