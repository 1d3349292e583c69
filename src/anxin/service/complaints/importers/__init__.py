"""How complaints come in from files."""

from anxin.service.complaints.importers.history import ComplaintImporter

IMPORTERS = (ComplaintImporter(),)
