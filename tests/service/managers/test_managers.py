"""Customers change hands: planned, confirmed, told, taken back; the pool, absences, capacities, service packages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet

from anxin.book.customers import queries as customers
from anxin.book.customers.data import CustomerNotFound
from anxin.book.customers.models import Custody, Party, Standing
from anxin.book.customers.queries import file as files
from anxin.book.customers.services import bulk, custody, keeping
from anxin.foundation.accounts.models import User
from anxin.foundation.audit.models import Entry
from anxin.foundation.documents import services as documents
from anxin.foundation.intake.events import BatchFinished
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.models import Job
from anxin.kernel import permissions
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.permissions import Role, Scope
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.managers import handlers, queries, services, tasks
from anxin.service.managers.data import Cause, ManagerNotFound, Reason, Refused, RunKind, RunNotFound, RunState
from anxin.service.managers.models import Assistant, Decision, Given, Run, Waiting
from anxin.service.managers.services import absences, applying, exporting, packages, planning, staff
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import NOW, TODAY, Cast
from tests.build import portfolio as contracts

SYSTEM = Actor.system("nightly")


def run_job(run: Run, work: Callable[[jobs.Running], Any]) -> Run:
    run.refresh_from_db()
    assert run.job_id is not None and jobs.run(run.job_id, work, clock=lambda: NOW)
    run.refresh_from_db()
    return run


def confirmed(run: Run, user: User) -> Run:
    services.confirm(actor=build.actor(user), now=NOW, run_id=run.pk, version=run.version, task=tasks.apply)
    return run_job(run, applying.work)


def hand_over(by: User, whose: User, **given: Any) -> Run:
    plain: dict[str, Any] = {"kind": RunKind.LEAVE, "reason": "调离", **given}
    run = services.plan_hand_over(actor=build.actor(by), now=NOW, task=tasks.plan, manager_id=whose.pk, **plain)
    return run_job(run, planning.work)


def open_custody(party: Party) -> QuerySet[Custody]:
    return Custody.objects.filter(party=party, until_at=None)


def manager_of(party: Party) -> UUID | None:
    return Party.objects.values_list("manager_id", flat=True).get(pk=party.pk)


def test_a_night_gives_everybody_a_manager_and_a_second_one_moves_nobody(cast: Cast) -> None:
    User.objects.filter(pk=cast.manager.pk).update(staff_no="E1")
    mine = build.person(unit=cast.pudong)
    contracts.policy(holder=mine, agent_code="E1", unit=cast.pudong)
    near = [build.person(unit=cast.pudong) for _ in range(4)]
    kept = build.person(unit=cast.pudong, manager=cast.outsider)
    lost = build.person()
    found = services.nightly(actor=SYSTEM, now=NOW)
    assert (found["assigned"], found["unassigned"], found["new"]) == (5, 1, 6)
    assert manager_of(mine) == cast.manager.pk and manager_of(kept) == cast.outsider.pk
    # The four others are shared so that both end alike; the policy's owner has one already.
    counts = [Party.objects.filter(manager=user).count() for user in (cast.manager, cast.colleague)]
    assert sorted(counts) == [2, 3] and manager_of(near[0]) is not None
    assert [one.reason for one in open_custody(mine)] == ["谁做的业务归谁所有，分配后负荷 0%"]
    waiting = Waiting.objects.get()
    assert (waiting.party_id, waiting.reason, waiting.cause) == (lost.pk, Reason.NO_PLACE, Cause.NEW)
    run = Run.objects.get()
    assert (run.state, run.is_automatic, run.summary["applied"]) == (RunState.DONE, True, 5)
    trail = Entry.objects.filter(action="managers.allocate", object_kind="party").values_list("object_ref", flat=True)
    assert sorted(trail) == sorted(one.ref for one in (mine, *near))
    before = (Custody.objects.count(), Decision.objects.count(), Entry.objects.count(), Run.objects.count())
    again = services.nightly(actor=SYSTEM, now=NOW + timedelta(hours=1))
    assert (again["assigned"], again["new"]) == (0, 0)
    assert (Custody.objects.count(), Decision.objects.count(), Entry.objects.count(), Run.objects.count()) == before


def test_from_signing_on_a_customer_has_a_manager(cast: Cast) -> None:
    party = build.person(unit=cast.pudong)
    handlers.batch_finished(BatchFinished(batch_id=uuid7(), source="x", kinds="customer"))
    assert manager_of(party) is None, "an import of customers can be taken back until the night"
    handlers.batch_finished(BatchFinished(batch_id=uuid7(), source="x", kinds="policy"))
    assert manager_of(party) is not None


def test_who_leaves_hands_over_all_and_customers_are_told_in_time(cast: Cast) -> None:
    theirs = [build.person(manager=cast.manager, unit=cast.pudong) for _ in range(3)]
    for party in theirs:
        Custody.objects.create(party=party, manager=cast.manager, from_at=NOW - timedelta(days=90))
    task = WorkItem.objects.create(
        kind="task", title="x", party=theirs[0], owner=cast.manager, unit=cast.pudong, starts_at=NOW, due_at=NOW,
        occurrence=str(uuid7()), created_at=NOW,
    )  # fmt: skip
    run = hand_over(cast.team_lead, cast.manager)
    assert (run.state, run.summary["assigned"]) == (RunState.PLANNED, 3)
    assert manager_of(theirs[0]) == cast.manager.pk, "a plan moves nobody"
    (share,) = queries.shares(build.actor(cast.team_lead), run.pk, now=NOW)
    assert (share.id, share.customers, share.before, share.after) == (cast.colleague.pk, 3, 0, 37)
    run = confirmed(run, cast.team_lead)
    assert run.state == RunState.DONE
    assert {manager_of(party) for party in theirs} == {cast.colleague.pk}
    history = list(Custody.objects.filter(party=theirs[0]).order_by("from_at"))
    assert [(one.manager_id, one.until_at) for one in history] == [(cast.manager.pk, NOW), (cast.colleague.pk, None)]
    assert history[1].reason == "调离" and history[1].assigned_by_id == cast.team_lead.pk
    task.refresh_from_db()
    assert task.owner_id == cast.colleague.pk, "open work goes with the customer"
    told = WorkItem.objects.filter(kind="new_manager")
    assert told.count() == 3 and {one.owner_id for one in told} == {cast.colleague.pk}
    assert {one.due_at.date() for one in told} == {date(2026, 12, 23)}
    progress = queries.telling(build.actor(cast.team_lead), run.pk, now=NOW)
    assert (progress.total, progress.done, progress.overdue) == (3, 0, 0)
    rows, _rest = queries.decisions(build.actor(cast.team_lead), run.pk)
    assert {row.after for row in rows} == {"沈悦"} and Entry.objects.filter(action="managers.leave").count() == 3


def test_a_run_is_taken_back_but_not_what_moved_on_since(cast: Cast) -> None:
    theirs = [build.person(manager=cast.manager, unit=cast.pudong) for _ in range(3)]
    run = confirmed(hand_over(cast.team_lead, cast.manager, target_id=cast.colleague.pk), cast.team_lead)
    Party.objects.filter(pk=theirs[0].pk).update(manager=cast.outsider)
    services.undo(actor=build.actor(cast.team_lead), now=NOW, run_id=run.pk, version=run.version, task=tasks.apply)
    run = run_job(run, applying.work)
    assert run.state == RunState.UNDONE
    assert [manager_of(one) for one in theirs] == [cast.outsider.pk, cast.manager.pk, cast.manager.pk]
    assert not WorkItem.objects.filter(kind="new_manager", state="open").exists()
    with pytest.raises(IllegalTransition):
        services.undo(actor=build.actor(cast.team_lead), now=NOW, run_id=run.pk, version=run.version, task=tasks.apply)


def test_a_chosen_colleague_gets_no_more_than_fits(cast: Cast) -> None:
    for _ in range(3):
        build.person(manager=cast.manager, unit=cast.pudong)
    staff.set_capacity(actor=build.actor(cast.team_lead), now=NOW, user_id=cast.colleague.pk, most=1)
    run = hand_over(cast.team_lead, cast.manager, kind=RunKind.HAND_OVER, target_id=cast.colleague.pk)
    # Customers without a tier weigh one half: two fit into a capacity of one.
    assert (run.summary["assigned"], run.summary["unassigned"]) == (2, 1)
    assert queries.unassigned(build.actor(cast.team_lead), run.pk)[0][::2] == (Reason.ALL_FULL, 1)
    with pytest.raises(StaleState):
        services.confirm(
            actor=build.actor(cast.team_lead), now=NOW, run_id=run.pk, version=run.version - 1, task=tasks.apply
        )
    services.drop(actor=build.actor(cast.team_lead), now=NOW, run_id=run.pk, version=run.version)
    assert not Decision.objects.exists() and Run.objects.get().state == RunState.DROPPED


def test_a_plan_ends_at_the_border_of_whoever_makes_it(cast: Cast) -> None:
    here, there = build.person(unit=cast.pudong), build.person(unit=cast.nanjing)
    run = services.plan_allocation(
        actor=build.actor(cast.branch_manager), now=NOW, task=tasks.plan, unit_id=cast.shanghai.pk
    )
    run = confirmed(run_job(run, planning.work), cast.branch_manager)
    assert manager_of(here) is not None and manager_of(there) is None
    with pytest.raises(Refused):
        services.plan_allocation(
            actor=build.actor(cast.branch_manager), now=NOW, task=tasks.plan, unit_id=cast.nanjing.pk
        )
    with pytest.raises(ManagerNotFound):
        hand_over(cast.team_lead, cast.outsider)
    with pytest.raises(Refused):
        hand_over(cast.team_lead, cast.manager, target_id=cast.outsider.pk)
    with pytest.raises(NotPermitted):
        hand_over(cast.manager, cast.manager)
    other = build.user(role="team_lead", unit=cast.nanjing)  # type: ignore[arg-type]
    with pytest.raises(RunNotFound):
        queries.get_run(build.actor(other), run.pk)


def test_a_deputy_has_the_customers_for_the_time_and_gives_them_back(cast: Cast) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong)
    lead = build.actor(cast.team_lead)
    given: dict[str, Any] = {"user_id": cast.manager.pk, "deputy_id": cast.colleague.pk, "cause": "leave"}
    absences.announce(actor=lead, now=NOW, first=TODAY, last=TODAY + timedelta(days=6), **given)
    assert manager_of(party) == cast.colleague.pk
    assert queries.custodian_of(build.actor(cast.colleague), party.ref).deputy_of == "顾宁"
    # While away nobody gets anybody; a new one goes to the colleague.
    new = build.person(unit=cast.pudong)
    services.automatic(actor=SYSTEM, now=NOW)
    assert manager_of(new) == cast.colleague.pk
    with pytest.raises(Refused):
        absences.announce(actor=lead, now=NOW, first=TODAY, last=TODAY, **given)
    services.nightly(actor=SYSTEM, now=NOW + timedelta(days=6))
    assert manager_of(party) == cast.colleague.pk
    services.nightly(actor=SYSTEM, now=NOW + timedelta(days=7))
    assert (manager_of(party), manager_of(new)) == (cast.manager.pk, cast.colleague.pk)
    (one,) = queries.list_absences(lead)
    assert (one.state, one.customers) == ("over", 0)


def test_the_pool_takes_back_whom_nobody_contacts_and_gives_to_who_asks(cast: Cast) -> None:
    old = build.person(manager=cast.manager, unit=cast.pudong, created_at=NOW - timedelta(days=400))
    held = build.person(manager=cast.manager, unit=cast.pudong, created_at=NOW - timedelta(days=400))
    for party in (old, held):
        Custody.objects.create(party=party, manager=cast.manager, from_at=NOW - timedelta(days=200))
    Standing.objects.create(party=held, active_policies=1, run_id=uuid7())
    assert services.nightly(actor=SYSTEM, now=NOW)["recycled"] == 1
    assert (manager_of(old), manager_of(held)) == (None, cast.manager.pk)
    waiting = Waiting.objects.get()
    assert (waiting.cause, waiting.last_manager_id) == (Cause.RECYCLED, cast.manager.pk)
    assert services.automatic(actor=SYSTEM, now=NOW)["assigned"] == 0, "what came back is for people to take"
    me, other = build.actor(cast.colleague), build.actor(cast.outsider)
    (shown,) = queries.list_waiting(me).rows
    assert shown.name == "王*明" and shown.ref == "" and queries.list_waiting(other).rows == ()
    with pytest.raises(Refused):
        services.claim(actor=me, now=NOW, waiting_ids=[])
    assert services.claim(actor=other, now=NOW, waiting_ids=[waiting.pk]) == 0
    assert services.claim(actor=me, now=NOW, waiting_ids=[waiting.pk]) == 1
    assert manager_of(old) == cast.colleague.pk and not Waiting.objects.exists()
    assert services.claim(actor=me, now=NOW, waiting_ids=[waiting.pk]) == 0
    assert queries.custodian_of(me, old.ref).text


def test_workload_is_weighted_and_ends_at_the_reach(cast: Cast) -> None:
    for tier in ("supreme", "gold", ""):
        party = build.person(manager=cast.manager, unit=cast.pudong)
        Standing.objects.create(party=party, tier=tier, run_id=uuid7())
    build.person(manager=cast.outsider, unit=cast.nanjing)
    staff.set_capacity(actor=build.actor(cast.team_lead), now=NOW, user_id=cast.manager.pk, most=10)
    rows = queries.workload(build.actor(cast.team_lead), now=NOW)
    assert [(one.name, one.customers, one.weight, one.share) for one in rows] == [
        ("顾宁", 3, 70_000, 7_000), ("沈悦", 0, 0, 0),
    ]  # fmt: skip
    assert [one.name for one in queries.workload(build.actor(cast.manager), now=NOW)] == ["顾宁"]
    everybody = queries.workload(build.actor(cast.head_office), now=NOW)
    assert {one.name for one in everybody} == {"顾宁", "沈悦", "钱进"}
    assert {one.name: one.customers for one in queries.by_unit(everybody)} == {"浦东支公司": 3, "南京分公司": 1}
    assert queries.total_of(everybody).customers == 4
    with pytest.raises(ManagerNotFound):
        queries.load_of(build.actor(cast.team_lead), cast.outsider.pk, now=NOW)
    staff.set_capacity(actor=build.actor(cast.team_lead), now=NOW, user_id=cast.manager.pk, most=None)
    assert queries.load_of(build.actor(cast.manager), cast.manager.pk, now=NOW).capacity == 400 * 10_000


def test_one_assistant_per_line_with_history(cast: Cast) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong)
    me = build.actor(cast.manager)
    with pytest.raises(Refused):
        staff.name_assistant(actor=me, now=NOW, ref=party.ref, line="life", user_id=cast.outsider.pk)
    for user in (cast.colleague, cast.team_lead):
        staff.name_assistant(actor=me, now=NOW, ref=party.ref, line="life", user_id=user.pk)
    (one,) = queries.custodian_of(me, party.ref).assistants
    assert (one.line, one.name) == ("life", "何立") and Assistant.objects.count() == 2
    staff.end_assistance(actor=me, now=NOW, ref=party.ref, item=one.id)
    assert queries.custodian_of(me, party.ref).assistants == ()
    with pytest.raises(CustomerNotFound):
        queries.custodian_of(build.actor(cast.outsider), party.ref)


def test_a_gold_customer_gets_the_gold_package_and_what_was_given_counts(cast: Cast) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong)
    Standing.objects.create(party=party, tier="gold", abc="A", run_id=uuid7())
    me = build.actor(cast.manager)
    found = queries.package_of(me, party.ref, now=NOW)
    times = {one.code: one.times for one in found.items}
    assert times["visit"] == 2 and times["roadside"] == 2 and "checkup" not in times
    given = packages.give(actor=me, now=NOW, ref=party.ref, item="roadside", given_on=TODAY)
    packages.give(actor=me, now=NOW, ref=party.ref, item="checkup", given_on=TODAY, note="赠送")
    found = queries.package_of(me, party.ref, now=NOW)
    roadside = next(one for one in found.items if one.code == "roadside")
    assert (roadside.given, roadside.left, roadside.last_on) == (1, 1, TODAY)
    assert [one.code for one in found.beyond] == ["checkup"] and found.spent_fen == 78_000
    usage = queries.usage_of([party.pk], first=date(2026, 1, 1), last=TODAY)[party.pk]
    assert (usage.times, usage.cost_fen) == (2, 78_000)
    for wrong in ({"item": "nothing"}, {"given_on": TODAY + timedelta(days=1)}):
        with pytest.raises(Refused):
            packages.give(**{"actor": me, "now": NOW, "ref": party.ref, "item": "visit", "given_on": TODAY, **wrong})  # type: ignore[arg-type]
    with pytest.raises(CustomerNotFound):
        packages.take_back(actor=build.actor(cast.outsider), now=NOW, given_id=given)
    packages.take_back(actor=me, now=NOW, given_id=given)
    assert Given.objects.count() == 1
    gold = next(one for one in queries.catalogue(me, on=TODAY).tiers if one.tier == "gold")
    assert gold.customers == 1 and gold.cost_fen > 0


def test_an_assistant_opens_the_file_while_they_help_and_does_what_is_the_managers_not(cast: Cast) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong)
    other = build.person(manager=cast.manager, unit=cast.pudong)
    helper = build.actor(cast.colleague)
    with pytest.raises(CustomerNotFound):
        customers.get_party(helper, party.ref)
    staff.name_assistant(
        actor=build.actor(cast.manager), now=NOW, ref=party.ref, line="motor", user_id=cast.colleague.pk
    )
    assert customers.get_party(helper, party.ref) == party
    assert [row.ref for row in customers.list_customers(helper, today=TODAY).rows] == [party.ref]
    assert [row.ref for row in customers.find_customers(helper, party.name).rows] == [party.ref]
    assert files.load(helper, party.ref, today=TODAY).ref == party.ref
    assert customers.reached_of(helper, [party.pk, other.pk], "portfolio.view") == {party.pk}
    assert not customers.reaches(helper, party.pk, "managers.assist"), "who helps names no further helpers"
    exports = [code for code in permissions.registered() if code.endswith(".export") and code != "audit.export"]
    wide = replace(helper, grants={**helper.grants, **dict.fromkeys(exports, Scope.OWN)})
    assert "renewals.export" in exports
    assert not [one for one in exports if customers.reached_of(wide, [party.pk], one)], "nor takes the file out"
    for ref in (other.ref, party.ref):
        with pytest.raises(CustomerNotFound):
            staff.name_assistant(actor=helper, now=NOW, ref=ref, line="life", user_id=cast.manager.pk)
    staff.end_assistance(actor=build.actor(cast.manager), now=NOW, ref=party.ref, item=Assistant.objects.get().pk)
    with pytest.raises(CustomerNotFound):
        customers.get_party(helper, party.ref)


def test_by_hand_nobody_is_loaded_above_capacity_unless_somebody_who_may_says_so(cast: Cast) -> None:
    staff.set_capacity(actor=build.actor(cast.team_lead), now=NOW, user_id=cast.colleague.pk, most=1)
    # Customers without a tier weigh half an average one.
    for _ in range(2):
        build.person(manager=cast.colleague, unit=cast.pudong)
    party = build.person(manager=cast.manager, unit=cast.pudong)
    given: dict[str, Any] = {"ref": party.ref, "manager_id": cast.colleague.pk, "version": 1, "reason": "客户要求"}
    with pytest.raises(custody.NoRoom) as full:
        keeping.assign_manager(actor=build.actor(cast.team_lead), now=NOW, **given)
    assert full.value.room.load_after == 150
    staff.set_capacity(actor=build.actor(cast.team_lead), now=NOW, user_id=cast.colleague.pk, most=0)
    rooms = staff.rooms_of({cast.colleague.pk: [party.pk]}, NOW)
    assert rooms == {cast.colleague.pk: custody.Room(customers=0, load_after=None)}
    with pytest.raises(NotPermitted):
        keeping.assign_manager(actor=build.actor(cast.team_lead), now=NOW, is_beyond=True, **given)
    leader = build.actor(cast.branch_manager)
    narrow = replace(leader, grants={**leader.grants, custody.BEYOND: Scope.OWN})
    with pytest.raises(NotPermitted):
        keeping.assign_manager(actor=narrow, now=NOW, is_beyond=True, **given)
    keeping.assign_manager(actor=leader, now=NOW, is_beyond=True, **given)
    assert manager_of(party) == cast.colleague.pk
    assert Entry.objects.filter(detail__fields__contains="beyond_capacity").count() == 1


def test_a_plan_gives_no_more_than_there_is_room_for_when_it_is_carried_out(cast: Cast) -> None:
    staff.set_capacity(actor=build.actor(cast.team_lead), now=NOW, user_id=cast.colleague.pk, most=1)
    for _ in range(2):
        build.person(manager=cast.manager, unit=cast.pudong)
    run = hand_over(cast.team_lead, cast.manager, kind=RunKind.HAND_OVER, target_id=cast.colleague.pk)
    assert run.summary["assigned"] == 2
    came = build.person(manager=cast.colleague, unit=cast.pudong)
    run = confirmed(run, cast.team_lead)
    assert (run.summary["applied"], run.summary["skipped"]) == (1, 1)
    assert Party.objects.filter(manager=cast.colleague).exclude(pk=came.pk).count() == 1


def test_customers_given_in_bulk_stop_where_the_room_ends(cast: Cast) -> None:
    staff.set_capacity(actor=build.actor(cast.team_lead), now=NOW, user_id=cast.colleague.pk, most=1)
    people = [build.person(manager=cast.manager, unit=cast.pudong) for _ in range(3)]
    job = bulk.start(
        actor=build.actor(cast.team_lead), now=NOW, action=bulk.Action.ASSIGN, manager_id=cast.colleague.pk,
        selection=bulk.Selection(refs=tuple(one.ref for one in people)), task=tasks.apply, title="x",
    )  # fmt: skip
    jobs.run(job.id, bulk.work, clock=lambda: NOW)
    assert Party.objects.filter(manager=cast.colleague).count() == 2
    result = Job.objects.get(pk=job.id).result
    assert result["counts"] == {"changed": 2, "unchanged": 0, "failed": 1}
    (left,) = Party.objects.filter(manager=cast.manager)
    assert result["errors"] == [{"ref": left.ref, "reason": "no_room"}]


def test_who_manages_nobody_any_more_by_their_role_hands_over_what_they_still_have(cast: Cast) -> None:
    build.person(manager=cast.agent, unit=cast.pudong)
    nowhere = build.person(manager=cast.agent)
    run = hand_over(cast.branch_manager, cast.agent)
    assert (run.state, run.summary["assigned"], run.summary["unassigned"]) == (RunState.PLANNED, 1, 1)
    assert Decision.objects.get(party=nowhere).reason == Reason.NO_PLACE


def test_a_run_is_exported_with_the_customers_one_may_export(cast: Cast) -> None:
    mine = build.person(manager=cast.manager, unit=cast.pudong, name="=王")
    build.person(manager=cast.manager, unit=cast.pudong, name="李四")
    run = hand_over(cast.branch_manager, cast.manager)
    given: dict[str, Any] = {"now": NOW, "run_id": run.pk, "language": "zh-hans", "title": "x", "task": tasks.export}
    lead = build.actor(cast.branch_manager)
    with pytest.raises(NotPermitted):
        exporting.start(actor=build.actor(cast.team_lead), **given)
    with pytest.raises(RunNotFound):
        exporting.start(actor=build.actor(build.user(role=Role.BRANCH_MANAGER, unit=cast.nanjing)), **given)
    Party.objects.filter(name="李四").update(state="restricted")
    job = exporting.start(actor=lead, **given)
    assert jobs.run(job.id, exporting.work, clock=lambda: NOW)
    document = Job.objects.get(pk=job.id).document_id
    assert document is not None
    with documents.open_document(document) as source:
        head, line = source.read().decode("utf-8-sig").splitlines()
    assert head == "客户编号,姓名,保费等级,原客户经理,新客户经理,依据,状态"
    assert line.startswith(f"{mine.ref},'=王,,顾宁,沈悦,就近机构浦东支公司") and line.endswith("待执行")
