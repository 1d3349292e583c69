"""The customers list: filters, columns, views in the address; bulk work and export as jobs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers import queries as customers
from anxin.book.customers import services as customer_services
from anxin.faces.workspace import forms, queries, tasks
from anxin.faces.workspace.data import ViewData
from anxin.faces.workspace.pages import filters, rows
from anxin.foundation.jobs.data import JobView
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import divisions
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column

PAGE: Final = "customers"
COLUMNS: Final = (
    Column(code="name", label=_("Customer"), sort="name"),
    Column(code="ref", label=_("Customer no.")),
    Column(code="tier", label=_("Premium tier")),
    Column(code="abc", label=_("ABC"), kind="grade"),
    Column(code="premium", label=_("Annual premium"), kind="money", sort="premium"),
    Column(code="policies", label=_("Policies in force"), kind="number"),
    Column(code="next_expiry", label=_("Next expiry"), kind="date", sort="next_expiry"),
    Column(code="last_contact", label=_("Last contact"), kind="date", sort="last_contact"),
    Column(code="manager", label=_("Customer manager")),
    Column(code="unit", label=_("Unit"), optional=True),
    Column(code="birthday", label=_("Birthday"), kind="date", optional=True),
    Column(code="mobile", label=_("Phone"), optional=True),
    Column(code="age", label=_("Sex and age"), optional=True),
    Column(code="district", label=_("City and district"), optional=True),
    Column(code="customer_since", label=_("Customer since"), kind="date", sort="customer_since", optional=True),
    Column(code="tags", label=_("Tags"), optional=True),
)
DEFAULT_COLUMNS: Final = tuple(column.code for column in COLUMNS if not column.optional)
SECONDARY: Final = (
    "kind", "sex", "age_from", "age_to", "abc", "holds", "line", "silent", "premium_from", "premium_to",
)  # fmt: skip


@page("customers.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    is_part = request.headers.get("HX-Target") == "customers"
    views = [] if is_part else queries.list_views(actor, PAGE)
    if not request.GET and (view := next((view for view in views if view.is_default), None)) is not None:
        return redirect(f"{reverse('workspace:customers')}?{_query_of(view.query, view.id)}")
    wanted = filters.read(actor, request.GET)
    shown = shown_columns(request.GET)
    codes = {column.code for column in shown}
    today = clock.today()
    may_select = any(actor.may(f"customers.{name}") for name in ("tag", "assign", "export"))
    found = customers.list_customers(
        actor,
        wanted,
        today=today,
        sort=request.GET.get("sort", "") or _usual_order(wanted),
        cursor=request.GET.get("cursor", ""),
        extras=codes & customers.EXTRAS,
    )
    context: dict[str, Any] = {
        "page": found,
        "rows": rows.of_customers(found.rows, shown, today=today, now=clock.now(), may_select=may_select),
        "columns": shown,
        "wanted": wanted,
        "may": {name: actor.may(f"customers.{name}") for name in ("tag", "assign", "export", "create", "attention")},
        "is_filtered": not wanted.is_empty,
        "state": request.GET.urlencode(),
        "may_select": may_select,
        "head_key": _head_key(request.GET, wanted, shown, may_select),
    }
    if is_part:
        return render(request, "workspace/customers_rows.html", context)
    return render(request, "workspace/customers.html", context | _bar(actor, request.GET, wanted, codes, views))


def _usual_order(wanted: customers.CustomerFilter) -> str:
    """By what the filter is about: premium, or what ends next; else by name."""
    if wanted.tiers or wanted.abc or wanted.premium_from_fen is not None:
        return "-premium"
    return "next_expiry" if wanted.expiring_within is not None else customers.DEFAULT_ORDER


def shown_columns(params: QueryDict) -> list[Column]:
    """The columns asked for, in the usual order; the name always stands first."""
    asked = set(params.getlist("cols")) & {column.code for column in COLUMNS}
    codes = {"name", *asked} if asked else set(DEFAULT_COLUMNS)
    return [column for column in COLUMNS if column.code in codes]


def _bar(
    actor: Actor, params: QueryDict, wanted: customers.CustomerFilter, codes: set[str], views: Sequence[ViewData]
) -> dict[str, Any]:
    tags = customers.list_tags()
    manager_name = filters.manager_name(actor, wanted)
    unit_name = org.unit_names([wanted.unit]).get(wanted.unit, "") if wanted.unit else ""
    shown = tuple(sorted(codes))
    is_wide = actor.scope("customers.view") != "own"
    # All that the bar of filters and the menu of views depend on.
    state = params.urlencode()
    key = views_key = None
    if _may_be_kept(wanted) and "cursor" not in params:
        key = (state, shown, is_wide, manager_name, unit_name, *((str(tag.id), tag.name) for tag in tags))
        views_key = None if views else (state, wanted.is_empty)
    current = next((view for view in views if str(view.id) == params.get("view")), None)
    return {
        # Called by the template only where the bar is not remembered.
        "dropdowns": partial(filters.dropdowns, params, tags),
        "chips": partial(filters.chips, params, wanted),
        "bar_key": key,
        "views_key": views_key,
        "manager_name": manager_name,
        "unit_name": unit_name,
        "keep_q": filters.kept(params, "q"),
        "keep_columns": filters.kept(params, "cols"),
        "keep_manager": filters.kept(params, "manager"),
        "keep_unit": filters.kept(params, "unit"),
        "clear_manager": filters.address_without(params, "manager"),
        "clear_unit": filters.address_without(params, "unit"),
        "all_columns": partial(_choice_of_columns, codes),
        "codes": shown,
        "views": [{"view": view, "query": _query_of(view.query, view.id)} for view in views],
        "current_view": current,
        "is_wide": is_wide,
    }


def _may_be_kept(wanted: customers.CustomerFilter) -> bool:
    """What was typed may be somebody's name: parts of a page that show it are never remembered for the next."""
    return not wanted.text and not wanted.custom


