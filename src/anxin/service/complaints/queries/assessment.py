"""How well units handle complaints: quality, efficiency and effect, by the weights of the scheme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import SchemeView
from anxin.kernel import promises
from anxin.kernel.actor import Actor
from anxin.kernel.worktime import Calendar
from anxin.service.complaints import access
from anxin.service.complaints.models import Complaint, Decision, Move, Rectification
from anxin.service.complaints.queries import bulletin
from anxin.service.complaints.rules import compensation, numbering, principles, terms

# More are not looked at one by one; the page says so.
MOST: Final = 20_000
_ACTIONS: Final = ("review", "dispatch", "feed_back", "approve_plan", "reject_plan", "overturn", "reopen")


@dataclass(frozen=True, kw_only=True)
class UnitScore:
    """One unit: its complaints, the figures as shares of one (None: not known), and the scores of a hundred."""

    name: str
    complaints: int
    figures: Mapping[str, float | None]
    scores: Mapping[str, float | None]
    total: float | None


def assess(
    actor: Actor, *, year: int, quarter: int, level: str, today: date
) -> tuple[list[UnitScore], SchemeView, bool]:  # fmt: skip
    """(the units, the best first, the scheme, whether there were more complaints than are looked at).

    Of the complaints received in the quarter and registered here. Raises NotPermitted.
    """
    begin, end = bulletin.bounds(year, quarter)
    rows = access.visible_complaints(actor, "complaints.report").filter(
        source="", received_at__gte=begin, received_at__lt=end
    )
    rows = rows.exclude(unit=None).exclude(state__in=("merged", "refused")).order_by("received_at", "id")
    found = list(rows.select_related("unit")[: MOST + 1])
    is_cut = len(found) > MOST
    scheme = schemes.active(compensation.ASSESSMENT, on=today)
    tallies = _tallies(found[:MOST], today)
    mended = _mended(year, quarter, today)
    units = [one for one in org.find_units(actor, permission="complaints.report", limit=5_000) if one.level == level]
    made = []
    for one in units:
        told: Counter[str] = Counter()
        for path, tally in tallies.items():
            if path.startswith(one.path):
                told.update(tally)
        if not told["complaints"]:
            continue
        for path, (good, whole) in mended.items():
            if path.startswith(one.path):
                told.update({"mended": good, "mended_of": whole})
        made.append(_scored(one.name, told, scheme.content))
    return sorted(made, key=lambda score: (-(score.total or 0), score.name)), scheme, is_cut


def _scored(name: str, told: Counter[str], weights: Mapping[str, object]) -> UnitScore:
    figures = {
        code: told[code] / told[f"{code}_of"] if told[f"{code}_of"] else None for code in compensation.FIGURE_WORDS
    }
    return UnitScore(
        name=name, complaints=told["complaints"], figures=figures,
        scores={
            code: compensation.score(figures, weights, names) for code, names in compensation.DIMENSIONS.items()
        },
        total=compensation.score(figures, weights),
    )  # fmt: skip


def _tallies(rows: Iterable[Complaint], today: date) -> dict[str, Counter[str]]:
    """Path of a unit → how many of its complaints did well, of how many, for each figure."""
    kept = {row.pk: row for row in rows}
    moves: dict[UUID, list[tuple[str, datetime]]] = {key: [] for key in kept}
    told = Move.objects.filter(complaint__in=list(kept), action__in=_ACTIONS).order_by("number")
    for key, action, at in told.values_list("complaint", "action", "at"):
        moves[key].append((action, at))
    decided = Decision.objects.filter(complaint__in=list(kept)).order_by("made_at")
    in_time = dict(decided.values_list("complaint", "was_in_time"))
    again = set(Complaint.objects.filter(repeats__in=list(kept)).values_list("repeats", flat=True))
    term = terms.working(schemes.active(terms.TERMS, on=today).content, "feedback")
    calendars: dict[UUID | None, Calendar] = {}
    found: dict[str, Counter[str]] = {}
    for key, row in kept.items():
        if row.unit_id not in calendars:
            calendars[row.unit_id] = org.working_calendar(row.unit_id)
        assert row.unit is not None
        tally = found.setdefault(row.unit.path, Counter())
        tally.update(_of_one(row, moves[key], in_time.get(key), key in again, term, calendars[row.unit_id]))
    return found


def _of_one(
    row: Complaint, moves: list[tuple[str, datetime]], in_time: bool | None, is_repeated: bool,
    term: promises.Term, calendar: Calendar,
) -> Mapping[str, int]:  # fmt: skip
    at = dict(moves)
    actions = [action for action, _at in moves]
    said: dict[str, int] = {"complaints": 1, "once": int(not is_repeated), "once_of": 1}

    def note(name: str, is_good: bool) -> None:
        said[name], said[f"{name}_of"] = int(is_good), 1

    if in_time is not None:
        note("in_time", in_time)
        note("upheld", "overturn" not in actions and "reopen" not in actions)
    if "approve_plan" in actions:
        note("first_plan", "reject_plan" not in actions)
    if "review" in at and "dispatch" in at:
        note("dispatched", calendar.local_day(at["review"]) == calendar.local_day(at["dispatch"]))
    if "dispatch" in at and "feed_back" in at:
        due = promises.due_at(promises.Clock(term=term, started_at=at["dispatch"]), calendar, at["feed_back"])
        note("fed_back", at["feed_back"] < due)
    if row.satisfaction is not None:
        # One star of five is nought, five are the whole.
        said["satisfied"], said["satisfied_of"] = row.satisfaction - 1, 4
    if row.validity in ("valid", "partly") and row.outcome:
        note("met", row.outcome in principles.MET)
    return said


def _mended(year: int, quarter: int, today: date) -> dict[str, tuple[int, int]]:
    """Path of a unit → (rectifications verified by their day, all that were due in the quarter until today)."""
    first, last = bulletin.days(year, quarter)
    rows = Rectification.objects.filter(due_date__gte=first, due_date__lte=min(last, today)).exclude(unit=None)
    found: dict[str, tuple[int, int]] = {}
    for path, due, verified in rows.values_list("unit__path", "due_date", "verified_at"):
        good, whole = found.get(path, (0, 0))
        found[path] = (good + int(verified is not None and numbering.day_of(verified) <= due), whole + 1)
    return found
