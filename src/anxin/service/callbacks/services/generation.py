"""Making call-backs due from policies and claims, every night and some time after an import.

Set by set in the database and in one transaction: the number of statements does not depend on the number of policies, a
killed run leaves nothing behind, and a run on which nothing changed writes nothing. Two runs wait for one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from anxin.book.customers.queries import permissions
from anxin.book.portfolio.queries import calling, renewable
from anxin.foundation.accounts import queries as accounts
from anxin.foundation.org import queries as org
from anxin.kernel import bulk_select
from anxin.kernel.actor import Actor
from anxin.kernel.worktime import Calendar
from anxin.service.callbacks.data import Kind, Made, State
from anxin.service.callbacks.models import CallBack
from anxin.service.callbacks.queries import scheme as schemes
from anxin.service.callbacks.rules import due, scheme
from anxin.service.worklist import services as worklist

# The lock of a run: the room's name as a number of 64 bits.
_LOCK: Final = int.from_bytes(b"callback")
_LONGEST_PERIOD: Final = 90


@dataclass(frozen=True)
class _Run:
    """What a run goes by. `settled`: only rows last touched before; what an import has just brought may be taken back,
    and a policy that something refers to could not be."""

    now: datetime
    today: date
    rules: Any
    calendar: Calendar
    settled: datetime | None

    def due(self, start: date, days: int, measure: str = "") -> due.Due:
        return due.due_after(
            start, days, measure or self.rules["measure"], self.calendar, self.rules["amber_percent"]
        )  # fmt: skip

    @property
    def ended_from(self) -> date:
        """Policies whose period ended before are left alone."""
        return self.today - timedelta(days=self.rules["look_back_days"])


def nightly(*, actor: Actor, now: datetime) -> dict[str, int]:
    """For the orchestration."""
    return {name: int(count) for name, count in asdict(ensure(actor=actor, now=now)).items()}


def ensure(*, actor: Actor, now: datetime, settled_before: datetime | None = None) -> Made:
    """Bring the call-backs up to the book of business. Any number of times with the same end."""
    run = _Run(now, due.day_of(now), schemes.rules(now), org.working_calendar(), settled_before)
    with transaction.atomic():
        hold()
        made = Made(
            excluded=_exclude(run, actor), moved=_move(run) + _move_later(run), new_business=_new_business(run),
            claim=_claims(run), renewal=_renewals(run),
        )  # fmt: skip
        return replace(made, excluded=made.excluded + _without_person(run, actor))


def hold() -> None:
    """Nobody else makes call-backs until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _exclude(run: _Run, actor: Actor) -> int:
    """Open call-backs of contracts that ended within the cooling-off period."""
    gone = calling.ended_by("cooling_ends", today=run.today, prefix="policy__")
    rows = CallBack.objects.filter(gone, kind=Kind.NEW_BUSINESS, ended_at__isnull=True)
    return _end(run, actor, rows, "cancelled")


def _without_person(run: _Run, actor: Actor) -> int:
    """Nobody calls a customer whose file is restricted, or was erased."""
    rows = CallBack.objects.filter(ended_at__isnull=True).exclude(party__state="active")
    return _end(run, actor, rows, "person")


def _end(run: _Run, actor: Actor, rows: QuerySet[CallBack], why: str) -> int:
    columns = {"state": State.EXCLUDED, "why": why, "ended_at": run.now, "changed_at": run.now}
    keys = bulk_select.update_select(rows, columns, bump=["version"])
    worklist.close_for_subjects(
        actor=actor, now=run.now, kinds=["callback"], subject_ids=keys, outcome="superseded"
    )  # fmt: skip
    return len(keys)


def _move(run: _Run) -> int:
    """The receipt came, or another one: the clock begins anew. Also of ended ones, whose success is judged by it."""
    rows = _received(run).filter(round=1)
    times = _times(run, rows)
    if times is None:
        return 0
    changes = {
        "receipt_date": F("now_received"), "is_assumed": False, "changed_at": run.now,
        "cooling_ends": times["ends"], "starts_at": times["starts"], "due_at": times["due"],
        "amber_at": times["amber"],
    }  # fmt: skip
    return len(bulk_select.update_select(rows, changes, bump=["version"]))


def _received(run: _Run) -> QuerySet[CallBack]:
    """Whose receipt is another than was known: `now_received`, and what `_with_start` annotates."""
    rows = CallBack.objects.filter(kind=Kind.NEW_BUSINESS, policy__isnull=False, cooling_ends__gte=run.ended_from)
    rows = rows.annotate(now_received=calling.receipt(run.today, "policy__")).filter(
        bulk_select.Differs(F("receipt_date"), F("now_received")), now_received__isnull=False
    )
    return _with_start(run, rows, "policy__")


