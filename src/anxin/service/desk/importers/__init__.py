"""What this room takes from files: contacts with customers."""

from anxin.kernel.importing import Importer
from anxin.service.desk.importers.touchpoints import TouchpointImporter

IMPORTERS: tuple[Importer, ...] = (TouchpointImporter(),)

__all__ = ["IMPORTERS", "TouchpointImporter"]
