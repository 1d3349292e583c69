"""Classifying customers from the command line, and asking why one is in a class."""

from __future__ import annotations

import json
from datetime import datetime

import click

from anxin.config.commands.session import ready


@click.group()
def segments() -> None:
    """Judge customers, and explain the judgement."""


@segments.command(name="run")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day to judge by (default: today); a past day is a replay."
)
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def run_(as_of: datetime | None, engine: str, as_json: bool) -> None:
    """Compute all figures and classes."""
    with ready():
        from anxin.analytics.engines import EngineMissing
        from anxin.book.segments import services
        from anxin.kernel import clock
        from anxin.kernel.actor import Actor

        def tell(step: str, rows: int) -> None:
            if not as_json:
                click.echo(f"  {step:<10}{rows:>12,}")

        try:
            found = services.run(
                actor=Actor.system("anxin segments", channel="cli"), now=clock.now(),
                as_of=as_of.date() if as_of else clock.today(), engine=engine, progress=tell,
            )  # fmt: skip
        except EngineMissing as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        summary = {
            name: found.summary.get(name) for name in ("parties", "with_premium", "premium_fen", "classes", "changes")
        }
        report = {
            "run": str(found.id),
            "as_of": found.as_of.isoformat(),
            "engine": found.engine,
            "is_new": found.is_new,
        }
        click.echo(json.dumps(report | {"versions": dict(found.scheme_versions), **summary}, ensure_ascii=False))
    else:
        click.echo(
            f"{found.summary.get('parties', 0):,} customers as of {found.as_of}"
            + ("" if found.is_new else ", nothing new")
            + "."
        )


@segments.command()
@click.argument("customer")
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="en", show_default=True)
def explain(customer: str, language: str) -> None:
    """Say why CUSTOMER (a customer number) is in each class."""
    with ready():
        from django.utils.translation import override

        from anxin.book.customers.queries import CustomerNotFound
        from anxin.book.segments import queries
        from anxin.kernel.actor import Actor

        with override(language):
            try:
                found = queries.classes_of(Actor.system("anxin segments", channel="cli"), customer)
            except CustomerNotFound as error:
                raise click.ClickException(f"There is no customer {customer!r}.") from error
            if found is None:
                raise click.ClickException("No run has seen this customer yet.")
            click.echo(f"{found.ref} as of {found.as_of}")
            for one in found.classes:
                if one.value:
                    since = f" since {one.since}" if one.since else ""
                    click.echo(
                        f"  {one.name}: {one.label}{since} · {one.because} [{one.scheme or 'facts'} {one.version}]"
                    )
            for need in found.proposals:
                click.echo(f"  → {need.name}: {need.plan}")
