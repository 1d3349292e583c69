"""What source systems are called: by the names a site gave them, else by their codes.

Rooms show a source from its code alone, on every line of a list; so the names are kept in the process for a while
instead of being read each time. A new name shows everywhere within `KEPT_FOR` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import get_language

KEPT_FOR: Final = 30.0
# By code: the Chinese and the English name.
Named = Mapping[str, tuple[str, str]]


class _Kept:
    """The names of the site and until when they hold, in seconds of the process's own clock."""

    def __init__(self) -> None:
        self.ask: Callable[[], Named] | None = None
        self.names: Named = {}
        self.until = 0.0


_kept = _Kept()


def named_by(ask: Callable[[], Named]) -> None:
    """Register who knows the names, from `AppConfig.ready`."""
    _kept.ask = ask
    _kept.until = 0.0


def keep(names: Named, *, seconds: float = KEPT_FOR) -> None:
    """Hold these names without asking, for `seconds`."""
    _kept.names = names
    _kept.until = time.monotonic() + seconds


def name(code: str) -> str:
    """The name of a source in the reader's language; one without a name is called by its code."""
    if _kept.ask is not None and time.monotonic() >= _kept.until:
        keep(_kept.ask())
    zh, en = _kept.names.get(code, ("", ""))
    wanted, other = (en, zh) if (get_language() or "").startswith("en") else (zh, en)
    return wanted or other or code
