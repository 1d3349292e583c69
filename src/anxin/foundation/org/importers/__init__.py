"""What this room takes from files: its units and its staff. A few thousand rows at most, so plain ORM will do."""

from anxin.foundation.org.importers.staff import StaffImporter
from anxin.foundation.org.importers.units import UnitImporter
from anxin.kernel.importing import Importer

IMPORTERS: tuple[Importer, ...] = (UnitImporter(), StaffImporter())

__all__ = ["IMPORTERS", "StaffImporter", "UnitImporter"]
