"""Business rules: which hold, their history, an editor with a dry run, activation from a day on."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.schemes import forms, queries, rules, services
from anxin.foundation.schemes.data import Content, FieldKind, Plain, Problem, SchemeField, SchemeKind, SchemeView
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page

STATES = {"draft": (_("Draft"), "warn"), "active": (_("Active"), "ok"), "retired": (_("Retired"), "")}


@page("schemes.view")
def list_page(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    rows = [
        {
            "kind": kind,
            "label": gettext(kind.label),
            "help": gettext(kind.help),
            "active": queries.active(code, on=today),
        }
        for code, kind in sorted(queries.kinds().items())
    ]
    return render(request, "schemes/list.html", {"rows": rows})


@page("schemes.view")
def kind_page(request: HttpRequest, code: str) -> HttpResponse:
    """One kind: what holds, in words, and all its versions."""
    actor, kind = actor_of(request), _kind(code)
    active = queries.active(code, on=clock.today())
    history = queries.history(actor, code)
    context = {
        "kind": kind, "label": gettext(kind.label), "help": gettext(kind.help), "active": active,
        "boxes": forms.boxes(kind, active.content), "may_edit": actor.may("schemes.edit"),
        "history": [{"version": one, "is_active": one.version == active.version, **_state(one)} for one in history],
    }  # fmt: skip
    return render(request, "schemes/kind.html", context)


@page("schemes.edit", methods=("GET", "POST"))
def draft_page(request: HttpRequest, code: str) -> HttpResponse:
    """A new draft, begun from what holds today."""
    kind = _kind(code)
    if request.method != "POST":
        return _editor(request, kind, queries.active(code, on=clock.today()).content, None)
    content, problems = _posted(request, kind)
    if problems:
        return _editor(request, kind, content, None, problems)
    try:
        made = services.draft(
            actor=actor_of(request), now=clock.now(), code=code, content=content,
            note=request.POST.get("note", "")[:500],
        )  # fmt: skip
    except services.InvalidScheme as error:
        return _editor(request, kind, content, None, error.problems)
    return redirect("schemes:version", version_id=made.id)


@page("schemes.edit", methods=("GET", "POST"))
def edit_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
    seen = _version(request, version_id)
    kind = _kind(seen.kind)
    if request.method != "POST":
        return _editor(request, kind, seen.content, seen)
    content, problems = _posted(request, kind)
    if not problems:
        try:
            edition = request.POST.get("edition", "")
            services.edit(
                actor=actor_of(request), now=clock.now(), version_id=version_id,
                edition=int(edition) if edition.isdecimal() else 0, content=content,
                note=request.POST.get("note", "")[:500],
            )  # fmt: skip
            return redirect("schemes:version", version_id=version_id)
        except services.InvalidScheme as error:
            problems = list(error.problems)
    return _editor(request, kind, content, seen, problems)


@page("schemes.view")
def version_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version against what holds: every difference, and what it would change (the dry run)."""
    return _version_answer(request, _version(request, version_id))


@page("schemes.edit", methods=("POST",))
def activate_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
    seen = _version(request, version_id)
    form = forms.ActivateForm(request.POST)
    if form.is_valid():
        try:
            services.activate(
                actor=actor_of(request), now=clock.now(), version_id=version_id, edition=form.cleaned_data["edition"],
                effective_from=form.cleaned_data["effective_from"],
            )  # fmt: skip
            return redirect("schemes:kind", code=seen.kind)
        except services.BackdatedScheme:
            form.add_error("effective_from", gettext("Rules take effect today at the earliest."))
    return _version_answer(request, seen, form=form, status=422)


@page("schemes.edit", methods=("POST",))
def retire_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
    seen = _version(request, version_id)
    form = forms.RetireForm(request.POST)
    if not form.is_valid():
        return _version_answer(request, seen, retire=form, status=422)
    services.retire(actor=actor_of(request), now=clock.now(), version_id=version_id, reason=form.cleaned_data["reason"])
    return redirect("schemes:kind", code=seen.kind)


