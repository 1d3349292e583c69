"""The attention list: two agree, nobody else knows, whoever fits is found, systems may ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from anxin.book.customers import handlers
from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.book.customers.models import AttentionEntry, AttentionHit, AttentionKey, Party
from anxin.book.customers.queries import file as files
from anxin.book.customers.services import attention, attention_review, parties
from anxin.foundation.accounts import services as accounts
from anxin.foundation.approvals import queries as approvals_queries
from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import AlreadyAsked
from anxin.foundation.approvals.models import Request
from anxin.foundation.audit.models import Entry
from anxin.foundation.intake.events import BatchFinished
from anxin.foundation.notices.models import Notice
from anxin.kernel import clock
from anxin.kernel.actor import NotPermitted
from anxin.kernel.permissions import Role
from tests import build
from tests.build import NOW, TODAY, Cast, importing

pytestmark = pytest.mark.django_db
ID_NUMBER = "310115198803071232"
MOBILE = "13812345678"


def approve(cast: Cast) -> None:
    waiting = Request.objects.get(state="pending")
    approvals.approve(actor=build.actor(cast.head_office), now=NOW, request_id=waiting.pk, version=waiting.version)


def listed(cast: Cast, **more: Any) -> AttentionEntry:
    key = attention.propose(
        **{"actor": build.actor(cast.branch_manager), "now": NOW, "kind": "fraud", "reason": "三次可疑报案", **more}
    )
    approve(cast)
    return AttentionEntry.objects.get(pk=key)


@pytest.fixture
def customer(cast: Cast) -> Party:
    return build.person(
        name="上官若水", manager=cast.manager, unit=cast.pudong, birth_date=date(1988, 3, 7), mobile=MOBILE,
        id_number=ID_NUMBER,
    )  # fmt: skip


def test_an_entry_counts_when_a_second_person_agreed(cast: Cast, customer: Party) -> None:
    lin = build.actor(cast.branch_manager)
    attention.propose(actor=lin, now=NOW, ref=customer.ref, kind="fraud", reason="三次可疑报案")
    assert files.load(lin, customer.ref, today=TODAY).has_attention is False
    approve(cast)
    assert files.load(lin, customer.ref, today=TODAY).has_attention is True
    assert files.load(build.actor(cast.manager), customer.ref, today=TODAY).has_attention is None


def test_keeping_an_entry_for_longer_needs_two_as_well(cast: Cast, customer: Party) -> None:
    entry, lin = listed(cast, ref=customer.ref, until_date=TODAY + timedelta(days=30)), build.actor(cast.branch_manager)
    longer = {"until_date": TODAY + timedelta(days=400), "review_date": TODAY + timedelta(days=200)}
    with pytest.raises(Rejected):
        attention_review.ask_keep(
            actor=lin, now=NOW, entry_id=entry.pk, reason="复审", until_date=entry.until_date, review_date=None
        )
    attention_review.ask_keep(actor=lin, now=NOW, entry_id=entry.pk, reason="复审，风险仍在", **longer)
    entry.refresh_from_db()
    assert entry.until_date == TODAY + timedelta(days=30)
    approve(cast)
    entry.refresh_from_db()
    assert {"until_date": entry.until_date, "review_date": entry.review_date} == longer and entry.state == "active"


def test_taking_off_the_list_needs_two_as_well(cast: Cast, customer: Party) -> None:
    entry, lin = listed(cast, ref=customer.ref), build.actor(cast.branch_manager)
    attention.ask_lift(actor=lin, now=NOW, entry_id=entry.pk, reason="调查排除")
    with pytest.raises(AlreadyAsked):
        attention.ask_lift(actor=lin, now=NOW, entry_id=entry.pk, reason="调查排除")
    entry.refresh_from_db()
    assert entry.state == "active"
    approve(cast)
    entry.refresh_from_db()
    assert (entry.state, entry.lift_reason) == ("lifted", "调查排除")
    assert files.load(lin, customer.ref, today=TODAY).has_attention is False


def test_not_even_the_existence_leaks(cast: Cast, customer: Party, client: Client) -> None:
    entry = listed(cast, ref=customer.ref, evidence="刑侦函2026-7")
    request = Request.objects.get()
    for stranger in (cast.manager, cast.agent, cast.steward, cast.auditor, cast.protector):
        client.force_login(stranger)
        for address in (
            reverse("customers:attention-list"), reverse("customers:attention-entry", args=[entry.pk]),
            reverse("customers:panel-attention", args=[customer.ref]), reverse("customers:attention-create"),
        ):  # fmt: skip
            assert client.get(address).status_code == 403
        for address in (
            reverse("customers:file", args=[customer.ref]), "/customers/", "/search/?q=上官若水", "/notices/",
            "/approvals/",
            f"/approvals/{request.pk}/", "/customers/?attention=1",
        ):  # fmt: skip
            page = client.get(address).content.decode()
            for word in ("三次可疑报案", "刑侦函", "关注名单", "涉嫌欺诈"):
                assert word not in page, (stranger.username, address, word)
        assert not Notice.objects.filter(user=stranger, kind__in=["attention", "approval"]).exists()


def test_another_branch_sees_none_of_it(cast: Cast, customer: Party) -> None:
    entry = listed(cast, ref=customer.ref)
    other = build.user(role=Role.BRANCH_MANAGER, unit=cast.nanjing)
    with pytest.raises(CustomerNotFound):
        attention.get_entry(build.actor(other), entry.pk)
    with pytest.raises(CustomerNotFound):
        attention.propose(actor=build.actor(other), now=NOW, ref=customer.ref, kind="fraud", reason="x")


def test_numbers_of_a_stranger_are_sealed_and_find_them_when_they_become_a_customer(cast: Cast) -> None:
    entry = listed(cast, name="上官若水", keys={"document": ID_NUMBER, "phone": MOBILE})
    for key in AttentionKey.objects.all():
        assert ID_NUMBER.encode() not in bytes(key.value_sealed) and MOBILE.encode() not in bytes(key.value_sealed)
    parties.create_customer(
        actor=build.actor(cast.agent), now=NOW, kind="person", values={"name": "上官若水"}, document_number=ID_NUMBER
    )
    hit = AttentionHit.objects.get()
    assert (hit.entry_id, hit.by, hit.state) == (entry.pk, "document", "open")
    assert Notice.objects.filter(kind="attention", user=cast.branch_manager).exists()
    assert not Notice.objects.filter(kind="attention", user=cast.agent).exists()
    attention.judge_hit(actor=build.actor(cast.branch_manager), now=NOW, hit_id=hit.pk, is_same=True)
    entry.refresh_from_db()
    assert entry.party == hit.party


def test_an_import_is_looked_through_and_twice_gives_nothing_new(cast: Cast) -> None:
    listed(cast, name="欧阳明月", birth_date=date(1990, 5, 1))
    listed(cast, keys={"phone": "138 1234 5678"})
    rows = [
        {"source_key": "1", "kind": "person", "name": "欧阳明月", "birth_date": date(1990, 5, 1)},
        {"source_key": "2", "kind": "person", "name": "赵一", "mobile": MOBILE},
        {"source_key": "3", "kind": "person", "name": "钱二", "mobile": "13900000000"},
    ]
    done = importing.run("customer", rows, "core")
    event = BatchFinished(batch_id=done.batch_id, source="core", kinds="customer", state="done")
    for _ in range(2):
        handlers.on_batch_finished(event)
    assert sorted(AttentionHit.objects.values_list("by", "party__name")) == [
        ("name_birth", "欧阳明月"),
        ("phone", "赵一"),
    ]


def test_a_new_entry_finds_customers_who_are_there(cast: Cast, customer: Party) -> None:
    listed(cast, name="某某", keys={"document": ID_NUMBER.lower()})
    assert AttentionHit.objects.get().party == customer


def test_the_night_ends_entries_and_reminds_of_reviews(cast: Cast, customer: Party) -> None:
    ends = listed(cast, ref=customer.ref, until_date=TODAY + timedelta(days=5))
    review = listed(cast, ref=customer.ref, kind="aml", review_date=TODAY + timedelta(days=2))
    later = NOW + timedelta(days=5)
    first = attention.expire(now=later)
    assert first["expired"] == 1 and first["to_review"] >= 1
    assert attention.expire(now=later) == {"expired": 0, "to_review": 0}
    ends.refresh_from_db()
    review.refresh_from_db()
    assert (ends.state, review.state) == ("expired", "active")


@pytest.mark.parametrize(
    ("asked", "certain"),
    [
        ({"document": ID_NUMBER}, True), ({"phone": MOBILE}, False), ({"plate": "沪A·88888"}, True),
        ({"name": "上官若水", "birth_date": date(1988, 3, 7)}, False), ({"document": "110101199003070011"}, None),
    ],
)  # fmt: skip
def test_a_system_asks_by_any_number(cast: Cast, customer: Party, asked: dict[str, Any], certain: bool | None) -> None:
    listed(cast, ref=customer.ref, keys={"plate": "沪A88888"})
    tang = build.actor(cast.head_office)
    found = attention.check(actor=tang, now=NOW, purpose="claims", **asked)
    assert [one.is_certain for one in found] == ([] if certain is None else [certain])
    entry = Entry.objects.filter(action="customers.check_attention").get()
    assert (entry.reason, entry.detail["found"]) == ("claims", len(found))
    assert not any(str(value) in str(entry.detail) for value in asked.values())


def test_the_api_answers_those_who_may_only(cast: Cast, customer: Party, client: Client) -> None:
    listed(cast, ref=customer.ref)

    def ask(user: Any, body: dict[str, str]) -> Any:
        _token, secret = accounts.create_token(
            actor=build.actor(user), now=clock.now(), user_id=user.id, name="x",
            codes=["customers.attention_check", "customers.view"], lifetime=timedelta(days=1),
        )  # fmt: skip
        return client.post(
            "/api/v1/attention/check", body, content_type="application/json",
            headers={"authorization": f"Bearer {secret}"},
        )  # fmt: skip

    answer = ask(cast.head_office, {"purpose": "underwriting", "document": ID_NUMBER}).json()
    assert answer["is_listed"] and answer["matches"][0]["kind"] == "fraud"
    assert "可疑" not in str(answer)
    assert ask(cast.manager, {"purpose": "underwriting", "document": ID_NUMBER}).status_code == 403
    assert ask(cast.head_office, {"purpose": "underwriting"}).status_code == 422


def test_imported_entries_wait_for_one_decision_on_the_whole_file(cast: Cast, client: Client) -> None:
    rows = [
        {"name": "甲某", "birth_date": date(1980, 1, 1), "entry_kind": "黑名单", "reason": "骗保判决"},
        {"document": ID_NUMBER, "entry_kind": "拒保", "reason": "重大既往症"},
        {"name": "乙某", "entry_kind": "黑名单", "reason": "无法识别"},
        {"document": ID_NUMBER, "entry_kind": "不认识", "reason": "x"},
    ]
    done = importing.run("attention", rows, "risk")
    assert done.counts["created"] == 2 and sorted(code for _l, _f, code in done.refusals) == [
        "kind_unknown", "nobody_named",
    ]  # fmt: skip
    assert importing.run("attention", rows[:2], "risk").counts["unchanged"] == 2
    tang = build.actor(cast.head_office)
    assert attention.check(actor=tang, now=NOW, purpose="claims", document=ID_NUMBER) == []
    assert attention.ask_batch(actor=tang, now=NOW, batch_id=done.batch_id, reason="风控部移交") == 2
    boss = build.user(role=Role.HEAD_OFFICE, unit=cast.headquarters)
    waiting = Request.objects.get(state="pending")
    approvals.approve(actor=build.actor(boss), now=NOW, request_id=waiting.pk, version=1)
    assert len(attention.check(actor=tang, now=NOW, purpose="claims", document=ID_NUMBER)) == 1


def test_somebody_must_be_told_by_the_entry(cast: Cast) -> None:
    with pytest.raises(Rejected):
        attention.propose(actor=build.actor(cast.branch_manager), now=NOW, kind="fraud", reason="x", name="张三")
    with pytest.raises(NotPermitted):
        attention.propose(actor=build.actor(cast.manager), now=NOW, kind="fraud", reason="x", keys={"phone": MOBILE})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_open_and_cost_the_same_with_many(
    cast: Cast, customer: Party, client: Client, language: str, django_assert_max_num_queries: Any
) -> None:  # fmt: skip
    entry = listed(cast, ref=customer.ref)
    listed(cast, name="甲某", keys={"document": ID_NUMBER})
    client.force_login(cast.branch_manager)
    client.cookies["django_language"] = language
    sent = client.post(
        reverse("customers:attention-create"),
        {"kind": "claims", "reason": "多次代报案", "phone": "13911112222"},
    )  # fmt: skip
    assert sent.status_code == 302
    assert client.post(reverse("customers:attention-add", args=[customer.ref]), {"kind": "fraud"}).status_code == 422
    for address in (
        reverse("customers:attention-entry", args=[entry.pk]),
        reverse("customers:panel-attention", args=[customer.ref]),
        reverse("customers:attention-list") + "?state=proposed",
    ):  # fmt: skip
        assert client.get(address).status_code == 200
    with django_assert_max_num_queries(14):
        assert len(client.get(reverse("customers:attention-list")).context["rows"]) == 2
    for text in ("上官", customer.ref.lower(), ID_NUMBER, MOBILE):
        found = client.get(reverse("customers:attention-list"), {"q": text}).context["rows"]
        assert entry.pk in {row["one"].id for row in found}, text
    assert not client.get(reverse("customers:attention-list"), {"q": "欧阳"}).context["rows"]
    assert client.post(reverse("customers:attention-export"), {"state": "active"}).status_code == 302
    assert Entry.objects.filter(action="customers.export_attention").exists()
    waiting = approvals_queries.list_waiting(build.actor(cast.head_office), now=NOW)
    assert isinstance(waiting.get().subject_id, UUID)
