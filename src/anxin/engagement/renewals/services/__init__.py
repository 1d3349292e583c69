"""Policies to be renewed: found every night, asked about by staff, closed when the contract goes on or is lost."""

from anxin.engagement.renewals.access import RenewalNotFound as RenewalNotFound
from anxin.engagement.renewals.services.exporting import start_export as start_export
from anxin.engagement.renewals.services.generation import ensure_renewals as ensure_renewals
from anxin.engagement.renewals.services.generation import nightly as nightly
from anxin.engagement.renewals.services.intentions import InvalidIntention as InvalidIntention
from anxin.engagement.renewals.services.intentions import record_intention as record_intention
from anxin.engagement.renewals.services.intentions import record_intentions as record_intentions
