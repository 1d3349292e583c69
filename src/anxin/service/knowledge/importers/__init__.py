"""What this room takes from files: articles."""

from anxin.kernel.importing import Importer
from anxin.service.knowledge.importers.articles import ArticleImporter

IMPORTERS: tuple[Importer, ...] = (ArticleImporter(),)

__all__ = ["IMPORTERS", "ArticleImporter"]
