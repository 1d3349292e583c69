"""What contracts and claims hold of a person: the copy they get, what forbids forgetting them, and forgetting them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from anxin.book.customers.queries import merged
from anxin.book.portfolio import data
from anxin.book.portfolio.models import Claim, Endorsement, Policy, PolicyRole, Vehicle
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Hold, Holdings, Mode, Records
from anxin.kernel import vault
from anxin.kernel.words import mark as _

_POLICY: Final = {
    "policy_no": _("Policy no."), "product_name": _("Product"), "status": _("Status"),
    "effective_date": _("Cover begins"), "expiry_date": _("Cover ends"), "premium_fen": _("Premium"),
    "sum_insured_fen": _("Sum insured"), "plate": _("Plate"), "attributes": _("Further fields"),
}  # fmt: skip
_CLAIM: Final = {
    "claim_no": _("Claim no."), "state": _("Status"), "accident_at": _("Time of accident"),
    "accident_place": _("Place of accident"), "cause": _("Cause"), "paid_fen": _("Paid"),
    "reported_at": _("Reported at"), "closed_at": _("Closed at"),
}  # fmt: skip
_STATUSES: Final = {"status": {code: word for code, (word, _level) in data.STATUSES.items()}}
_CLAIM_STATES: Final = {"state": {code: word for code, (word, _level) in data.CLAIM_STATES.items()}}
_OVER: Final = frozenset({"paid", "closed", "cancelled"})
# A contract of one term up to a year and a day (a leap year): insurance law article 87.
_SHORT_DAYS: Final = 366


def export(party_id: UUID) -> Iterator[Records]:
    """Contracts held, parts played in those of others, vehicles, claims with what was described of them."""
    members = merged.members(party_id)
    held = Policy.objects.filter(holder__in=members).order_by("effective_date", "id")
    yield privacy.records_of("policies", _("Policies"), held, labels=_POLICY, words=_STATUSES)
    yield privacy.records_of(
        "roles", _("Parts in policies"), PolicyRole.objects.filter(party__in=members).order_by("id"),
        labels={"policy__policy_no": _("Policy no."), "role": _("Role"), "relation": _("Relation")},
        words={"role": data.ROLES},
    )  # fmt: skip
    yield privacy.records_of(
        "vehicles", _("Vehicles"), Vehicle.objects.filter(policy__holder__in=members).order_by("policy"),
        labels={"policy__policy_no": _("Policy no."), "plate": _("Plate"), "vin": _("VIN"),
                "engine_no": _("Engine no."), "make_model": _("Make and model")},
    )  # fmt: skip
    claims = Claim.objects.filter(_of(members)).order_by("reported_at", "id")
    yield privacy.records_of("claims", _("Claims"), claims, labels=_CLAIM, words=_CLAIM_STATES)
    told = []
    for row in claims.exclude(description_sealed=None):
        clear = vault.ring().open(
            bytes(row.description_sealed or b""), table="portfolio_claim", column="description_sealed", row=row.pk
        )
        told.append({"claim_no": row.claim_no, "description": clear})
    labels = {"claim_no": _("Claim no."), "description": _("Description")}
    yield Records(code="claim_descriptions", title=_("Descriptions of claims"), labels=labels, rows=tuple(told))


def erase(party_id: UUID, mode: Mode, _now: datetime) -> Iterable[Erased]:
    """Contracts and claims stay as figures, without plate, vehicle, place, description or the source's own fields."""
    if mode is not Mode.ERASE:
        return
    members = merged.members(party_id)
    removed = privacy.remove_rows(PolicyRole, PolicyRole.objects.filter(party__in=members))
    yield Erased(table="portfolio_policyrole", removed=removed)
    policies = list(Policy.objects.filter(holder__in=members).values_list("pk", flat=True))
    claims = list(Claim.objects.filter(_of(members)).values_list("pk", flat=True))
    Policy.objects.filter(pk__in=policies).update(plate="", attributes={}, proposal_no="")
    Vehicle.objects.filter(policy__in=policies).update(plate="", vin="", engine_no="")
    endorsements = list(Endorsement.objects.filter(policy__in=policies).values_list("pk", flat=True))
    Endorsement.objects.filter(pk__in=endorsements).update(description="")
    Claim.objects.filter(pk__in=claims).update(claimant=None, accident_place="", description_sealed=None, attributes={})
    for model, keys in ((Policy, policies), (Vehicle, policies), (Endorsement, endorsements), (Claim, claims)):
        privacy.forget_history(model, keys)
        if keys:
            yield Erased(
                table=model._meta.db_table, blanked=len(keys), kept=len(keys),
                why_kept=_("Figures of the business, without anything that says who."),
            )  # fmt: skip


def find_holds(party_ids: Sequence[UUID]) -> dict[UUID, list[Hold]]:
    """Contracts (held, or with a part in them) and claims, each from its end on; those still running without one."""
    found: dict[UUID, list[Hold]] = {}
    columns = ("policy_no", "status", "effective_date", "expiry_date", "ended_date")
    held = Policy.objects.filter(holder__in=party_ids).values_list("holder", *columns)
    parts = PolicyRole.objects.filter(party__in=party_ids).values_list("party", *(f"policy__{one}" for one in columns))
    for party, number, status, begins, ends, ended in {*held, *parts}:
        found.setdefault(party, []).append(_contract(number, status, begins, ends, ended))
    claims = Claim.objects.filter(Q(policy__holder__in=party_ids) | Q(claimant__in=party_ids))
    for holder, claimant, number, state, closed, paid, reported in claims.values_list(
        "policy__holder", "claimant", "claim_no", "state", "closed_at", "paid_at", "reported_at"
    ):
        last = closed or paid or reported
        hold = Hold(ground="claim", since=last.date() if state in _OVER else None, what=number)
        for party in {holder, claimant} & set(party_ids):
            found.setdefault(party, []).append(hold)
    return found


def _contract(number: str, status: str, begins: date, ends: date | None, ended: date | None) -> Hold:
    is_short = ends is not None and (ends - begins).days <= _SHORT_DAYS
    since = None if status in ("in_force", "lapsed", "pending") else ended or ends or begins
    return Hold(ground="contract_short" if is_short else "contract_long", since=since, what=number)


def _of(members: Sequence[UUID]) -> Q:
    return Q(policy__holder__in=members) | Q(claimant__in=members)


HOLDINGS: Final = Holdings(
    room="portfolio",
    covers=frozenset({"Policy", "PolicyRole", "Vehicle", "Endorsement", "Claim"}),
    export=export,
    erase=erase,
    holds=find_holds,
)
