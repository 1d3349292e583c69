"""What this room takes from files: customers, how they are related, the attention list."""

from anxin.book.customers.importers.attention import AttentionImporter
from anxin.book.customers.importers.consents import ConsentImporter
from anxin.book.customers.importers.customers import CustomerImporter
from anxin.book.customers.importers.relations import RelationImporter
from anxin.kernel.importing import Importer

IMPORTERS: tuple[Importer, ...] = (CustomerImporter(), RelationImporter(), AttentionImporter(), ConsentImporter())

__all__ = ["IMPORTERS", "AttentionImporter", "ConsentImporter", "CustomerImporter", "RelationImporter"]
