"""The instance's secrets: Django's signing key and the field-encryption key ring.

They come from the environment (`ANXIN_SECRET_KEY`, `ANXIN_KEYS`) or, where that is not set, from files made on first
start under `ANXIN_HOME/secrets` that only their owner can read.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable

from anxin.config.home import folder
from anxin.kernel.encryption import KeyRing


def signing_key() -> str:
    return os.environ.get("ANXIN_SECRET_KEY") or _kept("secret-key", lambda: secrets.token_urlsafe(64))


def key_ring() -> KeyRing:
    return KeyRing.loads(os.environ.get("ANXIN_KEYS") or _kept("keys.json", lambda: KeyRing.generate().dumps()))


def _kept(name: str, make: Callable[[], str]) -> str:
    path = folder("secrets") / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(make())
    return path.read_text().strip()
