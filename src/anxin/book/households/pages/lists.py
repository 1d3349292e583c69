"""The list of households and the queue of proposals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from anxin.book.customers import services as customers
from anxin.book.households import data, forms, queries, services, tasks
from anxin.book.households.data import HouseholdRejected, MemberRole, ProposalState, ProposalView
from anxin.book.households.pages.edge import household_page, to_household
from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock
from anxin.kernel.web import answers, dialogs
from anxin.kernel.web.pages import actor_of
from anxin.kernel.web.tables import Column

POST = ("POST",)
SURE = 100  # points from which the shortcut "strong ones only" filters
COLUMNS = (
    Column(code="head", label=gettext_lazy("Head of household")),
    Column(code="members", label=gettext_lazy("Members"), flexible=True),
    Column(code="premium", label=gettext_lazy("Annual premium"), kind="money"),
    Column(code="cover", label=gettext_lazy("Cover in force"), kind="money"),
    Column(code="claims", label=gettext_lazy("Claims paid"), kind="money"),
    Column(code="policies", label=gettext_lazy("In force"), kind="number"),
    Column(code="gap", label=gettext_lazy("Without cover")),
)


@household_page("households.view")
def index(request: HttpRequest) -> HttpResponse:
    """The list; looking for somebody's phone or ID number is recorded."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()[:60]
    has_gap = request.GET.get("gap") == "1"
    try:
        page = queries.list_households(actor, text=text, has_gap=has_gap, cursor=request.GET.get("cursor", ""))
    except queries.BadCursor:
        page = queries.list_households(actor, text=text, has_gap=has_gap)
    if text and page.rows:
        customers.record_search(actor, text, now=clock.now(), found=len(page.rows))
    context: dict[str, Any] = {
        "page": page, "columns": COLUMNS, "text": text, "has_gap": has_gap, "summary": queries.summarise(actor),
        "open": queries.count_open(actor), "may_infer": actor.may("households.infer"),
    }  # fmt: skip
    return render(request, "households/list.html", context)


@household_page("households.view")
def proposals(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    state = next((one for one in ProposalState if one == request.GET.get("state")), ProposalState.OPEN)
    least = SURE if request.GET.get("sure") == "1" else 0
    try:
        page = queries.list_proposals(
            actor, today=clock.today(), state=state, score_from=least, cursor=request.GET.get("cursor", "")
        )
    except queries.BadCursor:
        page = queries.list_proposals(actor, today=clock.today(), state=state, score_from=least)
    context: dict[str, Any] = {
        "page": page, "rows": [_shown(row) for row in page.rows], "state": state, "is_sure": bool(least),
        "states": [
            (ProposalState.OPEN, _("To decide")), (ProposalState.ACCEPTED, _("Confirmed")),
            (ProposalState.REFUSED, _("Refused")),
        ],
        "may_edit": actor.may("households.edit"), "may_infer": actor.may("households.infer"),
        "open": request.GET.get("open", ""),
    }  # fmt: skip
    is_part = request.headers.get("HX-Target") == "proposals"
    return render(request, "households/proposals_body.html" if is_part else "households/proposals.html", context)


@household_page("households.view")
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The preview beside the queue: persons, evidence by pair, and the decision."""
    row = queries.get_proposal(actor_of(request), proposal_id, today=clock.today())
    return _preview(request, row)


def _preview(request: HttpRequest, row: ProposalView, problem: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    ties = [
        {"left": row.candidates[tie.left].name, "right": row.candidates[tie.right].name, "score": tie.score,
         "kinds": [(data.EVIDENCE_ICONS.get(kind, ""), _(data.EVIDENCE[kind])) for kind in tie.kinds]}
        for tie in row.ties
        if max(tie.left, tie.right) < len(row.candidates)
    ]  # fmt: skip
    context = {
        **_shown(row), "ties": ties, "problem": problem, "roles": forms.ROLES,
        "may_edit": actor.may("households.edit") and row.state == ProposalState.OPEN,
    }  # fmt: skip
    return render(request, "households/proposal.html", context, status=status)


@household_page("households.edit", methods=POST)
def accept(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = queries.get_proposal(actor, proposal_id, today=clock.today())
    chosen = {
        one.party_id: request.POST.get(f"role-{one.party_id}", "")
        for one in row.candidates
        if request.POST.get(f"in-{one.party_id}")
    }
    try:
        household = services.accept(
            actor=actor, now=clock.now(), proposal_id=proposal_id, version=_version(request, row), chosen=chosen
        )
    except HouseholdRejected as error:
        return _preview(request, row, problem=_(str(error)), status=422)
    return to_household(request, household, _("The household is confirmed."))


@household_page("households.edit", methods=("GET", "HEAD", "POST"))
def refuse(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = queries.get_proposal(actor, proposal_id, today=clock.today())
    form = forms.RefuseForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        services.refuse(
            actor=actor, now=clock.now(), proposal_id=proposal_id, version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if not request.headers.get("HX-Request"):
            return redirect("households:proposals")
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return answers.toast(response, _("Refused; these persons are not proposed together again."))
    return dialogs.ask(
        request, form, title=_("Not one household"), button=_("Refuse"), back="/households/proposals/",
        hint=_("No two of these persons will be proposed as one household again."),
    )  # fmt: skip


@household_page("households.edit", methods=POST)
def accept_many(request: HttpRequest) -> HttpResponse:
    """Chosen proposals as they are."""
    items = [pair for text in request.POST.getlist("item")[:200] if (pair := _item(text)) is not None]
    if not items:
        return answers.toast(HttpResponse(status=422), _("Choose proposals first."), level="danger")
    done, left = services.accept_many(actor=actor_of(request), now=clock.now(), items=items)
    text = ngettext("%(count)s household confirmed.", "%(count)s households confirmed.", done) % {"count": done}
    if left:
        text += " " + _("%(count)s left alone.") % {"count": left}
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true" if done else "false"
    return answers.toast(response, text)


@household_page("households.infer", methods=POST)
def start(request: HttpRequest) -> HttpResponse:
    """Look for households over the whole book, as a job."""
    job = jobs.start(
        actor=actor_of(request), now=clock.now(), kind="households.infer", title=clock.today().isoformat(),
        arguments={}, task=tasks.infer, dedupe_key="all",
    )  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "households/started.html", {"job": job})
    return redirect("jobs:list")


def _shown(row: ProposalView) -> dict[str, Any]:
    return {
        "row": row,
        "kinds": [(data.EVIDENCE_ICONS.get(kind, ""), _(data.EVIDENCE[kind])) for kind in row.kinds],
        "persons": [
            (one, _(data.MEMBER_ROLES[one.role]) if one.role in data.MEMBER_ROLES else _("already a member"))
            for one in row.candidates
        ],
        "needs_head": row.household_id is None,
        "head_role": str(MemberRole.HEAD),
    }


def _version(request: HttpRequest, row: ProposalView) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdigit() else row.version


def _item(text: str) -> tuple[UUID, int] | None:
    key, _sep, version = text.partition(":")
    try:
        return UUID(key), int(version)
    except ValueError:
        return None
