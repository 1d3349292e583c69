"""What the premium tiers are called: by the scheme a site made of them, else by the words shipped here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from anxin.kernel.site_names import SiteNames
from anxin.kernel.words import mark as _

REST: Final = "standard"
# Highest first, as a reader looks for them.
SHIPPED: Final[Mapping[str, str]] = {
    "supreme": _("Supreme"),
    "diamond": _("Diamond"),
    "platinum": _("Platinum"),
    "gold": _("Gold"),
    REST: _("Standard"),
}
# Lowest tier first; without `REST`, which no scheme names.
SITE: Final = SiteNames()


def name(code: str) -> str:
    """The name of a tier in the reader's language; an unknown code names itself."""
    return SITE.name(code) or (gettext(SHIPPED[code]) if code in SHIPPED else code)


def choices() -> list[tuple[str, str]]:
    """Code and name of each tier, highest first, in the reader's language."""
    codes = SITE.codes()
    return [(code, name(code)) for code in ([*reversed(codes), REST] if codes else SHIPPED)]
