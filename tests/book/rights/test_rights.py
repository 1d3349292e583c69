"""From the request to the copy, the restriction and the erasure: what is handed out, what stays, who may."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from anxin.book.customers import queries as customers
from anxin.book.customers.models import Party
from anxin.book.customers.queries import CustomerNotFound
from anxin.book.portfolio.models import Claim, Policy
from anxin.book.rights import queries, rules, services
from anxin.book.rights.data import Rejected, State, StillHeld
from anxin.book.rights.models import Certificate, Restriction, RetentionDue
from anxin.book.rights.services import archives, erasing
from anxin.book.rights.services.nightly import find_due, warn
from anxin.engagement.renewals.models import Renewal
from anxin.foundation.approvals import services as approvals
from anxin.foundation.audit.models import Entry
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.models import Job
from anxin.foundation.notices.models import Notice
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.desk.models import Touchpoint
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.book.rights.nursery import ID_NUMBER, MOBILE, SECRETS, erased, officer, received, working
from tests.build import NOW, TODAY, Cast, contracts, importing

pytestmark = pytest.mark.django_db


def dump() -> str:
    """Every text of every table of the product but the trail and the queue, as a database dump would show it."""
    parts = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'django%%'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t')
            parts.append(f"{name}: {cursor.fetchone()[0]}")
    return "\n".join(parts)


def test_a_request_runs_by_its_clock_and_the_desk_hears_of_it(cast: Cast, person: Party) -> None:
    made = received(cast, person)
    assert (made.state, made.due_date) == (State.RECEIVED, TODAY + timedelta(days=15))
    assert Notice.objects.filter(user=cast.protector, kind="rights").exists()
    with pytest.raises(IllegalTransition):
        services.answer_request(
            actor=officer(cast), now=NOW, request_id=made.id, version=made.version, answer="x", evidence="y"
        )
    late = queries.count_late(officer(cast), today=TODAY + timedelta(days=16))
    assert late == (1, 1)
    assert warn(now=NOW + timedelta(days=13)) >= 1
    assert warn(now=NOW + timedelta(days=13)) == 0


def test_whoever_acts_for_another_proves_it(cast: Cast, person: Party) -> None:
    made = services.receive_request(
        actor=build.actor(cast.agent), now=NOW, kind="access", channel="counter", capacity="next_of_kin",
        requester="上官云", party_ref=person.ref,
    )  # fmt: skip
    with pytest.raises(Rejected, match="kinship"):
        services.verify_identity(
            actor=officer(cast), now=NOW, request_id=made.id, version=made.version, method="call_back"
        )


def test_only_the_desk_sees_requests(cast: Cast, person: Party) -> None:
    made = received(cast, person)
    for stranger in (cast.manager, cast.agent, cast.branch_manager):
        with pytest.raises(NotPermitted):
            queries.get_request(build.actor(stranger), made.id)
    with pytest.raises(NotPermitted):
        services.verify_identity(
            actor=build.actor(cast.auditor), now=NOW, request_id=made.id, version=1, method="call_back"
        )


def test_two_of_the_desk_at_once_the_second_is_told(cast: Cast, person: Party) -> None:
    made = working(cast, person)
    give = {"actor": officer(cast), "now": NOW, "request_id": made.id, "version": made.version}
    services.extend_request(**give, until=TODAY + timedelta(days=20), reason="档案在外地")
    with pytest.raises(StaleState):
        services.answer_request(**give, answer="已提供", evidence="柜面签收")


def test_the_copy_holds_what_every_room_knows_and_is_handed_out_once(cast: Cast, person: Party) -> None:
    made = working(cast, person)
    job = services.start_archive(actor=officer(cast), now=NOW, request_id=made.id, task=_Task())
    assert jobs.run(job.id, archives.work, clock=lambda: NOW)
    name, content = services.take_archive(actor=officer(cast), now=NOW, request_id=made.id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        page, plain = archive.read("index.html").decode(), json.loads(archive.read("data.json"))
    for secret in SECRETS:
        assert secret in page, secret
    rooms = {one["room"] for one in plain["records"]}
    assert rooms >= {"customers", "portfolio", "desk", "worklist", "rights"}
    assert name == f"{made.ref}.zip"
    with pytest.raises((StaleState, rights_not_found())):
        services.take_archive(actor=officer(cast), now=NOW, request_id=made.id)
    assert Entry.objects.filter(action="rights.take_archive").count() == 1


def rights_not_found() -> type[Exception]:
    from anxin.book.rights.data import RequestNotFound

    return RequestNotFound


class _Task:
    """Stands for the queue: the test runs the work itself."""

    name = "rights.test"

    def configure(self, **_: Any) -> _Task:
        return self

    def defer(self, **_: Any) -> None: ...


def test_a_restricted_file_is_found_by_nobody_and_read_by_few(cast: Cast, person: Party, client: Client) -> None:
    manager = build.actor(cast.manager)
    renewing = contracts.policy(holder=person, ends=TODAY + timedelta(days=3))
    Renewal.objects.create(
        policy=renewing, party=person, owner=cast.manager, unit=cast.pudong, expiry_date=TODAY + timedelta(days=3),
        premium_fen=1, line="motor", changed_at=NOW, created_at=NOW,
    )  # fmt: skip
    services.restrict(actor=officer(cast), now=NOW, ref=person.ref, ground="request", reason="本人要求")
    with pytest.raises(CustomerNotFound):
        customers.get_party(officer(cast), person.ref)
    assert customers.list_customers(manager, today=TODAY).rows == ()
    assert not WorkItem.objects.filter(state="open").exists()
    client.force_login(cast.manager)
    for address in (f"/customers/{person.ref}/", f"/customers/{person.ref}/panels/contacts/"):
        assert client.get(address).status_code == 404
    policy = Policy.objects.filter(holder=person).earliest("effective_date")
    assert client.get(f"/policies/{policy.pk}/").status_code == 404
    from anxin.engagement.renewals import queries as renewals
    from anxin.engagement.renewals.data import Period, RenewalFilter, RenewalState, Whose

    seen = RenewalFilter(whose=Whose.REACH, period=Period.WEEK, state=RenewalState.EXCLUDED)
    assert Renewal.objects.get().state == "excluded"
    assert renewals.list_renewals(manager, seen, now=NOW).rows == ()
    for address in ("/search/?q=上官若水", f"/search/?q={MOBILE}", "/search/?q=沪A88888", "/customers/?q=上官若水"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert person.ref not in answer.content.decode(), address
    for address in (f"/search/?q={MOBILE}", "/search/?q=沪A88888", "/customers/", "/", "/renewals/?state=excluded"):
        assert "上官若水" not in client.get(address).content.decode(), address
    client.force_login(cast.protector)
    assert person.ref in client.get("/rights/restricted/").content.decode()
    page = client.get(f"/rights/restricted/{person.ref}/")
    assert "上官若水" not in page.content.decode()
    page = client.post(f"/rights/restricted/{person.ref}/", {"reason": "监管检查调阅"})
    assert "上官若水" in page.content.decode()
    assert Entry.objects.get(action="rights.read_restricted").reason == "监管检查调阅"
    client.force_login(cast.steward)
    assert client.get(f"/rights/restricted/{person.ref}/").status_code == 403


def test_the_restriction_ends_with_a_reason_and_the_file_is_back(cast: Cast, person: Party) -> None:
    services.restrict(actor=officer(cast), now=NOW, ref=person.ref, ground="accuracy", reason="核对中")
    with pytest.raises(Rejected):
        services.lift_restriction(actor=officer(cast), now=NOW, ref=person.ref, reason=" ")
    services.lift_restriction(actor=officer(cast), now=NOW, ref=person.ref, reason="已更正")
    assert customers.get_party(officer(cast), person.ref).pk == person.pk
    assert Restriction.objects.get().until_at == NOW


def test_while_a_period_runs_the_file_cannot_be_erased(cast: Cast, person: Party) -> None:
    contracts.policy(holder=person)
    with pytest.raises(StillHeld):
        services.ask_erasure(actor=officer(cast), now=NOW, ref=person.ref, reason="本人申请")
    assert queries.verdicts([person.pk], today=TODAY)[person.pk].due is None


def test_after_the_erasure_no_table_says_who_it_was(cast: Cast, person: Party) -> None:
    # The person was edited before: history tables would remember.
    Party.objects.filter(pk=person.pk).update(employer="若水茶业")
    working(cast, person, "erasure")
    before = dump()
    assert "上官若水" in before and "若水茶业" in before
    certificate = erased(cast, person)
    after = dump()
    for secret in (*SECRETS, "若水茶业"):
        assert secret not in after, [line[:200] for line in after.splitlines() if secret in line]
    assert (certificate.asked_by, certificate.approved_by) == ("郑数", "卫护")
    person.refresh_from_db()
    assert (person.state, person.name, person.birth_date) == (Party.State.ERASED, "—", None)
    # Figures stay.
    assert Policy.objects.get(holder=person).premium_fen == 360_000
    assert Claim.objects.get().claimant is None
    assert Touchpoint.objects.get().summary == ""
    kept = {line["table"]: line["why"] for line in certificate.lines if line["why"]}
    assert "audit" in {line["room"] for line in certificate.lines}
    assert kept["customers_party"]


def test_the_one_who_asks_for_the_erasure_does_not_approve_it(cast: Cast, person: Party) -> None:
    from anxin.foundation.approvals.data import OwnRequest

    asked = services.ask_erasure(actor=officer(cast), now=NOW, ref=person.ref, reason="本人申请")
    with pytest.raises(OwnRequest):
        approvals.approve(actor=officer(cast), now=NOW, request_id=asked.id, version=1)
    assert not Job.objects.exists()


def test_a_contract_made_between_asking_and_erasing_stops_it(cast: Cast, person: Party) -> None:
    asked = services.ask_erasure(actor=build.actor(cast.steward), now=NOW, ref=person.ref, reason="本人申请")
    contracts.policy(holder=person)
    with pytest.raises(StillHeld):
        approvals.approve(actor=officer(cast), now=NOW, request_id=asked.id, version=1)
    person.refresh_from_db()
    assert person.state == Party.State.ACTIVE


def test_an_import_does_not_bring_an_erased_person_back(cast: Cast, person: Party) -> None:
    erased(cast, person)
    row = {"source_key": "C1", "kind": "person", "name": "上官若水", "id_number": ID_NUMBER, "mobile": MOBILE}
    found = importing.run("customer", [row], "core")
    assert [code for _line, _field, code in found.refusals] == ["file_erased"]
    assert not Party.objects.filter(name="上官若水").exists()
    policy = {"policy_no": "P-NEW", "holder_key": "C1", "product_name": "车险", "line_of_business": "motor",
              "start_date": TODAY, "end_date": date(2027, 11, 22), "premium": 100}  # fmt: skip
    assert importing.run("policy", [policy], "core").counts["rejected"] == 1
    assert not Policy.objects.filter(policy_no="P-NEW").exists()


def test_a_restricted_file_is_not_changed_by_an_import(cast: Cast, person: Party) -> None:
    services.restrict(actor=officer(cast), now=NOW, ref=person.ref, ground="accuracy", reason="核对中")
    row = {"source_key": "C1", "kind": "person", "name": "上官若水", "employer": "新单位"}
    other = {"source_key": "X9", "kind": "person", "name": "上官若水", "id_number": ID_NUMBER, "employer": "新单位"}
    for rows, source in (([row], "core"), ([other], "another-system")):
        found = importing.run("customer", rows, source)
        assert found.counts["rejected"] == 1
        assert [code for _line, _field, code in found.refusals] == ["file_restricted"]
    person.refresh_from_db()
    assert person.employer == "" and Party.objects.count() == 1
    services.lift_restriction(actor=officer(cast), now=NOW, ref=person.ref, reason="已核对")
    assert importing.run("customer", [row], "core").counts["updated"] == 1


def test_an_erased_person_from_another_source_waits_for_the_data_protection_officer(
    cast: Cast, person: Party, client: Client
) -> None:
    certificate = erased(cast, person)
    row = {"source_key": "X9", "kind": "person", "name": "上官若水", "id_number": ID_NUMBER, "mobile": MOBILE}
    found = importing.run("customer", [row], "another-system")
    assert [code for _line, _field, code in found.refusals] == ["person_erased"]
    client.force_login(cast.protector)
    address = f"/rights/certificates/{certificate.pk}/readmit/"
    client.post(address, {"reason": " "})
    assert importing.run("customer", [row], "another-system").counts["rejected"] == 1
    assert "Customer again" not in client.get("/rights/certificates/").content.decode()
    assert "重新" in client.get("/rights/certificates/").content.decode()
    client.post(address, {"reason": "重新投保"})
    assert importing.run("customer", [row], "another-system").counts["created"] == 1
    assert "rights.readmit" in set(Entry.objects.values_list("action", flat=True))


def test_an_erasure_that_a_restore_undid_is_done_again(
    cast: Cast, person: Party, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ANXIN_HOME = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        erased(cast, person)
    assert "上官若水" not in (tmp_path / "erasures.jsonl").read_text()
    assert services.repeat(now=NOW) == 0
    # The backup knows the person and nothing of the certificate.
    Certificate.objects.all().delete()
    Party.objects.filter(pk=person.pk).update(state="active", name="上官若水")
    assert services.repeat(now=NOW) == 1
    person.refresh_from_db()
    again = Certificate.objects.get()
    assert (person.state, person.name, again.approved_by) == ("erased", "—", "卫护")


def test_an_explanation_is_drafted_from_what_rules_decided(cast: Cast, person: Party, client: Client) -> None:
    from anxin.book.matching.data import Origin
    from anxin.book.matching.services import merging

    other = build.person(name="上官若水")
    merging.merge_set(
        actor=Actor.system("matching"), now=NOW, origin=Origin.AUTOMATIC,
        orders=[merging.Order(survivor=person.pk, loser=other.pk)],
    )  # fmt: skip
    asked = working(cast, person, "explanation")
    client.force_login(cast.protector)
    page = client.get(f"/rights/{asked.id}/").content.decode()
    assert "自动归并" in page and other.ref in page
    assert "自动归并" not in client.get(f"/rights/{working(cast, person, 'access').id}/").content.decode()


def test_erasing_again_changes_nothing(cast: Cast, person: Party) -> None:
    certificate = erased(cast, person)
    with pytest.raises((StaleState, CustomerNotFound)):
        services.ask_erasure(actor=officer(cast), now=NOW, ref=person.ref, reason="再次")
    job = Job.objects.get(kind="rights.erase")
    Job.objects.filter(pk=job.pk).update(state="waiting", finished_at=None)
    assert jobs.run(job.id, erasing.work, clock=lambda: NOW)
    assert Certificate.objects.get().pk == certificate.pk


def test_the_night_lists_whose_retention_is_over(cast: Cast, person: Party) -> None:
    held = build.person(name="在保客户", unit=cast.pudong, created_at=NOW - timedelta(days=15 * 365))
    contracts.policy(holder=held)
    first = find_due(now=NOW)
    assert list(RetentionDue.objects.values_list("party", flat=True)) == [person.pk]
    assert first == find_due(now=NOW)
    contracts.policy(holder=person)
    find_due(now=NOW)
    assert not RetentionDue.objects.exists()


def test_the_night_asks_as_often_for_many_as_for_few(
    cast: Cast, person: Party, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        build.person(unit=cast.pudong, created_at=NOW - timedelta(days=15 * 365))
    with django_assert_max_num_queries(20):
        find_due(now=NOW)


def test_rules_of_the_desk_are_schemes(cast: Cast) -> None:
    from anxin.foundation.schemes import queries as schemes

    assert schemes.active(rules.RETENTION, on=TODAY).content["contract_long"] == 10
    assert schemes.active(rules.CLOCKS, on=TODAY).content["access"] == 15
