"""What this room takes from files: contacts with customers, tickets, calls and what agents were doing."""

from anxin.kernel.importing import Importer
from anxin.service.desk.importers.calls import CallImporter
from anxin.service.desk.importers.spells import AgentStateImporter
from anxin.service.desk.importers.tickets import TicketImporter
from anxin.service.desk.importers.touchpoints import TouchpointImporter

IMPORTERS: tuple[Importer, ...] = (TouchpointImporter(), TicketImporter(), CallImporter(), AgentStateImporter())

__all__ = ["IMPORTERS", "AgentStateImporter", "CallImporter", "TicketImporter", "TouchpointImporter"]
