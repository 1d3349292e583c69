"""The attention list: the list with its export, a new entry, one entry with those who look like it, the panel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.book.customers import data, forms, tasks
from anxin.book.customers.data import Rejected
from anxin.book.customers.pages.edge import BOTH, ask, customer_page, done, put
from anxin.book.customers.queries import attention as reads
from anxin.book.customers.queries import file as files
from anxin.book.customers.services import attention, attention_list, attention_review
from anxin.foundation.approvals import queries as approvals
from anxin.foundation.approvals.data import AlreadyAsked, ReasonMissing, RequestView, State
from anxin.foundation.audit import services as audit
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of
from anxin.kernel.web.tables import Column, Listing, key

HITS = {
    "open": (_("To be judged"), "warn"),
    "confirmed": (_("Same person"), "danger"),
    "dismissed": (_("Somebody else"), ""),
}
BY = {
    "document": _("ID document"), "phone": _("Phone"), "uscc": _("Unified social credit code"), "plate": _("Plate"),
    "name_birth": _("Name and birth date"),
}  # fmt: skip
DECIDED = {
    State.PENDING: _("Waits for a second person"), State.APPROVED: pgettext_lazy("attention", "Agreed to"),
    State.REJECTED: _("Not agreed to"), State.WITHDRAWN: pgettext_lazy("attention", "Taken back"),
    State.EXPIRED: pgettext_lazy("attention", "Not decided in time"),
}  # fmt: skip
LISTING = Listing(
    code="attention",
    orders={"-created": (key("-created_at"), key("-id"))},
    default="-created",
    columns=(
        Column(code="who", label=pgettext_lazy("attention", "Who")),
        Column(code="kind", label=_("Kind")),
        Column(code="reason", label=_("Reason"), flexible=True),
        Column(code="from", label=pgettext_lazy("attention", "From"), kind="date"),
        Column(code="until", label=pgettext_lazy("attention", "Until"), kind="date"),
        Column(code="review", label=_("Review on"), kind="date"),
        Column(code="by", label=_("Entered by")),
        Column(code="state", label=_("Status")),
    ),
)


@customer_page("customers.attention")
def list_page(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request.GET)
    rows = attention_list.find_entries(actor_of(request), **wanted).select_related("party", "entered_by")
    found = LISTING.first_page_if_bad(rows, cursor=request.GET.get("cursor", ""))
    context = {
        "page": found, "columns": LISTING.columns, "rows": [_shown(reads.view(row)) for row in found.rows],
        **wanted,
        "states": [*((code, gettext(data.ATTENTION_STATES[code][0])) for code in ("active", "proposed")),
                   ("over", _("Over"))],
        "kinds": [(code, gettext(word)) for code, word in data.ATTENTION_KINDS.items()],
        "batches": reads.waiting_batches(attention.visible_entries(actor_of(request))), "nav": "attention",
    }  # fmt: skip
    return render(request, "customers/attention/list.html", context)


def _wanted(values: QueryDict) -> dict[str, str]:
    state, kind = values.get("state", "active"), values.get("kind", "")
    if state not in ("active", "proposed", "over") or (kind and kind not in data.ATTENTION_KINDS):
        raise Http404
    return {"state": state, "kind": kind, "text": values.get("q", "").strip()[:60]}


@customer_page("customers.attention", methods=("POST",))
def export(request: HttpRequest) -> HttpResponse:
    """The shown part of the list as a file, made by a job."""
    attention_list.start(
        actor=actor_of(request), now=clock.now(), **_wanted(request.POST), language=get_language() or "zh-hans",
        task=tasks.export_attention,
    )  # fmt: skip
    return redirect("jobs:list")


@customer_page("customers.attention", methods=BOTH)
def create(request: HttpRequest) -> HttpResponse:
    """An entry about somebody who is no customer."""
    form = forms.StrangerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        keys = {one: given.pop(one) for one in ("document", "phone", "plate", "uscc")}
        try:
            attention.propose(actor=actor_of(request), now=clock.now(), keys=keys, **given)
        except Rejected as error:
            put(form, error)
        else:
            messages.success(request, gettext("Proposed. It counts when a second person agrees."))
            return redirect("customers:attention-list")
    return ask(
        request, form, title=_("Add to the attention list"), button=_("Propose"),
        back=reverse("customers:attention-list"),
    )  # fmt: skip


@customer_page("customers.attention", methods=BOTH)
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """An entry about a customer."""
    actor = actor_of(request)
    files.check_reach(actor, ref, "customers.attention")
    form = forms.AttentionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            attention.propose(actor=actor, now=clock.now(), ref=ref, **form.cleaned_data)
        except Rejected as error:
            put(form, error)
        else:
            text = gettext("Proposed. It counts when a second person agrees.")
            return done(request, text, ref=ref, refresh="refresh-attention")
    return ask(request, form, title=_("Add to the attention list"), button=_("Propose"), ref=ref)


@customer_page("customers.attention", methods=BOTH)
def entry(request: HttpRequest, item: UUID) -> HttpResponse:
    """One entry; a POST asks for it to be lifted, or (`do` keep) to count until another day."""
    actor = actor_of(request)
    row = attention.get_entry(actor, item)
    is_kept = request.POST.get("do") == "keep"
    form = forms.ReasonForm(request.POST if request.method == "POST" and not is_kept else None)
    keep = forms.KeepForm(
        request.POST if is_kept else None, initial={"until_date": row.until_date, "review_date": row.review_date}
    )
    asked = keep if is_kept else form
    if request.method == "POST" and asked.is_valid():
        ask_second = attention_review.ask_keep if is_kept else attention.ask_lift
        try:
            ask_second(actor=actor, now=clock.now(), entry_id=item, **asked.cleaned_data)
        except AlreadyAsked:
            asked.add_error(None, gettext("A second person is asked already."))
        except Rejected as error:
            put(asked, error)
        else:
            messages.success(request, gettext("A second person is asked."))
            return redirect("customers:attention-entry", item)
    hits = [(one, gettext(str(BY.get(one.by, one.by))), *HITS[one.state]) for one in reads.hits_of(item)]
    seen = reads.view(row, with_keys=True)
    audit.record(
        actor=actor, now=clock.now(), action="customers.view_attention", object_kind="attention", object_id=item
    )
    context = {
        **_shown(seen), "keys": [(gettext(str(BY.get(kind, kind))), value) for kind, value in seen.keys],
        "hits": hits, "form": form, "keep": keep, "decisions": _decisions(item), "nav": "attention",
        "crumbs": [("/customers/attention/", gettext("Attention list")), ("", seen.name or gettext("Entry"))],
    }  # fmt: skip
    return render(request, "customers/attention/entry.html", context, status=422 if asked.errors else 200)


@customer_page("customers.attention", methods=("POST",))
def judge(request: HttpRequest, item: UUID) -> HttpResponse:
    """Say whether a customer is the person of an entry."""
    entry_id = attention.judge_hit(
        actor=actor_of(request), now=clock.now(), hit_id=item, is_same=request.POST.get("same") == "yes"
    )
    messages.success(request, gettext("Saved."))
    return redirect("customers:attention-entry", entry_id)


@customer_page("customers.attention", methods=("POST",))
def ask_batch(request: HttpRequest, item: UUID) -> HttpResponse:
    """Ask a second person to let imported entries count."""
    try:
        attention.ask_batch(
            actor=actor_of(request), now=clock.now(), batch_id=item, reason=request.POST.get("reason", "")
        )
    except AlreadyAsked:
        messages.error(request, gettext("A second person is asked already."))
    except ReasonMissing:
        messages.error(request, gettext("An entry needs its reason."))
    else:
        messages.success(request, gettext("A second person is asked."))
    return redirect("customers:attention-list")


@customer_page("customers.attention")
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    files.check_reach(actor, ref, "customers.attention")
    context = {"rows": [_shown(one) for one in reads.entries_of(ref)], "ref": ref}
    return render(request, "customers/panels/attention.html", context)


def _decisions(item: UUID) -> list[tuple[str, str, RequestView]]:
    """What was asked about an entry, of whom, and how it was decided: kind, state in words, the request."""
    kinds = {
        attention.ADD: _("New entry"),
        attention_review.KEEP: _("Keep on the list"),
        attention.LIFT: _("Take off the list"),
    }
    return [(str(kinds[one.kind]), str(DECIDED[one.state]), one) for one in approvals.decisions_about(kinds, item)]


def _shown(one: reads.EntryView) -> dict[str, Any]:
    word, level = data.ATTENTION_STATES[one.state]
    kind = data.ATTENTION_KINDS.get(one.kind, one.kind)
    return {"one": one, "state_word": gettext(word), "level": level, "kind_word": gettext(kind)}
