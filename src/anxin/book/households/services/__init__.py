"""Households: found, proposed, confirmed, changed, counted."""

from anxin.book.households.data import HouseholdNotFound as HouseholdNotFound
from anxin.book.households.data import HouseholdRejected as HouseholdRejected
from anxin.book.households.services.deciding import accept as accept
from anxin.book.households.services.deciding import accept_many as accept_many
from anxin.book.households.services.deciding import refuse as refuse
from anxin.book.households.services.inference import infer as infer
from anxin.book.households.services.inference import infer_for_batch as infer_for_batch
from anxin.book.households.services.members import add_member as add_member
from anxin.book.households.services.members import create as create
from anxin.book.households.services.members import dissolve as dissolve
from anxin.book.households.services.members import remove_member as remove_member
from anxin.book.households.services.members import set_role as set_role
from anxin.book.households.services.totals import count_totals as count_totals
from anxin.book.households.services.totals import nightly as nightly
