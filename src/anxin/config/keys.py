"""A rotation of the key ring, in steps that can each be done again."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from anxin.config import secrets_store, signin
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import queries as jobs
from anxin.foundation.privacy import services as privacy
from anxin.kernel import clock, vault
from anxin.kernel.actor import Actor
from anxin.kernel.encryption import EncryptionError

RETIRED = "keys-before-{active}.json"


class RotationRefused(Exception):
    """The ring cannot be changed now; the message says what to do first."""


def begin(*, pause: Callable[[], None], say: Callable[[str], None]) -> str:
    """Make sure that a key newer than the first one seals; goes on with a rotation that was stopped. Returns its id.

    The new key is in every running process before anything bears it: it comes into the ring first, `pause` lets them
    read it, then it becomes the active one.
    """
    ring = secrets_store.key_ring()
    if not secrets_store.is_ring_ours():
        if len(ring.key_ids) == 1:
            raise RotationRefused(
                "The ring comes from ANXIN_KEYS: add a key to it there, restart everything, and start this again."
            )
        return ring.active
    if len(ring.key_ids) == 1:
        wider = ring.with_new_key()
        secrets_store.replace_ring(wider.with_active(ring.active))
        _note("privacy.rotate_keys", {"key": wider.active})
        ring = secrets_store.key_ring()
    newest = ring.key_ids[-1]
    if ring.active != newest:
        say("A new key is in the ring; running processes read it …")
        pause()
        ring = ring.with_active(newest)
        secrets_store.replace_ring(ring)
        pause()
    vault.install(ring)
    return newest


def reseal(*, progress: Callable[[str, int], None] | None = None) -> int:
    """Everything that bears an older key, and at last the proof. Returns how many values."""
    done = privacy.reseal(progress=progress) + _reseal_second_factors()
    privacy.renew_key_proof()
    return done


def retire() -> list[str]:
    """Take all keys but the active one out of the ring, when nothing bears them. Returns the files that keep them."""
    ring = secrets_store.key_ring()
    if not secrets_store.is_ring_ours():
        raise RotationRefused("The ring comes from ANXIN_KEYS: take the old key out there.")
    if len(ring.key_ids) == 1:
        raise RotationRefused("There is only one key in the ring.")
    left = privacy.count_left() + sum(_is_old(row) for row in Authenticator.objects.all())
    if left:
        raise RotationRefused(f"{left:,} values still bear an older key: run `anxin rotate-keys` first.")
    if jobs.is_work_waiting():
        raise RotationRefused("Jobs are waiting or running whose arguments may bear the older key: try again later.")
    name = RETIRED.format(active=ring.active)
    for old in ring.key_ids:
        if old != ring.active:
            ring = ring.without_key(old)
    secrets_store.replace_ring(ring, keep_as=name)
    vault.install(ring)
    _note("privacy.retire_keys", {"key": ring.active})
    return [name]


def _note(action: str, detail: dict[str, str]) -> None:
    with transaction.atomic():
        audit.record(
            actor=Actor.system("anxin rotate-keys", channel="cli"), now=clock.now(), action=action,
            object_kind="key_ring", detail=detail,
        )  # fmt: skip


def _reseal_second_factors() -> int:
    """The secrets that allauth keeps inside a JSON column."""
    done = 0
    for key in list(Authenticator.objects.values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key).first()
            if row is not None and _is_old(row):
                row.data = _walk(row.data, _rotated)
                row.save(update_fields=["data"])
                done += 1
    return done


def _is_old(row: Authenticator) -> bool:
    found: list[bool] = []

    def look(text: str) -> str:
        blob = _sealed(text)
        found.append(blob is not None and vault.ring().needs_rotation(blob))
        return text

    _walk(row.data, look)
    return any(found)


def _walk(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, dict):
        return {name: _walk(value, change) for name, value in data.items()}
    if isinstance(data, list):
        return [_walk(value, change) for value in data]
    return change(data) if isinstance(data, str) else data


def _rotated(text: str) -> str:
    blob = _sealed(text)
    return text if blob is None else base64.b64encode(vault.ring().rotate(blob, **signin.PLACE)).decode()


def _sealed(text: str) -> bytes | None:
    """The sealed bytes behind a string, None for any other string."""
    try:
        blob = base64.b64decode(text, validate=True)
        vault.ring().open(blob, **signin.PLACE)
    except (EncryptionError, binascii.Error, ValueError):
        return None
    return blob