def _head_key(
    params: QueryDict, wanted: customers.CustomerFilter, shown: Sequence[Column], may_select: bool
) -> tuple[object, ...] | None:
    """What the head of the table depends on besides the order."""
    if not _may_be_kept(wanted):
        return None
    return may_select, *filters.kept(params), *(column.code for column in shown)


def _choice_of_columns(codes: set[str]) -> list[dict[str, Any]]:
    return [{"column": column, "is_shown": column.code in codes} for column in COLUMNS]


def _query_of(query: Any, view_id: UUID) -> str:
    return urlencode([*((key, value) for key, values in query.items() for value in values), ("view", str(view_id))])


@page("customers.view")
def filters_page(request: HttpRequest) -> HttpResponse:
    """The dialog of the filters that are used less often, as the list in `state` has them."""
    actor, params = actor_of(request), filters.state_of(request)
    wanted, form = filters.read(actor, params), forms.CustomerFilterForm(params)
    form.is_valid()
    own = filters.own_fields(params, all_of_them=True)
    context = {
        "wanted": wanted,
        "form": form,
        "secondary": [form[name] for name in SECONDARY],
        "keep_all": filters.kept(params, *SECONDARY, "division", "claim", "attention", *(one.name for one in own)),
        "own": own,
        "places": divisions.provinces(),
        "place": divisions.full_name(wanted.division) or wanted.division,
        "may": {"attention": actor.may("customers.attention")},
        "list_url": reverse("workspace:customers"),
    }
    return render(request, "workspace/more_filters.html", context)


@page("customers.view")
def pick_page(request: HttpRequest, what: str) -> HttpResponse:
    """Options of a filter that are too many to send with the page: managers and units within reach, places."""
    actor = actor_of(request)
    if what == "division":
        places = divisions.find(request.GET.get("division", "").strip()[:40])
        return render(request, "workspace/places.html", {"places": places})
    text = request.GET.get("find", "").strip()[:40]
    state = QueryDict(request.GET.get("state", "")[:4000])
    options: Sequence[tuple[str, str, str]]
    if what == "manager":
        options = [
            (str(one.id), one.name, one.unit) for one in org.find_staff(actor, text, permission="customers.view")
        ]
    else:
        options = [
            (str(one.id), one.name, one.code) for one in org.find_units(actor, text, permission="customers.view")
        ]
    chosen = state.get(what, "")
    return render(request, "workspace/pick.html", {"options": options, "name": what, "chosen": chosen})


