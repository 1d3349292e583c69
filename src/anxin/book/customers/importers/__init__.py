"""What this room takes from files: customers, and how they are related."""

from anxin.book.customers.importers.customers import CustomerImporter
from anxin.book.customers.importers.relations import RelationImporter
from anxin.kernel.importing import Importer

IMPORTERS: tuple[Importer, ...] = (CustomerImporter(), RelationImporter())

__all__ = ["IMPORTERS", "CustomerImporter", "RelationImporter"]
