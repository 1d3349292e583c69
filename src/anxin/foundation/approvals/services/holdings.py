"""What requests hold of a person: the reasons that were typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.foundation.approvals.models import Request
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode
from anxin.kernel.words import mark as _


def erase(party_id: UUID, mode: Mode, _now: datetime) -> Iterable[Erased]:
    """Blank what was typed about a person; who decided what, and when, stays."""
    if mode is not Mode.ERASE:
        return
    rows = Request.objects.filter(subject_id=party_id)
    keys = list(rows.values_list("pk", flat=True))
    done = rows.exclude(reason="", note="").update(reason="", note="")
    privacy.forget_history(Request, keys)
    yield Erased(table="approvals_request", blanked=done, kept=len(keys), why_kept=_("Proof that two people decided."))


# Not handed out: a request may be about the attention list, whose very existence is not told (PIPL article 45 with 18).
HOLDINGS: Final = Holdings(room="approvals", covers=frozenset({"Request"}), erase=erase)
