"""The trail cannot be changed, and when somebody does it all the same, the chain tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from anxin.foundation.audit import queries, services
from anxin.foundation.audit.data import EntryFilter
from anxin.foundation.audit.models import Entry, Seal
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from tests import build
from tests.build import NOW, Cast

pytestmark = pytest.mark.django_db


def record(cast: Cast, count: int = 5, **more: object) -> None:
    for number in range(count):
        services.record(
            actor=build.actor(cast.manager), now=NOW + timedelta(seconds=number), action="test.look",
            object_kind="customer", object_ref=f"C{number}", **more,
        )  # fmt: skip


def seal() -> None:
    services.seal(now=NOW + timedelta(minutes=10))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_entry SET actor_name = 'nobody'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_seal SET entry_count = 0",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ],
)
def test_the_trail_refuses_every_change(attack: str, cast: Cast) -> None:
    record(cast)
    seal()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert Entry.objects.filter(action="test.look").count() == 5


def tamper(statement: str) -> None:
    """What a superuser of the database can do: switch the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_many_entries_at_once_are_what_one_by_one_would_write(cast: Cast) -> None:
    actor = replace(build.actor(cast.manager), address="192.0.2.7", request_ref="r1")
    said: dict[str, Any] = {"actor": actor, "now": NOW, "action": "test.look", "object_kind": "customer"}
    key, told = uuid7(), {"字段": ["a\tb\\n", None], "n": 1}
    services.record(**said, object_id=key, object_ref="C1", reason='多\n"行', detail=told)
    services.record_many(**said, objects=[(key, "C1")], reason='多\n"行', detail=told)
    services.record_many(**said, objects=[(key, "C1")], reasons=['多\n"行'], details=[told])
    nobody = {**said, "actor": Actor.system("x")}
    services.record(**nobody, object_id=key, object_ref="C2")
    services.record_many(**nobody, objects=[(key, "C2")])
    first, many, each, system, systems = Entry.objects.filter(action="test.look").order_by("id").values()
    for one in (first, many, each, system, systems):
        del one["id"]
    assert first == many == each and system == systems
    seal()
    assert services.verify() == ""


def test_an_untouched_chain_is_sound(cast: Cast) -> None:
    assert services.verify() == ""
    for _ in range(3):
        record(cast)
        seal()
    assert services.verify() == ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_name = 'nobody' WHERE object_ref = 'C2'",
        "UPDATE audit_entry SET at = at + interval '1 second' WHERE object_ref = 'C2'",
        "UPDATE audit_entry SET detail = '{\"a\": 1}' WHERE object_ref = 'C2'",
        "DELETE FROM audit_entry WHERE object_ref = 'C2'",
        "UPDATE audit_entry SET id = id + 100000 WHERE object_ref = 'C4'",
        "DELETE FROM audit_seal WHERE sequence = 1",
        "UPDATE audit_seal SET entry_count = entry_count - 1 WHERE sequence = 1",
        "UPDATE audit_seal SET digest = '\\x00' WHERE sequence = 1",
        "UPDATE audit_seal SET gaps = '[1]' WHERE sequence = 1",
    ],
)
def test_tampering_past_the_trigger_is_found(statement: str, cast: Cast) -> None:
    record(cast)
    seal()
    record(cast, count=1)
    seal()
    tamper(statement)
    assert services.verify()


def test_a_chain_without_the_key_cannot_be_rewritten(cast: Cast) -> None:
    record(cast)
    seal()
    tamper("UPDATE audit_entry SET reason = 'x' WHERE object_ref = 'C2'")
    row = Seal.objects.get()
    entries = Entry.objects.filter(id__gte=row.first_entry, id__lte=row.last_entry).exclude(id__in=row.gaps)
    forged = services.digest_of(entries.order_by("id"), b"[1, [], []]").hex()
    tamper(f"UPDATE audit_seal SET digest = '\\x{forged}'")
    assert services.verify()


def test_an_entry_of_a_long_transaction_is_sealed_late(cast: Cast) -> None:
    record(cast, count=2)
    newest = Entry.objects.latest("id").id
    services.record(actor=build.actor(cast.manager), now=NOW, action="test.look", object_ref="after")
    # As if the transaction that took the number in between were still open while the rest is sealed.
    tamper(f"UPDATE audit_entry SET id = id + 1 WHERE id = {newest + 1}")
    seal()
    Entry.objects.create(
        id=newest + 1, at=NOW, actor_name="slow", action="test.look", channel="worker", object_ref="slow"
    )
    assert services.verify() == ""
    seal()
    assert Seal.objects.latest("sequence").late == [newest + 1]
    assert services.verify() == ""
    tamper("UPDATE audit_entry SET reason = 'x' WHERE object_ref = 'slow'")
    assert services.verify()


