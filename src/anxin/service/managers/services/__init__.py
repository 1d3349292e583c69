"""Business actions: allocating, handing over, the pool, absences, capacities, assistants, service given."""

from anxin.service.managers.services.applying import confirm, drop, undo
from anxin.service.managers.services.nights import after_import, automatic, nightly
from anxin.service.managers.services.planning import plan_allocation, plan_hand_over
from anxin.service.managers.services.pool import claim

__all__ = [
    "after_import",
    "automatic",
    "claim",
    "confirm",
    "drop",
    "nightly",
    "plan_allocation",
    "plan_hand_over",
    "undo",
]
