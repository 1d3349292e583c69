"""Files as records to be linked. For the room `matching`: set-wise, no actor."""

from anxin.book.customers.importers.likely import of_batch, records, sharing

__all__ = ["of_batch", "records", "sharing"]
