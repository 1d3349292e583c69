"""What this room takes from files: call-backs the system before has ended."""

from anxin.kernel.importing import Importer
from anxin.service.callbacks.importers.history import CallBackImporter

IMPORTERS: tuple[Importer, ...] = (CallBackImporter(),)

__all__ = ["IMPORTERS", "CallBackImporter"]
