"""The key ring of this process. The composition root installs it once; everyone else asks for it here."""

from __future__ import annotations

from anxin.kernel.encryption import KeyRing

_installed: KeyRing | None = None


def install(ring: KeyRing) -> None:
    global _installed
    _installed = ring


def ring() -> KeyRing:
    """The installed key ring. Without one nothing can be sealed or opened: fails closed."""
    if _installed is None:
        raise RuntimeError("No key ring is installed; the settings install it at start.")
    return _installed
