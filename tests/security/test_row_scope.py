"""S1: an object of another branch answers like one that does not exist, at every address that names an object.

The control: with an object of one's own the same address does not answer 404.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anxin.book.customers.models import AttentionEntry, AttentionHit, Party
from anxin.engagement.renewals.models import Renewal
from anxin.foundation.accounts import services as accounts
from anxin.foundation.accounts.models import User
from anxin.foundation.documents import services as documents
from anxin.kernel import clock, permissions
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.service.desk.models import Ticket, TicketFile, Touchpoint, TouchpointFile
from anxin.service.managers.models import Decision, Given, Run
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.architecture.addresses import Address, addresses
from tests.architecture.test_permission_table import STAND_IN, body_of, rows, undone
from tests.build import NOW, TODAY, Cast, callbacks
from tests.build import portfolio as contracts

ROOMS_OF_CUSTOMERS = (
    "customers:", "portfolio:", "desk:", "segments:", "renewals:", "worklist:", "managers:", "workspace:item",
    "callbacks:",
)  # fmt: skip


def _policy(party: Party) -> object:
    return contracts.policy(holder=party).id


def _claim(party: Party) -> object:
    return contracts.claim(policy=contracts.policy(holder=party)).id


def _renewal(party: Party) -> object:
    return Renewal.objects.create(
        policy=contracts.policy(holder=party), party=party, owner=party.manager, unit=party.unit,
        expiry_date=TODAY, premium_fen=1, line="health", changed_at=NOW, created_at=NOW,
    ).id  # fmt: skip


def _work_item(party: Party) -> object:
    return WorkItem.objects.create(
        kind="task", title="x", party=party, owner=party.manager, unit=party.unit, starts_at=NOW, due_at=NOW,
        occurrence=f"test:{uuid7()}", created_at=NOW,
    ).id  # fmt: skip


def _given(party: Party) -> object:
    return Given.objects.create(
        party=party, item="visit", given_on=TODAY, scheme_version=0, created_at=NOW,
    ).id  # fmt: skip


def _decision(party: Party) -> object:
    run = Run.objects.create(kind="leave", state="done", scheme_version=0, asked_at=NOW)
    return Decision.objects.create(run=run, party=party, reason="nearest", state="applied").id


def _attention_entry(party: Party) -> AttentionEntry:
    return AttentionEntry.objects.create(
        party=party, unit=party.unit, kind="fraud", name=party.name, reason="x", from_date=TODAY, created_at=NOW,
        batch_id=uuid7(),
    )  # fmt: skip


def _attention_hit(party: Party) -> object:
    return AttentionHit.objects.create(entry=_attention_entry(party), party=party, by="document", found_at=NOW).id


def _ticket(party: Party) -> Ticket:
    return Ticket.objects.create(
        number=f"T{uuid7().hex[:18]}", kind="query", type="query_policy", queue="general", channel="phone", state="new",
        party=party, subject="x", owner=party.manager, unit=party.unit, opened_at=NOW, changed_at=NOW, due_at=NOW,
        amber_at=NOW,
    )  # fmt: skip


def _call_back(party: Party) -> object:
    return callbacks.call_back(party=party).id


def _ticket_file(party: Party) -> object:
    stored = documents.store(
        actor=build.actor(party.manager), now=NOW, name="x.txt", content=io.BytesIO(b"x"), purpose="ticket"
    )
    return TicketFile.objects.create(ticket=_ticket(party), document_id=stored.id, name="x.txt", added_at=NOW).id


def _contact_file(party: Party) -> object:
    stored = documents.store(
        actor=build.actor(party.manager), now=NOW, name="x.txt", content=io.BytesIO(b"x"), purpose="contact"
    )
    contact = Touchpoint.objects.create(
        party=party, channel="phone", direction="inbound", at=NOW, topic="x", source="staff", source_key=str(uuid7())
    )
    return TouchpointFile.objects.create(touchpoint=contact, document_id=stored.id, name="x.txt", added_at=NOW).id


# Which argument of an address names which object, where it is not the customer.
ITEMS: dict[str, tuple[str, Callable[[Party], object]]] = {
    "customers:attention-batch": ("item", lambda party: _attention_entry(party).batch_id),
    "customers:attention-entry": ("item", lambda party: _attention_entry(party).id),
    "customers:attention-judge": ("item", _attention_hit),
    **{
        f"callbacks:{name}": ("item", _call_back)
        for name in ("answer", "attempt", "call", "fail", "finish", "hand-over", "leave-out", "return", "take")
    },
    **{
        f"desk:{name}": ("item", lambda party: _ticket(party).id)
        for name in (
            "attach",
            "documents",
            "macro-use",
            "move",
            "parent",
            "presence",
            "preview",
            "promise",
            "say",
            "ticket",
            "watch",
            "watcher",
        )
    },
    "desk:contact-file": ("item", _contact_file),
    "desk:file": ("item", _ticket_file),
    "managers:decision": ("item", _decision),
    "managers:take-back": ("item", _given),
    "portfolio:claim": ("item", _claim),
    "portfolio:claim-description": ("item", _claim),
    "portfolio:claim-place": ("item", _claim),
    "portfolio:peek": ("item", _policy),
    "portfolio:policy": ("item", _policy),
    "portfolio:reveal": ("item", _policy),
    "renewals:preview": ("renewal_id", _renewal),
    "renewals:record": ("renewal_id", _renewal),
    "workspace:item": ("item_id", _work_item),
    "workspace:item-done": ("item_id", _work_item),
    "workspace:item-hand-over": ("item_id", _work_item),
    "workspace:item-reopen": ("item_id", _work_item),
    "workspace:item-snooze": ("item_id", _work_item),
}


# A dialog that shows nothing but the id it was asked with; sending it skips what is beyond reach.
SHOWS_NOTHING = {"workspace:item-hand-over"}


def named() -> list[Address]:
    """Addresses that name a customer or something of one."""
    return [
        address
        for address in addresses()
        if address.name.startswith(ROOMS_OF_CUSTOMERS) and ("ref" in address.arguments or address.name in ITEMS)
    ]


def statuses(client: Client, address: Address, party: Party) -> set[int]:
    """Answers to every method of the address. Parts of a customer that are named too do not exist."""
    arguments: dict[str, Any] = {name: STAND_IN.get(kind, "nothing") for name, kind in address.arguments.items()}
    if "ref" in arguments:
        arguments["ref"] = party.ref
    methods = {row.name: row.methods for row in rows()}
    found = set()
    for method in methods.get(address.name, ()):
        with undone():
            if address.name in ITEMS:
                argument, make = ITEMS[address.name]
                arguments[argument] = make(party)
            found.add(client.generic(method, reverse(address.name, kwargs=arguments)).status_code)
    return found


def test_every_object_in_an_address_is_known_here() -> None:
    """A new address that names an object needs its builder, or nobody tries it."""
    words = {"item", "renewal_id", "item_id"}
    naming = {
        address.name
        for address in addresses()
        if address.name.startswith(ROOMS_OF_CUSTOMERS) and words & set(address.arguments)
        # Parts of a customer are looked for within the customer; the definition of a field belongs to nobody.
        and "ref" not in address.arguments and address.name != "customers:field"
    }  # fmt: skip
    assert naming == set(ITEMS)


@pytest.mark.parametrize("role", ["manager", "team_lead", "branch_manager", "agent"])
def test_customers_of_another_branch_do_not_exist_at_any_address(role: str, cast: Cast, client: Client) -> None:
    user: User = getattr(cast, role)
    theirs = build.person(manager=cast.outsider, unit=cast.nanjing)
    grants = build.actor(user).grants
    client.force_login(user)
    bad = []
    for address in named():
        # Roles whose permission reaches everything are tried by the table; here are those that end at a border.
        if address.declared not in grants or grants[address.declared] == "all":
            continue
        if grants.get("customers.view") == "all" or address.name in SHOWS_NOTHING:
            continue
        if found := statuses(client, address, theirs) - {404}:
            bad.append(f"{address.name}: {found}")
    assert bad == []


def test_the_same_addresses_know_ones_own_customers(cast: Cast, client: Client) -> None:
    mine = build.person(manager=cast.manager, unit=cast.pudong)
    grants = build.actor(cast.manager).grants
    client.force_login(cast.manager)
    bad = []
    for address in named():
        parts = set(address.arguments) - {"ref"}
        if address.declared not in grants or (parts and address.name not in ITEMS) or "field" in parts:
            continue
        if 404 in statuses(client, address, mine):
            bad.append(address.name)
    assert bad == []


def test_the_api_does_not_know_customers_of_another_branch_either(cast: Cast, client: Client) -> None:
    theirs = build.person(manager=cast.outsider, unit=cast.nanjing)
    _token, secret = accounts.create_token(
        actor=build.actor(cast.manager), now=clock.now(), user_id=cast.manager.id, name="x",
        codes=sorted(permissions.registered()), lifetime=timedelta(days=1),
    )  # fmt: skip
    grants = build.actor(cast.manager).grants
    bad = []
    for address in addresses():
        if not address.is_api or "/customers/{ref}" not in address.name or address.declared not in grants:
            continue
        method = (address.methods or ("GET",))[0]
        path = "/" + address.route.replace("{ref}", theirs.ref)
        body = {} if method == "GET" else body_of(address)
        with undone():
            answer = client.generic(
                method, path, str(body).replace("'", '"'), content_type="application/json",
                headers={"authorization": f"Bearer {secret}"},
            )  # fmt: skip
        if answer.status_code != 404:
            bad.append(f"{address.name}: {answer.status_code}")
    assert bad == []
