"""Who takes which kind of row. The rooms above register their importers when the application starts."""

from __future__ import annotations

from anxin.foundation.intake.data import Importer


class ImporterUnknown(LookupError):
    """No room has registered an importer for this kind of row."""


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Make `importer` the one for its kind. Registering the same class again (a reload) replaces it; two rooms must not
    claim one kind."""
    present = _importers.get(importer.kind)
    if present is not None and type(present).__qualname__ != type(importer).__qualname__:
        raise ValueError(f"The kind “{importer.kind}” is already taken by {type(present).__qualname__}.")
    _importers[importer.kind] = importer


def importers() -> dict[str, Importer]:
    """Every registered importer by kind, in the order of registration."""
    return dict(_importers)


def importer_of(kind: str) -> Importer:
    """The importer of `kind`; ImporterUnknown names the kinds there are."""
    try:
        return _importers[kind]
    except KeyError:
        known = ", ".join(sorted(_importers)) or "none"
        raise ImporterUnknown(f"No importer takes rows of kind “{kind}”. Known kinds: {known}.") from None
