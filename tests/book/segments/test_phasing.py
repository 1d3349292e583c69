"""Phasing a customer out takes two people, ends marketing alone, and is taken back by one."""

from __future__ import annotations

import pytest
from django.test import Client

from anxin.book.customers.models import Standing
from anxin.book.customers.queries import CustomerNotFound
from anxin.book.segments.models import PhaseOut, Profile
from anxin.book.segments.services import phasing
from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import AlreadyAsked, OwnRequest
from anxin.foundation.audit.models import Entry
from anxin.kernel.actor import NotPermitted
from anxin.kernel.identifiers.uuid7 import uuid7
from tests import build
from tests.build import NOW

pytestmark = pytest.mark.django_db


def test_one_asks_another_approves_and_one_takes_it_back(client: Client) -> None:
    cast = build.make_cast()
    person = build.person(name="负值", manager=cast.manager, unit=cast.pudong)
    other = build.person(name="普通", manager=cast.manager, unit=cast.pudong)
    Profile.objects.create(pk=person.pk, kind="person", value_tier="bz", run_id=uuid7())
    Standing.objects.create(pk=person.pk, run_id=uuid7())
    Profile.objects.create(pk=other.pk, kind="person", value_tier="mvc", run_id=uuid7())
    manager, head_office = build.actor(cast.manager), build.actor(cast.head_office)
    with pytest.raises(phasing.NotBelowZero):
        phasing.ask(actor=manager, now=NOW, ref=other.ref, reason="赔付远高于保费")
    with pytest.raises(CustomerNotFound):
        phasing.ask(actor=build.actor(cast.outsider), now=NOW, ref=person.ref, reason="赔付远高于保费")
    client.force_login(cast.manager)
    address = f"/segments/customers/{person.ref}/phase-out/"
    assert client.post(address, {"reason": " "}).status_code == 422
    request = phasing.ask(actor=manager, now=NOW, ref=person.ref, reason="赔付远高于保费")
    with pytest.raises(AlreadyAsked):
        phasing.ask(actor=head_office, now=NOW, ref=person.ref, reason="赔付远高于保费")
    assert "已有人提交过该申请" in client.post(address, {"reason": "再次"}).content.decode()
    with pytest.raises((OwnRequest, NotPermitted)):
        approvals.approve(actor=manager, now=NOW, request_id=request.id, version=request.version)
    assert not PhaseOut.objects.exists(), "one person alone marks nobody"
    approvals.approve(actor=head_office, now=NOW, request_id=request.id, version=request.version)
    mark = PhaseOut.objects.get()
    assert (mark.party_id, mark.asked_by_id, mark.approved_by_id) == (
        person.pk, cast.manager.pk, cast.head_office.pk,
    )  # fmt: skip
    assert "已淘汰" in client.get(f"/segments/customers/{person.ref}/").content.decode()
    with pytest.raises(phasing.NotBelowZero):
        phasing.ask(actor=manager, now=NOW, ref=person.ref, reason="再次")
    assert "建议淘汰" in client.post(f"{address}back/").content.decode()
    assert not phasing.take_back(actor=manager, now=NOW, ref=person.ref)
    actions = set(Entry.objects.filter(object_ref=person.ref).values_list("action", flat=True))
    assert {"segments.phase_out", "segments.take_back_phase_out"} <= actions
