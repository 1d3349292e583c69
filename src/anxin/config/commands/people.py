"""Users and personal tokens from the command line: the first administrator, and scripts."""

from __future__ import annotations

from datetime import timedelta

import click

from anxin.config.commands.session import ready


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="Display name.")
@click.option("--role", required=True, help="Code of the role, for instance administrator.")
@click.option("--unit", help="Code of the unit (default: the root).")
@click.option("--email", default="")
@click.password_option(help="At least 12 characters; asked for when not given.")
def user(username: str, name: str, role: str, unit: str | None, email: str, password: str) -> None:
    """Create USERNAME with one post."""
    with ready():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError
        from django.db import transaction

        from anxin.foundation.accounts import services as accounts
        from anxin.foundation.org import services as org
        from anxin.kernel import clock
        from anxin.kernel.actor import Actor

        actor = Actor.system("anxin user", channel="cli")
        try:
            validate_password(password)
        except ValidationError as error:
            raise click.ClickException(" ".join(error.messages)) from error
        with transaction.atomic():
            made = accounts.create_user(
                actor=actor, now=clock.now(), username=username, display_name=name, password=password, email=email
            )
            org.give_post_by_code(
                actor=actor, now=clock.now(), user_id=made.id, unit_code=unit, role=role, from_date=clock.today()
            )
    click.echo(f"{username} may sign in.")


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--permission", "permissions", multiple=True, required=True, help="A permission code; repeatable.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 365))
def token(username: str, name: str, permissions: tuple[str, ...], days: int) -> None:
    """Create a personal API token of USERNAME; it is printed once."""
    with ready():
        from anxin.foundation.accounts import queries
        from anxin.foundation.accounts import services as accounts
        from anxin.kernel import clock
        from anxin.kernel.actor import Actor

        owner = queries.find_user(username)
        if owner is None:
            raise click.ClickException(f"There is no user {username!r}.")
        _token, secret = accounts.create_token(
            actor=Actor.system("anxin token", channel="cli"),
            now=clock.now(),
            user_id=owner.id,
            name=name,
            codes=permissions,
            lifetime=timedelta(days=days),
        )
    click.echo(secret)
