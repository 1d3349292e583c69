"""Bringing an instance up to date, checking it, and its nightly run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click

from anxin.config.commands.session import ready

# What the static files were when they were collected last.
COLLECTED_FROM: Final = "static-collected-from.txt"


@click.command()
def migrate() -> None:
    """Create or update the tables, shipped roles and static files."""
    with ready():
        bring_up_to_date(verbose=True)


def bring_up_to_date(*, verbose: bool = False) -> bool:
    """Apply what is missing; True when there was something to do."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from anxin.config import tables

    executor = MigrationExecutor(connection)
    pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        with tables.quickly():
            call_command("migrate", verbosity=1 if verbose else 0, interactive=False)
        # A column just filled or a new index has no statistics until the server gets round to it: plans would be wrong.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        call_command("createcachetable", verbosity=0)
    collected_from, ours = settings.ANXIN_HOME / COLLECTED_FROM, _static_files(settings.PACKAGE)
    is_there = (settings.STATIC_ROOT / "staticfiles.json").exists() and collected_from.exists()
    if not is_there or collected_from.read_text() != ours:
        call_command("collectstatic", verbosity=0, interactive=False, clear=False)
        collected_from.write_text(ours)
    return pending


def _static_files(package: Path) -> str:
    """The static files of every room as a text that differs when one does: looked at without being read, for an upgrade
    may bring files older than those collected last."""
    files = sorted(path for folder in package.glob("*/*/static") for path in folder.rglob("*") if path.is_file())
    states = [(path, path.stat()) for path in files]
    return "".join(f"{path.relative_to(package)} {one.st_size} {one.st_mtime_ns}\n" for path, one in states)


@click.command()
@click.option("--deploy", is_flag=True, help="Also check that the settings fit a public server.")
def check(deploy: bool) -> None:
    """Is this instance sound: settings, keys, tables, audit chain?"""
    with ready():
        from django.core.management import call_command

        from anxin.config import soundness

        call_command("check", deploy=deploy, fail_level="WARNING")
        findings = soundness.findings()
    for finding in findings:
        click.echo(finding, err=True)
    if findings:
        sys.exit(1)
    click.echo("All sound.")


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day to judge by (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def nightly(as_of: object, as_json: bool) -> None:
    """Judge every customer, find what is due, and hand it to staff."""
    with ready():
        from anxin.config import nights

        report = nights.run(as_of=as_of.date() if as_of else None, say=None if as_json else click.echo)  # type: ignore[attr-defined]
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
