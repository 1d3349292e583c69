"""A sample insurer, and importing files."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from anxin.config.commands.session import ready


@click.command()
@click.option(
    "--customers", default=20_000, show_default=True, type=click.IntRange(100), help="How many true customers."
)
@click.option("--seed", default=1, show_default=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the exports (default: today).")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
def sample(customers: int, seed: int, as_of: datetime | None, out: Path) -> None:
    """Write what the systems of a synthetic insurer would export."""
    from anxin.config.sample import write_sample
    from anxin.kernel import clock

    out.mkdir(parents=True, exist_ok=True)
    with click.progressbar(length=100, label="Writing", file=sys.stderr) as bar:

        def progress(_what: str, done: int, total: int) -> None:
            bar.update(max(0, 100 * done // max(1, total) - bar.pos))

        report = write_sample(
            out, customers=customers, seed=seed, as_of=as_of.date() if as_of else clock.today(), progress=progress
        )
    click.echo(f"{report.total_rows:,} rows of {report.persons:,} persons and {report.organisations:,} organisations.")


@click.command(name="import")
@click.option("--profile", "-P", required=True, help="Name of a stored profile, or the path of a TOML profile.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--full", is_flag=True, help="The files are all their source has: report rows they no longer hold.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(profile: str, dry_run: bool, full: bool, as_json: bool, files: tuple[Path, ...]) -> None:
    """Import FILES of a source system."""
    reports: list[dict[str, Any]] = []
    is_refused = False
    with ready():
        from anxin.foundation.intake import services as intake
        from anxin.kernel import clock
        from anxin.kernel.actor import Actor

        for file in files:
            with click.progressbar(length=100, label=file.name, file=sys.stderr, hidden=as_json) as bar:

                def progress(done: int, total: int | None, bar: Any = bar) -> None:
                    bar.update(max(0, 100 * done // max(1, total or done) - bar.pos))

                try:
                    report = intake.import_file(
                        actor=Actor.system("anxin import", channel="cli"),
                        path=file,
                        profile=Path(profile) if profile.endswith(".toml") else profile,
                        clock=clock.now,
                        dry_run=dry_run,
                        full=full,
                        progress=progress,
                    )
                except (intake.FileRefused, intake.ProfileError, intake.ProfileNotFound) as error:
                    click.echo(f"{file}: {error}", err=True)
                    is_refused = True
                    continue
            reports.append(report)
    if as_json:
        click.echo(json.dumps(reports[0] if len(reports) == 1 else reports, ensure_ascii=False))
    else:
        for file, report in zip(files, reports, strict=False):
            click.echo(
                f"{file.name}  batch {report['batch']}  {report['rows_read']:,} rows in {report['seconds']:.1f} s"
            )
            for kind, counts in report["entities"].items():
                figures = "  ".join(f"{name} {count:,}" for name, count in counts.items())
                click.echo(f"  {kind:<14}{figures}")
    if is_refused:
        sys.exit(2)


@click.command()
@click.option("--reason", default="", help="Kept in the audit trail.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.argument("batch")
def undo(batch: str, reason: str, as_json: bool) -> None:
    """Take the import BATCH back: what it created goes, what it changed is as before."""
    with ready():
        from anxin.foundation.intake import queries
        from anxin.foundation.intake import services as intake
        from anxin.kernel import clock
        from anxin.kernel.actor import Actor
        from anxin.kernel.states import StaleState

        actor = Actor.system("anxin undo", channel="cli")
        try:
            view = intake.begin_undo(actor=actor, now=clock.now(), ref=batch, reason=reason)
        except queries.BatchNotFound:
            raise click.ClickException(
                f"There is no import {batch}: see the page of imports, or what `anxin import` printed."
            ) from None
        except StaleState as stale:
            raise click.ClickException(
                f"Only a finished import can be undone; {batch} is {stale.current_state}."
            ) from None
        # A worker may have begun already: then it is its work, and this command says so.
        is_done = intake.undo_batch(view.id, clock=clock.now)
        kept = {count.kind: count.kept for count in queries.get_batch(actor, batch).counts if count.kept}
    if as_json:
        click.echo(json.dumps({"batch": batch, "undone": is_done, "kept": kept}, ensure_ascii=False))
        return
    click.echo(f"{batch} is undone." if is_done else f"A worker is undoing {batch}.")
    for kind, rows in kept.items():
        click.echo(f"  {kind:<14}kept {rows:,} (see the page of the import for the reasons)")
