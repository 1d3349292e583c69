"""Reads of policies and claims for other rooms."""

from anxin.book.portfolio.queries.search import ClaimHit as ClaimHit
from anxin.book.portfolio.queries.search import PolicyHit as PolicyHit
from anxin.book.portfolio.queries.search import find_claims as find_claims
from anxin.book.portfolio.queries.search import find_policies as find_policies
from anxin.book.portfolio.queries.search import unit_of as unit_of
