"""The key ring of this process. The composition root installs it once; everyone else asks for it here."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from anxin.kernel.encryption import KeyRing

LOOK_EVERY: Final = 10.0  # seconds

_installed: KeyRing | None = None
_fresh: Callable[[], KeyRing | None] | None = None
_looked = 0.0


def install(ring: KeyRing, fresh: Callable[[], KeyRing | None] | None = None) -> None:
    """`fresh`: the ring if it has changed since, else None; asked every ten seconds, so that a process that runs on
    while the keys are rotated opens what others have sealed with the new one."""
    global _installed, _fresh
    _installed, _fresh = ring, fresh


def ring() -> KeyRing:
    """The installed key ring. Without one nothing can be sealed or opened: fails closed."""
    global _installed, _looked
    if _installed is None:
        raise RuntimeError("No key ring is installed; the settings install it at start.")
    if _fresh is not None and time.monotonic() - _looked > LOOK_EVERY:
        _looked = time.monotonic()
        changed = _fresh()
        if changed is not None:
            # Another instance's ring in the same place would make data that nobody can open.
            changed.verify(_installed.make_check())
            _installed = changed
    return _installed
