from anxin.service.desk.pages.board import kept
from anxin.service.desk.pages.contacts import contact_file, record, touchpoints, visit
from anxin.service.desk.pages.inbox import inbox, preview, take_next
from anxin.service.desk.pages.opening import find_customer, new, panel
from anxin.service.desk.pages.ticket import (
    attach,
    documents,
    file,
    move,
    parent,
    presence,
    promise,
    say,
    ticket,
    watch,
    watcher,
)

__all__ = [
    "attach",
    "contact_file",
    "documents",
    "file",
    "find_customer",
    "inbox",
    "kept",
    "move",
    "new",
    "panel",
    "parent",
    "presence",
    "preview",
    "promise",
    "record",
    "say",
    "take_next",
    "ticket",
    "touchpoints",
    "visit",
    "watch",
    "watcher",
]
