"""The history of imports, one import with the step it is at, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.foundation.intake import forms, queries
from anxin.foundation.intake.data import BatchState, BatchView, Matter
from anxin.foundation.intake.models import Batch
from anxin.foundation.intake.pages import mapping
from anxin.foundation.intake.pages.states import STATES, share_of, size_text, steps_of
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import ProfileError
from anxin.foundation.intake.services import batches, reports, undoing, uploads
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column, Listing, key

BATCHES = Listing(
    code="intake-batches",
    orders={"-created": (key("-created_at"), key("-id"))},
    default="-created",
    columns=(
        Column(code="ref", label=_("Batch")),
        Column(code="state", label=_("Status")),
        Column(code="source", label=_("Source")),
        Column(code="file", label=pgettext_lazy("import", "File"), flexible=True),
        Column(code="rows", label=_("Rows"), kind="number"),
        Column(code="created_rows", label=_("New"), kind="number"),
        Column(code="updated", label=_("Changed"), kind="number"),
        Column(code="unchanged", label=_("Unchanged"), kind="number"),
        Column(code="rejected", label=pgettext_lazy("import", "Refused"), kind="number"),
        Column(code="owner", label=_("Started by")),
        Column(code="created", label=_("Uploaded"), kind="date"),
    ),
)
PROBLEMS = Listing(code="intake-problems", orders={"line": (key("line"), key("id"))}, default="line")
NOTES_SHOWN = 20
TABS = ("errors", "warnings", "changes")
UNDOABLE = (BatchState.DONE, BatchState.STOPPED, BatchState.FAILED)


@page("intake.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor, wanted = actor_of(request), forms.FilterForm(request.GET).wanted()
    found = BATCHES.first_page_if_bad(queries.list_batches(actor, **wanted), cursor=request.GET.get("cursor", ""))
    shown = [_row(batch) for batch in found.rows]
    context = {
        "page": found,
        "rows": shown,
        "columns": BATCHES.columns,
        "states": [(state.value, label) for state, (label, _level) in STATES.items()],
        "sources": queries.known_sources(actor),
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "is_moving": any(row["batch"].is_moving for row in shown),
        "may_run": actor.may("intake.run"),
    }
    part = request.headers.get("HX-Target") == "batches"
    return render(request, "intake/list_body.html" if part else "intake/list.html", context)


def _row(batch: Batch) -> dict[str, Any]:
    shown = queries.view(batch)
    label, level = STATES[shown.state]
    sums = {name: sum(getattr(count, name) for count in shown.counts) for name in ("created", "updated", "unchanged")}
    return {"batch": shown, "state": label, "level": level, "has_run": bool(shown.counts), **sums}


@page("intake.view")
def batch_page(request: HttpRequest, ref: str) -> HttpResponse:
    """The step that fits the state of the batch. htmx asks for its findings alone when it turns their pages."""
    batch = _batch(request, ref)
    if request.headers.get("HX-Target") == "findings":
        return render(request, "intake/findings.html", findings(request, batch))
    return render(request, "intake/batch.html", context_of(request, batch))


def context_of(request: HttpRequest, batch: BatchView) -> dict[str, Any]:
    """What the page of a batch needs in every state."""
    actor = actor_of(request)
    label, level = STATES[batch.state]
    may_run = actor.may("intake.run")
    context: dict[str, Any] = {
        "batch": batch,
        "state": label,
        "level": level,
        "message": queries.message_of(batch),
        "size": size_text(batch.file_size),
        "may_run": may_run,
        "may_reveal": actor.may("intake.reveal"),
        "may_undo": actor.may("intake.undo") and batch.state in UNDOABLE and bool(batch.counts),
        "nav": "intake",
    }
    if context["may_undo"]:
        context["foretold"] = undoing.foretold(actor, batch.ref)
    is_open = batch.state in (BatchState.UPLOADED, BatchState.CHECKED)
    mapped = queries.mapping_of(actor, batch.ref)
    if is_open and may_run:
        context |= mapping.context_of(request, batch.ref, mapped.draft or mapped.content)
        context["is_changed"] = bool(mapped.draft)
        view: queries.MappingView = context["mapping"]
        context["steps"] = steps_of(batch, columns=len(view.rows), mapped=view.mapped)
    else:
        view = queries.mapping_view(mapped.content, mapped.headers, {}, {})
        context["steps"] = steps_of(batch, columns=len(view.rows), mapped=view.mapped)
    if batch.is_moving:
        context |= progress_of(batch)
    elif batch.state is not BatchState.UPLOADED and batch.state is not BatchState.DISCARDED:
        context |= findings(request, batch) | {"share": share_of(batch)}
    labels = queries.kind_labels([count.kind for count in batch.counts])
    context["counts"] = [(labels[count.kind], count) for count in batch.counts]
    context["notes"] = [notes for matter in Matter if (notes := _notes(actor, batch, matter))]
    context["has_absent"] = batch.is_full_load
    if batch.state is BatchState.DONE:
        context["customers_url"] = _customers()
    return context


def _notes(actor: Actor, batch: BatchView, matter: Matter) -> dict[str, Any] | None:
    """The first rows of a matter, how many there are in all, and what the page says of them."""
    if matter is Matter.KEPT and batch.state is not BatchState.UNDONE:
        return None
    if matter is Matter.ABSENT and not batch.is_full_load:
        return None
    total = sum(getattr(count, matter.value) for count in batch.counts)
    if not total:
        return None
    rows = queries.list_notes(actor, batch.ref, matter).order_by("id")[:NOTES_SHOWN]
    shown = [queries.shown_note(row) for row in rows]
    labels = queries.kind_labels([note.kind for note in shown])
    return {
        "matter": matter.value,
        "total": total,
        "ended": sum(count.ended for count in batch.counts) if matter is Matter.ABSENT else 0,
        "rows": [(labels[note.kind], note, queries.address_of(note)) for note in shown],
    }


def _customers() -> str:
    try:
        return reverse("workspace:customers")
    except NoReverseMatch:
        return ""


def findings(request: HttpRequest, batch: BatchView) -> dict[str, Any]:
    """Errors, warnings, or what would change; the tab and the place stand in the address."""
    actor = actor_of(request)
    errors, warnings = queries.problem_totals(actor, batch.ref)
    has_changes = bool(batch.preview.get("kinds")) and not batch.counts
    first = "errors" if errors or not (warnings or has_changes) else "warnings" if warnings else "changes"
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS and (tab != "changes" or has_changes) else first
    kinds = queries.kind_labels([kind["kind"] for kind in batch.preview.get("kinds", ())])
    context: dict[str, Any] = {
        "batch": batch, "tab": tab, "errors": errors, "warnings": warnings, "has_changes": has_changes,
        "may_run": actor.may("intake.run"), "may_reveal": actor.may("intake.reveal"),
        "cut": (errors + warnings, batch.problem_count) if batch.problem_count > errors + warnings else None,
        "trial_rows": batch.preview.get("trial_rows", 0),
        "trial": [(kinds[kind["kind"]], kind["trial"]) for kind in batch.preview.get("kinds", ())],
    }  # fmt: skip
    if tab == "changes":
        return context | {"samples": queries.preview_samples(batch.preview)}
    found = PROBLEMS.first_page_if_bad(
        queries.list_problems(actor, batch.ref, warnings=tab == "warnings"),
        cursor=request.GET.get("cursor", ""),
        total=warnings if tab == "warnings" else errors,
    )
    content = queries.mapping_of(actor, batch.ref).content
    return context | {"page": found, "problems": queries.shown_problems(found.rows, content)}


def progress_of(batch: BatchView) -> dict[str, Any]:
    titles = {
        BatchState.CHECKING: gettext("Checking every row; nothing is written"),
        BatchState.RUNNING: gettext("Importing"),
        BatchState.UNDOING: gettext("Undoing the import"),
    }
    sums = [
        (label, sum(getattr(count, name) for count in batch.counts))
        for name, label in (
            ("created", gettext("New")), ("updated", gettext("Changed")), ("unchanged", gettext("Unchanged")),
            ("rejected", pgettext("import", "Refused")),
        )
    ]  # fmt: skip
    is_undoing = batch.state is BatchState.UNDOING
    return {
        "progress": {
            "title": titles[batch.state],
            "done": 0 if is_undoing else batch.rows_read,
            "total": None if is_undoing else batch.rows_total,
            "counts": sums if batch.state is BatchState.RUNNING else [],
            "note": gettext("Stopping after the current portion…") if batch.is_cancel_wanted else "",
        }
    }


@page("intake.view")
def progress_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Asked for every two seconds; when the work is over, the page itself is asked for again."""
    batch = _batch(request, ref)
    if not batch.is_moving:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "intake/progress.html", {"batch": batch, **progress_of(batch)})


