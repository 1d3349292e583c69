"""The golden record of a file that has part in merges: what it says itself, what survives of all, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl

from anxin.book.customers.services import golden
from anxin.book.customers.services.golden import Held
from anxin.book.matching.data import Said
from anxin.book.matching.models import Golden, Merge, Move
from anxin.book.matching.rules import survivorship
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import bulk
from anxin.kernel.among import among

SHANGHAI = ZoneInfo("Asia/Shanghai")


def note_own(held: Iterable[Held]) -> None:
    """Before rows move: what each of the locked files says itself. One that has part in a merge already is noted anew
    only where its values were changed since."""
    files = {one.id: one for one in held}
    known = {row.party_id: row for row in Golden.objects.filter(among("party__pk", files))}
    fresh = [(key.hex, own_of(one)) for key, one in files.items() if key not in known]
    bulk.copy_frame(
        Golden._meta.db_table,
        pl.DataFrame(
            [(key, _json(own), _json(computed_of(own)), "{}", "{}", 0) for key, own in fresh],
            schema={**dict.fromkeys(("party_id", "own", "computed", "why", "chosen"), pl.String()),
                    "scheme_version": pl.Int64()},
            orient="row",
        ),
    )  # fmt: skip
    for key, row in known.items():
        if files[key].state == "active" and _take_changes(row, files[key]):
            row.save(update_fields=["own", "computed", "chosen"])


def _take_changes(row: Golden, held: Held) -> bool:
    """What stands in a living file and was not computed is what it says itself since."""
    now = own_of(held)
    current = computed_of(now)
    changed = [name for name in current.keys() | row.computed.keys() if current.get(name) != row.computed.get(name)]
    for name in changed:
        if name in now:
            before = {key: value for key, value in row.own.get(name, {}).items() if key != "was"}
            row.own[name], row.computed[name] = {**now[name], "was": before or None}, current[name]
        else:
            row.own.pop(name, None)
            row.computed.pop(name, None)
        row.chosen.pop(name, None)
    return bool(changed)


def own_of(held: Held) -> dict[str, dict[str, Any]]:
    return {
        name: {"v": value, "s": source, "d": day, "ok": is_verified, "p": entry}
        for name, (value, source, day, is_verified, entry) in held.said.items()
    }


def computed_of(own: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: {"v": one["v"], "p": one["p"]} for name, one in own.items()}


def recompute(party_ids: Iterable[UUID], *, now: datetime) -> None:
    """The values of locked files from what they and those directly merged into them say, by the rules in force today.

    None of them may be merged into another of them. Only what differs is written. A file nothing is merged into any
    more is as it says itself, and needs no record.
    """
    wanted = sorted(set(party_ids))
    if not wanted:
        return
    children: dict[UUID, list[UUID]] = {}
    merges = Merge.objects.filter(among("survivor__pk", wanted), state=Merge.State.DONE).order_by("at", "pk")
    for loser, survivor in merges.values_list("loser", "survivor"):
        children.setdefault(survivor, []).append(loser)
    concerned = {*wanted, *(key for losers in children.values() for key in losers)}
    records = {one.party_id: one for one in Golden.objects.filter(among("party__pk", concerned))}
    scheme = schemes.active(survivorship.SCHEME, on=now.astimezone(SHANGHAI).date())
    order = survivorship.Order.of(scheme.content)
    changes: dict[UUID, golden.Set] = {}
    for key in wanted:
        below = [(child, records[child]) for child in children.get(key, ()) if child in records]
        computed, why = _surviving(records[key], below, order)
        before = records[key].computed
        changed = [name for name in computed.keys() | before.keys() if computed.get(name) != before.get(name)]
        if changed:
            changes[key] = golden.Set(
                values={name: computed[name]["v"] if name in computed else None for name in changed},
                provenance={name: computed[name]["p"] if name in computed else None for name in changed},
            )
        records[key].computed, records[key].why = computed, why
    golden.set_values(changes, now=now)
    bulk.update_frame(
        Golden._meta.db_table,
        pl.DataFrame(
            [(key.hex, _json(records[key].computed), _json(records[key].why), scheme.version) for key in wanted],
            schema={
                "party_id": pl.String(), "computed": pl.String(), "why": pl.String(), "scheme_version": pl.Int64(),
            },
            orient="row",
        ),
        key=["party_id"],
    )  # fmt: skip


def _surviving(
    row: Golden, below: Sequence[tuple[UUID, Golden]], order: survivorship.Order
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Of each field the value that survives, and why."""
    voices = [(row.party_id, row.own), *((key, _voice(child)) for key, child in below)]
    computed: dict[str, dict[str, Any]] = {}
    why: dict[str, dict[str, Any]] = {}
    for name in sorted({name for _key, own in voices for name in own}):
        said = [_said(key, own[name]) for key, own in voices if name in own and own[name]["v"] is not None]
        if not said:
            computed[name] = {"v": None, "p": row.own[name]["p"] if name in row.own else None}
            continue
        chosen = survivorship.survive(name, said, order, by_hand=row.chosen.get(name, ""))
        one = chosen.said
        entry = list(one.entry) if one.entry else None
        if one.party != str(row.party_id):
            entry = [one.source, one.day]
        computed[name] = {"v": one.value, "p": entry}
        why[name] = {"rule": chosen.rule, "s": one.source, "d": one.day, "party": one.party, "ok": one.is_verified}
    return computed, why


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _voice(child: Golden) -> dict[str, dict[str, Any]]:
    """What a merged file says, with what was merged into it before: each value as its own record chose it."""
    return {
        name: {
            "v": one["v"], "p": one["p"], "s": child.why.get(name, child.own.get(name, {})).get("s", ""),
            "d": child.why.get(name, child.own.get(name, {})).get("d", ""),
            "ok": child.why.get(name, child.own.get(name, {})).get("ok", False),
        }
        for name, one in child.computed.items()
    }  # fmt: skip


