"""Reads of contacts and tickets for pages and other rooms."""

from anxin.service.desk.access import TicketNotFound
from anxin.service.desk.queries.schemes import note_templates, service, ticket_types
from anxin.service.desk.queries.ticket import check_ticket, get_view
from anxin.service.desk.queries.tickets import (
    count_lanes,
    file_happenings,
    file_rows,
    find_by_number,
    get_row,
    list_tickets,
    of_customer,
    row_of,
    select_tickets,
)
from anxin.service.desk.queries.touchpoints import (
    channels_of,
    check_reach,
    happenings,
    items_of,
    rows,
    section,
    select_touchpoints,
    touchpoints_of,
)

__all__ = [
    "TicketNotFound",
    "channels_of",
    "check_reach",
    "check_ticket",
    "count_lanes",
    "file_happenings",
    "file_rows",
    "find_by_number",
    "get_row",
    "get_view",
    "happenings",
    "items_of",
    "list_tickets",
    "note_templates",
    "of_customer",
    "row_of",
    "rows",
    "section",
    "select_tickets",
    "select_touchpoints",
    "service",
    "ticket_types",
    "touchpoints_of",
]
