"""The mapping page: what each column of the file means. The draft travels with the form, kept until it is tried."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from anxin.foundation.intake import forms, queries
from anxin.foundation.intake.data import BatchState, FieldKind
from anxin.foundation.intake.pages import draft
from anxin.foundation.intake.pages.states import STATES, share_of, size_text, steps_of
from anxin.foundation.intake.rules.drafting import cleaned, column_of
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import ProfileError
from anxin.foundation.intake.services import batches, uploads
from anxin.kernel import clock
from anxin.kernel.personal import Kind
from anxin.kernel.web.pages import actor_of, page

MOST_VALUES: Final = 15


@page("intake.run", methods=("GET", "HEAD", "POST"))
def mapping_page(request: HttpRequest, ref: str) -> HttpResponse:
    """POST: apply what was chosen and show it again; with `do=check` or `do=save` hand it to the services."""
    actor = actor_of(request)
    try:
        batch = queries.get_batch(actor, ref, "intake.run")
    except queries.BatchNotFound as error:
        raise Http404 from error
    if request.method != "POST" or batch.state not in (BatchState.UPLOADED, BatchState.CHECKED):
        return redirect("intake:batch", ref)
    was_checked = batch.state is BatchState.CHECKED
    post = forms.MappingPost.of(request.POST)
    mapped = queries.mapping_of(actor, ref)
    content = draft.applied(post, mapped.headers, mapped.draft or mapped.content)
    if post.action == "rematch":
        kinds = [entity.get("kind", "") for entity in content["entity"]]
        content = {**content, "entity": uploads.drawn_up_for(actor=actor, ref=ref, kinds=kinds)["entity"]}
    problem = ""
    if post.action == "reread":
        try:
            content = uploads.read_again(actor=actor, now=clock.now(), ref=ref, content=content)
            batch = queries.get_batch(actor, ref, "intake.run")
        except (FileRefused, ProfileError) as error:
            problem = uploads.refusal(error)
    if post.action in ("check", "save"):
        try:
            if post.action == "check":
                uploads.map_and_check(actor=actor, now=clock.now(), ref=ref, content=content)
                return redirect("intake:batch", ref)
            uploads.keep_mapping(actor=actor, now=clock.now(), ref=ref, content=content)
            messages.success(request, gettext("The profile “%(name)s” was saved.") % {"name": content["name"]})
        except (FileRefused, ProfileError) as error:
            problem = uploads.refusal(error)
    open_rule = post.argument if post.action == "open" else ""
    context = context_of(request, ref, content, open_rule=open_rule, problem=problem)
    # Not before the page could show it: what is kept is shown to the next who opens the batch.
    is_changed = cleaned(content) != cleaned(mapped.content)
    batches.keep_draft(actor=actor, ref=ref, content=content if is_changed else {})
    if request.headers.get("HX-Request"):
        context |= {"batch": batch, "may_run": True, "is_swapped": True}
        if was_checked:
            # What was checked is what is imported: a changed draft takes the button away until it was tried.
            context["is_changed"] = post.action == "reread" or is_changed
            context["share"] = share_of(batch)
        return render(request, "intake/mapping_part.html", context)
    label, level = STATES[batch.state]
    view: queries.MappingView = context["mapping"]
    context |= {
        "batch": batch, "state": label, "level": level, "size": size_text(batch.file_size), "may_run": True,
        "nav": "intake", "is_drafting": True,
        "steps": steps_of(batch, columns=len(view.rows), mapped=view.mapped),
    }  # fmt: skip
    return render(request, "intake/batch.html", context, status=422 if problem else 200)


def context_of(
    request: HttpRequest, ref: str, content: Mapping[str, Any], *, open_rule: str = "", problem: str = ""
) -> dict[str, Any]:
    actor = actor_of(request)
    mapped = queries.mapping_of(actor, ref)
    samples = uploads.samples(actor=actor, ref=ref)
    matches = queries.matches_of(content, mapped.headers, samples=samples, memory=queries.remembered())
    view = queries.mapping_view(content, mapped.headers, samples, matches)
    return {
        "mapping": view,
        "too_wide": len(view.rows) * max(1, len(view.entities)) > forms.MOST_CELLS,
        "reading": _reading(content, mapped.form),
        "form_facts": mapped.form,
        "draft": json.dumps(content, ensure_ascii=False),
        "draft_name": content.get("name", ""),
        "draft_source": content.get("source", ""),
        "problem": problem,
        "rule": _rule(content, view, samples, open_rule) if open_rule else None,
    }


def _reading(content: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, Any]:
    """How the file is read: what was found out, and what was said."""
    said = content.get("file", {})
    delimiter = {"\t": "tab"}.get(said.get("delimiter", ""), said.get("delimiter", ""))
    return {
        "is_text": form.get("format") == "csv",
        "is_workbook": form.get("format") == "xlsx",
        "encodings": forms.ENCODINGS,
        "encoding": said.get("encoding", ""),
        "delimiters": forms.DELIMITERS,
        "delimiter": delimiter,
        "header_line": said.get("header_line", form.get("header_line", 1)),
        "sheet": said.get("sheet", form.get("sheet", "")),
    }


def _rule(
    content: Mapping[str, Any], view: queries.MappingView, samples: Mapping[str, Sequence[str]], where: str
) -> dict[str, Any] | None:  # fmt: skip
    """The settings of one column, for the part of the form that opens under it. `where`: "entity:field"."""
    number, _colon, name = where.partition(":")
    if not number.isdigit() or int(number) >= len(view.entities):
        return None
    entity = view.entities[int(number)]
    spec = next((spec for spec in entity.fields if spec.name == name), None)
    rule = content["entity"][int(number)].get("columns", {}).get(name)
    if spec is None or rule is None:
        return None
    table = rule if isinstance(rule, dict) else {}
    formats = table.get("format", [])
    formats = [formats] if isinstance(formats, str) else list(formats)
    known = [value for value, _label in forms.DATE_FORMATS]
    is_listed = len(formats) == 1 and formats[0] in known
    column = column_of(rule)
    # Codes only: a column of many values is none, and what is personal is not listed.
    values = list(dict.fromkeys(samples.get(column, ()))) if spec.personal is Kind.NOT_PERSONAL else []
    return {
        "where": where,
        "column": column,
        "label": gettext(spec.label),
        "found": values if len(values) <= MOST_VALUES else [],
        "has_format": spec.kind in (FieldKind.DATE, FieldKind.MOMENT),
        "has_number": spec.kind in (FieldKind.MONEY, FieldKind.INTEGER),
        "has_unit": spec.kind is FieldKind.MONEY,
        "has_map": spec.kind in (FieldKind.TEXT, FieldKind.CODE, FieldKind.CHOICE, FieldKind.YES_NO),
        "choices": ["true", "false"] if spec.kind is FieldKind.YES_NO else spec.choices,
        "formats": forms.DATE_FORMATS,
        "format": formats[0] if is_listed else "other" if formats else "",
        "other_format": "" if is_listed else ", ".join(formats),
        "numbers": forms.NUMBERS,
        "number": table.get("number", ""),
        "units": forms.UNITS,
        "unit": table.get("unit", "yuan"),
        "map": "\n".join(f"{key} = {value}" for key, value in table.get("map", {}).items()),
        "nulls": ", ".join(table.get("null_values", [])),
        "default": table.get("default", ""),
        "optional": bool(table.get("optional")),
    }
