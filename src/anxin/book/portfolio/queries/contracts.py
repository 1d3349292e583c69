"""Policies and claims of one customer, and each of them whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from anxin.book.customers import queries as customers
from anxin.book.customers.data import TimelineItem
from anxin.book.customers.queries import timeline
from anxin.book.portfolio import access, data
from anxin.book.portfolio.data import ClaimLine, PersonOfPolicy, PolicyLine, VehicleData
from anxin.book.portfolio.models import Claim, Endorsement, Instalment, Policy, PolicyRole
from anxin.kernel import money
from anxin.kernel.actor import Actor
from anxin.kernel.statements import Json

MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class PolicyDetail:
    """One policy whole. `attributes` are what the source says beyond the columns."""

    policy: Policy
    holder: PersonOfPolicy
    people: tuple[PersonOfPolicy, ...]
    coverages: tuple[Mapping[str, Any], ...]
    instalments: tuple[Mapping[str, Any], ...]
    endorsements: tuple[Mapping[str, Any], ...]
    vehicle: VehicleData | None
    claims: tuple[ClaimLine, ...]
    terms: tuple[tuple[UUID, str, date, date | None], ...]
    plate: str


@dataclass(frozen=True, kw_only=True)
class ClaimDetail:
    claim: ClaimLine
    holder: PersonOfPolicy
    claimant: PersonOfPolicy | None
    accident_at: datetime | None
    accident_place: str  # masked
    estimated_fen: int | None
    has_description: bool


def policies_of(actor: Actor, ref: str) -> list[PolicyLine]:
    """Policies the customer holds or has a part in: in force first, then the latest. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "portfolio.view")
    return lines(_of_party(party.pk))


def first_policies(actor: Actor, ref: str, *, limit: int) -> tuple[list[PolicyLine], int]:
    """The first of `policies_of`, and how many there are. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "portfolio.view")
    rows = _of_party(party.pk)
    return lines(rows, limit), rows.count()


def _of_party(party_id: UUID) -> QuerySet[Policy]:
    # Two index ranges, not one OR over a join.
    parts = PolicyRole.objects.filter(party=party_id).values("policy")
    ids = Policy.objects.filter(holder=party_id).values("pk").union(parts.values("policy"), all=True)
    role = PolicyRole.objects.filter(policy=OuterRef("pk"), party=party_id).order_by("role").values("role")[:1]
    return Policy.objects.filter(pk__in=ids).annotate(
        part=Case(When(holder=party_id, then=Value("holder")), default=Subquery(role))
    )


def lines(rows: QuerySet[Policy], limit: int = MOST) -> list[PolicyLine]:
    """Rows annotated with `part` as lines, what is in force first. One query."""
    due = (
        Instalment.objects.filter(policy=OuterRef("pk"))
        .exclude(status__in=["paid", "waived"])
        .order_by("due_date", "number")
    )
    ordered = rows.annotate(
        due=ArraySubquery(due.values(one=JSONObject(date=F("due_date"), fen=F("amount_fen"), status=F("status")))[:1]),
        rank=Case(When(status="in_force", then=Value(0)), When(status="pending", then=Value(1)), default=Value(2)),
    ).order_by("rank", "-effective_date", "policy_no")
    columns = (
        "id", "policy_no", "product_name", "line", "status", "effective_date", "expiry_date", "annual_premium_fen",
        "premium_fen", "sum_insured_fen", "currency", "plate", "is_group_header", "part", "due",
    )  # fmt: skip
    return [_line(row) for row in ordered.values(*columns)[:limit]]


def _line(row: dict[str, Any]) -> PolicyLine:
    due = row.pop("due")
    row["plate"] = access.shown("plate", row["plate"])
    row["part"] = row["part"] or "holder"
    return PolicyLine(
        **row,
        next_due_date=date.fromisoformat(due[0]["date"]) if due else None,
        next_due_fen=due[0]["fen"] if due else None,
        next_due_status=due[0]["status"] if due else "",
    )


_CLAIM: Final = (
    "id", "claim_no", "report_no", "policy_id", "state", "conclusion", "cause", "is_injury", "is_recovery",
    "claimed_fen", "paid_fen", "reported_at", "closed_at",
)  # fmt: skip
_MOMENTS: Final = tuple(f"{stage}_at" for stage in data.STAGES)


def claims_of(actor: Actor, ref: str) -> list[ClaimLine]:
    """Claims on the customer's own policies and those the customer made, newest first."""
    party = customers.get_party(actor, ref, "portfolio.view")
    return claim_lines(_claims_of_party(party.pk))


def _claims_of_party(party_id: UUID) -> QuerySet[Claim]:
    own = Claim.objects.filter(policy__holder=party_id).values("pk")
    return Claim.objects.filter(pk__in=own.union(Claim.objects.filter(claimant=party_id).values("pk"), all=True))


