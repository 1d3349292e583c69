"""K: a whole book is allocated over two connections; killed between portions, the next run ends what it began."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from anxin.book.customers.models import Party
from anxin.book.customers.services import custody, keeping
from anxin.foundation.audit.models import Entry
from anxin.kernel.actor import Actor
from anxin.service.managers import services
from anxin.service.managers.data import RunState
from anxin.service.managers.models import Decision, Run
from anxin.service.managers.services import nights, staff
from tests import build
from tests.build import NOW, Cast

SYSTEM = Actor.system("test")
State = Decision.State


@pytest.mark.django_db(transaction=True)
def test_a_book_allocated_abreast_ends_as_one_that_is_not_and_a_killed_run_is_ended_by_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One test: emptying the database after a committed one costs more than all of it."""
    monkeypatch.setattr(nights, "ABREAST_FROM", 2)
    monkeypatch.setattr(nights, "PORTION", 1)
    for manager, most in ((cast.manager, 0), (cast.colleague, 2)):
        staff.set_capacity(actor=build.actor(cast.branch_manager), now=NOW, user_id=manager.pk, most=most)
    # Without a tier they weigh half an average one: the colleague has room for four.
    crowd = [build.person(unit=cast.pudong) for _ in range(4)]
    last = max(crowd, key=lambda one: one.pk.hex)
    move = custody.move_frame

    def killed_at_the_last(*, moves: pl.DataFrame, **given: object) -> pl.Series:
        if moves["party"].to_list() == [last.pk.hex]:
            raise KeyboardInterrupt
        return move(moves=moves, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(custody, "move_frame", killed_at_the_last)
    with pytest.raises(KeyboardInterrupt):
        services.automatic(actor=SYSTEM, now=NOW)
    monkeypatch.setattr(custody, "move_frame", move)
    begun = Run.objects.get()
    assert begun.state == RunState.APPLYING and set(begun.decisions.values_list("state")) == {(State.APPLIED,)}
    given = Party.objects.filter(manager=cast.colleague)
    assert set(given.values_list("pk")) == set(begun.decisions.values_list("party"))
    assert 0 < given.count() < 4
    # Meanwhile somebody gives by hand, and there is less room than was given.
    for _ in range(4 - given.count() + 1):
        extra = build.person(manager=cast.manager, unit=cast.pudong)
        keeping.assign_manager(
            actor=build.actor(cast.branch_manager), now=NOW, ref=extra.ref, manager_id=cast.colleague.pk, version=1,
            reason="客户要求", is_beyond=True,
        )  # fmt: skip
    trail = Entry.objects.filter(action="managers.allocate", object_kind="party")
    before, waiting = trail.count(), 4 - given.filter(pk__in=[one.pk for one in crowd]).count() + 1
    assert services.automatic(actor=SYSTEM, now=NOW + timedelta(days=1)) == {"assigned": waiting, "unassigned": 0}
    begun.refresh_from_db()
    assert begun.state == RunState.DONE and begun.summary["skipped"] == 1
    assert given.count() == 4, "one of those given went back: there was no room for them any more"
    # That one and whom the killed run did not come to went elsewhere, each on the trail.
    run = Run.objects.exclude(pk=begun.pk).get()
    assert (run.state, run.summary["applied"]) == (RunState.DONE, waiting)
    assert trail.count() == before + 1 + waiting
    assert not Party.objects.filter(manager=None).exists()
    assert services.automatic(actor=SYSTEM, now=NOW + timedelta(days=2)) == {"assigned": 0, "unassigned": 0}
    assert Run.objects.count() == 2
