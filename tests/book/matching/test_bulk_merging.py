"""Many merges at once end as the same merges one after another; and what one order cannot do keeps no other waiting."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from anxin.book.customers.models import Party, Relation
from anxin.book.matching.data import Origin
from anxin.book.matching.models import Candidate, Golden, Merge, Move, ShelvedRow
from anxin.book.matching.services import merging, separating
from anxin.book.matching.services.merging import Order
from anxin.foundation.audit.models import Entry
from anxin.kernel.actor import Actor
from tests.build import files, people
from tests.build.people import NOW

ACTOR = Actor.system("test")
# Of two rows that say the same, which one stays may differ: what they say may not.
EITHER_WILL_DO = ("customers_relation", "portfolio_policyrole", "customers_consent")


class _Undo(Exception):
    """Leaves the transaction, so that nothing stays."""


def orders_of(found: list[Party], chance: random.Random) -> list[Order]:
    """Stars and chains, in an order in which they can be done one after another."""
    left = [one.pk for one in found]
    chance.shuffle(left)
    orders = []
    while len(left) > 2:
        group, left = left[: chance.randint(2, 4)], left[4:]
        if chance.random() < 0.5:
            orders += [Order(survivor=group[0], loser=one, reason="同一人") for one in group[1:]]
        else:
            steps = list(itertools.pairwise(group))
            orders += [Order(survivor=one, loser=other, reason="同一人") for one, other in reversed(steps)]
    return orders


def plain(value: Any) -> str:
    return repr(sorted(value.items())) if isinstance(value, dict) else repr(value)


def snapshot() -> Counter[str]:
    """Everything that a merge leaves behind, without keys that are new each time."""
    found: Counter[str] = Counter()
    for key, row in files.everything().items():
        table = key.partition(":")[0]
        if table in EITHER_WILL_DO:
            row = {name: row[name] for name in row if name.endswith("_id") or name in ("kind", "role", "is_given")}
        found[table + plain({name: plain(value) for name, value in row.items()})] += 1
    for golden in Golden.objects.all():
        values = {name: plain(getattr(golden, name)) for name in ("own", "computed", "why", "chosen")}
        found[f"golden {golden.party_id} {plain(values)}"] += 1
    for merge in Merge.objects.all():
        counts = plain({table: number for table, number in merge.counts.items() if table not in EITHER_WILL_DO})
        found[f"merge {merge.loser_id} {merge.survivor_id} {merge.state} {merge.reason} {counts}"] += 1
    for move in Move.objects.exclude(table_name__in=EITHER_WILL_DO):
        found[f"move {move.table_name} {move.column_name} {move.row_id} {move.home_id} {move.is_lowered}"] += 1
    found["shelved"] = ShelvedRow.objects.count()
    for entry in Entry.objects.filter(action__startswith="matching."):
        found[f"entry {entry.action} {entry.object_id} {entry.reason} {entry.detail['origin']}"] += 1
    return found


def after(orders: list[list[Order]]) -> Counter[str]:
    seen: Counter[str] = Counter()
    try:
        with transaction.atomic():
            for part in orders:
                merging.merge_set(actor=ACTOR, now=NOW, orders=part, origin=Origin.BULK)
            seen = snapshot()
            raise _Undo
    except _Undo:
        return seen


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_a_set_of_merges_ends_as_the_same_merges_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    found = files.crowd(9, seed=seed, managers=[people.user(), people.user()])
    orders = orders_of(found, chance)
    at_once, in_turn = after([orders]), after([[one] for one in orders])
    assert at_once - in_turn == Counter() and in_turn - at_once == Counter()


@pytest.mark.django_db
def test_merging_many_asks_for_hardly_more_than_merging_one(django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(count: int) -> int:
        pairs = [(people.person(), people.person()) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            merging.merge_set(
                actor=ACTOR, now=NOW, origin=Origin.BULK,
                orders=[Order(survivor=one.pk, loser=other.pk) for one, other in pairs],
            )  # fmt: skip
        return len(queries)

    asked(1)
    assert asked(24) <= asked(1) + 3


@pytest.mark.django_db
def test_what_cannot_be_merged_keeps_no_other_waiting() -> None:
    found = sorted((people.person() for _ in range(6)), key=lambda one: one.pk)
    Candidate.objects.create(left=found[2], right=found[3], state="different", weight=9, created_at=NOW)
    orders = [Order(survivor=found[at].pk, loser=found[at + 1].pk) for at in (0, 2, 4)]
    done, failed = merging.merge_as_far_as_possible(actor=ACTOR, now=NOW, orders=orders, origin=Origin.AUTOMATIC)
    assert done == [orders[0], orders[2]] and [one for one, _why in failed] == [orders[1]]
    assert set(Merge.objects.values_list("loser", flat=True)) == {found[1].pk, found[5].pk}


@pytest.mark.django_db
def test_friends_of_one_another_are_told_once_and_twice_again_when_separated() -> None:
    one, other, friend = people.person(), people.person(), people.person()
    files.relation(one, friend, "friend")
    files.relation(friend, other, "friend")
    files.relation(other, friend, "supplier")
    files.relation(friend, one, "client")
    before = list(Relation.objects.order_by("pk").values())
    key = merging.merge(actor=ACTOR, now=NOW, survivor_ref=one.ref, loser_ref=other.ref)
    assert sorted(Relation.objects.values_list("kind", flat=True)) == ["client", "friend"]
    separating.unmerge(actor=ACTOR, now=NOW, merge_id=key)
    assert list(Relation.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_friends_who_both_say_so_still_do_after_a_merge_of_one_of_them() -> None:
    one, friend, third = people.person(), people.person(), people.person()
    files.relation(one, friend, "friend")
    files.relation(friend, one, "friend")
    key = merging.merge(actor=ACTOR, now=NOW, survivor_ref=one.ref, loser_ref=third.ref)
    assert Relation.objects.count() == 2
    separating.unmerge(actor=ACTOR, now=NOW, merge_id=key)
    moved = merging.merge(actor=ACTOR, now=NOW, survivor_ref=third.ref, loser_ref=one.ref)
    assert Relation.objects.count() == 1
    separating.unmerge(actor=ACTOR, now=NOW, merge_id=moved)
    assert Relation.objects.count() == 2
