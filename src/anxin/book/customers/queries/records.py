"""Which file a customer number of a source system belongs to. For importers of the rooms above: set-wise, no actor."""

from anxin.book.customers.importers.records import parties_by_phone, parties_of

__all__ = ["parties_by_phone", "parties_of"]