def _move_later(run: _Run) -> int:
    """Second call-backs by the same receipt. They began when the problem was solved, and their own days count too; they
    are so few that they come through Python."""
    rows: list[Any] = list(_received(run).filter(round__gt=1).select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        period = run.due(row.counted_from, row.period)
        asked = run.due(due.day_of(row.starts_at), run.rules["second_days"], "working_days")
        row.receipt_date, row.is_assumed, row.cooling_ends = row.now_received, False, period.ends
        row.due_at = due.second_due(asked.due_at, period.due_at, row.starts_at)
        row.amber_at = due.amber_between(row.starts_at, row.due_at, run.rules["amber_percent"])
        row.changed_at, row.version = run.now, F("version") + 1
    columns = ["receipt_date", "is_assumed", "cooling_ends", "due_at", "amber_at", "changed_at", "version"]
    return CallBack.objects.bulk_update(rows, columns) if rows else 0


def _with_start(run: _Run, rows: QuerySet[Any], prefix: str = "") -> QuerySet[Any]:
    """Annotates `counted_from` (the day the period begins) and `period` (its days), as `rules.due` says."""
    receipt = calling.receipt(run.today, prefix)
    assumed = ExpressionWrapper(calling.accepted(prefix) + Value(run.rules["assumed_days"]), output_field=DateField())
    fitting = []
    for row in run.rules["cooling"]:
        conditions = {
            f"{prefix}{name}": row[name] for name in ("channel", "line") if row[name] != scheme.ANY
        }  # fmt: skip
        fitting.append(When(Q(**conditions) if conditions else Q(pk__isnull=False), then=Value(row["days"])))
    general = Case(*fitting, default=Value(run.rules["cooling_days"]), output_field=IntegerField())
    of_product = Cast(NullIf(F(f"{prefix}product__cooling_off_days"), Value(0)), IntegerField())
    found: QuerySet[Any] = rows.annotate(
        counted_from=Coalesce(receipt, assumed), period=Coalesce(of_product, general)
    )  # fmt: skip
    return found


def _times(run: _Run, rows: QuerySet[Any]) -> dict[str, Any] | None:
    """Expressions over `counted_from` and `period`. There are few different pairs, whatever the number of rows: the
    working calendar is asked once for each."""
    pairs = list(rows.order_by().values_list("counted_from", "period").distinct())
    if not pairs:
        return None
    found = {(start, days): run.due(start, days) for start, days in pairs}

    def each(value: Callable[[date, due.Due], Any], field: Any) -> Case:
        return Case(
            *(
                When(counted_from=start, period=days, then=Value(value(start, one), output_field=field))
                for (start, days), one in found.items()
            ),
            output_field=field,
        )

    return {
        "ends": each(lambda _start, one: one.ends, DateField()),
        "starts": each(lambda start, _one: due.start_of(start), DateTimeField()),
        "due": each(lambda _start, one: one.due_at, DateTimeField()),
        "amber": each(lambda _start, one: one.amber_at, DateTimeField()),
    }


def _new_business(run: _Run) -> int:
    longest = max([_LONGEST_PERIOD, *(row["days"] for row in run.rules["cooling"])])
    since = run.ended_from - timedelta(days=2 * longest)
    rows: QuerySet[Any] = calling.sold(
        lines=scheme.codes(run.rules["lines"]), longer_than_days=due.ONE_YEAR_DAYS, since=since
    )  # fmt: skip
    if run.settled is not None:
        rows = rows.filter(updated_at__lt=run.settled)
    known = CallBack.objects.filter(kind=Kind.NEW_BUSINESS, policy=OuterRef("pk"), round=1)
    rows = _with_start(run, rows.exclude(Exists(known)))
    kept = [
        (start, days)
        for start, days in rows.order_by().values_list("counted_from", "period").distinct()
        if run.due(start, days).ends >= run.ended_from
    ]
    if not kept:
        return 0
    wanted = Q(pk__in=[])
    for start, days in kept:
        wanted |= Q(counted_from=start, period=days)
    rows = rows.filter(wanted)
    times = _times(run, rows)
    if times is None:
        return 0
    return bulk_select.insert_select(
        CallBack, rows,
        {
            **_of_policy(), "kind": Kind.NEW_BUSINESS, "occurrence": Cast(F("pk"), CharField()),
            "underwritten_date": calling.accepted(), "receipt_date": calling.receipt(run.today),
            "is_assumed": Case(
                When(Q(receipt_date__lte=run.today), then=Value(False)), default=Value(True),
                output_field=BooleanField(),
            ),
            "cooling_ends": times["ends"], "starts_at": times["starts"], "due_at": times["due"],
            "amber_at": times["amber"], **_fresh(run),
        },
    )  # fmt: skip


def _of_policy() -> dict[str, Any]:
    seller = Subquery(accounts.with_staff_no(OuterRef("agent_code")), output_field=UUIDField())
    return {
        "party": F("holder_id"), "policy": F("pk"), "policy_no": F("policy_no"), "line": F("line"),
        "channel": F("channel"), "unit": renewable.unit(), "seller": seller,
    }  # fmt: skip


def _fresh(run: _Run) -> dict[str, Any]:
    return {"state": State.WAITING, "not_before": run.now, "changed_at": run.now, "created_at": run.now}


def _renewals(run: _Run) -> int:
    """Terms about to end. By default only of customers without a manager: the others' managers are reminded."""
    who = run.rules["renewal_who"]
    if who == "none":
        return 0
    last = run.today + timedelta(days=run.rules["renewal_days"])
    rows = renewable.ending(run.today, last).filter(
        renewable.renewable(
            without_lines=("life", "annuity"), without_statuses=(*calling.GONE, "pending"), without_uses=(),
            shortest_term_days=360,
        ),
        holder__state="active",
    )  # fmt: skip
    rows = rows.exclude(permissions.is_silent("holder", today=run.today))
    if who == "unmanaged":
        rows = rows.filter(holder__manager=None)
    if run.settled is not None:
        rows = rows.filter(updated_at__lt=run.settled)
    occurrence = Concat(Cast(F("pk"), CharField()), Value(":"), Cast(F("expiry_date"), CharField()))
    days = [run.today + timedelta(days=number) for number in range((last - run.today).days + 1)]
    ends = Case(
        *(When(expiry_date=day, then=Value(due.start_of(day), output_field=DateTimeField())) for day in days),
        output_field=DateTimeField(),
    )
    rows = rows.annotate(occasion=occurrence)
    known = CallBack.objects.filter(kind=Kind.RENEWAL, occurrence=OuterRef("occasion"))
    return bulk_select.insert_select(
        CallBack, rows.exclude(Exists(known)),
        {
            **_of_policy(), "kind": Kind.RENEWAL, "occurrence": F("occasion"), "starts_at": run.now, "due_at": ends,
            "amber_at": ends, **_fresh(run),
        },
    )  # fmt: skip


def _claims(run: _Run) -> int:
    """Claims that ended lately; nobody is asked again about satisfaction within the quiet days."""
    days = run.rules["claim_days"]
    until = due.due_after(run.today, days, "working_days", run.calendar, run.rules["amber_percent"])
    rows = calling.closed_claims(since=run.now - timedelta(days=7), until=run.now)
    if run.settled is not None:
        rows = rows.filter(closed_at__lt=run.settled)
    rows = rows.annotate(person=Coalesce(F("claimant_id"), F("policy__holder_id")), occasion=Cast("pk", CharField()))
    quiet = CallBack.objects.filter(
        kind__in=(Kind.SATISFACTION, Kind.CLAIM), party=OuterRef("person"),
        created_at__gte=run.now - timedelta(days=run.rules["quiet_days"]),
    )  # fmt: skip
    # One of several claims of the same customer is enough: the one that comes first by its key.
    rows = rows.exclude(permissions.is_silent("person", today=run.today))
    rows = rows.exclude(Exists(quiet)).exclude(Exists(CallBack.objects.filter(
        kind=Kind.CLAIM, occurrence=OuterRef("occasion")
    )))  # fmt: skip
    first = rows.order_by().values("person").annotate(first=Min("occasion")).values("first")
    return bulk_select.insert_select(
        CallBack, rows.filter(occasion__in=first),
        {
            "kind": Kind.CLAIM, "occurrence": F("occasion"), "party": F("person"), "policy": F("policy_id"),
            "policy_no": F("policy__policy_no"), "subject_kind": "claim", "subject_id": F("pk"),
            "line": F("policy__line"), "channel": F("policy__channel"), "unit": renewable.unit("policy__"),
            "starts_at": run.now, "due_at": until.due_at, "amber_at": until.amber_at, **_fresh(run),
        },
    )  # fmt: skip
