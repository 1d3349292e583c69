"""An import came in: look for households around whom it brought."""

from __future__ import annotations

from typing import Final

from anxin.book.households import services
from anxin.foundation.intake.events import BatchFinished
from anxin.kernel import clock

KINDS: Final = frozenset({"customer", "relation", "policy", "policy_role", "role"})


def batch_finished(event: BatchFinished) -> None:
    if KINDS & set(event.kinds_of):
        services.infer_for_batch(now=clock.now(), batch_id=event.batch_id)
