"""Who complains is not sold to, wished well or asked for praise: in every room that would, until some days after the
end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from anxin.book.customers.data import Rejected
from anxin.book.customers.models import Consent
from anxin.book.customers.queries import permissions
from anxin.service.callbacks import queries as call_back_queries
from anxin.service.callbacks import services as call_backs
from anxin.service.callbacks.data import CallBackFilter, CustomerIsSilent, Kind, Lane, NothingToCall
from anxin.service.callbacks.models import CallBack
from anxin.service.complaints.models import Complaint
from anxin.service.worklist import services as worklist
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.build import NOW, TODAY, Cast, callbacks, complaints

pytestmark = pytest.mark.django_db
# The rules ask about one ticket in five, by its number: this one is asked about.
ASKED = UUID(int=100)


@pytest.fixture
def party(cast: Cast) -> Any:
    born = (TODAY + timedelta(days=2)).replace(year=1980)
    return build.person(manager=cast.manager, unit=cast.pudong, birth_date=born)


@pytest.fixture
def complaint(cast: Cast, party: Any) -> Complaint:
    return complaints.registered(complaints.desk(cast), party_ref=party.ref)


def test_marketing_waits_until_some_days_after_the_end(party: Any, complaint: Complaint) -> None:
    Consent.objects.create(party=party, purpose="marketing", is_given=True, given_at=NOW - timedelta(days=9))

    def why(purpose: str = "marketing") -> str:
        return permissions.may_contact(party.pk, purpose=purpose, channel="sms", now=NOW).why

    assert (why(), why("service")) == ("silence", "contract")
    Complaint.objects.filter(pk=complaint.pk).update(state="withdrawn", silent_until=TODAY + timedelta(days=30))
    assert why() == "silence"
    assert permissions.silent([party.pk, uuid4()], today=TODAY + timedelta(days=29)) == {party.pk}
    assert permissions.silent([party.pk], today=TODAY + timedelta(days=30)) == set()
    Complaint.objects.filter(pk=complaint.pk).update(silent_until=None)
    assert why() == "consent"


def test_nobody_is_asked_how_content_they_are_while_they_complain(
    cast: Cast, party: Any, complaint: Complaint
) -> None:  # fmt: skip
    call_backs.ticket_resolved(now=NOW, ticket_id=ASKED, party_id=party.pk)
    assert not CallBack.objects.exists()
    actor = build.actor(cast.agent)
    with pytest.raises(Rejected):
        call_backs.plan_by_hand(actor=actor, now=NOW, ref=party.ref, kind=Kind.CARE, start=NOW, key=uuid4())
    care = callbacks.call_back(party=party, kind="care", due_at=NOW)
    law = callbacks.call_back(party=party)

    def lane(which: Lane) -> set[UUID]:
        rows = call_back_queries.select(actor, CallBackFilter(lane=which), now=NOW)
        return {row["id"] for row in rows}

    assert (lane(Lane.QUEUE), lane(Lane.PUT_OFF)) == ({law.pk}, {care.pk})
    assert call_backs.take_next(actor=actor, now=NOW).pk == law.pk, "what the law wants does not wait"
    with pytest.raises(NothingToCall):
        call_backs.take_next(actor=actor, now=NOW)
    # Nor does anybody come to it another way: by its own button, handed over, or through a dialler outside.
    with pytest.raises(CustomerIsSilent):
        call_backs.take(actor=actor, now=NOW, call_back_id=care.pk, version=care.version)
    with pytest.raises(CustomerIsSilent):
        call_backs.hand_over(
            actor=build.actor(cast.team_lead), now=NOW, call_back_id=care.pk, version=care.version, to=cast.agent.pk
        )
    assert {row["id"] for row in call_back_queries.list_open(actor, now=NOW)} == {law.pk}
    assert call_back_queries.get_view(actor, care.pk, now=NOW).is_silent
    Complaint.objects.filter(pk=complaint.pk).update(state="withdrawn")
    assert call_backs.take_next(actor=actor, now=NOW).pk == care.pk


def test_no_wishes_for_a_birthday_while_a_complaint_is_open(party: Any, complaint: Complaint) -> None:
    assert worklist.ensure_birthdays(now=NOW) == 0
    Complaint.objects.filter(pk=complaint.pk).update(state="withdrawn")
    assert worklist.ensure_birthdays(now=NOW) == 1
    assert WorkItem.objects.filter(kind="birthday", party=party).count() == 1