def claim_lines(rows: QuerySet[Claim], limit: int = MOST) -> list[ClaimLine]:
    """Rows as lines, the latest first. One query."""
    found = rows.order_by("-reported_at", "-id").values(
        *_CLAIM, *(name for name in _MOMENTS if name not in _CLAIM), "policy__policy_no", "policy__product_name"
    )[:limit]
    return [
        ClaimLine(
            **{name: row[name] for name in _CLAIM},
            policy_no=row["policy__policy_no"],
            product_name=row["policy__product_name"],
            moments={stage: row[f"{stage}_at"] for stage in data.STAGES},
        )
        for row in found
    ]


def policy(actor: Actor, policy_id: UUID) -> PolicyDetail:
    """Raises NotPermitted and PolicyNotFound. A constant number of queries."""
    row = access.get_policy(actor, policy_id)
    roles = list(row.roles.select_related("party").order_by("role", "benefit_order", "id"))
    within = _reached(actor, [row.holder_id, *(role.party_id for role in roles)])
    terms = []
    if row.contract_key:
        terms = list(
            Policy.objects.filter(contract_key=row.contract_key, holder=row.holder_id, source=row.source)
            .exclude(pk=row.pk)
            .order_by("-effective_date")
            .values_list("pk", "policy_no", "effective_date", "expiry_date")[:20]
        )
    return PolicyDetail(
        policy=row,
        holder=_person(row.holder, within, "holder"),
        people=tuple(
            _person(role.party, within, role.role, role.relation, role.benefit_order, role.share_bp) for role in roles
        ),
        coverages=tuple(row.coverages.order_by("-is_main", "code").values()),
        instalments=tuple(row.instalments.order_by("-number").values()[:60]),
        endorsements=tuple(row.endorsements.order_by("-applied_date", "endorsement_no").values()[:60]),
        vehicle=_vehicle(row),
        claims=tuple(claim_lines(Claim.objects.filter(policy=row), 60)),
        terms=tuple(terms),
        plate=access.shown("plate", row.plate),
    )


def claim(actor: Actor, claim_id: UUID) -> ClaimDetail:
    """Raises NotPermitted and PolicyNotFound. The description stays sealed; revealing it is an action."""
    row = access.get_claim(actor, claim_id)
    within = _reached(actor, [key for key in (row.policy.holder_id, row.claimant_id) if key])
    return ClaimDetail(
        claim=claim_lines(Claim.objects.filter(pk=row.pk))[0],
        holder=_person(row.policy.holder, within, "holder"),
        claimant=_person(row.claimant, within, "claimant") if row.claimant else None,
        accident_at=row.accident_at,
        accident_place=access.shown("accident_place", row.accident_place),
        estimated_fen=row.estimated_fen,
        has_description=row.description_sealed is not None,
    )


def _reached(actor: Actor, ids: list[UUID]) -> set[UUID]:
    if not actor.may("customers.view"):
        return set()
    return customers.reached_of(actor, ids)


def _person(
    party: Any, within: set[UUID], role: str, relation: str = "", order: int | None = None, share: int | None = None
) -> PersonOfPolicy:
    is_within = party.pk in within
    return PersonOfPolicy(
        role=role, relation=relation, name=party.name if is_within else access.shown("name", party.name),
        ref=party.ref if is_within else "", benefit_order=order, share_bp=share,
    )  # fmt: skip


def _vehicle(row: Policy) -> VehicleData | None:
    found = getattr(row, "vehicle", None)
    if found is None:
        return None
    return VehicleData(
        plate=access.shown("plate", found.plate), vin=access.shown("vin", found.vin),
        engine_no=access.shown("engine_no", found.engine_no), make_model=found.make_model,
        first_registered=found.first_registered, use=found.use, seats=found.seats, energy=found.energy,
        value_fen=found.value_fen,
    )  # fmt: skip


# --- The customer's file ----------------------------------------------------------------------------------------------
# Every set of rows is found by one index on the customer, who is an id or `OuterRef("pk")`.

_POLICY: Final = (
    "policy_no", "line", "status", "effective_date", "expiry_date", "premium_fen", "annual_premium_fen",
    "sum_insured_fen", "plate",
)  # fmt: skip


def _next_due(policy: str) -> Subquery:
    due = (
        Instalment.objects.filter(policy=OuterRef(policy))
        .exclude(status__in=["paid", "waived"])
        .order_by("due_date", "number")
    )
    return Subquery(due.values(one=Json(date=F("due_date"), fen=F("amount_fen")))[:1])


def held_rows(party: Any) -> QuerySet[Any, Any]:
    rows = _ranked(Policy.objects.filter(holder=party), "")
    return rows.values(one=Json("id", "rank", *_POLICY, product=F("product_name"), due=_next_due("pk")))[:MOST]


def partaken_rows(party: Any) -> QuerySet[Any, Any]:
    """By parts in somebody else's policies, or one's own."""
    rows = _ranked(PolicyRole.objects.filter(party=party), "policy__")
    columns = {name: F(f"policy__{name}") for name in _POLICY}
    return rows.values(
        one=Json("rank", "role", id=F("policy"), **columns, product=F("policy__product_name"), due=_next_due("policy"))
    )[: MOST * 2]


