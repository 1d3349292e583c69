"""The golden record of a file that has part in merges: what it says itself, what survives of all, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
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


@dataclass(slots=True)
class _Record:
    """The golden record of one file while it is worked on; see `Golden`."""

    party: UUID
    own: dict[str, dict[str, Any]]
    computed: dict[str, dict[str, Any]]
    why: dict[str, dict[str, Any]]
    chosen: dict[str, str]
    scheme_version: int
    is_new: bool = False


class Book:
    """Golden records of locked files, worked on in memory and written at once."""

    def __init__(self) -> None:
        self._records: dict[UUID, _Record] = {}
        self._children: dict[UUID, list[UUID]] = {}
        self._touched: dict[UUID, None] = {}
        self._changes: dict[UUID, golden.Set] = {}

    @classmethod
    def of(cls, held: Iterable[Held]) -> Book:
        """Before rows move: what each of the locked files says itself. One that has part in a merge already is noted
        anew only where its values were changed since."""
        book, files = cls(), {one.id: one for one in held}
        book._load(files)
        for key, record in book._records.items():
            if key in files and files[key].state == "active" and _take_changes(record, files[key]):
                book._touched[key] = None
        for key, one in files.items():
            if key not in book._records:
                own = own_of(one)
                book._records[key] = _Record(key, own, computed_of(own), {}, {}, 0, is_new=True)
                book._touched[key] = None
        return book

    @classmethod
    def kept(cls, ids: Iterable[UUID]) -> Book:
        """Of files that have records."""
        book = cls()
        book._load(ids)
        return book

    def _load(self, ids: Iterable[UUID]) -> None:
        """Records of the files, and of those that are directly merged into them."""
        found = _read(ids)
        self._records |= {one.party: one for one in found}
        # Who has no record has nobody below.
        merges = Merge.objects.filter(
            among("survivor__pk", [one.party for one in found]), state=Merge.State.DONE
        ).order_by("at", "pk")  # fmt: skip
        for loser, survivor in merges.values_list("loser", "survivor") if found else ():
            self._children.setdefault(survivor, []).append(loser)
        below = {key for losers in self._children.values() for key in losers} - self._records.keys()
        self._records |= {one.party: one for one in _read(below)}

    def merged(self, loser: UUID, survivor: UUID, chosen: Mapping[str, str]) -> None:
        """One file is now part of another. Call in the order in which it happens."""
        self._children.setdefault(survivor, []).append(loser)
        if chosen:
            self._records[survivor].chosen = dict(chosen)
            self._touched[survivor] = None

    def recompute(self, party_ids: Iterable[UUID], *, now: datetime) -> None:
        """The values of files from what they and those directly merged into them say, by the rules in force today.

        None of them may be merged into another of them.
        """
        scheme = schemes.active(survivorship.SCHEME, on=now.astimezone(SHANGHAI).date())
        order = survivorship.Order.of(scheme.content)
        for key in sorted(set(party_ids)):
            record = self._records[key]
            below = [
                self._records[child]
                for child in self._children.get(key, ()) if child in self._records
            ]  # fmt: skip
            computed, why = _surviving(record, below, order)
            before = record.computed
            changed = [name for name in computed.keys() | before.keys() if computed.get(name) != before.get(name)]
            if changed:
                self._changes[key] = golden.Set(
                    values={name: computed[name]["v"] if name in computed else None for name in changed},
                    provenance={name: computed[name]["p"] if name in computed else None for name in changed},
                )
            record.computed, record.why, record.scheme_version = computed, why, scheme.version
            self._touched[key] = None

    def write(self, *, now: datetime) -> None:
        """Only what differs is written, into the records and into the files."""
        golden.set_values(self._changes, now=now)
        touched = [self._records[key] for key in self._touched]
        bulk.copy_frame(Golden._meta.db_table, _as_frame([one for one in touched if one.is_new]))
        known = _as_frame([one for one in touched if not one.is_new])
        bulk.update_frame(Golden._meta.db_table, known, key=["party_id"])
        self._touched, self._changes = {}, {}
        for one in touched:
            one.is_new = False


def note_own(held: Iterable[Held], *, now: datetime) -> None:
    """Before rows move: what each of the locked files says itself. See Book.of."""
    Book.of(held).write(now=now)


def recompute(party_ids: Sequence[UUID], *, now: datetime) -> None:
    """The values of locked files that have records. See Book.recompute. A file nothing is merged into any more is as it
    says itself."""
    book = Book.kept(party_ids)
    book.recompute(party_ids, now=now)
    book.write(now=now)


_COLUMNS: Final = ("party_id", "own", "computed", "why", "chosen", "scheme_version")


def _read(ids: Iterable[UUID]) -> list[_Record]:
    rows = Golden.objects.filter(among("party__pk", ids)).values_list(*_COLUMNS)
    return [_Record(*row) for row in rows]


def _as_frame(records: Sequence[_Record]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                one.party.hex, _json(one.own), _json(one.computed), _json(one.why), _json(one.chosen),
                one.scheme_version,
            )
            for one in records
        ],
        schema={**dict.fromkeys(_COLUMNS, pl.String()), "scheme_version": pl.Int64()}, orient="row",
    )  # fmt: skip


def _take_changes(row: _Record, held: Held) -> bool:
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


def _surviving(
    row: _Record, below: Sequence[_Record], order: survivorship.Order
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Of each field the value that survives, and why."""
    voices = [(str(row.party), row.own), *((str(child.party), _voice(child)) for child in below)]
    computed: dict[str, dict[str, Any]] = {}
    why: dict[str, dict[str, Any]] = {}
    for name in sorted({name for _key, own in voices for name in own}):
        said = [(key, own[name]) for key, own in voices if name in own and own[name]["v"] is not None]
        if not said:
            computed[name] = {"v": None, "p": row.own[name]["p"] if name in row.own else None}
            continue
        by_hand = row.chosen.get(name, "")
        party, one = said[0]
        rule = "" if by_hand else survivorship.undisputed(name, [each["v"] for _key, each in said])
        if not rule:
            chosen = survivorship.survive(name, [_said(*each) for each in said], order, by_hand=by_hand)
            party, one = next(each for each in said if each[0] == chosen.said.party)
            rule = chosen.rule
        entry = (list(one["p"][:2]) if one["p"] else None) if party == voices[0][0] else [one["s"], one["d"]]
        computed[name] = {"v": one["v"], "p": entry}
        why[name] = {"rule": rule, "s": one["s"], "d": one["d"], "party": party, "ok": one["ok"]}
    return computed, why