def _said(party: UUID, one: Mapping[str, Any]) -> Said:
    entry = one.get("p")
    return Said(
        value=one["v"], source=one["s"], day=one["d"], is_verified=one["ok"], party=str(party),
        entry=(entry[0], entry[1]) if entry else None,
    )  # fmt: skip


def give_back_changes(merge: Merge, survivor: UUID) -> None:
    """Before rows go back: values that changed since the merge and that only a source of the leaving file can have said
    are the leaving file's own."""
    row, leaving = Golden.objects.get(party=survivor), Golden.objects.get(party=merge.loser_id)
    records = golden.record_sources(survivor)
    moved = set(
        Move.objects.filter(row_id__in=list(records), table_name="customers_sourcerecord").values_list(
            "row_id", flat=True
        )
    )
    gone = set(
        Move.objects.filter(
            row_id__in=list(records), table_name="customers_sourcerecord", home=merge.loser_id
        ).values_list("row_id", flat=True)
    )
    staying = {source for key, source in records.items() if key not in moved}
    only = {records[key] for key in gone} - staying - {survivorship.STAFF}
    day = merge.at.astimezone(SHANGHAI).date().isoformat()
    said_since = [
        name
        for name, one in row.own.items()
        if one["s"] in only and one["p"] is not None and one["p"][1] >= day and name not in survivorship.OWN
    ]
    for name in said_since:
        own = row.own.pop(name)
        if before := own.pop("was", None):
            row.own[name] = before
        leaving.own[name] = {**own, "p": leaving.own.get(name, {}).get("p")}
    if said_since:
        row.save(update_fields=["own"])
        leaving.save(update_fields=["own"])


def forget_if_alone(ids: Iterable[UUID]) -> None:
    """A file that is neither merged nor has others merged into it needs no record."""
    ids = set(ids)
    busy = set(Merge.objects.filter(state=Merge.State.DONE, loser__in=ids).values_list("loser", flat=True))
    busy |= set(Merge.objects.filter(state=Merge.State.DONE, survivor__in=ids).values_list("survivor", flat=True))
    Golden.objects.filter(party__in=ids - busy).delete()
