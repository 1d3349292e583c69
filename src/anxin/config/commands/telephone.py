"""The telephone system: the bridge to an exchange, and what one needs that sends its messages itself."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from anxin.config.commands.session import ready

if TYPE_CHECKING:
    from anxin.foundation.channels.data import CallNews


@click.command()
@click.argument("system")
def cti_secret(system: str) -> None:
    """Print the secret SYSTEM signs its messages with. It follows from the instance's key and is stored nowhere."""
    with ready():
        from anxin.service.desk.services import telephony

        click.echo(telephony.secret_of(system))


@click.command()
def telephony() -> None:
    """Listen to the telephone exchange of ANXIN_TELEPHONE_URL (Asterisk: AMI or ARI) until told to stop.

    What it hears goes straight to the desk, not through the webhook: an event counts when its transaction is committed,
    the web need not be up, and no token has to be made, kept and renewed.
    """
    with ready():
        from django.conf import settings

        from anxin.foundation.channels.services import bridge
        from anxin.kernel import clock
        from anxin.service.desk.queries import calls

        exchange = settings.TELEPHONE
        if exchange is None:
            raise click.ClickException("No exchange: set ANXIN_TELEPHONE_URL (docs/guides/call-centre.md).")
        stop = threading.Event()
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda *_: stop.set())
        click.echo(f"Listening to {exchange.protocol.upper()} of {exchange.host}:{exchange.port}; Ctrl-C stops it.")
        bridge.run(
            exchange, take=lambda news: _file(news, exchange.system), now=clock.now, stop=stop,
            open_calls=lambda: calls.open_calls(exchange.system),
        )  # fmt: skip


def _file(news: CallNews, system: str) -> None:
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor
    from anxin.service.desk.data import CtiEvent
    from anxin.service.desk.services import telephony as desk

    event = CtiEvent(
        system=system, event_id=news.key, call_id=news.call_id, kind=news.kind, at=news.at, direction=news.direction,
        number=news.number, extension=news.extension, queue=news.queue, menu=news.menu,
        hold_seconds=news.hold_seconds, recording=news.recording, is_witnessed=news.is_witnessed,
    )  # fmt: skip
    desk.take_event(actor=Actor.system("telephone", channel="cli"), now=clock.now(), event=event)
