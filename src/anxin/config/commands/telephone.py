"""What a telephone system needs to send its messages."""

from __future__ import annotations

import click

from anxin.config.commands.session import ready


@click.command()
@click.argument("system")
def cti_secret(system: str) -> None:
    """Print the secret SYSTEM signs its messages with. It follows from the instance's key and is stored nowhere."""
    with ready():
        from anxin.service.desk.services import telephony

        click.echo(telephony.secret_of(system))