def _version_answer(
    request: HttpRequest, seen: SchemeView, *, form: forms.ActivateForm | None = None,
    retire: forms.RetireForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    kind = _kind(seen.kind)
    active = queries.active(seen.kind, on=clock.today())
    # What is being compared: a draft with what holds, an older one with what holds now.
    differences = [
        {"where": _where(kind, one.path), "before": _plain(kind, one.path, one.before, active.content),
         "after": _plain(kind, one.path, one.after, seen.content)}
        for one in rules.differences(active.content, seen.content)
    ]  # fmt: skip
    today: dict[str, Any] = {"effective_from": clock.today().isoformat()}
    context = {
        "kind": kind, "label": gettext(kind.label), "seen": seen, "active": active, "differences": differences,
        "effects": kind.preview(seen.content) if kind.preview is not None and seen.state == "draft" else None,
        "trial_url": reverse(kind.trial_url, args=[seen.id]) if kind.trial_url and seen.state == "draft" else "",
        "boxes": forms.boxes(kind, seen.content), "may_edit": actor_of(request).may("schemes.edit"),
        "form": form or forms.ActivateForm(initial=today | {"edition": seen.edition}),
        "retire": retire or forms.RetireForm(), **_state(seen),
    }  # fmt: skip
    return render(request, "schemes/version.html", context, status=status)


def _editor(
    request: HttpRequest, kind: SchemeKind, content: Content, seen: SchemeView | None, problems: Any = ()
) -> HttpResponse:
    context = {
        "kind": kind, "label": gettext(kind.label), "help": gettext(kind.help), "seen": seen,
        "boxes": forms.boxes(kind, content), "json": json.dumps(content, ensure_ascii=False, indent=2),
        "note": request.POST.get("note", seen.note if seen is not None else ""),
        "problems": [(_where(kind, one.path), gettext(one.message) % dict(one.values)) for one in problems],
    }  # fmt: skip
    return render(request, "schemes/editor.html", context, status=422 if problems else 200)


def _posted(request: HttpRequest, kind: SchemeKind) -> tuple[dict[str, Plain], list[Problem]]:
    if request.POST.get("by") != "json":
        return forms.read(kind, request.POST.dict()), []
    try:
        return forms.read_json(request.POST.get("json", "")), []
    except ValueError:
        return dict(kind.default), [Problem(path="json", message=gettext("This is not valid JSON."))]


def _kind(code: str) -> SchemeKind:
    try:
        return queries.kind(code)
    except queries.SchemeNotFound as error:
        raise Http404 from error


def _version(request: HttpRequest, version_id: UUID) -> SchemeView:
    try:
        return queries.get_version(actor_of(request), version_id)
    except queries.SchemeNotFound as error:
        raise Http404 from error


def _state(one: SchemeView) -> dict[str, Any]:
    label, level = STATES[one.state] if one.version else (_("Shipped"), "")
    return {"state": label, "state_level": level}


def _field(kind: SchemeKind, path: str) -> tuple[SchemeField | None, SchemeField | None, str]:
    """The field, its column and the number of the row that a path like `tiers.2.from_fen` names."""
    parts = path.split(".")
    field = next((one for one in kind.fields if one.code == parts[0]), None)
    if field is None or len(parts) < 3:
        return field, None, parts[1] if len(parts) > 1 else ""
    return field, next((one for one in field.columns if one.code == parts[2]), None), parts[1]


def _where(kind: SchemeKind, path: str) -> str:
    field, column, row = _field(kind, path)
    words = [gettext(field.label) if field is not None else path]
    if row:
        words.append(gettext("row %(row)s") % {"row": row})
    if column is not None:
        words.append(gettext(column.label))
    return " · ".join(words)


def _plain(kind: SchemeKind, path: str, value: Plain, content: Content) -> Any:
    field, column, row = _field(kind, path)
    one = column or field
    if field is None or one is None or value == "":
        return "—"
    if column is not None:
        rows: Any = content[field.code]
        one = forms.in_row(column, rows[int(row) - 1])
    if one.kind is FieldKind.YES_NO:
        return gettext("Yes") if value else gettext("No")
    unit = {FieldKind.MONEY: gettext("yuan"), FieldKind.SHARE: "%"}.get(one.kind, "")
    return f"{forms.said(one, value)} {unit}".strip()
