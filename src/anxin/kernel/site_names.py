"""What a site calls things that rooms know by a code: premium tiers, source systems.

Lists show them on every line; so the names are kept in the process for a while instead of being read each time. A new
name shows everywhere within `KEPT_FOR` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import get_language

KEPT_FOR: Final = 30.0
# By code, in the site's order: the Chinese and the English name.
Named = Mapping[str, tuple[str, str]]


class SiteNames:
    """The names of one kind of thing, and until when they hold in seconds of the process's own clock."""

    def __init__(self) -> None:
        self._ask: Callable[[], Named] | None = None
        self._names: Named = {}
        self._until = 0.0

    def named_by(self, ask: Callable[[], Named]) -> None:
        """Register who knows the names, from `AppConfig.ready`."""
        self._ask = ask
        self._until = 0.0

    def keep(self, names: Named, *, seconds: float = KEPT_FOR) -> None:
        """Hold these names without asking, for `seconds`."""
        self._names = names
        self._until = time.monotonic() + seconds

    def codes(self) -> list[str]:
        """What the site named, in its order."""
        if self._ask is not None and time.monotonic() >= self._until:
            self.keep(self._ask())
        return [*self._names]

    def name(self, code: str) -> str:
        """The name in the reader's language, else in the other; "" when the site gave none."""
        if code not in self.codes():
            return ""
        zh, en = self._names[code]
        wanted, other = (en, zh) if (get_language() or "").startswith("en") else (zh, en)
        return wanted or other
