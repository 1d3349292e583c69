"""Complaints moved by people: who may, what is kept, what happens when two press at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.models import Request
from anxin.foundation.audit.models import Entry
from anxin.foundation.notices.models import Notice
from anxin.kernel import clock
from anxin.kernel.actor import NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.service.complaints import access, services
from anxin.service.complaints.data import ComplaintNotFound, Refused, State
from anxin.service.complaints.models import Complaint, Decision, Matter, Move, Responsibility
from anxin.service.complaints.queries import is_marketing_silent, opened, similar
from anxin.service.complaints.services import watching
from anxin.service.worklist import queries as worklist
from anxin.service.worklist.models import WorkItem
from tests import another, build, complaint_rivals
from tests.build import NOW, TODAY, Cast, complaints
from tests.build.complaints import Desk


@pytest.fixture
def who(cast: Cast) -> Desk:
    return complaints.desk(cast)


def test_a_complaint_goes_from_the_first_seat_to_the_archive(who: Desk, cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.shanghai)
    row = complaints.registered(who, party_ref=customer.ref)
    assert row.state == State.REGISTERED and row.due_at is not None and "13800006721" not in str(row.contact_sealed)
    row = complaints.taken_to(who, row, "archive")
    row.refresh_from_db()
    assert (row.state, row.outcome, row.validity, row.recovered_fen) == ("archived", "met", "valid", 2_364_850)
    assert [move.action for move in row.moves.order_by("number")] == ["register", *complaints.WAY]
    assert Entry.objects.filter(object_id=row.pk, action__startswith="complaints.").count() == 10
    assert Decision.objects.get().was_in_time and Responsibility.objects.get().department == "理赔部"
    assert Matter.objects.get().validity == "valid"
    # Each step left one work item, the last of them closed with it.
    assert not WorkItem.objects.filter(subject_id=row.pk, state="open").exists()
    assert row.silent_until == row.closed_date + timedelta(days=30) if row.closed_date else False
    assert is_marketing_silent(customer.pk, today=TODAY)
    assert not is_marketing_silent(customer.pk, today=TODAY + timedelta(days=40))
    seen = opened.open_complaint(build.actor(who.handler), row.ref, now=NOW)
    assert seen.contact == "138****6721" and len(seen.decisions) == 1


def test_the_work_list_names_the_step_in_the_language_of_the_reader(who: Desk) -> None:
    row = complaints.registered(who)
    key = WorkItem.objects.get(subject_id=row.pk, state="open").pk
    with translation.override("zh-hans"):
        (item,) = worklist.views_of([key])
    assert item.title == f"投诉 {row.ref}：待审核"
    with translation.override("en"):
        assert worklist.views_of([key])[0].title == f"Complaint {row.ref}: To be reviewed"


def test_nobody_approves_their_own_plan_and_the_plan_needs_another(who: Desk) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "propose_plan")
    with pytest.raises(Refused, match="another person"):
        services.move(actor=build.actor(who.reviewer), now=NOW, ref=row.ref, action="approve_plan", version=row.version)
    complaints.step(who, row, "approve_plan", NOW + timedelta(hours=6))
    assert Complaint.objects.get(pk=row.pk).state == State.APPROVED


def test_an_old_version_and_a_move_out_of_order_change_nothing(who: Desk) -> None:
    row = complaints.registered(who)
    reviewer = build.actor(who.reviewer)
    with pytest.raises(StaleState):
        services.move(actor=reviewer, now=NOW, ref=row.ref, action="review", version=7)
    with pytest.raises(IllegalTransition):
        services.move(actor=reviewer, now=NOW, ref=row.ref, action="archive", version=row.version)
    assert Move.objects.filter(complaint=row).count() == 1


def test_only_those_of_the_unit_and_their_own_see_a_complaint(who: Desk, cast: Cast) -> None:
    row = complaints.registered(who)
    for user in (who.seat, who.handler, who.reviewer, cast.branch_manager, cast.head_office):
        assert access.get_complaint(build.actor(user), row.ref).pk == row.pk
    for user in (cast.manager, cast.outsider):
        with pytest.raises(ComplaintNotFound):
            access.get_complaint(build.actor(user), row.ref)
    with pytest.raises(NotPermitted):
        services.move(actor=build.actor(cast.auditor), now=NOW, ref=row.ref, action="review", version=1)


def test_twenty_people_make_it_major_and_more_than_five_do_not_speak(who: Desk) -> None:
    row = complaints.registered(who, people_count=20, representatives=5)
    assert (row.severity, row.bearing) == ("major", "joint")
    with pytest.raises(Refused):
        complaints.registered(who, people_count=20, representatives=6)


def test_the_same_customer_again_counts_as_repeated_and_is_found_while_typing(who: Desk, cast: Cast) -> None:
    customer = build.person(manager=cast.manager, unit=cast.shanghai)
    first = complaints.registered(who, party_ref=customer.ref)
    again = complaints.registered(who, party_ref=customer.ref, now=NOW + timedelta(days=3))
    assert again.severity == "repeated" and again.repeats_id == first.pk
    found = similar.find_similar(build.actor(who.seat), now=NOW + timedelta(days=4), party_ref=customer.ref)
    assert [one.pk for one in found] == [again.pk, first.pk]


def test_a_merge_needs_an_open_complaint_and_ends_the_other(who: Desk) -> None:
    one, other = complaints.registered(who), complaints.registered(who)
    reviewer = build.actor(who.reviewer)
    with pytest.raises(Refused):
        services.move(
            actor=reviewer, now=NOW, ref=one.ref, action="merge", version=1, facts={"into": one.ref, "why": "重复"}
        )
    merged = services.move(
        actor=reviewer, now=NOW, ref=one.ref, action="merge", version=1, facts={"into": other.ref, "why": "重复"}
    )
    assert (merged.state, merged.merged_into_id) == (State.MERGED, other.pk)


def test_a_first_extension_is_granted_by_another_and_moves_the_statutory_day(who: Desk) -> None:
    from anxin.foundation.approvals import services as approvals

    row = complaints.taken_to(who, complaints.registered(who), "dispatch")
    due = row.due_at
    asked = services.ask_extension(
        actor=build.actor(who.handler), now=NOW + timedelta(days=1), ref=row.ref, version=row.version,
        why="需调取住院病历", told_how="10:20 电话告知投诉人",
    )  # fmt: skip
    approvals.approve(
        actor=build.actor(who.reviewer),
        now=NOW + timedelta(days=1, hours=1),
        request_id=asked.id,
        version=asked.version,
    )
    row.refresh_from_db()
    assert due is not None and row.due_at == due + timedelta(days=15)


def test_the_database_keeps_an_archive_without_proof_out(who: Desk) -> None:
    row = complaints.registered(who)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=row.pk).update(state=State.ARCHIVED)


def test_late_steps_ring_once(who: Desk) -> None:
    complaints.taken_to(who, complaints.registered(who), "dispatch")
    later = NOW + timedelta(days=20)
    assert watching.warn(now=later) > 0
    assert watching.warn(now=later) == 0


def test_a_step_late_for_longer_than_the_scheme_allows_goes_up_by_itself_and_once(who: Desk) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "dispatch")
    due = row.target_due_at
    assert due is not None and watching.escalate(now=due + timedelta(minutes=1)) == 0
    assert watching.escalate(now=due + timedelta(days=1)) == 1 and watching.escalate(now=due + timedelta(days=1)) == 0
    row.refresh_from_db()
    move = row.moves.order_by("-number")[0]
    assert row.is_escalated and (move.action, move.actor_id) == ("escalate", None) and "4 个工作小时" in move.why
    # A decision that was told goes up no more.
    told = complaints.taken_to(who, complaints.registered(who), "notify")
    assert told.target_due_at is not None
    assert watching.escalate(now=told.target_due_at + timedelta(days=9)) == 0


def test_a_rectification_is_verified_by_another_than_its_owner(who: Desk) -> None:
    row = complaints.taken_to(who, complaints.registered(who), "feed_back")
    reviewer, above = build.actor(who.reviewer), build.actor(who.above)
    made = services.open_rectification(
        actor=reviewer, now=NOW, title="补件通知降级", root_cause="通知渠道无降级", measures="增加短信", refs=[row.ref],
        due_date=TODAY + timedelta(days=30),
    )  # fmt: skip
    done = services.finish_rectification(actor=reviewer, now=NOW, rectification_id=made.pk, version=1, result="已上线")
    with pytest.raises(NotPermitted):
        services.verify_rectification(
            actor=reviewer, now=NOW, rectification_id=made.pk, version=done.version, is_good=True, note="抽查"
        )
    checked = services.verify_rectification(
        actor=above, now=NOW, rectification_id=made.pk, version=done.version, is_good=True, note="抽查十件"
    )
    assert checked.state == "verified"


def together(user: Any, ref: str, folder: Path, *, guarded: bool) -> list[str]:
    connection.close()
    meeting = folder / ref
    meeting.mkdir()
    with ThreadPoolExecutor(complaint_rivals.RIVALS) as pool:
        waiting = [
            pool.submit(another.answer, complaint_rivals.review, user.pk, ref, str(meeting), guarded)
            for _ in range(complaint_rivals.RIVALS)
        ]
        return [one.result() for one in waiting]


@pytest.mark.django_db(transaction=True)
def test_a_move_sent_by_four_processes_is_one_history_row_and_one_notice(who: Desk, tmp_path: Path) -> None:
    row = complaints.registered(who)
    before = Notice.objects.count()
    said = together(who.reviewer, row.ref, tmp_path, guarded=True)
    assert sorted(said) == ["StaleState"] * 3 + ["done"]
    assert Move.objects.filter(complaint=row, action="review").count() == 1
    assert Notice.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_a_move_is_written_by_everybody_who_sent_it(who: Desk, tmp_path: Path) -> None:
    row = complaints.registered(who)
    before = Notice.objects.count()
    said = together(who.reviewer, row.ref, tmp_path, guarded=False)
    assert said == ["done"] * 4
    assert Move.objects.filter(complaint=row, action="review").count() == 4
    assert Notice.objects.count() > before + 1


def _all_moves(who: Desk, user: Any) -> list[complaint_rivals.Step]:
    """Every move a page offers, from the review to the plan, as forms."""
    later = f"{clock.now() + timedelta(days=2):%Y-%m-%d %H:%M}"
    unit, handler = str(who.unit_id), str(who.handler.pk)
    told = {"why": "已电话告知", "told_how": "电话"}
    moves = (
        ("send_back", {"why": "缺材料"}), ("complete", {"why": "已补"}),
        ("review", {"severity": "plain", "cause": "claim"}), ("dispatch", {"unit_id": unit, "handler_id": handler}),
        ("supplement", {"why": "新情况"}), ("supervise", {"why": "请加快", "due_at": later}),
        ("answer_supervision", {"why": "已办"}), ("escalate", {"why": "久拖"}),
        ("declare_major", {"bearing": "designated", "why": "指定"}), ("appraise", told), ("resume", {"why": "完"}),
        ("redispatch", {"handler_id": handler, "why": "休假"}),
        ("feed_back", {"cause": "claim", "findings": "属实", "validity": "valid", "responsible_unit_id": unit,
                       "degree": "main"}),
        ("propose_plan", {"outcome": "met", "measures": "赔付"}),
    )  # fmt: skip
    return [(user.pk, action, form) for action, form in moves]


def _closing_moves(user: Any) -> list[complaint_rivals.Step]:
    """From the approved plan to the archive, checked once, reopened, withdrawn."""
    now = f"{clock.now():%Y-%m-%d %H:%M}"
    moves = (
        ("notify", {"finding": "属实", "basis": "条款", "remedies": "核查", "way": "sms", "delivered_at": now,
                    "proof": "回执"}),
        ("ask_check", {"why": "书面申请"}), ("uphold", {"why": "维持"}), ("execute", {"why": "已付"}),
        ("call_back", {"satisfaction": "4"}), ("archive", {"why": "总结"}), ("reopen", {"why": "新证据"}),
        ("withdraw", {"why": "来电撤回"}),
    )  # fmt: skip
    return [(user.pk, action, form) for action, form in moves]


def pressed(steps: list[complaint_rivals.Step], ref: str, folder: Path, *, guarded: bool) -> list[list[int]]:
    """The answers to each step, by two servers."""
    connection.close()
    folder.mkdir()
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(another.answer, complaint_rivals.press, steps, ref, str(folder), place, guarded, seconds=300)
            for place in range(2)
        ]
        return [sorted(answers) for answers in zip(*(one.result() for one in waiting), strict=True)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_move_sent_twice_over_http_to_two_servers_is_made_once(who: Desk, tmp_path: Path) -> None:
    row = complaints.registered(who, now=clock.now() - timedelta(days=1))
    first, last = _all_moves(who, who.above), _closing_moves(who.above)
    assert pressed(first, row.ref, tmp_path / "a", guarded=True) == [[302, 409]] * len(first)
    waiting = Request.objects.get(subject_id=row.pk, state="pending")
    approvals.approve(actor=build.actor(who.reviewer), now=clock.now(), request_id=waiting.pk, version=waiting.version)
    assert pressed(last, row.ref, tmp_path / "b", guarded=True) == [[302, 409]] * len(last)
    made = list(Move.objects.filter(complaint=row).order_by("number").values_list("action", flat=True))
    assert made == ["register", *(step[1] for step in first), "approve_plan", *(step[1] for step in last)]
    # One work item and one round of notices for each step; the notice of the decision is kept once.
    keys = list(Notice.objects.filter(url=f"/complaints/{row.ref}/").values_list("user", "dedupe_key"))
    assert len(keys) == len(set(keys)) and Decision.objects.filter(complaint=row).count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_guard_moves_over_http_are_made_twice(who: Desk, tmp_path: Path) -> None:
    row = complaints.registered(who, now=clock.now() - timedelta(days=1))
    steps = _all_moves(who, who.above)[2:3]
    assert pressed(steps, row.ref, tmp_path / "a", guarded=False) == [[302, 302]]
    assert Move.objects.filter(complaint=row, action="review").count() == 2
