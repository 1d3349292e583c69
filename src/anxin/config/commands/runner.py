"""Starting the product: web, worker, or both with a demo insurer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from types import FrameType

import click

from anxin.config import embedded
from anxin.config.commands.session import ensure_catalogues, ready

# Longer than a request or a chunk of an import may take.
STOP_SECONDS = 30


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=lambda: int(os.environ.get("ANXIN_PORT", "8000")), type=int, help="Default 8000.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the web pages and the API."""
    os.environ["ANXIN_PORT"] = str(port)
    ensure_catalogues()
    with embedded.server_if_needed():
        _refuse_taken_port(host, port)
        _run_until_stopped([_web_command(host, port, workers)])


@click.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs at a time.")
def worker(concurrency: int) -> None:
    """Work through the background jobs."""
    ensure_catalogues()
    with embedded.server_if_needed():
        _run_until_stopped([_worker_command(concurrency)])


@click.command()
@click.option("--demo", is_flag=True, help="With a sample insurer and demo log-ins (refused with a public host).")
@click.option("--customers", default=5_000, show_default=True, help="Size of the sample insurer.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=lambda: int(os.environ.get("ANXIN_PORT", "8000")), type=int, help="Default 8000.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def run(demo: bool, customers: int, host: str, port: int, workers: int) -> None:
    """Start everything on this machine; Ctrl-C stops all of it."""
    os.environ["ANXIN_PORT"] = str(port)
    if demo:
        os.environ["ANXIN_DEMO"] = "1"
    _refuse_taken_port(host, port)
    ensure_catalogues()
    with ready():
        from anxin.config.commands.upkeep import bring_up_to_date

        click.echo("Preparing the database …")
        bring_up_to_date()
        log_ins: list[tuple[str, str, str]] = []
        if demo:
            from anxin.config import demo as demo_insurer

            log_ins = demo_insurer.ensure(customers=customers, say=click.echo)
        from django.db import connections

        connections.close_all()
        # Once more: the demo takes minutes, and two web servers on one port would share its visitors without a word.
        _refuse_taken_port(host, port)
        _run_until_stopped(
            [_web_command(host, port, workers), _worker_command(2), *_telephone_command()],
            announce=lambda: _announce(host, port, log_ins),
        )


def _web_command(host: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--backpressure", "64", "--no-ws",
        "--log-level", "warning", "--workers-kill-timeout", str(STOP_SECONDS), "--respawn-failed-workers",
        "anxin.config.wsgi:application",
    ]  # fmt: skip


def _worker_command(concurrency: int) -> list[str]:
    return [
        sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", str(concurrency),
        "--shutdown-graceful-timeout", str(STOP_SECONDS - 5),
    ]  # fmt: skip


def _telephone_command() -> list[list[str]]:
    """The bridge to the exchange, where one is configured."""
    return [[sys.executable, "-m", "anxin.config.cli", "telephony"]] if os.environ.get("ANXIN_TELEPHONE_URL") else []


def _process(command: list[str]) -> str:
    """What a process is, for the settings."""
    return "worker" if {"procrastinate", "telephony"} & set(command) else "web"


def _run_until_stopped(commands: list[list[str]], announce: Callable[[], None] | None = None) -> None:
    """Run the processes until one ends or we are told to stop; then stop the others, kindly first."""
    stop_wanted = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stop_wanted
        stop_wanted = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    # Own sessions: Ctrl-C in the terminal reaches us alone, and we stop them in order.
    children = [
        subprocess.Popen(command, start_new_session=True, env=os.environ | {"ANXIN_PROCESS": _process(command)})
        for command in commands
    ]
    failed = False
    try:
        if announce is not None:
            announce()
        while not stop_wanted:
            ended = [child for child in children if child.poll() is not None]
            if ended:
                failed = True
                click.echo(f"anxin: a process ended by itself ({ended[0].returncode}); stopping.", err=True)
                break
            time.sleep(0.2)
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
    if failed:
        sys.exit(1)


def _announce(host: str, port: int, log_ins: list[tuple[str, str, str]]) -> None:
    address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/"  # noqa: S104
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/health/", timeout=2):
                break
        except OSError:
            time.sleep(0.2)
    click.echo(f"\nAnxin 安心 runs at {address}")
    if log_ins:
        width = max(len(username) for _role, username, _password in log_ins)
        click.echo(f"Demo log-ins, all with the password {log_ins[0][2]}:")
        for role, username, _password in log_ins:
            click.echo(f"  {username:<{width}}  {role}")
    click.echo("Ctrl-C stops it.")


def _refuse_taken_port(host: str, port: int) -> None:
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(f"Port {port} is taken; choose another with --port or ANXIN_PORT.") from error
