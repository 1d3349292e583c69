"""Who looks after whom, and what customers of a class get: decisions without a database."""

from anxin.service.managers.rules.allocating import MANAGERS, PARTIES, PLAN, Rule, Settings, allocate, beyond
from anxin.service.managers.rules.catalogue import (
    PACKAGES,
    PACKAGES_DEFAULT,
    PACKAGES_FIELDS,
    Item,
    entitled,
    items_of,
    package_problems,
)
from anxin.service.managers.rules.scheme import (
    ALLOCATION,
    ALLOCATION_DEFAULT,
    ALLOCATION_FIELDS,
    WORKFLOW,
    allocation_problems,
    day_of,
    end_of,
    settings_of,
    tell_by,
)

__all__ = [
    "ALLOCATION",
    "ALLOCATION_DEFAULT",
    "ALLOCATION_FIELDS",
    "MANAGERS",
    "PACKAGES",
    "PACKAGES_DEFAULT",
    "PACKAGES_FIELDS",
    "PARTIES",
    "PLAN",
    "WORKFLOW",
    "Item",
    "Rule",
    "Settings",
    "allocate",
    "allocation_problems",
    "beyond",
    "day_of",
    "end_of",
    "entitled",
    "items_of",
    "package_problems",
    "settings_of",
    "tell_by",
]
