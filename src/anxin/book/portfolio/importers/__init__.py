"""What this room takes from files: products, policies and all that hangs on them."""

from anxin.book.portfolio.importers import parts
from anxin.book.portfolio.importers.claims import ClaimImporter
from anxin.book.portfolio.importers.policies import PolicyImporter
from anxin.book.portfolio.importers.products import ProductImporter
from anxin.kernel.importing import Importer

IMPORTERS: tuple[Importer, ...] = (ProductImporter(), PolicyImporter(), *parts.IMPORTERS, ClaimImporter())

__all__ = ["IMPORTERS", "ClaimImporter", "PolicyImporter", "ProductImporter"]
