"""The instance's secrets: Django's signing key and the field-encryption key ring.

They come from the environment (`ANXIN_SECRET_KEY`, `ANXIN_KEYS`) or, where that is not set, from files made on first
start under `ANXIN_HOME/secrets` that only their owner can read.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from anxin.config.home import folder
from anxin.kernel.encryption import KeyRing

RING = "keys.json"
_seen = 0


def signing_key() -> str:
    return os.environ.get("ANXIN_SECRET_KEY") or _kept("secret-key", lambda: secrets.token_urlsafe(64))


def key_ring() -> KeyRing:
    global _seen
    if not is_ring_ours():
        return KeyRing.loads(os.environ["ANXIN_KEYS"])
    text = _kept(RING, lambda: KeyRing.generate().dumps())
    _seen = (folder("secrets") / RING).stat().st_mtime_ns
    return KeyRing.loads(text)


def is_ring_ours() -> bool:
    """Whether the ring is a file that this program may change; else it comes from the environment."""
    return not os.environ.get("ANXIN_KEYS")


def fresh_ring() -> KeyRing | None:
    """The ring when its file has changed since this process read it; None otherwise."""
    if not is_ring_ours():
        return None
    try:
        changed = (folder("secrets") / RING).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return None if changed == _seen else key_ring()


def replace_ring(ring: KeyRing, *, keep_as: str = "") -> None:
    """Put `ring` in the place of the present one, in one step. `keep_as`: name under which the present one stays."""
    path = folder("secrets") / RING
    if keep_as:
        _write_new(folder("secrets") / keep_as, path.read_text())
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    _write_new(part, ring.dumps())
    part.replace(path)


def _write_new(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _kept(name: str, make: Callable[[], str]) -> str:
    path = folder("secrets") / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(make())
    return path.read_text().strip()
