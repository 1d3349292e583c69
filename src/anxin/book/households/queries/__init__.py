"""Reading households, their totals, and what is proposed."""

from anxin.book.households.data import HouseholdNotFound as HouseholdNotFound
from anxin.book.households.queries.listing import BadCursor as BadCursor
from anxin.book.households.queries.listing import find_households as find_households
from anxin.book.households.queries.listing import list_households as list_households
from anxin.book.households.queries.listing import summarise as summarise
from anxin.book.households.queries.one import get_household as get_household
from anxin.book.households.queries.one import of_customer as of_customer
from anxin.book.households.queries.proposed import count_open as count_open
from anxin.book.households.queries.proposed import get_proposal as get_proposal
from anxin.book.households.queries.proposed import list_proposals as list_proposals
from anxin.book.households.queries.proposed import list_proposals_of as list_proposals_of
