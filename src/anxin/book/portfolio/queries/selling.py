"""Who made the business, on which channel, in which lines: in columns, for the room that allocates customers."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from django.db.models import QuerySet

from anxin.book.portfolio.models import Policy
from anxin.kernel import bulk_read

_SCHEMA: Final[dict[str, Any]] = {
    "party": pl.String(), "status": pl.String(), "line": pl.String(), "channel": pl.String(), "agent": pl.String(),
    "policy_unit": pl.String(), "effective": pl.Date(), "policy_no": pl.String(),
}  # fmt: skip
_NEVER: Final = (Policy.Status.CANCELLED,)


def of_holders(parties: QuerySet[Any]) -> pl.DataFrame:
    """Per holder: channel, agent (staff number), policy_unit (hex) of the newest policy, those in force first; and
    `lines` held in force. For the system itself; holders without any policy are not in it."""
    rows = Policy.objects.filter(holder__in=parties.order_by().values("pk")).exclude(status__in=_NEVER)
    plain = rows.values_list(
        "holder_id", "status", "line", "channel", "agent_code", "unit_id", "effective_date", "policy_no"
    )
    found = bulk_read.fetch(plain, _SCHEMA, keys=("party", "policy_unit"))
    in_force = pl.col("status") == Policy.Status.IN_FORCE
    newest = (
        found.sort(["party", in_force, "effective", "policy_no"], descending=[False, True, True, True])
        .unique("party", keep="first", maintain_order=True)
        .select("party", "channel", pl.col("agent").replace("", None), "policy_unit")
    )
    lines = found.filter(in_force).group_by("party").agg(pl.col("line").unique().sort().alias("lines"))
    return newest.join(lines, on="party", how="left")
