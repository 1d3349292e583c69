"""The states of a request, and the kinds that rooms register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anxin.foundation.approvals.data import ApprovalKind, State
from anxin.kernel.states import Transition, Workflow

WORKFLOW: Final = Workflow(
    State,
    State.PENDING,
    (
        Transition("approve", State.PENDING, State.APPROVED),
        Transition("reject", State.PENDING, State.REJECTED),
        Transition("withdraw", State.PENDING, State.WITHDRAWN),
        Transition("expire", State.PENDING, State.EXPIRED),
    ),
)

_kinds: dict[str, ApprovalKind] = {}


def register_kind(kind: ApprovalKind) -> None:
    """Add a kind; raises ValueError when its code is taken by another."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"The kind of approval {kind.code!r} is registered twice.")


def kinds() -> Mapping[str, ApprovalKind]:
    return dict(_kinds)
