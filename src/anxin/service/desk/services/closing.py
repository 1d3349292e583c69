"""Calls whose end nobody told: a telephone system that only sends messages may lose one, a dialled call never begin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce

from anxin.foundation.channels.data import OURS
from anxin.service.desk.models import Call, CallEvent
from anxin.service.desk.queries import schemes
from anxin.service.desk.services import telephony

# The exchange lets a telephone ring for half a minute, and answers within seconds.
DIALLED_WITHIN: Final = timedelta(minutes=2)
MOST: Final = 1_000


def close_lost(*, now: datetime) -> int:
    """End what is filed as going on and was not heard of for the minutes of the scheme `desk.calls`, and calls that
    were to be dialled and of which the exchange told nothing. An end that is told later still counts. Returns how many.
    """
    minutes: Any = schemes.calls(now)["lost_minutes"]
    silent = Q(heard__lte=now - timedelta(minutes=minutes))
    told = Exists(CallEvent.objects.filter(call=OuterRef("pk")))
    undialled = Q(external_id__startswith=OURS, rang_at__lte=now - DIALLED_WITHIN) & ~told
    rows = Call.objects.filter(ended_at=None).annotate(heard=Coalesce(Max("events__at"), F("rang_at")), told=told)
    found = rows.filter(silent | undialled).order_by("rang_at").values_list("pk", "heard", "version", "told")[:MOST]
    return sum(
        telephony.close(
            now=now, call_id=key, at=heard, version=version, why="silent" if is_told else "undialled"
        )
        for key, heard, version, is_told in list(found)
    )  # fmt: skip
