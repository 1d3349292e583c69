"""What may be done with imports. The doors other rooms use."""

from anxin.foundation.intake.services.registry import ImporterUnknown, importer_of, importers, register_importer

__all__ = ["ImporterUnknown", "importer_of", "importers", "register_importer"]
