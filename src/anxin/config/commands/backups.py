"""Backup, restore, and the drill that proves a backup can be restored."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from anxin.config.commands.session import ready


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database and documents to FILE (a tar). Keys are not in it: keep `secrets/` somewhere else."""
    with ready():
        from anxin.config import safekeeping

        manifest = safekeeping.backup(file)
    click.echo(f"{file}: {sum(manifest['rows'].values()):,} rows, {len(manifest['documents']):,} documents.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what is in the database now without asking.")
def restore(file: Path, yes: bool) -> None:
    """Put the database and documents of FILE in place of the present ones, and erase again who was erased since."""
    with ready():
        from anxin.config import safekeeping

        if not yes:
            click.confirm("Everything in this instance is replaced. Go on?", abort=True)
        try:
            manifest = safekeeping.restore(file)
        except safekeeping.BackupRefused as error:
            raise click.ClickException(str(error)) from error
        from anxin.book.rights import services as rights
        from anxin.kernel import clock

        again = rights.repeat(now=clock.now())
        if again:
            click.echo(f"{again} persons had been erased since the backup was made: they are erased again.")
    click.echo(f"Restored {sum(manifest['rows'].values()):,} rows of {manifest['made_at']}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_drill(file: Path) -> None:
    """Restore FILE beside the living database, check it, and drop it again."""
    with ready():
        from anxin.config import safekeeping

        try:
            findings = safekeeping.drill(file)
        except safekeeping.BackupRefused as error:
            raise click.ClickException(str(error)) from error
    for name, is_sound in findings.items():
        click.echo(f"{'ok ' if is_sound else 'BAD'}  {name}")
    if not all(findings.values()):
        sys.exit(1)
