"""Recording contacts; opening tickets, working on them, keeping what was promised."""

from anxin.service.desk.access import TicketNotFound as TicketNotFound
from anxin.service.desk.services.escalating import escalate as escalate
from anxin.service.desk.services.linking import merge as merge
from anxin.service.desk.services.linking import set_parent as set_parent
from anxin.service.desk.services.moves import move as move
from anxin.service.desk.services.opening import open_ticket as open_ticket
from anxin.service.desk.services.opening import promise_to_customer as promise_to_customer
from anxin.service.desk.services.promising import adopt_all as adopt_all
from anxin.service.desk.services.promising import recompute as recompute
from anxin.service.desk.services.recounting import start_recompute as start_recompute
from anxin.service.desk.services.taking import HandsFull as HandsFull
from anxin.service.desk.services.taking import NothingToTake as NothingToTake
from anxin.service.desk.services.taking import take_next as take_next
from anxin.service.desk.services.talking import Other as Other
from anxin.service.desk.services.talking import attach as attach
from anxin.service.desk.services.talking import fetch as fetch
from anxin.service.desk.services.talking import leave_old as leave_old
from anxin.service.desk.services.talking import look as look
from anxin.service.desk.services.talking import say as say
from anxin.service.desk.services.talking import tell_documents as tell_documents
from anxin.service.desk.services.talking import watch as watch
from anxin.service.desk.services.touchpoints import Upload as Upload
from anxin.service.desk.services.touchpoints import fetch_file as fetch_file
from anxin.service.desk.services.touchpoints import record_touchpoint as record_touchpoint
