"""Two people edit one file: what was acknowledged is there, everyone else is told and loses nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from anxin.book.customers.models import CustomField, Party
from anxin.book.customers.queries import panels
from anxin.book.customers.services import parties
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState
from tests import build
from tests.build import NOW, Cast

WRITERS, EDITS = 8, 20


@pytest.fixture
def counter(transactional_db: None) -> tuple[Actor, Party]:
    cast = build.make_cast()
    party = build.person(manager=cast.manager, unit=cast.pudong)
    CustomField.objects.create(code="count", label_zh="计数", label_en="Count", kind="number")
    Party.objects.filter(pk=party.pk).update(custom={"count": 0})
    return build.actor(cast.manager), party


def _race(write: Callable[[], bool]) -> int:
    """Run `write` in parallel on connections of their own; how many of the calls said it was done."""
    done: list[int] = []
    gate = threading.Barrier(WRITERS)

    def work() -> None:
        gate.wait()
        done.append(sum(write() for _ in range(EDITS)))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def test_every_acknowledged_edit_is_there_and_the_rest_are_stale(counter: tuple[Actor, Party]) -> None:
    actor, party = counter

    def add_one() -> bool:
        seen = panels.editable(actor, party.ref)
        try:
            parties.edit_customer(
                actor=actor, now=NOW, ref=party.ref, version=seen.version, changes={},
                custom={"count": seen.custom["count"] + 1},
            )  # fmt: skip
        except StaleState:
            return False
        return True

    acknowledged = _race(add_one)
    party.refresh_from_db()
    assert 0 < acknowledged < WRITERS * EDITS  # there was a race to lose
    assert (party.custom["count"], party.version) == (acknowledged, acknowledged + 1)


def test_without_the_guard_edits_are_lost(counter: tuple[Actor, Party]) -> None:
    """The negative control: the same race against a naive save must show what the guard is for."""
    _, party = counter

    def add_one() -> bool:
        seen = Party.objects.get(pk=party.pk)
        Party.objects.filter(pk=party.pk).update(custom={"count": seen.custom["count"] + 1})
        return True

    acknowledged = _race(add_one)
    party.refresh_from_db()
    assert party.custom["count"] < acknowledged


@pytest.mark.django_db
def test_the_slower_one_sees_the_difference_and_keeps_their_input(client: Client, cast: Cast) -> None:
    party = build.person(manager=cast.manager, unit=cast.pudong, employer="甲公司", occupation="会计")
    client.force_login(cast.manager)
    address = reverse("customers:edit", args=[party.ref])
    form = client.get(address).context["form"]
    start = {name: form[name].value() or "" for name in form.fields if name not in ("seen", "is_deceased")}
    seen = form["seen"].value()
    other = build.actor(cast.branch_manager)
    parties.edit_customer(
        actor=other, now=NOW, ref=party.ref, version=1, changes={"employer": "乙公司", "occupation": "出纳"}
    )
    answer = client.post(address, {**start, "seen": seen, "employer": "丙公司"})
    assert answer.status_code == 409
    assert [(row["stored"], row["yours"]) for row in answer.context["conflict"]["differences"]] == [
        ("乙公司", "丙公司")
    ]
    again = answer.context["form"]
    assert (again["employer"].value(), again["occupation"].value()) == ("丙公司", "出纳")
    mended = {name: again[name].value() or "" for name in again.fields if name not in ("seen", "is_deceased")}
    saved = client.post(address, {**mended, "seen": again["seen"].value()})
    assert saved.status_code == 302
    party.refresh_from_db()
    # What the other one changed and this one never touched stays.
    assert (party.employer, party.occupation) == ("丙公司", "出纳")


def test_an_edit_names_its_fields_and_who_said_them(cast: Cast) -> None:
    from anxin.foundation.audit.models import Entry

    party = build.person(manager=cast.manager, unit=cast.pudong)
    done = parties.edit_customer(
        actor=build.actor(cast.manager), now=NOW, ref=party.ref, version=1, changes={"name": "单田芳", "sex": ""}
    )
    party.refresh_from_db()
    assert done.changed == ("name",)
    assert party.provenance == {"name": ["staff", "2026-11-23"]}
    assert (party.name_initials, party.name_sort.startswith("shan4")) == ("stf", True)
    entry = Entry.objects.get(action="customers.edit")
    assert entry.detail["fields"] == ["name"] and "单田芳" not in json.dumps(entry.detail)
