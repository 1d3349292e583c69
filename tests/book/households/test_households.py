"""Households found, confirmed, refused, changed and counted, on the real database."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.book.customers.models import Address, Party, Relation, Standing
from anxin.book.households import queries, services
from anxin.book.households.data import HouseholdNotFound, HouseholdRejected, Inferred, ProposalState
from anxin.book.households.models import Household, Membership, Proposal, Refusal
from anxin.book.portfolio.models import PolicyRole
from anxin.foundation.audit.models import Entry
from anxin.foundation.intake.events import BatchFinished
from anxin.kernel import outbox
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from tests import build
from tests import outbox as delivered
from tests.build import NOW, TODAY, Cast, contracts

SYSTEM = Actor.system("nightly")
HOME = "上海市浦东新区世纪大道100号2栋301室"


def infer() -> Inferred:
    return services.infer(actor=SYSTEM, now=NOW)


def at_home(*parties: Party, text: str = HOME) -> None:
    for party in parties:
        Address.objects.create(party=party, kind="home", text=text, source="test")


def family(cast: Cast, **fields: Any) -> tuple[Party, Party, Party]:
    """Husband, wife and daughter of 顾宁: one address, one phone for two of them."""
    where: dict[str, Any] = {"manager": cast.manager, "unit": cast.pudong, **fields}
    man = build.person(name="王建国", sex="M", birth_date=date(1980, 1, 1), mobile="13800001111", **where)
    wife = build.person(name="李梅", sex="F", birth_date=date(1982, 1, 1), mobile="13800001111", **where)
    child = build.person(name="王一诺", sex="F", birth_date=date(2012, 1, 1), **where)
    at_home(man, wife, child)
    return man, wife, child


def proposal() -> Proposal:
    return Proposal.objects.get(state=ProposalState.OPEN)


def accept(cast: Cast, **more: Any) -> Any:
    row = proposal()
    return services.accept(actor=build.actor(cast.manager), now=NOW, proposal_id=row.pk, version=row.version, **more)


def rows_written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables "
            "WHERE relname ~ '^households_'"
        )
        (count,) = cursor.fetchone()
    return int(count)


def test_a_family_is_proposed_with_its_evidence_and_confirmed_with_roles(cast: Cast) -> None:
    man, wife, child = family(cast)
    assert infer().new == 1
    seen = queries.list_proposals(build.actor(cast.manager), today=TODAY).rows[0]
    assert set(seen.kinds) == {"address", "phone", "surname"}
    assert {one.name: one.role for one in seen.candidates} == {"王建国": "head", "李梅": "spouse", "王一诺": "child"}
    household = queries.get_household(build.actor(cast.manager), accept(cast), today=TODAY)
    assert [(one.name, one.role) for one in household.members] == [
        ("王建国", "head"), ("李梅", "spouse"), ("王一诺", "child"),
    ]  # fmt: skip
    assert infer().new == 0
    assert {man.pk, wife.pk, child.pk} == set(Membership.objects.values_list("party_id", flat=True))
    assert Entry.objects.filter(action="households.accept").count() == 1


def test_a_second_run_writes_nothing_and_evidence_that_is_gone_withdraws(cast: Cast) -> None:
    family(cast)
    assert (infer().new, rows_written() > 0) == (1, True)
    before = rows_written()
    assert (infer().kept, rows_written()) == (1, before)
    Address.objects.all().delete()
    found = infer()
    assert (found.new, found.withdrawn) == (0, 1)  # the phone of two without the same surname is too little


def test_the_number_of_statements_does_not_depend_on_the_number_of_families(cast: Cast) -> None:
    counts = []
    for families in (2, 20):
        Proposal.objects.all().delete()
        Party.objects.all().delete()
        for number in range(families):
            at_home(
                *(build.person(name=f"赵{number}号{one}") for one in range(2)),
                text=f"南京市鼓楼区中山路{number}号301室",
            )
        with CaptureQueriesContext(connection) as statements:
            assert infer().kept + Proposal.objects.filter(state="open").count() >= families
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_an_agents_phone_and_a_dormitory_tie_nobody(cast: Cast) -> None:
    people = [build.person(name=f"张{number}三", mobile="13900002222") for number in range(8)]
    at_home(*people, text="上海市徐汇区漕宝路1号集体宿舍")
    assert infer().new == 0


def test_a_relation_or_a_policy_says_enough_by_itself(cast: Cast) -> None:
    man, wife = build.person(name="陈立"), build.person(name="周敏")
    Relation.objects.create(from_party=wife, to_party=man, kind="spouse", source="test", created_at=NOW)
    holder, insured = build.person(name="吴刚"), build.person(name="吴小刚", birth_date=date(2015, 1, 1))
    policy = contracts.policy(holder=holder, line="health")
    PolicyRole.objects.create(policy=policy, party=insured, role="insured", relation="子女")
    assert infer().new == 2


def test_a_refusal_is_remembered_also_when_a_file_is_merged_later(cast: Cast) -> None:
    man, _wife, _child = family(cast)
    infer()
    row = proposal()
    services.refuse(actor=build.actor(cast.manager), now=NOW, proposal_id=row.pk, version=row.version)
    assert Refusal.objects.count() == 3
    assert infer().new == 0
    twin = build.person(name="王建国", manager=cast.manager)
    at_home(twin)
    Party.objects.filter(pk=man.pk).update(state="merged", replaced_by=twin)
    assert infer().new == 0


def test_who_is_left_out_does_not_belong_and_is_not_proposed_again(cast: Cast) -> None:
    man, wife, _child = family(cast)
    infer()
    accept(cast, chosen={man.pk: "head", wife.pk: "spouse"})
    assert infer().new == 0
    assert Refusal.objects.count() == 2


def test_somebody_new_at_the_address_is_proposed_to_join(cast: Cast) -> None:
    _man, *_rest = family(cast)
    infer()
    household = accept(cast)
    granny = build.person(name="王桂英", birth_date=date(1950, 1, 1), manager=cast.manager)
    at_home(granny)
    assert infer().new == 1
    seen = queries.list_proposals(build.actor(cast.manager), today=TODAY).rows[0]
    assert (seen.household_id, seen.household_head) == (household, "王建国")
    assert {one.name: one.role for one in seen.candidates}["王桂英"] == "parent"
    assert accept(cast) == household
    assert Membership.objects.filter(household=household, until_date=None).count() == 4


def test_a_decision_is_made_once(cast: Cast) -> None:
    family(cast)
    infer()
    row = proposal()
    accept(cast)
    with pytest.raises(StaleState):
        services.refuse(actor=build.actor(cast.manager), now=NOW, proposal_id=row.pk, version=row.version)
    with pytest.raises(HouseholdNotFound):
        services.accept(actor=build.actor(cast.outsider), now=NOW, proposal_id=row.pk, version=1)


def test_members_out_of_reach_are_masked_counted_and_not_summed(cast: Cast) -> None:
    man, wife, _child = family(cast)
    Party.objects.filter(pk=wife.pk).update(manager=cast.outsider, unit=cast.nanjing)
    run = uuid4()
    for party, premium in ((man, 100), (wife, 900)):
        Standing.objects.create(party=party, annual_premium_fen=premium, active_policies=1, run_id=run)
    infer()
    with pytest.raises(HouseholdRejected):
        accept(cast)
    row = proposal()
    household = services.accept(actor=build.actor(cast.steward), now=NOW, proposal_id=row.pk, version=row.version)
    seen = queries.get_household(build.actor(cast.manager), household, today=TODAY)
    hidden = next(one for one in seen.members if not one.ref)
    assert (hidden.name, hidden.age, seen.hidden, seen.totals.annual_premium_fen) == ("李*", None, 1, 100)
    assert queries.get_household(build.actor(cast.steward), household, today=TODAY).totals.annual_premium_fen == 1000
    with pytest.raises(HouseholdNotFound):
        queries.get_household(build.actor(cast.colleague), household, today=TODAY)


def test_a_household_outlives_a_members_merge_and_takes_nobody_along(cast: Cast) -> None:
    man, _wife, _child = family(cast)
    infer()
    household = accept(cast)
    other = build.person(name="王建国", manager=cast.manager)
    theirs = services.create(actor=build.actor(cast.manager), now=NOW, ref=other.ref)
    # As the merge registry moves rows: the file that stays has a household of its own, so this membership rests.
    Party.objects.filter(pk=man.pk).update(state="merged", replaced_by=other)
    seen = queries.get_household(build.actor(cast.manager), household, today=TODAY)
    assert {one.name for one in seen.members} == {"李梅", "王一诺"}
    assert [one.name for one in queries.get_household(build.actor(cast.manager), theirs, today=TODAY).members] == [
        "王建国"
    ]
    Party.objects.filter(pk=man.pk).update(state="active", replaced_by=None)
    assert len(queries.get_household(build.actor(cast.manager), household, today=TODAY).members) == 3


def test_leaving_keeps_history_and_the_spouse_becomes_head(cast: Cast) -> None:
    man, _wife, _child = family(cast)
    infer()
    household = accept(cast)
    me = build.actor(cast.manager)
    head = Membership.objects.get(party=man)
    with pytest.raises(HouseholdRejected):
        services.remove_member(actor=me, now=NOW, household_id=household, membership_id=head.pk)
    services.remove_member(actor=me, now=NOW, household_id=household, membership_id=head.pk, reason="离婚")
    seen = queries.get_household(me, household, today=TODAY)
    assert (seen.head, [(one.name, one.reason) for one in seen.former]) == ("李梅", [("王建国", "离婚")])
    services.dissolve(actor=me, now=NOW, household_id=household, version=seen.version, reason="分户")
    assert Household.objects.get().state == "dissolved"
    assert not Membership.objects.filter(until_date=None).exists()


def test_totals_of_the_night_equal_those_of_the_page(cast: Cast) -> None:
    man, _wife, _child = family(cast)
    infer()
    household = accept(cast)
    contracts.policy(holder=man, sum_insured_fen=50_000_00, line="life")
    Standing.objects.create(party=man, annual_premium_fen=360_000, active_policies=1, claims_paid_fen=5, run_id=uuid4())
    assert services.nightly(actor=SYSTEM, now=NOW)["households"] == 1
    live = queries.get_household(build.actor(cast.manager), household, today=TODAY).totals
    stored = Household.objects.get().total
    assert (live.cover_fen, live.annual_premium_fen, live.claims_paid_fen, live.uncovered) == (5_000_000, 360_000, 5, 2)
    assert all(getattr(stored, name) == getattr(live, name) for name in live.__dataclass_fields__)


def test_an_import_looks_only_around_what_it_brought(cast: Cast) -> None:
    batch = uuid4()
    family(cast)
    at_home(build.person(name="郑一", batch_id=batch), build.person(name="郑二"), text="苏州市姑苏区人民路8号602室")
    outbox.publish(BatchFinished(batch_id=batch, source="test", kinds="customer"))
    delivered.deliver()
    assert [len(row.members.all()) for row in Proposal.objects.all()] == [2]
    assert infer().new == 1


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.manager)
    return client


def test_the_pages_show_what_there_is(cast: Cast, desk: Client) -> None:
    man, wife, _child = family(cast)
    Relation.objects.create(from_party=wife, to_party=man, kind="spouse", source="test", created_at=NOW)
    boss = build.organisation(name="明德商贸有限公司", manager=cast.manager)
    Relation.objects.create(from_party=boss, to_party=wife, kind="employer", source="test", created_at=NOW)
    infer()
    assert "王建国" in desk.get("/households/proposals/").content.decode()
    row = proposal()
    assert "家庭住址相同" in desk.get(f"/households/proposals/{row.pk}/").content.decode()
    household = accept(cast)
    assert "王建国家庭" in desk.get(f"/households/{household}/").content.decode()
    found = desk.get("/households/", {"q": "13800001111"}).content.decode()
    assert "王建国" in found and "李梅" in found
    assert Entry.objects.filter(action="customers.search").exists()
    network = desk.get(f"/households/customers/{man.ref}/network/").content.decode()
    assert "明德商贸有限公司" in network and "工作单位" in network
    assert "明德商贸有限公司" not in desk.get(f"/households/customers/{man.ref}/network/?steps=1").content.decode()
    assert "明德商贸有限公司" not in desk.get(f"/households/customers/{man.ref}/network/?group=family").content.decode()
    assert "王建国家庭" in desk.get(f"/households/customers/{wife.ref}/").content.decode()


def test_the_list_costs_the_same_for_any_number_of_households(cast: Cast, desk: Client) -> None:
    desk.get("/households/")  # the planner is asked once a minute only
    counts = []
    for number in (2, 20):
        for _one in range(number):
            party = build.person(manager=cast.manager, unit=cast.pudong)
            services.create(actor=build.actor(cast.manager), now=NOW, ref=party.ref)
        with CaptureQueriesContext(connection) as statements:
            assert desk.get("/households/").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 20


def test_the_forms_change_a_household(cast: Cast, desk: Client) -> None:
    man, wife, _child = family(cast)
    made = desk.post(f"/households/customers/{man.ref}/create/")
    assert made.status_code == 302
    household = Household.objects.get()
    assert (
        desk.post(f"/households/{household.pk}/members/add/", {"customer": wife.ref, "role": "spouse"}).status_code
        == 302
    )
    assert (
        desk.post(f"/households/{household.pk}/members/add/", {"customer": wife.ref, "role": "spouse"}).status_code
        == 422
    )
    member = Membership.objects.get(party=wife)
    assert desk.post(f"/households/{household.pk}/members/{member.pk}/role/", {"role": "head"}).status_code == 302
    assert Membership.objects.get(party=man).role == "other"


def test_a_members_phone_finds_the_household_where_everything_is_searched(cast: Cast, desk: Client) -> None:
    family(cast)
    infer()
    accept(cast)
    found = desk.get("/search/", {"q": "13800001111"}).content.decode()
    assert "/households/" in found and "王一诺" in found
