"""C6: the last place of a manager is given once, however many want to give it at the same time, people or runs."""

from __future__ import annotations

from concurrent.futures import Future

import polars as pl
import pytest

from anxin.book.customers.models import Custody, Party
from anxin.book.customers.services import custody, keeping
from anxin.foundation.accounts.models import User
from anxin.kernel.actor import Actor
from anxin.service.managers import rules, services
from anxin.service.managers.models import Decision, Run, Waiting
from anxin.service.managers.services import nights, staff
from tests import build
from tests.build import NOW, Cast
from tests.meeting import meet


def _give(party: Party, manager: User, by: User) -> None:
    keeping.assign_manager(
        actor=build.actor(by), now=NOW, ref=party.ref, manager_id=manager.pk, version=1, reason="客户要求"
    )


def _at_once(cast: Cast) -> tuple[bool, Future[None]]:
    """Two customers for one place: the second is given before the first transaction ends. Whether it had to wait."""
    staff.set_capacity(actor=build.actor(cast.team_lead), now=NOW, user_id=cast.colleague.pk, most=1)
    # Customers without a tier weigh half an average one: one more finds room, two do not.
    build.person(manager=cast.colleague, unit=cast.pudong)
    first, second = (build.person(manager=cast.manager, unit=cast.pudong) for _ in range(2))
    return meet(
        lambda: _give(first, cast.colleague, cast.team_lead), lambda: _give(second, cast.colleague, cast.branch_manager)
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_the_last_place_at_once_one_is_told_that_it_is_taken(cast: Cast) -> None:
    has_waited, coming = _at_once(cast)
    assert has_waited and isinstance(coming.exception(), custody.NoRoom)
    assert Party.objects.filter(manager=cast.colleague).count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_give_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: it is the lock, not luck."""
    monkeypatch.setattr(custody, "hold_managers", lambda manager_ids: None)
    has_waited, coming = _at_once(cast)
    assert not has_waited and coming.exception() is None
    assert Party.objects.filter(manager=cast.colleague).count() == 3


SYSTEM = Actor.system("test")


def _almost_full(cast: Cast) -> Party:
    """One place is left, with the colleague, and one customer waits for it."""
    for manager, most in ((cast.manager, 0), (cast.colleague, 1)):
        staff.set_capacity(actor=build.actor(cast.branch_manager), now=NOW, user_id=manager.pk, most=most)
    build.person(manager=cast.colleague, unit=cast.pudong)
    return build.person(unit=cast.pudong)


def _taken_meanwhile(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Party:
    """By hand the last place is given away after the run decided to give it, and before it did."""
    waiting = _almost_full(cast)
    decide = rules.allocate

    def and_meanwhile(*given: pl.DataFrame) -> pl.DataFrame:
        plan = decide(*given)  # type: ignore[arg-type]
        assert plan["after"].to_list() == [cast.colleague.pk.hex]
        _give(build.person(manager=cast.manager, unit=cast.pudong), cast.colleague, cast.team_lead)
        return plan

    monkeypatch.setattr(rules, "allocate", and_meanwhile)
    return waiting


@pytest.mark.django_db
def test_a_run_gives_back_whom_there_is_no_room_for_any_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = _taken_meanwhile(cast, monkeypatch)
    found = services.automatic(actor=SYSTEM, now=NOW)
    assert found == {"assigned": 0, "unassigned": 1}
    waiting.refresh_from_db()
    assert waiting.manager_id is None and Waiting.objects.get().party_id == waiting.pk
    assert not Custody.objects.filter(party=waiting, until_at__isnull=True).exists()
    assert Decision.objects.get().state == Decision.State.SKIPPED and Run.objects.get().summary["applied"] == 0
    assert Party.objects.filter(manager=cast.colleague).count() == 2


@pytest.mark.django_db
def test_without_looking_again_a_run_would_go_beyond_capacity(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    waiting = _taken_meanwhile(cast, monkeypatch)
    monkeypatch.setattr(rules, "beyond", lambda given, managers: given.clear())
    services.automatic(actor=SYSTEM, now=NOW)
    waiting.refresh_from_db()
    assert waiting.manager_id == cast.colleague.pk
    assert Party.objects.filter(manager=cast.colleague).count() == 3


@pytest.mark.django_db(transaction=True)
def test_whoever_gives_by_hand_while_a_run_ends_waits_and_is_told_that_the_place_is_taken(cast: Cast) -> None:
    _almost_full(cast)
    third = build.person(manager=cast.manager, unit=cast.pudong)
    has_waited, coming = meet(
        lambda: nights.automatic(actor=SYSTEM, now=NOW), lambda: _give(third, cast.colleague, cast.team_lead)
    )
    assert has_waited and isinstance(coming.exception(), custody.NoRoom)
    assert Party.objects.filter(manager=cast.colleague).count() == 2


def test_of_those_given_beyond_capacity_the_last_ones_go() -> None:
    given = pl.DataFrame(
        [(key, None, after, "load", 1, 0, 0, "", weight) for key, after, weight in (
            ("1", "a", 5), ("2", "a", 5), ("3", "a", 20), ("4", "b", 10), ("5", "c", 10),
        )],
        schema=dict(rules.PLAN), orient="row",
    )  # fmt: skip
    managers = pl.DataFrame(
        [("a", "/", "", 100, 121, 0), ("b", "/", "", 100, 100, 0)], schema=dict(rules.MANAGERS), orient="row"
    )
    assert rules.beyond(given, managers)["party"].to_list() == ["2", "3"]
