"""Any sequence of merges and separations returns every row of every room to where it was."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from anxin.book.customers.models import Party
from anxin.book.matching.models import Golden, Merge, Move, ShelvedRow
from anxin.book.matching.services import merging, separating
from anxin.kernel.actor import Actor
from tests.build import files, people
from tests.build.people import NOW

ACTOR = Actor.system("test")


class _Undo(Exception):
    """Leaves the transaction, so that nothing stays."""


def play(seed: int, count: int, steps: list[tuple[int, int]]) -> None:
    chance = random.Random(seed)
    managers = [people.user(), people.user()]
    found = files.crowd(count, seed=seed, managers=managers)
    before = files.everything()
    for first, second in steps:
        living = list(Party.objects.filter(pk__in=[one.pk for one in found], state="active").order_by("pk"))
        in_force = list(Merge.objects.filter(state="done").order_by("pk"))
        if in_force and (first % 3 == 0 or len(living) < 2):
            one = in_force[second % len(in_force)]
            separating.unmerge(actor=ACTOR, now=NOW, merge_id=one.pk)
        else:
            winner, loser = living[first % len(living)], living[second % len(living)]
            if winner != loser:
                merging.merge(actor=ACTOR, now=NOW, survivor_ref=winner.ref, loser_ref=loser.ref)
        check_sound()
    in_force = list(Merge.objects.filter(state="done"))
    chance.shuffle(in_force)
    for one in in_force:
        separating.unmerge(actor=ACTOR, now=NOW, merge_id=one.pk)
    after = files.everything()
    wrong = {
        key: (before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }
    assert wrong == {}
    assert not Move.objects.exists() and not ShelvedRow.objects.exists() and not Golden.objects.exists()


def check_sound() -> None:
    """Merged files point at living ones, nobody has two first numbers of a kind, the open custody is the manager's."""
    assert not Party.objects.filter(replaced_by__replaced_by__isnull=False).exists()
    rows: dict[Any, int] = {}
    for party in Party.objects.filter(state="active").prefetch_related("contact_points", "custody"):
        for point in party.contact_points.all():
            if point.is_primary:
                rows[party.pk, point.kind] = rows.get((party.pk, point.kind), 0) + 1
        kept = [one.manager_id for one in party.custody.all() if one.until_at is None]
        assert kept == ([party.manager_id] if party.manager_id else [])
    assert all(count == 1 for count in rows.values())


STEPS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=10)
COMMON: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    "phases": [Phase.explicit, Phase.generate],
}


def run(seed: int, count: int, steps: list[tuple[int, int]]) -> None:
    try:
        with transaction.atomic():
            play(seed, count, steps)
            raise _Undo
    except _Undo:
        pass


@pytest.mark.django_db
@settings(max_examples=12, **COMMON)
@given(seed=st.integers(0, 10_000), count=st.integers(2, 5), steps=STEPS)
def test_any_sequence_of_merges_and_separations_returns_every_row(
    seed: int, count: int, steps: list[tuple[int, int]]
) -> None:
    run(seed, count, steps)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=1_000, **COMMON)
@given(
    seed=st.integers(0, 1_000_000),
    count=st.integers(2, 7),
    steps=st.lists(st.tuples(st.integers(0, 31), st.integers(0, 31)), max_size=24),
)
def test_many_sequences_of_merges_and_separations_return_every_row(
    seed: int, count: int, steps: list[tuple[int, int]]
) -> None:
    run(seed, count, steps)
