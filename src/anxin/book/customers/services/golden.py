"""The golden record from below: locking files that are to become one, marking them, reading and setting their values.

For the room `matching`, which decides. Nothing here asks for permission.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.models import F, Max, QuerySet

from anxin.book.customers.models import IdentityDocument, Party, SourceRecord
from anxin.book.customers.services import parties
from anxin.kernel import bulk
from anxin.kernel.among import among

# What is chosen between files. Custom fields stand under "custom:<code>".
FIELDS: Final = (*parties.EDITABLE, "customer_since", "unit_id", "manager_id")
_DATES: Final = frozenset({"birth_date", "customer_since"})
_KEYS: Final = frozenset({"unit_id", "manager_id"})
_PROVEN: Final = ("name", "sex", "birth_date", "uscc")  # what a verified document says


@dataclass(frozen=True, kw_only=True)
class Held:
    """A locked file: where it stands, and what it says. Values are plain (dates and keys as text); a blank is there, as
    None, only where the provenance speaks of it.

    `said`: field → (value, source, day, is_verified, entry of the provenance or None).
    """

    id: UUID
    ref: str
    name: str
    kind: str
    state: str
    version: int
    replaced_by: UUID | None
    created_at: datetime
    said: Mapping[str, tuple[Any, str, str, bool, list[str] | None]] = field(default_factory=dict)


def cluster_of(ids: Iterable[UUID]) -> list[UUID]:
    """The files and all that were merged into them, in the order in which they must be locked."""
    wanted = set(ids)
    wanted |= set(Party.objects.filter(among("replaced_by__pk", wanted)).values_list("pk", flat=True))
    return sorted(wanted)


def roots_with(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """File → the living one it was merged into; only merged files."""
    rows = Party.objects.filter(among("pk", ids), replaced_by__isnull=False)
    return {key: root for key, root in rows.values_list("pk", "replaced_by") if root is not None}


def roots_of(ids: Iterable[UUID]) -> list[UUID]:
    """The living files that the merged ones among `ids` were merged into."""
    return sorted(set(roots_with(ids).values()))


def lock(ids: Sequence[UUID]) -> dict[UUID, Held]:
    """Lock the files against everybody who changes them or puts a row to them, in the order of their keys."""
    return _read(Party.objects.select_for_update(), ids)


def read(ids: Sequence[UUID]) -> dict[UUID, Held]:
    """The same without locks, to look only."""
    return _read(Party.objects.all(), ids)


# As plain values: building the objects costs twice what reading the rows does.
_READ: Final = (
    "pk",
    "ref",
    "kind",
    "state",
    "version",
    "replaced_by_id",
    "created_at",
    "source",
    "custom",
    "provenance",
)


def _read(parties: QuerySet[Party], ids: Sequence[UUID]) -> dict[UUID, Held]:
    rows = list(parties.filter(among("pk", ids)).order_by("pk").values(*_READ, *FIELDS))
    keys = [row["pk"] for row in rows]
    seen = {
        (key, source): at.date().isoformat()
        for key, source, at in SourceRecord.objects.filter(among("party__pk", keys))
        .values_list("party", "source")
        .annotate(at=Max("seen_at"))
    }
    verified = set(
        IdentityDocument.objects.filter(
            among("party__pk", keys), is_verified=True, is_disputed=False
        ).values_list("party", flat=True)
    )  # fmt: skip
    return {row["pk"]: _held(row, seen, row["pk"] in verified) for row in rows}


def _held(row: Mapping[str, Any], seen: Mapping[tuple[UUID, str], str], is_verified: bool) -> Held:
    # Most of some thirty fields are blank in most of the files.
    values = [(name, row[name], name) for name in FIELDS]
    values += [(f"custom:{code}", value, code) for code, value in row["custom"].items()]
    opened, provenance = row["created_at"].date().isoformat(), row["provenance"]
    said = {}
    for name, value, code in values:
        entry = provenance.get(code)
        if not value and value in (None, "", False):
            if entry is None:
                continue
            value = None
        source, day = (str(entry[0]), str(entry[1])) if entry and len(entry) == 2 else (row["source"], "")
        day = day or seen.get((row["pk"], source), opened)
        said[name] = plain(value), source, day, is_verified and name in _PROVEN, entry
    return Held(
        id=row["pk"], ref=row["ref"], name=row["name"], kind=row["kind"], state=row["state"], version=row["version"],
        replaced_by=row["replaced_by_id"], created_at=row["created_at"], said=said,
    )  # fmt: skip


def plain(value: Any) -> Any:
    """A value of the file as JSON carries it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


