"""How much business each unit did in a period: premium income, policies, insured persons. For the system itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Sum

from anxin.book.portfolio.models import Endorsement, Instalment, Policy, PolicyRole
from anxin.book.portfolio.queries.renewable import NOT_TAKEN_UP, unit


@dataclass(frozen=True, kw_only=True)
class UnitVolume:
    """Business of one unit. `policies` in force on the last day, `signed` within the period; money in fen.

    `insured`: person-times of the policies signed; a policy that names nobody insures one, its holder.
    """

    premium_fen: int = 0
    policies: int = 0
    signed: int = 0
    insured: int = 0


def of_units(first: date, last: date) -> Mapping[UUID | None, UnitVolume]:
    """Business from `first` to `last`, both included, by the unit of the holder, else that of the policy.

    Premium income: premiums of policies that began, instalments paid where a policy has any, and what endorsements
    added or gave back.
    """
    found: dict[UUID | None, UnitVolume] = {}

    def add(rows: Iterable[Mapping[str, Any]], **columns: str) -> None:
        for row in rows:
            before = found.get(row["of"], UnitVolume())
            more = {name: getattr(before, name) + int(row[column] or 0) for name, column in columns.items()}
            found[row["of"]] = replace(before, **more)

    taken_up = ~Q(status__in=NOT_TAKEN_UP)
    begun = Policy.objects.filter(taken_up, effective_date__gte=first, effective_date__lte=last).annotate(of=unit())
    single = begun.filter(~Exists(Instalment.objects.filter(policy=OuterRef("pk"))))
    add(single.values("of").annotate(fen=Sum("premium_fen")), premium_fen="fen")
    paid = Instalment.objects.filter(paid_date__gte=first, paid_date__lte=last).annotate(of=unit("policy__"))
    add(paid.values("of").annotate(fen=Sum("paid_fen")), premium_fen="fen")
    changed = Endorsement.objects.filter(effective_date__gte=first, effective_date__lte=last)
    changed = changed.exclude(premium_delta_fen=0).annotate(of=unit("policy__"))
    add(changed.values("of").annotate(fen=Sum("premium_delta_fen")), premium_fen="fen")
    standing = Policy.objects.filter(
        taken_up, Q(expiry_date__isnull=True) | Q(expiry_date__gt=last), Q(ended_date__isnull=True)
        | Q(ended_date__gt=last), effective_date__lte=last,
    ).annotate(of=unit())  # fmt: skip
    add(standing.values("of").annotate(n=Count("pk")), policies="n")
    insured = PolicyRole.objects.filter(role="insured")
    alone = begun.annotate(names=Exists(insured.filter(policy=OuterRef("pk"))))
    add(alone.values("of").annotate(n=Count("pk"), alone=Count("pk", filter=Q(names=False))), signed="n",
        insured="alone")  # fmt: skip
    named = insured.filter(policy__in=begun.values("pk")).annotate(of=unit("policy__"))
    add(named.values("of").annotate(n=Count("pk")), insured="n")
    return found
