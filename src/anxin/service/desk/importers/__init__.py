"""What this room takes from files: contacts with customers, and tickets."""

from anxin.kernel.importing import Importer
from anxin.service.desk.importers.tickets import TicketImporter
from anxin.service.desk.importers.touchpoints import TouchpointImporter

IMPORTERS: tuple[Importer, ...] = (TouchpointImporter(), TicketImporter())

__all__ = ["IMPORTERS", "TicketImporter", "TouchpointImporter"]
