"""Statistics, bulletin, iceberg, rectifications, responsibility register, institutional documents, disclosure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of
from anxin.service.complaints import data, forms, services, tasks
from anxin.service.complaints.data import Refused
from anxin.service.complaints.pages.edge import (
    BOTH,
    POST,
    complaints_page,
    crumbs,
    language,
    put,
    said,
    staff,
    units,
    words,
)
from anxin.service.complaints.queries import assessment, bulletin, governing, reports
from anxin.service.complaints.queries.reports import ReportFilter
from anxin.service.complaints.rules import compensation
from anxin.service.complaints.services import exporting, tallying

BY = {
    "year": _("Year"), "line": _("Line of business"), "cause": _("Cause of the complaint"),
    "detail_cause": _("Detailed cause"),
    "respondent": _("Respondent"), "outcome": _("Outcome"), "validity": _("Validity"), "channel": _("Intake channel"),
    "unit": _("Unit"), "product": _("Product"), "quarter": _("Quarter"), "month": _("Month"),
    "severity": _("Severity"), "situation": _("Kind of dispute"), "nature": _("Nature"),
    "sales_channel": _("Sales channel"), "capacity": _("Capacity of the complainant"),
    "words": _("Cause in the words of the source"), "rater": _("Dimension of service (RATER)"),
    "source": _("Source register"),
}  # fmt: skip


@complaints_page("complaints.report")
def statistics_page(request: HttpRequest) -> HttpResponse:
    actor, by = actor_of(request), request.GET.get("by", "year")
    if by not in BY:
        raise Http404
    wanted = wanted_of(request.GET)
    tallying.refresh(most=tallying.FEW)
    lines = reports.report(actor, wanted, by=by, language=language(), today=clock.today())
    told = [(label_of(by, row), row) for row in lines]
    top = told[-24:] if by in reports.TIMES else told[:20]
    chart = {
        "categories": [label for label, _row in top],
        "series": [
            {"name": gettext("Closed complaints"), "data": [row.closed for _label, row in top], "color": "c1"},
            {"name": gettext("Well-founded"), "data": [row.confirmed for _label, row in top], "color": "c3"},
        ],
        "horizontal": by not in reports.TIMES, "digits": 0,
    }  # fmt: skip
    known = words()
    context = {
        "by": by, "choices": BY.items(), "wanted": wanted, "rows": told, "total": reports.total(actor, wanted),
        "sources": [(one, one or gettext("Registered here")) for one in reports.sources(actor)], "chart": chart,
        "lines": known["lines"].items(), "causes": known["causes"].items(), "source": wanted.source,
        "has_source": wanted.source is not None, "nav": "complaint-statistics",
        "outcomes": [(code, gettext(word)) for code, word in data.OUTCOMES.items() if code],
        "confirmed": request.GET.get("confirmed", ""), "months": range(1, 13), "year_quarters": range(1, 5),
        "is_amount": by in reports.HEAD or by == "respondent",
        "is_days": by in reports.HEAD,
    }  # fmt: skip
    return render(request, "complaints/statistics.html", context)


def wanted_of(told: Mapping[str, str]) -> ReportFilter:
    """The filter an address says; what cannot be read is left out."""
    confirmed = told.get("confirmed", "")
    return ReportFilter(
        year_from=_year(told.get("from", "")), year_to=_year(told.get("to", "")),
        source=told["source"][:40] if "source" in told and told["source"] != "*" else None,
        quarter=_number(told.get("quarter", ""), 4), month=_number(told.get("month", ""), 12),
        line=told.get("line", "")[:24], cause=told.get("cause", "")[:24],
        respondent=told.get("respondent", "")[:120], outcome=told.get("outcome", "")[:16],
        is_confirmed={"yes": True, "no": False}.get(confirmed),
    )  # fmt: skip


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= most else None


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200 else None


def label_of(by: str, row: data.ReportRow) -> str:
    """The words of a line of a report."""
    if by == "source" and not row.key:
        return gettext("Registered here")
    return row.label or "—"


@complaints_page("complaints.report", methods=POST)
def export_page(request: HttpRequest) -> HttpResponse:
    """The report as a file, as a job."""
    by = request.POST.get("by", "year")
    if by not in BY:
        raise Http404
    exporting.start_export(
        actor=actor_of(request), now=clock.now(), wanted=wanted_of(request.POST.dict()), by=by, language=language(),
        task=tasks.export,
    )  # fmt: skip
    return redirect("jobs:list")


@complaints_page("complaints.report", methods=BOTH)
def bulletin_page(request: HttpRequest) -> HttpResponse:
    """A quarter in the layout of the regulators; volumes are entered here."""
    actor, today = actor_of(request), clock.today()
    may_enter = actor.may("complaints.govern")
    offered = units(actor, "complaints.report")
    form = forms.VolumeForm(
        request.POST if request.method == "POST" else None, units=offered,
        initial={"year": today.year, "quarter": (today.month - 1) // 3 + 1},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = services.enter_volume(actor=actor, now=clock.now(), **form.facts_told())
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect(f"{request.path}?year={made.year}&quarter={made.quarter}")
    levels = bulletin.levels_of(actor)
    year, number, level = _period(request, today, levels)
    basis = request.GET.get("basis", "")
    if not bulletin.is_counted(actor, year=year, quarter=number):
        # Nobody counted this quarter yet: counted once here, every night after.
        services.count_volumes(now=clock.now(), year=year, quarter=number)
    told = bulletin.bulletin(
        actor, year=year, quarter=number, language=language(), today=today, level=level,
        basis=basis if basis in bulletin.BASES else bulletin.BASES[0],
    )  # fmt: skip
    context = {
        "told": told,
        "ratios": [
            {"label": label, "unit": unit, "median": getattr(told.median, code),
             "rows": [(line.name, getattr(line.ratios, code)) for line in told.rankings[code]]}
            for code, label, unit in (
                ("per_premium", gettext("Per 100 million yuan of premium"), gettext("complaints per 100 m yuan")),
                ("per_policies", gettext("Per 10,000 policies"), gettext("complaints per 10,000 policies")),
                ("per_insured", gettext("Per 10,000 insured"), gettext("complaints per 10,000 insured")),
            )
        ],
        "quarters": bulletin.quarters(today), "form": form, "may_enter": may_enter, "nav": "complaint-statistics",
        "level": level, "levels": _levels(levels), "basis": basis or bulletin.BASES[0],
        "bases": [("in_force", gettext("In force at the end")), ("signed", gettext("Signed within the quarter"))],
        "crumbs": crumbs(gettext("Bulletin")),
    }  # fmt: skip
    return render(request, "complaints/bulletin.html", context, status=422 if form.errors else 200)


def _period(request: HttpRequest, today: date, levels: Sequence[str]) -> tuple[int, int, str]:
    """(year, quarter, level of units) an address says; what cannot be read is the running quarter, and the highest of
    `levels`, those within reach."""
    year = _year(request.GET.get("year", "")) or today.year
    quarter = _number(request.GET.get("quarter", ""), 4) or (today.month - 1) // 3 + 1
    level = request.GET.get("level", "")
    return year, quarter, level if level in levels else levels[0]


def _levels(levels: Sequence[str]) -> list[tuple[str, str]]:
    words = {
        "province": gettext("Branches"),
        "city": gettext("Central sub-branches"),
        "county": gettext("Sub-branches"),
    }
    return [(code, words[code]) for code in levels]


@complaints_page("complaints.report")
def assessment_page(request: HttpRequest) -> HttpResponse:
    """Units by quality, efficiency and effect of their complaint work."""
    actor, today = actor_of(request), clock.today()
    levels = bulletin.levels_of(actor)
    year, quarter, level = _period(request, today, levels)
    rows, scheme, is_cut = assessment.assess(
        actor, year=year, quarter=quarter, level=level, today=today
    )  # fmt: skip
    heads = [
        (gettext(compensation.DIMENSION_WORDS[code]), [(gettext(compensation.FIGURE_WORDS[one]), scheme.content[one])
                                                       for one in names])
        for code, names in compensation.DIMENSIONS.items()
    ]  # fmt: skip
    shown = [
        (row, [(row.scores[code], [row.figures[one] for one in names]) for code, names in
               compensation.DIMENSIONS.items()])
        for row in rows
    ]  # fmt: skip
    context = {
        "rows": shown, "heads": heads, "scheme": scheme, "is_cut": is_cut, "year": year, "quarter": quarter,
        "level": level, "levels": _levels(levels), "quarters": bulletin.quarters(today), "nav": "complaint-statistics",
        "crumbs": crumbs(gettext("Assessment of units")),
    }  # fmt: skip
    return render(request, "complaints/assessment.html", context)


@complaints_page("complaints.report")
def iceberg_page(request: HttpRequest) -> HttpResponse:
    estimate, scheme = governing.iceberg(actor_of(request), today=clock.today())
    from anxin.service.complaints.rules import terms

    context = {
        "told": estimate, "scheme": scheme, "nav": "complaint-statistics",
        "parameters": [(gettext(one.label), scheme.content[one.code], str(one.kind)) for one in terms.ICEBERG_FIELDS],
        "crumbs": crumbs(gettext("Silent dissatisfaction")),
    }  # fmt: skip
    return render(request, "complaints/iceberg.html", context)


@complaints_page("complaints.view", methods=BOTH)
def rectifications_page(request: HttpRequest) -> HttpResponse:
    """What is mended at its root; a new one."""
    actor, now = actor_of(request), clock.now()
    may_open = actor.may("complaints.review")
    form = forms.RectificationForm(
        request.POST if request.method == "POST" else None, staff=staff(actor, "complaints.review") if may_open else [],
        initial={"refs": request.GET.get("of", "")[:500], "title": request.GET.get("title", "")[:120]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            services.open_rectification(actor=actor, now=now, **{**told, "refs": told["refs"].split()})
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("complaints:rectifications")
    rows = governing.list_rectifications(actor).order_by("due_date", "id")[:200]
    known = words()
    context = {
        "signals": [(known["causes"].get(one.cause, ""), known["details"].get(one.detail_cause, one.detail_cause), one)
                    for one in (governing.signals(actor, now=now) if may_open else ())],
        "rows": [(known["causes"].get(row.cause, ""), row) for row in rows], "form": form, "may_open": may_open,
        "me": actor.user_id, "today": clock.today(), "nav": "complaints",
        "crumbs": crumbs(gettext("Rectification at the root")),
    }  # fmt: skip
    return render(request, "complaints/rectifications.html", context, status=422 if form.errors else 200)


@complaints_page("complaints.view", methods=POST)
def rectify_page(request: HttpRequest, rectification_id: UUID) -> HttpResponse:
    """The owner finishes, another person verifies."""
    actor, now, text = actor_of(request), clock.now(), request.POST.get("text", "")[:4000]
    version = request.POST.get("version", "")
    if not version.isdigit():
        raise Http404
    try:
        if request.POST.get("do") == "finish":
            services.finish_rectification(
                actor=actor, now=now, rectification_id=rectification_id, version=int(version), result=text
            )
        else:
            services.verify_rectification(
                actor=actor, now=now, rectification_id=rectification_id, version=int(version), note=text,
                is_good=request.POST.get("do") == "verify",
            )  # fmt: skip
    except Refused as error:
        messages.error(request, gettext(str(error)))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("complaints:rectifications")


@complaints_page("complaints.report")
def responsibilities_page(request: HttpRequest) -> HttpResponse:
    rows = governing.list_responsibilities(actor_of(request)).order_by("-found_at", "-id")[:200]
    context = {
        "rows": [(said(data.DEGREES, row.degree), said(data.PENALTIES, row.penalty), row) for row in rows],
        "nav": "complaint-statistics", "crumbs": crumbs(gettext("Responsibility register")),
    }  # fmt: skip
    return render(request, "complaints/responsibilities.html", context)


@complaints_page("complaints.view", methods=BOTH)
def regulations_page(request: HttpRequest) -> HttpResponse:
    """The six institutional documents with their versions."""
    actor = actor_of(request)
    may_enter = actor.may("complaints.govern")
    form = forms.RegulationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_regulation(actor=actor, now=clock.now(), **form.cleaned_data)
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("complaints:regulations")
    kept: dict[str, list[Any]] = {kind: [] for kind in data.REGULATION_KINDS}
    for row in governing.list_regulations(actor):
        kept.setdefault(row.kind, []).append(row)
    context = {
        "kinds": [(gettext(word), kept[kind]) for kind, word in data.REGULATION_KINDS.items()], "form": form,
        "may_enter": may_enter, "today": clock.today(), "nav": "complaints",
        "crumbs": crumbs(gettext("Institutional documents")),
    }  # fmt: skip
    return render(request, "complaints/regulations.html", context, status=422 if form.errors else 200)


@complaints_page("complaints.report")
def disclosure_page(request: HttpRequest) -> HttpResponse:
    """The yearly disclosure: what Article 26 has an insurer publish, ready to be printed."""
    actor, today = actor_of(request), clock.today()
    year = _year(request.GET.get("year", "")) or today.year
    wanted = ReportFilter(year_from=year, year_to=year, source="")

    def of(by: str) -> list[tuple[str, data.ReportRow]]:
        rows = reports.report(actor, wanted, by=by, language=language(), today=today)
        return [(label_of(by, row), row) for row in rows][:20]

    context = {
        "year": year, "total": reports.total(actor, wanted), "facts": governing.year_of(actor, year),
        "before": reports.total(actor, ReportFilter(year_from=year - 1, year_to=year - 1, source="")),
        "causes": of("cause"), "lines": of("line"),
        "units": of("unit"), "outcomes": of("outcome"), "nav": "complaint-statistics",
        "years": range(today.year, today.year - 5, -1),
        "crumbs": crumbs(gettext("Annual disclosure")),
    }  # fmt: skip
    return render(request, "complaints/disclosure.html", context)
