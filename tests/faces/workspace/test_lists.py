"""The customers list, its views, bulk work and export, through their pages."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anxin.book.customers import services as customers
from anxin.book.customers.models import Address, Consent, Custody, CustomField, Party, PartyTag, Standing, Tag
from anxin.faces.workspace.models import SavedView
from anxin.foundation.audit.models import Entry
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.models import Job
from anxin.foundation.notices.models import Notice
from anxin.foundation.schemes import services as schemes
from anxin.kernel import clock
from anxin.kernel.identifiers.uuid7 import uuid7
from tests import build
from tests.build import NOW, TODAY, Cast, complaints

pytestmark = pytest.mark.django_db
LIST = "/customers/"


def signed_in(user: Any, language: str = "en") -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = language
    return client


def run(work: Any) -> Job:
    job = Job.objects.latest("created_at")
    jobs.run(job.pk, work, clock=lambda: NOW)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_list_shows_only_ones_own_customers(cast: Cast, language: str) -> None:
    mine = build.person(name="王一", manager=cast.manager, unit=cast.pudong, mobile="13812346721")
    theirs = build.person(name="王三", manager=cast.outsider, unit=cast.nanjing)
    page = signed_in(cast.manager, language).get(LIST).content.decode()
    assert mine.ref in page and f"{LIST}{mine.ref}/" in page
    assert theirs.ref not in page and "王三" not in page
    assert "13812346721" not in page


def test_who_may_not_see_customers_gets_no_list(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    assert client.get(LIST).status_code == 403
    assert client.get(reverse("workspace:customers-export")).status_code == 403
    assert Client().get(LIST).status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        "tier=gold&tier=nonsense",
        "manager=notauuid&unit=alsonot&age_from=-3&age_to=abc&birthday=999999&expiring=x",
        "sort=password&cursor=%00&cols=name&cols=secret",
        "division=31%27--&tag=1&q=%F0%9F%99%82&line=x&holds=x&kind=x&sex=x",
        "attention=1",
        "premium_from=1e9&premium_to=9" + "9" * 40,
    ],
)
def test_senseless_conditions_are_dropped(cast: Cast, query: str) -> None:
    build.person(name="王一", manager=cast.manager, unit=cast.pudong)
    assert signed_in(cast.manager).get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize("rows", [1, 50])
def test_the_page_asks_the_database_the_same_for_any_number_of_rows(
    cast: Cast, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        party = build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong, mobile=f"138123{number:05d}")
        Standing.objects.create(party=party, run_id=uuid7(), tier="gold", annual_premium_fen=number)
    client = signed_in(cast.branch_manager)
    client.get(LIST)
    with django_assert_max_num_queries(16):
        page = client.get(LIST + "?sort=-premium&cols=name&cols=mobile&cols=tags&cols=district&tier=gold")
    assert page.content.decode().count('name="ref"') == rows


def test_a_place_is_chosen_by_its_name(cast: Cast) -> None:
    here = build.person(name="王一", manager=cast.manager, unit=cast.pudong)
    there = build.person(name="王二", manager=cast.manager, unit=cast.pudong)
    for party, code in ((here, "310115"), (there, "330106")):
        Address.objects.create(party=party, kind="home", division_code=code, text="某路1号", source="test")
    client = signed_in(cast.manager)
    for place in ("浦东", "上海市浦东新区", "310115", "31"):
        page = client.get(LIST, {"division": place}).content.decode()
        assert f'value="{here.ref}"' in page and f'value="{there.ref}"' not in page
        assert "Place: 上海市" in page
    options = client.get(reverse("workspace:customers-pick", args=["division"]), {"division": "西湖"}).content.decode()
    assert '<option value="浙江省杭州市西湖区">' in options
    dialog = client.get(reverse("workspace:customers-filters"), {"state": "division=330106"}).content.decode()
    assert 'value="浙江省杭州市西湖区"' in dialog and '<option value="广东省">' in dialog


def test_a_field_of_the_site_filters_by_its_exact_value(cast: Cast) -> None:
    for code, kind, choices in (("club", "choice", ["A", "B"]), ("dogs", "number", []), ("vip", "yes_no", [])):
        CustomField.objects.create(code=code, label_zh=f"字段{code}", label_en=f"My {code}", kind=kind, choices=choices)
    one = build.person(name="王一", manager=cast.manager, unit=cast.pudong)
    two = build.person(name="王二", manager=cast.manager, unit=cast.pudong)
    Party.objects.filter(pk=one.pk).update(custom={"club": "A", "dogs": 2, "vip": True})
    Party.objects.filter(pk=two.pk).update(custom={"club": "B", "dogs": 3, "vip": False})
    client = signed_in(cast.manager)
    assert "My club" in client.get(reverse("workspace:customers-filters")).content.decode()
    for query, found in (("own.club=A", one), ("own.dogs=3", two), ("own.vip=no", two), ("own.vip=yes", one)):
        page = client.get(f"{LIST}?{query}").content.decode()
        assert [ref for ref in (one.ref, two.ref) if f'value="{ref}"' in page] == [found.ref], query
        assert "Remove the filter My" in page
    for query in ("own.club=Z", "own.dogs=nan", "own.unknown=1", "own.vip=maybe"):
        page = client.get(f"{LIST}?{query}").content.decode()
        assert one.ref in page and two.ref in page, query


def test_empty_lists_say_why(cast: Cast) -> None:
    client = signed_in(cast.manager)
    assert "No customers yet" in client.get(LIST).content.decode()
    assert "No customer matches" in client.get(LIST + "?q=王").content.decode()


def test_a_saved_view_keeps_filters_but_no_name(cast: Cast) -> None:
    client = signed_in(cast.manager)
    new = reverse("workspace:view-new", args=["customers"])
    answer = client.post(new, {"name": "到期", "is_default": "on", "state": "q=王小明&expiring=30&cols=ref&cursor=x"})
    assert answer.status_code == 204
    view = SavedView.objects.get()
    assert view.query == {"expiring": ["30"], "cols": ["ref"]}
    assert not view.is_shared and view.is_default
    # The list opens with it, unless asked for everything.
    assert "expiring=30" in client.get(LIST)["Location"]
    assert client.get(LIST + "?view=all").status_code == 200
    assert client.post(new, {"name": "到期", "state": ""}).status_code == 422


def test_sharing_a_view_needs_its_permission_and_nobody_changes_another_ones(cast: Cast) -> None:
    new = reverse("workspace:view-new", args=["customers"])
    signed_in(cast.manager).post(new, {"name": "a", "is_shared": "on", "is_default": "", "state": "tier=gold"})
    assert not SavedView.objects.get().is_shared
    signed_in(cast.team_lead).post(new, {"name": "b", "is_shared": "on", "state": "tier=gold"})
    shared = SavedView.objects.get(name="b")
    assert shared.is_shared
    client = signed_in(cast.manager)
    assert ">b" in client.get(LIST + "?view=all").content.decode()
    assert (
        client.post(reverse("workspace:view-change", args=["customers", shared.pk]), {"name": "x"}).status_code == 404
    )
    assert client.post(reverse("workspace:view-delete", args=["customers", shared.pk])).status_code == 404
    assert SavedView.objects.get(pk=shared.pk).name == "b"
    assert (
        signed_in(cast.team_lead).post(reverse("workspace:view-delete", args=["customers", shared.pk])).status_code
        == 204
    )


def test_ticked_customers_are_tagged_by_a_job_and_strangers_are_not(cast: Cast) -> None:
    mine = build.person(name="王一", manager=cast.manager, unit=cast.pudong)
    theirs = build.person(name="王三", manager=cast.outsider, unit=cast.nanjing)
    url = reverse("workspace:customers-tag", args=["tag"])
    client = signed_in(cast.manager)
    assert "Ticked customers: 1" in client.get(url, {"ref": [mine.ref, theirs.ref]}).content.decode()
    assert client.post(url, {"ref": [mine.ref, theirs.ref], "tag": " VIP  客户 "}).status_code == 200
    job = run(customers.bulk.work)
    assert job.state == "done" and job.result["counts"] == {"failed": 0, "changed": 1, "unchanged": 0}
    assert list(PartyTag.objects.values_list("party_id", "tag__name")) == [(mine.pk, "VIP 客户")]
    assert Entry.objects.filter(action="customers.tag", object_id=str(mine.pk)).count() == 1
    # Again: nothing to do. Untag: gone.
    client.post(url, {"ref": [mine.ref], "tag": "VIP 客户"})
    assert run(customers.bulk.work).result["counts"]["unchanged"] == 1
    client.post(reverse("workspace:customers-tag", args=["untag"]), {"ref": [mine.ref], "tag": "VIP 客户"})
    assert run(customers.bulk.work).result["counts"]["changed"] == 1
    assert not PartyTag.objects.exists()


def test_the_whole_filtered_set_is_meant_when_asked_and_its_text_stays_secret(cast: Cast) -> None:
    for number in range(7):
        build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong)
    build.person(name="李一", manager=cast.manager, unit=cast.pudong)
    url = reverse("workspace:customers-tag", args=["tag"])
    signed_in(cast.manager).post(url, {"whole": "1", "state": "q=王", "ref": ["x"], "tag": "T"})
    job = run(customers.bulk.work)
    assert PartyTag.objects.count() == 7 and job.total == job.done == 7
    assert "王" not in repr(job.arguments) and "王" not in job.title


def test_assigning_moves_custody_and_leaves_what_is_out_of_reach(cast: Cast) -> None:
    ours = [build.person(name=f"王{n}", manager=cast.manager, unit=cast.pudong) for n in range(3)]
    Custody.objects.create(party=ours[0], manager=cast.manager, from_at=NOW)
    url = reverse("workspace:customers-assign")
    lead = signed_in(cast.team_lead)
    refs = [party.ref for party in ours]
    # Somebody of another unit is not offered and not taken.
    assert lead.post(url, {"ref": refs, "manager": str(cast.outsider.pk)}).status_code == 422
    assert not Job.objects.exists()
    assert lead.post(url, {"ref": refs, "manager": str(cast.colleague.pk), "reason": "leave"}).status_code == 200
    assert run(customers.bulk.work).result["counts"]["changed"] == 3
    assert set(Party.objects.values_list("manager_id", flat=True)) == {cast.colleague.pk}
    assert Custody.objects.get(manager=cast.manager).until_at == NOW
    assert Custody.objects.filter(manager=cast.colleague, until_at__isnull=True, reason="leave").count() == 3
    assert signed_in(cast.manager).post(url, {"ref": refs, "manager": str(cast.manager.pk)}).status_code == 403


def test_a_job_that_begins_again_goes_on_behind_its_last_chunk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers.bulk, "CHUNK", 2)
    for number in range(5):
        build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong)
    url = reverse("workspace:customers-tag", args=["tag"])
    signed_in(cast.manager).post(url, {"whole": "1", "state": "", "tag": "T"})
    job = Job.objects.latest("created_at")
    seen: list[int] = []
    progress = jobs.Running.progress

    def die_after_one(self: jobs.Running, done: int, *rest: Any, **more: Any) -> None:
        progress(self, done, *rest, **more)
        seen.append(done)
        if len(seen) == 2:
            raise jobs.JobLost

    monkeypatch.setattr(jobs.Running, "progress", die_after_one)
    jobs.run(job.pk, customers.bulk.work, clock=lambda: NOW)
    assert PartyTag.objects.count() == 2  # the second chunk rolled back with its worker
    Job.objects.filter(pk=job.pk).update(lease_until=NOW)
    assert jobs.run(job.pk, customers.bulk.work, clock=lambda: NOW)
    job.refresh_from_db()
    assert PartyTag.objects.count() == 5 and job.result["counts"]["changed"] == 5


def exported(job: Job) -> list[list[str]]:
    assert job.document_id is not None, (job.state, job.message, job.message_values)
    with documents.open_document(job.document_id) as source:
        return list(csv.reader(io.StringIO(source.read().decode("utf-8-sig"))))


def test_an_export_is_masked_recorded_safe_and_ones_own(cast: Cast) -> None:
    build.person(name="=HYPERLINK(1)", manager=cast.manager, unit=cast.pudong, mobile="13812346721")
    build.person(name="王三", manager=cast.outsider, unit=cast.nanjing)
    url = reverse("workspace:customers-export")
    client = signed_in(cast.branch_manager)
    answer = client.post(
        url, {"whole": "1", "state": "cols=name&cols=mobile&cols=premium", "format": "csv", "purpose": "service"}
    )
    assert answer.status_code == 200
    job = run(customers.exporting.work)
    rows = exported(job)
    assert rows[0] == ["Name", "Annual premium (yuan)", "Phone"] and len(rows) == 2
    assert rows[1][0] == "'=HYPERLINK(1)" and rows[1][2] == "138****6721"
    entry = Entry.objects.get(action="customers.export")
    assert entry.detail == {
        "columns": ["name", "premium", "mobile"],
        "rows": 1,
        "format": "csv",
        "in_clear": False,
        "purpose": "service",
    }
    download = reverse("documents:download", args=[job.document_id])
    assert client.get(download).status_code == 200
    assert signed_in(cast.head_office).get(download).status_code == 404
    assert signed_in(cast.manager).post(url, {"whole": "1", "format": "csv", "purpose": "service"}).status_code == 403


def test_a_list_for_marketing_leaves_out_who_is_not_to_be_approached(cast: Cast) -> None:
    names = {"甲": "sms", "乙": "", "丙": None, "丁": "phone"}
    people = {name: build.person(name=name, manager=cast.manager, unit=cast.pudong) for name in names}
    for name, channel in names.items():
        if channel is not None:
            Consent.objects.create(
                party=people[name], purpose="marketing", channel=channel, is_given=True, given_at=clock.now()
            )
    desk = complaints.desk(cast)
    complaints.registered(desk, party_ref=people["乙"].ref, now=clock.now())
    url, wanted = reverse("workspace:customers-export"), {"whole": "1", "state": "cols=name", "format": "csv"}
    client = signed_in(cast.branch_manager)
    assert client.post(url, wanted).status_code == 422, "nobody said what for"
    client.post(url, {**wanted, "purpose": "marketing_sms"})
    job = run(customers.exporting.work)
    assert [row[0] for row in exported(job)[1:]] == ["甲"]
    assert job.message_values == {"rows": 1, "left": 3, "why": "no consent 2; complaint open or closed lately 1"}
    client.post(url, {**wanted, "purpose": "analysis"})
    assert len(exported(run(customers.exporting.work))) == 5


def test_phones_in_clear_take_the_permission_and_a_reason(cast: Cast) -> None:
    build.person(name="王一", manager=cast.manager, unit=cast.pudong, mobile="13812346721")
    url = reverse("workspace:customers-export")
    wanted = {
        "whole": "1", "state": "cols=name&cols=mobile", "format": "csv", "in_clear": "on", "purpose": "service",
    }  # fmt: skip
    # Head office may export, but not reveal: the wish is not even understood.
    signed_in(cast.head_office).post(url, wanted)
    assert exported(run(customers.exporting.work))[1][1] == "138****6721"
    client = signed_in(cast.branch_manager)
    assert client.post(url, wanted).status_code == 422
    client.post(url, {**wanted, "reason": "客户回访名单"})
    assert exported(run(customers.exporting.work))[1][1] == "13812346721"
    assert Entry.objects.filter(action="customers.export", reason="客户回访名单").count() == 1


def test_an_xlsx_export_opens(cast: Cast) -> None:
    party = build.person(name="王一", manager=cast.manager, unit=cast.pudong)
    Standing.objects.create(party=party, run_id=uuid7(), tier="gold")
    wanted = {"whole": "1", "format": "xlsx", "purpose": "service", "state": "cols=name&cols=tier"}
    signed_in(cast.branch_manager).post(reverse("workspace:customers-export"), wanted)
    job = run(customers.exporting.work)
    import python_calamine

    with documents.open_document(job.document_id) as source:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.read()))
    assert book.get_sheet_by_name("Customers").to_python()[1] == ["王一", "Gold"]


def test_too_large_an_export_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers.exporting, "ROWS_AT_MOST", 1)
    for number in range(2):
        build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong)
    url = reverse("workspace:customers-export")
    assert (
        signed_in(cast.branch_manager).post(url, {"whole": "1", "format": "csv", "purpose": "service"}).status_code
        == 422
    )
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("content", "begun", "title"),
    [
        ({"rows_a_day": 3, "told_from_rows": 3}, 1, "被拒绝"),
        ({"rows_a_day": 4, "told_from_rows": 3}, 2, "请留意"),
        ({"rows_a_day": 9, "told_from_rows": 9}, 2, ""),
    ],
)
def test_who_takes_out_much_in_a_day_is_stopped_and_told_of(
    cast: Cast, content: dict[str, int], begun: int, title: str
) -> None:
    for number in range(2):
        build.person(name=f"王{number}", manager=cast.manager, unit=cast.pudong)
    head = build.actor(cast.head_office)
    draft = schemes.draft(actor=head, now=NOW, code="customers.exports", content=content)
    assert draft.id is not None
    schemes.activate(actor=head, now=NOW, version_id=draft.id, edition=1, effective_from=TODAY)
    client = signed_in(cast.branch_manager, "zh-hans")
    url = reverse("workspace:customers-export")
    asked = [client.post(url, {"whole": "1", "format": "csv", "purpose": "service"}) for _ in range(2)]
    assert Job.objects.count() == begun
    assert (asked[1].status_code == 422) == (begun == 1) == ("今日" in asked[1].content.decode())
    assert Entry.objects.filter(action="customers.export_refused").count() == 2 - begun
    told = Notice.objects.filter(user=cast.protector).values_list("title_zh", flat=True)
    assert [title in one for one in told] == [True] * bool(title)
    # What failed took nothing out.
    Job.objects.update(state="failed")
    client.post(url, {"whole": "1", "format": "csv", "purpose": "service"})
    assert Job.objects.count() == begun + 1


def test_pickers_offer_only_what_is_within_reach(cast: Cast) -> None:
    url = reverse("workspace:customers-pick", args=["manager"])
    assert "钱进" not in signed_in(cast.branch_manager).get(url).content.decode()
    assert "顾宁" in signed_in(cast.branch_manager).get(url, {"find": "顾"}).content.decode()
    units = reverse("workspace:customers-pick", args=["unit"])
    assert "南京" not in signed_in(cast.branch_manager).get(units).content.decode()
    assert "南京" in signed_in(cast.head_office).get(units).content.decode()
    assert "钱进" not in signed_in(cast.team_lead).get(reverse("workspace:customers-assignees")).content.decode()


def test_tag_names_do_not_run_as_markup(cast: Cast) -> None:
    party = build.person(name="<script>alert(1)</script>", manager=cast.manager, unit=cast.pudong)
    tag = Tag.objects.create(name="<b>x</b>", created_at=NOW)
    PartyTag.objects.create(party=party, tag=tag, created_at=NOW)
    page = signed_in(cast.manager).get(LIST + "?cols=tags").content.decode()
    assert "<script>alert" not in page and "<b>x</b>" not in page