_json: Final = json.JSONEncoder(ensure_ascii=False).encode


def _voice(child: _Record) -> dict[str, dict[str, Any]]:
    """What a merged file says, with what was merged into it before: each value as its own record chose it."""
    return {
        name: {
            "v": one["v"], "p": one["p"], "s": child.why.get(name, child.own.get(name, {})).get("s", ""),
            "d": child.why.get(name, child.own.get(name, {})).get("d", ""),
            "ok": child.why.get(name, child.own.get(name, {})).get("ok", False),
        }
        for name, one in child.computed.items()
    }  # fmt: skip


def _said(party: str, one: Mapping[str, Any]) -> Said:
    entry = one.get("p")
    return Said(
        value=one["v"], source=one["s"], day=one["d"], is_verified=one["ok"], party=party,
        entry=(entry[0], entry[1]) if entry else None,
    )  # fmt: skip


def give_back_changes(merges: Mapping[UUID, Merge]) -> None:
    """Before rows go back: values that changed since the merge and that only a source of the leaving file can have said
    are the leaving file's own. `merges`: living file → the merge that is undone."""
    leaving = [one.loser_id for one in merges.values()]
    rows = {one.party_id: one for one in Golden.objects.filter(among("party__pk", [*merges, *leaving]))}
    records = golden.record_sources(merges)
    homes = dict(
        Move.objects.filter(
            among("row_id", [key for of in records.values() for key in of]), table_name="customers_sourcerecord"
        ).values_list("row_id", "home")
    )
    changed: list[Golden] = []
    for root, merge in merges.items():
        said, staying, gone = records.get(root, {}), set[str](), set[str]()
        for key, source in said.items():
            if key not in homes:
                staying.add(source)
            elif homes[key] == merge.loser_id:
                gone.add(source)
        only = gone - staying - {survivorship.STAFF}
        row, leaver = rows[root], rows[merge.loser_id]
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
            leaver.own[name] = {**own, "p": leaver.own.get(name, {}).get("p")}
        changed += [row, leaver] if said_since else []
    Golden.objects.bulk_update(changed, ["own"])


def forget_if_alone(ids: Iterable[UUID]) -> None:
    """A file that is neither merged nor has others merged into it needs no record."""
    ids = set(ids)
    busy = set(Merge.objects.filter(state=Merge.State.DONE, loser__in=ids).values_list("loser", flat=True))
    busy |= set(Merge.objects.filter(state=Merge.State.DONE, survivor__in=ids).values_list("survivor", flat=True))
    Golden.objects.filter(party__in=ids - busy).delete()
