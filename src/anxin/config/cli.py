"""The `anxin` command. Each subcommand starts the database if needed, sets Django up, and makes one call."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

COMMANDS = {
    "run": "runner",
    "serve": "runner",
    "worker": "runner",
    "migrate": "upkeep",
    "check": "upkeep",
    "nightly": "upkeep",
    "segments": "segments",
    "managers": "managers",
    "sample": "data",
    "import": "data",
    "undo": "data",
    "user": "people",
    "token": "people",
    "rotate-keys": "keys",
    "backup": "backups",
    "restore": "backups",
    "restore-drill": "backups",
    "linkage": "linkage",
    "knowledge": "knowledge",
    "cti-secret": "telephone",
    "telephony": "telephone",
}


class LazyCommands(click.Group):
    """Loads a subcommand only when it is asked for, so that `anxin --help` needs no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"anxin.config.commands.{COMMANDS[name]}")
        command: click.Command = getattr(module, name.replace("-", "_").replace("import", "import_"))
        return command


@click.group(cls=LazyCommands)
@click.option("--home", type=click.Path(file_okay=False), help="Instance folder (default: $ANXIN_HOME or ./var).")
def cli(home: str | None) -> None:
    """Anxin: customer relationship and service management for insurers."""
    if home:
        os.environ["ANXIN_HOME"] = home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")


def main() -> None:
    from anxin.config.embedded import EmbeddedServerFailed

    try:
        cli()
    except EmbeddedServerFailed as error:
        click.echo(f"anxin: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