@dataclass(frozen=True, kw_only=True)
class Set:
    """What is to be set in a locked file: plain `values` (None: blank), and what its provenance says of them (None:
    nothing)."""

    values: Mapping[str, Any]
    provenance: Mapping[str, list[str] | None]


def set_values(wanted: Mapping[UUID, Set], *, now: datetime) -> None:
    """Set values of many locked files, in one statement."""
    if not wanted:
        return
    rows = {row.pk: row for row in Party.objects.filter(among("pk", wanted)).order_by("pk")}
    columns: dict[str, None] = {}
    for key, one in wanted.items():
        columns |= dict.fromkeys(_set(rows[key], one))
    names = sorted(columns)
    types = {name: pl.List(pl.String()) if name == "name_chars" else pl.String() for name in names}
    frame = pl.DataFrame(
        [
            [key.hex, *(_stored(getattr(row, name)) for name in names)]
            for key, row in rows.items()
        ],
        schema={"id": pl.String(), **{_NAMES[name]: kind for name, kind in types.items()}}, orient="row",
    ).with_columns(pl.lit(now).cast(pl.Datetime("us", "UTC")).alias("updated_at"))  # fmt: skip
    bulk.update_frame("customers_party", frame, bump=["version"])


def _set(party: Party, wanted: Set) -> list[str]:
    """Set the values on the object; the attributes that changed with them."""
    columns: dict[str, Any] = {}
    custom, said = dict(party.custom), dict(party.provenance)
    for name, value in wanted.values.items():
        if not name.startswith("custom:"):
            columns[name] = _column(name, value)
        elif value is None:
            custom.pop(name.removeprefix("custom:"), None)
        else:
            custom[name.removeprefix("custom:")] = value
    for name, entry in wanted.provenance.items():
        code = name.removeprefix("custom:")
        if entry is None:
            said.pop(code, None)
        else:
            said[code] = entry
    columns = {**parties.with_terms(columns), "custom": custom, "provenance": said}
    for name, value in columns.items():
        setattr(party, name, value)
    return list(columns)


_NAMES: Final = {str(field.attname): str(field.column) for field in Party._meta.local_concrete_fields}


def _stored(value: Any) -> Any:
    """A value as COPY takes it."""
    if value is None or isinstance(value, str | list):
        return value
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.hex if isinstance(value, UUID) else str(value)


def _column(name: str, value: Any) -> Any:
    if value is None:
        if name == "is_deceased":
            return False
        return None if Party._meta.get_field(name.removesuffix("_id")).null else ""
    if name in _DATES:
        return date.fromisoformat(value)
    return UUID(value) if name in _KEYS else value


def mark_merged(survivor_of: Mapping[UUID, UUID], *, now: datetime) -> int:
    """Living files become merged ones. `survivor_of`: file → living file. Returns how many."""
    frame = pl.DataFrame(
        {
            "id": [key.hex for key in survivor_of],
            "replaced_by_id": [key.hex for key in survivor_of.values()],
        },
        schema={"id": pl.String(), "replaced_by_id": pl.String()},
    ).with_columns(
        pl.lit(Party.State.MERGED.value).alias("state"),
        pl.lit(now).cast(pl.Datetime("us", "UTC")).alias("updated_at"),
    )
    return bulk.update_frame("customers_party", frame, bump=["version"])


def mark_living(ids: Iterable[UUID], *, now: datetime) -> None:
    """Merged files stand for themselves again."""
    Party.objects.filter(among("pk", ids)).update(
        state=Party.State.ACTIVE, replaced_by=None, version=F("version") + 1, updated_at=now
    )


def touch(ids: Iterable[UUID], *, now: datetime) -> None:
    """Whoever edits these files must look again."""
    Party.objects.filter(among("pk", ids)).update(version=F("version") + 1, updated_at=now)


def record_sources(ids: Iterable[UUID]) -> dict[UUID, dict[UUID, str]]:
    """The source records that now stand at each file, and the system each is of."""
    found: dict[UUID, dict[UUID, str]] = {}
    rows = SourceRecord.objects.filter(among("party__pk", ids)).values_list("party", "pk", "source")
    for party, key, source in rows:
        found.setdefault(party, {})[key] = source
    return found


def tables_of(labels: Iterable[str]) -> dict[str, Any]:
    """Model label → model. For the register of merge rules."""
    from django.apps import apps

    return {label: apps.get_model(label) for label in labels}


def sources_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """File → the source system it was opened from."""
    return dict(Party.objects.filter(among("pk", ids)).values_list("pk", "source"))
