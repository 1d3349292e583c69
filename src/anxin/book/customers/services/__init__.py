"""Business actions on customers. Every one takes the actor and the time, and owns its transaction."""

from anxin.book.customers.services import bulk as bulk
from anxin.book.customers.services import exporting as exporting
from anxin.book.customers.services.searching import record_search as record_search
