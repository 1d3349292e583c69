"""What source systems are called: by the names a site gave them, else by their codes."""

from __future__ import annotations

from typing import Final

from anxin.kernel.site_names import SiteNames

SITE: Final = SiteNames()


def name(code: str) -> str:
    """The name of a source in the reader's language; one without a name is called by its code."""
    return SITE.name(code) or code
