"""The mapping page: what each column of a file means."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from anxin.foundation.intake.models import Batch, Profile
from anxin.foundation.intake.queries import as_toml
from tests.build import Cast
from tests.foundation.intake.test_pages import CONTENT, ROWS, batch_of, draft_in, send_mapping, upload


def test_columns_are_matched_by_their_names_and_samples_are_masked(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    answer = client.get(f"/imports/{batch.ref}/")
    entity = draft_in(answer)["entity"][0]
    assert entity["kind"] == "customer"
    assert entity["columns"] == {
        "source_key": "客户号", "name": "姓名", "sex": "性别", "birth_date": "出生日期", "id_number": "证件号码",
        "mobile": "手机",
    }  # fmt: skip
    text = answer.content.decode()
    assert "王*明" in text
    assert "138****8000" in text
    assert "王小明" not in text
    assert "13800138000" not in text


def test_a_column_that_is_not_mapped_shows_no_name_and_no_number(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    assert upload(client, "Feld1,Feld2,Feld3\n王小明,13800138000,310101199001011234\n").status_code == 302
    text = client.get(f"/imports/{Batch.objects.get().ref}/").content.decode()
    assert "王小明" not in text
    assert "13800138000" not in text
    assert "310101199001011234" not in text


def test_a_required_field_without_a_column_is_named_and_stops_the_trial(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    content = draft_in(client.get(f"/imports/{batch.ref}/"))
    answer = send_mapping(client, batch, content, "", **{"t-0-0": ""})
    assert "客户编号" in answer.content.decode().split('id="why-not"')[1][:120]
    assert "source_key" not in draft_in(answer)["entity"][0]["columns"]
    refused = send_mapping(client, batch, content, "check", **{"t-0-0": ""})
    assert "必填字段未映射" in refused.content.decode()
    batch.refresh_from_db()
    assert batch.state == "uploaded"


def test_a_file_without_customer_numbers_is_told_apart_by_columns(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    assert upload(client, "姓名,证件号码,手机\n王小明,310101199001011234,13800138000\n").status_code == 302
    batch = Batch.objects.get()
    page = client.get(f"/imports/{batch.ref}/")
    proposed = re.findall(r'name="key-0:source_key" value="(\d+)" checked', page.content.decode())
    assert proposed == ["0", "1"], "name and document, not the mobile"
    answer = send_mapping(client, batch, draft_in(page), "key:0:source_key", **{"key-0:source_key": proposed})
    assert draft_in(answer)["entity"][0]["columns"]["source_key"] == {"key_of": ["姓名", "证件号码"]}
    text = answer.content.decode()
    assert "由 姓名 + 证件号码 生成" in text
    assert 'id="why-not"' not in text


def test_the_last_choice_of_a_field_wins(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    content = draft_in(client.get(f"/imports/{batch.ref}/"))
    columns = draft_in(send_mapping(client, batch, content, "", **{"t-0-6": "name"}))["entity"][0]["columns"]
    assert columns["name"] == "备注2"
    assert "姓名" not in columns.values()


def test_conversions_are_kept_with_the_column(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    content = draft_in(client.get(f"/imports/{batch.ref}/"))
    opened = send_mapping(client, batch, content, "open:0:sex")
    assert 'name="rule_map"' in opened.content.decode()
    applied = send_mapping(
        client, batch, content, "apply", rule_of="0:sex", rule_map="男 = male\n女=female\nunsinn", rule_nulls="N/A，-"
    )
    assert draft_in(applied)["entity"][0]["columns"]["sex"] == {
        "column": "性别", "map": {"男": "male", "女": "female"}, "null_values": ["N/A", "-"],
    }  # fmt: skip
    fixed = send_mapping(client, batch, content, "fixed:0", **{"fixed_field-0": "kind", "fixed_value-0": "person"})
    assert draft_in(fixed)["entity"][0]["columns"]["kind"] == {"default": "person"}
    assert "固定为“person”" in fixed.content.decode()


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"entity": 3}', '{"entity": [{"columns": []}]}', "[" * 100_000])
def test_a_broken_draft_falls_back_to_what_is_stored(cast: Cast, client: Client, broken: str) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    answer = client.post(
        f"/imports/{batch.ref}/mapping/", {"draft": broken, "do": "apply"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert draft_in(answer)["entity"] == batch.profile_content["entity"]


def test_a_saved_mapping_recognises_the_next_file(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    batch = batch_of(client)
    content = draft_in(client.get(f"/imports/{batch.ref}/"))
    send_mapping(client, batch, content, "save", name="旧系统 客户", source="old-crm")
    kept = Profile.objects.get()
    assert (kept.name, kept.source) == ("旧系统 客户", "old-crm")
    assert upload(client, ROWS.replace("K1", "K9")).status_code == 302
    assert Batch.objects.order_by("-created_at")[0].profile_name == "旧系统 客户"
    listed = client.get("/imports/profiles/").content.decode()
    assert "旧系统 客户" in listed
    text = client.get(f"/imports/profiles/{kept.id}/download/").content.decode()
    assert 'source_key = "客户号"' in text
    client.post(f"/imports/profiles/{kept.id}/deactivate/")
    kept.refresh_from_db()
    assert not kept.is_active


def test_a_profile_written_as_toml_reads_back_the_same() -> None:
    import tomllib

    content = {
        **CONTENT,
        "full_load": True,
        "file": {"pattern": "a*.csv", "header_line": 2, "null_values": ["\\N", '"']},
        "entity": [
            {
                "kind": "customer",
                "when": [{"column": "类型", "is": ["1", ""]}],
                "columns": {"sex": {"column": "性 别", "map": {"男": "male", "a=b": "x\ty"}}, "name": "姓名"},
            },
            {"kind": "policy", "options": {"a": "b"}, "columns": {"policy_no": "保单号"}},
        ],
    }
    assert tomllib.loads(as_toml(content)) == content


def test_a_column_of_codes_shows_its_values_where_they_are_mapped(cast: Cast, client: Client) -> None:
    client.force_login(cast.steward)
    upload(client, "客户号,姓名,性别（1男2女）\nK1,王小明,1\nK2,李雷,2\nK3,韩梅,1\n")
    batch = Batch.objects.get()
    draft = draft_in(client.get(f"/imports/{batch.ref}/"))
    shown = send_mapping(client, batch, draft, "open:0:sex").content.decode()
    assert "如何转换为“性别”" in shown and "文件前几行中的取值：1、2。" in shown and "male、female" in shown
