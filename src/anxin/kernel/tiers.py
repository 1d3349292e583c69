"""What the premium tiers are called: by the scheme a site made of them, else by the words shipped here.

Rooms show a tier from its code alone, on every line of a list; so the names are kept in the process for a while instead
of being read each time. A renamed tier shows everywhere within `KEPT_FOR` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import get_language, gettext

from anxin.kernel.words import mark as _

KEPT_FOR: Final = 30.0
REST: Final = "standard"
# Highest first, as a reader looks for them.
SHIPPED: Final[Mapping[str, str]] = {
    "supreme": _("Supreme"),
    "diamond": _("Diamond"),
    "platinum": _("Platinum"),
    "gold": _("Gold"),
    REST: _("Standard"),
}

# By code, lowest tier first: the Chinese and the English name.
Named = Mapping[str, tuple[str, str]]


class _Kept:
    """The names of the site and until when they hold, in seconds of the process's own clock."""

    def __init__(self) -> None:
        self.ask: Callable[[], Named] | None = None
        self.names: Named = {}
        self.until = 0.0


_kept = _Kept()


def named_by(ask: Callable[[], Named]) -> None:
    """Register who knows the site's tiers, from `AppConfig.ready`."""
    _kept.ask = ask
    _kept.until = 0.0


def keep(names: Named, *, seconds: float = KEPT_FOR) -> None:
    """Hold these names without asking, for `seconds`."""
    _kept.names = names
    _kept.until = time.monotonic() + seconds


def name(code: str) -> str:
    """The name of a tier in the reader's language; an unknown code names itself."""
    found = _site().get(code)
    if found is not None:
        return found[1] if (get_language() or "").startswith("en") else found[0]
    return gettext(SHIPPED[code]) if code in SHIPPED else code


def choices() -> list[tuple[str, str]]:
    """Code and name of each tier, highest first, in the reader's language."""
    codes = [*reversed([*_site()]), REST] if _site() else list(SHIPPED)
    return [(code, name(code)) for code in codes]


def _site() -> Named:
    if _kept.ask is not None and time.monotonic() >= _kept.until:
        keep(_kept.ask())
    return _kept.names
