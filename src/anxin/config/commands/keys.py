"""Rotating the key that seals personal data, while the product runs."""

from __future__ import annotations

import time

import click

from anxin.config.commands.session import ready


@click.command()
@click.option("--retire", is_flag=True, help="Take older keys out of the ring, once nothing bears them any more.")
@click.option("--wait", default=25, show_default=True, help="Seconds for running processes to learn of a new key.")
def rotate_keys(retire: bool, wait: int) -> None:
    """Seal all personal data anew with a fresh key. Can be stopped and started again at any time.

    Both keys open meanwhile. Afterwards `anxin rotate-keys --retire` takes the old key out of the ring; it is kept in a
    file of its own, since backups from before need it.
    """
    with ready():
        from anxin.config import keys

        try:
            if retire:
                kept = keys.retire()
                click.echo(f"Retired: {', '.join(kept)}. Backups from before need the file(s); keep them apart.")
                return
            active = keys.begin(pause=lambda: time.sleep(wait), say=click.echo)
            done = keys.reseal(progress=lambda table, count: click.echo(f"  {table:<40}{count:>12,}"))
        except keys.RotationRefused as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{done:,} values now bear the key {active}. Restart nothing; retire the old key with --retire.")
