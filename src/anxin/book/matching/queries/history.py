"""What was merged into a customer, when, by whom and why; and what goes where when they are separated."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import merged
from anxin.book.matching import access
from anxin.book.matching.data import Going, MergeView, Origin
from anxin.book.matching.models import Golden, Merge, Move, ShelvedRow
from anxin.book.matching.queries.labels import labels
from anxin.kernel.actor import Actor

MergeNotFound = access.MergeNotFound
MOST: Final = 50


def of_customer(actor: Actor, ref: str) -> list[MergeView]:
    """Merges the file has part in, newest first. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, access.VIEW)
    members = merged.members(party.pk)
    found = (
        Merge.objects.filter(Q(survivor__in=members) | Q(loser__in=members))
        .select_related("loser", "survivor")
        .order_by("-at", "-pk")[:MOST]
    )
    may = actor.may(access.CHANGE)
    return [_view(one, may_separate=may and one.state == Merge.State.DONE) for one in found]


def get_merge(actor: Actor, merge_id: UUID) -> MergeView:
    """Raises MergeNotFound."""
    one = access.get_merge(actor, merge_id)
    return _view(one, may_separate=actor.may(access.CHANGE) and one.state == Merge.State.DONE)


def merge_of(actor: Actor, ref: str) -> UUID:
    """The merge by which the file with this very number went away. Raises MergeNotFound."""
    found = access.visible_merges(actor, access.CHANGE).filter(state=Merge.State.DONE, loser__ref=ref.upper()).first()
    if found is None:
        raise MergeNotFound(ref)
    return found.pk


def going(actor: Actor, merge_id: UUID) -> Going:
    """What undoing a merge would do: rows that go back, rows put back from the shelf, values that change, masked.

    Raises MergeNotFound.
    """
    one = access.get_merge(actor, merge_id, access.CHANGE)
    family = below(one.loser_id)
    words = labels()
    back: Counter[str] = Counter()
    moves = Move.objects.filter(home__in=family).values("table_name").annotate(n=Count("row_id", distinct=True))
    for move in moves:
        if label := words.get(move["table_name"]):
            back[label] += move["n"]
    put: Counter[str] = Counter()
    shelved = ShelvedRow.objects.filter(Q(home__in=family) | Q(other_home__in=family))
    for row in shelved.values("table_name").annotate(n=Count("pk")):
        if label := words.get(row["table_name"]):
            put[label] += row["n"]
    return Going(
        back=sorted(back.items()), put_back=sorted(put.items()), staying=0,
        values=_values(one, [str(key) for key in family]),
    )  # fmt: skip


def _values(one: Merge, family: list[str]) -> list[tuple[str, str, str]]:
    """Fields of the file that stays whose value came from what leaves: field, now, afterwards (masked)."""
    record = Golden.objects.filter(party=one.survivor_id).first()
    if record is None:
        return []
    found = []
    for name, why in sorted(record.why.items()):
        if why.get("party") in family:
            own = record.own.get(name, {}).get("v")
            found.append((name, _masked(name, record.computed.get(name, {}).get("v")), _masked(name, own)))
    return found


def _masked(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name in ("birth_date", "annual_income_fen"):
        return customers.shown(name, str(value))
    return "" if name in ("unit_id", "manager_id") else str(value)


def below(party_id: UUID) -> set[UUID]:
    """The file and all that were merged into it before."""
    found, layer = {party_id}, {party_id}
    while layer:
        layer = set(Merge.objects.filter(state=Merge.State.DONE, survivor__in=layer).values_list("loser", flat=True))
        layer -= found
        found |= layer
    return found


def why_values(actor: Actor, ref: str) -> list[tuple[str, str, str, str, bool]]:
    """Why each value of a merged file is what it is: field, rule, source, day, whether verified. Empty for a file
    without merges. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, access.VIEW)
    record = Golden.objects.filter(party=party.pk).first()
    if record is None:
        return []
    return [
        (name, why["rule"], why["s"], why["d"], bool(why.get("ok")))
        for name, why in sorted(record.why.items())
        if why["rule"] not in ("only", "own", "same")
    ]


def told(party_id: UUID, _today: date) -> list[str]:
    """Merges the machine decided, for the person themselves. For the room `rights`; no actor."""
    members = merged.members(party_id)
    found = Merge.objects.filter(survivor__in=members, state=Merge.State.DONE, origin=Merge.Origin.AUTOMATIC)
    return [
        gettext("On %(day)s another record of you, %(ref)s, became part of this file, because they agree in what says "
                "who you are.")
        % {"day": timezone.localdate(one.at).isoformat(), "ref": one.loser.ref}
        for one in found.select_related("loser").order_by("at")[:MOST]
    ]  # fmt: skip


def _view(one: Merge, *, may_separate: bool) -> MergeView:
    words = labels()
    counts: Counter[str] = Counter()
    for table, number in one.counts.items():
        if label := words.get(table):
            counts[label] += number
    return MergeView(
        id=one.pk, loser_ref=one.loser.ref, loser_name=one.loser.name, survivor_ref=one.survivor.ref,
        survivor_name=one.survivor.name, is_in_force=one.state == Merge.State.DONE, origin=Origin(one.origin),
        reason=one.reason, counts=sorted(counts.items()), at=one.at, by=one.by_name, undone_at=one.undone_at,
        undone_by=one.undone_by_name, undone_reason=one.undone_reason, may_separate=may_separate,
    )  # fmt: skip