def _ranked(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    rank = Case(
        When(**{f"{path}status": "in_force"}, then=Value(0)), When(**{f"{path}status": "pending"}, then=Value(1)),
        default=Value(2),
    )  # fmt: skip
    ranked: QuerySet[Any] = rows.annotate(rank=rank)
    return ranked.order_by("rank", f"-{path}effective_date", f"{path}policy_no")


def policies_section(found: customers.FoundRows) -> list[dict[str, Any]]:
    """Policies the customer holds or has a part in: in force first, then the latest."""
    whole: dict[str, dict[str, Any]] = {}
    for row in sorted(found["partaken"], key=lambda row: str(row["role"]), reverse=True):
        whole[row["id"]] = row  # of several parts, the first in alphabetical order
    whole |= {row["id"]: row for row in found["held"]}
    rows = sorted(whole.values(), key=lambda row: str(row["policy_no"]))
    rows.sort(key=lambda row: str(row["effective_date"]), reverse=True)
    rows.sort(key=lambda row: int(row["rank"]))
    return [
        {
            "policy_no": row["policy_no"], "product": row["product"], "line": row["line"], "status": row["status"],
            "part": row.get("role", "holder"), "effective_date": row["effective_date"],
            "expiry_date": row["expiry_date"], "premium_fen": row["premium_fen"],
            "annual_premium_fen": row["annual_premium_fen"], "sum_insured_fen": row["sum_insured_fen"],
            "plate": access.shown("plate", row["plate"]),
            "next_due_date": row["due"]["date"] if row["due"] else None,
            "next_due_fen": row["due"]["fen"] if row["due"] else None,
        }
        for row in rows[:MOST]
    ]  # fmt: skip


_CLAIM_JSON: Final = ("claim_no", "state", "conclusion", "cause", "paid_fen", "reported_at", "closed_at")


def own_claim_rows(party: Any, before: timeline.Place | None = None, limit: int = MOST) -> QuerySet[Any, Any]:
    """Claims on the customer's own policies."""
    return _claim_rows(Claim.objects.filter(policy__holder=party), before, limit)


def made_claim_rows(party: Any, before: timeline.Place | None = None, limit: int = MOST) -> QuerySet[Any, Any]:
    """Claims the customer made."""
    return _claim_rows(Claim.objects.filter(claimant=party), before, limit)


def _claim_rows(rows: QuerySet[Claim], before: timeline.Place | None, limit: int) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = timeline.older(rows, before, at="reported_at", prefix="claim:").values(
        one=Json("id", *_CLAIM_JSON, policy_no=F("policy__policy_no"), product=F("policy__product_name"))
    )
    return found[:limit]


def claims_section(found: customers.FoundRows) -> list[dict[str, Any]]:
    """Claims on the customer's own policies and those the customer made, newest first."""
    whole = {row["id"]: row for rows in found.values() for row in rows}
    rows = sorted(
        whole.values(), key=lambda row: (datetime.fromisoformat(row["reported_at"]), str(row["id"])), reverse=True
    )
    columns = ("claim_no", "policy_no", "state", "conclusion", "cause", "paid_fen", "reported_at", "closed_at")
    return [{name: row[name] for name in columns} for row in rows[:MOST]]


def claim_happenings(rows: Sequence[Mapping[str, Any]]) -> list[TimelineItem]:
    items = []
    for row in rows:
        word, level = data.CLAIM_STATES.get(row["state"], (row["state"], ""))
        text = " · ".join(
            part
            for part in (row["product"], row["cause"], _(word),
                         money.format_money(row["paid_fen"], "zh") if row["paid_fen"] else "")
            if part
        )  # fmt: skip
        items.append(
            TimelineItem(
                at=datetime.fromisoformat(row["reported_at"]), key=f"claim:{row['id']}", group="claim",
                icon="alert-triangle", level=level, title=_("Claim %(number)s reported") % {"number": row["claim_no"]},
                text=text, url_name="portfolio:claim", url_arg=str(row["id"]),
            )
        )  # fmt: skip
    return items


def endorsement_rows(party: Any, before: timeline.Place | None, limit: int) -> QuerySet[Any, Any]:
    """Changes of the customer's own policies; a day counts as its first moment."""
    rows = Endorsement.objects.filter(policy__holder=party, applied_date__isnull=False)
    if before is not None:
        rows = rows.filter(applied_date__lte=timeline.day_of(before[0]))
    # A few more: those of the very day of the place may stand before it.
    return rows.order_by("-applied_date", "-pk").values(
        one=Json(
            "id", "endorsement_no", "kind", "status", day=F("applied_date"), policy=F("policy_id"),
            product=F("policy__product_name"),
        )
    )[: limit + 20]  # fmt: skip


def endorsement_happenings(rows: Sequence[Mapping[str, Any]]) -> list[TimelineItem]:
    items = []
    for row in rows:
        word, level = data.ENDORSEMENTS.get(row["status"], (row["status"], ""))
        items.append(
            TimelineItem(
                at=timeline.start_of(date.fromisoformat(row["day"])), key=f"endorsement:{row['id']}", group="policy",
                icon="file-pencil", level=level, title=row["kind"],
                text=f"{row['product']} · {_(word)} · {row['endorsement_no']}",
                url_name="portfolio:policy", url_arg=str(row["policy"]),
            )
        )  # fmt: skip
    return items