@page("customers.assign")
def pick_assignee_page(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("find", "").strip()[:40]
    found = org.find_staff(actor_of(request), text, permission="customers.assign")
    options = [(str(one.id), one.name, one.unit) for one in found]
    return render(request, "workspace/pick.html", {"options": options, "name": "manager", "chosen": ""})


# --- bulk work --------------------------------------------------------------------------------------------------------

DIALOGS: Final = {
    "tag": (_("Tag customers"), _("Add the tag")),
    "untag": (_("Remove a tag"), _("Remove the tag")),
    "assign": (_("Assign to a manager"), _("Assign")),
    "export": (_("Export customers"), _("Export")),
}


@page("customers.tag", methods=("GET", "POST"))
def tag_page(request: HttpRequest, action: str) -> HttpResponse:
    """Tagging (`tag`) and taking a tag away (`untag`): preview on GET, start on POST."""
    form = forms.TagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = customer_services.bulk.start(
                actor=actor_of(request),
                now=clock.now(),
                action=customer_services.bulk.Action(action),
                selection=_selection(request),
                tag=form.cleaned_data["tag"],
                task=tasks.change_customers,
                title=f"{gettext(str(DIALOGS[action][0]))}: {form.cleaned_data['tag']}",
            )
        except customer_services.bulk.BulkError as error:
            form.add_error(None, gettext(str(error)))
        else:
            return _started(request, job)
    return _dialog(request, action, form, "customers.tag", {"tags": customers.list_tags()})


@page("customers.assign", methods=("GET", "POST"))
def assign_page(request: HttpRequest) -> HttpResponse:
    form = forms.AssignForm(request.POST or None, may_beyond=actor_of(request).may("customers.assign_beyond"))
    if request.method == "POST" and form.is_valid():
        try:
            job = customer_services.bulk.start(
                actor=actor_of(request),
                now=clock.now(),
                action=customer_services.bulk.Action.ASSIGN,
                selection=_selection(request),
                manager_id=form.cleaned_data["manager"],
                reason=form.cleaned_data["reason"],
                is_beyond=form.cleaned_data.get("beyond", False),
                task=tasks.change_customers,
                title=gettext("Assign to a manager"),
            )
        except customer_services.bulk.BulkError as error:
            form.add_error(None, gettext(str(error)))
        else:
            return _started(request, job)
    return _dialog(request, "assign", form, "customers.assign", {})


@page("customers.export", methods=("GET", "POST"))
def export_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = forms.ExportForm(request.POST or None, may_reveal=actor.may("customers.reveal"), initial={"format": "xlsx"})
    state = filters.state_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            job = customer_services.exporting.start(
                actor=actor,
                now=clock.now(),
                selection=_selection(request),
                columns=[code for column in shown_columns(state) for code in _exported(column.code)],
                format=form.cleaned_data["format"],
                purpose=form.cleaned_data["purpose"],
                sort=state.get("sort", "") or _usual_order(filters.read(actor, state)),
                language=get_language() or "zh-hans",
                in_clear=bool(form.cleaned_data.get("in_clear")),
                reason=form.cleaned_data.get("reason", ""),
                task=tasks.export_customers,
                title=gettext("Export customers"),
            )
        except customer_services.bulk.BulkError as error:
            form.add_error(None, gettext(str(error)))
        else:
            return _started(request, job)
    return _dialog(request, "export", form, "customers.export", {"columns": shown_columns(state)})


def _exported(code: str) -> Sequence[str]:
    """A column of the list may be several of the file."""
    return {"age": ("kind", "sex")}.get(code, (code,))


def _selection(request: HttpRequest) -> customer_services.bulk.Selection:
    given = request.POST or request.GET
    refs = () if given.get("whole") else tuple(given.getlist("ref")[:501])
    wanted = filters.read(actor_of(request), filters.state_of(request))
    return customer_services.bulk.Selection(refs=refs, wanted=customers.CustomerFilter() if refs else wanted)


def _dialog(request: HttpRequest, action: str, form: Any, permission: str, more: dict[str, Any]) -> HttpResponse:
    given = request.POST or request.GET
    selection = _selection(request)
    title, button = DIALOGS[action]
    context = {
        "form": form,
        "action": action,
        "action_url": request.path,
        "title": title,
        "button": button,
        "preview": customer_services.bulk.preview(
            actor_of(request), selection, permission=permission, today=clock.today()
        ),
        "is_whole": selection.is_whole,
        "refs": selection.refs,
        "state": given.get("state", "")[:4000],
        **more,
    }
    return render(request, "workspace/bulk_dialog.html", context, status=422 if form.errors else 200)


def _started(request: HttpRequest, job: JobView) -> HttpResponse:
    return render(request, "workspace/bulk_started.html", {"job": job, "state": filters.state_of(request).urlencode()})
