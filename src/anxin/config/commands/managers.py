"""Allocating customers to managers from the command line, and asking why somebody has one."""

from __future__ import annotations

import json

import click

from anxin.config.commands.session import ready


@click.group()
def managers() -> None:
    """Allocate customers to managers."""


@managers.command()
@click.option("--dry-run", is_flag=True, help="Say who would get how many; move nobody.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def allocate(dry_run: bool, as_json: bool) -> None:
    """Give everybody in the pool a manager by the rules in force."""
    with ready():
        from anxin.kernel import clock
        from anxin.kernel.actor import Actor
        from anxin.service.managers import services

        actor = Actor.system("anxin managers", channel="cli")
        found = services.automatic(actor=actor, now=clock.now(), is_dry=dry_run)
    if as_json:
        click.echo(json.dumps(found))
        return
    word = "would get" if dry_run else "got"
    click.echo(f"{found['assigned']:,} customers {word} a manager, {found['unassigned']:,} did not.")


@managers.command()
@click.argument("customer")
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="en", show_default=True)
def explain(customer: str, language: str) -> None:
    """Say who manages CUSTOMER (a customer number), since when and why."""
    with ready():
        from django.utils.translation import override

        from anxin.book.customers.queries import CustomerNotFound
        from anxin.kernel.actor import Actor
        from anxin.service.managers import queries

        with override(language):
            try:
                found = queries.custodian_of(Actor.system("anxin managers", channel="cli"), customer)
            except CustomerNotFound as error:
                raise click.ClickException(f"There is no customer {customer!r}.") from error
            who = f"{found.manager} since {found.since:%Y-%m-%d}" if found.since else "nobody"
            click.echo(f"{found.ref}: {who} · {found.text}")
            for one in found.assistants:
                click.echo(f"  {one.line}: {one.name}")
