"""The nightly side: which policies are to be renewed, which went on, which were lost, and whom to remind.

Set by set in the database and in one transaction: the number of statements does not depend on the number of policies, a
killed run leaves nothing behind, and a night on which nothing changed writes nothing. Two runs wait for one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat, JSONObject

from anxin.book.customers.queries import permissions
from anxin.book.portfolio.queries import renewable
from anxin.engagement.renewals import queries, rules
from anxin.engagement.renewals.data import Intention, Made, RenewalState
from anxin.engagement.renewals.models import Renewal
from anxin.kernel import bulk_select
from anxin.kernel.actor import Actor
from anxin.service.worklist import services as worklist

ITEM: Final = "renewal"
# The lock of the nightly run: the room's name as a number of 64 bits.
_LOCK: Final = int.from_bytes(b"renewals")
_OVER: Final = (RenewalState.RENEWED, RenewalState.LOST, RenewalState.EXCLUDED)


@dataclass(frozen=True)
class _Night:
    """What a run goes by: the day in Shanghai and the scheme that holds then."""

    now: datetime
    today: date
    within: int
    shortest: int
    days_before: list[int]
    told_anyway: int = 0  # days before the end on which somebody who complains is reminded too

    @property
    def first(self) -> date:
        """Cover that ended before is settled for good."""
        return self.today - timedelta(days=self.within + rules.LOST_MAY_TURN_DAYS)

    @property
    def last(self) -> date:
        return self.today + timedelta(days=max(self.days_before, default=0))

    def renewable(self, prefix: str = "") -> Q:
        return renewable.renewable(
            without_lines=rules.LINES_WITHOUT_RENEWAL, without_statuses=rules.ENDED_BEFORE_TIME,
            without_uses=rules.USES_WITHOUT_RENEWAL, shortest_term_days=self.shortest, prefix=prefix,
        )  # fmt: skip

    def known(self, *states: RenewalState) -> QuerySet[Renewal]:
        """Renewals in these states whose policy still ends on their day, within the time a run looks at."""
        return Renewal.objects.filter(
            state__in=states, expiry_date__gte=self.first, expiry_date__lte=self.last,
            expiry_date=F("policy__expiry_date"),
        )  # fmt: skip


def nightly(*, actor: Actor, now: datetime, progress: Callable[[str, int], None] | None = None) -> dict[str, int]:
    """For the orchestration. `progress("renewals", rows written so far)` after every step."""
    made = ensure_renewals(actor=actor, now=now, progress=progress)
    return {name: int(count) for name, count in asdict(made).items()}


def ensure_renewals(*, actor: Actor, now: datetime, progress: Callable[[str, int], None] | None = None) -> Made:
    """Bring the list up to the book of business as of `now`."""
    settings = queries.settings_of(now)
    night = _Night(
        now=now, today=rules.today_of(now), within=int(settings["renewed_within_days"]),
        shortest=int(settings["shortest_term_days"]), days_before=list(settings["days_before"]),
        told_anyway=int(settings["told_anyway_days"]),
    )  # fmt: skip
    steps: list[tuple[str, Callable[[], int]]] = [
        ("excluded", lambda: _exclude(night)),
        ("renewed", lambda: _renew(night)),
        ("lost", lambda: _lose(night)),
        ("moved", lambda: _move(night)),
        ("new", lambda: _insert(night)),
        ("reminders", lambda: _remind(night, actor)),
    ]
    done: dict[str, int] = {}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for name, step in steps:
            done[name] = step()
            if progress is not None:
                progress("renewals", sum(done.values()))
    return Made(**done)


def _change(rows: QuerySet[Renewal], night: _Night, **columns: Any) -> int:
    return len(bulk_select.update_select(rows, {**columns, "changed_at": night.now}, bump=["version"]))


def _exclude(night: _Night) -> int:
    """What must not be renewed any more, and open ones whose policy has another end by now: that end has a renewal of
    its own."""
    ended = night.known(RenewalState.OPEN, RenewalState.LOST).exclude(night.renewable("policy__"))
    moved = Renewal.objects.filter(state=RenewalState.OPEN, expiry_date__gte=night.first).filter(
        bulk_select.Differs(F("expiry_date"), F("policy__expiry_date"))
    )
    return sum(_change(rows, night, state=RenewalState.EXCLUDED) for rows in (ended, moved))


def _renew(night: _Night) -> int:
    terms = renewable.next_terms(within_days=night.within, prefix="policy__")
    rows = night.known(RenewalState.OPEN, RenewalState.LOST).filter(Exists(terms))
    return _change(rows, night, state=RenewalState.RENEWED, renewed_by=Subquery(terms.values("pk")[:1]))


def _lose(night: _Night) -> int:
    rows = Renewal.objects.filter(state=RenewalState.OPEN, expiry_date__lte=rules.last_lost(night.today, night.within))
    return _change(rows, night, state=RenewalState.LOST)


def _move(night: _Night) -> int:
    """Open ones follow the customer to another manager or unit, and the policy to another premium."""
    columns = {
        "owner": renewable.manager("policy__"),
        "unit": renewable.unit("policy__"),
        "premium_fen": F("policy__premium_fen"),
    }
    rows = night.known(RenewalState.OPEN).filter(
        bulk_select.Differs(F("owner_id"), columns["owner"])
        | bulk_select.Differs(F("unit_id"), columns["unit"])
        | bulk_select.Differs(F("premium_fen"), columns["premium_fen"])
    )
    return _change(rows, night, **columns)


def _insert(night: _Night) -> int:
    terms = renewable.next_terms(within_days=night.within)
    known = Renewal.objects.filter(policy=OuterRef("pk"), expiry_date=OuterRef("expiry_date"))
    rows = renewable.ending(night.first, night.last).filter(night.renewable()).exclude(Exists(known))
    state = Case(
        When(Exists(terms), then=Value(RenewalState.RENEWED)),
        When(expiry_date__lte=rules.last_lost(night.today, night.within), then=Value(RenewalState.LOST)),
        default=Value(RenewalState.OPEN),
        output_field=CharField(),
    )
    return bulk_select.insert_select(
        Renewal, rows,
        {
            "policy": F("pk"), "party": F("holder_id"), "owner": renewable.manager(), "unit": renewable.unit(),
            "expiry_date": F("expiry_date"), "premium_fen": F("premium_fen"), "line": F("line"), "state": state,
            "renewed_by": Subquery(terms.values("pk")[:1]), "changed_at": night.now, "created_at": night.now,
        },
    )  # fmt: skip


def _remind(night: _Night, actor: Actor) -> int:
    """One reminder per renewal at a time: a new one takes the place of those before it, none stays when it is over."""
    over = Renewal.objects.filter(state__in=_OVER)
    worklist.close_for_subjects(
        actor=actor, now=night.now, kinds=[ITEM], subject_ids=over.values("pk"), outcome="completed"
    )
    windows: dict[date, int] = {}
    for left in range((night.last - night.today).days + 1):
        day = night.today + timedelta(days=left)
        window = rules.window_of(day, night.today, night.days_before)
        if window is not None:
            windows[day] = window
    if not windows:
        return 0

    def by_day(value: Callable[[date, int], Any]) -> Case:
        return Case(*(When(expiry_date=day, then=Value(value(day, window))) for day, window in windows.items()))

    # Nobody sells while a complaint is open; that the cover ends within days is told all the same.
    silence = permissions.is_silent("party", today=night.today)
    held = night.known(RenewalState.OPEN).filter(
        silence, expiry_date__gt=night.today + timedelta(days=night.told_anyway)
    )
    worklist.close_for_subjects(
        actor=actor, now=night.now, kinds=[ITEM], subject_ids=held.values("pk"), outcome="superseded"
    )
    # Who asked to be left alone until a day is not reminded before.
    rows = night.known(RenewalState.OPEN).filter(
        Q(next_date=None) | Q(next_date__lte=night.today), expiry_date__in=list(windows), owner__isnull=False
    )
    return worklist.ensure_item_each(
        actor=actor, now=night.now, kind=ITEM, subject_kind="renewal",
        subjects=rows.exclude(intention=Intention.NOT_RENEW).exclude(pk__in=held.values("pk")),
        columns={
            "occurrence": Concat(
                Cast(F("policy_id"), CharField()), by_day(lambda day, window: f":{day}:{window}"),
                output_field=CharField(),
            ),
            "due_at": by_day(lambda day, window: rules.reminder_due(day, window, night.days_before)),
            "priority": by_day(lambda _, window: 1 if window <= 7 else 2),
            "detail": JSONObject(
                product=F("policy__product_name"), day=by_day(lambda day, _: day.isoformat()),
                policy=F("policy__policy_no"),
            ),
            "party": F("party_id"), "owner": F("owner_id"), "unit": F("unit_id"),
        },
    )  # fmt: skip
