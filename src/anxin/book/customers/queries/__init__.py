"""Reads of customers for other rooms. Every one takes the actor and keeps to the rows it reaches."""

from anxin.book.customers.access import CustomerNotFound, get_party, reach, reached_of, reaches, shown
from anxin.book.customers.queries.conditions import CustomerFilter
from anxin.book.customers.queries.listing import (
    BULK_AT_MOST,
    DEFAULT_ORDER,
    ORDERS,
    CustomerPage,
    get_row,
    list_customers,
)
from anxin.book.customers.queries.rows import EXTRAS, CustomerRow, TagData, list_tags
from anxin.book.customers.queries.search import Found, find_customers
from anxin.book.customers.queries.sections import FoundRows
from anxin.book.customers.queries.terms import Meaning

__all__ = [
    "BULK_AT_MOST",
    "DEFAULT_ORDER",
    "EXTRAS",
    "ORDERS",
    "CustomerFilter",
    "CustomerNotFound",
    "CustomerPage",
    "CustomerRow",
    "Found",
    "FoundRows",
    "Meaning",
    "TagData",
    "find_customers",
    "get_party",
    "get_row",
    "list_customers",
    "list_tags",
    "reach",
    "reached_of",
    "reaches",
    "shown",
]
