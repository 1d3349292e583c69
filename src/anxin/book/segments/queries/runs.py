"""Reading runs, classes in numbers, and why a customer is in a class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import get_language, gettext

from anxin.book.customers.queries import standings
from anxin.book.customers.queries.standings import ClassCount, StandingView
from anxin.book.segments import access, rules
from anxin.book.segments.data import ChangeView, RunView, TierName
from anxin.book.segments.models import ClassChange, Run
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content, Effect
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope


def list_runs(actor: Actor, limit: int = 10) -> list[RunView]:
    return [view(run) for run in access.visible_runs(actor).order_by("-started_at")[:limit]]


def last_run(actor: Actor) -> RunView | None:
    """The run whose results are shown everywhere."""
    run = (
        access.visible_runs(actor)
        .filter(state=Run.State.DONE, is_replay=False)
        .order_by("-as_of", "-started_at")
        .first()
    )
    return view(run) if run is not None else None


def count_classes(actor: Actor, column: str) -> Sequence[ClassCount]:
    """Customers by `tier` or `abc` within the actor's reach; for those who see all, as the last run counted them."""
    if actor.require("segments.view") is Scope.ALL and (run := last_run(actor)) is not None:
        rows = run.summary.get("tiers" if column == "tier" else "abc", [])
        if isinstance(rows, list):
            return [ClassCount(code=r["code"], parties=r["parties"], premium_fen=r["premium_fen"]) for r in rows]
    return standings.count_classes(actor, column, permission="segments.view")


def tiers(*, on: date) -> list[TierName]:
    """The tiers in force, lowest first."""
    return rules.tiers_of(schemes.active(rules.TIERS, on=on).content)


def preview_tiers(content: Content) -> list[Effect]:
    """How many customers each tier has, and would have with these thresholds and the figures of the last run."""
    ladder = [(tier.code, tier.from_fen) for tier in rules.tiers_of(content)]
    is_english = (get_language() or "").startswith("en")
    names = {tier.code: tier.name_en if is_english else tier.name_zh for tier in rules.tiers_of(content)}
    names[rules.REST] = gettext("Standard")
    return [
        Effect(label=names.get(code, code), before=are, after=would)
        for code, are, would in standings.count_by_premium(ladder, rest=rules.REST)
    ]


def get_standing(actor: Actor, ref: str) -> StandingView | None:
    """Raises CustomerNotFound."""
    return standings.get_standing(actor, ref, permission="segments.view")


def list_changes(actor: Actor, standing: StandingView, limit: int = 8) -> list[ChangeView]:
    """How this customer's classes changed, latest first. `standing` proves that the actor reaches the customer."""
    actor.require("segments.view")
    rows = ClassChange.objects.filter(party_id=standing.party_id).select_related("run").order_by("-run__started_at")
    return [
        ChangeView(as_of=row.run.as_of, scheme=row.scheme, before=row.before, after=row.after) for row in rows[:limit]
    ]


def view(run: Run, *, is_new: bool = False) -> RunView:
    return RunView(
        id=run.id,
        as_of=run.as_of,
        engine=run.engine,
        state=run.state,
        scheme_versions=run.scheme_versions,
        summary=run.summary,
        started_at=run.started_at,
        finished_at=run.finished_at,
        message=run.message,
        is_replay=run.is_replay,
        fitted=run.fitted,
        is_new=is_new,
    )
