from anxin.service.desk.models.promises import Promise
from anxin.service.desk.models.staff import Presence, Profile
from anxin.service.desk.models.tickets import Series, Ticket, TicketFile, TicketMessage, TicketMove, Watcher
from anxin.service.desk.models.touchpoints import Touchpoint

__all__ = [
    "Presence",
    "Profile",
    "Promise",
    "Series",
    "Ticket",
    "TicketFile",
    "TicketMessage",
    "TicketMove",
    "Touchpoint",
    "Watcher",
]
