"""Finding persons who seem to be one household: over the whole book, or around the parties of one import.

The number of statements does not depend on the number of customers; a run that finds what is known writes nothing. Runs
wait for one another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection, transaction

from anxin.book.customers.queries import kinship, merged
from anxin.book.customers.queries.kinship import Kin
from anxin.book.households import access, rules
from anxin.book.households.data import Inferred, MemberRole
from anxin.book.households.models import Membership, Proposal, Refusal
from anxin.book.households.rules import Evidence, Pair, day_of
from anxin.book.portfolio.queries import kinship as contracts
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import bulk
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7

Progress = Callable[[str, int], None]
_LOCK: Final = int.from_bytes(b"househld")
_CHUNK: Final = 5_000


@dataclass
class _Found:
    """One group of persons that may be a household, or that may join one."""

    household: UUID | None
    members: list[UUID]
    inside: frozenset[UUID]
    ties: list[tuple[int, int, list[str], int]]
    roles: Mapping[UUID, MemberRole]

    @property
    def key(self) -> str:
        return rules.key_of(self.household, self.members)

    @property
    def score(self) -> int:
        return min((score for *_, score in self.ties), default=0)


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
        persons = _persons(ties)
        _weigh(ties, persons)
        tell("ties", len(ties))
        found, too_large = _groups(ties, persons, content, now)
        tell("groups", len(found))
        new, kept, withdrawn = _write(found, now, among)
        tell("write", new)
    return Inferred(ties=len(ties), new=new, kept=kept, withdrawn=withdrawn, too_large=too_large)


def infer_for_batch(*, now: datetime, batch_id: UUID) -> Inferred:
    """The same around the parties an import brought or whose policies it brought."""
    among = sorted({*kinship.of_batch(batch_id), *contracts.of_batch(batch_id)})
    if not among:
        return Inferred()
    return infer(actor=Actor.system("households"), now=now, among=among)


def _ties(content: Mapping[str, Any], among: Collection[UUID] | None) -> dict[Pair, Evidence]:
    found: dict[Pair, Evidence] = {}

    def note(left: UUID, right: UUID, kind: str) -> Evidence:
        evidence = found.setdefault(rules.pair_of(left, right), Evidence())
        evidence.kinds.add(kind)
        return evidence

    for left, right, relation in kinship.relations(among=among):
        evidence = note(left, right, "relation")
        if not evidence.relation:
            evidence.relation = relation if left < right else rules.REVERSE.get(relation, relation)
    for holder, other, role in contracts.ties(among=among):
        note(holder, other, role)
    for kind, groups in (
        ("phone", kinship.phones(at_most=content["phone_at_most"], among=among)),
        ("address", kinship.addresses(at_most=content["address_at_most"], among=among)),
    ):
        for group in groups:
            for left, right in combinations(sorted(group), 2):
                note(left, right, kind)
    refused = _refused()
    return {pair: evidence for pair, evidence in found.items() if pair not in refused}


def _refused() -> set[Pair]:
    """Pairs somebody refused; what was said of a file that is merged now holds of the file that stays."""
    rows = list(Refusal.objects.values_list("left_id", "right_id").iterator(chunk_size=_CHUNK))
    living = merged.survivors({one for pair in rows for one in pair}) if rows else {}
    return {rules.pair_of(living.get(left, left), living.get(right, right)) for left, right in rows}


def _persons(ties: Iterable[Pair]) -> dict[UUID, Kin]:
    return kinship.persons(sorted({one for pair in ties for one in pair}))


def _weigh(ties: dict[Pair, Evidence], persons: Mapping[UUID, Kin]) -> None:
    """Leave out who is no living person any more; note the same surname where there is other evidence."""
    for pair in [pair for pair in ties if pair[0] not in persons or pair[1] not in persons]:
        del ties[pair]
    for (left, right), evidence in ties.items():
        name = rules.surname(persons[left].name)
        if name and name == rules.surname(persons[right].name):
            evidence.kinds.add("surname")


def _groups(
    ties: Mapping[Pair, Evidence], persons: Mapping[UUID, Kin], content: Mapping[str, Any], now: datetime
) -> tuple[list[_Found], int]:
    home: dict[UUID, UUID] = dict(
        Membership.objects.filter(access.present()).values_list("party_id", "household_id").iterator(chunk_size=_CHUNK)
    )
    heads = dict(
        Membership.objects.filter(access.present(), role=MemberRole.HEAD)
        .values_list("household_id", "party_id")
        .iterator(chunk_size=_CHUNK)
    )
    strong: dict[Pair, int] = {}
    for pair, evidence in ties.items():
        score = rules.points(evidence.kinds, content)
        one, other = home.get(pair[0]), home.get(pair[1])
        # Two of one household have nothing to be told; nobody is in two.
        if score >= content["propose_from"] and (one is None or other is None):
            strong[pair] = score
    found, too_large = [], 0
    for group in rules.groups(strong, node_of=home):
        households = {home[one] for one in group if one in home}
        if len(group) > content["largest"] or len(households) > 1:
            too_large += 1
            continue
        household = next(iter(households), None)
        head = heads.get(household) if household else None
        found.append(_found(group, household, head, home, strong, ties, persons, now))
    return found, too_large


def _found(
    group: list[UUID], household: UUID | None, head: UUID | None, home: Mapping[UUID, UUID],
    strong: Mapping[Pair, int], ties: Mapping[Pair, Evidence], persons: Mapping[UUID, Kin], now: datetime,
) -> _Found:  # fmt: skip
    relations = {pair: ties[pair].relation for pair in combinations(group, 2) if pair in ties and ties[pair].relation}
    known = {
        one: rules.Person(name=kin.name, sex=kin.sex, birth_date=kin.birth_date, policies=kin.policies)
        for one in group
        if (kin := persons.get(one))
    }
    place = {one: number for number, one in enumerate(group)}
    return _Found(
        household=household, members=group, inside=frozenset(one for one in group if one in home),
        ties=[
            (place[left], place[right], sorted(ties[left, right].kinds), strong[left, right])
            for left, right in combinations(group, 2)
            if (left, right) in strong
        ],
        roles=rules.roles(group, known, relations, today=day_of(now), head=head),
    )  # fmt: skip


def _write(found: list[_Found], now: datetime, among: Collection[UUID] | None) -> tuple[int, int, int]:
    """New proposals in, those nobody finds any more out. Returns new, kept, withdrawn."""
    by_key = {one.key: one for one in found}
    open_rows = Proposal.objects.filter(state=Proposal.State.OPEN)
    if among is not None:
        # A run around some persons sees only their groups.
        members = set(among) | {one for group in found for one in group.members}
        open_rows = open_rows.filter(members__party__in=members).distinct()
    known = dict(open_rows.values_list("key", "pk"))
    gone = [pk for key, pk in known.items() if key not in by_key]
    for start in range(0, len(gone), _CHUNK):
        Proposal.objects.filter(pk__in=gone[start : start + _CHUNK]).update(
            state=Proposal.State.WITHDRAWN, decided_at=now
        )
    fresh = [one for key, one in sorted(by_key.items()) if key not in known]
    ids = [uuid7().hex for _ in fresh]
    bulk.copy_frame("households_proposal", _proposal_frame(fresh, ids, now))
    bulk.copy_frame("households_proposalmember", _member_frame(fresh, ids))
    return len(fresh), len(by_key) - len(fresh), len(gone)


def _proposal_frame(fresh: list[_Found], ids: list[str], now: datetime) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": ids,
            "key": [one.key for one in fresh],
            "household_id": [one.household.hex if one.household else None for one in fresh],
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


def _member_frame(fresh: list[_Found], ids: list[str]) -> pl.DataFrame:
    rows = [
        (proposal, member.hex, place, str(one.roles.get(member, MemberRole.OTHER)), member in one.inside)
        for proposal, one in zip(ids, fresh, strict=True)
        for place, member in enumerate(one.members)
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
