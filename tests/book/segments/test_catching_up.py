"""Files merged or separated by day: the figures and classes of these customers follow, as a run would find them."""

from __future__ import annotations

from typing import Any

import pytest

from anxin.book.customers.models import Standing
from anxin.book.matching.services import merging, separating
from anxin.book.segments import services, tasks
from anxin.book.segments.models import ClassChange, Profile, Regrouped
from anxin.book.segments.services import catching_up
from anxin.foundation.jobs.models import Job
from anxin.kernel.actor import Actor
from tests import outbox
from tests.build import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.ANXIN_HOME = tmp_path


def rows() -> dict[str, Any]:
    left_out = ("run_id",)
    return {
        f"{model.__name__} {row['party_id']}": {name: value for name, value in row.items() if name not in left_out}
        for model in (Standing, Profile)
        for row in model.objects.values()
    }


@pytest.mark.slow
def test_figures_follow_a_merge_and_its_separation_and_are_those_of_a_run(book: dict[str, Any]) -> None:
    services.run(actor=SYSTEM, now=NOW, as_of=TODAY)
    before = rows()
    gold, small = book["gold"], book["small"]
    merge = merging.merge(actor=SYSTEM, now=NOW, survivor_ref=gold.ref, loser_ref=small.ref)
    outbox.deliver()
    assert set(Regrouped.objects.values_list("party", flat=True)) == {gold.pk, small.pk}
    assert catching_up.catch_up() == 1
    assert not Regrouped.objects.exists() and not Standing.objects.filter(pk=small.pk).exists()
    merged = rows()
    standing = Standing.objects.get(pk=gold.pk)
    assert (standing.annual_premium_fen, standing.active_policies) == (7_000_000, 2)
    others = {key: row for key, row in merged.items() if str(gold.pk) not in key}
    assert others == {key: row for key, row in before.items() if key in others}
    separating.unmerge(actor=SYSTEM, now=NOW, merge_id=merge)
    outbox.deliver()
    assert catching_up.catch_up() == 2
    assert rows() == before and not ClassChange.objects.exists()
    # As a run finds it, but for what is judged by cuts of all.
    merging.merge(actor=SYSTEM, now=NOW, survivor_ref=gold.ref, loser_ref=small.ref)
    services.run(actor=SYSTEM, now=NOW, as_of=TODAY)
    again = rows()[f"Standing {gold.pk}"]
    assert again == merged[f"Standing {gold.pk}"]


def test_without_a_run_that_says_how_the_others_stand_the_customers_wait(book: dict[str, Any]) -> None:
    merging.merge(actor=SYSTEM, now=NOW, survivor_ref=book["gold"].ref, loser_ref=book["small"].ref)
    outbox.deliver()
    tasks.catch_up()
    assert Regrouped.objects.count() == 2
    assert Job.objects.filter(kind="segments.run").exists()
