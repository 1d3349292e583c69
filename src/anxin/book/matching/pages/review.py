"""The review queue, two files side by side, decisions with undo, and merging many at once."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.analytics.linkage.model import probability
from anxin.book.customers.data import CHOICES, COUNTRIES
from anxin.book.matching import forms, tasks
from anxin.book.matching.data import CandidateFilter, CandidateRow, CandidateState, Decision, SideBySide
from anxin.book.matching.pages import words
from anxin.book.matching.queries import review
from anxin.book.matching.services import bulk, deciding, linking
from anxin.book.matching.services.merging import CannotMerge
from anxin.book.matching.services.separating import CannotSeparate
from anxin.foundation.org import queries as org
from anxin.kernel import clock, sources
from anxin.kernel.web import answers
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column

BOTH: Final = ("GET", "HEAD", "POST")
COLUMNS: Final = (
    Column(code="left", label=_("Older file")),
    Column(code="right", label=_("Newer file")),
    Column(code="evidence", label=_("What speaks for it and against it"), flexible=True),
    Column(code="weight", label=_("Likely the same"), kind="number"),
    Column(code="sources", label=_("Sources")),
)
# Lower and upper end of the weight, by what it means.
WEIGHTS: Final = {"high": (6.0, None), "middle": (2.0, 6.0), "low": (None, 2.0)}
WEIGHT_WORDS: Final = {"high": _("Very likely"), "middle": _("Likely"), "low": _("Unsure")}
DONE: Final = {
    Decision.MERGE: _("Merged: %(left)s and %(right)s are one customer."),
    Decision.DIFFERENT: _("Noted: %(left)s and %(right)s are different customers and will not be asked again."),
    Decision.LATER: _("Put off for 30 days: %(left)s and %(right)s."),
    Decision.REOPEN: _("Taken back: %(left)s and %(right)s are to be reviewed again."),
}


@page("matching.review")
def queue(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    wanted = _filter(request)
    try:
        found = review.list_candidates(actor, wanted, cursor=request.GET.get("cursor", ""))
    except review.BadCursor:
        found = review.list_candidates(actor, wanted)
    counts = review.counts(actor)
    level = request.GET.get("weight", "")
    context: dict[str, Any] = {
        "page": found,
        "columns": COLUMNS,
        "rows": [_shown(row) for row in found.rows],
        "states": [
            {"code": code, "label": label, "count": counts.get(code, 0), "is_current": code is wanted.state}
            for code, (label, _level) in words.STATES.items()
        ],
        "elsewhere": counts["elsewhere"],
        "weights": [{"value": code, "label": label, "checked": code == level} for code, label in WEIGHT_WORDS.items()],
        "sources": [
            {"value": code, "label": sources.name(code), "checked": code == wanted.source}
            for code in review.sources(actor)
        ],
        "units": [
            {"value": str(one.id), "label": one.name, "checked": one.id == wanted.unit_id}
            for one in org.find_units(actor, permission="matching.review", limit=60)
        ],
        "keep_unit": _keep(request, "unit"),
        "wanted": wanted,
        "weight": level,
        "chosen_weight": WEIGHT_WORDS.get(level, ""),
        "keep_weight": _keep(request, "weight"),
        "keep_source": _keep(request, "source"),
        "may_merge": actor.may("matching.merge"),
        "may_run": actor.may("matching.run"),
    }
    is_part = request.headers.get("HX-Target") == "pairs"
    return render(request, "matching/queue_body.html" if is_part else "matching/queue.html", context)


@page("matching.review")
def pair(request: HttpRequest, candidate_id: UUID) -> HttpResponse:
    """Two files side by side: as a page of its own, or in the preview of the queue."""
    found = _side_by_side(request, candidate_id)
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "matching/pair.html" if is_part else "matching/pair_page.html", _pair(request, found))


@page("matching.merge", methods=("POST",))
def decide(request: HttpRequest, candidate_id: UUID) -> HttpResponse:
    """Judge a pair; the answer is the next one of the queue."""
    form = forms.DecisionForm(request.POST)
    found = _side_by_side(request, candidate_id)
    if not form.is_valid():
        return answers.toast(HttpResponse(status=422), gettext("Choose a decision."), level="danger")
    given = form.cleaned_data
    row, decision = found.row, Decision(given["decision"])
    _previous, following = review.neighbours(actor_of(request), _filter(request), row)
    sides = {"left": row.left_ref, "right": row.right_ref}
    versions = (given["left_version"], given["right_version"])
    try:
        deciding.decide(
            actor=actor_of(request), now=clock.now(), candidate_id=candidate_id, version=given["version"],
            decision=decision, reason=given["reason"], survivor_ref=sides.get(given["survivor"], ""),
            chosen={
                name.removeprefix("chosen_"): sides[value]
                for name, value in request.POST.items()
                if name.startswith("chosen_") and value in sides
            },
            versions=versions if all(versions) else None,
        )  # fmt: skip
    except (CannotMerge, CannotSeparate) as error:
        return answers.toast(HttpResponse(status=422), gettext(str(error)), level="danger")
    return _next(request, row, decision, following)


@page("matching.merge", methods=("POST",))
def take_back(request: HttpRequest, candidate_id: UUID) -> HttpResponse:
    """Undo of the toast: whatever was decided is open again."""
    row = _side_by_side(request, candidate_id).row
    try:
        deciding.decide(
            actor=actor_of(request), now=clock.now(), candidate_id=candidate_id, version=row.version,
            decision=Decision.REOPEN,
        )  # fmt: skip
    except CannotSeparate as error:
        return answers.toast(HttpResponse(status=422), gettext(str(error)), level="danger")
    response = answers.toast(HttpResponse(status=204), _told(Decision.REOPEN, row))
    return answers.trigger(response, "matching-changed", {})


@page("matching.merge", methods=("POST",))
def merge_many(request: HttpRequest) -> HttpResponse:
    """First the preview of what is ticked, then, confirmed, the job."""
    actor = actor_of(request)
    ids = _ids(request)
    if "reason" not in request.POST:
        return render(
            request, "matching/bulk.html", {"preview": bulk.preview(actor, ids), "ids": ids, "form": forms.BulkForm()}
        )
    form = forms.BulkForm(request.POST)
    if not form.is_valid():
        context = {"preview": bulk.preview(actor, ids), "ids": ids, "form": form}
        return render(request, "matching/bulk.html", context, status=422)
    try:
        bulk.start(
            actor=actor, now=clock.now(), ids=ids, reason=form.cleaned_data["reason"], task=tasks.merge_many,
            title=gettext("Merging of customers"),
        )  # fmt: skip
    except CannotMerge as error:
        return answers.toast(HttpResponse(status=422), gettext(str(error)), level="danger")
    return redirect("jobs:list")


@page("matching.run", methods=("POST",))
def run(request: HttpRequest) -> HttpResponse:
    linking.start(actor=actor_of(request), now=clock.now(), task=tasks.link, title=gettext("Search for duplicates"))
    return redirect("jobs:list")


def _side_by_side(request: HttpRequest, candidate_id: UUID) -> SideBySide:
    try:
        return review.side_by_side(actor_of(request), candidate_id, today=clock.today())
    except review.PairNotFound as error:
        raise Http404 from error


def _next(request: HttpRequest, row: CandidateRow, decision: Decision, following: UUID | None) -> HttpResponse:
    if following is None:
        response = render(request, "matching/pair_none.html")
    else:
        response = render(request, "matching/pair.html", _pair(request, _side_by_side(request, following)))
    answers.trigger(response, "matching-changed", {})
    return answers.toast(response, _told(decision, row), undo_url=reverse("matching:take-back", args=[row.id]))


def _told(decision: Decision, row: CandidateRow) -> str:
    return gettext(str(DONE[decision])) % {"left": row.left_ref, "right": row.right_ref}


def _pair(request: HttpRequest, found: SideBySide) -> dict[str, Any]:
    actor = actor_of(request)
    previous, following = review.neighbours(actor, _filter(request), found.row)
    return {
        **_shown(found.row),
        "side": found,
        "is_merged": found.row.state is CandidateState.MERGED,
        "lines": [
            {
                "line": line,
                "label": words.FIELDS.get(line.field, line.field),
                "left": _word(line.field, line.left),
                "right": _word(line.field, line.right),
                "level": words.LEVELS.get(line.level, line.level) if line.level != "unknown" else "",
                "rule": words.RULES.get(line.rule, ""),
                "tone": _tone(line.weight),
            }
            for line in found.lines
        ],
        "previous": previous,
        "following": following,
        "query": request.GET.urlencode(),
        "may_merge": actor.may("matching.merge"),
        "is_open": found.row.state in (CandidateState.OPEN, CandidateState.LATER),
    }


def _shown(row: CandidateRow) -> dict[str, Any]:
    state, level = words.STATES[row.state]
    return {
        "row": row,
        "state": state,
        "state_level": level,
        "contradiction": words.CONTRADICTIONS.get(row.contradiction, row.contradiction),
        "short": words.SHORT.get(row.contradiction, row.contradiction),
        "likely": probability(row.weight),
        "evidence": [
            {
                "field": words.FIELDS.get(one.field, one.field),
                "level": words.LEVELS.get(one.level, one.level),
                "tone": _tone(one.weight),
            }
            for one in row.evidence
        ],
    }


def _word(field: str, value: str) -> str:
    """A code of the customer file in words."""
    word = (COUNTRIES if field == "nationality" else CHOICES.get(field, {})).get(value)
    return gettext(word) if word else value


def _tone(weight: float | None) -> str:
    if weight is None:
        return ""
    return "ok" if weight >= 1 else "danger" if weight <= -1 else ""


def _filter(request: HttpRequest) -> CandidateFilter:
    form = forms.WeightForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    state = given.get("state", "")
    low, high = WEIGHTS.get(given.get("weight", ""), (None, None))
    return CandidateFilter(
        state=CandidateState(state) if state in list(CandidateState) else CandidateState.OPEN,
        source=given.get("source", ""), unit_id=given.get("unit"), weight_from=low, weight_to=high,
        only_contradictions=bool(given.get("contradiction")),
    )  # fmt: skip


def _keep(request: HttpRequest, *without: str) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in request.GET.items() if name not in (*without, "cursor")]


def _ids(request: HttpRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("item"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
