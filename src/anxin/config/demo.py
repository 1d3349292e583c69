"""The demo insurer: its systems' exports imported through the real pipeline, one log-in per role."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from anxin.config import demo_callbacks, demo_complaints, demo_desk, demo_value, nights
from anxin.config.home import folder
from anxin.config.sample import write_sample
from anxin.foundation.accounts import queries as accounts_queries
from anxin.foundation.accounts import services as accounts
from anxin.foundation.intake import services as intake
from anxin.foundation.org import queries as org_queries
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Role

PASSWORD = "anxin-demo-2026"  # noqa: S105 - printed at every start; demo instances refuse a public host
SEED = 7


def ensure(*, customers: int, say: Callable[[str], None]) -> list[tuple[str, str, str]]:
    """Import the sample once; returns (role, username, password) of the demo log-ins."""
    if not settings.DEMO:
        raise RuntimeError("Demo data are for demo instances only (anxin run --demo).")
    actor = Actor.system("anxin run --demo", channel="cli")
    done = folder("sample") / "done"
    if not done.exists():
        _import_sample(actor, customers, say)
        log_ins = _open_log_ins(actor)
        say(f"{demo_complaints.make(actor)} complaints in every state.")
        say(f"{demo_desk.make(actor)} tickets at the desk, and a busy hall.")
        say("The book a month ago …")
        say(f"{demo_value.make(actor, folder('sample') / 'exports')} rows and marks that came since.")
        say("First nightly run …")
        nights.run(say=say)
        say(f"{demo_callbacks.make(actor)} call-backs with a result.")
        done.write_text("\n".join("\t".join(row) for row in log_ins))
    return [tuple(line.split("\t", 2)) for line in done.read_text().splitlines()]  # type: ignore[misc]


def _import_sample(actor: Actor, customers: int, say: Callable[[str], None]) -> None:
    out = folder("sample") / "exports"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    say(f"Writing the exports of a sample insurer with {customers:,} customers …")
    write_sample(out, customers=customers, seed=SEED, as_of=clock.today())
    say("Importing them:")
    articles = Path(__file__).parent / "sample" / "knowledge"
    intake.import_file(actor=actor, path=articles / "articles.csv", profile=articles / "articles.toml", clock=clock.now)
    for profile in sorted((out / "profiles").glob("*.toml")):
        for file in sorted(out.glob(tomllib.loads(profile.read_text())["file"]["pattern"])):
            report = intake.import_file(actor=actor, path=file, profile=profile, clock=clock.now)
            counts = ", ".join(
                f"{kind} +{figures['created']:,}" + (f" ✗{figures['rejected']:,}" if figures["rejected"] else "")
                for kind, figures in report["entities"].items()
            )
            say(f"  {file.name:<28}{report['rows_read']:>9,} rows  {report['seconds']:>6.1f} s  {counts}")


def _open_log_ins(actor: Actor) -> list[tuple[str, str, str]]:
    """Give one member of staff per role the demo password; the customer manager with most customers among them."""
    today: date = clock.today()
    log_ins = []
    with transaction.atomic():
        for role in Role:
            user = org_queries.find_example_holder(role, today=today)
            if user is None:
                continue
            accounts.open_demo_log_in(actor=actor, now=clock.now(), user_id=user.id, password=PASSWORD)
            log_ins.append((f"{accounts_queries.role_name(role)} {role}", user.username, PASSWORD))
    return log_ins
