"""Reads of call-backs for pages, the API and other rooms."""

from anxin.service.callbacks.data import CallBackNotFound
from anxin.service.callbacks.queries.figures import Figures, Line, rows_of_rate, success_rate
from anxin.service.callbacks.queries.lists import count_late, counts, list_open, of_customer, row_of, select
from anxin.service.callbacks.queries.one import get_row, get_view
from anxin.service.callbacks.queries.scheme import questionnaire, rules

__all__ = [
    "CallBackNotFound",
    "Figures",
    "Line",
    "count_late",
    "counts",
    "get_row",
    "get_view",
    "list_open",
    "of_customer",
    "questionnaire",
    "row_of",
    "rows_of_rate",
    "rules",
    "select",
    "success_rate",
]