def test_young_entries_wait(cast: Cast) -> None:
    record(cast)
    assert services.seal(now=NOW + timedelta(seconds=61)) == 1
    assert Seal.objects.get().entry_count == Entry.objects.filter(at__lt=NOW + timedelta(seconds=1)).count()


def test_the_viewer_filters_and_pages(client: Client, cast: Cast) -> None:
    record(cast, count=60)
    client.force_login(cast.auditor)
    first = client.get("/audit/", {"action": "test.look", "who": "顾"})
    assert len(first.context["rows"]) == 50
    second = client.get("/audit/", {"action": "test.look", "who": "顾", "cursor": first.context["page"].next_cursor})
    assert len(second.context["rows"]) == 10
    assert client.get("/audit/", {"action": "test.look", "first": "2026-11-24"}).context["rows"] == []
    assert len(client.get("/audit/", {"thing": "C3"}).context["rows"]) == 1
    assert client.get("/audit/", {"first": "nonsense", "cursor": "x"}).status_code == 200


def test_an_export_leaves_a_trace_and_disarms_formulas(client: Client, cast: Cast) -> None:
    record(cast, reason="=HYPERLINK(1)")
    client.force_login(cast.auditor)
    answer = client.post("/audit/export/", {"action": "test.look"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    assert len(text.splitlines()) == 6
    assert ",=HYPERLINK" not in text
    assert Entry.objects.filter(action="audit.export", actor_id=cast.auditor.id).count() == 1


def test_who_may_look_may_not_yet_export(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    assert client.get("/audit/").status_code == 200
    assert client.post("/audit/export/").status_code == 403


def test_the_page_tells_whether_the_chain_is_sound(client: Client, cast: Cast) -> None:
    record(cast)
    seal()
    client.force_login(cast.auditor)
    assert "chain is sound" in _said(client, "en")
    tamper("DELETE FROM audit_entry WHERE object_ref = 'C1'")
    assert "chain is broken" in _said(client, "en")


def _said(client: Client, language: str) -> str:
    client.cookies["django_language"] = language
    return client.post("/audit/verify/", follow=True).content.decode()


def test_the_list_costs_the_same_however_long_the_trail(
    client: Client, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    record(cast, count=120)
    client.force_login(cast.auditor)
    client.get("/audit/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get("/audit/")


def test_known_actions_are_each_named_once(cast: Cast) -> None:
    record(cast)
    services.record(actor=build.actor(cast.manager), now=NOW, action="a.b")
    assert queries.known_actions() == ["a.b", "test.look"]


def test_a_narrow_reach_shows_ones_own_deeds(cast: Cast) -> None:
    from anxin.foundation.accounts.models import Grant

    record(cast)
    Grant.objects.create(role_id="team_lead", permission="audit.view", scope="own")
    assert not queries.list_entries(build.actor(cast.team_lead), EntryFilter()).exists()


def test_the_trail_speaks_words_and_finds_by_kind(cast: Cast, client: Client) -> None:
    services.record(
        actor=build.actor(cast.manager), now=NOW, action="customers.edit", object_kind="party", object_id="1",
        object_ref="C7K2-9QF4", detail={"fields": ["employer"], "is_sound": True},
    )  # fmt: skip
    services.record(actor=build.actor(cast.manager), now=NOW, action="documents.download", object_kind="document")
    client.force_login(cast.auditor)
    told = client.get("/audit/", {"kind": "party"}).content.decode()
    assert "修改客户资料" in told and "字段：employer · 完整：是" in told
    assert told.count("<tr") == 2 and "下载文件" not in told.split("<tbody>")[1]
    assert "C7K2-9QF4" in client.get("/audit/", {"thing": "c7k2-9qf4", "action": "customers"}).content.decode()
    client.cookies["django_language"] = "en"
    assert "Changed a customer" in client.get("/audit/").content.decode()
    exported = b"".join(client.post("/audit/export/", {}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Changed a customer,customers.edit,Customer,C7K2-9QF4" in exported


def test_the_state_of_the_chain_is_shown(cast: Cast, client: Client) -> None:
    record(cast)
    client.force_login(cast.auditor)
    assert "尚未校验" in client.get("/audit/").content.decode()
    client.post("/audit/verify/")
    assert "上次校验" in client.get("/audit/").content.decode()
