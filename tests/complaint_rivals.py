"""Moves of complaints in processes of their own (`tests.another`): by the service, and over HTTP by a server."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, make_server

RIVALS = 4


def review(user_id: UUID, ref: str, meeting: str, guarded: bool) -> str:
    """Pass the review; says what came of it. Every rival has read the complaint before the first of them writes.

    Unguarded: as if nobody looked at the state and version on record, nor numbered the history by it.
    """
    from anxin.foundation.accounts.models import User
    from anxin.kernel.states import IllegalTransition, StaleState
    from anxin.service.complaints import services
    from anxin.service.complaints.models import Complaint
    from anxin.service.complaints.services import stored
    from tests import build

    conditional = stored.save

    def save(row: Complaint, version: int, before: str, **changes: Any) -> None:
        _meet(Path(meeting))
        if guarded:
            conditional(row, version, before, **changes)
        else:
            Complaint.objects.filter(pk=row.pk).update(state=row.state)
            row.version = version + os.getpid()

    stored.save = save
    try:
        services.move(
            actor=build.actor(User.objects.get(pk=user_id)), now=build.NOW + timedelta(hours=1), ref=ref,
            action="review", version=1, facts={"severity": "plain"},
        )  # fmt: skip
    except (StaleState, IllegalTransition) as error:
        return type(error).__name__
    return "done"


def _meet(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    limit = time.monotonic() + 30
    while len(list(folder.iterdir())) < RIVALS:
        if time.monotonic() > limit:
            raise TimeoutError("The other rivals did not come.")
        time.sleep(0.01)


Step = tuple[UUID, str, dict[str, str]]


def press(steps: list[Step], ref: str, meeting: str, place: int, guarded: bool) -> list[int]:
    """Send each (user, move, form) over HTTP to a server of this process, in step with the other; the answers' status.

    Both have read the same version before the first of them writes. Unguarded: as in `review`.
    """
    from anxin.service.complaints.models import Complaint
    from anxin.service.complaints.services import stored

    folder, conditional = Path(meeting), stored.save
    at = {"step": ""}

    def save(row: Complaint, version: int, before: str, **changes: Any) -> None:
        _gather(folder / f"{at['step']}-save", 2, place)
        if guarded:
            conditional(row, version, before, **changes)
        else:
            Complaint.objects.filter(pk=row.pk).update(state=row.state, **changes)
            row.version = version + 100 * (place + 1)

    stored.save = save
    found = []
    with _served() as address:
        for number, (user_id, action, form) in enumerate(steps):
            at["step"] = f"{number}"
            _gather(folder / f"{number}-begin", 2, place)
            version = Complaint.objects.values_list("version", flat=True).get(ref=ref)
            _gather(folder / f"{number}-read", 2, place)
            found.append(
                _post(address, user_id, f"/complaints/{ref}/act/", {"do": action, "version": str(version)} | form)
            )
    return found


def _gather(folder: Path, many: int, place: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / str(place)).touch()
    limit = time.monotonic() + 60
    while len(list(folder.iterdir())) < many:
        if time.monotonic() > limit:
            raise TimeoutError(f"The other did not come to {folder.name}.")
        time.sleep(0.005)


@contextmanager
def _served() -> Iterator[str]:
    """A server of the whole product on a socket of this process."""
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def _post(address: str, user_id: UUID, path: str, form: dict[str, str]) -> int:
    from django.conf import settings
    from django.test import Client

    from anxin.foundation.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    secret = "a" * 32
    cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {settings.CSRF_COOKIE_NAME: secret}
    link = HTTPConnection(address, timeout=60)
    link.request(
        "POST", path, urlencode(form | {"csrfmiddlewaretoken": secret}),
        {"Content-Type": "application/x-www-form-urlencoded", "Host": "testserver",
         "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
    )  # fmt: skip
    status = link.getresponse().status
    link.close()
    return status
