"""This room holds nothing of customers but what staff may have typed into a search."""

from __future__ import annotations

from typing import Final

from anxin.foundation.privacy.data import Holdings
from anxin.kernel.words import mark as _

HOLDINGS: Final = Holdings(
    room="knowledge",
    keeps={
        "Feedback": _("What staff say of an article, not of customers."),
        "Search": _("Questions of staff without numbers, removed when the scheme says so."),
    },
)
