"""Who takes which kind of row. The rooms register their importers (kernel.importing) when the application starts."""

from __future__ import annotations

from anxin.foundation.intake.data import Importer
from anxin.kernel.importing import register_importer, registered_importers

__all__ = ["ImporterUnknown", "importer_of", "importers", "register_importer"]


class ImporterUnknown(LookupError):
    """No room has registered an importer for this kind of row."""


def importers() -> dict[str, Importer]:
    """Every registered importer by kind, in the order of registration."""
    return registered_importers()


def importer_of(kind: str) -> Importer:
    """The importer of `kind`; ImporterUnknown names the kinds there are."""
    found = registered_importers()
    try:
        return found[kind]
    except KeyError:
        known = ", ".join(sorted(found)) or "none"
        raise ImporterUnknown(f"No importer takes rows of kind “{kind}”. Known kinds: {known}.") from None
