"""Merging two files and taking them apart: what follows, what stays, what survives, who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from anxin.book.customers import access as customer_access
from anxin.book.customers.data import CustomerNotFound
from anxin.book.customers.models import Consent, Note, Party, Relation
from anxin.book.customers.services import parties
from anxin.book.matching.data import Decision
from anxin.book.matching.models import Candidate, Golden, Merge
from anxin.book.matching.queries import history
from anxin.book.matching.services import deciding, merging, separating
from anxin.book.matching.services.merging import CannotMerge, Order
from anxin.book.matching.services.separating import CannotSeparate
from anxin.foundation.audit.models import Entry
from anxin.foundation.notices.models import Notice
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import StaleState
from tests.build import Cast, files, people, portfolio
from tests.build.people import NOW

SYSTEM = Actor.system("test")


def merge(survivor: Party, loser: Party, **more: Any) -> Merge:
    key = merging.merge(actor=SYSTEM, now=NOW, survivor_ref=survivor.ref, loser_ref=loser.ref, **more)
    return Merge.objects.get(pk=key)


def separate(one: Merge) -> None:
    separating.unmerge(actor=SYSTEM, now=NOW, merge_id=one.pk)


@pytest.mark.django_db
def test_rows_follow_and_the_old_number_leads_on() -> None:
    one, other = people.person(name="王小明"), people.person(name="王晓明")
    policy = portfolio.policy(holder=other)
    Note.objects.create(party=other, text="回访", created_at=NOW)
    merge(one, other)
    policy.refresh_from_db()
    assert policy.holder_id == one.pk and one.notes.count() == 1
    assert customer_access.get_party(SYSTEM, other.ref).pk == one.pk
    assert not Notice.objects.exists()
    assert set(Entry.objects.values_list("action", flat=True)) == {"matching.merge", "matching.merge_into"}


@pytest.mark.django_db
def test_what_came_goes_back_and_what_came_later_stays() -> None:
    one, other = people.person(), people.person()
    theirs = portfolio.policy(holder=other)
    done = merge(one, other)
    later = portfolio.policy(holder=one)
    separate(done)
    theirs.refresh_from_db()
    later.refresh_from_db()
    assert (theirs.holder_id, later.holder_id) == (other.pk, one.pk)


@pytest.mark.django_db
def test_merges_of_a_chain_are_undone_in_any_order() -> None:
    first, second, third = people.person(), people.person(), people.person()
    policies = [portfolio.policy(holder=one) for one in (first, second, third)]
    lower = merge(second, third)
    upper = merge(first, second)
    assert set(Party.objects.filter(state="merged").values_list("replaced_by", flat=True)) == {first.pk}
    separate(lower)
    for policy in policies:
        policy.refresh_from_db()
    assert [one.holder_id for one in policies] == [first.pk, first.pk, third.pk]
    separate(upper)
    policies[1].refresh_from_db()
    assert policies[1].holder_id == second.pk


@pytest.mark.django_db
def test_the_later_answer_of_a_customer_holds() -> None:
    one, other = people.person(), people.person()
    files.consent(one, is_given=True, days=30)
    files.consent(other, is_given=False, days=2)
    done = merge(one, other)
    assert [row.is_given for row in Consent.objects.filter(party=one)] == [False]
    separate(done)
    assert [row.is_given for row in Consent.objects.filter(party=one)] == [True]


@pytest.mark.django_db
def test_a_relation_between_the_two_waits_on_the_shelf() -> None:
    one, other = people.person(), people.person()
    files.relation(one, other, "friend")
    before = Relation.objects.values().get()
    done = merge(one, other)
    assert not Relation.objects.exists()
    separate(done)
    assert Relation.objects.values().get() == before


@pytest.mark.django_db
def test_values_survive_by_rule_and_an_edit_after_the_merge_stays() -> None:
    one = people.person(name="王小明", employer="甲公司", provenance={"employer": ["crm", "2025-01-01"]})
    other = people.person(
        name="王小明", employer="乙公司", education="bachelor", provenance={"employer": ["core", "2026-05-01"]}
    )
    done = merge(one, other)
    one.refresh_from_db()
    assert (one.employer, one.education, one.provenance["employer"]) == ("乙公司", "bachelor", ["core", "2026-05-01"])
    why = Golden.objects.get(party=one).why["employer"]
    assert (why["rule"], why["s"], why["party"]) == ("recent", "core", str(other.pk))
    parties.edit_customer(
        actor=SYSTEM, now=NOW, ref=one.ref, version=one.version, changes={"occupation": "教师"},
    )  # fmt: skip
    separate(done)
    one.refresh_from_db()
    assert (one.employer, one.education, one.occupation) == ("甲公司", "", "教师")


@pytest.mark.django_db
def test_a_value_chosen_by_hand_is_kept() -> None:
    one = people.person(employer="甲公司", provenance={"employer": ["crm", "2025-01-01"]})
    other = people.person(employer="乙公司", provenance={"employer": ["core", "2026-05-01"]})
    merge(one, other, chosen={"employer": one.pk})
    one.refresh_from_db()
    assert one.employer == "甲公司"


@pytest.mark.django_db
def test_whoever_saw_an_older_version_is_told() -> None:
    one, other = people.person(), people.person()
    Party.objects.filter(pk=other.pk).update(version=2)
    with pytest.raises(StaleState):
        merge(one, other, survivor_version=1, loser_version=1)
    assert Party.objects.filter(state="active").count() == 2


@pytest.mark.django_db
def test_a_circle_and_oneself_and_another_kind_are_refused() -> None:
    one, other, company = people.person(), people.person(), people.organisation()
    for survivor, loser in ((one, one), (one, company)):
        with pytest.raises(CannotMerge):
            merge(survivor, loser)
    circle = [Order(survivor=one.pk, loser=other.pk), Order(survivor=other.pk, loser=one.pk)]
    with pytest.raises(CannotMerge):
        merging.merge_set(actor=SYSTEM, now=NOW, orders=circle, origin="bulk")  # type: ignore[arg-type]
    done = merge(one, other)
    separate(done)
    with pytest.raises(CannotSeparate):
        separate(done)


def test_both_files_must_be_within_reach(cast: Cast) -> None:
    mine = people.person(unit=cast.pudong)
    theirs = people.person(unit=cast.nanjing)
    branch = people.actor(cast.branch_manager)
    with pytest.raises(CustomerNotFound):
        merging.merge(actor=branch, now=NOW, survivor_ref=mine.ref, loser_ref=theirs.ref)
    with pytest.raises(NotPermitted):
        merging.merge(actor=people.actor(cast.agent), now=NOW, survivor_ref=mine.ref, loser_ref=theirs.ref)
    near = people.person(unit=cast.pudong)
    merging.merge(actor=branch, now=NOW, survivor_ref=mine.ref, loser_ref=near.ref, reason="同一人")
    assert [row.by for row in history.of_customer(branch, mine.ref)] == ["林峰"]


def test_a_judgement_that_they_are_two_holds_for_all_that_was_merged_since(cast: Cast) -> None:
    one, other, third = people.person(), people.person(), people.person()
    left, right = sorted((one, other), key=lambda party: party.pk)
    pair = Candidate.objects.create(left=left, right=right, weight=5, created_at=NOW)
    steward = people.actor(cast.steward)
    deciding.decide(actor=steward, now=NOW, candidate_id=pair.pk, version=1, decision=Decision.DIFFERENT)
    merge(third, other)
    with pytest.raises(CannotMerge):
        merge(one, third)
    with pytest.raises(StaleState):
        deciding.decide(actor=steward, now=NOW, candidate_id=pair.pk, version=1, decision=Decision.MERGE)


def test_a_decision_is_taken_back_with_its_merge(cast: Cast) -> None:
    one, other = people.person(), people.person()
    pair = Candidate.objects.create(left=one, right=other, weight=5, created_at=NOW)
    steward = people.actor(cast.steward)
    deciding.decide(
        actor=steward, now=NOW, candidate_id=pair.pk, version=1, decision=Decision.MERGE, survivor_ref=other.ref
    )
    one.refresh_from_db()
    assert one.replaced_by_id == other.pk
    pair.refresh_from_db()
    deciding.decide(actor=steward, now=NOW, candidate_id=pair.pk, version=pair.version, decision=Decision.REOPEN)
    one.refresh_from_db()
    pair.refresh_from_db()
    assert (one.state, pair.state) == ("active", "open")


@pytest.mark.django_db
def test_what_an_import_said_after_the_merge_leaves_with_its_source() -> None:
    one = people.person(source="crm", employer="甲公司")
    other = people.person(source="core")
    files.record(one, "crm")
    files.record(other, "core")
    done = merge(one, other)
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    Party.objects.filter(pk=one.pk).update(
        employer="丙公司",
        birth_date=date(1986, 2, 22),
        provenance={"employer": ["core", tomorrow], "birth_date": ["core", tomorrow]},
    )
    separate(done)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.employer, one.birth_date) == ("甲公司", None)
    assert (other.employer, other.birth_date) == ("丙公司", date(1986, 2, 22))


def test_a_decision_that_was_asked_for_follows_the_customer(cast: Cast) -> None:
    from anxin.foundation.approvals.models import Request

    one, other = people.person(), people.person()
    wanted = Request.objects.create(
        kind="rights.erase", subject_kind="party", subject_id=other.pk, subject_ref=other.ref, summary="删除",
        reason="本人申请", asked_by=cast.steward, asked_at=NOW, expires_at=NOW + timedelta(days=7),
    )  # fmt: skip
    done = merge(one, other)
    wanted.refresh_from_db()
    assert wanted.subject_id == one.pk
    separate(done)
    wanted.refresh_from_db()
    assert wanted.subject_id == other.pk