Do = Callable[..., object]


def _act(request: HttpRequest, ref: str, do: Do, **arguments: Any) -> HttpResponse:
    """One call of a service, then the page of the batch. StaleState passes through and becomes 409."""
    try:
        do(actor=actor_of(request), now=clock.now(), ref=ref, **arguments)
    except queries.BatchNotFound as error:
        raise Http404 from error
    except batches.AlreadyRunning as other:
        messages.warning(request, gettext("The same file is already being imported: this is that batch."))
        ref = other.view.ref
    except (FileRefused, ProfileError) as error:
        messages.error(request, uploads.refusal(error))
    return redirect("intake:batch", ref)


@page("intake.run", methods=("POST",))
def start_page(request: HttpRequest, ref: str) -> HttpResponse:
    form = forms.ConfirmForm(request.POST)
    if not form.is_valid():
        return _act(request, ref, batches.confirm)
    return _act(request, ref, batches.confirm, **form.cleaned_data)


@page("intake.run", methods=("POST",))
def cancel_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Stops what is under way; an open batch is discarded."""
    return _act(request, ref, batches.cancel)


@page("intake.undo", methods=("POST",))
def undo_page(request: HttpRequest, ref: str) -> HttpResponse:
    batch = _batch(request, ref)
    form = forms.UndoForm(request.POST, ref=batch.ref)
    if not form.is_valid():
        messages.error(request, gettext("Nothing was undone: the number typed is not that of this batch."))
        return redirect("intake:batch", ref)
    return _act(request, ref, undoing.begin_undo)


@page("intake.run", methods=("POST",))
def errors_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Every refused row with column, reason and how to mend it, as a sealed file of a day. POST: it leaves a trail."""
    _batch(request, ref)
    document = reports.error_file(
        actor=actor_of(request), now=clock.now(), ref=ref, in_clear=request.POST.get("in_clear") == "1"
    )
    return redirect("documents:download", document.id)


@page("intake.view", methods=("POST",))
def notes_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Every row absent from a full load, or kept when the batch was undone, as a sealed file of a day."""
    _batch(request, ref)
    form = forms.MatterForm(request.POST)
    if not form.is_valid():
        return redirect("intake:batch", ref)
    document = reports.notes_file(
        actor=actor_of(request), now=clock.now(), ref=ref, matter=Matter(form.cleaned_data["matter"])
    )
    return redirect("documents:download", document.id)


def _batch(request: HttpRequest, ref: str) -> BatchView:
    try:
        return queries.get_batch(actor_of(request), ref)
    except queries.BatchNotFound as error:
        raise Http404 from error
