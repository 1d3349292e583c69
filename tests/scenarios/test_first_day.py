"""The first day of an insurer: its exports go in, the night judges, and a customer manager works the same minute."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from anxin.book.customers import queries as customers
from anxin.book.customers.models import Party
from anxin.book.customers.services import opening
from anxin.config import nights
from anxin.config.sample import write_sample
from anxin.engagement.renewals.models import Renewal
from anxin.foundation.audit.models import Entry
from anxin.foundation.intake import services as intake
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Role
from anxin.service.worklist.models import WorkItem

SYSTEM = Actor.system("test", channel="cli")


def take_in(out: Path) -> dict[str, dict[str, int]]:
    """Import every export in the order of the profiles; counts by kind."""
    counts: dict[str, dict[str, int]] = {}
    for profile in sorted((out / "profiles").glob("*.toml")):
        for file in sorted(out.glob(tomllib.loads(profile.read_text())["file"]["pattern"])):
            report = intake.import_file(actor=SYSTEM, path=file, profile=profile, clock=clock.now)
            assert report["state"] == "done", report
            for kind, figures in report["entities"].items():
                known = counts.setdefault(kind, dict.fromkeys(figures, 0))
                for name, figure in figures.items():
                    known[name] += figure
    return counts


def test_from_the_exports_to_a_manager_at_work(transactional_db: None, tmp_path: Path) -> None:
    write_sample(tmp_path, customers=400, seed=3, as_of=clock.today())
    first = take_in(tmp_path)
    assert first["customer"]["created"] >= 400
    assert first["policy"]["created"] > 0 and first["claim"]["created"] > 0

    report = nights.run()
    assert report["parts"]["segments"]["result"]["parties"] == Party.objects.filter(state="active").count()
    assert Renewal.objects.exists() and WorkItem.objects.exists()
    renewals, items = Renewal.objects.count(), WorkItem.objects.count()
    nights.run()
    assert (Renewal.objects.count(), WorkItem.objects.count()) == (renewals, items), (
        "a second night makes nothing twice"
    )

    manager = org.find_example_holder(Role.CUSTOMER_MANAGER, today=clock.today())
    assert manager is not None
    actor = org.actor_for(manager, today=clock.today())
    mine = customers.list_customers(actor, today=clock.today(), sort="-premium").rows
    assert mine and mine[0].annual_premium_fen
    found = customers.find_customers(actor, mine[0].name[0])
    assert mine[0].ref in {row.ref for row in found.rows} or found.has_more
    file = opening.open_as_json(actor=actor, now=clock.now(), ref=mine[0].ref)
    assert file["policies"] and file["standing"]["tier"]
    assert Entry.objects.filter(action="customers.view", object_ref=mine[0].ref, actor_id=manager.id).count() == 1
    theirs = Party.objects.filter(state="active", manager__isnull=False).exclude(manager=manager.id)[0]
    with pytest.raises(customers.CustomerNotFound):
        opening.open_as_json(actor=actor, now=clock.now(), ref=theirs.ref)
