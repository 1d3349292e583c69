"""Values of refused rows are somebody's data: they are kept for mending the file, not for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from anxin.foundation.intake.models import ProblemPart, RowProblem

KEPT_FOR: Final = timedelta(days=90)


def forget_old_values(*, now: datetime) -> int:
    """Empty the values of rows refused more than ninety days ago; what was wrong with them stays. How many rows."""
    old = now - KEPT_FOR
    ProblemPart.objects.filter(batch__finished_at__lt=old).delete()
    return RowProblem.objects.filter(batch__finished_at__lt=old, value_sealed__isnull=False).update(value_sealed=None)
