"""Finding persons who seem to be one household: over the whole book, or around the parties of one import.

The number of statements does not depend on the number of customers; a run that finds what is known writes nothing. Runs
wait for one another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from anxin.book.customers.queries import kinship, merged
from anxin.book.households import access, rules
from anxin.book.households.data import Inferred, MemberRole
from anxin.book.households.models import Membership, Proposal, ProposalMember, Refusal
from anxin.book.households.rules import day_of
from anxin.book.households.services import grouping
from anxin.book.households.services.grouping import Found, Group
from anxin.book.portfolio.queries import kinship as contracts
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import bulk
from anxin.kernel.actor import Actor
from anxin.kernel.among import among as keys_among

Progress = Callable[[str, int], None]
_LOCK: Final = int.from_bytes(b"househld")


def infer(
    *, actor: Actor, now: datetime, among: Collection[UUID] | None = None, progress: Progress | None = None
) -> Inferred:
    """Bring the open proposals up to what the book says. `among`: only groups around these parties."""
    actor.require("households.infer")
    tell = progress or (lambda _step, _rows: None)
    content = schemes.active(rules.SCHEME, on=day_of(now)).content
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        ties = _ties(content, among)
        tell("ties", len(ties))
        persons = kinship.persons(None if among is None else pl.concat([ties["left"], ties["right"]]).unique())
        belongs = _belongs()
        found = grouping.find(ties, persons, belongs, content)
        tell("groups", len(found.groups))
        new, withdrawn = _write(found, persons, belongs, now, among)
        tell("write", new)
    return Inferred(
        ties=found.ties, new=new, kept=len(found.groups) - new, withdrawn=withdrawn, too_large=found.too_large
    )


def infer_for_batch(*, now: datetime, batch_id: UUID) -> Inferred:
    """The same around the parties an import brought or whose policies it brought."""
    among = sorted({*kinship.of_batch(batch_id), *contracts.of_batch(batch_id)})
    if not among:
        return Inferred()
    return infer(actor=Actor.system("households"), now=now, among=among)


def _ties(content: Mapping[str, Any], among: Collection[UUID] | None) -> pl.DataFrame:
    """All that ties two persons, ordered, without what somebody refused."""
    nothing = pl.lit(None, dtype=pl.String).alias("relation")
    parts = [
        kinship.relations(among=among).select("left", "right", pl.lit("relation").alias("kind"), "relation"),
        contracts.ties(among=among).with_columns(nothing),
    ]
    for kind, groups in (
        ("phone", kinship.phones(at_most=content["phone_at_most"], among=among)),
        ("address", kinship.addresses(at_most=content["address_at_most"], among=among)),
    ):
        parts.append(grouping.pairs_within(groups).with_columns(pl.lit(kind).alias("kind"), nothing))
    ties = grouping.ordered(pl.concat(parts), rules.REVERSE)
    return ties.join(_refused(), on=["left", "right"], how="anti", maintain_order="left")


def _refused() -> pl.DataFrame:
    """Pairs somebody refused; what was said of a file that is merged now holds of the file that stays."""
    rows = list(Refusal.objects.values_list("left_id", "right_id"))
    living = merged.survivors({one for pair in rows for one in pair}) if rows else {}
    pairs = [rules.pair_of(living.get(left, left), living.get(right, right)) for left, right in rows]
    return pl.DataFrame(
        [(left.hex, right.hex) for left, right in pairs],
        schema=dict.fromkeys(("left", "right"), pl.String()), orient="row",
    )  # fmt: skip


def _belongs() -> pl.DataFrame:
    rows = Membership.objects.filter(access.present()).values_list("party_id", "household_id", "role")
    return pl.DataFrame(
        [(party.hex, household.hex, role == MemberRole.HEAD) for party, household, role in rows],
        schema=grouping.BELONGS, orient="row",
    )  # fmt: skip


def _write(
    found: Found, persons: pl.DataFrame, belongs: pl.DataFrame, now: datetime, among: Collection[UUID] | None
) -> tuple[int, int]:
    """New proposals in, those nobody finds any more out. Returns new, withdrawn."""
    open_rows = Proposal.objects.filter(state=Proposal.State.OPEN)
    if among is not None:
        # A run around some persons sees only their groups.
        members = {*among, *(UUID(key) for key in found.members["party"])}
        seen = ProposalMember.objects.filter(keys_among("party__pk", members), proposal=OuterRef("pk"))
        open_rows = open_rows.filter(Exists(seen))
    known = dict(open_rows.values_list("key", "pk"))
    all_found = found.groups["key"]
    kept = set(all_found)
    gone = [pk for key, pk in known.items() if key not in kept]
    Proposal.objects.filter(keys_among("pk", gone)).update(state=Proposal.State.WITHDRAWN, decided_at=now)
    fresh_keys = all_found.filter(~all_found.is_in(pl.Series(list(known), dtype=pl.String).implode()))
    fresh = list(grouping.told(found, fresh_keys, persons, belongs, today=day_of(now)))
    ids, _raw = bulk.new_keys(len(fresh))
    bulk.copy_frame("households_proposal", _proposal_frame(fresh, ids, now))
    bulk.copy_frame("households_proposalmember", _member_frame(fresh, ids))
    return len(fresh), len(gone)


def _proposal_frame(fresh: list[Group], ids: list[str], now: datetime) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": ids,
            "key": [one.key for one in fresh],
            "household_id": [one.household for one in fresh],
            "state": [str(Proposal.State.OPEN)] * len(fresh),
            "score": [one.score for one in fresh],
            "evidence": [
                json.dumps([{"a": a, "b": b, "kinds": kinds, "score": score} for a, b, kinds, score in one.ties])
                for one in fresh
            ],
            "created_at": [now] * len(fresh),
            "reason": [""] * len(fresh),
            "version": [1] * len(fresh),
        },
        schema={
            "id": pl.String(), "key": pl.String(), "household_id": pl.String(), "state": pl.String(),
            "score": pl.Int64(), "evidence": pl.String(), "created_at": pl.Datetime("us", "UTC"),
            "reason": pl.String(), "version": pl.Int64(),
        },
    )  # fmt: skip


def _member_frame(fresh: list[Group], ids: list[str]) -> pl.DataFrame:
    rows = [
        (proposal, member, place, str(role), is_inside)
        for proposal, one in zip(ids, fresh, strict=True)
        for place, (member, role, is_inside) in enumerate(zip(one.members, one.roles, one.inside, strict=True))
    ]
    frame = pl.DataFrame(
        rows, orient="row",
        schema={
            "proposal_id": pl.String(), "party_id": pl.String(), "position": pl.Int64(), "role": pl.String(),
            "is_in_household": pl.Boolean(),
        },
    )  # fmt: skip
    keys, _raw = bulk.new_keys(frame.height)
    return frame.with_columns(pl.Series("id", keys, dtype=pl.String))
