"""C6: the last place of a manager is given once, however many want to give it at the same time."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from anxin.book.customers.models import Party
from anxin.book.customers.services import custody, keeping
from anxin.foundation.accounts.models import User
from anxin.service.managers.services import staff
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
